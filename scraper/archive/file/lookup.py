"""Reading the archive: records and captures."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from scraper.archive.file.store import body_of
from scraper.archive.file.times import from_text, to_text
from scraper.confidence import confidence_of
from scraper.errors import ArchiveDamaged
from scraper.records import Capture, Redirect, article_from_json
from scraper.schema import ORDER, stored_as
from scraper.text import storable
from scraper.typed import json_value
from scraper.urls import article_url, canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

    from scraper.records import Article

_AT = {name: place for place, name in enumerate(ORDER)}
_WITH_COLUMN = frozenset({*stored_as("plain", "moment", "json"), "body"})
# For an article: what is known besides its record, then a value for each field of the record, in its order.
_BESIDE = (
    "a.id, a.first_seen_at, a.last_seen_at, a.revision, a.published_utc, s.name, a.region_code, r.name, r.province,"
    " a.region_source, a.words, a.dateline, a.dateline_place, a.dateline_brand, a.blocks"
)
_BESIDES = _BESIDE.count(",") + 1
_ARTICLES_SQL = (
    f"SELECT {_BESIDE}, {', '.join(f'a.{name}' if name in _WITH_COLUMN else 'NULL' for name in ORDER)} FROM articles AS a"  # noqa: S608
    " LEFT JOIN sites AS s ON s.id = a.site_id LEFT JOIN regions AS r ON r.code = a.region_code"
    " WHERE a.id IN (SELECT value FROM json_each(?))"
)
# For SQL: the article of a row `u` of `urls`: the one stored from a page of it, or else the one stored under it or
# known by it.
ARTICLE_AT_SQL = (
    "coalesce((SELECT ac.article_id FROM captures AS c JOIN article_captures AS ac ON ac.capture_id = c.id WHERE c.url_id = u.id"
    " ORDER BY c.id DESC LIMIT 1), (SELECT id FROM articles WHERE url = u.url), (SELECT article_id FROM addresses WHERE url = u.url))"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRegion:
    """Where an article is from: the official code, the region's name, its province's, and the evidence (dateline,
    portal).
    """

    code: str
    name: str
    province: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """A record as JSON values (schemas/article.schema.json), and what the archive knows about it."""

    article_id: int
    record: dict[str, Any]
    first_seen_at: datetime
    last_seen_at: datetime
    revision: int
    captures: tuple[int, ...]
    words: int  # in the body
    published_utc: datetime | None = None
    publisher: str | None = None  # the portal's name; None for a site without rules
    region: StoredRegion | None = None  # None if it is not certain

    @property
    def article(self) -> Article:
        """The record as extract() returns it."""
        return article_from_json(self.record)

    @property
    def text(self) -> str:
        """The body, with an empty line between blocks."""
        return "\n\n".join(block["text"] for block in self.record["body"])

    def _repr_html_(self) -> str:
        return self.article._repr_html_()

    @property
    def day(self) -> str | None:
        """The day of publication in the paper's own zone, YYYY-MM-DD; its first seven characters are the month."""
        published: str | None = self.record["published_at"]
        return published[:10] if published else None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCapture:
    """A capture with its id."""

    capture_id: int
    capture: Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A capture without its body: `url` was requested, `size` is in bytes as received, `truncated` as in Capture."""

    capture_id: int
    url: str
    at: datetime
    status: int
    size: int
    truncated: str | None


# Rows that belong to articles, by their numbers (a JSON list): the number first.
_HANGING = {
    "people": "SELECT b.article_id, p.name, b.role, b.affiliation FROM bylines AS b JOIN people AS p ON p.id = b.person_id"
    " WHERE b.article_id IN (SELECT value FROM json_each(?)) ORDER BY b.article_id, b.position",
    "links": "SELECT article_id, label, text, url, after_block FROM related_links"
    " WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY article_id, position",
    "images": "SELECT article_id, position, url, caption, credit FROM images"
    " WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY article_id, position",
    "tags": "SELECT article_id, tag FROM tags WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY article_id, position",
    "captures": "SELECT article_id, capture_id FROM article_captures"
    " WHERE article_id IN (SELECT value FROM json_each(?)) ORDER BY article_id, page",
}
_Hanging = dict[str, list[tuple[Any, ...]]]  # of one article


def article(db: Database, key: int | str) -> StoredArticle | None:
    """An article by its id or URL (as found, canonical, or any URL at which it was captured); None if there is none."""
    article_id = key if isinstance(key, int) else _article_id(db, key)
    found = articles_of(db, [article_id]) if article_id is not None else {}
    if not found:
        return None
    stored = found[next(iter(found))]
    if isinstance(stored, ArchiveDamaged):
        raise stored
    return stored


def articles_of(db: Database, ids: Sequence[int]) -> dict[int, StoredArticle | ArchiveDamaged]:
    """Articles by id, with few queries however many they are; missing ones are left out, a damaged one is returned as
    its error.
    """
    rows = db.execute(_ARTICLES_SQL, [json.dumps(ids)]).fetchall()
    hanging = _hanging(db, [row[0] for row in rows])
    found: dict[int, StoredArticle | ArchiveDamaged] = {}
    for row in rows:
        try:
            found[row[0]] = _stored(row, hanging[row[0]])
        except UNWRITTEN as error:
            found[row[0]] = _damaged(f"article {row[0]}", error)
    return found


def _hanging(db: Database, ids: Sequence[int]) -> dict[int, _Hanging]:
    found: dict[int, _Hanging] = {number: {what: [] for what in _HANGING} for number in ids}
    wanted = json.dumps(ids)
    for what, sql in _HANGING.items():
        for row in db.execute(sql, [wanted]).fetchall():
            found[row[0]][what].append(row)
    return found


# What reading a row raises if its values are not as this archive writes them: invalid JSON, an invalid time.
UNWRITTEN = (AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def _damaged(what: str, error: Exception) -> ArchiveDamaged:
    damaged = ArchiveDamaged(f"{what}: {type(error).__name__}: {error}")
    damaged.__cause__ = error
    return damaged


@contextmanager
def as_written(what: str) -> Iterator[None]:
    """Raise ArchiveDamaged for a row whose values are not as this archive writes them."""
    try:
        yield
    except UNWRITTEN as error:
        raise _damaged(what, error) from error


def _stored(row: tuple[Any, ...], hanging: _Hanging) -> StoredArticle:
    number, first_seen, last_seen, revision, published_utc, publisher, code, region, province, source, words = row[:11]
    first, last = from_text(first_seen), from_text(last_seen)
    assert first is not None  # noqa: S101  (NOT NULL)
    assert last is not None  # noqa: S101  (NOT NULL)
    return StoredArticle(
        article_id=number,
        record=_record(row, hanging),
        first_seen_at=first,
        last_seen_at=last,
        revision=revision,
        captures=tuple(capture_id for _, capture_id in hanging["captures"]),
        words=words,
        published_utc=from_text(published_utc),
        publisher=publisher,
        region=StoredRegion(code=code, name=region or code, province=province or code, source=source or "")
        if code is not None
        else None,
    )


def _article_id(db: Database, url: str) -> int | None:
    url = storable(url)  # a URL typed or pasted may contain characters that SQLite cannot look up
    canonical = canonical_url(url) or url
    candidates = (url, canonical, article_url(canonical))
    found = dict(db.execute("SELECT url, id FROM articles WHERE url IN (?, ?, ?)", candidates).fetchall())
    if found:
        return int(next(found[candidate] for candidate in candidates if candidate in found))
    rows = db.execute(
        "SELECT ac.article_id FROM urls AS u JOIN captures AS c ON c.url_id = u.id"
        " JOIN article_captures AS ac ON ac.capture_id = c.id WHERE u.url IN (?, ?) ORDER BY c.id DESC LIMIT 1",
        [url, canonical],
    ).fetchall()
    return int(rows[0][0]) if rows else None


def article_record(db: Database, article_id: int) -> dict[str, Any]:
    """The JSON record of an article. Raises KeyError if there is none, and what a damaged row raises (UNWRITTEN)."""
    rows = db.execute(_ARTICLES_SQL, [json.dumps([article_id])]).fetchall()
    if not rows:
        raise KeyError(article_id)
    return _record(rows[0], _hanging(db, [article_id])[article_id])


def _record(row: tuple[Any, ...], hanging: _Hanging) -> dict[str, Any]:
    text, place, brand, blocks = row[_BESIDES - 4 : _BESIDES]
    values = list(row[_BESIDES:])
    people, images, body = hanging["people"], hanging["images"], values[_AT["body"]]
    values[_AT["authors"]] = [
        {"name": name, "role": role, "affiliation": affiliation}
        for _, name, role, affiliation in people
        if role != "editor"
    ]
    values[_AT["editors"]] = [name for _, name, role, _ in people if role == "editor"]
    values[_AT["dateline"]] = {"text": text, "place": place, "brand": brand} if text else None
    values[_AT["body"]] = [
        {"kind": kind, "text": body[start : start + length]} for kind, start, length in json_value(blocks)
    ]
    values[_AT["related_links"]] = [
        {"label": label, "text": text, "url": url, "after_block": after_block}
        for _, label, text, url, after_block in hanging["links"]
    ]
    shown = [{"url": url, "caption": caption, "credit": credit} for _, _, url, caption, credit in images]
    has_lead = bool(images) and images[0][1] == 0
    values[_AT["image"]] = shown[0] if has_lead else None
    values[_AT["images"]] = shown[1:] if has_lead else shown
    values[_AT["tags"]] = [tag for _, tag in hanging["tags"]]
    values[_AT["section"]] = json_value(values[_AT["section"]])
    provenance, warnings, confidence = _judged(values[_AT["provenance"]], values[_AT["warnings"]])
    values[_AT["provenance"]], values[_AT["warnings"]] = dict(provenance), list(warnings)
    values[_AT["confidence"]] = dict(confidence)
    return dict(zip(ORDER, values, strict=True))


@lru_cache(maxsize=1000)
def _judged(provenance: str, warnings: str) -> tuple[dict[str, str], list[str], dict[str, float]]:
    """(provenance, warnings, confidence) from the stored text, which articles of one layout share."""
    sources, doubts = json_value(provenance), json_value(warnings)
    return sources, doubts, confidence_of(sources, doubts)


def article_pages(db: Database, url: str) -> list[tuple[int, int, Capture]]:
    """(page, capture id, capture) of the pages from which an article was read, in order; [] if it is not known."""
    url = storable(url)
    rows = db.execute(
        "SELECT ac.page, ac.capture_id FROM articles AS a JOIN article_captures AS ac ON ac.article_id = a.id"
        " WHERE a.url = ? ORDER BY ac.page",
        [url],
    ).fetchall()
    return [(page, capture_id, capture(db, capture_id)) for page, capture_id in rows]


def published_at(db: Database, url_id: int) -> datetime | None:
    """When the article at a URL was published, according to its page; None if it is not stored or the page does not
    say.
    """
    rows = db.execute(
        f"SELECT a.published_utc FROM urls AS u JOIN articles AS a ON a.id = {ARTICLE_AT_SQL} WHERE u.id = ?",  # noqa: S608
        [url_id],
    ).fetchall()
    return from_text(rows[0][0]) if rows else None


def capture(db: Database, capture_id: int) -> Capture:
    """One capture with its body. Raises KeyError if there is none, ArchiveDamaged if the body has changed."""
    rows = list(
        db.query(
            "SELECT c.*, u.url FROM captures AS c LEFT JOIN urls AS u ON u.id = c.url_id WHERE c.id = ?",
            [capture_id],
        )
    )
    if not rows:
        raise KeyError(capture_id)
    if rows[0]["url"] is None:
        raise ArchiveDamaged(f"capture {capture_id}: its URL is missing")
    try:
        body = body_of(db, rows[0]["body_id"])
    except KeyError as error:
        raise ArchiveDamaged(f"capture {capture_id}: its body {error} is missing") from error
    with as_written(f"capture {capture_id}"):
        return _capture(rows[0], body)


def _capture(row: dict[str, Any], body: bytes) -> Capture:
    captured_at = from_text(row["captured_at"])
    assert captured_at is not None  # noqa: S101  (NOT NULL)
    return Capture(
        url=row["url"],
        final_url=row["final_url"],
        status=row["status"],
        fetched_at=captured_at,
        body=body,
        headers=tuple((name, value) for name, value in json.loads(row["headers"])),
        request_headers=tuple((name, value) for name, value in json.loads(row["request_headers"])),
        content_type=row["content_type"],
        charset=row["charset"],
        redirects=tuple(Redirect(**hop) for hop in json.loads(row["redirects"])),
        http_version=row["http_version"],
        elapsed_s=row["elapsed_s"],
        wire_bytes=row["wire_bytes"],
        truncated=row["truncated"],
    )


def find_capture(db: Database, url: str) -> int | None:
    """The id of the newest capture of a URL (requested, or the one that answered); None if there is none."""
    url = storable(url)
    candidates = [url, canonical_url(url) or url]
    rows = db.execute(
        "SELECT max(c.id) FROM captures AS c JOIN urls AS u ON u.id = c.url_id"
        " WHERE u.url IN (?, ?) OR c.final_url IN (?, ?)",
        [*candidates, *candidates],
    ).fetchall()
    return None if rows[0][0] is None else int(rows[0][0])


def capture_at(db: Database, key: int | str, *, before: datetime | None = None) -> int | None:
    """The id of a capture, by that id or as a URL's last answer (`before` a moment); None if there is none."""
    limit = to_text(before) if before else "9"  # text that sorts after every time
    if isinstance(key, int):
        rows = db.execute("SELECT id FROM captures WHERE id = ? AND captured_at < ?", [key, limit]).fetchall()
        return int(rows[0][0]) if rows else None
    url = storable(key)
    for candidate in dict.fromkeys((url, canonical_url(url) or url)):
        # By fetches, not by captures: a page may have returned to bytes that were captured before.
        rows = db.execute(
            "SELECT f.capture_id FROM urls AS u JOIN fetches AS f ON f.url_id = u.id"
            " WHERE u.url = ? AND f.capture_id IS NOT NULL AND f.at < ? ORDER BY f.at DESC, f.id DESC LIMIT 1",
            [candidate, limit],
        ).fetchall()
        if rows:
            return int(rows[0][0])
    return None


def capture_found_on(db: Database, url_id: int) -> Capture | None:
    """The newest capture of the page on which a URL was found; None if it was given by hand or nothing of that page is
    kept.
    """
    rows = db.execute(
        "SELECT max(c.id) FROM urls AS u JOIN captures AS c ON c.url_id = u.found_on_id WHERE u.id = ?", [url_id]
    ).fetchall()
    return capture(db, rows[0][0]) if rows and rows[0][0] is not None else None


def captures_of(db: Database, article_id: int) -> list[Taken]:
    """All captures of the URLs from which an article was read, including those of earlier versions, in order of
    capture.
    """
    rows = db.execute(
        "SELECT c.id, u.url, c.captured_at, c.status, b.raw_bytes, c.truncated FROM captures AS c JOIN urls AS u ON u.id = c.url_id"
        " JOIN bodies AS b ON b.id = c.body_id WHERE c.url_id IN (SELECT o.url_id FROM captures AS o"
        " JOIN article_captures AS ac ON ac.capture_id = o.id WHERE ac.article_id = ?) ORDER BY c.captured_at, c.id",
        [article_id],
    ).fetchall()
    found = []
    for number, url, captured_at, status, size, truncated in rows:
        with as_written(f"capture {number}"):
            at = from_text(captured_at)
            assert at is not None  # noqa: S101  (NOT NULL)
            found.append(Taken(capture_id=number, url=url, at=at, status=status, size=size, truncated=truncated))
    return found


def captures(db: Database) -> Iterator[StoredCapture]:
    """Every capture in order of capture, one in memory at a time and no cursor open between two."""
    last = 0
    while rows := db.execute("SELECT id FROM captures WHERE id > ? ORDER BY id LIMIT 1", [last]).fetchall():
        last = int(rows[0][0])
        yield StoredCapture(capture_id=last, capture=capture(db, last))
