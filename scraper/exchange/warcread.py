"""Reading WARC files, record by record, past what is broken in them: the only importer of fastwarc (extra `warc`)."""

from __future__ import annotations

import io
import re
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any

from scraper.errors import ExtraMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAX_BLOCK = 21 << 20  # of a record that is read: a page of the largest size, compressed or not, with its head
_READ = frozenset({"response", "revisit", "request", "metadata", "resource"})
_GZIP_MAGIC = b"\x1f\x8b\x08"
_PLAIN_MAGIC = b"WARC/1."
_STEP = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """A record: `fields` have lower-cased names; `block` is None where it is larger than MAX_BLOCK."""

    offset: int
    type: str
    fields: dict[str, str]
    block: bytes | None

    @property
    def url(self) -> str:
        """The target, without the brackets that some programs put around it."""
        return self.fields.get("warc-target-uri", "").strip("<> ")

    @property
    def record_id(self) -> str:
        """The record's name; "" if it has none."""
        return self.fields.get("warc-record-id", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A place in a file where no record can be read; reading goes on at the next that can."""

    offset: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A record that was not wanted."""

    offset: int
    type: str


def _fastwarc() -> Any:
    try:
        import fastwarc.stream_io  # noqa: PLC0415  (an extra)
        import fastwarc.warc  # noqa: PLC0415
    except ImportError as error:
        raise ExtraMissing("WARC", "warc") from error
    return fastwarc


def records(
    file: IO[bytes], *, start: int, is_wanted: Callable[[str], bool]
) -> Iterator[RawRecord | Broken | PassedOver]:
    """The records from an offset on, where one must begin; `is_wanted` is asked for the target before a block is read."""
    at: int | None = start
    while at is not None:
        last, is_whole = at, False
        file.seek(at)
        try:
            for record in _fastwarc().warc.ArchiveIterator(file, parse_http=False):
                last, is_whole = record.stream_pos, False
                yield _raw(record, is_wanted)
                is_whole = True
        except (OSError, ValueError) as error:
            if not is_whole:  # else what is broken begins behind it, and is met in the next round
                yield Broken(offset=last, detail=str(error))
            at = _next_start(file, last + 1)
        else:
            at = None
    if is_whole and (end := _rest(file, last)) is not None:
        yield Broken(offset=end, detail="cut short, or what follows is no record")


def _rest(file: IO[bytes], last: int) -> int | None:
    """Where the whole records end, if that is not the end of the file: readers take a file that was cut for a shorter one."""
    file.seek(last)
    head = file.read(_STEP)
    if head.startswith(_GZIP_MAGIC):
        unpack = zlib.decompressobj(wbits=31)
        end = last
        while head and not unpack.eof:
            piece = unpack.decompress(head, _STEP)
            while piece and not unpack.eof:
                piece = unpack.decompress(unpack.unconsumed_tail, _STEP)
            end += len(head) - len(unpack.unused_data)
            head = file.read(_STEP)
        if not unpack.eof:
            return last
    else:
        fields, _, _ = head.partition(b"\r\n\r\n")
        length = re.search(rb"(?im)^content-length:[ \t]*(\d+)", fields)
        end = last + len(fields) + 8 + (int(length[1]) if length else 0)
    file.seek(end)
    return end if file.read(1 << 16).strip(b"\0\r\n") else None


def _raw(record: Any, is_wanted: Callable[[str], bool]) -> RawRecord | PassedOver | Broken:
    offset = record.stream_pos
    fields = {name.lower(): value for name, value in record.headers.to_tuples()}
    kind = fields.get("warc-type", "").lower()
    if kind not in _READ or not is_wanted(fields.get("warc-target-uri", "").strip("<> ")):
        return PassedOver(offset=offset, type=kind)
    if record.content_length > MAX_BLOCK:
        return RawRecord(offset=offset, type=kind, fields=fields, block=None)
    block = record.reader.read()
    if len(block) != record.content_length:
        return Broken(offset=offset, detail=f"cut short: {len(block)} of {record.content_length} bytes")
    return RawRecord(offset=offset, type=kind, fields=fields, block=block)


def _next_start(file: IO[bytes], at: int) -> int | None:
    """Where the next record may begin; None at the end of the file."""
    keep = len(_PLAIN_MAGIC) - 1
    file.seek(at)
    tail = b""
    while piece := file.read(_STEP):
        text = tail + piece
        found = [place for magic in (_GZIP_MAGIC, _PLAIN_MAGIC) if (place := text.find(magic)) >= 0]
        if found:
            return at - len(tail) + min(found)
        at += len(piece)
        tail = text[-keep:]
    return None


def unbrotli(data: bytes, limit: int) -> bytes:
    """A brotli body, up to one byte over the limit. Raises OSError if it is none."""
    unpacked: bytes = _fastwarc().stream_io.BrotliReader(io.BytesIO(data)).read(limit + 1)
    return unpacked
