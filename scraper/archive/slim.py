"""A copy of what was read, without the pages it was read from: small enough to hand on, and still an archive."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scraper.archive.connection import open_archive, put_in_place, reading_uri, snapshot, transaction
from scraper.archive.migrations import APPLICATION_ID
from scraper.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.selection import Selection

# Tables that hang on an article, by its number.
_OF_ARTICLE = ("bylines", "related_links", "tags", "images")


def keeps_pages(path: Path) -> bool:
    """Whether a file is an archive of ours with captures, which nothing can bring back; also where that cannot be seen."""
    with path.open("rb") as file:
        head = file.read(72)
    if not head.startswith(b"SQLite format 3\0") or int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        return False
    try:
        with open_archive(path) as db:
            return bool(db.execute("SELECT EXISTS (SELECT 1 FROM captures)").fetchall()[0][0])
    except ArchiveError:
        return True  # damaged, or of another format


def slim_copy(source: Path, target: Path, selection: Selection) -> int:
    """Write the selected articles, with people, tags, links, pictures and versions, to a new file; how many.

    The file has every table of the archive and the search index; captures,
    bodies, the queue and the crawler's evidence are empty. It is made beside
    `target` and renamed. Raises ArchiveError.
    """
    partial = target.with_name(f"{target.name}.partial")
    for path in (partial, target.with_name(f"{partial.name}-wal"), target.with_name(f"{partial.name}-shm")):
        path.unlink(missing_ok=True)
    with open_archive(source) as old, open_archive(partial, mode="write") as db:
        db.execute("ATTACH ? AS source", [reading_uri(source)])
        where, values = selection.sql(old)
        with snapshot(old), transaction(db):
            chosen = old.execute(f"SELECT a.id FROM articles AS a WHERE {where}", values)  # noqa: S608
            count = _copy(db, chosen)
        db.execute("DETACH source")
        db.execute("VACUUM")
        db.execute("PRAGMA journal_mode = DELETE")  # one file, without a -wal beside it
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    put_in_place(partial, target)
    return count


def _copy(db: Database, chosen: Iterable[tuple[int]]) -> int:
    db.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
    for row in chosen:
        db.execute("INSERT INTO chosen VALUES (?)", row)
    _fill(db, "sites", "1")
    _fill(db, "articles", "id IN chosen")
    _fill(db, "people", "id IN (SELECT person_id FROM source.bylines WHERE article_id IN chosen)")
    for table in _OF_ARTICLE:
        _fill(db, table, "article_id IN chosen")
    _fill(db, "revisions", "article_id IN chosen", left_out=_captures_of_revisions(db))
    count = int(db.execute("SELECT count(*) FROM chosen").fetchall()[0][0])
    db.execute("DROP TABLE chosen")
    return count


def _fill(db: Database, table: str, where: str, *, left_out: frozenset[str] = frozenset()) -> None:
    # table_info does not list generated columns, which cannot be written.
    columns = [row[1] for row in db.execute(f"PRAGMA main.table_info({table})").fetchall() if row[1] not in left_out]
    names = ", ".join(columns)
    db.execute(f"INSERT INTO main.{table} ({names}) SELECT {names} FROM source.{table} WHERE {where} ORDER BY 1")  # noqa: S608


def _captures_of_revisions(db: Database) -> frozenset[str]:
    """The columns that point to captures, which a slim copy has none of."""
    rows = db.execute("PRAGMA main.foreign_key_list(revisions)").fetchall()
    return frozenset(row[3] for row in rows if row[2] == "captures")
