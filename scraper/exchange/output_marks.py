"""Is a file or directory an export of ours? Only then may another export replace it."""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

from scraper.archive.keep import slim
from scraper.exchange.csvrow import header

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_HEAD = 1 << 16
# The top-level contents of each export that is a directory; it contains nothing else.
_PACKAGE = frozenset({"data", "datapackage.json", "provenance.json", "CITATION.cff", "README.md"})
_WARC = frozenset({"archive", "indexes", "pages", "index.unsorted"})


def not_ours(target: Path) -> str | None:
    """Why something is not an export of ours; None if it is one, or is empty."""
    if target.is_dir():
        names = {each.name for each in target.iterdir()}
        if not names or any(is_it(target, names) for is_it in (_is_package, _is_warc, _is_html, _is_parquet)):
            return None
        return "is a directory that no export made, or that holds something else too"
    if not target.is_file():
        return "is not a file"
    if target.stat().st_size == 0 or _is_table(target) or slim.is_slim(target) or _is_wacz(target):
        return None
    return "is a file that no export made"


def _json(path: Path) -> Any:
    """The value of a small file, or of the first line of a large one; None if it is not JSON."""
    try:
        with path.open("rb") as file:
            head = file.readline() if path.suffix in (".jsonl", "") else file.read(1 << 24)
        return json.loads(head)
    except (OSError, ValueError, RecursionError):
        return None


def _is_package(target: Path, names: set[str]) -> bool:
    described = _json(target / "datapackage.json")
    return names <= _PACKAGE and isinstance(described, dict) and "kliping" in described


def _is_warc(target: Path, names: set[str]) -> bool:
    first = next(iter(sorted((target / "archive").glob("*-00000.warc.gz"))), None)
    return names <= _WARC and first is not None and b"software: kliping/" in _unpacked(first)


def _unpacked(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            return file.read(2_000)
    except (OSError, EOFError, zlib.error):
        return b""


def _is_html(target: Path, names: set[str]) -> bool:
    index = _json(target / "index.jsonl")
    is_known = (target / "index.jsonl").is_file() and (target / "index.jsonl").stat().st_size == 0
    is_known = is_known or (isinstance(index, dict) and {"file", "sha256", "bytes", "kind"} <= set(index))
    return is_known and all(name == "index.jsonl" or (len(name) == 6 and name.isdigit()) for name in names)


def _is_parquet(target: Path, names: set[str]) -> bool:
    return all(
        name.startswith("month=") and [each.name for each in (target / name).iterdir()] == ["part-0.parquet"]
        for name in names
    )


def _is_table(target: Path) -> bool:
    """Whether it is CSV with our columns, JSONL with our records, or ninjs or NewsArticle as we write them."""
    with target.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"article_id,url,site,"):
        return head.startswith(header().split(b"headline")[0])
    marks: tuple[Callable[[dict[str, Any]], bool], ...] = (
        lambda line: {"article_id", "headline", "first_seen_at", "revision"} <= set(line),
        lambda line: any(each.get("role") == "kliping" for each in line.get("altids", ())),
        lambda line: line.get("@context") == "https://schema.org" and "@id" in line and "version" in line,
    )
    with target.open("rb") as file:
        try:
            first = json.loads(file.readline(64 << 20))
        except (ValueError, RecursionError):
            return False
    return isinstance(first, dict) and any(is_it(first) for is_it in marks)


def _is_wacz(target: Path) -> bool:
    try:
        with zipfile.ZipFile(target) as packed, packed.open("datapackage.json") as file:
            return bool(json.loads(file.read(1 << 24)).get("software", "").startswith("kliping/"))
    except (
        OSError,
        ValueError,
        KeyError,
        AttributeError,
        RecursionError,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
    ):
        return False
