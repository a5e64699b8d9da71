"""Import of WARC files (Common Crawl, Browsertrix, wget, our own) and WACZ packages, as a stream, resumable after a
kill.
"""

from __future__ import annotations

import hashlib
import logging
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, get_args

from scraper.archive.write import imports
from scraper.archive.write.imports import ImportPosition
from scraper.exchange.ahead import ReadStep, in_order
from scraper.exchange.httpmessage import digest_key, payload_key
from scraper.exchange.revisits import RefusedOriginals, await_original, revisit_of, settle, take_revisit
from scraper.exchange.taken import ImportOutcome, Refused
from scraper.exchange.taking import count_refused, ends_import, run_import
from scraper.exchange.warccapture import about_of, capture_from, capture_of_resource
from scraper.exchange.warclenient import Broken, Item, PassedOver, RawRecord
from scraper.exchange.warcpackage import open_file, opened, warc_files
from scraper.exchange.warcread import records
from scraper.reasons import ASIDE, Reason
from scraper.records import WEB_YEARS, RobotsFile, RobotsVerdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scraper.archive.file.library import Archive
    from scraper.exchange.taking import ImportOptions, ImportReport, Taker
    from scraper.records import Capture

log = logging.getLogger("kliping")

_ENDS = 1 << 20  # bytes of a file which, with its size, distinguish it from others
_MAIN = frozenset({"response", "revisit", "resource"})
_UNPAGED = ("dns:", "whois:", "ntp:", "urn:", "metadata:", "filedesc:", "warcinfo:", "about:", "data:")
_AHEAD = 64  # requests that come before their responses


def import_warc(db: Archive, options: ImportOptions, report: ImportReport) -> None:
    """Import WARC and WACZ files, and folders of them. What cannot be read is named, and the rest imported."""
    paths: list[Path] = []
    for path in options.paths:
        files, strangers = warc_files(path)
        paths += files
        for stranger in strangers:
            report.refuse(
                stranger, Refused(ImportOutcome.UNREADABLE, "is outside the folder of the list that names it")
            )
    import_records(db, replace(options, paths=paths), report, _take_file, fingerprint_of)


def import_records(db: Archive, options: ImportOptions, report: ImportReport, take_one: Any, fingerprint: Any) -> None:
    """Import from a source of WARC records; at the end, revisits that wait for their originals are tried again."""
    report.refused_originals = originals = RefusedOriginals()
    run_import(
        db, "warc", options, report, take_one, fingerprint,
        at_end=lambda taker_of, own: settle(db, taker_of, originals, own),
    )  # fmt: skip


def fingerprint_of(path: Path) -> bytes:
    """What distinguishes a file from others without reading all of it: its size, its beginning and its end. Raises
    Refused.
    """
    with open_file(path) as file:
        size = file.seek(0, 2)
        found = hashlib.sha256(str(size).encode())
        for start in (0, max(0, size - _ENDS)):
            file.seek(start)
            found.update(file.read(_ENDS))
    return found.digest()


async def _take_file(taker: Taker, path: Path, options: ImportOptions) -> None:
    with open_file(path) as file, opened(file) as members:
        for member, stream in members:
            if member < taker.begun.member:  # done before
                continue
            if isinstance(stream, Refused):
                count_refused(taker, stream, ImportPosition(member=member), ImportPosition(member=member, offset=_END))
            else:
                await take_records(taker, member, stream, options)


async def take_records(taker: Taker, member: str, file: IO[bytes], options: ImportOptions) -> None:
    """Import the records of one WARC file, from where an earlier import of it stopped."""
    start = taker.begun.position if member == taker.begun.member else 0
    if start == _END:
        return
    items = records(file, start=start, is_wanted=options.wants)
    await in_order(taker.readers, _Records(taker, member).steps(items))


_END = 1 << 62


@dataclass(slots=True)
class _Group:
    """Records that belong together: a response or revisit, its request, and what our own export says about it."""

    main: RawRecord
    request: RawRecord | None = None
    about: dict[str, Any] = field(default_factory=dict)
    is_robots: bool = False


class _Records:
    """What to do for the records of a file, one by one or several that belong together."""

    def __init__(self, taker: Taker, member: str) -> None:
        self._taker = taker
        self._member = member
        self._group: _Group | None = None
        self._ahead: OrderedDict[int, RawRecord] = OrderedDict()  # requests before their responses, by offset

    def steps(self, items: Iterable[Item]) -> Iterator[ReadStep]:
        for item in items:
            place = ImportPosition(member=self._member, offset=item.offset)
            try:
                yield from list(self._of(item, place))
            except Exception as error:  # noqa: BLE001  (no record ends an import; told in its turn)
                yield self._failed(error, place, place, "")
        yield from self._flush(ImportPosition(member=self._member, offset=_END))

    def _of(self, item: Item, place: ImportPosition) -> Iterator[ReadStep]:
        if isinstance(item, RawRecord) and item.type not in _MAIN:
            yield from self._attach(item, place)
            return
        yield from self._flush(place)
        if isinstance(item, Broken):
            yield self._passed(ImportOutcome.BAD_RECORD, place, item.detail)
        elif isinstance(item, PassedOver):
            if item.type in _MAIN:
                yield self._passed(ImportOutcome.FILTERED, place)
        elif item.url.lower().startswith(_UNPAGED):
            yield self._passed(ImportOutcome.NOT_HTML, place)
        else:
            self._group = _Group(item, self._taken_ahead(item))

    def _passed(self, outcome: ImportOutcome, place: ImportPosition, detail: str = "") -> ReadStep:
        async def do() -> None:
            self._taker.pass_over(outcome, place, place, detail)

        return ReadStep(do=do)

    def _taken_ahead(self, main: RawRecord) -> RawRecord | None:
        found = next((number for number, each in self._ahead.items() if _belong_together(main, each)), None)
        return self._ahead.pop(found) if found is not None else None

    def _attach(self, item: RawRecord, place: ImportPosition) -> Iterator[ReadStep]:
        """Attach a request or metadata record to its response; our record of a robots.txt is kept in its turn."""
        group = self._group if self._group is not None and _belong_together(self._group.main, item) else None
        about = about_of(item) if item.type == "metadata" else {}
        if "robots" in about:
            body = group.main.block if group is not None and group.main.type == "resource" else None
            if group is not None:
                group.is_robots = True

            async def keep_robots() -> None:
                _keep_robots(self._taker, about["robots"], body, place)

            yield self._guarded(keep_robots, place, place, item.url)
        elif item.type == "request" and group is None:
            self._ahead[item.offset] = item
            if len(self._ahead) > _AHEAD:
                self._ahead.popitem(last=False)
        elif item.type == "request" and group is not None:
            group.request = item
        elif group is not None:
            group.about = about or group.about

    def _flush(self, done: ImportPosition) -> Iterator[ReadStep]:
        """What to do for the group, now that the next one begins at `done`."""
        group, self._group = self._group, None
        if group is None or (group.is_robots and group.main.type == "resource"):
            return
        main = group.main
        if self._ahead:
            done = replace(done, offset=min(done.offset, *self._ahead))
        digest = digest_key(main.fields.get("warc-payload-digest", ""))
        if digest is None and main.type != "revisit":
            digest = payload_key(main.block or b"", is_http=main.type == "response")
        place = ImportPosition(
            member=self._member, offset=main.offset, record_id=main.record_id[:_LONGEST_ID] or None, digest=digest
        )
        found: Capture | None = None
        try:
            if main.type == "response":
                found = capture_from(main, group.request, group.about)
            elif main.type == "resource":
                found = capture_of_resource(main)
        except Exception as error:  # noqa: BLE001  (no record ends an import; told in its turn)
            yield self._failed(error, place, done, main.url, main)
            return
        if found is None:
            yield self._guarded(lambda: self._revisit(group, place, done), place, done, main.url)
            return
        is_read = not group.about.get("reason") and self._taker.is_to_be_read(found, group.about.get("kind"))
        yield self._guarded(
            lambda: _take_capture(self._taker, found, group.about, place, done),
            place, done, main.url, capture=found if is_read else None,
        )  # fmt: skip

    async def _revisit(self, group: _Group, place: ImportPosition, done: ImportPosition) -> None:
        revisit = replace(revisit_of(group.main, group.about, place), import_id=self._taker.begun.import_id)
        if not await take_revisit(self._taker, revisit, done):
            await_original(self._taker, revisit, done)

    def _failed(
        self, error: Exception, place: ImportPosition, done: ImportPosition, url: str, original: RawRecord | None = None
    ) -> ReadStep:
        async def fail() -> None:
            if isinstance(error, Refused) and original is not None:
                self._taker.report.refused_originals.add(original, error.outcome)
            raise error

        return self._guarded(fail, place, done, url)

    def _guarded(
        self, work: Any, place: ImportPosition, done: ImportPosition, url: str, *, capture: Capture | None = None
    ) -> ReadStep:
        """A step that no record can use to end an import: whatever goes wrong is that record's outcome."""

        async def do() -> None:
            try:
                await work()
            except Refused as error:
                count_refused(self._taker, error, place, done, url)
            except Exception as error:
                if ends_import(error):
                    raise
                log.exception("%s: a bug of kliping", url)
                self._taker.pass_over(ImportOutcome.BUG, place, done, f"{type(error).__name__}: {error}"[:300], url)

        return ReadStep(do=do, capture=capture)


_LONGEST_ID = 400


def _belong_together(main: RawRecord, other: RawRecord) -> bool:
    """Whether a request or metadata record belongs to a response: one names the other, or both name the same."""
    named = {other.fields.get("warc-concurrent-to"), other.fields.get("warc-refers-to")} - {None}
    if named:
        return main.record_id in named
    return main.fields.get("warc-concurrent-to") == other.record_id or (
        main.url == other.url and main.fields.get("warc-date") == other.fields.get("warc-date")
    )


async def _take_capture(
    taker: Taker, capture: Capture, about: dict[str, Any], place: ImportPosition, done: ImportPosition
) -> None:
    reason = Reason(about["reason"]) if about.get("reason") in ASIDE - {Reason.TRUNCATED} else Reason.OK
    await taker.take(capture, place, done, kind=about.get("kind"), found_on=about.get("found_on"), reason=reason)


def _keep_robots(taker: Taker, about: Any, body: bytes | None, place: ImportPosition) -> None:
    try:
        robots = RobotsFile(
            origin=about["origin"],
            fetched_at=_moment(about["fetched_at"]),
            status=about["status"],
            verdict=about["verdict"],
            body=body,
            detail=about["detail"],
        )
        last_seen_at = _moment(about["last_seen_at"])
        _check_robots(robots)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(ImportOutcome.BAD_RECORD, f"robots: {error}") from error
    is_new = imports.keep_robots(taker.db, robots, last_seen_at=last_seen_at)
    taker.count(ImportOutcome.ROBOTS if is_new else ImportOutcome.KNOWN, place)


def _moment(text: Any) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or found.year not in WEB_YEARS:
        raise ValueError(f"{text!r} is not a time")
    return found


def _check_robots(robots: RobotsFile) -> None:
    """Raise TypeError or ValueError for values that no robots.txt of ours can have."""
    origin: Any = robots.origin
    status: Any = robots.status
    detail: Any = robots.detail
    if not isinstance(origin, str) or not isinstance(status, int | None) or not isinstance(detail, str | None):
        raise TypeError("no answer of a server")
    if status is not None and status not in range(1000):
        raise ValueError(f"{status} is not a status")
    if robots.verdict not in get_args(RobotsVerdict):
        raise ValueError(f"{robots.verdict!r} is not a verdict")
