"""A copy of the archive while a crawl writes: verified before it bears its name."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from scraper.archive.connection import open_archive, path_of, put_in_place
from scraper.archive.lock import making
from scraper.archive.verify import verify
from scraper.errors import ArchiveDamaged, ArchiveRefused

if TYPE_CHECKING:
    from pathlib import Path

    from sqlite_utils import Database


def back_up(db: Database, target: Path, *, replace: bool = False) -> int:
    """Copy the archive to `target` as of one moment; the size of the copy in bytes.

    The copy is verified body by body, then renamed into place in one step: a
    file called `target` is always a whole archive. A killed backup leaves
    `target.partial`, which the next one overwrites. Raises ArchiveRefused if
    `target` exists (unless `replace`), ArchiveDamaged if the copy, and so the
    archive, is damaged; nothing then is put in place. ArchiveLocked if another process makes it.
    """
    if target.exists() and target.samefile(path_of(db)):
        raise ArchiveRefused(f"{target}: is the archive itself")
    if target.exists() and not replace:
        raise ArchiveRefused(f"{target}: there is a file already")
    with making(target):
        return _copy(db, target)


def _copy(db: Database, target: Path) -> int:
    partial = target.with_name(f"{target.name}.partial")
    partial.unlink(missing_ok=True)
    with closing(sqlite3.connect(partial, isolation_level=None)) as copy:
        db.conn.backup(copy)  # in one step, so that a writer cannot make it start again
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a -wal beside it
    with open_archive(partial) as made:
        for damage in verify(made):
            raise ArchiveDamaged(f"{target}: not made, the archive is damaged: {damage.part}: {damage.detail}")
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    put_in_place(partial, target)
    return target.stat().st_size
