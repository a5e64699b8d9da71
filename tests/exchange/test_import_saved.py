"""Imports of saved pages and of lists of URLs."""

from __future__ import annotations

import json
import os
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from scraper import archive
from scraper.exchange.htmlimport import import_html, import_urls
from scraper.exchange.savedpage import saved_from, url_of_file
from scraper.exchange.taken import Taken
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
    assert counts == {Taken.KEPT: 2, Taken.NO_URL: 1}
    assert [(each.member, each.outcome) for each in problems] == [("2026/index.html", Taken.NO_URL)]
    counts, problems = taken(tmp_path / "a.db", import_html, folder, url_prefix="https://koran-contoh.id/")
    assert (counts, problems) == ({Taken.KEPT: 1, Taken.KNOWN: 2}, [])
    with archive.open_archive(tmp_path / "a.db") as db:
        urls = {each.capture.url: each.capture.fetched_at for each in archive.captures(db)}
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
    assert counts == {Taken.BAD_RECORD: 3}
    assert "outside" in problems[0].detail


def test_lists_of_urls_are_queued_once(tmp_path: Path) -> None:
    lists = tmp_path / "urls.txt"
    lists.write_text(
        f"\ufeff# mine\n{URL}\n\n{URL}?utm_source=x\nhttps://koran-contoh.id/sitemap.xml\nnot a url\nhttps://lain.example/x\n",
        "utf-8",
    )
    counts, problems = taken(tmp_path / "a.db", import_urls, lists, hosts=("koran-contoh.id",))
    assert counts == {Taken.QUEUED: 2, Taken.KNOWN: 1, Taken.BAD_URL: 1, Taken.FILTERED: 1}
    assert [(each.offset, each.outcome) for each in problems] == [(6, Taken.BAD_URL)]
    with archive.open_archive(tmp_path / "a.db") as db:
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
    assert counts == {Taken.BAD_RECORD: 1, Taken.KEPT: 1}
    assert [each.outcome for each in problems] == [Taken.BAD_RECORD]


def test_a_date_before_all_time_is_none() -> None:
    text = f"<!-- Saved from {URL} at 0001-01-01T00:00:00+14:00 using monolith v2.8.1 -->"
    assert saved_from(text.encode()) == (URL, None)
