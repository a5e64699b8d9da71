"""Bodies off the wire: bounded while they are read, and never mistaken for complete if they were cut."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MEMBERS = 1_000  # in a gzip file: each costs a copy of what follows, and may be empty
MAX_LAYERS = 2  # some servers compress what their cache has already compressed
_STEP = 65536  # of output: a decoder never makes more than this before the limit is checked
_GZIP_MAGIC = b"\x1f\x8b\x08"
_READ = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}
# Registered codings that we never ask for and cannot read. Any other name ("UTF-8", "none", "binary") is not a coding,
# and browsers take the body as it is.
_FOREIGN = frozenset(
    {"aes128gcm", "br", "compress", "dcb", "dcz", "exi", "pack200-gzip", "x-compress", "x-bzip2", "bzip2", "zstd"}
)


class BodyError(Exception):
    """A body that is not kept; `reason` is too_big, truncated or bad_encoding."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(slots=True)
class _Layer:
    """One coding of a body, removed piece by piece; `name` is gzip, deflate, or "?" for gzip if it looks like it."""

    name: str
    size: int = 0  # of its output so far
    has_begun: bool = False
    _unpack: zlib._Decompress | None = None
    _is_finished: bool = False
    _members: int = 0
    _held: bytes = b""  # too little to tell what it begins
    _is_junk: bool = False  # what follows the stream is not part of it

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """The output for some more wire bytes, at most 64 KiB at a time. Raises BodyError."""
        if self.name == "deflate" and not self.has_begun and data[0] == _GZIP_MAGIC[0]:
            self.name = "?"  # no deflate stream begins like this
        self.has_begun = True
        if self.name == "?":
            data = self._held + data
            if data[:3] != _GZIP_MAGIC[: len(data)]:
                self.name, self._held = "", b""
            elif len(data) < len(_GZIP_MAGIC):
                self._held = data
                return
            else:
                self.name, self._held = "gzip", b""
        if self.name == "":
            yield data
        else:
            yield from self._inflated(data)

    def rest(self) -> bytes:
        """The rest that was held back, at the end. Raises BodyError `truncated` if the stream has not ended."""
        if self.name in ("", "?"):
            return self._held
        if self.has_begun and (self._held or not self._is_finished):
            raise BodyError(Reason.TRUNCATED, f"the {self.name} stream is cut")
        return b""

    def _inflated(self, data: bytes) -> Iterator[bytes]:
        is_full = False  # a full step may leave output in the decoder although its input is used up
        while data or is_full:
            if self._is_finished and not (data := self._next_member(data)):
                return
            if self._unpack is None:
                self._members += 1
                if self._members > MAX_MEMBERS:
                    raise BodyError(Reason.BAD_ENCODING, f"over {MAX_MEMBERS} gzip members")
                self._unpack = zlib.decompressobj(wbits=self._window(data))
            try:
                piece = self._unpack.decompress(data, _STEP)
            except zlib.error as error:
                raise BodyError(Reason.BAD_ENCODING, f"{self.name}: {error}") from error
            if self._unpack.eof:
                self._is_finished, data, is_full = True, self._unpack.unused_data, False
            else:
                data, is_full = self._unpack.unconsumed_tail, len(piece) == _STEP
            yield piece

    def _next_member(self, data: bytes) -> bytes:
        """What follows a member in a gzip file: b"" if it is not another member; padding and junk are skipped, as
        browsers do.
        """
        data, self._held = self._held + data, b""
        if self.name == "deflate" or self._is_junk or data[:3] != _GZIP_MAGIC[: len(data)]:
            self._is_junk = True
            return b""
        if len(data) < len(_GZIP_MAGIC):
            self._held = data
            return b""
        self._unpack, self._is_finished = None, False
        return data

    def _window(self, data: bytes) -> int:
        """gzip, or zlib (RFC 9110 §8.4.1.2); some servers send raw deflate under that name."""
        if self.name != "deflate":
            return 31
        is_zlib = data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] << 8 | data[1]) % 31 == 0)
        return 15 if is_zlib else -15


def _layers(encoding: str | None) -> list[_Layer]:
    """The codings to remove from a body, outermost first. Raises BodyError for one that cannot be read."""
    names = [part.partition(";")[0].strip().lower() for part in (encoding or "").split(",")]
    if foreign := next((name for name in names if name in _FOREIGN), None):
        raise BodyError(Reason.BAD_ENCODING, f"not asked for: {foreign}")
    known = [_READ[name] for name in names if name in _READ]
    if len(known) > MAX_LAYERS:
        raise BodyError(Reason.BAD_ENCODING, f"over {MAX_LAYERS} layers: {encoding}"[:200])
    if not known and any(name and name != "identity" for name in names):
        return [_Layer("?")]
    if len(known) > 1:  # named twice, or our Accept-Encoding sent back: the bytes show what is really there
        known = ["?" if name == "gzip" else name for name in known]
    return [_Layer(name) for name in reversed(known)]


@dataclass(slots=True)
class BodyReader:
    """Takes wire chunks, gives the body. `encoding` is the Content-Encoding header, None if there is none."""

    encoding: str | None
    max_wire_bytes: int
    max_body_bytes: int
    is_clipped: bool = False  # what exceeds the limits is dropped instead of refused (robots.txt)
    is_full: bool = False
    wire_bytes: int = 0
    _parts: list[bytes] = field(default_factory=list)
    _size: int = 0
    _coded: list[_Layer] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._coded = _layers(self.encoding)

    def feed(self, chunk: bytes) -> None:
        """Process a chunk as it arrived. Raises BodyError."""
        self.wire_bytes += len(chunk)
        if self.wire_bytes > self.max_wire_bytes:
            if self.is_clipped:
                self._keep(b"" if self._coded else chunk)
                self.is_full = True
                return
            raise BodyError(Reason.TOO_BIG, f"over {self.max_wire_bytes} bytes on the wire")
        if chunk:
            self._take(0, chunk)

    def finish(self) -> bytes:
        """The complete body. Raises BodyError `truncated` if the compressed stream has not ended."""
        for depth, layer in enumerate(self._coded if not self.is_full else ()):
            if held := layer.rest():
                self._take(depth + 1, held)
        return b"".join(self._parts)

    def _take(self, depth: int, data: bytes) -> None:
        """Process bytes from which the outermost `depth` layers have been removed."""
        if depth == len(self._coded):
            self._keep(data)
            return
        layer = self._coded[depth]
        if not data:
            return
        for piece in layer.pieces(data):
            layer.size += len(piece)
            if layer.size > self.max_body_bytes and depth + 1 < len(self._coded):
                raise BodyError(Reason.TOO_BIG, f"over {self.max_body_bytes} bytes below one of its layers")
            self._take(depth + 1, piece)
            if self.is_full:
                return

    @property
    def so_far(self) -> bytes:
        """The body so far, complete or not."""
        return b"".join(self._parts)

    def _keep(self, data: bytes) -> None:
        if self.is_clipped and self._size + len(data) >= self.max_body_bytes:
            data, self.is_full = data[: self.max_body_bytes - self._size], True
        self._size += len(data)
        if self._size > self.max_body_bytes:
            raise BodyError(Reason.TOO_BIG, f"over {self.max_body_bytes} bytes decoded")
        self._parts.append(data)
