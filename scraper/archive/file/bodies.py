"""How a body is packed: plain zstd, or zstd with another page as dictionary; pure, and exact byte for byte.

Frames are ordinary zstd. With a dictionary they are "raw content" frames: any zstd can read them when given the page
they were packed against.
"""

from __future__ import annotations

import hashlib
from functools import cached_property

import zstandard

from scraper.errors import ArchiveDamaged, ArchiveError

# The best trade-off with a dictionary: level 9 saves another 12 % for three times the CPU, level 3 costs as much as 4
# and saves less.
_LEVEL = 4
_RARE_LEVEL = 9  # for data that is packed once in several weeks
MAX_BYTES = 64 << 20  # of a body; a crawl and an import accept 10 MiB


def digest(body: bytes) -> bytes:
    """SHA-256 of a body as received (with its content-encoding removed)."""
    return hashlib.sha256(body).digest()


class Reference:
    """A page that others are packed against. Preparing it costs as much as packing a page, so keep it."""

    def __init__(self, body: bytes, *, level: int = _LEVEL) -> None:
        self.size = len(body)
        self._level = level
        self._dictionary = zstandard.ZstdCompressionDict(body, dict_type=zstandard.DICT_TYPE_RAWCONTENT)

    @property
    def body(self) -> bytes:
        """The page itself."""
        return bytes(self._dictionary.as_bytes())

    @cached_property
    def _compressor(self) -> zstandard.ZstdCompressor:
        return zstandard.ZstdCompressor(level=self._level, dict_data=self._dictionary)

    @cached_property
    def _decompressor(self) -> zstandard.ZstdDecompressor:
        return zstandard.ZstdDecompressor(dict_data=self._dictionary)

    def pack(self, body: bytes) -> bytes:
        """A body packed against this page."""
        return self._compressor.compress(body)

    def unpack(self, data: bytes, raw_bytes: int) -> bytes:
        """The original body. Raises ZstdError or MemoryError if the data is damaged."""
        return self._decompressor.decompress(data, max_output_size=raw_bytes)


def pack(body: bytes, *, level: int = _LEVEL) -> tuple[str, bytes]:
    """A body on its own as (codec, data): zstd, or raw if zstd would not make it smaller."""
    packed = zstandard.ZstdCompressor(level=level).compress(body)
    return ("zstd", packed) if len(packed) < len(body) else ("raw", body)


def pack_alone(body: bytes) -> bytes:
    """A page that is to serve as a dictionary, always as zstd."""
    return zstandard.ZstdCompressor(level=_RARE_LEVEL).compress(body)


def unpack(
    codec: str, data: bytes, raw_bytes: int, sha256: bytes, *, against: Reference | None = None, is_checked: bool = True
) -> bytes:
    """The original body; `against` is the page it was packed against. Raises ArchiveDamaged if it is not what was
    stored.
    """
    try:
        if codec == "raw":
            body = data
        elif (
            not raw_bytes == zstandard.frame_content_size(data) <= MAX_BYTES
        ):  # memory for the size it claims is allocated before it is unpacked
            raise ArchiveDamaged(
                f"body {sha256.hex()}: is said to hold {raw_bytes} bytes, and does not, or holds too many"
            )
        elif against is None:
            body = zstandard.ZstdDecompressor().decompress(data, max_output_size=raw_bytes)
        else:
            body = against.unpack(data, raw_bytes)
    except (zstandard.ZstdError, MemoryError) as error:
        raise ArchiveDamaged(f"body {sha256.hex()}: {error}") from error
    if is_checked and digest(body) != sha256:
        raise ArchiveDamaged(f"body {sha256.hex()}: the stored bytes have changed")
    return body


def decompress(data: bytes, *, limit: int) -> bytes:
    """The content of a zstd file of any number of frames, up to `limit` bytes. Raises ArchiveError if it is damaged or
    larger.
    """
    parts: list[bytes] = []
    size = 0
    try:
        while data:
            frame = zstandard.ZstdDecompressor().decompressobj()
            for start in range(0, len(data), 4096):  # small steps: a frame may unpack to a thousand times its size
                parts.append(frame.decompress(data[start : start + 4096]))
                size += len(parts[-1])
                if size > limit:
                    raise ArchiveError(f"over {limit} bytes unpacked")
                if frame.eof:
                    data = frame.unused_data + data[start + 4096 :]
                    break
            else:
                raise ArchiveError("cut short")
    except (zstandard.ZstdError, MemoryError) as error:
        raise ArchiveError(str(error)) from error
    return b"".join(parts)


class ZstdFrame:
    """One zstd frame that arrives in pieces; `unused` are the bytes of the last piece after its end."""

    def __init__(self, dictionary: bytes | None = None) -> None:
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._frame = zstandard.ZstdDecompressor(dict_data=known).decompressobj()

    def feed(self, data: bytes) -> bytes:
        """The content of a piece. Raises ArchiveError if it is damaged."""
        try:
            return self._frame.decompress(data)
        except (zstandard.ZstdError, MemoryError) as error:
            raise ArchiveError(str(error)) from error

    @property
    def is_ended(self) -> bool:
        """Whether the frame is complete."""
        return self._frame.eof

    @property
    def unused(self) -> int:
        """Bytes of the last piece that are not part of the frame."""
        return len(self._frame.unused_data)
