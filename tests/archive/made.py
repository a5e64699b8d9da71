"""Helpers for tests of the archive: an article, a capture of it, and ways to store them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from scraper.archive.file.connection import Mode, open_archive
from scraper.archive.file.shape import normalized_sql
from scraper.archive.write import frontier
from scraper.archive.write.pageresult import PageResult, Saved
from scraper.archive.write.save import save_page
from scraper.reasons import Reason
from scraper.records import (
    Article,
    Block,
    Capture,
    Link,
    Outcome,
    Redirect,
)
from scraper.typed import replace

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://contoh.id/2026/03/01/jembatan-baru"
ROOT = Path(__file__).parent.parent.parent
# The archive of two crawls, right after the step from format 1: links have no target yet.
EARLY = ROOT / "tests" / "archive" / "formats" / "format-2-early.db.zst"


def opened(path: Path, mode: Mode = "crawl") -> Any:
    return open_archive(path, mode=mode, min_free_bytes=0)


def link(url: str = URL, **changes: Any) -> Link:
    return Link(url=url, raw_url=url, **changes)


def capture(body: bytes = b"<p>satu</p>", url: str = URL, at: datetime = NOW) -> Capture:
    return Capture(
        url=url,
        final_url=url,
        status=200,
        fetched_at=at,
        body=body,
        headers=(("etag", '"1"'), ("content-type", "text/html")),
        redirects=(Redirect(url=url, status=301, location=url),),
        content_type="text/html",
        elapsed_s=0.5,
        wire_bytes=len(body),
    )


def article(*texts: str, url: str = URL, **changes: Any) -> Article:
    body = tuple(Block(kind="paragraph", text=text) for text in texts or ("Jembatan dibuka pagi ini.",))
    return Article(**{"url": url, "headline": "Jembatan baru", "layout": "contoh/2024", "body": body} | changes)


def lease(db: Any, url: str = URL, run_id: int | None = None) -> tuple[int, int]:
    run = run_id or frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW)
    frontier.add_links(db, [link(url)], due_at=NOW)
    frontier.make_due(db, [url], at=NOW)
    queued = frontier.lease(db, run, host="contoh.id", now=NOW + timedelta(days=1))
    assert queued is not None
    return run, queued.url_id


def save(
    db: Any, what: Article | None, body: bytes = b"<p>satu</p>", *, url: str = URL, at: datetime = NOW, **changes: Any
) -> Saved:
    run, url_id = lease(db, url)
    outcome = Outcome(url=url, reason=Reason.OK, at=at, status=200)
    result = PageResult(url_id=url_id, run_id=run, outcome=outcome, capture=capture(body, url, at), article=what)
    return save_page(db, replace(result, **changes))


def schema_of(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as plain:
        rows = plain.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'articles_fts_%'"
        ).fetchall()
    return sorted(normalized_sql(sql) for (sql,) in rows)


def damaged(path: Path) -> bytes:
    """Make an archive at `path` in which every other page is blank; its bytes."""
    with opened(path) as db:
        save(db, article(), bytes(range(256)) * 400)
    data = bytearray(path.read_bytes())
    for page in range(2, len(data) // 8192, 2):
        data[page * 8192 : (page + 1) * 8192] = bytes(8192)
    path.write_bytes(data)
    return bytes(data)
