"""A copy of the articles without the pages they were read from: small enough to pass on, and still an archive."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from scraper.archive.ask.selection import Unreadable
from scraper.archive.file.connection import open_archive, put_in_place, reading_uri, snapshot, transaction
from scraper.archive.migrations import APPLICATION_ID
from scraper.errors import ArchiveDamaged, ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.ask.selection import Selection

# Tables that depend on an article, by its number.
_OF_ARTICLE = ("bylines", "related_links", "tags", "images", "revisions", "addresses")
_FILLED = ("sites", "regions", "articles", "people", *_OF_ARTICLE)


def is_slim(path: Path) -> bool:
    """Whether a file is one that slim_copy makes: an archive of ours without pages and without a run that could add
    some.
    """
    with path.open("rb") as file:
        head = file.read(72)
    if not head.startswith(b"SQLite format 3\0") or int.from_bytes(head[68:72], "big") != APPLICATION_ID:
        return False
    try:
        with open_archive(path) as db:
            sql = "SELECT NOT EXISTS (SELECT 1 FROM captures) AND NOT EXISTS (SELECT 1 FROM runs)"
            return bool(db.execute(sql).fetchall()[0][0])
    except ArchiveError:
        return False  # damaged, or of another format


def slim_copy(
    source: Path,
    target: Path,
    selection: Selection,
    *,
    on_table: Callable[[str, int], None] = lambda _table, _rows: None,
) -> tuple[int, list[Unreadable]]:
    """Write the selected articles, with people, tags, links, pictures and versions, to a new file.

    Returns how many articles, and the references that lead nowhere. The file has every table of the archive and the
    search index; captures, bodies, the queue and the crawler's evidence are empty. It is made beside `target` and
    renamed once every reference in it leads somewhere. Raises ArchiveError.
    """
    partial = target.with_name(f"{target.name}.partial")
    for path in (partial, target.with_name(f"{partial.name}-wal"), target.with_name(f"{partial.name}-shm")):
        path.unlink(missing_ok=True)
    with open_archive(source) as old, open_archive(partial, mode="write") as db:
        db.execute("ATTACH ? AS source", [reading_uri(source)])
        where, values = selection.sql(old)
        with snapshot(old), transaction(db):
            chosen = old.execute(f"SELECT a.id FROM articles AS a WHERE {where}", values)  # noqa: S608
            try:
                count, lost = _copy(db, chosen, on_table)
            except sqlite3.IntegrityError as error:
                raise ArchiveDamaged(f"{source}: {error} (`kliping verify` names what is damaged)") from error
        db.execute("DETACH source")
        if rows := db.execute("PRAGMA foreign_key_check").fetchall():
            raise ArchiveDamaged(
                f"{target}: not made, {len(rows)} rows of it refer to missing ones, in {rows[0][0]} first"
            )
        db.execute("VACUUM")
        db.execute("PRAGMA journal_mode = DELETE")  # one file, without a -wal beside it
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    put_in_place(partial, target)
    return count, lost


def _copy(
    db: Database, chosen: Iterable[tuple[int]], on_table: Callable[[str, int], None]
) -> tuple[int, list[Unreadable]]:
    db.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")
    for row in chosen:
        db.execute("INSERT INTO chosen VALUES (?)", row)
    lost: list[Unreadable] = []
    people = "id IN (SELECT person_id FROM source.bylines WHERE article_id IN chosen)"
    tables = {"sites": "TRUE", "articles": "id IN chosen", "people": people}
    for table, where in (tables | dict.fromkeys(_OF_ARTICLE, "article_id IN chosen")).items():
        on_table(table, _fill(db, table, where, lost))
    count = int(db.execute("SELECT count(*) FROM chosen").fetchall()[0][0])
    db.execute("DROP TABLE chosen")
    return count, lost


def _fill(db: Database, table: str, where: str, lost: list[Unreadable]) -> int:
    """Copy the rows of a table; returns how many.

    Columns that refer to what a slim copy lacks (captures, runs) are left empty. A reference that leads nowhere in the
    archive is also left empty, or removes its row if it is required; either is added to `lost`.
    """
    facts = {
        row[1]: bool(row[3]) for row in db.execute(f"PRAGMA main.table_info({table})").fetchall()
    }  # without generated ones
    values = {name: name for name in facts}
    key = "article_id" if "article_id" in facts else "id"
    wanted = where
    for _, _, parent, column, *_ in db.execute(f"PRAGMA main.foreign_key_list({table})").fetchall():
        if parent not in _FILLED:
            values[column] = "NULL"
            continue
        primary = "code" if parent == "regions" else "id"
        known = f"{column} IN (SELECT {primary} FROM main.{parent})"  # noqa: S608
        sql = f"SELECT {key} FROM source.{table} WHERE {where} AND {column} IS NOT NULL AND NOT {known}"  # noqa: S608
        detail = f"{column} refers to a missing row of {parent}"
        lost += [Unreadable(kind=table, key=number, detail=detail) for (number,) in db.execute(sql).fetchall()]
        if facts[column]:
            wanted += f" AND {known}"
        else:
            values[column] = f"iif({known}, {column}, NULL)"
    names, taken = ", ".join(values), ", ".join(values.values())
    sql = f"INSERT INTO main.{table} ({names}) SELECT {taken} FROM source.{table} WHERE {wanted} ORDER BY 1"  # noqa: S608
    return int(db.execute(sql).rowcount)
