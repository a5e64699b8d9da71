"""The digests of what was read, and whether the content of the file still matches them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.archive.file.articles import content_hash, record_hash, text_hash
from scraper.archive.file.lookup import article_record
from scraper.archive.file.times import from_text, to_text
from scraper.records import article_from_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

_BATCH = 500


def article_problem(db: Database, article_id: int) -> str | None:
    """What differs from the stored state of an article and its dependent rows; None if nothing does. Raises whatever
    reading them raises.
    """
    row = next(iter(db.query("SELECT * FROM articles WHERE id = ?", [article_id])))
    article = article_from_json(article_record(db, article_id))
    if content_hash(article) != row["content_hash"]:
        return "its text is not what was stored"
    if record_hash(article) != row["record_hash"]:
        return "its fields, people, tags, links or pictures are not what was stored"
    published = to_text(article.published_at) if article.published_at else None
    if row["published_utc"] != published or row["words"] != len(row["body"].split()):
        return "its moment in UTC or its number of words is not that of its record"
    spans = [(start, start + length) for _, start, length in json.loads(row["blocks"])]
    if "\n\n".join(row["body"][start:end] for start, end in spans) != row["body"]:
        return "its body holds more than its blocks"
    if from_text(row["first_seen_at"]) is None or from_text(row["last_seen_at"]) is None:
        return "it was never seen"
    return None


def revision_problems(db: Database, article_id: int) -> Iterator[tuple[int, str]]:
    """The earlier versions of an article that differ from what was stored, by number."""
    for row in db.query("SELECT * FROM revisions WHERE article_id = ? ORDER BY revision", [article_id]):
        if _of_revision(row) != row["content_hash"]:
            yield row["revision"], "its text is not what was stored"


def _of_revision(row: dict[str, Any]) -> bytes:
    return text_hash(row["headline"], row["lede"], row["byline"], row["body"].split("\n\n") if row["body"] else [])


def stamp(db: Database, article_id: int) -> None:
    """Store the digests of an article as it is now; for code that changes one without reading its page."""
    article = article_from_json(article_record(db, article_id))
    db.execute(
        "UPDATE articles SET content_hash = ?, record_hash = ? WHERE id = ?",
        [content_hash(article), record_hash(article), article_id],
    )


def fill_hashes(db: Database) -> None:
    """Compute the digests of everything that an earlier format stored: its digests covered what was read, not what is
    in the file.
    """
    last = 0
    while rows := db.execute(f"SELECT id FROM articles WHERE id > ? ORDER BY id LIMIT {_BATCH}", [last]).fetchall():  # noqa: S608
        for (last,) in rows:
            stamp(db, last)
            for row in list(db.query("SELECT * FROM revisions WHERE article_id = ?", [last])):
                key = [_of_revision(row), last, row["revision"]]
                db.execute("UPDATE revisions SET content_hash = ? WHERE article_id = ? AND revision = ?", key)


def sampled(db: Database, count: int) -> list[int]:
    """Numbers of articles that have their pages, evenly spread over the archive."""
    sql = "SELECT count(*) FROM articles AS a WHERE EXISTS (SELECT 1 FROM article_captures WHERE article_id = a.id)"
    every = max(1, int(db.execute(sql).fetchall()[0][0]) // max(1, count))
    sql = (
        "SELECT id FROM (SELECT a.id, row_number() OVER (ORDER BY a.id) AS place FROM articles AS a"
        " WHERE EXISTS (SELECT 1 FROM article_captures WHERE article_id = a.id)) WHERE place % ? = 0 ORDER BY id LIMIT ?"
    )
    return [number for (number,) in db.execute(sql, [every, count]).fetchall()]
