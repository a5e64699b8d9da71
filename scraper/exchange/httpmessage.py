"""HTTP/1 responses in WARC records: head, chunks, content encoding, digests. Pure, with bounds on the work."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass

_STATUS = re.compile(rb"\s{0,64}HTTP/\d(?:\.\d)?[ \t]+(\d{3})\b")
_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,4096})?\r?\n")
_LAST_CHUNK = re.compile(rb"[ \t]*0{1,16}[ \t]*(?:;[^\r\n]{0,4096})?(?:\r?\n|\Z)")
_MAX_HEAD = 1 << 18
_MAX_HEADERS = 1_000
_BARE = {32: "sha1", 40: "sha1", 64: "sha256"}  # digests without a name, by their length: in base32, or in hex


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpMessage:
    """A response: `payload` is what follows the head, as it was recorded."""

    status: int
    headers: tuple[tuple[str, str], ...]
    payload: bytes

    def header(self, name: str) -> str | None:
        """The first header of this name; None if there is none."""
        return next((value for each, value in self.headers if each.lower() == name), None)


def parse_response(block: bytes) -> HttpMessage:
    """A response from a record's block. Raises ValueError if it is not one."""
    status = _STATUS.match(block)
    if not status:
        raise ValueError("no HTTP status line")
    end = _END_OF_HEAD.search(block, 0, _MAX_HEAD)
    head, payload = (block[: end.start()], block[end.end() :]) if end else (block.rstrip(b"\r\n"), b"")
    return HttpMessage(status=int(status[1]), headers=parse_headers(head), payload=payload)


def parse_headers(head: bytes) -> tuple[tuple[str, str], ...]:
    """The headers after the first line; invalid lines are dropped, folded ones joined (RFC 9112 §5.2)."""
    found: list[tuple[str, list[str]]] = []
    for line in re.split(r"\r?\n", _text(head))[1:]:
        if line[:1] in (" ", "\t") and found:
            found[-1][1].append(line.strip())
            continue
        name, colon, value = line.partition(":")
        if colon and name.strip() and len(found) < _MAX_HEADERS:
            found.append((name.strip(), [value.strip()]))
    return tuple((name, " ".join(parts)) for name, parts in found)


def _text(head: bytes) -> str:
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError:
        return head.decode("latin-1")


def dechunk(payload: bytes) -> tuple[bytes, bool]:
    """(body, whether its end is missing) of a chunked payload; the payload itself if the chunks have already been
    removed.
    """
    parts: list[bytes] = []
    at = 0
    while True:
        if _LAST_CHUNK.match(payload, at):
            return b"".join(parts), False
        head = _CHUNK.match(payload, at)
        if head is None:
            return (b"".join(parts), True) if parts else (payload, False)
        end = head.end() + int(head[1], 16)
        if not parts and end < len(payload) and payload[end : end + 1] not in (b"\r", b"\n"):
            return payload, False  # a page that begins with a number
        parts.append(payload[head.end() : end])
        if end >= len(payload):
            return b"".join(parts), True
        at = end + (2 if payload[end : end + 2] == b"\r\n" else payload[end : end + 1] == b"\n")


def is_digest_of(field: str, data: bytes) -> bool | None:
    """Whether data has the digest in a WARC field ("sha1:" and base32, base16 or base64); None for one we cannot
    compute.
    """
    algorithm, value = _digest_of(field)
    if algorithm not in ("md5", "sha1", "sha256", "sha384", "sha512", "blake2b", "blake2s"):
        return None
    digest = hashlib.new(algorithm, data, usedforsecurity=False).digest()
    return digest in (_base32(value), _base16(value), _base64(value))


def digest_key(field: str) -> str | None:
    """A digest in one spelling, comparable with others of its kind: "sha1:" and hexadecimal digits; None if it is
    invalid.
    """
    algorithm, value = _digest_of(field)
    if not re.fullmatch(r"[a-z0-9]{1,20}", algorithm):
        return None
    sizes = {"md5": 16, "sha1": 20, "sha256": 32, "sha384": 48, "sha512": 64, "blake2b": 64, "blake2s": 32}
    found = [raw for raw in (_base32(value), _base16(value), _base64(value)) if raw]
    raw = next((each for each in found if len(each) == sizes.get(algorithm, len(each))), None)
    return f"{algorithm}:{raw.hex()}" if raw else None


def payload_key(block: bytes, *, is_http: bool) -> str:
    """The digest key of a payload whose record has none."""
    end = _END_OF_HEAD.search(block, 0, _MAX_HEAD) if is_http else None
    payload = block[end.end() :] if end else block
    return f"sha1:{hashlib.sha1(payload, usedforsecurity=False).hexdigest()}"


def _digest_of(field: str) -> tuple[str, str]:
    """(algorithm, value) of a field; some programs omit the algorithm."""
    algorithm, colon, value = field.strip().partition(":")
    if not colon:
        algorithm, value = _BARE.get(len(algorithm), ""), algorithm
    return algorithm.strip().lower().replace("-", ""), value.strip()


def sha256_of(field: str) -> bytes | None:
    """The SHA-256 in a digest field; None if it holds a different digest."""
    algorithm, _, value = (digest_key(field) or "").partition(":")
    return bytes.fromhex(value) if algorithm == "sha256" and len(value) == 64 else None


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
