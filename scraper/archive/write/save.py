"""One transaction per page: its body, capture, fetch row, article, revision, links and next due time, or nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from scraper.archive.file.articles import (
    Fate,
    Kept,
    PageReading,
    SiteRow,
    columns_of,
    content_hash,
    fate_of,
    insert_article,
    keep_revision,
    kept_article,
    kinds_between,
    rewrite_article,
    version_of,
)
from scraper.archive.file.bodies import digest
from scraper.archive.file.connection import transaction
from scraper.archive.file.rows import clean, insert, texts_to_json, to_json
from scraper.archive.file.store import store_body
from scraper.archive.file.times import to_text
from scraper.archive.write.doubts import ASIDE_SQL, keep_doubt, settle_doubt, take_back
from scraper.archive.write.followed import save_followed
from scraper.archive.write.frontier import add_links, make_due
from scraper.archive.write.identity import keep_move, settle_identity
from scraper.archive.write.pageresult import PageResult, Saved
from scraper.archive.write.progress import ask_days, save_coverage, save_rhythm
from scraper.archive.write.url_history import count_day, give_up, name_links
from scraper.discreet import kept_headers, kept_request
from scraper.errors import Reason
from scraper.text import storable
from scraper.urls import host_of, without_userinfo

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

    from scraper.records import Redirect


_GONE = frozenset({Reason.GONE, Reason.SOFT_404})
TAKEN_BACK_AFTER = timedelta(hours=1)  # the URL is then requested again


# Whether the stored text is a notice of withdrawal: that was the publisher's last change.
_IS_NOTICE = (
    "coalesce((SELECT kinds FROM revisions WHERE article_id = articles.id AND replaced_by = 'publisher'"
    " ORDER BY revision DESC LIMIT 1), '') LIKE '%\"withdrawn\"%'"
)
_STILL_WITHDRAWN = f"iif({_IS_NOTICE}, withdrawn_at, NULL)"


def save_page(db: Database, result: PageResult) -> Saved:
    """Store what an attempt yielded; once this returns, kill -9 cannot undo it."""
    with transaction(db):
        capture_id, is_new_capture = _save_capture(db, result) if result.capture else (None, False)
        reason = result.outcome.reason
        is_known = capture_id is not None and not is_new_capture
        is_same = is_known and capture_id == _last_capture(db, result.url_id)
        if reason is Reason.OK and is_same:
            reason = Reason.UNCHANGED
        if reason is Reason.UNCHANGED or result.is_same_article:
            _seen_again(db, result)
        elif reason in _GONE:
            _withdrawn(db, result)
        _save_fetch(db, result, reason, capture_id)
        article_id, is_new_article, is_changed = None, False, False
        if result.article is not None and capture_id is not None:
            article_id, is_new_article, is_changed = _save_article(
                db, result, capture_id, is_publishers=not (is_same or result.is_ours)
            )
            if result.identity is not None:
                settle_identity(db, result.identity, at=result.outcome.at)
        if result.moved is not None:
            keep_move(db, result.moved, at=result.outcome.at)
        _save_doubts(db, result, reason, capture_id)
        new_links = _save_links(db, result)
        if not result.leaves_queue:
            if result.is_asked:
                count_day(db, host_of(result.outcome.url), result.outcome.at, reason, was_failing=result.was_failing)
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


def _save_links(db: Database, result: PageResult) -> int:
    """What a page or listing says about others: links for the queue (returns how many were new), followed hosts, days
    that are walked.
    """
    new_links = add_links(
        db,
        result.links,
        due_at=result.outcome.at,
        priority=result.link_priority,
        depth=result.depth + 1,
        found_on_id=result.url_id,
    )
    new_links += add_links(
        db, result.sections, due_at=result.outcome.at, priority=result.link_priority, found_on_id=result.url_id
    )
    new_links += add_links(
        db,
        result.backlog,
        due_at=result.outcome.at,
        priority=result.backlog_priority,
        depth=result.depth + 1,
        found_on_id=result.url_id,
    )
    save_followed(db, result.followed, at=result.outcome.at)
    make_due(db, result.again, at=result.outcome.at)
    if result.named is not None:
        name_links(db, result.named, at=result.outcome.at, listing_id=result.url_id)
    if result.source is not None:
        save_rhythm(db, result.source, result.rhythm)
    ask_days(db, result.days, at=result.outcome.at)
    if result.coverage is not None:
        save_coverage(db, result.coverage, at=result.outcome.at)
    return new_links


def _save_doubts(db: Database, result: PageResult, reason: Reason, capture_id: int | None) -> None:
    """What waits for confirmation, what was decided, and what turned out to be no article."""
    at = result.outcome.at
    if result.doubt is not None and capture_id is not None:
        keep_doubt(db, result.doubt, url_id=result.url_id, capture_id=capture_id, at=at)
    elif reason in (Reason.OK, Reason.UNCHANGED):
        settle_doubt(db, result.url_id, at=at, is_taken=result.is_confirmed)
    for article_id, why in result.takes_back:
        take_back(db, article_id, why, due_at=at + TAKEN_BACK_AFTER)


def _save_capture(db: Database, result: PageResult) -> tuple[int, bool]:
    """The capture's id, and whether these bytes are new at this URL."""
    capture = result.capture
    assert capture is not None  # noqa: S101  (the caller asked)
    previous = _previous_body(db, result.url_id)
    body_id = store_body(
        db,
        capture.body,
        host=host_of(capture.final_url),
        template=_template_of(db, result),
        at=capture.fetched_at,
        previous_id=previous,
    )
    if previous is not None:
        sql = "SELECT id FROM captures WHERE url_id = ? AND body_id = ?"
        if known := db.execute(sql, [result.url_id, body_id]).fetchall():
            return int(known[0][0]), False
    row: dict[str, Any] = {
        "url_id": result.url_id,
        "body_id": body_id,
        "captured_at": to_text(capture.fetched_at),
        "final_url": storable(capture.final_url),
        "status": capture.status,
        "headers": texts_to_json(kept_headers(capture.headers)),
        "request_headers": _request_json(capture.request_headers),
        "content_type": clean(capture.content_type),
        "charset": clean(capture.charset),
        "redirects": to_json(_hops(capture.redirects)) if capture.redirects else "[]",
        "http_version": clean(capture.http_version),
        "elapsed_s": capture.elapsed_s,
        "wire_bytes": capture.wire_bytes,
        "truncated": clean(capture.truncated),
        "ending": clean(result.ending),
        "text_key": result.text_key,
        "title_key": result.title_key,
        "landed": clean(result.landed),
        "charset_used": result.charset.charset if result.charset else None,
        "charset_source": result.charset.source if result.charset else None,
        "replaced": result.charset.replaced if result.charset else None,
    }
    return insert(db, "captures", row), True


@lru_cache(maxsize=64)  # nearly all pages have the same request headers
def _request_json(headers: tuple[tuple[str, str], ...]) -> str:
    return to_json(kept_request(headers))


def _hops(redirects: Sequence[Redirect]) -> list[Redirect]:
    return [replace(hop, url=without_userinfo(hop.url), location=without_userinfo(hop.location)) for hop in redirects]


def _template_of(db: Database, result: PageResult) -> str:
    """What the page looks like, to find others like it: the layout that read it, or else the kind of link."""
    if result.article is not None:
        return f"{result.article.layout} {result.article.kind}"
    return str(db.execute("SELECT kind FROM urls WHERE id = ?", [result.url_id]).fetchall()[0][0])


def _previous_body(db: Database, url_id: int) -> int | None:
    rows = db.execute("SELECT body_id FROM captures WHERE url_id = ? ORDER BY id DESC LIMIT 1", [url_id]).fetchall()
    return int(rows[0][0]) if rows else None


def _last_capture(db: Database, url_id: int) -> int | None:
    """The capture of a URL's last kept answer: a page may return to an earlier version."""
    rows = db.execute(
        "SELECT capture_id FROM fetches WHERE url_id = ? AND capture_id IS NOT NULL"  # noqa: S608
        f" AND reason NOT IN ({ASIDE_SQL}) ORDER BY id DESC LIMIT 1",
        [url_id],
    ).fetchall()
    return int(rows[0][0]) if rows else None


def is_read(db: Database, url_id: int, body: bytes) -> bool:
    """Whether these are the bytes that a URL last gave, and its article has been read from them."""
    rows = db.execute(
        "SELECT b.raw_bytes, b.sha256 FROM captures AS c JOIN bodies AS b ON b.id = c.body_id"
        " WHERE c.id = ? AND EXISTS (SELECT 1 FROM article_captures WHERE capture_id = c.id)",
        [_last_capture(db, url_id)],
    ).fetchall()
    return bool(rows) and rows[0][0] == len(body) and rows[0][1] == digest(body)


def _seen_again(db: Database, result: PageResult) -> None:
    """Update the last sighting of the article on an unchanged page."""
    at = to_text(result.outcome.at)
    db.execute(
        f"UPDATE articles SET last_seen_at = ?, withdrawn_at = {_STILL_WITHDRAWN} WHERE last_seen_at < ? AND id IN"  # noqa: S608
        " (SELECT ac.article_id FROM captures AS c JOIN article_captures AS ac ON ac.capture_id = c.id"
        " WHERE c.id = ? OR (? AND c.url_id = ?))",
        [at, at, _last_capture(db, result.url_id), _is_article(db, result.url_id), result.url_id],
    )


def _is_article(db: Database, url_id: int) -> bool:
    """Whether a URL's last answer was its article, even if it was not accepted (it says less, it flips to and fro)."""
    rows = db.execute(
        f"SELECT reason FROM fetches WHERE url_id = ? AND reason NOT IN ('unchanged', {ASIDE_SQL}) ORDER BY id DESC LIMIT 1",  # noqa: S608
        [url_id],
    ).fetchall()
    return bool(rows) and rows[0][0] == Reason.OK


def _withdrawn(db: Database, result: PageResult) -> None:
    """Mark an article whose URL is gone with the moment when it was first missed; it keeps its text."""
    db.execute(
        "UPDATE articles SET withdrawn_at = ?1 WHERE withdrawn_at IS NULL AND id IN (SELECT ac.article_id FROM captures AS c"
        " JOIN article_captures AS ac ON ac.capture_id = c.id WHERE c.url_id = ?2 AND ac.page = 1"
        " UNION SELECT a.id FROM urls AS u JOIN articles AS a ON a.url = u.url WHERE u.id = ?2)",
        [to_text(result.outcome.at), result.url_id],
    )


def _save_fetch(db: Database, result: PageResult, reason: Reason, capture_id: int | None) -> None:
    outcome = result.outcome
    headers = {name.lower(): value for name, value in result.capture.headers} if result.capture else {}
    row: dict[str, Any] = {
        "url_id": result.url_id,
        "run_id": result.run_id,
        "at": to_text(outcome.at),
        "reason": reason.value,
        "status": outcome.status,
        "detail": storable(without_userinfo(outcome.detail)) if outcome.detail else None,
        "attempts": outcome.attempt,
        "final_url": clean(outcome.final_url),
        "redirects": to_json(_hops(outcome.redirects)) if outcome.redirects else None,
        "wire_bytes": outcome.bytes_seen,
        "elapsed_s": outcome.elapsed_s,
        "etag": clean(headers.get("etag")),
        "last_modified": clean(headers.get("last-modified")),
        "capture_id": capture_id,
        "robots_id": result.robots_id,
        "robots_tags": storable(", ".join(result.rights.robots_tags)) or None,
        "tdm_reservation": result.rights.tdm_reservation,
        "tdm_policy": clean(result.rights.tdm_policy),
        "left_out": result.left_out or None,
        "fresh_s": result.fresh_s,
    }
    insert(db, "fetches", row)


def _save_article(db: Database, result: PageResult, capture_id: int, *, is_publishers: bool) -> tuple[int, bool, bool]:
    """The article's id, whether it is new, and whether the publisher changed its text."""
    article = result.article
    assert article is not None  # noqa: S101  (the caller asked)
    reading = PageReading(
        article=article,
        url_id=result.url_id,
        at=result.outcome.at,
        page=result.page,
        before=result.before,
        is_publishers=is_publishers,
    )
    kept = kept_article(db, article.url)
    fate = fate_of(db, kept, reading)
    at = to_text(result.outcome.at)
    if kept is None:
        row = columns_of(db, article, result.site)
        article_id = insert_article(db, article, row | {"first_seen_at": at, "last_seen_at": at})
        _save_article_captures(db, article_id, result, capture_id)
        return article_id, True, False
    article_id = kept.article_id
    if fate == "foreign":
        return article_id, False, False
    if fate != "flip":  # otherwise the captures stay those of the stored text
        _save_text(db, kept, reading, fate=fate, site=result.site, capture_id=capture_id)
        _save_article_captures(db, article_id, result, capture_id)
        # Pages that the site has removed; after a gap they may still be needed, so page_count decides.
        page_count = max(article.page_count, result.page)
        db.execute("DELETE FROM article_captures WHERE article_id = ? AND page > ?", [article_id, page_count])
    db.execute(  # after the replaced version went into `revisions` with its own last sighting
        "UPDATE articles SET last_seen_at = max(last_seen_at, ?),"  # noqa: S608
        f" withdrawn_at = coalesce({_STILL_WITHDRAWN}, iif({_IS_NOTICE}, ?, NULL)), flips = flips + ? WHERE id = ?",
        [at, at, fate == "flip", article_id],
    )
    return article_id, False, fate in {"revision", "return"}


def _save_text(
    db: Database, kept: Kept, reading: PageReading, *, fate: Fate, site: SiteRow | None, capture_id: int
) -> None:
    """Store the record, and put what it replaces into the history it belongs to: the extractor's, the publisher's, or
    both.
    """
    at = to_text(reading.at)
    before = kept.version
    if fate == "extractor":
        keep_revision(db, kept.article_id, at=at, replaced_by="extractor", next_capture_id=capture_id)
    elif fate in {"revision", "return"}:
        if reading.before is not None and content_hash(reading.before) != kept.content_hash:
            keep_revision(db, kept.article_id, at=at, replaced_by="extractor")
            rewrite_article(db, kept.article_id, reading.before, columns_of(db, reading.before, site))
            before = version_of(reading.before)
        kinds = kinds_between(before, reading.article, fate)
        keep_revision(db, kept.article_id, at=at, replaced_by="publisher", next_capture_id=capture_id, kinds=kinds)
    row = columns_of(db, reading.article, site)
    is_moved = kept.region != (row["region_code"], row["region_source"])
    if fate != "same" or is_moved or kept.record_hash != row["record_hash"]:  # nothing unchanged is written twice
        rewrite_article(db, kept.article_id, reading.article, row)


def _save_article_captures(db: Database, article_id: int, result: PageResult, capture_id: int) -> None:
    for page, part in (*result.parts, (result.page, capture_id)):
        db.execute(
            "INSERT INTO article_captures (article_id, page, capture_id) VALUES (?, ?, ?)"
            " ON CONFLICT (article_id, page) DO UPDATE SET capture_id = excluded.capture_id",
            [article_id, page, part],
        )


def _save_next(db: Database, result: PageResult, reason: Reason) -> None:
    if result.next_due is None:
        db.execute("DELETE FROM frontier WHERE url_id = ?", [result.url_id])
        if result.conclusion is not None:
            give_up(db, result.url_id, at=result.outcome.at, why=result.conclusion)
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
