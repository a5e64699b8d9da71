"""Common Crawl's news: which WARC files a month has, and what they hold of some hosts, read over the web and not
stored.

A file is read in ranges, so an interrupted import continues within the file, and nothing but what is wanted is ever on
disk. <https://commoncrawl.org/blog/news-dataset-available>
"""

from __future__ import annotations

import gzip
import hashlib
import io
import re
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from scraper.errors import ExchangeError, FetchError
from scraper.exchange.warcimport import import_records, take_records
from scraper.fetch import RemoteFile

if TYPE_CHECKING:
    from scraper.archive.file.library import Archive
    from scraper.exchange.taking import ImportOptions, ImportReport, Taker
    from scraper.fetch.ranges import Parts

HOME = "crawl-data/CC-NEWS"
_MONTHS = re.compile(r"(\d{4})-(\d\d)(?:\.\.(\d{4})-(\d\d))?")
_PATH = re.compile(rf"{HOME}/\d{{4}}/\d\d/[\w.-]+\.warc\.gz")
_MAX_LISTING = 16 << 20


def months_of(text: str) -> tuple[str, ...]:
    """The months in "2019-10" or "2019-10..2020-02", as "YYYY-MM". Raises ExchangeError."""
    found = _MONTHS.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        first = date(int(found[1]), int(found[2]), 1)
        last = date(int(found[3]), int(found[4]), 1) if found[3] else first
    except ValueError:
        raise ExchangeError(f"{text!r} is not a month: write 2019-10 or 2019-10..2020-02") from None
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    if not numbers:
        raise ExchangeError(f"{text!r} ends before it begins")
    return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in numbers)


def warcs_of_month(source: Parts, base: str, month: str) -> tuple[Path, ...]:
    """The WARC files of a month, in order. Raises FetchError, and ExchangeError for what is not a listing."""
    url = f"{base}/{HOME}/{month.replace('-', '/')}/warc.paths.gz"
    packed = io.BytesIO()
    file = RemoteFile(source, url, piece=1 << 20)
    while piece := file.read():
        packed.write(piece)
    packed.seek(0)
    try:
        text = gzip.GzipFile(fileobj=packed).read(_MAX_LISTING).decode("ascii")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ExchangeError(f"{url}: not a list of files: {error}") from error
    lines = text.split()
    if strange := next((line for line in lines if not _PATH.fullmatch(line)), None):
        raise ExchangeError(f"{url}: {strange[:200]!r} is not a CC-NEWS file")
    return tuple(Path(line) for line in lines)


def import_ccnews(db: Archive, source: Parts, base: str, options: ImportOptions, report: ImportReport) -> None:
    """Import what `options` wants from the files `options.paths`. Raises FetchError; what was imported before stays."""

    async def take_one(taker: Taker, path: Path, options: ImportOptions) -> None:
        file = RemoteFile(source, f"{base}/{path.as_posix()}")
        try:
            await take_records(taker, "", cast("IO[bytes]", _Stopping(file)), options)
        except _Stopped:
            assert file.failure is not None  # noqa: S101  (that is why it stopped)
            raise file.failure from None

    import_records(db, options, report, take_one, name_digest)


def name_digest(path: Path) -> bytes:
    """A file of Common Crawl never changes, so its name is enough, wherever it is served from."""
    return hashlib.sha256(path.as_posix().encode()).digest()


class _Stopped(BaseException):
    """Fetching failed. Not an Exception: readers of WARC files skip those, like anything broken in a file."""


class _Stopping(io.RawIOBase):
    """A remote file whose failure ends the reading of it."""

    def __init__(self, file: RemoteFile) -> None:
        super().__init__()
        self._file = file

    def read(self, size: int = -1) -> bytes:
        try:
            return self._file.read(size)
        except FetchError as error:
            raise _Stopped from error

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True
