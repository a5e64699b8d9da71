"""A connection whose every error is already an ArchiveError, and the transaction that writes need."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from scraper.errors import ArchiveDamaged, ArchiveError, ArchiveFull, ArchiveLocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlite_utils import Database

_KINDS: dict[int, type[ArchiveError]] = {
    sqlite3.SQLITE_BUSY: ArchiveLocked,
    sqlite3.SQLITE_LOCKED: ArchiveLocked,
    sqlite3.SQLITE_FULL: ArchiveFull,
    sqlite3.SQLITE_IOERR: ArchiveFull,
    sqlite3.SQLITE_CORRUPT: ArchiveDamaged,
    sqlite3.SQLITE_NOTADB: ArchiveDamaged,
}


def named(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """What an SQLite error means to a user; a broken constraint or a misuse is a bug of ours and stays what it is."""
    if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
        return error
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF  # the low byte is the kind, the rest its detail
    return _KINDS.get(code, ArchiveError)(f"{path}: {error}")


class Connection(sqlite3.Connection):
    """Raises ArchiveError where it happens, so that nobody above has to know SQLite's errors."""

    path: Path

    def cursor(self, _factory: Any = None) -> Any:
        return super().cursor(_Cursor)


class _Cursor(sqlite3.Cursor):
    """execute() takes the first step of a query, the fetches take the others: all of them can fail."""

    connection: Connection

    def execute(self, *args: Any) -> Any:
        try:
            return super().execute(*args)
        except sqlite3.DatabaseError as error:
            raise named(error, self.connection.path) from error

    def fetchall(self) -> list[Any]:
        try:
            return super().fetchall()
        except sqlite3.DatabaseError as error:
            raise named(error, self.connection.path) from error

    def __next__(self) -> Any:
        try:
            return super().__next__()
        except sqlite3.DatabaseError as error:
            raise named(error, self.connection.path) from error


def connect(path: Path, *, is_reader: bool, busy_s: float) -> Connection:
    """A connection in autocommit mode with foreign keys on; a reader cannot write."""
    uri = f"{path.absolute().as_uri()}?mode={'ro' if is_reader else 'rwc'}"
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=busy_s, isolation_level=None, factory=Connection)
    except sqlite3.DatabaseError as error:
        raise named(error, path) from error
    connection.path = path
    connection.execute("PRAGMA foreign_keys = ON")
    if is_reader:
        connection.execute("PRAGMA query_only = ON")
    return connection


def pragma(db: Database, name: str) -> int:
    """The value of a PRAGMA that is a number."""
    return int(db.execute(f"PRAGMA {name}").fetchall()[0][0])


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Hold the write lock from the first read: a plain BEGIN fails at once with BUSY_SNAPSHOT."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:  # SQLite has rolled back by itself after some errors, a full disk for one
            db.execute("ROLLBACK")
        raise
