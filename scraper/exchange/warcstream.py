"""The bytes of a WARC file as they arrive: plain, or from a gzip member or zstd frame, with any errors in those."""

from __future__ import annotations

import contextlib
import zlib
from typing import IO, TYPE_CHECKING

from scraper.archive.file import bodies
from scraper.errors import ArchiveError

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Iterator

GZIP = b"\x1f\x8b\x08"
ZSTD = b"\x28\xb5\x2f\xfd"
BLANK = b"\r\n\0"  # allowed between records
LONGEST = 96  # bytes that a match of a searched pattern may have
FIRST_STEP = 1 << 11  # small, since what is searched for is usually near, and there may be very many searches
_DICTIONARY = b"\x5d\x2a\x4d\x18"  # https://iipc.github.io/warc-specifications/specifications/warc-zstd/
_MAX_DICTIONARY = 16 << 20
_STEP = 1 << 16


class Torn(Exception):
    """A member ends too early."""


class Corrupt(Torn):
    """A member's content is not what was compressed."""


class Stream:
    """Bytes that arrive piece by piece, examined before they are consumed.

    `failure` says why they ended too early, `is_corrupt` that they may be wrong; `begins` tells whether, that many
    bytes from here, a record begins or nothing follows, if that can be known without reading up to it.
    """

    def __init__(self, pieces: Iterator[bytes], begins: Callable[[int], bool] | None = None) -> None:
        self._pieces = pieces
        self._ended = False
        self.begins = begins
        self.data = bytearray()
        self.at = 0  # position of data[0]
        self.failure: str | None = None
        self.is_corrupt = False

    def fill(self, size: int) -> int:
        """Have `size` bytes in `data`, or as many as there are; returns how many there are, up to `size`."""
        while len(self.data) < size and not self._ended:
            try:
                piece = next(self._pieces, None)
            except Torn as error:
                self.failure, self.is_corrupt, piece = str(error), isinstance(error, Corrupt), None
            if piece is None:
                self._ended = True
            else:
                self.data += piece
        return min(len(self.data), size)

    @property
    def is_ended(self) -> bool:
        """Whether nothing is left."""
        return not self.fill(1)

    def drop(self, size: int) -> None:
        """Skip `size` bytes, or as many as there are."""
        while size > 0 and self.fill(1):
            step = min(size, len(self.data))
            del self.data[:step]
            self.at += step
            size -= step

    def drop_blank(self) -> None:
        """Skip line ends and padding."""
        while self.fill(1) and (size := len(self.data) - len(self.data.lstrip(BLANK))):
            self.drop(size)

    def find(self, pattern: re.Pattern[bytes], start: int, limit: int) -> int | None:
        """The first match from `start`, searched for within `limit` bytes; every byte is examined once."""
        seen, step = start, FIRST_STEP
        while True:
            self.fill(min(limit, max(len(self.data), seen + step)))
            step = min(2 * step, _STEP)
            if found := pattern.search(self.data, max(start, seen - LONGEST)):
                return found.start()
            if self._ended or len(self.data) >= limit:
                return None
            seen = len(self.data)


def dictionary_of(file: IO[bytes]) -> bytes | None:
    """The dictionary with which a .warc.zst begins; None if it has none."""
    file.seek(0)
    head = file.read(8)
    size = int.from_bytes(head[4:8], "little")
    if not head.startswith(_DICTIONARY) or size > _MAX_DICTIONARY:
        return None
    found = b"".join(_exactly(file, size))
    if found.startswith(ZSTD):
        with contextlib.suppress(ArchiveError):  # its frames are then named as broken
            found = bodies.decompress(found, limit=_MAX_DICTIONARY)
    return found


def _exactly(file: IO[bytes], size: int) -> Iterator[bytes]:
    while size and (piece := file.read(size)):
        size -= len(piece)
        yield piece


def pieces_of(file: IO[bytes], at: int) -> Iterator[bytes]:
    """The bytes of a file from an offset, in small pieces first, then in larger ones."""
    step = FIRST_STEP
    while True:
        file.seek(at)  # somebody else may have read it meanwhile
        piece = file.read(step)
        if not piece:
            return
        at += len(piece)
        step = min(2 * step, _STEP)
        yield piece


class GzipMember:
    """One gzip member; `consumed` is its size in the file so far, in bytes."""

    def __init__(self) -> None:
        self.consumed = 0

    def pieces(self, packed: Iterator[bytes]) -> Iterator[bytes]:
        """Its content. Raises Torn."""
        unpack = zlib.decompressobj(wbits=31)
        for data in packed:
            rest: bytes = data
            is_full = False  # a full step may leave output in the decoder although its input is used up
            while (rest or is_full) and not unpack.eof:
                try:
                    piece = unpack.decompress(rest, _STEP)
                except zlib.error as error:
                    self.consumed += len(rest)
                    raise Corrupt(f"gzip: {error}") from error
                left = unpack.unused_data or unpack.unconsumed_tail
                self.consumed += len(rest) - len(left)
                rest, is_full = left, len(piece) == _STEP
                if piece:
                    yield piece
            if unpack.eof:
                return
        raise Torn("the gzip member is cut short")


class WarcFrame:
    """One zstd frame; `consumed` is its size in the file so far, in bytes."""

    def __init__(self, dictionary: bytes | None) -> None:
        self.consumed = 0
        self._dictionary = dictionary

    def pieces(self, packed: Iterator[bytes]) -> Iterator[bytes]:
        """What is in it. Raises Torn."""
        frame = bodies.ZstdFrame(self._dictionary)
        for data in packed:
            for at in range(0, len(data), 512):  # small steps: a frame may unpack to thirty thousand times its size
                given = data[at : at + 512]
                try:
                    piece = frame.feed(given)
                except ArchiveError as error:
                    self.consumed += len(given)
                    raise Corrupt(f"zstd: {error}") from error
                self.consumed += len(given) - frame.unused
                if piece:
                    yield piece
                if frame.is_ended:
                    return
        raise Torn("the zstd frame is cut short")
