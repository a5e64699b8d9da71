"""One crawl per archive: a lock that the system drops when its holder dies."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from scraper.errors import ArchiveLocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def crawl_lock(archive: Path) -> Iterator[None]:
    """Hold ARCHIVE.lock; raises ArchiveLocked, with the holder's pid, if another crawl does.

    The file stays: removing it would race with a crawl that has just opened it.
    """
    target = archive.resolve()  # a symlink is the same archive
    path = target.with_name(target.name + ".lock")
    with path.open("a+", encoding="ascii") as file:
        if not _try_lock(file):
            file.seek(0)
            raise ArchiveLocked(f"{archive}: another crawl (pid {file.read().strip() or 'unknown'}) holds the archive")
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[str]) -> bool:
        try:
            file.seek(1 << 20)  # far behind the pid, which others must be able to read
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(file: IO[str]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
