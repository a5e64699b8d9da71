"""Imports: an export comes back unchanged, files by others are understood, and broken ones are named."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import gzip
import hashlib
import io
import json
import subprocess
import sys
import zlib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.file import lookup
from scraper.archive.file.connection import open_archive
from scraper.archive.file.lookup import article
from scraper.cli import cli
from scraper.errors import ExchangeError
from scraper.exchange.ahead import AheadReaders, ReadStep, in_order
from scraper.exchange.htmlimport import import_html
from scraper.exchange.httpmessage import dechunk, is_digest_of, parse_response, sha256_of
from scraper.exchange.savedpage import own_url, saved_from
from scraper.exchange.taken import ImportOutcome
from scraper.exchange.taking import ImportOptions, ImportReport
from tests.exchange.conftest import PLAIN, page, plain_capture
from tests.exchange.made import (
    BODY,
    ROOT,
    URL,
    answer,
    articles,
    chunked,
    content,
    made,
    record,
    sha1,
    taken,
    warc,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.records import Capture

fastwarc = pytest.importorskip("fastwarc")
from scraper.exchange.warcimport import import_warc  # noqa: E402


@pytest.mark.parametrize("target", ["w", "w.wacz"])
def test_an_archive_comes_back_from_its_warc_byte_for_byte(stored: Path, tmp_path: Path, target: str) -> None:
    made(stored, "warc", tmp_path / target)
    files = [tmp_path / target] if target.endswith("wacz") else sorted((tmp_path / target / "archive").iterdir())
    counts, problems = taken(tmp_path / "b.db", import_warc, *files)
    assert not problems
    assert counts[ImportOutcome.KEPT] == len(content(stored)[0])
    assert content(tmp_path / "b.db") == content(stored)
    again, _ = taken(tmp_path / "b.db", import_warc, *files)
    assert again == Counter(), "a file that was imported is not read again"
    with open_archive(tmp_path / "b.db") as db:
        assert db.execute("SELECT count(*) FROM frontier").fetchall() == [(0,)], "an import queues nothing"
        where = db.execute(
            "SELECT o.member, o.offset, o.record_id FROM capture_origins AS o WHERE capture_id = 1"
        ).fetchall()
    assert where[0][1] > 0
    assert where[0][2].startswith("<urn:uuid:")


def test_an_archive_comes_back_from_its_files(stored: Path, tmp_path: Path) -> None:
    made(stored, "html", tmp_path / "pages")
    counts, problems = taken(tmp_path / "b.db", import_html, tmp_path / "pages")
    assert not problems
    captures, records, versions, (_, kinds) = content(stored)
    back = content(tmp_path / "b.db")
    assert back[0] == captures
    assert [record[0] for record in back[1]] == [record[0] for record in records]
    assert [(url, number, text) for url, number, *_, text in back[2]] == [
        (url, number, text) for url, number, *_, text in versions
    ]
    assert back[3][1] == kinds
    again, _ = taken(tmp_path / "b.db", import_html, tmp_path / "pages")
    assert again == Counter({ImportOutcome.KNOWN: counts.total()})


def brotli(data: bytes) -> bytes:
    from fastwarc.stream_io import BrotliWriter  # noqa: PLC0415

    sink = io.BytesIO()
    writer = BrotliWriter(sink)
    writer.write(data)
    writer.close()
    return sink.getvalue()


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "plain": answer,
    "gzip": lambda body: answer(gzip.compress(body), "Content-Encoding: gzip"),
    "deflate": lambda body: answer(zlib.compress(body), "Content-Encoding: deflate"),
    "br": lambda body: answer(brotli(body), "Content-Encoding: br"),
    "chunked": lambda body: answer(chunked(body), "Transfer-Encoding: chunked"),
    "chunked gzip": lambda body: answer(chunked(gzip.compress(body)), "Transfer-Encoding: chunked", "Content-Encoding: gzip"),
    "decoded by the recorder": lambda body: answer(body, "Content-Encoding: gzip", "Transfer-Encoding: chunked"),
    "line feeds only": lambda body: answer(body).replace(b"\r\n", b"\n"),
}  # fmt: skip


@pytest.mark.parametrize("is_packed", [True, False], ids=["warc.gz", "warc"])
def test_bodies_are_understood_however_they_were_recorded(tmp_path: Path, *, is_packed: bool) -> None:
    bodies = {f"{URL}/{way.replace(' ', '-')}": page(number) for number, way in enumerate(WAYS)}
    records = []
    for (url, body), way in zip(bodies.items(), WAYS.values(), strict=True):
        http = way(body)
        payload = http[len(http) - len(body) :] if http.endswith(body) else http.partition(b"\r\n\r\n")[2]
        records.append(record(url, http, WARC_Block_Digest=sha1(http), WARC_Payload_Digest=sha1(payload)))
    file = warc(tmp_path / "x.warc", *records, is_packed=is_packed)
    assert taken(tmp_path / "a.db", import_warc, file) == (Counter({ImportOutcome.KEPT: len(WAYS)}), [])
    with open_archive(tmp_path / "a.db") as db:
        found = {each.capture.url: each.capture for each in lookup.captures(db)}
        assert {url: each.body for url, each in found.items()} == bodies
        assert {each.fetched_at for each in found.values()} == {datetime(2026, 3, 1, 12, tzinfo=UTC)}
        assert [url for url in bodies if article(db, url) is None] == []


def test_what_is_no_page_or_is_broken_is_counted_and_named(tmp_path: Path) -> None:
    good = record(URL, answer(BODY))
    broken = bytearray(gzip.compress(record(URL + "/x", answer(BODY))))
    broken[40:60] = bytes(20)
    bomb = gzip.compress(bytes(64 << 20))
    file = tmp_path / "x.warc.gz"
    parts = [
        record("https://koran-contoh.id/a.png", b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n\x89PNG"),
        record("https://koran-contoh.id/gone", answer(b"no", status="404 Not Found")),
        record("https://koran-contoh.id/moved", answer(b"", "Location: /x", status="301 Moved")),
        record(URL + "/2", answer(BODY), WARC_Block_Digest=sha1(b"other")),
        record(URL + "/3", answer(BODY), WARC_Payload_Digest=sha1(b"other")),
        record(URL + "/4", answer(b"\x1f\x8bnonsense", "Content-Encoding: gzip")),
        record(URL + "/5", answer(bomb, "Content-Encoding: gzip")),
        record(URL + "/6", b"no HTTP at all"),
        record(URL + "/7", answer(BODY), at="yesterday"),
        record("https://lain.example/1", answer(BODY)),
        record("ftp://koran-contoh.id/1", answer(BODY)),
        record(URL + "/8", b"", kind="revisit", WARC_Profile="http://netpreserve.org/warc/1.1/revisit/identical-payload-digest", WARC_Payload_Digest=sha1(b"?")),
        record(URL + "/9", answer(b"<html><body><script>window._cf_chl_opt={}</script></body></html>")),
    ]  # fmt: skip
    file.write_bytes(b"".join(map(gzip.compress, parts)) + bytes(broken) + gzip.compress(good) + b"cut short")
    counts, problems = taken(tmp_path / "a.db", import_warc, file, hosts=("koran-contoh.id",))
    assert counts == {
        ImportOutcome.NOT_HTML: 1, ImportOutcome.ERROR_STATUS: 1, ImportOutcome.REDIRECT: 1, ImportOutcome.BAD_DIGEST: 2, ImportOutcome.BAD_ENCODING: 1, ImportOutcome.TOO_BIG: 1,
        ImportOutcome.BAD_RECORD: 4, ImportOutcome.FILTERED: 1, ImportOutcome.BAD_URL: 1, ImportOutcome.UNRESOLVED: 1, ImportOutcome.BLOCKED: 1, ImportOutcome.KEPT: 1,
    }  # fmt: skip
    assert Counter(each.outcome for each in problems) == {ImportOutcome.BAD_DIGEST: 2, ImportOutcome.BAD_ENCODING: 1, ImportOutcome.TOO_BIG: 1, ImportOutcome.BAD_RECORD: 4, ImportOutcome.BAD_URL: 1, ImportOutcome.UNRESOLVED: 1}  # fmt: skip
    assert all(each.source == str(file) for each in problems)
    result = CliRunner().invoke(cli, ["import", "warc", str(file), "--json", "--archive", str(tmp_path / "c.db")])
    assert result.exit_code == 3
    assert {json.loads(line)["outcome"] for line in result.stdout.splitlines()} == {
        each.outcome.value for each in problems
    }


def test_revisits_requests_and_sessions(tmp_path: Path) -> None:
    asked = b"GET /2026 HTTP/1.1\r\nHost: koran-contoh.id\r\nCookie: me=1\r\nUser-Agent: wget\r\n\r\n"
    profile = "http://netpreserve.org/warc/1.1/revisit/"
    parts = [
        record(URL, asked, kind="request", number=2, WARC_Concurrent_To="<urn:uuid:1>"),
        record(URL, answer(BODY, "Set-Cookie: me=1", "ETag: x"), number=1, WARC_Payload_Digest=sha1(BODY)),
        record(URL, b"", kind="revisit", number=3, at="2026-03-02T00:00:00Z", WARC_Profile=profile + "server-not-modified"),
        record("https://koran-contoh.id/cetak/1", answer(b""), kind="revisit", number=4, at="2026-03-03T00:00:00Z", WARC_Profile=profile + "identical-payload-digest",
               WARC_Payload_Digest=sha1(BODY), WARC_Refers_To_Target_URI=URL, WARC_Refers_To_Date="2026-03-01T12:00:00Z"),
    ]  # fmt: skip
    counts, problems = taken(tmp_path / "a.db", import_warc, warc(tmp_path / "x.warc.gz", *parts))
    assert (counts, problems) == ({ImportOutcome.KEPT: 2, ImportOutcome.KNOWN: 1}, [])
    with open_archive(tmp_path / "a.db") as db:
        first, second = (each.capture for each in lookup.captures(db))
        assert dict(first.request_headers) == {"host": "koran-contoh.id", "user-agent": "wget", "cookie": ""}
        assert dict(first.headers)["set-cookie"] == ""
        assert (second.url, second.body) == ("https://koran-contoh.id/cetak/1", BODY)
        stored = article(db, URL)
        assert stored is not None
        assert stored.last_seen_at == datetime(2026, 3, 3, tzinfo=UTC), "a 304 is a sighting, and the print view is one"
        assert [row[0] for row in db.execute("SELECT reason FROM fetches ORDER BY id").fetchall()] == [
            "ok",
            "unchanged",
            "ok",
        ]


def test_an_old_page_is_read_by_the_rules_of_its_time_and_does_not_replace_what_is_newer(
    stored: Path, tmp_path: Path
) -> None:
    new, old = (
        record(URL, answer(page(1, "Baru.")), at="2026-03-09T00:00:00Z"),
        record(URL, answer(page(1, "Lama.")), at="2026-02-01T00:00:00Z"),
    )
    assert taken(tmp_path / "x.db", import_warc, warc(tmp_path / "x.warc.gz", new, old))[0] == {
        ImportOutcome.KEPT: 1,
        ImportOutcome.OLDER: 1,
    }
    (only,) = articles(tmp_path / "x.db")
    assert "Baru." in only.record["body"][0]["text"]
    assert (only.revision, only.first_seen_at.month) == (2, 2)
    with open_archive(tmp_path / "x.db") as db:
        ((number, seen_at, replaced_at, text),) = db.execute(
            "SELECT revision, seen_at, replaced_at, body FROM revisions"
        ).fetchall()
    assert (number, seen_at, replaced_at) == (1, "2026-02-01T00:00:00Z", "2026-03-09T00:00:00Z")
    assert "Lama." in text
    made(stored, "warc", tmp_path / "w")
    taken(tmp_path / "b.db", import_warc, *(tmp_path / "w" / "archive").iterdir())
    layouts = {
        each.record["url"]: each.record["layout"]
        for each in articles(tmp_path / "b.db")
        if each.record["site"] == "tribun-pontianak"
    }
    assert len(set(layouts.values())) > 2, "each by the layout of its year"


def test_the_order_of_an_import_makes_no_difference_to_history(tmp_path: Path) -> None:
    parts = [
        record(
            URL, answer(page(1, f"Versi {day}. {'Lagi ' * 9}{day * 7}.")), at=f"2026-03-0{day}T00:00:00Z", number=day
        )
        for day in range(1, 6)
    ]
    histories = []
    for name, order in (("a", (1, 2, 3, 4, 5)), ("b", (3, 1, 5, 2, 4)), ("c", (5, 4, 3, 2, 1))):
        path = tmp_path / f"{name}.db"
        taken(path, import_warc, warc(tmp_path / f"{name}.warc.gz", *(parts[day - 1] for day in order)))
        with open_archive(path) as db:
            rows = db.execute(
                "SELECT r.revision, r.seen_at, r.replaced_at, r.replaced_by, r.kinds, r.body, c.captured_at, n.captured_at FROM revisions AS r JOIN captures AS c ON c.id = r.capture_id JOIN captures AS n ON n.id = r.next_capture_id ORDER BY 1"
            ).fetchall()
        (only,) = articles(path)
        histories.append((rows, only.record, only.first_seen_at, only.last_seen_at, only.revision))
    assert len(histories[0][0]) == 4
    assert histories[0] == histories[1] == histories[2]


def descendants(pid: str) -> int:
    """The processes that a process and its children have started."""
    children = [
        child for each in Path(f"/proc/{pid}/task").glob("*/children") for child in each.read_text("ascii").split()
    ]
    return len(children) + sum(descendants(child) for child in children)


def test_pages_are_read_ahead_side_by_side_and_taken_in_in_order(tmp_path: Path) -> None:
    parts = [record(PLAIN.format(number=number), answer(page(number)), number=number) for number in range(9)]
    file = warc(tmp_path / "x.warc.gz", *parts)
    readers: dict[int, int] = {}
    for ahead in (0, 3):

        def on_count(_counts: Counter[str], ahead: int = ahead) -> None:
            readers[ahead] = max(readers.get(ahead, 0), descendants("self"))

        report = ImportReport(on_problem=print, on_count=on_count)
        with open_archive(tmp_path / f"{ahead}.db", mode="crawl", min_free_bytes=0) as db:
            import_warc(db, ImportOptions(paths=(file,), version="0", ahead=ahead), report)
            order = db.execute("SELECT u.url FROM captures AS c JOIN urls AS u ON u.id = c.url_id ORDER BY c.id")
            assert [url for (url,) in order.fetchall()] == [PLAIN.format(number=number) for number in range(9)]
    assert content(tmp_path / "0.db") == content(tmp_path / "3.db")
    if sys.platform == "linux":
        assert readers[3] - readers[0] == 2, "one, and three"


def test_what_a_file_gave_before_it_failed_is_taken_in() -> None:
    done: list[int] = []

    def steps(readers: AheadReaders) -> Iterator[ReadStep]:
        for number in range(5):
            capture = plain_capture(number)

            async def do(number: int = number, capture: Capture = capture) -> None:
                assert (await readers.page(capture))[0].headline == f"Jembatan {number} Dibuka"
                done.append(number)

            yield ReadStep(do=do, capture=capture)
        raise ExchangeError("cut short")

    async def run() -> None:
        async with AheadReaders(2) as readers:
            await in_order(readers, steps(readers))

    with pytest.raises(ExchangeError, match="cut short"):
        asyncio.run(run())
    assert done == [0, 1, 2, 3, 4]


def test_a_section_page_of_a_site_without_rules_is_no_article(tmp_path: Path) -> None:
    links = "".join(f"<li><a href='/{number}'>Judul berita nomor {number}</a></li>" for number in range(40))
    section = f"<html><head><title>Daerah</title></head><body><h1>Daerah</h1><ul>{links}</ul></body></html>".encode()
    counts, _ = taken(
        tmp_path / "a.db",
        import_warc,
        warc(
            tmp_path / "x.warc.gz", record("https://koran-contoh.id/daerah", answer(section)), record(URL, answer(BODY))
        ),
    )
    assert counts == {ImportOutcome.KEPT: 2}
    assert [each.record["url"] for each in articles(tmp_path / "a.db")] == [URL]


def told(count: int) -> str:
    part = (
        "Pada hari ke-{0} warga dua desa di tepi sungai memakai jembatan nomor {0} sejak pagi, kata kepala desa yang menunggu"
        " rombongan bupati di ujung jalan bersama murid sekolah dan pedagang pasar."
    )
    return "<h1>Jembatan dibuka</h1>" + "".join(f"<p>{part.format(number)}</p>" for number in range(count))


SHORT, LONG = told(2), told(6)


@pytest.mark.parametrize(
    ("head", "text", "is_kept"),
    [
        ('<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Jembatan dibuka"}</script>', SHORT, True),
        ("<meta property='og:type' content='article'>", SHORT, True),
        ("", LONG, True),
        ("", SHORT, False),
    ],
)  # fmt: skip
def test_a_page_of_a_site_without_rules_is_an_article_if_it_says_so_or_reads_as_one(
    tmp_path: Path, head: str, text: str, *, is_kept: bool
) -> None:
    """Whatever its address looks like, and without a date."""
    body = f"<html><head><title>Jembatan dibuka</title>{head}</head><body><main>{text}</main></body></html>".encode()
    file = warc(tmp_path / "x.warc.gz", record("https://koran-contoh.id/x", answer(body)))
    taken(tmp_path / "a.db", import_warc, file)
    assert bool(articles(tmp_path / "a.db")) == is_kept


@given(st.binary(max_size=300))
def test_no_bytes_are_an_error(data: bytes) -> None:
    saved_from(data)
    own_url(b"<link rel=canonical href=" + data)
    dechunk(data)
    is_digest_of(data.decode("latin-1"), data)
    sha256_of(data.decode("latin-1"))
    with contextlib.suppress(ValueError):
        parse_response(b"HTTP/1.1 200" + data)


@given(
    st.binary(max_size=3000),
    st.sampled_from(["md5", "sha1", "sha256", "sha512"]),
    st.sampled_from(["b32", "b16", "b64"]),
)
def test_digests_are_known_in_every_spelling(data: bytes, name: str, form: str) -> None:
    raw = hashlib.new(name, data).digest()
    spelled = {"b32": base64.b32encode(raw), "b16": raw.hex().encode(), "b64": base64.b64encode(raw)}[form].decode()
    assert is_digest_of(f"{name}:{spelled}", data) is True
    assert is_digest_of(f"{name}:{spelled}", data + b"x") is False
    assert dechunk(chunked(data)) == (data, False)
    if name == "sha256":
        assert sha256_of(f"SHA-256:{spelled}") == raw


def test_a_killed_import_goes_on_and_loses_and_doubles_nothing(tmp_path: Path) -> None:
    parts = [record(PLAIN.format(number=number), answer(page(number)), number=number) for number in range(12)]
    file = warc(tmp_path / "x.warc.gz", *parts)
    whole, path = tmp_path / "whole.db", tmp_path / "a.db"
    taken(whole, import_warc, file)
    command = [sys.executable, "-c", KILLED, str(path), str(file)]
    for _ in range(2):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
        assert done.returncode == -9, done.stderr
    taken(path, import_warc, file)
    assert content(path) == content(whole)
    with open_archive(path) as db, open_archive(whole) as other:
        for table in ("fetches", "capture_origins"):
            assert (
                db.execute(f"SELECT count(*) FROM {table}").fetchall()
                == other.execute(f"SELECT count(*) FROM {table}").fetchall()
            )
        assert json.loads(db.execute("SELECT outcomes FROM imports").fetchall()[0][0]) == {"kept": 12}
        assert db.execute("SELECT count(*) FROM runs WHERE finished_at IS NULL").fetchall() == [(2,)]


# Imports five more pages, then dies in the middle of one, as if by kill -9.
KILLED = """
import os, signal, sys
from pathlib import Path
from typing import TYPE_CHECKING
from scraper.archive.file.connection import open_archive
from scraper.exchange.taking import ImportOptions, ImportReport
from scraper.exchange.warcimport import import_warc
def on_count(counts):
    if counts["kept"] == 5:
        os.kill(os.getpid(), signal.SIGKILL)
with open_archive(Path(sys.argv[1]), mode="crawl", min_free_bytes=0) as db:
    import_warc(db, ImportOptions(paths=(Path(sys.argv[2]),), version="0"), ImportReport(on_problem=print, on_count=on_count))
"""
