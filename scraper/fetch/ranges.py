"""Files larger than a page, requested piece by piece (RFC 9110 §14), for code that reads them as a file."""

from __future__ import annotations

import asyncio
import io
import re
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.errors import FetchError, Reason
from scraper.fetch.answer import Limits
from scraper.fetch.classify import of_status
from scraper.fetch.client import Fetcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from scraper.fetch.settings import FetchSettings
    from scraper.records import RobotsFile

PIECE = 16 << 20
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a file, and the size of the whole."""

    data: bytes
    size: int


@dataclass(slots=True)
class RobotsMemory:
    """A robots.txt store that lasts one session."""

    known: dict[str, RobotsFile] = field(default_factory=dict)

    def load(self, origin: str) -> RobotsFile | None:
        return self.known.get(origin)

    def save(self, robots: RobotsFile) -> RobotsFile:
        self.known[robots.origin] = robots
        return robots


async def fetch_part(fetcher: Fetcher, url: str, start: int, length: int) -> Part:
    """The bytes from `start` on, at most `length`, as they are stored. Raises FetchError."""
    headers = {"Range": f"bytes={start}-{start + length - 1}", "Accept-Encoding": "identity", "Accept": "*/*"}
    answer = await fetcher.exchange(url, headers, Limits(length, length))
    if answer.status == 200 and start == 0:  # shorter than requested, and sent whole
        return Part(answer.body, len(answer.body))
    found = _RANGE.fullmatch(answer.header("content-range") or "")
    if answer.status != 206 or found is None:
        raise FetchError(
            url, of_status(answer.status) or Reason.PROTOCOL, f"HTTP {answer.status} for a part", status=answer.status
        )
    first, last, size = (int(each) for each in found.groups())
    if first != start or len(answer.body) != last - first + 1:
        raise FetchError(url, Reason.TRUNCATED, f"bytes {first}-{last} for {start}, {len(answer.body)} came")
    return Part(answer.body, size)


class Parts:
    """Fetches parts for code that is not asynchronous, on an event loop in a separate thread."""

    def __init__(self, fetcher: Fetcher, loop: asyncio.AbstractEventLoop) -> None:
        self._fetcher = fetcher
        self._loop = loop

    def ask(self, url: str, start: int, length: int) -> Future[Part]:
        """A part that is on its way."""
        return asyncio.run_coroutine_threadsafe(fetch_part(self._fetcher, url, start, length), self._loop)


@contextmanager
def open_parts(settings: FetchSettings) -> Iterator[Parts]:
    """A fetcher of parts; pace, robots.txt and the address guard are those of any fetcher."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    fetcher = Fetcher(settings, robots=RobotsMemory())
    try:
        yield Parts(fetcher, loop)
    finally:
        asyncio.run_coroutine_threadsafe(_end(fetcher), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(fetcher: Fetcher) -> None:
    """Cancel what is on its way, and close."""
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await fetcher.__aexit__(None, None, None)


class RemoteFile(io.RawIOBase):
    """A file on the web, read as if it were local; the next piece is on its way while one is read.

    `failure` is the error with which fetching ended, for readers that take an error for the end of a file.
    """

    def __init__(self, source: Parts, url: str, *, piece: int = PIECE) -> None:
        super().__init__()
        self._source = source
        self._url = url
        self._piece = piece
        self._at = 0
        self._size: int | None = None
        self._pieces: dict[int, Future[Part]] = {}
        self.failure: FetchError | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        if whence == io.SEEK_END:
            self._of(0)
        self._at = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size or 0}[whence])
        return self._at

    def read(self, size: int = -1) -> bytes:
        """As many bytes as requested, fewer only at the end of the file or before a piece that cannot be had; with a
        negative size the rest of a piece. Raises FetchError if not a single byte can be had.
        """
        if size < 0:
            return self._rest(self._piece)
        parts: list[bytes] = []
        try:
            while size > 0 and (part := self._rest(size)):
                parts.append(part)
                size -= len(part)
        except FetchError:
            if not parts:
                raise
        return b"".join(parts)

    def _rest(self, most: int) -> bytes:
        """The rest of a piece; b"" at the end of the file."""
        number, within = divmod(self._at, self._piece)
        if self._size is not None and self._at >= self._size:
            return b""
        data = self._of(number)[within : within + most]
        self._at += len(data)
        return data

    def _of(self, number: int) -> bytes:
        try:
            part = self._asked(number).result()
        except FetchError as error:
            self.failure = error
            raise
        self._size = part.size
        if (number + 1) * self._piece < part.size:
            self._asked(number + 1)
        for old in [each for each in self._pieces if not number - 1 <= each <= number + 1]:
            self._pieces.pop(old).cancel()
        return part.data

    def _asked(self, number: int) -> Future[Part]:
        if number not in self._pieces:
            self._pieces[number] = self._source.ask(self._url, number * self._piece, self._piece)
        return self._pieces[number]
