"""Opening an archive: settings, identity, format, disk space, and who may crawl into it."""

from __future__ import annotations

import shutil
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Literal

from sqlite_utils import Database

from scraper.archive.lock import crawl_lock
from scraper.archive.migrations import migrate
from scraper.archive.schema import APPLICATION_ID, VERSION
from scraper.archive.session import connect, pragma
from scraper.errors import ArchiveDamaged, ArchiveError, ArchiveFull

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Mode = Literal["read", "write", "crawl"]

BUSY_S = 30.0
MIN_FREE_BYTES = 1 << 30  # CONTRACT L19
PAGE_BYTES = 8192


@contextmanager
def open_archive(
    path: Path, *, mode: Mode = "read", min_free_bytes: int = MIN_FREE_BYTES, busy_s: float = BUSY_S
) -> Iterator[Database]:
    """Open an archive; "read" needs it to be there, the others create and migrate it.

    "crawl" also takes the crawl lock, checks the file with quick_check and the
    disk for space. `busy_s` is how long a write waits for another process's.
    Raises ArchiveLocked, ArchiveDamaged, ArchiveFull or ArchiveError; so does
    every function of this room that is given the handle.
    """
    with ExitStack() as stack:
        try:
            db = _open(stack, path, mode, min_free_bytes, busy_s)
        except OSError as error:
            raise ArchiveError(f"{path}: {error.strerror or error}") from error
        yield db
        if mode != "read":
            with suppress(
                ArchiveError
            ):  # all is committed; a full disk or a reader only keeps the WAL long (CONTRACT D6)
                db.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # CONTRACT D11


def _open(stack: ExitStack, path: Path, mode: Mode, min_free_bytes: int, busy_s: float) -> Database:
    if mode != "read":
        path.parent.mkdir(parents=True, exist_ok=True)
    elif not path.is_file() or not path.stat().st_size:
        raise ArchiveError(f"{path}: there is no archive here")
    if mode == "crawl":
        stack.enter_context(crawl_lock(path))
        _check_space(path, min_free_bytes)
    connection = connect(path, is_reader=mode == "read", busy_s=busy_s)
    stack.callback(connection.close)
    db = Database(connection, execute_plugins=False)
    _prepare(db, path, mode)
    return db


def _prepare(db: Database, path: Path, mode: Mode) -> None:
    """Refuse what is not ours or newer before anything is written; bring what is older up to date."""
    version = pragma(db, "user_version")
    is_empty = not pragma(db, "schema_version")
    if not is_empty and pragma(db, "application_id") != APPLICATION_ID:
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
    elif mode == "crawl" and (problem := check(db)):  # SQLite writes into a damaged file without a word (CONTRACT D9)
        raise ArchiveDamaged(f"{path}: {problem}")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")  # an acknowledged page survives a power cut (CONTRACT D2)
    migrate(db, path)


def check(db: Database) -> str | None:
    """The first problem that quick_check finds; None if the file's structure is whole."""
    found = str(db.execute("PRAGMA quick_check(1)").fetchall()[0][0])
    return None if found == "ok" else found


def _check_space(path: Path, needed: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise ArchiveFull(f"{path}: {free >> 20} MiB free on the disk, {needed >> 20} MiB needed to start")
