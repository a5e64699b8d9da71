"""HTTP/1 answers as they stand in WARC records: head, chunks, content encoding, digests. Pure, and bounded."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

_STATUS = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[^\r\n]*\r?\n")
_MAX_HEAD = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMessage:
    """An answer: `payload` is what follows the head, as it was recorded."""

    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes

    def header(self, name: str) -> str | None:
        """The first header of this name; None if there is none."""
        return next((value for each, value in self.headers if each.lower() == name), None)


def parse_response(block: bytes) -> HttpMessage:
    """An answer out of a record's block. Raises ValueError if it is none."""
    status = _STATUS.match(block)
    if not status:
        raise ValueError("no HTTP status line")
    end = _END_OF_HEAD.search(block, 0, _MAX_HEAD)
    head, payload = (block[: end.start()], block[end.end() :]) if end else (block.rstrip(b"\r\n"), b"")
    return HttpMessage(status=int(status[1]), headers=parse_headers(head), payload=payload)


def parse_headers(head: bytes) -> tuple[tuple[str, str], ...]:
    """The headers below a first line; a line that is none is left out, a folded one joined (RFC 9112 §5.2)."""
    found: list[tuple[str, str]] = []
    for line in re.split(r"\r?\n", _text(head))[1:]:
        if line[:1] in (" ", "\t") and found:
            found[-1] = (found[-1][0], f"{found[-1][1]} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip():
            found.append((name.strip(), value.strip()))
    return tuple(found)


def _text(head: bytes) -> str:
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("latin-1")


def dechunk(payload: bytes) -> bytes | None:
    """The body of a chunked payload; None if the chunks are not whole (or were taken off already)."""
    parts: list[bytes] = []
    at = 0
    while head := _CHUNK.match(payload, at):
        size = int(head[1], 16)
        if size == 0:
            return b"".join(parts)
        if head.end() + size > len(payload):
            return None
        parts.append(payload[head.end() : head.end() + size])
        at = head.end() + size
        at += 2 if payload[at : at + 2] == b"\r\n" else 1
    return None


def is_digest_of(field: str, data: bytes) -> bool | None:
    """Whether data has the digest of a WARC field ("sha1:" and base32, base16 or base64); None for one we cannot compute."""
    algorithm, colon, value = field.strip().partition(":")
    name = algorithm.strip().lower().replace("-", "")
    if not colon or name not in ("md5", "sha1", "sha256", "sha384", "sha512", "blake2b", "blake2s"):
        return None
    digest = hashlib.new(name, data, usedforsecurity=False).digest()
    value = value.strip()
    return digest in (_base32(value), _base16(value), _base64(value))


def sha256_of(field: str) -> bytes | None:
    """The SHA-256 that a digest field holds; None if it holds another."""
    algorithm, _, value = field.strip().partition(":")
    if algorithm.strip().lower().replace("-", "") != "sha256":
        return None
    return next((raw for raw in (_base16(value), _base32(value), _base64(value)) if raw and len(raw) == 32), None)


def _base16(value: str) -> bytes | None:
    try:
        return bytes.fromhex(value)
    except ValueError:
        return None


def _base32(value: str) -> bytes | None:
    try:
        return base64.b32decode(value.rstrip("=") + "=" * (-len(value.rstrip("=")) % 8), casefold=True)
    except (binascii.Error, ValueError):
        return None


def _base64(value: str) -> bytes | None:
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
