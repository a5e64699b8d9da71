"""Is everything in the archive still what was stored? Structure, references, search index, and every body's digest."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scraper.archive.store import body_of, dictionary_body
from scraper.errors import ArchiveDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database


BLOCK = 1_000  # numbers looked at together


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One thing found wrong; `urls` are the addresses whose captures it takes away."""

    part: Literal["structure", "reference", "search", "dictionary", "body"]
    detail: str
    urls: tuple[str, ...] = ()


def verify(db: Database) -> Iterator[Damage]:
    """Everything that is wrong, as it is found; nothing is changed. Reads the whole file.

    SQLite's own checks see the file's structure only: a byte flipped inside a
    body passes them, so that each body is unpacked and hashed again.
    """
    yield from _structure(db)
    yield from _dictionaries(db)
    yield from _bodies(db)


def _structure(db: Database) -> Iterator[Damage]:
    try:
        for (line,) in db.execute("PRAGMA integrity_check").fetchall():
            if line != "ok":
                yield Damage(part="structure", detail=line)
        for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
            yield Damage(part="reference", detail=f"{table} {rowid or ''} refers to a missing row of {parent}")
        # FTS5's own integrity-check is a write, which a verification must not be.
        missing = db.execute("SELECT count(*) FROM articles WHERE id NOT IN (SELECT id FROM articles_fts_docsize)")
        surplus = db.execute("SELECT count(*) FROM articles_fts_docsize WHERE id NOT IN (SELECT id FROM articles)")
        for count, text in (
            (missing.fetchall()[0][0], "articles cannot be found"),
            (surplus.fetchall()[0][0], "too many"),
        ):
            if count:
                yield Damage(part="search", detail=f"articles_fts: {count} {text}")
    except sqlite3.DatabaseError as error:
        yield Damage(part="structure", detail=str(error))


def _dictionaries(db: Database) -> Iterator[Damage]:
    """Each by its own row; what is packed against a damaged one may still be whole, since its page is a body too."""
    for number in _numbers(db, ("dictionaries", "id"), ("bodies", "dictionary_id")):
        try:
            dictionary_body(db, number)
        except KeyError:
            yield Damage(part="dictionary", detail=f"dictionary {number}: missing")
        except (ArchiveDamaged, sqlite3.DatabaseError) as error:
            detail = str(error) if isinstance(error, ArchiveDamaged) else f"dictionary {number}: {error}"
            yield Damage(part="dictionary", detail=detail)


def _bodies(db: Database) -> Iterator[Damage]:
    for number in _numbers(db, ("bodies", "id"), ("captures", "body_id")):
        try:
            body_of(db, number)
            continue
        except KeyError:
            detail = f"body {number}: missing"
        except (ArchiveDamaged, sqlite3.DatabaseError) as error:
            detail = str(error) if isinstance(error, ArchiveDamaged) else f"body {number}: {error}"
        yield Damage(part="body", detail=detail, urls=_urls(db, number))


def _numbers(db: Database, *columns: tuple[str, str]) -> Iterator[int]:
    """Every number that is there or should be, in order: where the table has lost a row, what refers to it still knows.

    In blocks: memory stays small, and damage in one block hides nothing of the next.
    """
    last = max((_one(db, f"SELECT max({column}) FROM {table}") for table, column in columns), default=0)  # noqa: S608
    for start in range(1, last + 1, BLOCK):
        found: set[int] = set()
        for table, column in columns:
            sql = f"SELECT {column} FROM {table} WHERE {column} BETWEEN ? AND ?"  # noqa: S608
            try:
                found.update(number for (number,) in db.execute(sql, [start, start + BLOCK - 1]))
            except sqlite3.DatabaseError:  # what came before it counts; _structure has named the damage
                continue
        yield from sorted(found)


def _one(db: Database, sql: str) -> int:
    try:
        return int(db.execute(sql).fetchall()[0][0] or 0)
    except sqlite3.DatabaseError:
        return 0


def _urls(db: Database, body_id: int) -> tuple[str, ...]:
    try:
        rows = db.execute(
            "SELECT u.url FROM captures AS c JOIN urls AS u ON u.id = c.url_id WHERE c.body_id = ? ORDER BY c.id",
            [body_id],
        ).fetchall()
    except sqlite3.DatabaseError:
        return ()
    return tuple(url for (url,) in rows)
