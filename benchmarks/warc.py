"""Reading WARC files: ours beside fastwarc and warcio, on files as they should be (pages a second) and as they should not.

python -m benchmarks.warc odd                  what each reads of the odd files of benchmarks/odd_warc.py
python -m benchmarks.warc speed [FILE]         pages a second, and that all find the same
python -m benchmarks.warc fuzz --records 100000 --seed 1
                                               mutated records through a whole import; none may end it, and no
                                               whole record beside them may be lost
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import json
import random
import sys
import tempfile
import time
import zlib
from collections import Counter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from benchmarks.odd_warc import ODD, told
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import verify
from scraper.exchange.taking import ImportOptions, ImportReport
from scraper.exchange.warcimport import import_warc
from scraper.exchange.warclenient import Item, LenientReader, RawRecord
from scraper.exchange.warcread import records
from scraper.records import as_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.exchange.taken import Problem

ROOT = Path(__file__).parent.parent
PAGES = 3_000


def by_fastwarc(file: IO[bytes], **options: Any) -> Iterator[tuple[str, bytes]]:
    """(record id, block) of responses; what it cannot read it raises."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType  # noqa: PLC0415

    for record in ArchiveIterator(file, parse_http=False, **options):
        if record.record_type == WarcRecordType.response:
            yield record.record_id or "", record.reader.read()


def by_warcio(file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """The same with warcio."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415

    for record in ArchiveIterator(file, no_record_parse=True):
        if record.rec_type == "response":
            yield record.rec_headers.get_header("WARC-Record-ID") or "", record.raw_stream.read()


def _blocks(items: Iterator[Item]) -> Iterator[tuple[str, bytes]]:
    return (
        (each.record_id, each.block or b"") for each in items if isinstance(each, RawRecord) and each.type == "response"
    )


def by_ours(file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """The same with what the import uses."""
    return _blocks(records(file, start=0, is_wanted=lambda _url: True))


def by_lenient(file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    """The same with the reader for what the libraries do not read, alone."""
    return _blocks(LenientReader(file, lambda _url: True).read(0))


READERS: dict[str, Callable[[IO[bytes]], Iterator[tuple[str, bytes]]]] = {
    "fastwarc": by_fastwarc,
    "fastwarc, quirks": lambda file: by_fastwarc(file, quirks_mode=True, strict_mode=False),
    "warcio": by_warcio,
    "ours": by_ours,
}


def _right(found: list[tuple[str, bytes]], want: str) -> bool:
    """Whether the whole records that are wanted were read, whole, and nothing else was taken for one."""
    numbers = [word for word in want.split() if word.isdecimal()]
    read = [name.strip("<>").removeprefix("urn:uuid:") for name, block in found if block[-1:].isdigit()]
    return read == numbers or [number for number in read if f"{number}!" not in want] == numbers


def odd() -> None:
    """Prints what each reader makes of the odd files."""
    right: Counter[str] = Counter()
    for name, (data, want) in ODD.items():
        line = []
        for reader, read in READERS.items():
            found: list[tuple[str, bytes]] = []
            raised = ""
            with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
                try:
                    found.extend(read(io.BytesIO(data)))
                except Exception as error:  # noqa: BLE001
                    raised = f" ({type(error).__name__})"
            is_right = told(data) == want if reader == "ours" else _right(found, want)
            # A file that is broken must be said to be: a reader that ends without a word has lost something in silence.
            is_silent = "-" in want and not raised and reader != "ours"
            right[reader] += is_right and not is_silent
            line.append(("yes" if is_right and not is_silent else "silent" if is_right else "no") + raised)
        print(f"{name:38} " + "  ".join(f"{text:28}" for text in line))
    print(f"{'right, of ' + str(len(ODD)):38} " + "  ".join(f"{right[reader]:<28}" for reader in READERS))


def make_file(path: Path, pages: int) -> None:
    """A .warc.gz with a request and a response for each page, from the fixtures, each page different."""
    bodies = [each.read_bytes() for each in sorted((ROOT / "fixtures").rglob("page.html"))]
    with path.open("wb") as out:
        for number in range(pages):
            body = bodies[number % len(bodies)] + b"<!-- %d -->" % number
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(body) + body
            for kind, block in (("request", b"GET / HTTP/1.1\r\n\r\n"), ("response", answer)):
                head = (
                    f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://koran{number % 9}.id/{number}\r\n"
                    f"WARC-Date: 2026-03-01T12:00:00Z\r\nWARC-Record-ID: <urn:uuid:{kind}-{number}>\r\nContent-Length: {len(block)}\r\n\r\n"
                )
                pack = zlib.compressobj(6, wbits=31)
                out.write(pack.compress(head.encode() + block + b"\r\n\r\n") + pack.flush())


def speed(path: Path | None) -> None:
    """Prints pages a second of each reader, measured in turns."""
    with tempfile.TemporaryDirectory() as scratch:
        if path is None:
            path = Path(scratch, "x.warc.gz")
            make_file(path, PAGES)
        found: dict[str, set[tuple[str, int]]] = {}
        best: dict[str, float] = {}
        readers = {**READERS, "ours, lenient alone": by_lenient}
        for _ in range(3):
            for name, read in readers.items():
                with path.open("rb") as file:
                    began = time.process_time()
                    found[name] = {(number, zlib.crc32(block)) for number, block in read(file)}
                    best[name] = min(best.get(name, 1e9), time.process_time() - began)
        pages = len(found["ours"])
        for name in readers:
            same = "the same" if found[name] == found["ours"] else "NOT THE SAME"
            print(f"{name:22} {pages / best[name]:8.0f} pages/s  {same}")


NASTY = (
    "", "0", "-1", "1", "9" * 30, "NaN", "1e9", "\0", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "<>", "é" * 300,
    "0000-00-00", "9999-12-31T23:59:59-23:59", "1990", "2026-02-30T00:00:00Z", "http://[", "https://a b", "file:///etc/passwd",
    "sha1:", "sha1:====", "md5:zz", ":", "gzip, gzip, gzip", "chunked", "text/html; charset=\0", "x" * 5000, "../../x", "<urn:uuid:1>",
)  # fmt: skip
OURS = (
    '{"capture": {}}', '{"capture": {"url": 1, "status": 1e400}}', "[]", "null", '{"robots": {"origin": 1}}', '{"capture": null, "reason": []}',
    '{"robots": {"origin": "https://a.id", "fetched_at": "0001-01-01T00:00:00+14:00", "status": 99999999999999999999, "verdict": "rules", "detail": null, "last_seen_at": "2026-01-01T00:00:00+00:00"}}',
    '{"robots": []}', '{"reason": "blocked"}', '{"reason": {"a": 1}, "kind": [1]}', "[" * 5000, '{"kind": "article", "found_on": "\\ud800"}',
)  # fmt: skip


def sentinel(number: int) -> bytes:
    """A whole record."""
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><p>Jembatan %d</p></html>" % number
    return _record(number, "response", block)


def _record(number: int, kind: str, block: bytes, **fields: str) -> bytes:
    said = {
        "WARC-Type": kind, "WARC-Target-URI": f"https://koran-contoh.id/{number}", "WARC-Date": "2026-03-01T12:00:00Z",
        "WARC-Record-ID": f"<urn:uuid:{number}>", "Content-Type": "application/http", "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in fields.items()}  # fmt: skip
    head = "".join(f"{name}: {value}\r\n" for name, value in said.items())
    return b"WARC/1.0\r\n" + head.encode("utf-8", "replace") + b"\r\n" + block + b"\r\n\r\n"


def mutated(chance: random.Random, number: int) -> bytes:
    """A record that is not as it should be, of any kind."""
    page = b"<html><p>Jembatan %d</p></html>" % number
    head = {"Content-Type": "text/html"}
    for name in chance.sample(
        ["Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding", "X"], chance.randrange(3)
    ):
        head[name] = chance.choice([*NASTY, "gzip", "br", "zstd", "deflate"])
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    body = chance.choice([page, gzip.compress(page), zlib.compress(page), b"5\r\n<html\r\n1000\r\n>", b"", bytes(40)])
    block = b"HTTP/1.1 200 OK\r\n" + lines.encode("utf-8", "replace") + b"\r\n" + body
    kind = chance.choice(
        ["response"] * 5 + ["revisit", "revisit", "resource", "request", "metadata", "conversion", "nonsense"]
    )
    if kind == "metadata":
        block = b"kliping: " + chance.choice(OURS).encode("utf-8", "replace") + b"\r\n"
    names = ["WARC-Date", "WARC-Record-ID", "WARC-Target-URI", "WARC-Payload-Digest", "WARC-Block-Digest", "WARC-Truncated",
             "WARC-Refers-To", "WARC-Refers-To-Date", "WARC-Refers-To-Target-URI", "WARC-Profile", "WARC-Concurrent-To",
             "WARC-Segment-Number", "Content-Length", "Content-Type"]  # fmt: skip
    fields = {name: chance.choice(NASTY) for name in chance.sample(names, chance.randrange(4))}
    data = bytearray(_record(number, kind, block, **fields))
    for _ in range(chance.choice([0, 0, 1, 1, 2, 8])):
        at = chance.randrange(len(data))
        match chance.randrange(5):
            case 0:
                data[at] ^= 1 << chance.randrange(8)
            case 1:
                del data[at : at + chance.randrange(1, 20)]
            case 2:
                data[at:at] = chance.choice(
                    [b"\r\n", b"\n", b"\0", b"\xff", b"WARC/1.0\r\n", b"WARC/1.0\r\nX: 1\r\n\r\n", b"\x1f\x8b\x08\0"]
                )
            case 3:
                data = data[: max(1, at)]
            case _:
                data[at:at] = data[max(0, at - 30) : at]
        if not data:
            break
    return bytes(data)


def fuzz(count: int, seed: int, *, batch: int = 500) -> Counter[str]:
    """Imports mutated records with whole ones between them. Raises AssertionError if a whole one is lost, or anything if one ends it."""
    chance = random.Random(seed)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        for start in range(0, count, batch):
            size = min(batch, count - start)
            form = chance.choice(["plain", "gzip", "gzip", "one member"])
            parts: list[bytes] = []
            wanted = set()
            for number in range(size):
                parts.append(mutated(chance, number * 2 + 1))
                if number % 4 == 3:
                    parts.append(b"\r\n\r\n" + sentinel(number * 2) if form == "plain" else sentinel(number * 2))
                    wanted.add(f"https://koran-contoh.id/{number * 2}")
            if form == "gzip":
                parts = [gzip.compress(part, 1) for part in parts]
                for at in chance.sample(range(0, size, 4), max(1, size // 40)):
                    broken = bytearray(parts[at + at // 4])
                    broken[chance.randrange(len(broken))] ^= 255
                    parts[at + at // 4] = bytes(broken)
            data = b"".join(parts)
            path = Path(scratch, f"{start}.warc")
            path.write_bytes(gzip.compress(data, 1) if form == "one member" else data)
            counts += _imported(path, Path(scratch, f"{start}.db"), wanted)
            for each in Path(scratch).glob(f"{start}.*"):
                each.unlink()
    return counts


def _imported(path: Path, target: Path, wanted: set[str]) -> Counter[str]:
    problems: list[Problem] = []
    report = ImportReport(on_problem=problems.append, on_count=lambda _counts: None)
    with open_archive(target, mode="crawl", min_free_bytes=0) as db:
        import_warc(db, ImportOptions(paths=(path,), version="0"), report)
        kept = {
            row[0] for row in db.execute("SELECT u.url FROM captures AS c JOIN urls AS u ON u.id = c.url_id").fetchall()
        }
        assert not list(verify.verify(db))
    lost = wanted - kept
    json.dumps([as_json(problem) for problem in problems])
    assert not lost, f"{len(lost)} whole records were lost, the first {min(lost)}"
    return report.counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["odd", "speed", "fuzz"])
    parser.add_argument("file", nargs="?", type=Path)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.what == "odd":
        odd()
    elif options.what == "speed":
        speed(options.file)
    else:
        began = time.monotonic()
        for outcome, number in fuzz(options.records, options.seed).most_common():
            print(f"{number:8d}  {outcome}")
        print(
            f"{options.records} mutated records, none ended an import, {time.monotonic() - began:.0f} s",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
