"""An archive with a bit of everything: articles of several papers, a changed one, the same bytes twice, redirects, 304."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier, imports, origin_files, save
from scraper.archive.write.pageresult import PageResult, Saved
from scraper.crawl.page import read_kept
from scraper.crawl.readers import Readers
from scraper.fixtures import fixture_capture
from scraper.reasons import Reason
from scraper.records import Capture, Link, Outcome, Redirect, RobotsFile

if TYPE_CHECKING:
    from collections.abc import Callable

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
HOSTS = ("pontianak.tribunnews.com", "kalbar.antaranews.com", "beritajatim.com")
_DIGITS = "nol satu dua tiga empat lima enam tujuh delapan sembilan".split()
PLAIN = "https://koran-contoh.id/2026/03/01/jembatan-{number}"


def page(number: int, text: str = "") -> bytes:
    """A page of a paper without rules; each has words of its own, since pages that differ in numerals only are one to a crawl."""
    name = " ".join(_DIGITS[int(digit)] for digit in str(number))
    told = f"Jembatan nomor {number} di atas sungai {name} dibuka untuk warga pada Minggu pagi. {text}"
    paragraphs = "".join(
        f"<p>{told} Warga menyambutnya dengan gembira sejak pukul {hour}.</p>" for hour in range(6, 14)
    )
    return (
        f"<!doctype html><html lang=id><head><title>Jembatan {number} Dibuka</title></head><body><article>"
        f"<h1>Jembatan {number} Dibuka</h1><time datetime='2026-03-01T08:{number % 60:02}:00+07:00'></time>{paragraphs}</article></body></html>"
    ).encode()


def plain_capture(number: int, text: str = "", *, at: datetime | None = None, url: str | None = None) -> Capture:
    """A capture of such a page."""
    url = url or PLAIN.format(number=number)
    body = page(number, text)
    return Capture(
        url=url, final_url=url, status=200, fetched_at=at or datetime(2026, 3, 1, 12, tzinfo=UTC) + timedelta(minutes=number), body=body,
        headers=(("content-type", "text/html; charset=utf-8"), ("content-encoding", "gzip"), ("content-length", "321"), ("etag", f'"{number}"')),
        request_headers=(("host", "koran-contoh.id"), ("user-agent", "kliping-test")), content_type="text/html", charset="utf-8",
        http_version="HTTP/1.1", elapsed_s=0.25, wire_bytes=321,
    )  # fmt: skip


async def keep(
    db: Any,
    readers: Readers,
    run: int,
    capture: Capture | None,
    *,
    kind: Any = "article",
    url: str = "",
    at: Any = None,
) -> Saved:
    """Save an attempt as a crawl does; without a capture a 304 at `url`."""
    address = capture.url if capture else url
    at = capture.fetched_at if capture else at or datetime(2026, 3, 20, tzinfo=UTC)
    queued = imports.known_for_import(db, Link(url=address, raw_url=address, kind=kind), at=at)
    if capture is not None:
        return save.save_page(db, await read_kept(db, readers, queued, capture, run_id=run))
    outcome = Outcome(url=address, reason=Reason.UNCHANGED, at=at, status=304)
    return save.save_page(db, PageResult(url_id=queued.url_id, run_id=run, outcome=outcome))


def fixture_captures() -> list[Capture]:
    """The captures of some fixtures, in the order they were made."""
    facts = [each for host in HOSTS for each in sorted((FIXTURES / host).glob("[0-9]*/capture.json"))]
    found = [
        fixture_capture(json.loads(each.read_text("utf-8")), each.with_name("page.html").read_bytes())
        for each in facts
        if each.with_name("article.json").exists()
    ]
    return sorted(found, key=lambda capture: capture.fetched_at)


def fill(path: Path) -> None:
    """Make the archive."""
    asyncio.run(_fill(path))


async def _fill(path: Path) -> None:
    first = datetime(2026, 3, 1, tzinfo=UTC)
    async with Readers(1) as readers:
        with open_archive(path, mode="crawl", min_free_bytes=0) as db:
            run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=first)
            for capture in fixture_captures():
                await keep(db, readers, run, capture)
            for number in range(6):
                await keep(db, readers, run, plain_capture(number))
            await keep(db, readers, run, plain_capture(1, "Wali kota hadir.", at=datetime(2026, 3, 5, tzinfo=UTC)))
            await keep(db, readers, run, plain_capture(2, at=datetime(2026, 3, 6, tzinfo=UTC)))  # the same bytes again
            await keep(db, readers, run, None, url=PLAIN.format(number=3))
            elsewhere = plain_capture(4, at=datetime(2026, 3, 7, tzinfo=UTC), url="https://koran-contoh.id/amp/4")
            await keep(db, readers, run, elsewhere)  # the same bytes
            moved = plain_capture(7, url="https://koran-contoh.id/lama/7")
            hops = (Redirect(url=moved.url, status=301, location=PLAIN.format(number=7)),)
            await keep(db, readers, run, replace(moved, final_url=PLAIN.format(number=7), redirects=hops))
            feed = plain_capture(8, url="https://koran-contoh.id/feed")
            feed = replace(feed, body=b"<rss><channel></channel></rss>", content_type="application/rss+xml")
            await keep(db, readers, run, feed, kind="feed")
            rules = b"User-agent: *\nDisallow: /admin\n"
            origin_files.save_robots(db, RobotsFile(origin="https://koran-contoh.id", fetched_at=first, status=200, verdict="rules", body=rules))  # fmt: skip
            origin_files.save_robots(db, RobotsFile(origin="https://beritajatim.com", fetched_at=first, status=503, verdict="disallow_all", detail="503"))  # fmt: skip
            frontier.finish_run(db, run, at=first, exit_code=0)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive, to be read only."""
    path = tmp_path_factory.mktemp("exchange") / "a.db"
    fill(path)
    return path


@pytest.fixture
def stored(filled: Path, tmp_path: Path) -> Path:
    """A fresh copy of the filled archive."""
    return Path(shutil.copy(filled, tmp_path / "a.db"))


@pytest.fixture
def opened() -> Callable[..., Any]:
    """open_archive without asking for disk space."""
    return lambda path, mode="read": open_archive(path, mode=mode, min_free_bytes=0)
