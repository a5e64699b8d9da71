"""Import of folders of saved pages, ours (with index.jsonl) or anybody's, and of lists of URLs."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scraper import archive
from scraper.archive import Place
from scraper.crawl.page import PRIORITY
from scraper.crawl.targets import kind_of
from scraper.errors import ExchangeError
from scraper.exchange.ahead import Step, in_order
from scraper.exchange.html import INDEX
from scraper.exchange.savedpage import own_url, saved_from, url_of_file
from scraper.exchange.taken import Refused, Taken
from scraper.exchange.taking import kind_of_page, refused, run_import
from scraper.exchange.warccapture import ours
from scraper.html import MAX_HTML_BYTES
from scraper.records import Capture, Link
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.archive import Archive
    from scraper.exchange.taking import ImportOptions, ImportReport, Taker
    from scraper.records import LinkKind

_ENDINGS = frozenset({".html", ".htm", ".xhtml"})
_MAX_LINE = 10_000


def import_html(db: Archive, options: ImportOptions, report: ImportReport) -> None:
    """Import saved pages: folders, or single files. A folder that has grown may be given again."""
    run_import(db, "html", options, report, _take_folder, _by_name, may_grow=True)


def _by_name(path: Path) -> bytes:
    return hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).digest()


async def _take_folder(taker: Taker, path: Path, options: ImportOptions) -> None:
    await in_order(taker.readers, (_step(taker, *page, options) for page in _pages(path)))


def _step(
    taker: Taker, place: Place, page: Path | Refused, about: dict[str, Any] | None, options: ImportOptions
) -> Step:
    """What is to be done for a page."""
    kind = about.get("kind") if about else None
    found: Capture | Taken | Refused
    try:
        found = _page(taker, page, about, options, place) if not isinstance(page, Refused) else page
    except Refused as error:
        found = error

    async def do() -> None:
        if isinstance(found, Capture):
            await taker.take(found, place, place, kind=kind)
        elif isinstance(found, Refused):
            refused(taker, found, place, place)
        else:
            taker.pass_over(found, place, place)

    return Step(do=do, capture=found if isinstance(found, Capture) and taker.is_to_be_read(found, kind) else None)


def _pages(path: Path) -> Iterator[tuple[Place, Path | Refused, dict[str, Any] | None]]:
    """(its place, file, what our index says of it) of every page; instead of a file, why there is none."""
    if (path / INDEX).is_file():
        yield from _indexed(path)
        return
    base = path if path.is_dir() else path.parent
    for file in _files(path):
        yield Place(member=file.relative_to(base).as_posix()), file, None


def _files(path: Path) -> list[Path]:
    """The pages of a folder, oldest first, so that a later version of one is met later."""
    if path.is_file():
        return [path]
    if not path.is_dir():
        raise ExchangeError(f"{path}: there is no file or folder here")
    found = [each for each in path.rglob("*") if each.suffix.lower() in _ENDINGS and each.is_file()]
    return sorted(found, key=lambda each: (each.stat().st_mtime, each))


def _indexed(path: Path) -> Iterator[tuple[Place, Path | Refused, dict[str, Any] | None]]:
    """The files that the index of our own export names, inside the folder only (CONTRACT S9)."""
    root = path.resolve()
    with (path / INDEX).open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                about = json.loads(line)
                file = path / about["file"]
                if not file.resolve().is_relative_to(root):
                    raise ValueError(f"{about['file']!r} is outside the folder")
            except (ValueError, KeyError, TypeError) as error:
                refusal = Refused(Taken.BAD_RECORD, f"line {number}: {error}")
                yield Place(member=INDEX, offset=number), refusal, None
                continue
            yield Place(member=about["file"]), file, about


def _page(
    taker: Taker, file: Path, about: dict[str, Any] | None, options: ImportOptions, place: Place
) -> Capture | Taken:
    """The capture of a page, or why there is nothing to be taken in. Raises Refused."""
    body = _read(file)
    sha256 = hashlib.sha256(body).digest()
    if archive.origin_digest(taker.db, taker.begun.import_id, place.member) == sha256:
        return Taken.KNOWN
    capture = _described(about, body, sha256) if about else _found(file, place.member, body, options)
    if not options.wants(capture.url):
        return Taken.FILTERED
    return capture


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            body = stream.read(MAX_HTML_BYTES + 1)
    except OSError as error:
        raise Refused(Taken.BAD_RECORD, error.strerror or str(error)) from error
    if len(body) > MAX_HTML_BYTES:
        raise Refused(Taken.TOO_BIG, f"over {MAX_HTML_BYTES} bytes")
    return body


def _described(about: dict[str, Any], body: bytes, sha256: bytes) -> Capture:
    """A page of our own export."""
    if about.get("sha256") != sha256.hex():
        raise Refused(Taken.BAD_DIGEST, "the file is not what the index says")
    facts = {name: value for name, value in about.items() if name not in ("file", "sha256", "bytes", "kind")}
    return ours({"capture": facts, "kind": about.get("kind")}, body)


def _found(file: Path, name: str, body: bytes, options: ImportOptions) -> Capture:
    """A page that somebody saved: its URL by what is in it, else by --url-prefix; its time by what is in it, else by its file."""
    url, at = saved_from(body)
    url = url or own_url(body) or (url_of_file(options.url_prefix, name) if options.url_prefix else None)
    if url is None:
        raise Refused(Taken.NO_URL, "neither the page nor --url-prefix says where it is from")
    at = at or datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(microsecond=0)
    return Capture(url=url, final_url=url, status=200, fetched_at=at, body=body, content_type="text/html")


def import_urls(db: Archive, options: ImportOptions, report: ImportReport) -> None:
    """Queue the URLs of text files, one a line; empty lines and what follows # are left out."""
    run_import(db, "urls", options, report, _take_list, _by_content)


def _by_content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise ExchangeError(f"{path}: {error.strerror or error}") from error


async def _take_list(taker: Taker, path: Path, options: ImportOptions) -> None:
    now = datetime.now(UTC)
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            text = line[:_MAX_LINE].decode("utf-8", "replace").lstrip("\ufeff").strip()
            if not text or text.startswith("#") or number <= taker.begun.position:
                continue
            place = Place(offset=number)
            url = canonical_url(text)
            if url is None:
                taker.pass_over(Taken.BAD_URL, place, place, f"line {number}: {text[:200]}")
            elif not options.wants(url):
                taker.pass_over(Taken.FILTERED, place, place)
            else:
                _queue(taker, Link(url=url, raw_url=text, kind=_kind(url)), place, now)


def _queue(taker: Taker, link: Link, place: Place, now: datetime) -> None:
    with archive.transaction(taker.db):
        is_new = archive.add_links(taker.db, [link], due_at=now, priority=PRIORITY[link.kind])
        taker.count(Taken.QUEUED if is_new else Taken.KNOWN, place)
        archive.note_import(taker.db, taker.begun.import_id, taker.begun.outcomes, done=place)


def _kind(url: str) -> LinkKind:
    """Lists are mostly of articles, so that is what a URL is which looks like nothing else."""
    guess = kind_of(url)
    return guess if guess in ("feed", "sitemap") else kind_of_page(url)
