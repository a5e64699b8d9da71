"""Irregular WARC files as they exist: what twenty years of crawlers wrote, and what disks and transfers did to it.

Each is (bytes, what should be read from it): the offsets, ends and outcomes that `told` returns. Records of a file have
the numbers 1, 2, 3 as their last byte.
"""

from __future__ import annotations

import gzip
import io
import struct
from typing import TYPE_CHECKING

import zstandard

from scraper.exchange.warclenient import Broken, RawRecord
from scraper.exchange.warcread import records

if TYPE_CHECKING:
    from collections.abc import Callable

CRLF = b"\r\n"


def http(number: int, *headers: bytes, eol: bytes = CRLF) -> bytes:
    lines = (b"HTTP/1.1 200 OK", b"Content-Type: text/html", *headers)
    return eol.join(lines) + eol + eol + b"<html><p>Jembatan dibuka</p></html>%d" % number


def rec(
    number: int,
    *more: bytes,
    eol: bytes = CRLF,
    block: bytes | None = None,
    length: bytes | None = b"",
    version: bytes = b"WARC/1.0",
    spelled: Callable[[bytes], bytes] = bytes,
    tail: bytes | None = None,
) -> bytes:
    """A record; `length` b"" is the correct one, None means no length."""
    body = http(number, eol=eol) if block is None else block
    said = b"%d" % len(body) if length == b"" else length
    fields = [
        (b"WARC-Type", b"response"),
        (b"WARC-Target-URI", b"https://koran-contoh.id/%d" % number),
        (b"WARC-Date", b"2026-03-01T12:00:00Z"),
        (b"WARC-Record-ID", b"<urn:uuid:%d>" % number),
        (b"Content-Type", b"application/http; msgtype=response"),
    ]
    if said is not None:
        fields.append((b"Content-Length", said))
    lines = [version, *(spelled(name) + b": " + value for name, value in fields), *more]
    return eol.join(lines) + eol + eol + body + (eol + eol if tail is None else tail)


def sized(number: int) -> bytes:
    """An answer that says how long it is."""
    page = b"<html><p>Jembatan dibuka</p></html>%d" % number
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page


def packed(*numbers: int) -> bytes:
    return b"".join(gzip.compress(rec(number), mtime=0) for number in numbers)


def flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


def with_dictionary(*, is_packed: bool) -> bytes:
    """A .warc.zst as ArchiveTeam makes them."""
    trained = zstandard.train_dictionary(4096, [rec(number, b"X: %d" % (number * 7919)) for number in range(300)])
    raw = trained.as_bytes()
    kept = zstandard.compress(raw) if is_packed else raw
    pack = zstandard.ZstdCompressor(dict_data=trained)
    head = b"\x5d\x2a\x4d\x18" + struct.pack("<I", len(kept)) + kept
    return head + b"".join(pack.compress(rec(number)) for number in (1, 2, 3))


ONE = gzip.compress(rec(1), mtime=0)
TWO = gzip.compress(rec(2), mtime=0)
NESTED = b"HTTP/1.1 200 OK\r\nContent-Type: application/warc\r\n\r\n" + rec(7) + rec(8) + b"1"
ALL = "1 2 3"
# name: (file, what is read: numbers; "-" is a stretch that is named, "!" after a number a record that is cut).
ODD: dict[str, tuple[bytes, str]] = {
    "as it should be": (rec(1) + rec(2) + rec(3), ALL),
    "gzip": (packed(1, 2, 3), ALL),
    "zstd": (b"".join(zstandard.compress(rec(number)) for number in (1, 2, 3)), ALL),
    "zstd, one frame": (zstandard.compress(rec(1) + rec(2) + rec(3)), ALL),
    "zstd, dictionary": (with_dictionary(is_packed=False), ALL),
    "zstd, packed dictionary": (with_dictionary(is_packed=True), ALL),
    "one gzip member": (gzip.compress(rec(1) + rec(2) + rec(3)), ALL),
    "a member of two, then one": (gzip.compress(rec(1) + rec(2)) + gzip.compress(rec(3)), ALL),
    "plain, gzip, plain": (rec(1) + TWO + rec(3), ALL),
    "line feeds": (b"".join(rec(number, eol=b"\n") for number in (1, 2, 3)), ALL),
    "line feeds, gzip": (b"".join(gzip.compress(rec(number, eol=b"\n")) for number in (1, 2, 3)), ALL),
    "line feeds in one": (rec(1) + rec(2, eol=b"\n") + rec(3), ALL),
    "lower case": (rec(1) + rec(2, spelled=bytes.lower) + rec(3), ALL),
    "upper case": (rec(1, spelled=bytes.upper) + rec(2) + rec(3), ALL),
    "blanks before colons": (rec(1) + rec(2, spelled=lambda name: name + b" ") + rec(3), ALL),
    "folded": (rec(1) + rec(2, b"X-Note: one", b"  two", b"\tthree") + rec(3), ALL),
    "a line that is not a field": (rec(1) + rec(2, b"no colon here") + rec(3), ALL),
    "a NUL in a field": (rec(1) + rec(2, b"X: a\0b") + rec(3), ALL),
    "bytes that are not UTF-8": (rec(1) + rec(2, b"X: \xe9\xff\xfe") + rec(3), ALL),
    "a field of 100 kB": (rec(1) + rec(2, b"X: " + b"a" * 100_000) + rec(3), ALL),
    "WARC/0.18": (b"".join(rec(number, version=b"WARC/0.18") for number in (1, 2, 3)), ALL),
    "WARC/2.0": (rec(1) + rec(2, version=b"WARC/2.0") + rec(3), ALL),
    "no length": (rec(1) + rec(2, length=None) + rec(3), ALL),
    "no length, gzip": (ONE + gzip.compress(rec(2, length=None)) + packed(3), ALL),
    "negative length": (rec(1) + rec(2, length=b"-5") + rec(3), ALL),
    "length in words": (rec(1) + rec(2, length=b"many") + rec(3), ALL),
    "length of 23 digits": (rec(1) + rec(2, length=b"9" * 23) + rec(3), ALL),
    "length of all memory": (rec(1) + rec(2, length=b"9223372036854775807") + rec(3), ALL),
    "length of 100 GB": (rec(1) + rec(2, length=b"100000000000", block=sized(2)) + rec(3), ALL),
    "two lengths": (rec(1) + rec(2, b"Content-Length: 3") + rec(3), ALL),
    "length too large": (rec(1) + rec(2, length=b"4000", block=sized(2)) + rec(3), ALL),
    "length too large, nothing else said": (rec(1) + rec(2, length=b"4000") + rec(3), "1 2! 3"),
    "length too large, gzip": (ONE + gzip.compress(rec(2, length=b"4000", block=sized(2))) + packed(3), ALL),
    "length too large at the end": (rec(1) + rec(2) + rec(3, length=b"4000", block=sized(3)), ALL),
    "length too small": (rec(1) + rec(2, length=b"60", block=sized(2)) + rec(3), ALL),
    "length too small, gzip": (ONE + gzip.compress(rec(2, length=b"60")) + packed(3), ALL),
    "one line end between": (rec(1, tail=CRLF) + rec(2, tail=CRLF) + rec(3), ALL),
    "nothing between": (rec(1, tail=b"") + rec(2, tail=b"") + rec(3), ALL),
    "zeros between": (rec(1) + bytes(3000) + rec(2) + bytes(9) + rec(3), ALL),
    "zeros behind, gzip": (packed(1, 2, 3) + bytes(5000), ALL),
    "junk first": (b"<html>proxy error</html>\n" + rec(1) + rec(2) + rec(3), "- 1 2 3"),
    "junk between": (rec(1) + b"junk\r\nmore junk\r\n" + rec(2) + rec(3), "1 - 2 3"),
    "junk between, gzip": (ONE + b"junk" * 30 + TWO + packed(3), "1 - 2 3"),
    "a byte before a head": (rec(1) + b"W" + rec(2) + b"\r\nX" + rec(3), "1 - 2 - 3"),
    "junk behind": (packed(1, 2, 3) + b"cut short", "1 2 3 -"),
    "a crash within a record": (rec(1, block=sized(1))[:-20] + rec(2) + rec(3), "1? 2 3"),
    "a WARC in a record": (rec(1, block=NESTED) + rec(2) + rec(3), ALL),
    "cut in a block": ((rec(1) + rec(2) + rec(3))[:-30], "1 2 -"),
    "cut in a head": (rec(1) + rec(2) + rec(3)[:60], "1 2 -"),
    "cut member": (packed(1, 2, 3)[:-40], "1 2 -"),
    "cut member, all of the record in it": (packed(1, 2, 3)[:-5], "1 2 3 -"),
    "flipped bit in a member": (ONE + flipped(TWO, 60) + packed(3), "1 - 3"),
    "flipped bit in a checksum": (ONE + flipped(TWO, len(TWO) - 6) + packed(3), "1 - 3"),
    "flipped bit in a member's head": (ONE + flipped(TWO, 1) + packed(3), "1 - 3"),
    "a type twice": (rec(1) + rec(2, b"WARC-Type: resource") + rec(3), ALL),
    "no type": (rec(1) + rec(2).replace(b"WARC-Type", b"X-Type") + rec(3), "1 - 3"),
    "nothing": (b"", ""),
    "zeros only": (bytes(5000), ""),
    "a page": (b"<html><p>no archive</p></html>", "-"),
    "a zip": (b"PK\x03\x04" + bytes(300), "-"),
}


def told(data: bytes, start: int = 0) -> str:
    """What our reader reads from a file, in the notation of the table."""
    words = []
    for item in records(io.BytesIO(data), start=start, is_wanted=lambda _url: True):
        if isinstance(item, Broken):
            words.append("-")
        elif isinstance(item, RawRecord):
            block = item.block or b""
            is_whole = block[-1:].isdigit()
            number = item.record_id.removeprefix("<urn:uuid:").removesuffix(">")
            words.append(f"{number}{'' if is_whole and not item.is_cut else '!' if is_whole else '?'}")
    return " ".join(words)
