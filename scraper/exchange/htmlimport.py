"""Import of folders of saved pages, ours (with index.jsonl) or anybody's, and of lists of URLs."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any

from scraper.archive.file import connection
from scraper.archive.write import frontier, imports
from scraper.archive.write.imports import ImportPosition
from scraper.crawl.results import PRIORITY
from scraper.crawl.targets import guessed_kind
from scraper.exchange.ahead import ReadStep, in_order
from scraper.exchange.forms.html import INDEX
from scraper.exchange.savedpage import (
    SavedPage,
    is_html,
    is_mhtml,
    own_url,
    page_of_mhtml,
    saved_from,
    url_of_file,
    url_of_mirror,
    utf16_of,
)
from scraper.exchange.taken import ImportOutcome, Refused
from scraper.exchange.taking import count_refused, ends_import, kind_of_page, run_import
from scraper.exchange.warccapture import ours
from scraper.exchange.warcpackage import open_file
from scraper.fetch.response_body import BodyError, BodyReader
from scraper.html import MAX_HTML_BYTES
from scraper.reasons import Reason
from scraper.records import Capture, Link
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scraper.archive.file.library import Archive
    from scraper.exchange.taking import ImportOptions, ImportReport, Taker
    from scraper.records import LinkKind

log = logging.getLogger("kliping")

_ENDINGS = frozenset({".html", ".htm", ".xhtml"})
_PACKED = tuple(f"{ending}.gz" for ending in (".html", ".htm", ".xhtml"))
# Suffixes that browsers use.
_FOLDERS = ("_files", ".files", "-Dateien", "_fichiers", "_archivos", "_file", "_bestanden", "_arquivos")
_GZIP = b"\x1f\x8b\x08"
_HEAD = 8192  # bytes that show what a file is
_MAX_FILE = 64 << 20  # a page with all its pictures in it
_MAX_LINE = 10_000


def import_html(db: Archive, options: ImportOptions, report: ImportReport) -> None:
    """Import saved pages: folders, or single files. A folder that has grown may be imported again."""
    run_import(db, "html", options, report, _take_folder, _by_name, may_grow=True)


def _by_name(path: Path) -> bytes:
    return hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).digest()


async def _take_folder(taker: Taker, path: Path, options: ImportOptions) -> None:
    await in_order(taker.readers, (_step(taker, *page, options) for page in _pages(taker, path)))


def _step(
    taker: Taker, place: ImportPosition, page: Path | Refused, about: dict[str, Any] | None, options: ImportOptions
) -> ReadStep:
    """What to do for a page."""
    kind = about.get("kind") if about else None
    found: Capture | ImportOutcome | Refused
    try:
        found = _page(taker, page, about, options, place) if not isinstance(page, Refused) else page
    except Refused as error:
        found = error
    except Exception as error:
        if ends_import(error):
            raise
        log.exception("%s: a bug of kliping", place.member)
        found = Refused(ImportOutcome.BUG, f"{type(error).__name__}: {error}"[:300])

    async def do() -> None:
        if isinstance(found, Capture):
            await taker.take(found, place, place, kind=kind)
        elif isinstance(found, Refused):
            count_refused(taker, found, place, place)
        else:
            taker.pass_over(found, place, place)

    return ReadStep(do=do, capture=found if isinstance(found, Capture) and taker.is_to_be_read(found, kind) else None)


def _pages(taker: Taker, path: Path) -> Iterator[tuple[ImportPosition, Path | Refused, dict[str, Any] | None]]:
    """(its place, file, our index's entry for it) of every page; instead of a file, why there is none."""
    if (path / INDEX).is_file():
        yield from _indexed(path)
        return
    base = path if path.is_dir() else path.parent
    for file in _files(path):
        place = ImportPosition(member=file.relative_to(base).as_posix())
        try:
            kind = None if path.is_file() else _is_none(file)
        except Refused as refusal:
            yield place, refusal, None
            continue
        if kind is not None:
            taker.report.passed[kind] += 1
        yield place, file if kind is None else Refused(ImportOutcome.NOT_HTML), None


def _files(path: Path) -> list[Path]:
    """The files of a folder, oldest first, so that later versions of a page come later."""
    if not path.is_dir():
        return [path]
    return sorted((each for each in path.rglob("*") if not each.is_dir()), key=lambda each: (_time_of(each), each))


def _time_of(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:  # a broken link, which is named when it is read
        return 0.0


def _is_none(file: Path) -> str | None:
    """What kind of file it is if it is not a page, in words for people; None for a page. Raises Refused."""
    suffix = file.suffix.lower() if len(file.suffix) <= 8 else ""
    if _is_part(file):
        return "parts of saved pages"
    with open_file(file) as stream:
        head = stream.read(_HEAD)
    if not head:
        return "empty files"
    if suffix in _ENDINGS or (head.startswith(_GZIP) and file.name.lower().endswith(_PACKED)):
        return None
    return None if is_html(head) or is_mhtml(head) else suffix or "without a suffix"


def _is_part(file: Path) -> bool:
    """Whether a file is part of a page that a browser saved beside it: a frame, a picture."""
    for folder in file.parents:
        name = next((folder.name.removesuffix(end) for end in _FOLDERS if folder.name.endswith(end)), "")
        if name and any(folder.with_name(f"{name}{ending}").is_file() for ending in _ENDINGS):
            return True
    return False


def _indexed(path: Path) -> Iterator[tuple[ImportPosition, Path | Refused, dict[str, Any] | None]]:
    """The files that the index of our own export names, but only those inside the folder."""
    root = path.resolve()
    with (path / INDEX).open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                about = json.loads(line)
                file = path / about["file"]
                if not file.resolve().is_relative_to(root):
                    raise ValueError(f"{about['file']!r} is outside the folder")
            except (ValueError, KeyError, TypeError) as error:
                refusal = Refused(ImportOutcome.BAD_RECORD, f"line {number}: {error}")
                yield ImportPosition(member=INDEX, offset=number), refusal, None
                continue
            yield ImportPosition(member=about["file"]), file, about


def _page(
    taker: Taker, file: Path, about: dict[str, Any] | None, options: ImportOptions, place: ImportPosition
) -> Capture | ImportOutcome:
    """The capture of a page, or why there is nothing to import. Raises Refused."""
    page = _read(file)
    sha256 = hashlib.sha256(page.body).digest()
    if imports.origin_digest(taker.db, taker.begun.import_id, place.member) == sha256:
        return ImportOutcome.KNOWN
    capture = _described(about, page.body, sha256) if about else _found(file, place.member, page, options)
    if not options.wants(capture.url):
        return ImportOutcome.FILTERED
    return capture


def _read(file: Path) -> SavedPage:
    """The page in a file, decompressed. Raises Refused."""
    try:
        with open_file(file) as stream:
            data = stream.read(_MAX_FILE + 1)
    except OSError as error:
        raise Refused(ImportOutcome.BAD_RECORD, error.strerror or str(error)) from error
    if data.startswith(_GZIP):
        data = _unpacked(data)
    if is_mhtml(data[:_HEAD]) and not is_html(data[:_HEAD]) and len(data) <= _MAX_FILE:
        page = page_of_mhtml(data)
        if page is None:
            raise Refused(ImportOutcome.NOT_HTML, "no page in it")
    else:
        utf16 = utf16_of(data)
        page = SavedPage(data, charset=utf16.replace("utf-16-", "utf-16") if utf16 else None)
    if len(page.body) > MAX_HTML_BYTES:
        raise Refused(ImportOutcome.TOO_BIG, f"over {MAX_HTML_BYTES} bytes")
    return page


def _unpacked(data: bytes) -> bytes:
    try:
        reader = BodyReader("gzip", max_wire_bytes=_MAX_FILE, max_body_bytes=_MAX_FILE)
        reader.feed(data)
        return reader.finish()
    except BodyError as error:
        outcome = ImportOutcome.TOO_BIG if error.reason is Reason.TOO_BIG else ImportOutcome.BAD_ENCODING
        raise Refused(outcome, str(error)) from error


def _described(about: dict[str, Any], body: bytes, sha256: bytes) -> Capture:
    """A page of our own export."""
    if about.get("sha256") != sha256.hex():
        raise Refused(ImportOutcome.BAD_DIGEST, "the file is not what the index says")
    facts = {name: value for name, value in about.items() if name not in ("file", "sha256", "bytes", "kind")}
    return ours({"capture": facts, "kind": about.get("kind")}, body)


def _found(file: Path, name: str, page: SavedPage, options: ImportOptions) -> Capture:
    """A page that somebody saved: URL and time from its content, or else from --url-prefix or the folder's name, and
    from its file.
    """
    noted, at = saved_from(page.body)
    url = page.url or noted or own_url(page.body)
    url = url or (url_of_file(options.url_prefix, name) if options.url_prefix else url_of_mirror(name))
    if url is None:
        raise Refused(ImportOutcome.NO_URL, "neither the page nor --url-prefix says where it is from")
    at = page.at or at or datetime.fromtimestamp(file.stat().st_mtime, UTC).replace(microsecond=0)
    return Capture(
        url=url, final_url=url, status=200, fetched_at=at, body=page.body, content_type="text/html", charset=page.charset
    )  # fmt: skip


def import_urls(db: Archive, options: ImportOptions, report: ImportReport) -> None:
    """Queue the URLs in text files, one per line; empty lines and comments after # are ignored."""
    run_import(db, "urls", options, report, _take_list, _by_content)


def _by_content(path: Path) -> bytes:
    with open_file(path) as file:
        return hashlib.file_digest(file, "sha256").digest()


async def _take_list(taker: Taker, path: Path, options: ImportOptions) -> None:
    now = datetime.now(UTC)
    with open_file(path) as file:
        encoding = utf16_of(file.read(64)) or "utf-8"
    with TextIOWrapper(open_file(path), encoding, errors="replace", newline=None) as lines:
        for number, text in _lines(lines):
            if not text or text.startswith("#") or number <= taker.begun.position:
                continue
            place = ImportPosition(offset=number)
            url = canonical_url(text)
            if url is None:
                taker.pass_over(ImportOutcome.BAD_URL, place, place, f"line {number}: {text[:200]}")
            elif not options.wants(url):
                taker.pass_over(ImportOutcome.FILTERED, place, place)
            else:
                _queue(taker, Link(url=url, raw_url=text, kind=_kind(url)), place, now)


def _lines(text: TextIOWrapper) -> Iterator[tuple[int, str]]:
    """The numbered lines of a list, with any line ending; a line that never ends does not fill the memory."""
    number = 0
    while line := text.readline(_MAX_LINE):
        number += 1
        rest = line
        while rest and not rest.endswith("\n"):
            rest = text.readline(_MAX_LINE)
        yield number, line.lstrip("\ufeff").strip()


def _queue(taker: Taker, link: Link, place: ImportPosition, now: datetime) -> None:
    with connection.transaction(taker.db):
        is_new = frontier.add_links(taker.db, [link], due_at=now, priority=PRIORITY[link.kind])
        taker.count(ImportOutcome.QUEUED if is_new else ImportOutcome.KNOWN, place)
        imports.note_import(taker.db, taker.begun.import_id, taker.begun.outcomes, done=place)


def _kind(url: str) -> LinkKind:
    """Lists mostly contain articles, so a URL that looks like nothing else is taken for one."""
    guess = guessed_kind(url)
    return guess if guess in ("feed", "sitemap") else kind_of_page(url)
