"""Bodies off the wire: bounded while they are read, and never taken for whole when they were cut."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from scraper.errors import Reason

MAX_MEMBERS = 1_000  # of a gzip file: each costs a copy of what follows, and may hold nothing
_STEP = 65536  # of output: a decoder never makes more than this before the limit is looked at


class BodyError(Exception):
    """A body that is not kept; `reason` is too_big, truncated or bad_encoding."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(slots=True)
class BodyReader:
    """Takes wire chunks, gives the body. `encoding` is the Content-Encoding header, None if there is none."""

    encoding: str | None
    max_wire_bytes: int
    max_body_bytes: int
    is_clipped: bool = False  # what is over the limits is left out instead of refused (robots.txt)
    is_full: bool = False
    wire_bytes: int = 0
    _parts: list[bytes] = field(default_factory=list)
    _size: int = 0
    _unpack: zlib._Decompress | None = None
    _is_finished: bool = False
    _members: int = 0

    def __post_init__(self) -> None:
        names = [name.strip().lower() for name in (self.encoding or "").split(",")]
        names = [name for name in names if name and name != "identity"]
        if len(names) > 1:
            raise BodyError(Reason.BAD_ENCODING, f"stacked: {self.encoding}")
        if names and names[0] not in ("gzip", "x-gzip", "deflate"):
            raise BodyError(Reason.BAD_ENCODING, f"not asked for: {self.encoding}")
        self.encoding = names[0] if names else None

    def feed(self, chunk: bytes) -> None:
        """Take a chunk as it came. Raises BodyError."""
        self.wire_bytes += len(chunk)
        if self.wire_bytes > self.max_wire_bytes:
            if self.is_clipped:
                self._keep(chunk if self.encoding is None else b"")
                self.is_full = True
                return
            raise BodyError(Reason.TOO_BIG, f"over {self.max_wire_bytes} bytes on the wire")
        if self.encoding is None:
            self._keep(chunk)
        elif chunk:
            self._inflate(chunk)

    def finish(self) -> bytes:
        """The whole body. Raises BodyError `truncated` if the compressed stream has not ended."""
        if self.encoding is not None and self.wire_bytes and not self._is_finished and not self.is_full:
            raise BodyError(Reason.TRUNCATED, f"the {self.encoding} stream is cut")
        return b"".join(self._parts)

    def _keep(self, data: bytes) -> None:
        if self.is_clipped and self._size + len(data) >= self.max_body_bytes:
            data, self.is_full = data[: self.max_body_bytes - self._size], True
        self._size += len(data)
        if self._size > self.max_body_bytes:
            raise BodyError(Reason.TOO_BIG, f"over {self.max_body_bytes} bytes decoded")
        self._parts.append(data)

    def _inflate(self, data: bytes) -> None:
        is_full = False  # a full step may leave output in the decoder although its input is used up
        while data or is_full:
            if self._is_finished:
                if self.encoding == "deflate" or not data.strip(b"\0"):
                    return  # padding behind the stream
                self._unpack, self._is_finished = None, False  # a gzip file may have more members
            if self._unpack is None:
                self._members += 1
                if self._members > MAX_MEMBERS:
                    raise BodyError(Reason.BAD_ENCODING, f"over {MAX_MEMBERS} gzip members")
                self._unpack = zlib.decompressobj(wbits=self._window(data))
            try:
                piece = self._unpack.decompress(data, _STEP)
            except zlib.error as error:
                raise BodyError(Reason.BAD_ENCODING, f"{self.encoding}: {error}") from error
            self._keep(piece)
            if self.is_full:
                return
            if self._unpack.eof:
                self._is_finished, data, is_full = True, self._unpack.unused_data, False
            else:
                data, is_full = self._unpack.unconsumed_tail, len(piece) == _STEP

    def _window(self, data: bytes) -> int:
        """gzip, or zlib (RFC 9110 §8.4.1.2); some servers send raw deflate under that name."""
        if self.encoding != "deflate":
            return 31
        is_zlib = data[0] & 0x0F == 8 and (len(data) < 2 or (data[0] << 8 | data[1]) % 31 == 0)
        return 15 if is_zlib else -15
