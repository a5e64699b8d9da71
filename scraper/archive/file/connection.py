"""Opening an archive: settings, identity, migrations, and the meaning of each failure."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from scraper.archive.file.library import Archive
from scraper.archive.file.shape import disguised
from scraper.archive.file.watch import listen, unwatch
from scraper.archive.migrations import APPLICATION_ID, MIGRATIONS, OLDEST, VERSION, ddl
from scraper.archive.migrations import statements as _statements
from scraper.errors import DISK_ERRORS, ArchiveDamaged, ArchiveError, ArchiveFull, ArchiveLocked

if TYPE_CHECKING:
    from collections.abc import Iterator

Mode = Literal["read", "write", "crawl"]

BUSY_S = 30.0
MIN_FREE_BYTES = 1 << 30  # docs/contract.md promises it
PAGE_BYTES = 8192
LARGE_LOG_BYTES = 256 << 20  # of the write-ahead log: it is merged into the file before it grows further
_BOUNDS = {
    sqlite3.SQLITE_LIMIT_LENGTH: 32 << 20,  # of a value or row; the largest text or page of an archive has 10 MiB
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 500,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 100,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
log = logging.getLogger("kliping")


@contextmanager
def open_archive(
    path: Path, *, mode: Mode = "read", min_free_bytes: int = MIN_FREE_BYTES, must_exist: bool = False
) -> Iterator[Archive]:
    """Open an archive. "read" requires it to exist; the other modes migrate it, and create it unless it `must_exist`.

    They check the file with quick_check and do not write to a damaged one; "crawl" also takes the crawl lock and checks
    the free disk space. Raises ArchiveLocked, ArchiveDamaged, ArchiveFull or ArchiveError, including for failures
    inside the block; a violated constraint is a bug of ours and stays an sqlite3 error, and an OSError that names
    another file stays an OSError.
    """
    with ExitStack() as stack, translated(path):
        if (mode == "read" or must_exist) and not path.is_file():
            raise ArchiveError(
                f"{path}: there is no archive here (`kliping crawl` makes one, `kliping demo --keep` a small one)"
            )
        if mode != "read":
            path.parent.mkdir(parents=True, exist_ok=True)
        if mode == "crawl":
            from scraper.archive.file.lock import crawl_lock  # noqa: PLC0415  (nor need readers wait for this one)

            stack.enter_context(crawl_lock(path))
            _check_space(path, min_free_bytes)
        with closing(_connect(path, mode)) as connection:
            db = Archive(connection, execute_plugins=False)
            _prepare(db, path, mode)
            stack.callback(unwatch, db)
            yield db
            if mode != "read":
                connection.execute(
                    "PRAGMA busy_timeout = 0"
                )  # a reader may hold the log for hours: the next close cuts it
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                _warn_of_log(path)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn failures inside the block into errors of the archive at `path`, as open_archive() says."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise
        raise archive_error(error, path) from error
    except OSError as error:
        if error.filename is None or not _is_of(path, error.filename):
            raise  # a reader of our output that is gone, or a file that an export cannot create
        kind = ArchiveFull if error.errno in DISK_ERRORS else ArchiveError
        raise kind(f"{path}: {error.strerror or error}") from error


def _warn_of_log(path: Path) -> None:
    """Warn that the write-ahead log could not be cut, once it is large: somebody has been reading the same moment for
    hours.
    """
    if (size := log_bytes(path)) > LARGE_LOG_BYTES:
        log.warning(
            "%s: its log (-wal) holds %d MiB; a program that reads the archive keeps it from being cut",
            path,
            size >> 20,
        )


def log_bytes(path: Path) -> int:
    """The size of SQLite's write-ahead log beside an archive; 0 if there is none."""
    file = path.with_name(f"{path.name}-wal")
    return file.stat().st_size if file.exists() else 0


def _is_of(path: Path, name: str | bytes | int) -> bool:
    """Whether a file is the archive itself, a file beside it under its name (a lock), or a directory above it."""
    if isinstance(name, int):
        return False
    own, other = str(path.resolve()), str(Path(os.fsdecode(name)).resolve())
    return other.startswith(own) or other in map(str, path.resolve().parents)


def archive_error(error: sqlite3.DatabaseError, path: Path) -> ArchiveError:
    """The error to raise for an SQLite error."""
    code = (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
    kind = {
        sqlite3.SQLITE_BUSY: ArchiveLocked,
        sqlite3.SQLITE_LOCKED: ArchiveLocked,
        sqlite3.SQLITE_FULL: ArchiveFull,
        sqlite3.SQLITE_IOERR: ArchiveFull,
        sqlite3.SQLITE_CORRUPT: ArchiveDamaged,
        sqlite3.SQLITE_NOTADB: ArchiveDamaged,
    }.get(code, ArchiveError)
    if kind is ArchiveDamaged and code == sqlite3.SQLITE_CORRUPT:
        return kind(f"{path}: {error} (`kliping verify` names what is damaged)")
    if str(error).startswith("no such table"):  # a file that was cut or zeroed: its schema is gone
        return kind(f"{path}: {error} (`kliping verify` says whether it is damaged)")
    return kind(f"{path}: {error}")


def reading_uri(path: Path) -> str:
    """The address by which SQLite reads a file, even where nothing can be created beside it.

    Reading an archive needs a -shm beside it. If that can be neither created nor found (on a read-only medium or
    directory), and no log waits to be read, nobody can be writing either, and SQLite may be told so.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_S)) as connection:
        try:
            connection.execute("SELECT 1 FROM sqlite_schema").fetchall()
        except sqlite3.OperationalError as error:
            is_refused = (error.sqlite_errorcode & 0xFF) in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
            if is_refused and not os.access(path.parent, os.W_OK) and not log_bytes(path):
                return f"{uri}&immutable=1"
        except sqlite3.DatabaseError:
            pass  # damaged: whoever reads it learns how far
    return uri


def _connect(path: Path, mode: Mode) -> sqlite3.Connection:
    uri = reading_uri(path) if mode == "read" else f"{path.absolute().as_uri()}?mode=rwc"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_S, isolation_level=None)
    listen(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    if mode == "read":
        connection.execute("PRAGMA query_only = ON")
        _allow_cut(connection)
    return connection


def _allow_cut(connection: sqlite3.Connection) -> None:
    """Let a file that was cut short be read as far as it goes: SQLite rejects one that has fewer pages than its header
    says.

    The switch is meant for repairing a schema by hand; here nothing can be written at all.
    """
    try:
        connection.execute("SELECT 1 FROM sqlite_schema").fetchall()
    except sqlite3.DatabaseError as error:
        if (error.sqlite_errorcode & 0xFF) == sqlite3.SQLITE_CORRUPT:
            connection.execute("PRAGMA writable_schema = ON")


def _prepare(db: Archive, path: Path, mode: Mode) -> None:
    """Reject files that are not ours or newer; upgrade older ones."""
    identity, version, is_empty = _identity(db) if mode != "read" else _identity_of_what_is_left(db)
    if not is_empty and identity != APPLICATION_ID:
        raise ArchiveDamaged(f"{path}: not a kliping archive")
    if is_empty and mode == "read":
        raise ArchiveDamaged(f"{path}: not a kliping archive: the file is empty")
    if version > VERSION:
        raise ArchiveDamaged(f"{path}: written by a newer kliping (format {version}, this one knows {VERSION})")
    if not is_empty and version < OLDEST:
        raise ArchiveDamaged(f"{path}: format {version} is older than all that were released (from {OLDEST} on)")
    if not is_empty and (name := disguised(db)):
        raise ArchiveDamaged(f"{path}: {name}")
    if mode == "read":
        if version < VERSION:
            raise ArchiveDamaged(
                f"{path}: format {version} is older than {VERSION}; any command that writes brings it up to date"
            )
        return
    _prepare_to_write(db, path, version, is_empty=is_empty)


def _prepare_to_write(db: Archive, path: Path, version: int, *, is_empty: bool) -> None:
    # What only writers need is loaded here, so that a search need not wait for it.
    from scraper.archive.file.descriptions import is_described, write_descriptions  # noqa: PLC0415
    from scraper.archive.file.region_rows import fill_regions, is_current  # noqa: PLC0415
    from scraper.archive.file.soundness import problem_at_start  # noqa: PLC0415

    if is_empty:
        db.execute(f"PRAGMA page_size = {PAGE_BYTES}")
    db.execute("PRAGMA synchronous = FULL")  # an acknowledged page survives a power cut
    if not is_empty and (problem := problem_at_start(db, path, version=version)):
        raise ArchiveDamaged(f"{path}: {problem}")
    if version < VERSION:
        if not is_empty:
            _back_up(db, path, version)
        _migrate(db)
    _enable_wal(db)
    if not is_current(db):
        with transaction(db):
            fill_regions(db)
    if not is_described(db):
        with transaction(db):
            write_descriptions(db)


def _identity_of_what_is_left(db: Archive) -> tuple[int, int, bool]:
    """Like _identity, but also for a truncated file, which SQLite would reject: whatever is intact can still be read."""
    try:
        return _identity(db)
    except sqlite3.DatabaseError as error:
        if (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_CORRUPT:
            raise
        db.execute("PRAGMA writable_schema = ON")  # the file itself is open for reading only
        return _identity(db)


def _identity(db: Archive) -> tuple[int, int, bool]:
    """application_id, user_version and whether the file is empty, as of one moment: another process may be creating it."""
    db.execute("BEGIN")
    try:
        return _pragma(db, "application_id"), _pragma(db, "user_version"), not _pragma(db, "schema_version")
    finally:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")


def _enable_wal(db: Archive) -> None:
    """Switch the journal mode, which is stored in the file; SQLite does not wait for another process that does the
    same.
    """
    until = time.monotonic() + BUSY_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def path_of(db: Archive) -> Path:
    """The file of an open archive."""
    return Path(str(db.execute("SELECT file FROM pragma_database_list WHERE name = 'main'").fetchall()[0][0]))


def bound(connection: sqlite3.Connection) -> None:
    """Limit what one step of a query may take on a connection that somebody else opened and for which readers write
    SQL.
    """
    for category, most in _BOUNDS.items():
        connection.setlimit(category, most)


def keep_private(connection: sqlite3.Connection) -> None:
    """Let a connection read NULL for who ran a crawl: the name and address are for the papers, not for everybody."""
    connection.set_authorizer(
        lambda action, table, column, *_: (
            sqlite3.SQLITE_IGNORE
            if action == sqlite3.SQLITE_READ and (table, column) == ("runs", "agent")
            else sqlite3.SQLITE_OK
        )
    )


def _back_up(db: Archive, path: Path, version: int) -> None:
    """Make a copy beside the archive before its format changes."""
    copy = path.with_name(f"{path.name}.format-{version}.bak")
    unfinished = path.with_name(f"{copy.name}.{os.getpid()}")  # gets its name only when it is complete
    unfinished.unlink(missing_ok=True)
    try:
        db.execute("VACUUM INTO ?", [str(unfinished)])
        with closing(sqlite3.connect(unfinished)) as made:
            is_old = made.execute("PRAGMA user_version").fetchone()[0] == version
        if is_old:  # otherwise another process has migrated meanwhile, and made its own copy first
            unfinished.replace(copy)
    finally:
        unfinished.unlink(missing_ok=True)


def _migrate(db: Archive) -> None:
    """Apply the missing migrations, all or none; which ones are missing is determined under the lock, so that two
    processes may try.
    """
    from scraper.archive.file.askers import forget_askers  # noqa: PLC0415
    from scraper.archive.file.descriptions import write_descriptions  # noqa: PLC0415
    from scraper.archive.file.hashes import fill_hashes  # noqa: PLC0415
    from scraper.archive.file.link_targets import fill_targets  # noqa: PLC0415
    from scraper.archive.file.region_rows import fill_regions  # noqa: PLC0415

    with transaction(db):
        version = _pragma(db, "user_version")
        scripts = [MIGRATIONS[each] for each in range(version + 1, VERSION + 1)] if version else [ddl()]
        for script in scripts:
            for statement in _statements(script):  # executescript() would commit
                db.execute(statement)
        fill_regions(db)
        fill_targets(db)
        if 0 < version < 3:
            fill_hashes(db)
            forget_askers(db)
        write_descriptions(db)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {max(version, VERSION)}")


def _pragma(db: Archive, name: str) -> int:
    return int(next(iter(db.execute(f"PRAGMA {name}")))[0])


@contextmanager
def snapshot(db: Archive) -> Iterator[None]:
    """Read the archive as of one moment, whatever a crawl writes meanwhile; neither waits for the other (WAL)."""
    db.execute("BEGIN")
    try:
        db.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchall()  # the moment is that of the first read
        yield
    finally:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")


def _check_space(path: Path, needed: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise ArchiveFull(f"{path}: {free >> 20} MiB free on the disk, and {needed >> 20} MiB are needed to start")


def put_in_place(made: Path, target: Path) -> None:
    """Give a finished database its name. A log left by another file of this name would be read into it, so it is
    removed.
    """
    for name in (f"{target.name}-wal", f"{target.name}-shm"):
        target.with_name(name).unlink(missing_ok=True)
    made.replace(target)


def checkpoint(db: Archive) -> None:
    """Merge the write-ahead log into the file and empty it, as far as readers allow; a full disk is not an error here."""
    with suppress(sqlite3.OperationalError):
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def is_failure(error: BaseException) -> bool:
    """Whether an error means that the archive itself fails (its disk, its lock, damage), rather than a value given to
    it.
    """
    is_sqlite = isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError
    return is_sqlite or isinstance(error, ArchiveError)


@contextmanager
def transaction(db: Archive) -> Iterator[None]:
    """All of the block or nothing; inside another transaction it is part of that one.

    The write lock is held from the first read: a plain BEGIN would fail with BUSY_SNAPSHOT.
    """
    if db.conn.in_transaction:
        yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise


@contextmanager
def part(db: Archive) -> Iterator[None]:
    """All of the block or nothing, within a transaction that lasts until commit(); it is begun if there is none."""
    if not db.conn.in_transaction:
        db.execute("BEGIN IMMEDIATE")
    db.execute("SAVEPOINT part")
    try:
        yield
    except BaseException:
        if db.conn.in_transaction:  # some errors have already ended the whole transaction
            db.execute("ROLLBACK TO part")
            db.execute("RELEASE part")
        raise
    db.execute("RELEASE part")


@contextmanager
def undo_in_memory(db: Archive) -> Iterator[None]:
    """Keep in memory what part() needs to undo a page: in a file of its own it was nine out of ten writes of a crawl."""
    db.execute("PRAGMA temp_store = MEMORY")
    try:
        yield
    finally:
        if not db.conn.in_transaction:  # SQLite changes it only outside of a transaction
            db.execute("PRAGMA temp_store = DEFAULT")


def is_writing(db: Archive) -> bool:
    """Whether a transaction is open on this connection."""
    return bool(db.conn.in_transaction)


def commit(db: Archive) -> None:
    """End what part() has begun. Does nothing if nothing is open; a commit that fails leaves nothing behind."""
    if not db.conn.in_transaction:
        return
    try:
        db.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:
            db.execute("ROLLBACK")
        raise
