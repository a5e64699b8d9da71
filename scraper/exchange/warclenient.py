"""WARC records from files that violate the standard, and what counts as a record at all.

The libraries read what the standard allows; on anything else they stop, skip silently or take one record for another
(docs/exchange.md has the table). This reader goes through any bytes in time linear in their number: a head may end its
lines and spell its fields as it likes; if a length is missing or contradicts what follows, the next record or the end
of the gzip or zstd member shows where a record ends; what is not a record is skipped in one stretch and named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import IO, TYPE_CHECKING

from scraper.exchange.warcstream import (
    BLANK,
    FIRST_STEP,
    GZIP,
    LONGEST,
    ZSTD,
    GzipMember,
    Stream,
    WarcFrame,
    dictionary_of,
    pieces_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

MAX_BLOCK = 21 << 20  # of a record that is read: a page of the largest size, compressed or not, with its head
MAX_HEAD = 1 << 18
READ = frozenset({"response", "revisit", "request", "metadata", "resource"})
_SKIPPABLE = re.compile(rb"[\x50-\x5f]\x2a\x4d\x18")
_VERSION = re.compile(rb"WARC/\d")  # where a record must begin
# Where one may begin, at any position: a version and a field below it.
_HEAD = rb"WARC/\d\.\d{1,2}[ \t]*\r?\n[A-Za-z][\w-]{0,40}[ \t]*:"
_NEXT = re.compile(_HEAD)
_START = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]|\x28\xb5\x2f\xfd|" + _HEAD)
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n|(?=" + _HEAD + rb")")
_BEHIND = re.compile(rb"\r?\n\r?\nWARC/\d")
_LENGTH = re.compile(r"\d{1,15}")
_HTTP_LENGTH = re.compile(rb"(?i)\ncontent-length[ \t]*:[ \t]*(\d{1,15})[ \t]*\r?(?:\n|$)")
_WARC_TYPE = re.compile(rb"(?i)\ncontent-type[ \t]*:[^\r\n]*warc")
_FREE = 64 << 20  # bytes of broken members that are decompressed in vain before the file's size limits it


@dataclass(frozen=True, slots=True, kw_only=True)
class RawRecord:
    """A record: `fields` have lower-case names; `block` is None if it is larger than MAX_BLOCK.

    `offset` is where reading can start again: the record's own position, or that of the gzip member that contains it.
    `is_cut` if the block is shorter than its length says, and nothing else says that it is complete.
    """

    offset: int
    type: str
    fields: dict[str, str]
    block: bytes | None
    is_cut: bool = False

    @property
    def url(self) -> str:
        """The target, without the brackets that some programs put around it."""
        return target_uri(self.fields)

    @property
    def record_id(self) -> str:
        """The record's name; "" if it has none."""
        return self.fields.get("warc-record-id", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A stretch of a file in which no record can be read; reading continues at the next that can."""

    offset: int
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """A record that was not wanted."""

    offset: int
    type: str


Item = RawRecord | Broken | PassedOver
_Told = tuple[
    Item, bool, int | None
]  # the item, whether it is as it should be, where it ends if another can begin there


def target_uri(fields: dict[str, str]) -> str:
    """The address that a record is about; "" if it does not say."""
    return fields.get("warc-target-uri", "").strip("<> \t")


def fields_of(head: str) -> dict[str, str]:
    """The fields below a version line, by lower-case name; the first of a name counts, a folded line is joined."""
    found: dict[str, list[str]] = {}
    name = ""
    for line in re.split(r"\r?\n", head)[1:]:
        if line[:1] in (" ", "\t"):
            found.get(name, []).append(line.strip())
            continue
        key, colon, value = line.partition(":")
        key = key.strip().lower()
        name = key if colon and key and key not in found else ""
        if name:
            found[name] = [value.strip()]
        elif key == "content-length" and [value.strip()] != found.get(key):
            found[key] = []  # two lengths count as none
    return {key: " ".join(parts) for key, parts in found.items()}


def length_of(fields: dict[str, str]) -> int | None:
    """The length of a block; None if its field is missing or impossible."""
    text = fields.get("content-length", "")
    return int(text) if _LENGTH.fullmatch(text) and text.isascii() else None


@dataclass(frozen=True, slots=True)
class _Found:
    """An item from a stream: a record, or, with `fields` None, a stretch that is not one."""

    at: int  # position in the stream
    fields: dict[str, str] | None
    block: bytes | None = None
    is_cut: bool = False
    is_regular: bool = False
    detail: str = ""


def _in_stream(stream: Stream, wants: Callable[[dict[str, str]], bool]) -> Iterator[_Found]:
    """The items in a stream, one after the other; the block of an unwanted one is empty."""
    while True:
        stream.drop_blank()
        if stream.is_ended:
            return
        at = stream.at
        stream.fill(8)
        end = stream.find(_END_OF_HEAD, 5, MAX_HEAD) if _VERSION.match(stream.data) else None
        is_head = end is not None and bytes(stream.data[end : end + 1]) in (b"\r", b"\n")
        fields = fields_of(_text(bytes(stream.data[:end]))) if is_head else {}
        if "warc-type" not in fields:
            yield _Found(at, None, detail="a record's head that cannot be read" if end else "no record begins here")
            _drop_to_next(stream)
            continue
        head = bytes(stream.data[:end])
        stream.drop(len(head) + len(_line_ends(stream, len(head))))
        yield _block(stream, at, fields, head, is_wanted=wants(fields))


def _line_ends(stream: Stream, at: int) -> bytes:
    stream.fill(at + 4)
    found = re.match(rb"\r?\n\r?\n", bytes(stream.data[at : at + 4]))
    return found[0] if found else b""


def _text(head: bytes) -> str:
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("latin-1")


def _drop_to_next(stream: Stream) -> None:
    """Skip everything up to the next head, except for the one at this position."""
    start = 1
    while not stream.is_ended:
        found = stream.find(_NEXT, start, 1 << 20)
        if found is not None:
            stream.drop(found)
            return
        stream.drop(max(1, len(stream.data) - LONGEST))
        start = 0


def _block(stream: Stream, at: int, fields: dict[str, str], head: bytes, *, is_wanted: bool) -> _Found:
    """The block of the record whose head was just read."""
    length = length_of(fields)
    if length is not None and length > MAX_BLOCK:
        if stream.begins(length) if stream.begins is not None else stream.find(_NEXT, 0, MAX_BLOCK) is None:
            stream.drop(length)
            return _Found(at, fields, None)
    elif length is not None and stream.fill(length) == length and _follows(stream, length, fields):
        block = bytes(stream.data[:length]) if is_wanted else b""
        stream.drop(length)
        is_regular = all(name in head for name in (b"\r\n", b"\nContent-Length:", b"\nWARC-Type:"))
        return _Found(at, fields, block, is_regular=is_regular)
    return _measured(stream, at, fields, length, is_wanted=is_wanted)


def _follows(stream: Stream, length: int, fields: dict[str, str]) -> bool:
    """Whether after `length` bytes a record ends, another begins, or nothing follows."""
    if not _is_one(stream.data, length):  # a length that reaches into the next record, or a WARC in a record
        stream.fill(length + 16)
        is_end = bool(_BEHIND.match(stream.data, length)) or (len(stream.data) <= length + 4 and not stream.is_corrupt)
        return is_end and _holds_warc(bytes(stream.data[:length]), fields)
    for size in range(length + 64, length + (1 << 16), 1024):
        have = stream.fill(size)
        if rest := bytes(stream.data[length:have]).lstrip(BLANK):
            stream.fill(size + 8)
            ending = bytes(stream.data[length : size + 8])
            rest = ending.lstrip(BLANK)
            return bool(_VERSION.match(rest)) or rest.startswith((GZIP, ZSTD)) or ending.startswith(b"\r\n\r\n")
        if have < size:
            return not stream.is_corrupt
    return True  # padding


def _is_one(data: bytearray, length: int) -> bool:
    """Whether a block of this length reaches past the head of the HTTP message in it, and into no other record."""
    if data.startswith(b"HTTP/") and re.search(rb"\r?\n\r?\n", data[: min(length, MAX_HEAD)]) is None:
        return False
    return _NEXT.search(data, 0, length) is None


def _holds_warc(block: bytes, fields: dict[str, str]) -> bool:
    """Whether a block that contains other records itself says that it is this long, or that it is a WARC file."""
    head = block[:MAX_HEAD].partition(b"\r\n\r\n")[0] if block.startswith(b"HTTP/") else b""
    return (
        _told_by_http(block) == len(block) or bool(_WARC_TYPE.search(head)) or "warc" in fields.get("content-type", "")
    )


def _measured(stream: Stream, at: int, fields: dict[str, str], length: int | None, *, is_wanted: bool) -> _Found:
    """A block whose length is missing or contradicts what follows: it ends where the next record begins, or its member."""
    found = stream.find(_NEXT, 0, MAX_BLOCK)
    end = stream.fill(MAX_BLOCK) if found is None else found
    if found is None and stream.fill(end + 1) > end:
        _drop_to_next(stream)
        return _Found(at, fields, None)
    block = _without_end(bytes(stream.data[:end]))
    told = _told_by_http(block)
    is_whole = told is not None and told <= len(block) and not stream.is_corrupt
    is_short = length is not None and length > end
    stream.drop(end)
    if found is None and not is_whole and (stream.failure is not None or (is_short and stream.begins is not None)):
        said = "an unknown number of" if length is None else str(length)
        return _Found(at, None, detail=f"cut short: {end} of {said} bytes")
    if is_whole:
        block = block[:told]  # what follows is not part of it
    return _Found(at, fields, block if is_wanted else b"", is_cut=not is_whole and (is_short or told is not None))


def _without_end(block: bytes) -> bytes:
    """A block without the two line ends after it."""
    ending = next((each for each in (b"\r\n\r\n", b"\n\n", b"\r\n", b"\n") if block.endswith(each)), b"")
    return block.removesuffix(ending)


def _told_by_http(block: bytes) -> int | None:
    """The length of a block according to the HTTP message in it; None if it does not say."""
    end = re.search(rb"\r?\n\r?\n", block[:MAX_HEAD])
    if not block.startswith(b"HTTP/") or end is None:
        return None
    length = _HTTP_LENGTH.search(block, 0, end.start() + 2)
    return end.end() + int(length[1]) if length else None


class LenientReader:
    """Reads a file from an offset. After `read` has ended, `next_start` is where the libraries may continue; None at
    its end.
    """

    def __init__(self, file: IO[bytes], is_wanted: Callable[[str], bool]) -> None:
        self._file = file
        self._is_wanted = is_wanted
        self._in_vain = 0

    def read(self, at: int, *, skip: int = 0, regular: int | None = None) -> Iterator[Item]:
        """The records from `at`, except for the first `skip`; to the end, or until `regular` in a row are as they
        should be.
        """
        self.next_start: int | None = None
        broken: Broken | None = None
        in_row = 0
        for item, is_regular, end in self._items(at):
            if isinstance(item, Broken):
                broken = broken or item  # a stretch is named once
                in_row = 0
                continue
            if broken is not None:
                yield broken
                broken = None
            in_row = in_row + 1 if is_regular else 0
            if skip:
                skip -= 1
                continue
            yield item
            if regular is not None and in_row >= regular and end is not None:
                self.next_start = end
                return
        if broken is not None:
            yield broken

    def _wants(self, fields: dict[str, str]) -> bool:
        return fields.get("warc-type", "").lower() in READ and self._is_wanted(target_uri(fields))

    def _items(self, at: int) -> Iterator[_Told]:
        """The items, one after the other."""
        while True:
            self._file.seek(at)
            head = self._file.read(16)
            if not head:
                return
            blank = len(head) - len(head.lstrip(BLANK))
            if blank:
                at += blank
                continue
            if head.startswith(GZIP):
                at = yield from self._member(at, GzipMember())
            elif head.startswith(ZSTD):
                at = yield from self._member(at, WarcFrame(self._dictionary))
            elif _SKIPPABLE.match(head) and len(head) >= 8:
                at += 8 + int.from_bytes(head[4:8], "little")
            elif _VERSION.match(head):
                at = yield from self._plain(at)
            else:
                detail = "an ARC file, which is not read" if head.startswith(b"filedesc:") else "no record begins here"
                yield Broken(offset=at, detail=detail), False, None
                at = self._next(at + 1)

    def _plain(self, at: int) -> Generator[_Told, None, int]:
        """The records of an uncompressed stretch; it ends at what is not a record."""

        def begins(ahead: int) -> bool:
            self._file.seek(at + stream.at + ahead)
            rest = self._file.read(64).lstrip(BLANK)
            is_end = not rest and self._file.seek(0, 2) >= at + stream.at + ahead
            return is_end or bool(_VERSION.match(rest))

        stream = Stream(pieces_of(self._file, at), begins)
        for found in _in_stream(stream, self._wants):
            if found.fields is None and found.at != 0 and stream.at == found.at:
                return at + found.at
            yield self._item(at + found.at, found), found.is_regular, at + stream.at
            if found.fields is None:
                return self._next(at + found.at + 1) if stream.at == found.at else at + stream.at
            stream.drop_blank()
        return at + stream.at

    def _member(self, at: int, unpacker: GzipMember | WarcFrame) -> Generator[_Told, None, int]:
        """The records of a gzip member or zstd frame, usually one."""
        stream = Stream(unpacker.pieces(pieces_of(self._file, at)))
        for number, found in enumerate(_in_stream(stream, self._wants), 1):
            stream.drop_blank()
            is_alone = number == 1 and stream.is_ended and stream.failure is None
            yield self._item(at, found), found.is_regular and is_alone, at + unpacker.consumed if is_alone else None
        if stream.failure is None:
            return at + unpacker.consumed
        yield Broken(offset=at, detail=stream.failure), False, None
        self._in_vain += unpacker.consumed
        is_dear = self._in_vain > _FREE + 4 * at
        return self._next(at + max(1, unpacker.consumed - 1 if is_dear else 1))

    def _item(self, offset: int, found: _Found) -> Item:
        if found.fields is None:
            return Broken(offset=offset, detail=found.detail)
        kind = found.fields.get("warc-type", "").lower()
        if not self._wants(found.fields):
            return PassedOver(offset=offset, type=kind)
        return RawRecord(offset=offset, type=kind, fields=found.fields, block=found.block, is_cut=found.is_cut)

    def _next(self, at: int) -> int:
        """Where the next record or member may begin; the end of the file if none does."""
        tail, step = b"", FIRST_STEP
        self._file.seek(at)
        while piece := self._file.read(step):
            step = min(2 * step, 1 << 20)
            text = tail + piece
            if found := _START.search(text):
                return at - len(tail) + found.start()
            at += len(piece)
            tail = text[-LONGEST:]
        return at

    @cached_property
    def _dictionary(self) -> bytes | None:
        return dictionary_of(self._file)
