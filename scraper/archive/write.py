"""One transaction a page: its body, capture, fetch row, article, revision, links and next due time, or nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping  # noqa: TC003
from dataclasses import dataclass, field
from datetime import date, datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any

from scraper.archive.connection import transaction
from scraper.archive.crawling import ask_days, save_coverage, save_rhythm
from scraper.archive.frontier import add_links, make_due
from scraper.archive.links import target_of
from scraper.archive.regions import region_of
from scraper.archive.store import store_body
from scraper.archive.times import to_text
from scraper.errors import Reason
from scraper.records import Article, Capture, Link, Outcome, Rights, as_json
from scraper.text import fold, storable
from scraper.urls import article_url, host_of

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.archive.crawling import CoverageRow


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
    article was read from; `page` is the page of this capture. `again` are known
    URLs that are due now, whatever their time was. `robots_id` is the version of
    robots.txt that decided. `next_due` None takes the
    link out of the queue; `failures`, `unchanged` and `interval_s` are what the
    next decision on it needs. `rhythm` is what was learned of a `source`,
    `coverage` how the walk through a day stands after this page; `days` are
    walks (site, host, day) that begin with one of the links.
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
    again: tuple[str, ...] = ()
    link_priority: int = 0
    depth: int = 0
    robots_id: int | None = None
    rights: Rights = field(default_factory=Rights)
    next_due: datetime | None = None
    failures: int = 0
    unchanged: int = 0
    interval_s: int | None = None
    source: str | None = None
    rhythm: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    coverage: CoverageRow | None = None
    days: tuple[tuple[str, str, date], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What a page changed in the archive; `reason` is the one recorded, `unchanged` for bytes that were there already."""

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
        capture_id, is_new_capture = _save_capture(db, result) if result.capture else (None, False)
        reason = result.outcome.reason
        is_same = capture_id is not None and capture_id == _last_capture(db, result.url_id)
        if reason is Reason.OK and is_same:
            reason = Reason.UNCHANGED
        if reason is Reason.UNCHANGED:
            _seen_again(db, result)
        _save_fetch(db, result, reason, capture_id)
        article_id, is_new_article, is_changed = None, False, False
        if result.article is not None and capture_id is not None:
            article_id, is_new_article, is_changed = _save_article(db, result, capture_id, is_publishers=not is_same)
        new_links = add_links(
            db,
            result.links,
            due_at=result.outcome.at,
            priority=result.link_priority,
            depth=result.depth + 1,
            found_on_id=result.url_id,
        )
        make_due(db, result.again, at=result.outcome.at)
        if result.source is not None:
            save_rhythm(db, result.source, result.rhythm)
        ask_days(db, result.days, at=result.outcome.at)
        if result.coverage is not None:
            save_coverage(db, result.coverage, at=result.outcome.at)
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


def _save_capture(db: Database, result: PageResult) -> tuple[int, bool]:
    """The capture's id, and whether these bytes are new at this URL."""
    capture = result.capture
    assert capture is not None  # noqa: S101  (the caller asked)
    body_id = store_body(
        db,
        capture.body,
        host=host_of(capture.final_url),
        template=_template_of(db, result),
        at=capture.fetched_at,
        previous_id=_previous_body(db, result.url_id),
    )
    known = db.execute("SELECT id FROM captures WHERE url_id = ? AND body_id = ?", [result.url_id, body_id]).fetchall()
    if known:
        return int(known[0][0]), False
    row: dict[str, Any] = {
        "url_id": result.url_id,
        "body_id": body_id,
        "captured_at": to_text(capture.fetched_at),
        "final_url": storable(capture.final_url),
        "status": capture.status,
        "headers": _json(capture.headers),
        "request_headers": _json(capture.request_headers),
        "content_type": _text(capture.content_type),
        "charset": _text(capture.charset),
        "redirects": _json(capture.redirects),
        "http_version": _text(capture.http_version),
        "elapsed_s": capture.elapsed_s,
        "wire_bytes": capture.wire_bytes,
    }
    return _insert(db, "captures", row), True


def _template_of(db: Database, result: PageResult) -> str:
    """What the page looks like, for finding others like it: the layout that read it, else what kind of link it is."""
    if result.article is not None:
        return f"{result.article.layout} {result.article.kind}"
    return str(db.execute("SELECT kind FROM urls WHERE id = ?", [result.url_id]).fetchall()[0][0])


def _previous_body(db: Database, url_id: int) -> int | None:
    rows = db.execute("SELECT body_id FROM captures WHERE url_id = ? ORDER BY id DESC LIMIT 1", [url_id]).fetchall()
    return int(rows[0][0]) if rows else None


def _last_capture(db: Database, url_id: int) -> int | None:
    """The capture that the last kept answer of a URL had: a page may well go back to an earlier version."""
    rows = db.execute(
        "SELECT capture_id FROM fetches WHERE url_id = ? AND capture_id IS NOT NULL AND reason <> 'blocked'"
        " ORDER BY id DESC LIMIT 1",
        [url_id],
    ).fetchall()
    return int(rows[0][0]) if rows else None


def _seen_again(db: Database, result: PageResult) -> None:
    """Move the last sighting of the article that an unchanged page holds."""
    at = to_text(result.outcome.at)
    db.execute(
        "UPDATE articles SET last_seen_at = ? WHERE last_seen_at < ? AND id IN"
        " (SELECT article_id FROM article_captures WHERE capture_id = ?)",
        [at, at, _last_capture(db, result.url_id)],
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
        "detail": storable(outcome.detail) if outcome.detail else None,
        "attempts": outcome.attempt,
        "final_url": _text(outcome.final_url),
        "redirects": _json(outcome.redirects) if outcome.redirects else None,
        "wire_bytes": outcome.bytes_seen,
        "elapsed_s": outcome.elapsed_s,
        "etag": _text(headers.get("etag")),
        "last_modified": _text(headers.get("last-modified")),
        "capture_id": capture_id,
        "robots_id": result.robots_id,
        "robots_tags": storable(", ".join(result.rights.robots_tags)) or None,
        "tdm_reservation": result.rights.tdm_reservation,
        "tdm_policy": _text(result.rights.tdm_policy),
    }
    _insert(db, "fetches", row)


def _save_article(db: Database, result: PageResult, capture_id: int, *, is_publishers: bool) -> tuple[int, bool, bool]:
    """The article's id, whether it is new, and whether its text changed."""
    article = result.article
    assert article is not None  # noqa: S101  (the caller asked)
    row = article_row(article)
    row["site_id"] = _site_id(db, result.site)
    row["region_code"], row["region_source"] = region_of(
        row["dateline_place"], result.site.province if result.site else None
    )
    at = to_text(result.outcome.at)
    known = db.execute(
        "SELECT id, content_hash, record_hash, revision, region_code, region_source FROM articles WHERE url = ?",
        [row["url"]],
    ).fetchall()
    if not known:
        article_id = _insert(db, "articles", row | {"first_seen_at": at, "last_seen_at": at})
        _save_parts(db, article_id, article)
        _save_article_captures(db, article_id, result, capture_id)
        return article_id, True, False
    article_id, content_hash, record_hash, revision, *region = known[0]
    is_different = content_hash != row["content_hash"]
    if is_different and _belongs_to_another_url(db, article_id, result, row["url"]):
        return article_id, False, False
    # A page that joins its article makes it longer, which is nobody's edit.
    pages = db.execute("SELECT page FROM article_captures WHERE article_id = ?", [article_id]).fetchall()
    is_changed = is_different and (result.page,) in pages
    if is_changed:
        by = "publisher" if is_publishers else "extractor"
        _keep_revision(db, article_id, at=at, replaced_by=by, next_capture_id=capture_id)
        row["revision"] = revision + 1
    is_moved = region != [row["region_code"], row["region_source"]]
    if is_different or is_moved or record_hash != row["record_hash"]:  # nothing unchanged is written twice
        columns = ", ".join(f"{column} = ?" for column in row)
        db.execute(f"UPDATE articles SET {columns} WHERE id = ?", [*row.values(), article_id])  # noqa: S608
        for table in ("bylines", "related_links", "tags", "images"):
            db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])  # noqa: S608
        _save_parts(db, article_id, article)
    db.execute("UPDATE articles SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?", [at, article_id, at])
    _save_article_captures(db, article_id, result, capture_id)
    return article_id, False, is_changed


def _belongs_to_another_url(db: Database, article_id: int, result: PageResult, article_address: str) -> bool:
    """Whether this page of the article is read from another URL, which goes on speaking for it.

    Two URLs may name the same canonical one and differ in text (a mobile copy,
    a print view, a wrong rel=canonical). Taking both in turn would make a
    revision at every visit. The canonical URL itself takes over; another one
    only when the one before it is gone. The capture is kept in any case.
    """
    rows = db.execute(
        "SELECT u.id, u.url, (SELECT reason FROM fetches WHERE url_id = u.id ORDER BY id DESC LIMIT 1)"
        " FROM article_captures AS ac JOIN captures AS c ON c.id = ac.capture_id JOIN urls AS u ON u.id = c.url_id"
        " WHERE ac.article_id = ? AND ac.page = ?",
        [article_id, result.page],
    ).fetchall()
    if not rows or rows[0][0] == result.url_id or rows[0][2] == Reason.GONE.value:
        return False
    own = db.execute("SELECT url FROM urls WHERE id = ?", [result.url_id]).fetchall()[0][0]
    return article_url(own) != article_address or article_url(rows[0][1]) == article_address


def is_changed(db: Database, article: Article, *, page: int) -> bool:
    """Whether saving what was read from this page would make a new revision; False for an article that is not kept yet."""
    rows = db.execute(
        "SELECT a.content_hash FROM articles AS a JOIN article_captures AS c ON c.article_id = a.id"
        " WHERE a.url = ? AND c.page = ?",
        [article.url, page],
    ).fetchall()
    return bool(rows) and rows[0][0] != content_hash(article)


def article_row(article: Article) -> dict[str, Any]:
    """The columns of `articles` that a record fills."""
    record = as_json(article)
    spans, start = [], 0
    for block in article.body:
        text = storable(block.text)
        spans.append([block.kind, start, len(text)])
        start += len(text) + 2
    body = "\n\n".join(storable(block.text) for block in article.body)
    dateline = article.dateline
    row: dict[str, Any] = {
        name: _text(record[name])
        for name in (
            "url", "site", "kind", "headline", "kicker", "lede", "byline", "source_credit", "published_at", "modified_at",
            "published_raw", "sign_off", "language", "page", "page_count", "next_page", "access", "layout",
        )
    }  # fmt: skip
    row |= {
        "dateline": _text(dateline.text) if dateline else None,
        "dateline_place": _text(dateline.place) if dateline else None,
        "dateline_brand": _text(dateline.brand) if dateline else None,
        "published_utc": to_text(article.published_at) if article.published_at else None,
        "body": body,
        "blocks": _json(spans),
        "words": len(body.split()),
        "section": _json(article.section),
        "provenance": _json(article.provenance),
        "warnings": _json(article.warnings),
    }
    return row | {"content_hash": content_hash(article), "record_hash": hashlib.sha256(_json(record).encode()).digest()}


def content_hash(article: Article) -> bytes:
    """What makes a revision when it differs: headline, lede, byline and body, after folding (white space, quotes, case)."""
    parts = [article.headline, article.lede or "", article.byline or "", *(block.text for block in article.body)]
    return hashlib.sha256("\x00".join(fold(storable(part)) for part in parts).encode()).digest()


def _keep_revision(db: Database, article_id: int, *, at: str, replaced_by: str, next_capture_id: int) -> None:
    """The version that is about to be replaced, with the captures on both sides of the change."""
    db.execute(
        "INSERT INTO revisions (article_id, revision, seen_at, replaced_at, replaced_by, capture_id, next_capture_id,"
        " layout, headline, lede, byline, modified_at, body, content_hash)"
        " SELECT a.id, a.revision, a.last_seen_at, ?, ?,"
        " (SELECT capture_id FROM article_captures WHERE article_id = a.id ORDER BY page LIMIT 1), ?,"
        " a.layout, a.headline, a.lede, a.byline, a.modified_at, a.body, a.content_hash FROM articles AS a WHERE a.id = ?",
        [at, replaced_by, next_capture_id, article_id],
    )


def _save_parts(db: Database, article_id: int, article: Article) -> None:
    people: list[tuple[str, str, str | None]] = [
        (author.name, author.role, author.affiliation) for author in article.authors
    ]
    people += [(name, "editor", None) for name in article.editors]
    for position, (name, role, affiliation) in enumerate(people, 1):
        clean = storable(name)
        db.execute("INSERT INTO people (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [clean])
        db.execute(
            "INSERT INTO bylines (article_id, position, person_id, role, affiliation) SELECT ?, ?, id, ?, ? FROM people WHERE name = ?",
            [article_id, position, role, _text(affiliation), clean],
        )
    for position, link in enumerate(article.related_links, 1):
        row = {"article_id": article_id, "position": position, "label": link.label, "text": link.text, "url": link.url}
        row |= {"after_block": link.after_block, "target_url": target_of(link.url)}
        _insert(db, "related_links", {key: _text(value) for key, value in row.items()})
    for position, tag in enumerate(article.tags, 1):
        _insert(db, "tags", {"article_id": article_id, "position": position, "tag": storable(tag)})
    lead = [(0, article.image)] if article.image else []
    for position, image in [*lead, *enumerate(article.images, 1)]:
        row = {
            "article_id": article_id,
            "position": position,
            "url": image.url,
            "caption": image.caption,
            "credit": image.credit,
        }
        _insert(db, "images", {key: _text(value) for key, value in row.items()})


def _save_article_captures(db: Database, article_id: int, result: PageResult, capture_id: int) -> None:
    for page, part in (*result.parts, (result.page, capture_id)):
        db.execute(
            "INSERT INTO article_captures (article_id, page, capture_id) VALUES (?, ?, ?)"
            " ON CONFLICT (article_id, page) DO UPDATE SET capture_id = excluded.capture_id",
            [article_id, page, part],
        )
    # Pages that the site has taken back; behind a gap they may still be needed, so page_count decides.
    page_count = max(result.article.page_count if result.article else 1, result.page)
    db.execute("DELETE FROM article_captures WHERE article_id = ? AND page > ?", [article_id, page_count])


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


def _site_id(db: Database, site: SiteRow | None) -> int | None:
    if site is None:
        return None
    rows = db.execute("SELECT id FROM sites WHERE slug = ?", [site.slug]).fetchall()
    return int(rows[0][0]) if rows else _insert(db, "sites", as_json(site))


def _insert(db: Database, table: str, row: dict[str, Any]) -> int:
    places = ", ".join("?" * len(row))
    cursor = db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))  # noqa: S608
    return int(cursor.lastrowid or 0)


def _text(value: Any) -> Any:
    return storable(value) if isinstance(value, str) else value


def _json(value: object) -> str:
    return storable(json.dumps(as_json(value), ensure_ascii=False, separators=(",", ":")))
