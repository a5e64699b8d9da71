"""Helpers for tests of imports and exports: WARC records as others write them, and the contents of an archive for
comparison.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.archive.ask.selection import Selection, selected_articles
from scraper.archive.file import lookup
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import verify
from scraper.exchange.export import ExportOptions
from scraper.exchange.formats import export
from scraper.exchange.taking import ImportOptions, ImportReport
from tests.exchange.conftest import page

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable

    from scraper.exchange.taken import Problem

ROOT = Path(__file__).parent.parent.parent
URL = "https://koran-contoh.id/2026/03/01/jembatan-1"
BODY = page(1)
ALL = Selection()


def made(path: Path, form: Any, target: Path, selection: Selection = ALL, report: Any = None, **more: Any) -> Any:
    options = ExportOptions(form=form, target=target, selection=selection, version="0", **more)
    with open_archive(path) as db:
        return export(db, options, report or (lambda _counts: None))


def articles(path: Path, selection: Selection = ALL) -> list[Any]:
    with open_archive(path) as db:
        return list(selected_articles(db, selection))


def taken(path: Path, what: Callable[..., None], *paths: Path, **options: Any) -> tuple[Counter[str], list[Problem]]:
    """Import into an archive, reading ahead; the counts and what was named."""
    problems: list[Problem] = []
    report = ImportReport(on_problem=problems.append, on_count=lambda _counts: None)
    with open_archive(path, mode="crawl", min_free_bytes=0) as db:
        what(db, ImportOptions(paths=paths, version="0", ahead=3, **options), report)
    return report.counts, problems


def content(path: Path) -> tuple[list[Any], list[Any], list[Any], list[Any]]:
    """What must be the same in two archives, whatever the numbers: captures, articles, versions, robots."""
    with open_archive(path) as db:
        captures = [each.capture for each in lookup.captures(db)]
        versions = db.execute(
            "SELECT a.url, r.revision, r.seen_at, r.replaced_at, r.replaced_by, r.body FROM revisions AS r JOIN articles AS a ON a.id = r.article_id"
        ).fetchall()
        robots = db.execute(
            "SELECT origin, fetched_at, last_seen_at, status, verdict, body, detail FROM robots ORDER BY 1"
        ).fetchall()
        kinds = db.execute("SELECT url, kind FROM urls ORDER BY 1").fetchall()
        assert list(verify.verify(db)) == []
    records = [(each.record, each.first_seen_at, each.last_seen_at, each.revision) for each in articles(path)]
    return captures, records, versions, [robots, kinds]


def record(
    url: str, http: bytes, *, kind: str = "response", at: str = "2026-03-01T12:00:00Z", number: int = 1, **fields: str
) -> bytes:
    """A record as other programs write them."""
    lines = {"WARC-Type": kind, "WARC-Target-URI": url, "WARC-Date": at, "WARC-Record-ID": f"<urn:uuid:{number}>"}
    lines |= {name.replace("_", "-"): value for name, value in fields.items()} | {"Content-Length": str(len(http))}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + http + b"\r\n\r\n"


def answer(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    lines = "".join(f"{line}\r\n" for line in ("Content-Type: text/html; charset=UTF-8", *headers))
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body


def warc(path: Path, *parts: bytes, is_packed: bool = True) -> Path:
    path.write_bytes(b"".join(gzip.compress(part) if is_packed else part for part in parts))
    return path


def sha1(data: bytes) -> str:
    return "sha1:" + base64.b32encode(hashlib.sha1(data).digest()).decode()  # noqa: S324


def chunked(data: bytes) -> bytes:
    pieces = [data[at : at + 700] for at in range(0, len(data), 700)]
    return b"".join(f"{len(piece):x};x=y\r\n".encode() + piece + b"\r\n" for piece in pieces) + b"0\r\n\r\n"


class Counting(io.BytesIO):
    """A file that counts what is read of it."""

    read_bytes = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.read_bytes += len(data)
        return data
