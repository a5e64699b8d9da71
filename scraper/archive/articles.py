"""An article from its record: its row, its people, links, tags and pictures, its earlier versions."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from scraper.archive.rows import clean, insert, to_json, update
from scraper.archive.times import to_text
from scraper.records import as_json
from scraper.text import fold, storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlite_utils import Database

    from scraper.archive.write import PageResult
    from scraper.records import Article

_PARTS = ("bylines", "related_links", "tags", "images")


def save_article(
    db: Database, article: Article, result: PageResult, capture_id: int, *, site_id: int | None, is_same_bytes: bool
) -> tuple[int, bool, bool]:
    """The article's id, whether it is new, and whether its text changed.

    `is_same_bytes`: they are those of the last capture of this URL.
    """
    row = article_row(article) | {"site_id": site_id}
    at = to_text(result.outcome.at)
    known = list(db.query("SELECT * FROM articles WHERE url = ?", [row["url"]]))
    if not known:
        article_id = insert(db, "articles", row | {"first_seen_at": at, "last_seen_at": at})
        _save_parts(db, article_id, article)
        _save_captures(db, article_id, article, {result.page: capture_id, **dict(result.parts)})
        return article_id, True, False
    old = known[0]
    article_id = int(old["id"])
    pages = dict(
        db.execute("SELECT page, capture_id FROM article_captures WHERE article_id = ?", [article_id]).fetchall()
    )
    seen = {"last_seen_at": max(at, old["last_seen_at"])}
    if is_same_bytes and pages.get(result.page, capture_id) != capture_id:
        # Two URLs claim this article and the newer capture is the other's: without this they would take turns for ever.
        update(db, "articles", article_id, seen)
        return article_id, False, False
    read_from = {result.page: capture_id, **dict(result.parts)}
    # A page that joins its article makes it longer, which is nobody's edit.
    is_changed = old["content_hash"] != row["content_hash"] and result.page in pages
    if is_changed:
        by = "extractor" if read_from.items() <= pages.items() else "publisher"
        _keep_revision(db, article_id, at=at, replaced_by=by)
        row["revision"] = old["revision"] + 1
    if old["record_hash"] != row["record_hash"]:
        _save_parts(db, article_id, article)
    # Nothing unchanged is written twice; above all not headline, lede and body, which would rewrite the search entry.
    update(db, "articles", article_id, {name: value for name, value in (row | seen).items() if value != old[name]})
    _save_captures(db, article_id, article, read_from)
    return article_id, False, is_changed


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
        name: clean(record[name])
        for name in (
            "url", "site", "kind", "headline", "kicker", "lede", "byline", "source_credit", "published_at", "modified_at",
            "published_raw", "sign_off", "language", "page", "page_count", "next_page", "access", "layout",
        )
    }  # fmt: skip
    row |= {
        "dateline": clean(dateline.text) if dateline else None,
        "dateline_place": clean(dateline.place) if dateline else None,
        "dateline_brand": clean(dateline.brand) if dateline else None,
        "published_utc": to_text(article.published_at) if article.published_at else None,
        "body": body,
        "blocks": to_json(spans),
        "words": len(body.split()),
        "section": to_json(article.section),
        "provenance": to_json(article.provenance),
        "warnings": to_json(article.warnings),
    }
    return row | {
        "content_hash": content_hash(article),
        "record_hash": hashlib.sha256(to_json(record).encode()).digest(),
    }


def content_hash(article: Article) -> bytes:
    """What makes a revision when it differs: headline, lede, byline and body, after folding (white space, quotes, case)."""
    parts = [article.headline, article.lede or "", article.byline or "", *(block.text for block in article.body)]
    return hashlib.sha256("\x00".join(fold(storable(part)) for part in parts).encode()).digest()


def _keep_revision(db: Database, article_id: int, *, at: str, replaced_by: str) -> None:
    db.execute(
        "INSERT INTO revisions SELECT a.id, a.revision, a.last_seen_at, ?, ?,"
        " (SELECT capture_id FROM article_captures WHERE article_id = a.id ORDER BY page LIMIT 1),"
        " a.layout, a.headline, a.lede, a.byline, a.modified_at, a.body, a.content_hash FROM articles AS a WHERE a.id = ?",
        [at, replaced_by, article_id],
    )


def _save_parts(db: Database, article_id: int, article: Article) -> None:
    for table in _PARTS:
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])  # noqa: S608
    people: list[tuple[str, str, str | None]] = [
        (author.name, author.role, author.affiliation) for author in article.authors
    ]
    people += [(name, "editor", None) for name in article.editors]
    for position, (name, role, affiliation) in enumerate(people, 1):
        clean = storable(name)
        db.execute("INSERT INTO people (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [clean])
        db.execute(
            "INSERT INTO bylines (article_id, position, person_id, role, affiliation) SELECT ?, ?, id, ?, ? FROM people WHERE name = ?",
            [article_id, position, role, clean(affiliation), clean],
        )
    for position, link in enumerate(article.related_links, 1):
        row = {"article_id": article_id, "position": position, "label": link.label, "text": link.text, "url": link.url}
        insert(db, "related_links", row | {"after_block": link.after_block})
    for position, tag in enumerate(article.tags, 1):
        insert(db, "tags", {"article_id": article_id, "position": position, "tag": tag})
    lead = [(0, article.image)] if article.image else []
    for position, image in [*lead, *enumerate(article.images, 1)]:
        row = {
            "article_id": article_id,
            "position": position,
            "url": image.url,
            "caption": image.caption,
            "credit": image.credit,
        }
        insert(db, "images", row)


def _save_captures(db: Database, article_id: int, article: Article, read_from: Mapping[int, int]) -> None:
    """Which captures the article is read from now; pages that it no longer has are taken off the list."""
    for page, capture_id in read_from.items():
        db.execute(
            "INSERT INTO article_captures (article_id, page, capture_id) VALUES (?, ?, ?)"
            " ON CONFLICT (article_id, page) DO UPDATE SET capture_id = excluded.capture_id"
            " WHERE capture_id <> excluded.capture_id",
            [article_id, page, capture_id],
        )
    last = max(article.page_count, *read_from)
    db.execute("DELETE FROM article_captures WHERE article_id = ? AND page > ?", [article_id, last])
