"""Opening an archive: settings, identity, migrations, and what each failure means."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Literal

from sqlite_utils import Database

from scraper.archive.lock import crawl_lock
from scraper.archive.schema import APPLICATION_ID, MIGRATIONS, VERSION
from scraper.errors import ArchiveDamaged, ArchiveError, ArchiveFull, ArchiveLocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Mode = Literal["read", "write", "crawl"]

BUSY_S = 30.0
MIN_FREE_BYTES = 1 << 30  # CONTRACT L19
PAGE_BYTES = 8192


@contextmanager
def open_archive(path: Path, *, mode: Mode = "read", min_free_bytes: int = MIN_FREE_BYTES) -> Iterator[Database]:
    """Open an archive; "read" needs it to be there, the others create and migrate it.

    "crawl" also takes the crawl lock, checks the file with quick_check and the
    disk for space. Raises ArchiveLocked, ArchiveDamaged, ArchiveFull or
    ArchiveError, also for what fails inside the block; a broken constraint is
    a bug of ours and stays an sqlite3 error.
    """
    with ExitStack() as stack:
        try:
            if mode == "read":
                if not path.is_file():
                    raise ArchiveError(f"{path}: there is no archive here")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
            if mode == "crawl":
                stack.enter_context(crawl_lock(path))
                _check_space(path, min_free_bytes)
            with closing(_connect(path, mode)) as connection:
                db = Database(connection, execute_plugins=False)
                _prepare(db, path, mode)
                yield db
                if mode != "read":
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # CONTRACT D11
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise
            raise named(error, path) from error
        except BrokenPipeError:
            raise  # the reader of our output has gone, which is nothing of the archive's
        except OSError as error:
            raise ArchiveError(f"{path}: {error.strerror or error}") from error


def named(error: sqlite3.DatabaseError, path: Path) -> ArchiveError:
    """What an SQLite error means to a user."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    kind = {
        sqlite3.SQLITE_BUSY: ArchiveLocked,
        sqlite3.SQLITE_LOCKED: ArchiveLocked,
        sqlite3.SQLITE_FULL: ArchiveFull,
        sqlite3.SQLITE_IOERR: ArchiveFull,
        sqlite3.SQLITE_CORRUPT: ArchiveDamaged,
        sqlite3.SQLITE_NOTADB: ArchiveDamaged,
    }.get(code, ArchiveError)
    return kind(f"{path}: {error}")


def _connect(path: Path, mode: Mode) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if mode == 'read' else 'rwc'}"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)
    connection.execute("PRAGMA foreign_keys = ON")
    if mode == "read":
        connection.execute("PRAGMA query_only = ON")
    return connection


def _prepare(db: Database, path: Path, mode: Mode) -> None:
    """Refuse what is not ours or newer; bring what is older up to date."""
    identity = _pragma(db, "application_id")
    version = _pragma(db, "user_version")
    is_empty = not _pragma(db, "schema_version")
    if not is_empty and identity != APPLICATION_ID:
        raise ArchiveDamaged(f"{path}: not a kliping archive")
    if version > VERSION:
        raise ArchiveDamaged(f"{path}: written by a newer kliping (format {version}, this one knows {VERSION})")
    if mode == "read":
        if version < VERSION:
            raise ArchiveDamaged(
                f"{path}: format {version} is older than {VERSION}; any command that writes brings it up to date"
            )
        return
    if is_empty:
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")  # an acknowledged page survives a power cut (CONTRACT D2)
    if mode == "crawl" and not is_empty and (problem := check(db)):
        raise ArchiveDamaged(f"{path}: {problem}")
    if version < VERSION:
        if not is_empty:
            _back_up(db, path, version)
        _migrate(db)


def check(db: Database) -> str | None:
    """The first problem that quick_check finds; None if the file's structure is whole."""
    found = str(next(iter(db.execute("PRAGMA quick_check(1)")))[0])
    return None if found == "ok" else found


def _back_up(db: Database, path: Path, version: int) -> None:
    """A copy beside the archive before its format changes (CONTRACT D8)."""
    copy = path.with_name(f"{path.name}.format-{version}.bak")
    copy.unlink(missing_ok=True)
    db.execute("VACUUM INTO ?", [str(copy)])


def _migrate(db: Database) -> None:
    """Apply what is missing, each step whole or not at all; another process may be doing the same."""
    while True:
        with transaction(db):
            version = _pragma(db, "user_version")  # under the write lock: whoever was first has done it
            if version >= VERSION:
                return
            for statement in _statements(MIGRATIONS[version]):
                db.conn.execute(statement)
            db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.conn.execute(f"PRAGMA user_version = {version + 1}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; executescript() would commit before it."""
    statement = ""
    for part in script.split(";"):
        statement += part + ";"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _pragma(db: Database, name: str) -> int:
    return int(next(iter(db.execute(f"PRAGMA {name}")))[0])


def _check_space(path: Path, needed: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise ArchiveFull(f"{path}: {free >> 20} MiB free on the disk, {needed >> 20} MiB needed to start")


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """Hold the write lock from the first read: a plain BEGIN fails at once with BUSY_SNAPSHOT."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise
