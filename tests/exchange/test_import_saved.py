"""Imports of saved pages and of lists of URLs."""

from __future__ import annotations

import gzip
import json
import os
import quopri
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.file.connection import open_archive
from scraper.archive.file.lookup import captures
from scraper.exchange.htmlimport import import_html, import_urls
from scraper.exchange.savedpage import is_html, is_mhtml, page_of_mhtml, saved_from, url_of_file, utf16_of
from scraper.exchange.taken import ImportOutcome
from scraper.exchange.taking import ImportOptions, ImportReport
from tests.exchange.conftest import page
from tests.exchange.made import BODY, URL, made, taken

if TYPE_CHECKING:
    from pathlib import Path

SAVED = [
    (f"<!-- saved from url=(0046){URL} -->", URL, None),
    (f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: Sun Mar 01 2026 19:00:00 GMT+0700 (Western Indonesia Time)\n-->", URL, 12),
    (f"<!-- Saved from {URL} at 2026-03-01T12:00:00Z using monolith v2.8.1 -->", URL, 12),
    ("<!-- Mirrored from koran-contoh.id/2026/a by HTTrack Website Copier/3.x [XR&CO'2014], Sun, 01 Mar 2026 12:00:00 GMT -->", "http://koran-contoh.id/2026/a", 12),
    ("<!-- no word of it -->", None, None),
]  # fmt: skip


@pytest.mark.parametrize(("comment", "url", "hour"), SAVED)
def test_saving_programs_say_where_and_when(comment: str, url: str | None, hour: int | None) -> None:
    found, at = saved_from(f"<!doctype html>{comment}<html>".encode())
    assert found == url
    assert at == (datetime(2026, 3, 1, hour, tzinfo=UTC) if hour else None)


def test_saved_pages_say_their_url_or_get_one_by_the_prefix(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    (folder / "2026").mkdir(parents=True)
    canonical = page(1).replace(b"<head>", f"<head><link href='{URL}' rel='canonical'>".encode())
    (folder / "a.html").write_bytes(canonical)
    (folder / "2026" / "index.html").write_bytes(page(2))
    (folder / "b.htm").write_bytes(
        page(3).replace(b"<head>", b"<head><meta content='https://koran-contoh.id/3' property='og:url'>")
    )
    (folder / "picture.png").write_bytes(b"\x89PNG")
    for name in ("a.html", "2026/index.html", "b.htm"):
        os.utime(folder / name, (1_700_000_000, 1_700_000_000))
    counts, problems = taken(tmp_path / "a.db", import_html, folder)
    assert counts == {ImportOutcome.KEPT: 2, ImportOutcome.NO_URL: 1, ImportOutcome.NOT_HTML: 1}
    assert [(each.member, each.outcome) for each in problems] == [("2026/index.html", ImportOutcome.NO_URL)]
    counts, problems = taken(tmp_path / "a.db", import_html, folder, url_prefix="https://koran-contoh.id/")
    assert (counts, problems) == ({ImportOutcome.KEPT: 1, ImportOutcome.KNOWN: 2, ImportOutcome.NOT_HTML: 1}, [])
    with open_archive(tmp_path / "a.db") as db:
        urls = {each.capture.url: each.capture.fetched_at for each in captures(db)}
    assert urls == dict.fromkeys(
        [URL, "https://koran-contoh.id/3", "https://koran-contoh.id/2026/"], datetime.fromtimestamp(1_700_000_000, UTC)
    )
    assert url_of_file("https://a.id", "x/y z.html") == "https://a.id/x/y%20z.html"


def test_an_index_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "secret.html").write_bytes(BODY)
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "index.jsonl").write_text('{"file": "../secret.html"}\nnot json\n{"file": "missing.html"}\n', "utf-8")
    counts, problems = taken(tmp_path / "a.db", import_html, folder)
    assert counts == {ImportOutcome.BAD_RECORD: 2, ImportOutcome.UNREADABLE: 1}
    assert "outside" in problems[0].detail


def test_lists_of_urls_are_queued_once(tmp_path: Path) -> None:
    lists = tmp_path / "urls.txt"
    lists.write_text(
        f"\ufeff# mine\n{URL}\n\n{URL}?utm_source=x\nhttps://koran-contoh.id/sitemap.xml\nnot a url\nhttps://lain.example/x\n",
        "utf-8",
    )
    counts, problems = taken(tmp_path / "a.db", import_urls, lists, hosts=("koran-contoh.id",))
    assert counts == {
        ImportOutcome.QUEUED: 2,
        ImportOutcome.KNOWN: 1,
        ImportOutcome.BAD_URL: 1,
        ImportOutcome.FILTERED: 1,
    }
    assert [(each.offset, each.outcome) for each in problems] == [(6, ImportOutcome.BAD_URL)]
    with open_archive(tmp_path / "a.db") as db:
        assert db.execute(
            "SELECT u.url, u.kind FROM frontier AS f JOIN urls AS u ON u.id = f.url_id ORDER BY 1"
        ).fetchall() == [(URL, "article"), ("https://koran-contoh.id/sitemap.xml", "sitemap")]
    assert taken(tmp_path / "a.db", import_urls, lists, hosts=("koran-contoh.id",))[0] == Counter()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("url", ["a"]),
        ("url", 1),
        ("final_url", None),
        ("status", "200"),
        ("status", True),
        ("fetched_at", "0001-01-01T00:00:00+14:00"),
        ("fetched_at", "9999-12-31T23:59:59-12:00"),
        ("headers", [[1, None]]),
        ("redirects", [{"url": 1, "status": "x", "location": []}]),
        ("content_type", {}),
        ("charset", 7),
        ("http_version", []),
        ("elapsed_s", "long"),
        ("wire_bytes", 1 << 70),
        ("kind", ["article"]),
        ("unheard_of", 1),
    ],
)
def test_an_index_that_describes_no_capture_is_named_and_the_rest_is_taken(
    stored: Path, tmp_path: Path, name: str, value: Any
) -> None:
    """Somebody may have put the index right by hand."""
    folder = tmp_path / "pages"
    made(stored, "html", folder)
    lines = (folder / "index.jsonl").read_text("utf-8").splitlines()[:2]
    first = json.loads(lines[0]) | {name: value}
    (folder / "index.jsonl").write_text(f"{json.dumps(first)}\n{lines[1]}\n", "utf-8")
    counts, problems = taken(tmp_path / "b.db", import_html, folder)
    assert counts == {ImportOutcome.BAD_RECORD: 1, ImportOutcome.KEPT: 1}
    assert [each.outcome for each in problems] == [ImportOutcome.BAD_RECORD]


def test_a_date_before_all_time_is_none() -> None:
    text = f"<!-- Saved from {URL} at 0001-01-01T00:00:00+14:00 using monolith v2.8.1 -->"
    assert saved_from(text.encode()) == (URL, None)


MHTML = """From: <Saved by Blink>
Snapshot-Content-Location: {url}
Subject: Jembatan
Date: Sun, 1 Mar 2026 12:00:00 -0000
MIME-Version: 1.0
Content-Type: multipart/related;
\ttype="text/html";
\tboundary="----B"

------B
Content-Type: text/html
Content-Transfer-Encoding: base64
Content-Location: https://iklan.example/frame.html

PGh0bWw+aWtsYW48L2h0bWw+
------B
Content-Type: text/html
Content-Transfer-Encoding: quoted-printable
Content-Location: {url}

{body}
------B--
"""


def test_pages_are_told_by_what_is_in_the_file(tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    site = folder / "koran-contoh.id"
    (site / "berita").mkdir(parents=True)
    urls = [f"https://koran-contoh.id/{number}" for number in range(9)]

    def with_url(number: int) -> str:
        return page(number).decode().replace("<head>", f"<head><link href='{urls[number]}' rel='canonical'>")

    (folder / "tanpa-akhiran").write_bytes(b"<?xml version='1.0'?><!-- x --> " + with_url(0).encode())
    (folder / "baca.php?id=1").write_text(with_url(1), "utf-8")
    quoted = quopri.encodestring(with_url(2).encode()).decode()
    (folder / "satu.mhtml").write_text(MHTML.format(url=urls[2], body=quoted), "utf-8", newline="\r\n")
    (folder / "dua.html.gz").write_bytes(gzip.compress(with_url(3).encode()))
    (folder / "tiga.html").write_bytes(b"\xff\xfe" + with_url(4).encode("utf-16-le"))
    (folder / "empat").write_bytes(with_url(5).encode("utf-16-be"))
    (site / "berita" / "jembatan-6").write_bytes(page(6))  # as wget names them
    (folder / "lima.html").write_text(with_url(7), "utf-8")
    (folder / "lima_files").mkdir()
    (folder / "lima_files" / "iklan.html").write_text(with_url(8), "utf-8")
    (folder / "a.png").write_bytes(b"\x89PNG")
    (folder / "b.css").write_bytes(b"a{}")
    (folder / "c.html").write_bytes(b"")
    (folder / "d.html.gz").write_bytes(b"\x1f\x8b\x08 broken")
    os.mkfifo(folder / "pipa.html")
    (folder / "hilang.html").symlink_to(folder / "tidak-ada")
    problems: list[Any] = []
    report = ImportReport(on_problem=problems.append, on_count=lambda _counts: None)
    with open_archive(tmp_path / "a.db", mode="crawl", min_free_bytes=0) as db:
        import_html(db, ImportOptions(paths=(folder,), version="0", ahead=2), report)
        found = {each.capture.url: each.capture for each in captures(db)}
        assert set(found) == {*urls[:6], urls[7], "https://koran-contoh.id/berita/jembatan-6"}
        assert found[urls[2]].fetched_at == datetime(2026, 3, 1, 12, tzinfo=UTC)
        read = {row[0] for row in db.execute("SELECT headline FROM articles").fetchall()}
        assert read == {f"Jembatan {number} Dibuka" for number in range(8)}, "each in its charset"
    assert report.counts == {
        ImportOutcome.KEPT: 8,
        ImportOutcome.NOT_HTML: 4,
        ImportOutcome.UNREADABLE: 2,
        ImportOutcome.BAD_ENCODING: 1,
    }
    assert report.passed == {"parts of saved pages": 1, ".png": 1, ".css": 1, "empty files": 1}
    assert {each.member for each in problems} == {"pipa.html", "hilang.html", "d.html.gz"}


@given(st.binary(max_size=200))
def test_no_bytes_are_an_error_for_what_tells_a_page(data: bytes) -> None:
    is_html(data)
    utf16_of(data)
    if is_mhtml(b"Content-Type: multipart/related\n" + data):
        page_of_mhtml(b"Content-Type: multipart/related; boundary=B\n" + data)


def test_what_tells_a_page_costs_what_it_is_long() -> None:
    assert not is_html(b"<!-- a --> " * 100_000)
    assert not is_html(b"<?xml" + b" " * 100_000)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_lists_may_be_of_any_system(tmp_path: Path, encoding: str, end: str) -> None:
    lists = tmp_path / "urls.txt"
    lines = (URL, "# catatan", "x" * 50_000, "https://koran-contoh.id/2026/2")
    lists.write_bytes(end.join(lines).encode(encoding))
    counts, problems = taken(tmp_path / "a.db", import_urls, lists)
    assert counts == {ImportOutcome.QUEUED: 2, ImportOutcome.BAD_URL: 1}
    assert problems[0].offset == 3
