"""Malformed WARC files: whatever is readable is read, the rest is named, and nothing aborts an import."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.file import lookup
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import verify
from scraper.cli import cli
from scraper.exchange.httpmessage import digest_key, parse_headers
from scraper.exchange.taken import ImportOutcome
from scraper.exchange.warclenient import LenientReader, RawRecord, fields_of
from tests.exchange.conftest import PLAIN, page
from tests.exchange.made import BODY, URL, Counting, answer, articles, chunked, record, sha1, taken, warc

if TYPE_CHECKING:
    from collections.abc import Callable

pytest.importorskip("fastwarc")
from benchmarks.odd_warc import ODD, rec, told
from benchmarks.warc import fuzz
from scraper.exchange.warccapture import warc_moment
from scraper.exchange.warcimport import import_warc
from scraper.exchange.warcread import records

SAME = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
COPY = "https://koran-contoh.id/cetak/1"


@pytest.mark.parametrize("name", ODD)
def test_odd_files_are_read_as_far_as_they_can_be(name: str) -> None:
    data, want = ODD[name]
    assert told(data) == want
    lenient = [
        each for each in LenientReader(io.BytesIO(data), lambda _url: True).read(0) if isinstance(each, RawRecord)
    ]
    both = [
        each for each in records(io.BytesIO(data), start=0, is_wanted=lambda _url: True) if isinstance(each, RawRecord)
    ]
    assert lenient == both, "the library and our reader agree"
    unwanted = records(io.BytesIO(data), start=0, is_wanted=lambda url: url.endswith("/3"))
    assert [each.url[-1] for each in unwanted if isinstance(each, RawRecord)] == ["3"] * ("3" in want)


@given(st.lists(st.sampled_from(sorted(ODD)), min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_reading_can_begin_again_at_every_record(names: list[str], chance: Any) -> None:
    data = b"".join(ODD[name][0] for name in names)
    found = [
        each for each in records(io.BytesIO(data), start=0, is_wanted=lambda _url: True) if isinstance(each, RawRecord)
    ]
    if found:
        at = chance.randrange(len(found))
        first = min(number for number, each in enumerate(found) if each.offset == found[at].offset)
        again = records(io.BytesIO(data), start=found[at].offset, is_wanted=lambda _url: True)
        read = [each for each in again if isinstance(each, RawRecord)]
        assert [each.block for each in read[: len(found) - first]] == [each.block for each in found[first:]]


@given(st.lists(st.sampled_from([b"WARC/1.0\r\n", b"WARC/1.0\nA: 1\r\n", b"\x1f\x8b\x08\0", b"\r\n\r\n", b"Content-Length: 9\r\n",
       b"WARC-Type: response\r\n", b"(\xb5/\xfd", b"x", b"HTTP/1.1 200 OK\r\n", gzip.compress(b"WARC/1.0\r\nWARC-Type: x\r\n\r\n")]), max_size=60))  # fmt: skip
def test_no_bytes_end_the_reading(parts: list[bytes]) -> None:
    list(records(io.BytesIO(b"".join(parts)), start=0, is_wanted=lambda _url: True))


@pytest.mark.parametrize(
    "piece",
    [b"WARC/1.0\r\n", b"WARC/1.0\r\nA: 1\r\n", b"WARC/1.0\r\nWARC-Type: x\r\n\r\n", b"WARC/1.0 ", b"\x1f\x8b\x08\0", b"PK\x03\x04", gzip.compress(b"", mtime=0)],
)  # fmt: skip
def test_broken_heads_cost_what_they_are_long(piece: bytes) -> None:
    """Measured in bytes read, not in time: four times as much costs about four times as much."""
    costs = []
    for size in (50_000, 200_000):
        file = Counting(piece * (size // len(piece)))
        list(records(file, start=0, is_wanted=lambda _url: True))
        costs.append(file.read_bytes)
    assert costs[1] < 6 * costs[0]


def test_long_heads_cost_what_they_are_long() -> None:
    folded = b"X: 1\r\n" + b" y\r\n" * 60_000
    (name, value), *_ = parse_headers(b"HTTP/1.1 200 OK\r\n" + folded)
    assert (name, len(value)) == ("X", 120_001)
    assert len(fields_of("WARC/1.0\r\n" + folded.decode())["x"]) == 120_001


def test_mutated_records_end_no_import_and_hide_no_whole_one() -> None:
    counts = fuzz(120, seed=16, batch=60)
    assert counts[ImportOutcome.KEPT] + counts[ImportOutcome.ASIDE] >= 30
    assert not counts[ImportOutcome.BUG]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026", "2026-01-01T00:00:00"), ("2026-03", "2026-03-01T00:00:00"), ("2026-03-09", "2026-03-09T00:00:00"),
        ("2026-03-09T08:15Z", "2026-03-09T08:15:00"), ("2026-03-09T08:15:30.123456789Z", "2026-03-09T08:15:30"),
        ("20260309081530", "2026-03-09T08:15:30"), ("2026-03-09t08:15:30z ", "2026-03-09T08:15:30"), ("2026-03-09T08:15:30+07:00", "2026-03-09T01:15:30"),
        ("2026-13-09", None), ("", None), ("9999", None), ("0001-01-01T00:00:00+14:00", None), ("yesterday", None), ("1" * 400, None),
    ],
)  # fmt: skip
def test_dates_may_be_shortened(text: str, moment: str | None) -> None:
    found = warc_moment(text)
    assert found == (datetime.fromisoformat(moment).replace(tzinfo=UTC) if moment else None)


def test_digests_of_every_spelling_are_the_same() -> None:
    spelled = ["sha1:RENI5TYONN7Q5GR57ZLUHISFTM626FJX", "SHA1:891a8ecf0e6b7f0e9a3dfe5743a2459b3daf1537", "RENI5TYONN7Q5GR57ZLUHISFTM626FJX", "891A8ECF0E6B7F0E9A3DFE5743A2459B3DAF1537"]  # fmt: skip
    assert len({digest_key(each) for each in spelled}) == 1
    assert digest_key("") is None
    assert digest_key("sha1:===") is None


CUT: dict[str, tuple[bytes, dict[str, Any]]] = {
    "chunks without an end": (answer(chunked(BODY).removesuffix(b"0\r\n\r\n"), "Transfer-Encoding: chunked"), {}),
    "a chunk cut short": (answer(chunked(BODY)[:-300], "Transfer-Encoding: chunked"), {}),
    "gzip cut short": (answer(gzip.compress(BODY)[:-30], "Content-Encoding: gzip"), {}),
    "shorter than it says": (answer(BODY[:-200], f"Content-Length: {len(BODY)}"), {}),
    "said to be cut": (answer(BODY[:-200]), {"WARC_Truncated": "length"}),
    "a segment": (answer(BODY[:-200]), {"WARC_Segment_Number": "1"}),
}


@pytest.mark.parametrize("name", CUT)
def test_what_is_cut_is_called_so_and_has_no_sizes_in_it(tmp_path: Path, name: str) -> None:
    http, fields = CUT[name]
    counts, problems = taken(tmp_path / "a.db", import_warc, warc(tmp_path / "x.warc.gz", record(URL, http, **fields)))
    assert (counts, problems) == ({ImportOutcome.TRUNCATED: 1}, [])
    with open_archive(tmp_path / "a.db") as db:
        (only,) = [each.capture for each in lookup.captures(db)]
    assert only.truncated in ("length", "disconnect", "unspecified")
    assert BODY.startswith(only.body)
    assert len(only.body) > len(BODY) // 2


def test_encodings_as_recorders_leave_them(tmp_path: Path) -> None:
    cut = 1024
    ways: list[Callable[[bytes], bytes]] = [
        lambda body: answer(gzip.compress(body)),  # the header was left out
        lambda body: answer(gzip.compress(gzip.compress(body)), "Content-Encoding: gzip, gzip"),
        lambda body: answer(body, "Content-Encoding: none"),
        lambda body: answer(b"\xef\xbb\xbf" + body, "Content-Encoding: br"),
        lambda body: b"\r\n" + answer(body),
        lambda body: answer(b"0000400\r\n" + body[:cut] + f"\r\n{len(body) - cut:X} \r\n".encode() + body[cut:] + b"\r\n000\r\n", "Transfer-Encoding: chunked"),
    ]  # fmt: skip
    bodies = {PLAIN.format(number=number): page(number) for number in range(len(ways))}
    parts = [record(url, way(body), number=number) for number, ((url, body), way) in enumerate(zip(bodies.items(), ways, strict=True))]  # fmt: skip
    assert taken(tmp_path / "a.db", import_warc, warc(tmp_path / "x.warc.gz", *parts)) == (
        {ImportOutcome.KEPT: len(ways)},
        [],
    )
    with open_archive(tmp_path / "a.db") as db:
        assert {each.capture.url: each.capture.body.removeprefix(b"\xef\xbb\xbf") for each in lookup.captures(db)} == bodies  # fmt: skip


def test_only_the_answer_to_get_is_the_page(tmp_path: Path) -> None:
    other = answer(page(9))
    asked = {
        kind: f"{kind} /2026 HTTP/1.1\r\nHost: koran-contoh.id\r\n\r\n".encode() for kind in ("GET", "POST", "HEAD")
    }
    parts = [
        record(URL, asked["GET"], kind="request", number=11, WARC_Concurrent_To="<urn:uuid:1>"),
        record(URL, asked["POST"], kind="request", number=12, at="2026-03-02T00:00:00Z", WARC_Concurrent_To="<urn:uuid:2>"),
        record(URL, answer(BODY), number=1),
        record(URL, other, number=2, at="2026-03-02T00:00:00Z"),
        record(URL, other, number=3, at="2026-03-03T00:00:00Z"),
        record(URL, asked["POST"], kind="request", number=13, WARC_Concurrent_To="<urn:uuid:3>"),
        record(URL, other, number=4, at="2026-03-04T00:00:00Z"),
        record(URL, asked["HEAD"], kind="request", number=14, at="2026-03-04T00:00:00Z"),
    ]  # fmt: skip
    counts, problems = taken(tmp_path / "a.db", import_warc, warc(tmp_path / "x.warc.gz", *parts))
    assert (counts, problems) == ({ImportOutcome.KEPT: 1, ImportOutcome.OTHER_METHOD: 3}, [])
    assert [each.record["headline"] for each in articles(tmp_path / "a.db")] == ["Jembatan 1 Dibuka"]


def test_pages_without_an_http_answer_are_pages_and_names_are_none(tmp_path: Path) -> None:
    parts = [
        record(URL, BODY, kind="resource", Content_Type="text/html"),
        record("https://koran-contoh.id/a.css", b"a{}", kind="resource", Content_Type="text/css"),
        record("dns:koran-contoh.id", b"20260301\nkoran-contoh.id. 300 IN A 192.0.2.1", Content_Type="text/dns"),
    ]
    counts, problems = taken(tmp_path / "a.db", import_warc, warc(tmp_path / "x.warc.gz", *parts))
    assert (counts, problems) == ({ImportOutcome.KEPT: 1, ImportOutcome.NOT_HTML: 2}, [])
    assert [each.record["headline"] for each in articles(tmp_path / "a.db")] == ["Jembatan 1 Dibuka"]


ORIGINAL = record(URL, answer(BODY), number=1, WARC_Payload_Digest=sha1(BODY))
REFERS = {
    "by its record": {"WARC_Refers_To": "<urn:uuid:1>"},
    "by its URL and time": {"WARC_Refers_To_Target_URI": f"<{URL}>", "WARC_Refers_To_Date": "2026-03-01T12:00:00Z"},
    "by its digest": {"WARC_Payload_Digest": sha1(BODY).replace("sha1:", "SHA1:")},
    "by a digest in hex": {"WARC_Payload_Digest": (digest_key(sha1(BODY)) or "")},
}


@pytest.mark.parametrize("name", REFERS)
@pytest.mark.parametrize("order", ["after", "before", "in another file", "in a later import"])
def test_revisits_find_their_original_whatever_the_order(tmp_path: Path, name: str, order: str) -> None:
    fields = {"WARC_Payload_Digest": sha1(BODY), "WARC_Profile": SAME} | REFERS[name]
    if "digest" not in name:
        del fields["WARC_Payload_Digest"]
    revisit = record(COPY, answer(b""), kind="revisit", number=2, at="2026-03-03T00:00:00Z", **fields)
    path = tmp_path / "a.db"
    both = (ORIGINAL, revisit) if order == "after" else (revisit, ORIGINAL)
    if order in ("after", "before"):
        counts, problems = taken(path, import_warc, warc(tmp_path / "x.warc.gz", *both))
    else:
        files = [warc(tmp_path / f"{number}.warc.gz", part) for number, part in enumerate(both)]
        if order == "in a later import":
            first, told_of = taken(path, import_warc, files.pop(0))
            assert (first, [each.outcome for each in told_of]) == (
                {ImportOutcome.UNRESOLVED: 1},
                [ImportOutcome.UNRESOLVED],
            )
            assert told_of[0].url == COPY
        counts, problems = taken(path, import_warc, *files)
    assert (counts, problems) == ({ImportOutcome.KEPT: 2}, [])
    with open_archive(path) as db:
        found = {each.capture.url: each.capture for each in lookup.captures(db)}
        assert found[COPY].body == BODY
        assert found[COPY].fetched_at == datetime(2026, 3, 3, tzinfo=UTC)
        assert db.execute("SELECT count(*) FROM waiting_revisits").fetchall() == [(0,)]
        outcomes: Counter[str] = Counter()
        for (text,) in db.execute("SELECT outcomes FROM imports").fetchall():
            outcomes.update(json.loads(text))
        assert outcomes == {"kept": 2}
        assert list(verify.verify(db)) == []


def test_a_revisit_of_other_bytes_than_are_here_waits_and_one_of_a_picture_does_not(tmp_path: Path) -> None:
    picture = b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"
    parts = [
        record("https://koran-contoh.id/b.png", b"", kind="revisit", number=5, WARC_Profile=SAME, WARC_Refers_To="<urn:uuid:4>"),
        ORIGINAL,
        record(URL, answer(b""), kind="revisit", number=2, at="2026-03-09T00:00:00Z", WARC_Profile=SAME, WARC_Payload_Digest=sha1(b"other")),
        record("https://koran-contoh.id/a.png", picture, number=4),
        record("https://koran-contoh.id/c.png", picture, kind="revisit", number=6, WARC_Profile=SAME, WARC_Payload_Digest=sha1(b"?")),
    ]  # fmt: skip
    counts, problems = taken(tmp_path / "a.db", import_warc, warc(tmp_path / "x.warc.gz", *parts))
    assert counts == {ImportOutcome.KEPT: 1, ImportOutcome.NOT_HTML: 3, ImportOutcome.UNRESOLVED: 1}
    assert [(each.outcome, each.url) for each in problems] == [(ImportOutcome.UNRESOLVED, URL)]


def test_what_our_own_export_says_may_be_anything(tmp_path: Path) -> None:
    saids = ["[" * 9000, '{"robots": []}', '{"capture": {"url": 1}}', '{"capture": null}', '{"robots": {"origin": "https://a.id", "fetched_at": "0001-01-01T00:00:00+14:00", "status": 99999999999999999999999, "verdict": "rules", "detail": null, "last_seen_at": "2026-01-01T00:00:00+00:00"}}']  # fmt: skip
    parts = []
    for number, said in enumerate(saids):
        url = PLAIN.format(number=number)
        parts.append(record(url, answer(page(number)), number=number))
        parts.append(
            record(url, f"kliping: {said}\r\n".encode(), kind="metadata", WARC_Refers_To=f"<urn:uuid:{number}>")
        )
    counts, _ = taken(tmp_path / "a.db", import_warc, warc(tmp_path / "x.warc.gz", *parts, ORIGINAL))
    assert counts == {ImportOutcome.BAD_RECORD: 4, ImportOutcome.KEPT: 3, ImportOutcome.KNOWN: 1}


def test_a_file_that_cannot_be_read_stops_no_other(tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("a.wacz", "b.wacz", "c.warc", "d.warc", "e.wacz")}
    with zipfile.ZipFile(files["a.wacz"], "w") as packed:
        packed.writestr("datapackage.json", "{}")
    files["b.wacz"].write_bytes(b"PK\x03\x04" + os.urandom(500))
    os.mkfifo(files["c.warc"])
    files["d.warc"].write_bytes(record(URL, answer(BODY)) + b"PK\x05\x06" + bytes(18))  # its end is that of a zip
    with zipfile.ZipFile(files["e.wacz"], "w", zipfile.ZIP_STORED) as packed:
        packed.writestr("archive/a.warc.gz", gzip.compress(record(PLAIN.format(number=2), answer(page(2)))))
        packed.writestr(
            "archive/b.warc.gz", gzip.compress(record(PLAIN.format(number=3), answer(page(3)))), zipfile.ZIP_DEFLATED
        )
        packed.writestr("archive/c.warc", record(PLAIN.format(number=4), answer(page(4))), zipfile.ZIP_BZIP2)
        packed.writestr("archive/d.warc", record(PLAIN.format(number=5), answer(page(5))))
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as part:
            part.writestr("archive/x.warc", record(PLAIN.format(number=6), answer(page(6))))
        packed.writestr("part.wacz", inner.getvalue())
    whole = files["e.wacz"].read_bytes()
    spoiled = bytearray(whole)
    for mark, field in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):  # the flag of encryption, on archive/d.warc
        at = whole.find(b"archive/d.warc", whole.find(mark) if field == 8 else 0)
        spoiled[whole.rfind(mark, 0, at) + field] |= 1
    files["e.wacz"].write_bytes(spoiled)
    counts, problems = taken(tmp_path / "a.db", import_warc, *files.values())
    assert counts == {ImportOutcome.KEPT: 5, ImportOutcome.UNREADABLE: 4, ImportOutcome.BAD_RECORD: 1}
    named = {(Path(each.source).name, each.member): each.detail for each in problems}
    assert named["a.wacz", ""] == "a package without WARC files"
    assert named["c.warc", ""] == "is not a regular file"
    assert named["e.wacz", "archive/d.warc"] == "is encrypted"
    done = CliRunner().invoke(
        cli, ["import", "warc", str(tmp_path), "--archive", str(tmp_path / "b.db"), "--jobs", "1"]
    )
    assert done.exit_code == 3, done.output
    assert "kept" in done.stderr


def test_the_parts_of_a_multi_wacz_are_read_and_none_outside_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    folder.mkdir()
    with zipfile.ZipFile(folder / "1.wacz", "w") as packed:
        packed.writestr("archive/x.warc.gz", gzip.compress(ORIGINAL))
    warc(tmp_path / "secret.warc.gz", record(COPY, answer(BODY)))
    listing = folder / "multi.json"
    listing.write_text(json.dumps({"profile": "multi-wacz-package", "resources": [{"name": "1.wacz", "path": "1.wacz"}, {"path": "2.wacz"}, {"path": "../secret.warc.gz"}]}))  # fmt: skip
    counts, problems = taken(tmp_path / "a.db", import_warc, listing)
    assert counts == {ImportOutcome.KEPT: 1, ImportOutcome.UNREADABLE: 2}
    assert {Path(each.source).name for each in problems} == {"2.wacz", "secret.warc.gz"}


def test_an_import_that_was_killed_within_one_member_loses_nothing(tmp_path: Path) -> None:
    """In a gzip member of many records there is no place to go on at but its beginning."""
    file = tmp_path / "x.warc.gz"
    file.write_bytes(gzip.compress(b"".join(record(PLAIN.format(number=number), answer(page(number)), number=number) for number in range(6))))  # fmt: skip
    path = tmp_path / "a.db"

    class Killed(BaseException):
        pass

    def die(counts: Counter[str]) -> None:
        if counts[ImportOutcome.KEPT] == 3:
            raise Killed

    from scraper.exchange.taking import ImportOptions, ImportReport  # noqa: PLC0415

    with pytest.raises(Killed), open_archive(path, mode="crawl", min_free_bytes=0) as db:
        import_warc(db, ImportOptions(paths=(file,), version="0"), ImportReport(on_problem=print, on_count=die))
    counts, _ = taken(path, import_warc, file)
    assert counts[ImportOutcome.KEPT] + counts[ImportOutcome.KNOWN] >= 4
    with open_archive(path) as db:
        assert len(list(lookup.captures(db))) == 6


def test_rec_of_the_corpus_is_a_record() -> None:
    assert told(rec(1)) == "1"
