"""Importing: one run of an import, and how a page from elsewhere becomes part of the archive."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scraper.archive.file import connection
from scraper.archive.file.times import to_text
from scraper.archive.write import frontier, imports, joining
from scraper.archive.write.pageresult import PageResult
from scraper.crawl.page import is_read_as_article, read_kept
from scraper.errors import DISK_ERRORS, ExchangeError, KlipingError
from scraper.exchange.ahead import AheadReaders
from scraper.exchange.taken import NAMED, ImportOutcome, Problem, Refused
from scraper.reasons import Reason
from scraper.records import Link, Outcome
from scraper.sites.registry import find_portal, is_article_url
from scraper.typed import replace
from scraper.urls import canonical_url, host_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from scraper.archive.file.library import Archive
    from scraper.archive.write.imports import Import, ImportKind, ImportPosition
    from scraper.records import Capture, LinkKind

log = logging.getLogger("kliping")

_ENDED = {
    Reason.BUG: ImportOutcome.BUG,
    Reason.DAMAGED: ImportOutcome.UNREADABLE,
    Reason.TRUNCATED: ImportOutcome.TRUNCATED,
    Reason.WALL: ImportOutcome.ASIDE,
    Reason.SUSPECT: ImportOutcome.ASIDE,
}
NOTED_EVERY = 1000  # items skipped between two notes of how far an import has got


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What is imported: `hosts` () means all, else these and their subdomains; `url_prefix` for pages that name no URL.

    `ahead` pages are read in parallel while the archive is written; with 0 each is read in its turn.
    """

    paths: Sequence[Path]
    version: str
    hosts: tuple[str, ...] = ()
    url_prefix: str | None = None
    arguments: str = ""
    agent: str | None = None  # who we said we are, if something is fetched
    ahead: int = 0

    def wants(self, url: str) -> bool:
        """Whether a URL's host is wanted."""
        host = host_of(url)
        return not self.hosts or any(host == each or host.endswith(f".{each}") for each in self.hosts)

    @property
    def chosen(self) -> str:
        """What distinguishes imports of the same bytes."""
        return " ".join((*sorted(self.hosts), self.url_prefix or ""))


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """Receives an import's reports; `counts` are those of this run."""

    on_problem: Callable[[Problem], None]
    on_count: Callable[[Counter[str]], None]
    counts: Counter[str] = field(default_factory=Counter)
    finished_before: list[str] = field(default_factory=list)
    has_problems: bool = False
    passed: Counter[str] = field(default_factory=Counter)  # files that are not pages, by kind
    refused_originals: Any = None

    def count(self, outcome: ImportOutcome) -> None:
        """Count an outcome."""
        self.counts[outcome] += 1
        self.on_count(self.counts)

    def tell(self, problem: Problem) -> None:
        """Name something that a person may have to look at."""
        self.has_problems = True
        self.on_problem(problem)

    def refuse(self, path: Path, error: Refused) -> None:
        """Count and name a file of which nothing was imported."""
        self.count(error.outcome)
        self.tell(Problem(source=str(path), member="", offset=0, outcome=error.outcome, detail=str(error)))


@dataclass(slots=True, kw_only=True)
class Taker:
    """Stores the contents of one file or folder in the archive."""

    db: Archive
    readers: AheadReaders
    run_id: int
    source: str
    begun: Import
    report: ImportReport
    passed: int = 0

    def count(self, outcome: ImportOutcome, place: ImportPosition, detail: str = "", url: str | None = None) -> None:
        """Count an outcome, and name it if a person may have to look at it."""
        self.begun.outcomes[outcome] += 1
        self.tell(outcome, place, detail, url)

    def tell(self, outcome: ImportOutcome, place: ImportPosition, detail: str = "", url: str | None = None) -> None:
        """Count an outcome in this run only, and name it if a person may have to look at it."""
        self.report.count(outcome)
        if outcome in NAMED:
            self.report.tell(
                Problem(source=self.source, member=place.member, offset=place.offset, outcome=outcome, detail=detail, url=url)
            )  # fmt: skip

    def pass_over(
        self,
        outcome: ImportOutcome,
        place: ImportPosition,
        done: ImportPosition | None,
        detail: str = "",
        url: str | None = None,
    ) -> None:
        """Count something that leaves nothing in the archive; from time to time, note how far the import has got."""
        self.count(outcome, place, detail, url)
        self.passed += 1
        if self.passed % NOTED_EVERY == 0:
            imports.note_import(self.db, self.begun.import_id, self.begun.outcomes, done=done)

    def is_to_be_read(self, capture: Capture, kind: LinkKind | None = None) -> bool:
        """Whether `take` will most likely have this capture read as an article."""
        url = canonical_url(capture.url)
        is_article = url is not None and (kind or kind_of_page(url)) == "article"
        return is_article and not imports.has_visit(self.db, url or "", at=capture.fetched_at)

    async def take(
        self,
        capture: Capture,
        place: ImportPosition,
        done: ImportPosition | None,
        *,
        kind: LinkKind | None = None,
        found_on: str | None = None,
        reason: Reason = Reason.OK,
    ) -> None:
        """Keep a capture and its contents; everything before `done` is then done.

        `kind` None and `reason` OK mean that only the page can tell.
        """
        url = canonical_url(capture.url)
        if url is None:
            self.pass_over(ImportOutcome.BAD_URL, place, done, capture.url[:200])
            return
        if imports.has_visit(self.db, url, at=capture.fetched_at):
            imports.name_visit(self.db, url, capture.fetched_at, place)
            self.pass_over(ImportOutcome.KNOWN, place, done)
            return
        link = Link(url=url, raw_url=capture.url, kind=kind or kind_of_page(url), found_on=found_on)
        queued = imports.known_for_import(self.db, link, at=capture.fetched_at)
        result = await read_kept(self.db, self.readers, queued, capture, run_id=self.run_id, reason=reason)
        if kind is None:
            result = await self._judged(result, capture)
        outcome = _ENDED.get(
            result.outcome.reason, ImportOutcome.TRUNCATED if capture.truncated else ImportOutcome.KEPT
        )
        earlier = result.article if self._is_older(result, capture) else None
        if earlier is not None:
            result, outcome = replace(result, article=None), ImportOutcome.OLDER
        with connection.transaction(self.db):
            saved = imports.import_page(self.db, self.begun.import_id, result, place)
            if earlier is not None and saved.is_new_capture and saved.capture_id is not None:
                joining.add_earlier(
                    self.db, earlier, url_id=queued.url_id, capture_id=saved.capture_id, at=capture.fetched_at
                )
            if not saved.is_new_capture:
                outcome = ImportOutcome.KNOWN
            self.count(outcome, place, result.outcome.detail or "", url)
            imports.note_import(self.db, self.begun.import_id, self.begun.outcomes, done=done)

    def _is_older(self, result: PageResult, capture: Capture) -> bool:
        """Whether the article's stored text was seen later than this one."""
        newest = imports.newest_version_at(self.db, result.article.url) if result.article else None
        return newest is not None and newest > to_text(capture.fetched_at)

    def unchanged(self, capture: Capture, at: datetime, place: ImportPosition, done: ImportPosition | None) -> None:
        """Keep a visit that found a capture unchanged."""
        if imports.has_visit(self.db, capture.url, at=at):
            self.pass_over(ImportOutcome.KNOWN, place, done)
            return
        link = Link(url=capture.url, raw_url=capture.url, kind=kind_of_page(capture.url))
        queued = imports.known_for_import(self.db, link, at=at)
        seen = Outcome(url=queued.url, reason=Reason.UNCHANGED, at=at, status=304)
        result = PageResult(url_id=queued.url_id, run_id=self.run_id, outcome=seen, leaves_queue=True)
        with connection.transaction(self.db):
            imports.import_page(self.db, self.begun.import_id, result, place)
            self.count(ImportOutcome.KNOWN, place)
            imports.note_import(self.db, self.begun.import_id, self.begun.outcomes, done=done)

    async def _judged(self, result: PageResult, capture: Capture) -> PageResult:
        """A page of a site without rules, which nobody called an article, counts as one only if it says so or reads
        like one.
        """
        article = result.article
        if article is None or result.site is not None or await is_read_as_article(self.readers, capture, article):
            return result
        return replace(result, article=None, outcome=replace(result.outcome, reason=Reason.NOT_ARTICLE))


def kind_of_page(url: str) -> LinkKind:
    """What a page from elsewhere is, by its URL: an index if its site's pattern says that it is not an article."""
    site, _ = find_portal(url)
    return "article" if site is None or is_article_url(site, url) else "index"


def ends_import(error: BaseException) -> bool:
    """Whether an error does not come from the input: the archive or its disk fails, or a library is missing."""
    if isinstance(error, KlipingError):
        return not isinstance(error, ExchangeError)
    return connection.is_failure(error) or (isinstance(error, OSError) and error.errno in DISK_ERRORS)


def run_import(
    db: Archive,
    kind: ImportKind,
    options: ImportOptions,
    report: ImportReport,
    take_one: Callable[[Taker, Path, ImportOptions], Awaitable[None]],
    fingerprint: Callable[[Path], bytes],
    *,
    may_grow: bool = False,
    at_end: Callable[[Callable[[int], Taker], frozenset[int]], Awaitable[None]] | None = None,
) -> None:
    """Import files or folders one after the other; one that was begun continues, one that cannot be read is named.

    One that was finished before is skipped, unless it `may_grow` (a folder). `at_end` is called with takers by the
    numbers of imports, and the imports of this run.
    """
    run_id = _begun_run(db, options)
    takers: dict[int, Taker] = {}

    async def all_paths() -> None:
        async with AheadReaders(options.ahead) as readers:
            for path in options.paths:
                try:
                    await one(path, readers)
                except Exception as error:
                    if ends_import(error):
                        raise
                    _unreadable(report, path, error)
            own = frozenset(takers)
            if at_end is not None:
                await at_end(lambda import_id: taker_of(import_id, readers), own)

    def taker_of(import_id: int, readers: AheadReaders) -> Taker:
        if import_id not in takers:
            begun = imports.known_import(db, import_id)
            takers[import_id] = Taker(
                db=db, readers=readers, run_id=run_id, source=begun.source, begun=begun, report=report
            )
        return takers[import_id]

    async def one(path: Path, readers: AheadReaders) -> None:
        begun = imports.begin_import(
            db, run_id=run_id, kind=kind, source=str(path), fingerprint=fingerprint(path), chosen=options.chosen
        )
        if begun.is_finished and not may_grow:
            report.finished_before.append(str(path))
            return
        taker = taker_of(begun.import_id, readers)
        taker.source = str(path)
        await take_one(taker, path, options)
        imports.note_import(db, begun.import_id, taker.begun.outcomes, at=datetime.now(UTC))

    asyncio.run(all_paths())
    frontier.finish_run(db, run_id, at=datetime.now(UTC), exit_code=3 if report.has_problems else 0)


def _begun_run(db: Archive, options: ImportOptions) -> int:
    return frontier.start_run(
        db,
        kind="import",
        version=options.version,
        arguments=options.arguments,
        agent=options.agent,
        at=datetime.now(UTC),
    )


def _unreadable(report: ImportReport, path: Path, error: Exception) -> None:
    """Name a file that cannot be read, or not to its end; what was read of it stays."""
    if not isinstance(error, Refused | OSError | ExchangeError):
        log.error("%s: a bug of kliping", path, exc_info=error)
    if isinstance(error, Refused):
        report.refuse(path, error)
        return
    detail = str(error) if isinstance(error, ExchangeError) else f"{type(error).__name__}: {error}"
    report.refuse(path, Refused(ImportOutcome.UNREADABLE, detail))


def count_refused(
    taker: Taker, error: Refused, place: ImportPosition, done: ImportPosition, url: str | None = None
) -> None:
    """Count something that was refused."""
    taker.pass_over(error.outcome, place, done, str(error), url)
