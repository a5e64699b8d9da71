"""Exports and imports do no harm: no recorded text becomes a header, records may have any size, and truncated ones are
marked.
"""

from __future__ import annotations

import asyncio
import errno
import io
import os
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.ask.visits import Visit
from scraper.archive.file import lookup
from scraper.archive.file.connection import open_archive
from scraper.errors import ExchangeError
from scraper.exchange import csvrow, shards
from scraper.exchange.ahead import MAX_WAITING, AheadReaders, ReadStep, in_order
from scraper.exchange.forms.html import file_name
from scraper.exchange.htmlimport import import_html
from scraper.exchange.httpmessage import parse_headers
from scraper.exchange.savedpage import page_of_mhtml
from scraper.exchange.shards import WarcShard, _done_before, _put, import_shard
from scraper.exchange.taken import ImportOutcome, Refused
from scraper.exchange.taking import ImportOptions
from scraper.exchange.warcrecord import of_first_visit, of_later_visit
from scraper.exchange.work import Growing, Work, refuse_existing
from scraper.fixtures import capture_facts
from scraper.records import Capture, Redirect, RobotsFile
from tests.exchange.conftest import PLAIN, page, plain_capture
from tests.exchange.made import BODY, URL, Counting, answer, chunked, record, sha1, taken, warc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("fastwarc")
from scraper.exchange import warcimport
from scraper.exchange.warccapture import capture_from, ours
from scraper.exchange.warcimport import fingerprint_of, import_warc
from scraper.exchange.warclenient import (
    _FREE,
    MAX_BLOCK,
    Broken,
    LenientReader,
    PassedOver,
    RawRecord,
    fields_of,
    length_of,
)
from scraper.exchange.warcpackage import open_file, opened, warc_files
from scraper.exchange.warcread import records

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
VISIT = Visit(fetch_id=1, capture_id=1, url=URL, kind="article", at="2026-03-01T12:00:00Z", reason="ok", is_first=True)


def test_no_text_of_a_server_makes_a_header_of_its_own() -> None:
    evil = "x\r\nSet-Cookie: a=1\r\n\r\n<script>"
    hop = Redirect(url=URL, status=302, location=f"https://koran-contoh.id/{evil}")
    capture = replace(plain_capture(1), redirects=(hop,), headers=(("x-a", evil), (f"x-{evil}", "b")), truncated=evil)
    for each in of_first_visit(VISIT, capture, None):
        for name, value in (*each.http_headers, *each.fields):
            assert "\n" not in name + value
            assert "\r" not in name + value
    later = of_later_visit(replace(VISIT, etag=evil), capture)
    assert not any("\n" in value for _, value in later.http_headers)


def test_an_export_says_of_itself_what_is_not_whole_and_what_was_not_sent() -> None:
    hop = Redirect(url=URL, status=302, location=f"{URL}/2")
    made = list(of_first_visit(VISIT, replace(plain_capture(1), redirects=(hop,), truncated="length"), None))
    assert dict(made[0].fields)["WARC-Truncated"] == "unspecified"
    assert dict(made[1].fields)["WARC-Truncated"] == "length"
    names = [name.lower() for name, _ in made[1].http_headers]
    assert "content-encoding" not in names
    assert "x-archive-orig-content-encoding" in names
    profiles = [
        dict(of_later_visit(replace(VISIT, is_304=each), plain_capture(1)).fields)["WARC-Profile"]
        for each in (True, False)
    ]
    assert [each.rpartition("/")[2] for each in profiles] == ["server-not-modified", "identical-payload-digest"]


def read(data: bytes) -> list[Any]:
    """What both readers find, which must be the same."""
    lenient = list(LenientReader(io.BytesIO(data), lambda _url: True).read(0))
    assert list(records(io.BytesIO(data), start=0, is_wanted=lambda _url: True)) == lenient
    return lenient


def raw(http: bytes, **fields: Any) -> RawRecord:
    [found] = read(record(URL, http, **fields))
    assert isinstance(found, RawRecord)
    return found


def test_records_of_any_size() -> None:
    """A page of a megabyte is read; what is larger than any page is known by its head, and the next record is found."""
    large = answer(b"<p>kata</p>" * 100_000)
    assert raw(large).block == large
    huge = record(URL, answer(bytes(MAX_BLOCK)), number=2)
    found = read(huge + record(URL, answer(BODY), number=3))
    assert [(each.record_id[-2], each.block is None) for each in found] == [("2", True), ("3", False)]


def test_absurd_lengths_are_none_and_a_stretch_that_is_none_is_named_once() -> None:
    good = record(URL, answer(BODY))
    length = f"Content-Length: {len(answer(BODY))}".encode()
    found = read(good.replace(length, b"Content-Length: " + b"9" * 4_000) + good)
    assert [type(each) for each in found] == [RawRecord, RawRecord]
    found = read(good + b"sampah\r\n\r\nsampah lagi\r\n" * 5 + good)
    assert [type(each).__name__ for each in found] == ["RawRecord", "Broken", "RawRecord"]
    twice = good.replace(length, length + b"\r\nContent-Length: 12")
    assert read(twice)[0].block == answer(BODY)
    told = answer(BODY, f"Content-Length: {len(BODY)}")
    without = record(URL, told + b"sampah").replace(f"Content-Length: {len(told) + 6}\r\n".encode(), b"")
    assert read(without + good)[0].block == told, "what stands behind a message is not part of it"


def test_a_length_that_swallows_the_next_record_whole_hides_nothing() -> None:
    """To a library that goes by lengths the file is in order: two records, the second one in the first."""
    one, two, three = (record(f"{URL}/{number}", answer(page(number)), number=number) for number in (1, 2, 3))
    length = len(answer(page(1)))
    longer = one.replace(
        b"\r\nContent-Length: %d\r\n\r\nHTTP" % length, b"\r\nContent-Length: %d\r\n\r\nHTTP" % (length + len(two))
    )
    found = read(longer + two + three)
    assert [each.block for each in found] == [answer(page(number)) for number in (1, 2, 3)]


def test_members_that_break_cost_what_the_file_is_long() -> None:
    """A packed member begins at every fifteenth byte, and each is good for 65,535 bytes before it breaks."""
    data = (b"\x1f\x8b\x08" + bytes(6) + b"\xff" + b"\0\xff\xff\0\0") * 20_000
    file = Counting(data)
    [broken] = records(file, start=0, is_wanted=lambda _url: True)
    assert isinstance(broken, Broken)
    assert file.read_bytes < _FREE + 100 * len(data), "which would be four thousand times"


def outcome(http: bytes, *, request: bytes | None = None, about: Any = None, **fields: Any) -> Capture | ImportOutcome:
    asked = raw(request, kind="request") if request else None
    try:
        return capture_from(raw(http, **fields), asked, about or {})
    except Refused as error:
        return error.outcome


@pytest.mark.parametrize(
    ("status", "want"),
    [
        ("301 Moved", ImportOutcome.REDIRECT),
        ("206 Part", ImportOutcome.ERROR_STATUS),
        ("404 No", ImportOutcome.ERROR_STATUS),
        ("203 Ok", None),
    ],
)
def test_only_a_whole_page_is_one(status: str, want: ImportOutcome | None) -> None:
    found = outcome(answer(BODY, status=status))
    assert found == want if want else isinstance(found, Capture)


def test_what_an_export_says_of_a_record_is_checked() -> None:
    whole = {"capture": capture_facts(plain_capture(1))}
    assert ours(whole | {"kind": "article", "found_on": URL}, b"x").url == plain_capture(1).url
    for wrong in ({"kind": "gambar"}, {"kind": 7}, {"found_on": 7}, {"capture": {"url": 1}}):
        with pytest.raises(Refused, match="its description"):
            ours(whole | wrong, b"x")


def test_an_answer_for_robots_txt_that_no_server_gives_is_none() -> None:
    robots = RobotsFile(origin="https://koran-contoh.id", fetched_at=AT, status=200, verdict="rules")
    warcimport._check_robots(robots)
    wrong: tuple[dict[str, Any], ...] = ({"verdict": "allow"}, {"status": 1_000}, {"status": "200"}, {"origin": 7})
    for each in wrong:
        with pytest.raises((TypeError, ValueError)):
            warcimport._check_robots(replace(robots, **each))


def test_what_is_cut_is_truncated() -> None:
    whole = chunked(BODY)
    cut = [whole, whole[:-5], whole[: len(whole) // 2]]
    said = [outcome(answer(each, "Transfer-Encoding: chunked")) for each in cut]
    assert [each.truncated for each in said if isinstance(each, Capture)] == [None, "disconnect", "disconnect"]
    half = BODY[: len(BODY) // 2]
    short = outcome(answer(half, f"Content-Length: {len(BODY)}"))
    assert isinstance(short, Capture)
    assert short.truncated == "disconnect"
    lied = outcome(answer(BODY, f"Content-Length: {len(BODY) + 900}"))
    assert isinstance(lied, Capture)
    assert lied.truncated is None, "it ends as a page does"


def test_who_asked_is_nobodys_business_and_a_form_is_no_page() -> None:
    asked = b"GET / HTTP/1.1\r\nCookie: a=1\r\nAuthorization: b\r\nAccept: c\r\n\r\n"
    found = outcome(answer(BODY, "Set-Cookie: sid=1"), request=asked)
    assert isinstance(found, Capture)
    assert dict(found.request_headers)["accept"] == "c"
    told = [
        value
        for name, value in (*found.headers, *found.request_headers)
        if name in ("cookie", "authorization", "set-cookie")
    ]
    assert not {"a=1", "b", "sid=1"} & set(told), "whose they are is nobody's business"
    assert outcome(answer(BODY), request=b"POST / HTTP/1.1\r\n\r\n") == ImportOutcome.OTHER_METHOD


def given(name: str, value: str) -> dict[str, Any]:
    return {name: value}


def test_digests_are_compared_and_walls_known() -> None:
    http = answer(BODY)
    for name, good in (("WARC_Block_Digest", http), ("WARC_Payload_Digest", BODY)):
        assert isinstance(outcome(http, **given(name, sha1(good))), Capture)
        assert outcome(http, **given(name, sha1(b"x"))) == ImportOutcome.BAD_DIGEST
    assert outcome(answer(b"<p>x</p>", "cf-mitigated: challenge")) == ImportOutcome.BLOCKED
    about = {"capture": {}, "kind": "rahasia"}
    assert outcome(http, about=about) == ImportOutcome.BAD_RECORD


def test_two_files_that_differ_near_their_ends_are_two(tmp_path: Path) -> None:
    one, two = tmp_path / "1", tmp_path / "2"
    one.write_bytes(bytes(5_000) + b"a" + bytes(5_000))
    two.write_bytes(bytes(5_000) + b"b" + bytes(5_000))
    assert fingerprint_of(one) != fingerprint_of(two)


def test_what_lies_about_itself_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipa.warc")
    with pytest.raises(Refused, match="not a regular file"):
        open_file(tmp_path / "pipa.warc")
    listing = tmp_path / "daftar.json"
    listing.write_text('{"resources": [{"path": "../x.wacz"}, {"path": "y.wacz"}]}')
    inside, outside = warc_files(listing)
    assert ([each.name for each in inside], [each.name for each in outside]) == (["y.wacz"], ["x.wacz"])
    packed = tmp_path / "a.wacz"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("archive/a.warc", b"WARC/1.0\r\n")
    data = bytearray(packed.read_bytes())
    at = data.index(b"PK\x01\x02")
    for place, size, value in ((at + 24, 4, (1 << 32) - 2), (at + 8, 2, 1)):
        changed = bytearray(data)
        changed[place : place + size] = value.to_bytes(size, "little")
        packed.write_bytes(changed)
        with packed.open("rb") as file, opened(file) as members:
            [(_, refusal)] = list(members)
            assert isinstance(refusal, Refused)
            assert "cannot hold" in str(refusal) or "encrypted" in str(refusal), str(refusal)
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as made:
        made.writestr("archive/a.warc", b"WARC/1.0\r\n")
    data = bytearray(packed.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    packed.write_bytes(data)
    with packed.open("rb") as file, opened(file) as members:
        [(_, refusal)] = list(members)
        assert str(refusal) == "is encrypted", "what is only stored would be read as if it were not"


def test_an_import_that_is_killed_between_a_request_and_its_answer_goes_back_to_the_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = [record(f"{URL}/1", answer(page(1)))]
    for kind, http in (("request", b"GET / HTTP/1.1\r\nAccept: text/html\r\n\r\n"), ("response", answer(page(2)))):
        parts.append(record(f"{URL}/2", http, kind=kind, at="2026-03-01T13:00:00Z"))
    file, db = warc(tmp_path / "a.warc", *parts, is_packed=False), tmp_path / "a.db"
    take = warcimport._take_capture

    async def dies(taker: Any, capture: Capture, *rest: Any) -> None:
        if capture.url.endswith("/2"):
            raise OSError(errno.ENOSPC, "no space left on device")
        await take(taker, capture, *rest)

    monkeypatch.setattr(warcimport, "_take_capture", dies)
    with pytest.raises(OSError, match="no space"):
        taken(db, import_warc, file)
    monkeypatch.undo()
    assert taken(db, import_warc, file)[0] == {ImportOutcome.KEPT: 1}
    with open_archive(db) as kept:
        [_, second] = lookup.captures(kept)
    assert dict(second.capture.request_headers) == {"accept": "text/html"}


def test_not_all_of_a_file_waits_behind_one_page_that_is_still_being_read() -> None:
    done = given = most = 0

    async def do() -> None:
        nonlocal done
        done += 1

    def steps() -> Iterator[ReadStep]:
        nonlocal given, most
        yield ReadStep(do=do, capture=plain_capture(1))
        for _ in range(4 * MAX_WAITING):  # records that are only passed over
            given += 1
            most = max(most, given - done)
            yield ReadStep(do=do)

    async def run() -> None:
        async with AheadReaders(3) as readers:
            await in_order(readers, steps())

    asyncio.run(run())
    assert (done, most) == (4 * MAX_WAITING + 1, MAX_WAITING)


def test_a_folder_that_has_grown_is_read_again_and_a_file_that_was_read_is_not(tmp_path: Path) -> None:
    folder, db = tmp_path / "simpanan", tmp_path / "a.db"
    folder.mkdir()
    for number in (1, 2):
        named = f"<!-- saved from url=(0044){PLAIN.format(number=number)} -->".encode()
        (folder / f"{number}.html").write_bytes(named + page(number))
        counts, _ = taken(db, import_html, folder)
        assert counts[ImportOutcome.KEPT] == 1
    file = warc(tmp_path / "a.warc", record(f"{URL}/9", answer(page(9))))
    assert [taken(db, import_warc, file)[0][ImportOutcome.KEPT] for _ in range(2)] == [1, 0]


def test_a_host_that_ends_alike_is_another_one() -> None:
    options = ImportOptions(paths=(), version="0", hosts=("koran.id",))
    assert [options.wants(f"https://{host}/") for host in ("koran.id", "www.koran.id", "bukankoran.id")] == [
        True,
        True,
        False,
    ]


def test_a_cut_shard_is_made_again(tmp_path: Path) -> None:
    noted, made = tmp_path / "a.json", tmp_path / "a.db"
    made.write_bytes(b"12345")
    noted.write_text('{"identity": {"a": 1}, "counts": {}, "problems": [], "outputs": [{"path": "a.db", "bytes": 5}]}')
    assert _done_before(tmp_path, noted, {"a": 1}) == {"problems": 0}
    assert _done_before(tmp_path, noted, {"a": 2}) is None
    made.write_bytes(b"123")
    assert _done_before(tmp_path, noted, {"a": 1}) is None


def test_a_shard_is_read_again_once_the_rules_have_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = warc(tmp_path / "a.warc", record(URL, answer(BODY)))
    shard = WarcShard(source=source, target=tmp_path / "made", hosts=(), forms=("archive",), version="0", arguments="", sites=(), min_free_bytes=0)  # fmt: skip
    read = [import_shard(shard).get("", 0) for _ in range(2)]
    monkeypatch.setattr(shards, "rules_digest", lambda: "other rules")
    assert [*read, import_shard(shard).get("", 0)] == [0, 1, 0]


def test_a_shard_that_cannot_be_put_in_its_place_leaves_nothing_half_done(tmp_path: Path) -> None:
    made, target = tmp_path / "made.db", tmp_path / "target"
    made.write_bytes(b"12345")
    (target / "a.db" / "foto").mkdir(parents=True)
    with pytest.raises(OSError, match=r"a\.db"):
        _put(made, target, "a.db")
    assert [each.name for each in target.iterdir()] == ["a.db"]
    assert _put(made, target, "b.db")["bytes"] == 5
    assert sorted(each.name for each in target.iterdir()) == ["a.db", "b.db"]


def test_an_export_goes_on_where_it_was_sure_to_be(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"sure and not")
    with Growing(path, 4) as file:
        file.file.write(b"!")
    assert path.read_bytes() == b"sure!"
    Work(tmp_path / "e.csv", {"format": "csv"}).save(last=7)
    assert Work(tmp_path / "e.csv", {"format": "csv"}).state == {"last": 7}
    assert Work(tmp_path / "e.csv", {"format": "jsonl"}).state == {}


def test_replacing_takes_no_archive_and_no_strange_folder_away(tmp_path: Path) -> None:
    with open_archive(tmp_path / "a.db", mode="crawl", min_free_bytes=0) as db:
        from tests.archive.made import article, save  # noqa: PLC0415

        save(db, article())
    (tmp_path / "foto").mkdir()
    (tmp_path / "foto" / "a.jpg").write_bytes(b"x")
    for name in ("a.db", "foto"):
        with pytest.raises(ExchangeError):
            refuse_existing(tmp_path / name, replace=True)


@pytest.mark.parametrize("cell", ["=1", " =1", "\t+1", "＠x", "＝1", "-2", "@a"])
def test_no_cell_is_a_formula(cell: str) -> None:
    safe = csvrow.safe(cell)
    assert safe.startswith("'")
    assert safe.replace("'", "") == cell


def test_each_capture_has_a_file_of_its_own_and_unwanted_records_are_passed_over() -> None:
    assert len({file_name(number, None) for number in range(3_000)}) == 3_000
    data = record(URL, answer(page(1))) + record(f"{URL}/3", answer(page(3)), number=3)
    found = list(records(io.BytesIO(data), start=0, is_wanted=lambda url: url.endswith("/3")))
    assert [type(each) for each in found] == [PassedOver, RawRecord]


def test_two_lengths_are_none_and_one_that_is_said_twice_is_one() -> None:
    for lengths, found in ((("5",), 5), (("5", "5"), 5), (("5", "7"), None), (("5", "7", "5"), None), ((), None)):
        head = "".join(f"\r\nContent-Length: {length}" for length in lengths)
        assert length_of(fields_of(f"WARC/1.0{head}")) == found, lengths


def test_of_a_head_a_thousand_lines_are_read_and_of_a_saved_page_two_thousand_parts() -> None:
    head = "".join(f"X-{number}: a\r\n" for number in range(1_500))
    assert len(parse_headers(f"HTTP/1.1 200 OK\r\n{head}".encode())) == 1_000
    for parts, is_page in ((1_000, True), (2_000, False)):
        plain = "--b\r\nContent-Type: text/plain\r\n\r\n\r\n" * parts
        page_part = "--b\r\nContent-Type: text/html\r\n\r\n<p>satu</p>\r\n--b--\r\n"
        data = f"Content-Type: multipart/related; boundary=b\r\n\r\n{plain}{page_part}".encode()
        assert (page_of_mhtml(data) is not None) is is_page
