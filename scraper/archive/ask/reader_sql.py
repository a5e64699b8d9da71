"""SQL written by readers: in `kliping serve` it runs in a process that can be killed, in a program of their own
directly.
"""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING, Any

from scraper.archive.file.connection import bound, keep_private
from scraper.errors import ArchiveError, ArchiveSlow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database

_STEPS = 1_000  # of SQLite's machine between two checks of the clock: a tenth of a millisecond


def read_sql(
    db: Database, sql: str, values: Any, *, within_s: float, most: int | None
) -> tuple[list[str], list[tuple[Any, ...]], bool]:
    """The names of columns, up to `most` rows, and whether there are more. Raises ArchiveSlow, or what SQLite raises.

    The limit is checked between the steps of the query; a single long step is ended by killing this process.
    """
    bound(db.conn)
    keep_private(db.conn)
    until = time.monotonic() + within_s
    cursor = db.conn.cursor()
    factory, db.conn.text_factory = db.conn.text_factory, lambda text: str(text, "utf-8", "replace")
    db.conn.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
    try:
        cursor.execute(sql, values if values is not None else {})
        rows = cursor.fetchall() if most is None else cursor.fetchmany(most + 1)
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        raise ArchiveSlow(f"interrupted after {within_s:g} s") from error
    finally:
        db.conn.set_progress_handler(None, 0)
        db.conn.text_factory = factory
    names = [each[0] for each in cursor.description or ()]
    return names, rows[:most], most is not None and len(rows) > most


def rows_of_statement(db: Database, sql: str, values: Any) -> tuple[tuple[str, ...], tuple[tuple[Any, ...], ...]]:
    """The names of columns and all rows of one statement. Raises ArchiveError if it is not a single statement, or lacks
    values.
    """
    try:
        cursor = db.execute(sql, values)
        return tuple(each[0] for each in cursor.description or ()), tuple(map(tuple, cursor.fetchall()))
    except sqlite3.ProgrammingError as error:
        raise ArchiveError(str(error)) from error


def as_rows(names: Sequence[str], values: Sequence[tuple[Any, ...]]) -> list[sqlite3.Row]:
    """Values with the names of their columns, even if two have the same name."""
    maker = sqlite3.connect(":memory:")
    try:
        quoted = ", ".join('NULL AS "{}"'.format(name.replace('"', '""')) for name in names)
        cursor = maker.execute(f"SELECT {quoted or 'NULL'}")
        return [sqlite3.Row(cursor, each) for each in values]
    finally:
        maker.close()
