"""One crawl per archive: a lock that the system releases when its holder dies."""

from __future__ import annotations

import errno
import os
import stat
import sys
from contextlib import contextmanager, suppress
from typing import IO, TYPE_CHECKING

from scraper.errors import ArchiveLocked, ArchiveRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def crawl_lock(archive: Path) -> Iterator[None]:
    """Hold ARCHIVE.lock; raises ArchiveLocked, with the holder's pid, if another crawl holds it.

    The file stays: removing it would race with a crawl that has just opened it.
    """
    target = archive.resolve()  # a symlink is the same archive
    path = target.with_name(target.name + ".lock")
    with _opened(path) as file:
        if not _try_lock(file):
            file.seek(0)
            raise ArchiveLocked(f"{archive}: another crawl (pid {file.read().strip() or 'unknown'}) holds the archive")
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield


def crawler_of(archive: Path) -> int | None:
    """The process that is crawling into an archive right now; None if none is."""
    target = archive.resolve()
    path = target.with_name(target.name + ".lock")
    if not path.is_file():
        return None
    with path.open(encoding="ascii") as file:  # for reading: whoever asks need not be the user who crawls
        if _try_lock(file):  # released at once, when the file is closed
            return None
        file.seek(0)
        text = file.read().strip()
        return int(text) if text.isdecimal() else 0


@contextmanager
def making(target: Path) -> Iterator[None]:
    """Hold TARGET.partial.lock while something is made beside its target; the file is removed at the end. Raises
    ArchiveLocked.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    path = target.with_name(f"{target.name}.partial.lock")
    while True:
        with _opened(path) as file:
            if not _try_lock(file):
                raise ArchiveLocked(f"{target}: another process is making it")
            if not _is_at(path, file):
                continue  # its last holder has just removed it
            try:
                yield
            finally:
                with suppress(OSError):
                    path.unlink()
            return


def _opened(path: Path) -> IO[str]:
    """An open lock file; one that somebody has put there to redirect our writes is refused."""

    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        number = os.open(path, flags, 0o644)
    except OSError as error:
        if error.errno in (errno.ELOOP, errno.EMLINK):
            raise ArchiveRefused(f"{path}: is a symbolic link, not a lock file") from error
        raise
    found = os.fstat(number)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(number)
        raise ArchiveRefused(f"{path}: is not a regular file, so it cannot be a lock")
    return os.fdopen(number, "r+", encoding="ascii")


def _is_at(path: Path, file: IO[str]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: IO[str]) -> bool:
        try:
            file.seek(1 << 20)  # far after the pid, which others must be able to read
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
