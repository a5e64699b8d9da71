"""Is everything in the archive still what was stored? Structure, references, search index, and every body's digest."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scraper.archive.bodies import digest, unpack
from scraper.errors import ArchiveDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database


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
    try:
        for number, sha256, data in db.execute("SELECT id, sha256, data FROM dictionaries").fetchall():
            if digest(data) != sha256:
                yield Damage(part="dictionary", detail=f"dictionary {number}: the stored bytes have changed")
    except sqlite3.DatabaseError as error:
        yield Damage(part="dictionary", detail=str(error))


def _bodies(db: Database) -> Iterator[Damage]:
    for number in sorted(_body_ids(db)):
        try:
            rows = db.execute("SELECT codec, data, raw_bytes, sha256 FROM bodies WHERE id = ?", [number]).fetchall()
            if rows:
                unpack(*rows[0])
                continue
            detail = f"body {number}: missing"
        except (ArchiveDamaged, sqlite3.DatabaseError) as error:
            detail = str(error) if isinstance(error, ArchiveDamaged) else f"body {number}: {error}"
        yield Damage(part="body", detail=detail, urls=_urls(db, number))


def _body_ids(db: Database) -> set[int]:
    """Every body that is there or should be: in a damaged file an index may know what the table has lost."""
    found: set[int] = set()
    for sql in ("SELECT id FROM bodies NOT INDEXED", "SELECT id FROM bodies", "SELECT DISTINCT body_id FROM captures"):
        try:
            for (number,) in db.execute(sql):
                found.add(number)
        except sqlite3.DatabaseError:  # what came before it counts; _structure has named the damage
            continue
    return found


def _urls(db: Database, body_id: int) -> tuple[str, ...]:
    try:
        rows = db.execute(
            "SELECT u.url FROM captures AS c JOIN urls AS u ON u.id = c.url_id WHERE c.body_id = ? ORDER BY c.id",
            [body_id],
        ).fetchall()
    except sqlite3.DatabaseError:
        return ()
    return tuple(url for (url,) in rows)
