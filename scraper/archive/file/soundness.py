"""Is a file fit to be written to? Checked at every start, so it must not read gigabytes each time."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.archive.file.times import from_text, to_text

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

SMALL_BYTES = 256 << 20  # read in well under a second: checked in full every time
EVERY = timedelta(days=1)  # how often a larger one is checked in full
# What every start of a crawl writes to; the bulk is in bodies, articles and the search index.
_ALWAYS = ("sites", "runs", "templates", "frontier", "checks")


def first_problem(db: Database) -> str | None:
    """The first problem that quick_check finds; None if the file's structure is intact."""
    return _first(db, "PRAGMA quick_check(1)")


def problem_at_start(db: Database, path: Path, *, version: int) -> str | None:
    """Why a file must not be written to; None if nothing is wrong with it.

    A large file is checked in full once a day, and otherwise in the tables with which a crawl begins; SQLite itself
    notices one that is cut short. Damage elsewhere is noticed when the page is used, which ends the command; `kliping
    verify` finds it earlier.
    """
    size = path.stat().st_size
    if size <= SMALL_BYTES or version < 2:
        return first_problem(db)
    now = datetime.now(UTC)
    problems = (_first(db, f"PRAGMA quick_check({table})") for table in _ALWAYS)
    if (problem := next(filter(None, problems), None)) is not None:
        return problem
    rows = db.execute("SELECT at FROM checks ORDER BY id DESC LIMIT 1").fetchall()
    last = from_text(rows[0][0]) if rows else None
    if last is not None and abs(now - last) < EVERY:
        return None
    if (problem := first_problem(db)) is None:
        db.execute("INSERT INTO checks (at, file_bytes) VALUES (?, ?)", [to_text(now), size])
    return problem


def _first(db: Database, sql: str) -> str | None:
    try:
        found = str(next(iter(db.execute(sql)))[0])
    except sqlite3.DatabaseError as error:
        if (error.sqlite_errorcode & 0xFF) not in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
            raise
        return str(error)
    return None if found == "ok" else found
