"""Reading WARC files, record by record: the only importer of fastwarc (extra `warc`).

Standard files are read by fastwarc, twice as fast as in Python. It stops at irregularities, but it also skips some
silently (a length that swallows the next record, a truncated file, field names in another case, offsets within a gzip
member of many records). So its word is taken only for a record after which the next one was found; at the first doubt
LenientReader reads again from the last certain record, and hands back when the file is as it should be.
"""

from __future__ import annotations

import io
import os
from typing import IO, TYPE_CHECKING, Any

from scraper.archive.file import bodies
from scraper.errors import ArchiveError, ExtraMissing
from scraper.exchange.warclenient import (
    MAX_BLOCK,
    READ,
    Item,
    LenientReader,
    PassedOver,
    RawRecord,
    length_of,
    target_uri,
)
from scraper.exchange.warcstream import GZIP

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

_REGULAR = 8  # records in a row as they should be, after which fastwarc continues
_TYPES = READ | {"warcinfo", "conversion", "continuation"}
_LOST = "\ufffd"
_INSIDE = b"\nWARC/1."


def _fastwarc() -> Any:
    try:
        import fastwarc.stream_io  # noqa: PLC0415  (an extra)
        import fastwarc.warc  # noqa: PLC0415
    except ImportError as error:
        raise ExtraMissing("WARC", "warc") from error
    return fastwarc


def records(file: IO[bytes], *, start: int, is_wanted: Callable[[str], bool]) -> Iterator[Item]:
    """The records from an offset at which one must begin; `is_wanted` is called with the target before a block is read."""
    lenient = LenientReader(file, is_wanted)
    at: int | None = start
    while at is not None:
        sure, given = yield from _quickly(file, at, is_wanted)
        yield from lenient.read(sure, skip=given, regular=_REGULAR)
        at = lenient.next_start


def _quickly(file: IO[bytes], start: int, is_wanted: Callable[[str], bool]) -> Generator[Item, None, tuple[int, int]]:
    """What fastwarc reads, up to the first doubt; returns (where the last certain record begins, 1 if there is one)."""
    file.seek(start)
    head = file.read(4)
    if not head.startswith((GZIP, b"WARC")):
        return start, 0
    is_packed = head.startswith(GZIP)
    file.seek(start)
    sure: int | None = None
    waiting: RawRecord | PassedOver | None = None
    try:
        for record in _fastwarc().warc.ArchiveIterator(file, parse_http=False):
            offset = record.stream_pos
            last = waiting.offset if waiting else -1
            if offset <= last or (waiting is None and offset != start) or (is_packed and not _is_packed(file, offset)):
                break
            if waiting is not None:
                sure = waiting.offset
                yield waiting
                waiting = None
            waiting = _regular(record, is_wanted)
            if waiting is None:
                break
    except Exception:  # noqa: BLE001, S110  (whatever it is, LenientReader says what is the matter)
        pass
    return (start, 0) if sure is None else (sure, 1)


def _is_packed(file: IO[bytes], offset: int) -> bool:
    """Whether a gzip member begins here: in a member of many records fastwarc gives its end as the position of each."""
    if isinstance(file, io.BufferedReader) and hasattr(os, "pread"):
        return os.pread(file.fileno(), 3, offset) == GZIP  # without disturbing its buffer
    at = file.tell()
    file.seek(offset)
    found = file.read(3) == GZIP
    file.seek(at)
    return found


def _regular(record: Any, is_wanted: Callable[[str], bool]) -> RawRecord | PassedOver | None:
    """A record that follows the standard; None for one that LenientReader has to look at."""
    pairs = record.headers.to_tuples()
    fields = {name.lower(): value for name, value in reversed(pairs)}
    kind = fields.get("warc-type", "").lower()
    length = length_of(fields)
    lengths = sum(name.lower() == "content-length" for name, _ in pairs)
    if any(_LOST in value for value in fields.values()):  # bytes that are not UTF-8
        return None
    if kind not in _TYPES or lengths != 1 or length is None or length != record.content_length:
        return None
    if kind not in READ or not is_wanted(target_uri(fields)):
        return PassedOver(offset=record.stream_pos, type=kind) if record.consume() == length else None
    if length > MAX_BLOCK:
        is_whole = record.consume() == length
        return RawRecord(offset=record.stream_pos, type=kind, fields=fields, block=None) if is_whole else None
    block = record.reader.read()
    if len(block) != length or _INSIDE in block:
        return None
    return RawRecord(offset=record.stream_pos, type=kind, fields=fields, block=block)


def decoded_body(data: bytes, encoding: str, limit: int) -> tuple[bytes, bool]:
    """A body in an encoding that the crawl does not ask for (br, zstd), up to one byte over the limit; and whether it
    is truncated.

    Raises OSError if it is not in that encoding.
    """
    if encoding == "zstd":
        try:
            return bodies.decompress(data, limit=limit), False
        except ArchiveError as error:
            raise OSError(str(error)) from error
    reader = _fastwarc().stream_io.BrotliReader(io.BytesIO(data))
    parts: list[bytes] = []
    size = 0
    while size <= limit:
        try:
            piece = reader.read(1 << 16)
        except OSError:
            if not parts:
                raise
            return b"".join(parts), True
        if not piece:
            break
        parts.append(piece)
        size += len(piece)
    return b"".join(parts)[: limit + 1], False
