"""A copy of the archive while a crawl writes: verified before it gets its name."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from scraper.archive.file.connection import archive_error, open_archive, path_of, put_in_place
from scraper.archive.file.lock import making
from scraper.archive.file.soundness import first_problem
from scraper.archive.keep.verify import verify
from scraper.archive.migrations import APPLICATION_ID
from scraper.errors import ArchiveDamaged, ArchiveRefused

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.keep.verify import Watch


def back_up(
    db: Database,
    target: Path,
    *,
    replace: bool = False,
    is_short_lived: bool = False,
    on_progress: Watch = lambda _what, _done, _of: None,
) -> int:
    """Copy the archive to `target` as of one moment; returns the size of the copy in bytes.

    The copy is verified digest by digest, then renamed into place in one step: a file called `target` is always a
    complete archive. If `is_short_lived`, only its structure is verified, since each page is checked when it is read. A
    killed backup leaves `target.partial`, which the next one overwrites. Raises ArchiveRefused if `target` exists
    (unless `replace`, and it is an earlier copy of this archive), ArchiveDamaged if the copy, and so the archive, is
    damaged (nothing is put in place then), and ArchiveLocked if another process is making the same copy.
    """
    if target.exists():
        if target.samefile(path_of(db)):
            raise ArchiveRefused(f"{target}: is the archive itself")
        if not replace:
            raise ArchiveRefused(f"{target}: the file exists already")
        if not _is_earlier(db, target):
            raise ArchiveRefused(
                f"{target}: is not an earlier copy of this archive, and stays; give another name or remove it"
            )
    with making(target):
        on_progress("copy", 0, None)
        return _copy(db, target, on_progress, is_short_lived=is_short_lived)


def _is_earlier(db: Database, target: Path) -> bool:
    """Whether a file is an archive whose last run and visit are also in this one."""
    try:
        with closing(sqlite3.connect(f"{target.absolute().as_uri()}?mode=ro", uri=True)) as old:
            if old.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                return False
            for columns, table in (("id, kind, started_at", "runs"), ("id, url_id, at, reason", "fetches")):
                last = f"SELECT {columns} FROM {table} ORDER BY id DESC LIMIT 1"  # noqa: S608
                there = old.execute(last).fetchall()
                same = f"SELECT {columns} FROM {table} WHERE id = ?"  # noqa: S608
                if there and db.execute(same, [there[0][0]]).fetchall() != there:
                    return False
            return True
    except sqlite3.DatabaseError:
        return False


def _copy(db: Database, target: Path, on_progress: Watch, *, is_short_lived: bool) -> int:
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
            db.conn.backup(copy)  # in one step, so that a writer cannot make it start again
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a -wal beside it
    except sqlite3.OperationalError as error:
        raise archive_error(error, partial) from error  # a full disk is the copy's
    with open_archive(partial) as made:
        if is_short_lived and (problem := first_problem(made)) is not None:
            raise ArchiveDamaged(f"{target}: not written, because the archive is damaged: {problem}")
        for damage in () if is_short_lived else verify(made, on_progress=on_progress):
            raise ArchiveDamaged(
                f"{target}: not written, because the archive is damaged: {damage.part}: {damage.detail}"
            )
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    put_in_place(partial, target)
    return target.stat().st_size
