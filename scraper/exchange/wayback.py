"""A site's past from a web archive: what its CDX server lists, fetched capture by capture as it was received.

Works with the CDX server of the Internet Archive and that of pywb
<https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server>,
<https://pywb.readthedocs.io/en/latest/manual/cdxserver_api.html>.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode, urljoin, urlsplit

from scraper.archive.write.imports import ImportPosition, has_visit, imported_by_month, note_import
from scraper.errors import ExchangeError, FetchError, Reason
from scraper.exchange.httpmessage import digest_key
from scraper.exchange.taken import ImportOutcome, Refused
from scraper.exchange.taking import count_refused, ends_import, run_import
from scraper.exchange.warccapture import warc_moment
from scraper.fetch import Fetcher, Limits, RobotsMemory, media_type
from scraper.html import MAX_HTML_BYTES
from scraper.records import Capture
from scraper.urls import canonical_url, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from scraper.archive.file.library import Archive
    from scraper.exchange.taking import ImportOptions, ImportReport, Taker
    from scraper.fetch import FetchSettings
    from scraper.fetch.answer import Answer

HOME = "https://web.archive.org"
Match = Literal["exact", "prefix", "host", "domain"]
PAGE = 5_000  # rows requested at once, if a server gives a key to continue with
_MAX_LIST = 256 << 20
_FIELDS = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
# pywb's names for the same fields.
_NAMES = {"url": "original", "mime": "mimetype", "status": "statuscode"}
_STAMP = re.compile(r"/(\d{14})(?:id_)?/")
_ORIGINAL = "x-archive-orig-"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_HOPS = 3
# The archive does not answer, or asks to be left alone: the import continues from here another time.
_STOPS = frozenset(
    {Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.RESET, Reason.PROTOCOL, Reason.DEADLINE, Reason.RATE_LIMITED,
     Reason.ROBOTS, Reason.ROBOTS_UNREACHABLE, Reason.BLOCKED, Reason.BLOCKED_ADDRESS}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which captures are wanted: of a page, a prefix, a host or a domain; `since` and `until` are days, both included."""

    url: str
    match: Match
    since: date | None = None
    until: date | None = None
    server: str = HOME

    @property
    def is_internet_archive(self) -> bool:
        """Whether the server has the paths of the Internet Archive; any other is a collection of pywb."""
        return urlsplit(self.server).hostname == "web.archive.org"

    def index_url(self, resume_key: str | None) -> str:
        """The address at which the server lists them."""
        asked: dict[str, Any] = {"url": self.url, "matchType": self.match, "output": "json"}
        if self.since:
            asked["from"] = f"{self.since:%Y%m%d}000000"
        if self.until:
            asked["to"] = f"{self.until:%Y%m%d}235959"
        if not self.is_internet_archive:
            return f"{self.server}/cdx?{urlencode(asked)}"  # its filter would leave out revisits, which have no status
        asked |= {"fl": ",".join(_FIELDS), "filter": "statuscode:200", "collapse": "digest", "limit": PAGE}
        asked |= {"showResumeKey": "true"} | ({"resumeKey": resume_key} if resume_key else {})
        return f"{self.server}/cdx/search/cdx?{urlencode(asked)}"

    def capture_url(self, row: Row) -> str:
        """The address at which a capture is served as it was received, with no link rewritten."""
        home = f"{self.server}/web" if self.is_internet_archive else self.server
        return f"{home}/{row.timestamp}id_/{row.original}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of an index: `timestamp` is fourteen digits of UTC."""

    urlkey: str
    timestamp: str
    original: str
    mimetype: str
    statuscode: str
    digest: str


@dataclass(slots=True)
class CdxListing:
    """What an index listed: captures by month, wanted ones that differ from the one before, and the number of invalid
    lines.
    """

    by_month: Counter[str] = field(default_factory=Counter)
    strange: int = 0


def rows_of(text: str) -> tuple[list[Row], str | None, int]:
    """(rows, key to continue with, invalid lines) of an index, as the Internet Archive or pywb writes it."""
    stripped = text.lstrip()
    if stripped.startswith("[["):
        return _rows_of_lists(stripped)
    rows: list[Row] = []
    strange = 0
    for line in stripped.splitlines():
        try:
            row = _row(json.loads(line))
        except (ValueError, TypeError, AttributeError, RecursionError):
            row = None
        if row is None:
            strange += bool(line.strip()) and line.strip() != "[]"
        else:
            rows.append(row)
    return rows, None, strange


def _rows_of_lists(text: str) -> tuple[list[Row], str | None, int]:
    """A list of lists: the names first, and at the end, after an empty one, the key."""
    try:
        names, *lines = json.loads(text)
        key = str(lines[-1][0]) if len(lines) >= 2 and lines[-2] == [] and len(lines[-1]) == 1 else None
    except (ValueError, TypeError, IndexError, KeyError, RecursionError):
        return [], None, 1
    found: list[Row | None] = []
    for line in lines[: -2 if key else None]:
        is_row = isinstance(line, list) and isinstance(names, list) and len(line) == len(names)
        found.append(_row(dict(zip(map(str, names), line, strict=True))) if is_row else None)
    return [row for row in found if row is not None], key, sum(row is None for row in found)


def _row(fields: dict[str, Any]) -> Row | None:
    named = {_NAMES.get(name, name): str(value) for name, value in fields.items()}
    stamp, url = named.get("timestamp", ""), named.get("original", "")
    if not re.fullmatch(r"\d{14}", stamp, re.ASCII) or warc_moment(stamp) is None or canonical_url(url) is None:
        return None
    return Row(
        urlkey=named.get("urlkey", url),
        timestamp=stamp,
        original=url,
        mimetype=named.get("mimetype", ""),
        statuscode=named.get("statuscode", "-"),
        digest=named.get("digest", "-"),
    )


def import_wayback(
    db: Archive, settings: FetchSettings, query: Query, options: ImportOptions, report: ImportReport
) -> list[tuple[str, int, int, int]]:
    """Import a web archive's captures for a query; returns (month, listed, kept in all, articles).

    Raises FetchError if the archive stops answering; the same import then continues from there.
    """
    listed = CdxListing()
    imports: list[int] = []

    async def take_one(taker: Taker, _path: Path, options: ImportOptions) -> None:
        imports.append(taker.begun.import_id)
        async with Fetcher(settings, robots=RobotsMemory()) as fetcher:
            await _Walk(fetcher, query, taker, options, listed).all()

    source = Path(f"{query.server}/{query.match}/{query.url}")
    name = hashlib.sha256(repr(query).encode()).digest()
    run_import(db, "warc", replace(options, paths=(source,)), report, take_one, lambda _path: name, may_grow=True)
    known = {month: counts for number in imports for month, *counts in imported_by_month(db, number)}
    return [(month, listed.by_month[month], *known.get(month, (0, 0))) for month in sorted({*listed.by_month, *known})]


class _Walk:
    """One walk through an index."""

    def __init__(
        self, fetcher: Fetcher, query: Query, taker: Taker, options: ImportOptions, listed: CdxListing
    ) -> None:
        self._fetcher = fetcher
        self._query = query
        self._taker = taker
        self._options = options
        self._listed = listed
        self._seen: tuple[str, set[str]] = ("", set())  # the digests of the page whose rows are being read

    async def all(self) -> None:
        """Import what is listed, from where an earlier import stopped."""
        begun = self._taker.begun
        key: str | None = None if begun.is_finished else begun.member or None
        done = 0 if begun.is_finished else begun.position
        while True:
            answer = await self._asked(self._query.index_url(key), Limits(_MAX_LIST, _MAX_LIST))
            if answer.status != 200:
                raise ExchangeError(f"{self._query.server}: its index answers with HTTP {answer.status}")
            rows, following, strange = rows_of(answer.body.decode("utf-8", "replace"))
            place = ImportPosition(member=key or "", offset=0)
            for _ in range(strange):
                self._taker.count(ImportOutcome.BAD_RECORD, place, "an invalid line of the index")
            for number, row in enumerate(rows):
                if self._is_new(row) and number >= done:
                    await self._take(
                        row,
                        ImportPosition(member=key or "", offset=number + 1),
                        ImportPosition(member=key or "", offset=number + 1),
                    )
            if following is None or following == key:
                return
            key, done = following, 0
            note_import(self._taker.db, begun.import_id, begun.outcomes, done=ImportPosition(member=key, offset=0))

    def _is_new(self, row: Row) -> bool:
        """Whether a row is a page of the requested time, with other bytes than an earlier one of the same URL."""
        is_page = row.statuscode in ("200", "-") and row.mimetype in (
            "text/html",
            "application/xhtml+xml",
            "warc/revisit",
            "unk",
            "",
        )
        since, until = self._query.since, self._query.until
        day = f"{row.timestamp[:4]}-{row.timestamp[4:6]}-{row.timestamp[6:8]}"
        if not is_page or (since and day < f"{since}") or (until and day > f"{until}"):
            return False
        if self._seen[0] != row.urlkey:
            self._seen = (row.urlkey, set())
        if row.digest in self._seen[1]:
            return False
        if row.digest not in ("-", ""):
            self._seen[1].add(row.digest)
        self._listed.by_month[day[:7]] += 1
        return True

    async def _take(self, row: Row, place: ImportPosition, done: ImportPosition) -> None:
        place = replace(place, digest=digest_key(row.digest))
        at = warc_moment(row.timestamp)
        url = canonical_url(row.original)
        if url is None or at is None or not self._options.wants(url):
            self._taker.pass_over(ImportOutcome.FILTERED, place, done)
        elif has_visit(self._taker.db, url, at=at):
            self._taker.pass_over(ImportOutcome.KNOWN, place, done)
        else:
            try:
                await self._taker.take(await self._fetched(row), place, done)
            except Refused as error:
                count_refused(self._taker, error, place, done, row.original)
            except Exception as error:
                if isinstance(error, FetchError) or ends_import(error):
                    raise
                count_refused(
                    self._taker,
                    Refused(ImportOutcome.BUG, f"{type(error).__name__}: {error}"),
                    place,
                    done,
                    row.original,
                )

    async def _fetched(self, row: Row) -> Capture:
        """A capture as it was received. Raises Refused, and FetchError if it is useless to continue."""
        url = self._query.capture_url(row)
        for _ in range(_MAX_HOPS):
            answer = await self._asked(url, Limits(MAX_HTML_BYTES, MAX_HTML_BYTES))
            location = answer.header("location")
            if answer.status not in _REDIRECTS or not location:
                break
            following = urljoin(url, location)
            if origin_of(following) != origin_of(url):
                raise Refused(ImportOutcome.REDIRECT)
            url = following
        if answer.status in _REDIRECTS:
            raise Refused(ImportOutcome.REDIRECT)
        if answer.status != 200:
            raise Refused(ImportOutcome.NOT_FETCHED, f"HTTP {answer.status}")
        return _capture(row, url, answer)

    async def _asked(self, url: str, limits: Limits) -> Answer:
        try:
            return await self._fetcher.exchange(url, {}, limits)
        except FetchError as error:
            if error.reason in _STOPS or error.not_before is not None:
                raise
            outcome = ImportOutcome.TOO_BIG if error.reason is Reason.TOO_BIG else ImportOutcome.NOT_FETCHED
            raise Refused(outcome, str(error)) from error


def _capture(row: Row, url: str, answer: Answer) -> Capture:
    """The visit at the time when the archive made it; the archive's own headers are left out if it gives the original
    ones.
    """
    original = [(name.removeprefix(_ORIGINAL), value) for name, value in answer.headers if name.startswith(_ORIGINAL)]
    content_type = dict(original).get("content-type") or answer.header("content-type")
    kind, charset = media_type(content_type)
    if kind not in (None, "text/html", "application/xhtml+xml"):
        raise Refused(ImportOutcome.NOT_HTML)
    if not answer.body.strip():
        raise Refused(ImportOutcome.NOT_HTML, "empty")
    served = _STAMP.search(url)
    at = warc_moment(served[1] if served else row.timestamp)
    if at is None:
        raise Refused(ImportOutcome.BAD_RECORD, f"{url}: no time")
    headers = original or ([("content-type", content_type)] if content_type else [])
    return Capture(
        url=row.original, final_url=row.original, status=200, fetched_at=at, body=answer.body,
        headers=tuple(headers), content_type=kind, charset=charset,
    )  # fmt: skip


def months_told(rows: list[tuple[str, int, int, int]]) -> Iterator[dict[str, Any]]:
    """The table of months, for programs."""
    for month, listed, kept, articles in rows:
        yield {"month": month, "listed": listed, "kept": kept, "articles": articles}
