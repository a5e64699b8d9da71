"""One transaction a page: its body, capture, fetch row, article, revision, links and next due time, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any

from scraper.archive.articles import save_article
from scraper.archive.bodies import digest, pack
from scraper.archive.frontier import add_links
from scraper.archive.rows import insert, to_json, update
from scraper.archive.session import transaction
from scraper.archive.times import to_text
from scraper.errors import Reason
from scraper.records import Article, Capture, Link, Outcome, as_json

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """The portal an article belongs to, as the table `sites` keeps it."""

    slug: str
    network: str
    name: str
    host: str
    zone: str
    province: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageResult:
    """Everything that one attempt on a link brought.

    `capture` is None when nothing was kept; `article` when there is none to
    read. `parts` are (page, capture id) of the other pages that a joined
    article was read from; `page` is the page of this capture. `next_due` None
    takes the link out of the queue; `failures`, `unchanged` and `interval_s`
    are what the next decision on it needs.
    """

    url_id: int
    run_id: int
    outcome: Outcome
    capture: Capture | None = None
    article: Article | None = None
    site: SiteRow | None = None
    page: int = 1
    parts: tuple[tuple[int, int], ...] = ()
    links: tuple[Link, ...] = ()
    link_priority: int = 0
    depth: int = 0
    next_due: datetime | None = None
    failures: int = 0
    unchanged: int = 0
    interval_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a page changed in the archive; `reason` is the one recorded: `unchanged` for the bytes of the last capture."""

    reason: Reason
    capture_id: int | None
    is_new_capture: bool
    article_id: int | None = None
    is_new_article: bool = False
    is_changed: bool = False
    new_links: int = 0


def save_page(db: Database, result: PageResult) -> Saved:
    """Store what an attempt brought; after this returns, kill -9 cannot take it back."""
    with transaction(db):
        last = _last_capture(db, result.url_id)
        capture_id, is_new_capture = (
            _save_capture(db, result.url_id, result.capture) if result.capture else (None, False)
        )
        reason = result.outcome.reason
        is_same_bytes = capture_id is not None and capture_id == last
        if reason is Reason.OK and is_same_bytes:  # a page that went back to an earlier text has not: it has changed
            reason = Reason.UNCHANGED
        _save_fetch(db, result, reason, capture_id)
        article_id, is_new_article, is_changed = None, False, False
        if result.article is not None and capture_id is not None:
            article_id, is_new_article, is_changed = save_article(
                db, result.article, result, capture_id, site_id=_site_id(db, result), is_same_bytes=is_same_bytes
            )
        elif reason is Reason.UNCHANGED:
            _see_again(db, last, to_text(result.outcome.at))
        new_links = add_links(
            db,
            result.links,
            due_at=result.outcome.at,
            priority=result.link_priority,
            depth=result.depth + 1,
            found_on_id=result.url_id,
        )
        _save_next(db, result, reason)
    return Saved(
        reason=reason,
        capture_id=capture_id,
        is_new_capture=is_new_capture,
        article_id=article_id,
        is_new_article=is_new_article,
        is_changed=is_changed,
        new_links=new_links,
    )


def _last_capture(db: Database, url_id: int) -> int | None:
    rows = db.execute(
        "SELECT capture_id FROM fetches WHERE url_id = ? AND capture_id IS NOT NULL ORDER BY id DESC LIMIT 1", [url_id]
    ).fetchall()
    return int(rows[0][0]) if rows else None


def _see_again(db: Database, capture_id: int | None, at: str) -> None:
    """A 304 says that what was read from the last capture still stands."""
    db.execute(
        "UPDATE articles SET last_seen_at = ? WHERE last_seen_at < ?"
        " AND id IN (SELECT article_id FROM article_captures WHERE capture_id = ?)",
        [at, at, capture_id],
    )


def _save_capture(db: Database, url_id: int, capture: Capture) -> tuple[int, bool]:
    """The capture's id, and whether these bytes are new at this URL."""
    sha256 = digest(capture.body)
    rows = db.execute("SELECT id FROM bodies WHERE sha256 = ?", [sha256]).fetchall()
    if rows:
        body_id = int(rows[0][0])
    else:
        codec, data = pack(capture.body)
        body = {"sha256": sha256, "raw_bytes": len(capture.body), "codec": codec, "data": data}
        body_id = insert(db, "bodies", body)
    known = db.execute("SELECT id FROM captures WHERE url_id = ? AND body_id = ?", [url_id, body_id]).fetchall()
    if known:
        return int(known[0][0]), False
    row: dict[str, Any] = {
        "url_id": url_id,
        "body_id": body_id,
        "captured_at": to_text(capture.fetched_at),
        "final_url": capture.final_url,
        "status": capture.status,
        "headers": to_json(capture.headers),
        "request_headers": to_json(capture.request_headers),
        "content_type": capture.content_type,
        "charset": capture.charset,
        "redirects": to_json(capture.redirects),
        "http_version": capture.http_version,
        "elapsed_s": capture.elapsed_s,
        "wire_bytes": capture.wire_bytes,
    }
    return insert(db, "captures", row), True


def _save_fetch(db: Database, result: PageResult, reason: Reason, capture_id: int | None) -> None:
    outcome = result.outcome
    headers = {name.lower(): value for name, value in result.capture.headers} if result.capture else {}
    row: dict[str, Any] = {
        "url_id": result.url_id,
        "run_id": result.run_id,
        "at": to_text(outcome.at),
        "reason": reason.value,
        "status": outcome.status,
        "detail": outcome.detail,
        "attempts": outcome.attempt,
        "final_url": outcome.final_url,
        "redirects": to_json(outcome.redirects) if outcome.redirects else None,
        "wire_bytes": outcome.bytes_seen,
        "elapsed_s": outcome.elapsed_s,
        "etag": headers.get("etag"),
        "last_modified": headers.get("last-modified"),
        "capture_id": capture_id,
    }
    insert(db, "fetches", row)


def _save_next(db: Database, result: PageResult, reason: Reason) -> None:
    if result.next_due is None:
        db.execute("DELETE FROM frontier WHERE url_id = ?", [result.url_id])
        return
    db.execute(
        "UPDATE frontier SET due_at = ?, failures = ?, unchanged = ?, interval_s = ?, last_reason = ?,"
        " leased_by = NULL, leased_at = NULL WHERE url_id = ?",
        [
            to_text(result.next_due),
            result.failures,
            result.unchanged,
            result.interval_s,
            reason.value,
            result.url_id,
        ],
    )


def _site_id(db: Database, result: PageResult) -> int | None:
    """The row of the portal, as its definition says today; the URL learns whose it is."""
    if result.site is None:
        return None
    row = as_json(result.site)
    rows = list(db.query("SELECT * FROM sites WHERE slug = ?", [result.site.slug]))
    if rows:
        site_id = int(rows[0]["id"])
        update(db, "sites", site_id, {name: value for name, value in row.items() if value != rows[0][name]})
    else:
        site_id = insert(db, "sites", row)
    db.execute("UPDATE urls SET site_id = ? WHERE id = ? AND site_id IS NOT ?", [site_id, result.url_id, site_id])
    return site_id
