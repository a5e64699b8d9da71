"""Articles as rows: how a record is stored, and how a new reading of a page affects the stored article."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.file.link_targets import canonical_link
from scraper.archive.file.region_rows import region_of
from scraper.archive.file.rows import clean, insert, texts_to_json, to_json
from scraper.archive.file.times import from_text, to_text
from scraper.changes import Version, coming_of, is_older, is_same, kinds_of
from scraper.reasons import Reason
from scraper.records import Article, as_json, json_fields
from scraper.schema import LATER, stored_as
from scraper.text import fold, storable
from scraper.typed import Struct, json_bytes
from scraper.urls import article_url

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

_ESCAPES = ("\\u00", "\\r", "\\b", "\\f")  # of control characters in JSON, which are not stored
_PLAIN, _MOMENTS, _JSON = (stored_as(how) for how in ("plain", "moment", "json"))
_EVER = datetime.min.replace(tzinfo=UTC)
# What a reading does to the stored article: creates it; confirms its text; revises it; returns to an earlier version;
# flips to and fro; reads the same bytes or page by other rules; adds a page; comes from another URL's copy with another
# text.
Fate = Literal["new", "same", "revision", "return", "flip", "extractor", "joined", "foreign"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRow:
    """The portal to which an article belongs, as the table `sites` stores it."""

    slug: str
    network: str
    name: str
    host: str
    zone: str
    province: str | None = None


class PageReading(Struct, frozen=True, kw_only=True):
    """What a page was read as, and where: `page` of its article, the capture's URL, the time of the attempt.

    `before` is today's reading of the captures of the stored version; None if nobody asked for it. `is_publishers` is
    False if the bytes are the same that were read before.
    """

    article: Article
    url_id: int
    at: datetime
    page: int = 1
    before: Article | None = None
    is_publishers: bool = True


class Kept(Struct, frozen=True, kw_only=True):
    """The stored article, as far as a decision needs it."""

    article_id: int
    content_hash: bytes
    record_hash: bytes
    region: tuple[str | None, str | None]
    version: Version


def kept_article(db: Database, url: str) -> Kept | None:
    """The article stored under a canonical URL, or known by it; None if there is none."""
    rows = db.execute(
        "SELECT id, content_hash, record_hash, region_code, region_source, headline, lede, byline, body, modified_at"
        " FROM articles WHERE id = coalesce("
        "(SELECT id FROM articles WHERE url = ?1), (SELECT article_id FROM addresses WHERE url = ?1))",
        [storable(url)],
    ).fetchall()
    if not rows:
        return None
    number, content, record, code, source, *text = rows[0]
    return Kept(
        article_id=number,
        content_hash=content,
        record_hash=record,
        region=(code, source),
        version=stored_version(*text),
    )


def is_kept(db: Database, url: str) -> bool:
    """Whether an article is stored under a canonical URL, or known by it."""
    sql = "SELECT 1 FROM articles WHERE url = ?1 UNION ALL SELECT 1 FROM addresses WHERE url = ?1"
    return bool(db.execute(sql, [storable(url)]).fetchall())


def stored_version(headline: str, lede: str | None, byline: str | None, body: str, modified_at: str | None) -> Version:
    """A version from its columns in `articles` or `revisions`."""
    return Version(
        headline=headline,
        lede=lede,
        byline=byline,
        blocks=tuple(body.split("\n\n")) if body else (),
        modified_at=from_text(modified_at),
    )


def version_of(article: Article) -> Version:
    """A version from a record, with the texts as they are stored."""
    return Version(
        headline=storable(article.headline),
        lede=clean(article.lede),
        byline=clean(article.byline),
        blocks=tuple(storable(block.text) for block in article.body),
        modified_at=article.modified_at,
    )


def fate_of(db: Database, kept: Kept | None, reading: PageReading) -> Fate:
    """What saving a reading would do to the stored article."""
    if kept is None:
        return "new"
    if content_hash(reading.article) == kept.content_hash:
        return "same"
    if _belongs_to_another_url(db, kept.article_id, reading):
        return "foreign"
    pages = db.execute("SELECT page FROM article_captures WHERE article_id = ?", [kept.article_id]).fetchall()
    if (reading.page,) not in pages:  # it makes the article longer, which is not an edit
        return "joined"
    return _fate_of_change(db, kept, reading)


def _fate_of_change(db: Database, kept: Kept, reading: PageReading) -> Fate:
    content = content_hash(reading.article)
    base = content_hash(reading.before) if reading.before else kept.content_hash
    if content == base or not reading.is_publishers:
        return "extractor"
    before = version_of(reading.before) if reading.before else kept.version
    if is_same(before, version_of(reading.article)):  # except for counters
        return "same"
    coming = coming_of(_versions(db, kept.article_id, base), content, now=reading.at)
    return "revision" if coming == "new" else coming


def returns_to_older(db: Database, article_id: int, article: Article, *, at: datetime) -> bool:
    """Whether a page shows a version that a newer one has replaced, which saving would take for the publisher's latest."""
    kept = db.execute("SELECT content_hash FROM articles WHERE id = ?", [article_id]).fetchall()[0][0]
    versions, content = _versions(db, article_id, kept), content_hash(article)
    return is_older(versions, content) and coming_of(versions, content, now=at) == "return"


def _versions(db: Database, article_id: int, current: bytes) -> list[tuple[bytes, datetime]]:
    """The publisher's versions: (content hash, first seen), the current one last."""
    rows = db.execute(
        "SELECT content_hash, replaced_at FROM revisions WHERE article_id = ? AND replaced_by = 'publisher' ORDER BY revision",
        [article_id],
    ).fetchall()
    begins = [_EVER, *(datetime.fromisoformat(at) for _, at in rows)]
    return list(zip([*(content for content, _ in rows), current], begins, strict=True))


def _belongs_to_another_url(db: Database, article_id: int, reading: PageReading) -> bool:
    """Whether this page of the article was read from another URL, which remains the one that counts.

    Two URLs may name the same canonical one and differ in text (a mobile copy, a print view, a wrong rel=canonical).
    Accepting both in turn would make a revision at every visit. The canonical URL itself takes over; another one does
    so only when the previous one is gone. The capture is kept in any case.
    """
    rows = db.execute(
        "SELECT u.id, u.url, (SELECT reason FROM fetches WHERE url_id = u.id ORDER BY id DESC LIMIT 1)"
        " FROM article_captures AS ac JOIN captures AS c ON c.id = ac.capture_id JOIN urls AS u ON u.id = c.url_id"
        " WHERE ac.article_id = ? AND ac.page = ?",
        [article_id, reading.page],
    ).fetchall()
    if not rows or rows[0][0] == reading.url_id or rows[0][2] == Reason.GONE.value:
        return False
    article_address = storable(reading.article.url)
    own = db.execute("SELECT url FROM urls WHERE id = ?", [reading.url_id]).fetchall()[0][0]
    return article_url(own) != article_address or article_url(rows[0][1]) == article_address


def is_changed(db: Database, reading: PageReading) -> bool:
    """Whether saving a reading would make a new revision by the publisher; False for an article that is not stored yet."""
    return fate_of(db, kept_article(db, reading.article.url), reading) in {"revision", "return"}


def article_row(article: Article) -> dict[str, Any]:
    """The columns of `articles` that a record fills."""
    spans, start = [], 0
    texts = [storable(block.text) for block in article.body]
    for block, text in zip(article.body, texts, strict=True):
        spans.append([block.kind, start, len(text)])
        start += len(text) + 2
    body = "\n\n".join(texts)
    dateline = article.dateline
    row: dict[str, Any] = {name: clean(getattr(article, name)) for name in _PLAIN}
    row |= {name: moment.isoformat() if (moment := getattr(article, name)) else None for name in _MOMENTS}
    row |= {name: texts_to_json(getattr(article, name)) for name in _JSON}
    row |= {
        "dateline": clean(dateline.text) if dateline else None,
        "dateline_place": clean(dateline.place) if dateline else None,
        "dateline_brand": clean(dateline.brand) if dateline else None,
        "published_utc": to_text(article.published_at) if article.published_at else None,
        "body": body,
        "blocks": texts_to_json(spans),
        "words": len(body.split()),
    }
    return row | {
        "content_hash": content_hash(article),
        "record_hash": record_hash(article),
    }


def content_hash(article: Article) -> bytes:
    """The hash whose change makes a revision: headline, lede, byline and body, after folding (white space, quotes,
    case).
    """
    return text_hash(article.headline, article.lede, article.byline, (block.text for block in article.body))


def text_hash(headline: str, lede: str | None, byline: str | None, blocks: Iterable[str]) -> bytes:
    """content_hash from the texts it covers."""
    return _hash_of((headline, lede or "", byline or "", *blocks))


@lru_cache(maxsize=8)  # needed several times for a page, by the code that decides and by the code that writes
def _hash_of(parts: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\x00".join(fold(storable(part)) for part in parts).encode()).digest()


def record_hash(article: Article) -> bytes:
    """A hash that changes with anything in a record; computed from the values as they are stored, so that it can be
    recomputed from them.
    """
    # Confidence is not stored: it follows from the provenance, by today's figures. A field that was introduced later
    # counts only if it is filled, so that digests of earlier formats remain valid.
    kept = {name: value for name, value in json_fields(article).items() if name != "confidence"}
    kept = {name: value for name, value in kept.items() if name not in LATER or value is not None}
    kept |= {name: value.isoformat() for name, value in kept.items() if isinstance(value, datetime)}
    try:
        text = storable(json_bytes(kept).decode())  # the same text as to_json(), in an eighth of the time
    except ValueError:  # a lone surrogate
        text = to_json(kept)
    if any(sign in text for sign in _ESCAPES):
        text = to_json(_storable(as_json(kept)))
    return hashlib.sha256(text.encode()).digest()


def _storable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _storable(each) for name, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list) else clean(value)


def columns_of(db: Database, article: Article, site: SiteRow | None) -> dict[str, Any]:
    """All columns of `articles` that follow from a record and its site, which is inserted into `sites`."""
    row = article_row(article)
    row["site_id"] = _site_id(db, site)
    row["region_code"], row["region_source"] = region_of(row["dateline_place"], site.province if site else None)
    return row


def insert_article(db: Database, article: Article, row: dict[str, Any]) -> int:
    """Insert an article; returns its id."""
    article_id = insert(db, "articles", row)
    _save_parts(db, article_id, article)
    return article_id


def rewrite_article(db: Database, article_id: int, article: Article, row: dict[str, Any]) -> None:
    """Replace what is stored of an article with a record."""
    columns = ", ".join(f"{column} = ?" for column in row)
    db.execute(f"UPDATE articles SET {columns} WHERE id = ?", [*row.values(), article_id])  # noqa: S608
    for table in ("bylines", "related_links", "tags", "images"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])  # noqa: S608
    _save_parts(db, article_id, article)


def keep_revision(
    db: Database,
    article_id: int,
    *,
    at: str,
    replaced_by: Literal["publisher", "extractor"],
    next_capture_id: int | None = None,
    kinds: tuple[str, ...] | None = None,
    run_id: int | None = None,
) -> None:
    """Move the version that is about to be replaced into `revisions`, with the captures on both sides of the change.

    `next_capture_id` None means that the captures stay (the extractor read them differently).
    """
    first = "(SELECT capture_id FROM article_captures WHERE article_id = a.id ORDER BY page LIMIT 1)"
    db.execute(
        "INSERT INTO revisions (article_id, revision, seen_at, replaced_at, replaced_by, capture_id, next_capture_id, kinds,"  # noqa: S608
        " run_id, layout, headline, lede, byline, modified_at, body, content_hash)"
        f" SELECT a.id, a.revision, a.last_seen_at, ?, ?, {first}, coalesce(?, {first}), ?, ?,"
        " a.layout, a.headline, a.lede, a.byline, a.modified_at, a.body, a.content_hash FROM articles AS a WHERE a.id = ?",
        [at, replaced_by, next_capture_id, to_json(kinds) if kinds is not None else None, run_id, article_id],
    )
    db.execute("UPDATE articles SET revision = revision + 1 WHERE id = ?", [article_id])


def kinds_between(before: Version, article: Article, fate: Fate) -> tuple[str, ...]:
    """The kinds of change that a revision by the publisher consists of."""
    return kinds_of(before, version_of(article), is_return=fate == "return")


def _save_parts(db: Database, article_id: int, article: Article) -> None:
    people: list[tuple[str, str, str | None]] = [
        (author.name, author.role, author.affiliation) for author in article.authors
    ]
    people += [(name, "editor", None) for name in article.editors]
    for position, (name, role, affiliation) in enumerate(people, 1):
        known = storable(name)
        db.execute("INSERT INTO people (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [known])
        db.execute(
            "INSERT INTO bylines (article_id, position, person_id, role, affiliation) SELECT ?, ?, id, ?, ? FROM people WHERE name = ?",
            [article_id, position, role, clean(affiliation), known],
        )
    for position, link in enumerate(article.related_links, 1):
        row = {"article_id": article_id, "position": position, "label": link.label, "text": link.text, "url": link.url}
        row |= {"after_block": link.after_block, "target_url": canonical_link(link.url)}
        insert(db, "related_links", {key: clean(value) for key, value in row.items()})
    for position, tag in enumerate(article.tags, 1):
        insert(db, "tags", {"article_id": article_id, "position": position, "tag": storable(tag)})
    lead = [(0, article.image)] if article.image else []
    for position, image in [*lead, *enumerate(article.images, 1)]:
        row = {
            "article_id": article_id,
            "position": position,
            "url": image.url,
            "caption": image.caption,
            "credit": image.credit,
        }
        insert(db, "images", {key: clean(value) for key, value in row.items()})


def _site_id(db: Database, site: SiteRow | None) -> int | None:
    if site is None:
        return None
    rows = db.execute("SELECT id FROM sites WHERE slug = ?", [site.slug]).fetchall()
    return int(rows[0][0]) if rows else insert(db, "sites", as_json(site))
