"""Import of WARC files (Common Crawl, Browsertrix, wget, our own) and WACZ packages, streamed, to be gone on with after a kill."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, get_args

from scraper import archive
from scraper.archive import Place
from scraper.errors import ExchangeError
from scraper.exchange.ahead import Step, in_order
from scraper.exchange.httpmessage import sha256_of
from scraper.exchange.taken import Refused, Taken
from scraper.exchange.taking import refused, run_import
from scraper.exchange.warccapture import about_of, again, capture_from, moment_of, ours
from scraper.exchange.warcread import Broken, PassedOver, RawRecord, records
from scraper.exchange.warcrecord import NOT_MODIFIED
from scraper.reasons import ASIDE, Reason
from scraper.records import RobotsFile, RobotsVerdict
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from scraper.archive import Archive
    from scraper.exchange.taking import ImportOptions, ImportReport, Taker
    from scraper.records import Capture

_ENDS = 1 << 20  # of a file, which with its size tell it from others
_MAIN = frozenset({"response", "revisit", "resource"})


def import_warc(db: Archive, options: ImportOptions, report: ImportReport) -> None:
    """Import WARC and WACZ files. Raises ExchangeError for a file that cannot be opened."""
    run_import(db, "warc", options, report, _take_file, fingerprint_of)


def fingerprint_of(path: Path) -> bytes:
    """What tells a file from others without reading all of it: its size, its beginning and its end."""
    size = path.stat().st_size
    found = hashlib.sha256(str(size).encode())
    with path.open("rb") as file:
        found.update(file.read(_ENDS))
        file.seek(max(0, size - _ENDS))
        found.update(file.read(_ENDS))
    return found.digest()


async def _take_file(taker: Taker, path: Path, options: ImportOptions) -> None:
    for member, file in _members(path):
        if member < taker.begun.member:  # done before
            continue
        await take_records(taker, member, file, options)


async def take_records(taker: Taker, member: str, file: IO[bytes], options: ImportOptions) -> None:
    """Take in the records of one WARC file, from where an earlier import of it stopped."""
    start = taker.begun.position if member == taker.begun.member else 0
    items = records(file, start=start, is_wanted=options.wants)
    await in_order(taker.readers, _steps(taker, member, items))


def _steps(taker: Taker, member: str, items: Iterable[RawRecord | Broken | PassedOver]) -> Iterator[Step]:
    """What is to be done for the records of a file, one by one or several that belong together."""
    group = _Group(member=member)
    for item in items:
        place = Place(member=member, offset=item.offset)
        if isinstance(item, RawRecord) and item.type not in _MAIN:
            yield from _attach(taker, group, item, place)
            continue
        yield from _flush(taker, group, place)
        if isinstance(item, Broken):
            yield _passed(taker, Taken.BAD_RECORD, place, item.detail)
        elif isinstance(item, PassedOver):
            if item.type == "response":
                yield _passed(taker, Taken.FILTERED, place)
        else:
            group.main = item
            if group.ahead is not None and _belong_together(item, group.ahead):
                group.request = group.ahead
            group.ahead = None
    yield from _flush(taker, group, Place(member=member, offset=1 << 62))


def _passed(taker: Taker, outcome: Taken, place: Place, detail: str = "") -> Step:
    async def do() -> None:
        taker.pass_over(outcome, place, place, detail)

    return Step(do=do)


def _members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """(name, stream) of the WARC files in a package, in the order of their names; of a plain file the file itself, without a name."""
    if not zipfile.is_zipfile(path):
        with path.open("rb") as file:
            yield "", file
        return
    with zipfile.ZipFile(path) as packed:
        names = sorted(name for name in packed.namelist() if name.endswith((".warc", ".warc.gz")))
        if not names:
            raise ExchangeError(f"{path}: a package without WARC files")
        for name in names:
            with packed.open(name) as stream:
                yield name, stream


@dataclass(slots=True, kw_only=True)
class _Group:
    """The records that belong together: a response or revisit, its request, and what our own export says of it."""

    member: str
    main: RawRecord | None = None
    request: RawRecord | None = None
    about: dict[str, Any] = field(default_factory=dict)
    ahead: RawRecord | None = None  # a request that stands before its response


def _attach(taker: Taker, group: _Group, item: RawRecord, place: Place) -> Iterator[Step]:
    """Put a request or metadata record to its response; what we said of a robots.txt is kept in its turn."""
    main = group.main if group.main is not None and _belong_together(group.main, item) else None
    about = about_of(item) if item.type == "metadata" else {}
    if "robots" in about:

        async def keep_robots() -> None:
            try:
                _keep_robots(taker, about["robots"], main, place)
            except Refused as error:
                refused(taker, error, place, place, item.url)

        yield Step(do=keep_robots)
    elif item.type == "request" and main is None:
        group.ahead = item
    elif item.type == "request":
        group.request = item
    elif main is not None:
        group.about = about or group.about


def _belong_together(main: RawRecord, other: RawRecord) -> bool:
    """Whether a request or metadata record is of a response: it names it, is named by it, or both name the same."""
    named = {other.fields.get("warc-concurrent-to"), other.fields.get("warc-refers-to")} - {None}
    if named:
        return main.record_id in named
    return main.fields.get("warc-concurrent-to") == other.record_id or (
        main.url == other.url and main.fields.get("warc-date") == other.fields.get("warc-date")
    )


def _flush(taker: Taker, group: _Group, done: Place) -> Iterator[Step]:
    """What is to be done for what the group holds, now that the next one begins at `done`."""
    main, request, about = group.main, group.request, group.about
    if main is None:
        return
    if group.ahead is not None:
        done = Place(member=group.member, offset=group.ahead.offset)
    group.main, group.request, group.about = None, None, {}
    place = Place(member=group.member, offset=main.offset, record_id=main.record_id)
    found: Capture | Refused | None = None
    try:
        if main.type == "response":
            found = capture_from(main, request, about)
    except Refused as error:
        found = error

    async def do() -> None:
        try:
            if isinstance(found, Refused):
                raise found
            if found is not None:
                await _take_capture(taker, found, about, place, done)
            elif main.type == "revisit":  # what it refers to is in the archive only now
                await _take_revisit(taker, main, about, place, done)
        except Refused as error:
            refused(taker, error, place, done, main.url)

    if isinstance(found, Refused) or found is None or about.get("reason"):
        yield Step(do=do)
    else:
        yield Step(do=do, capture=found if taker.is_to_be_read(found, about.get("kind")) else None)


async def _take_capture(taker: Taker, capture: Capture, about: dict[str, Any], place: Place, done: Place) -> None:
    kind = about.get("kind")
    reason = Reason(about["reason"]) if about.get("reason") in ASIDE - {Reason.TRUNCATED} else Reason.OK
    await taker.take(capture, place, done, kind=kind, found_on=about.get("found_on"), reason=reason)


async def _take_revisit(taker: Taker, main: RawRecord, about: dict[str, Any], place: Place, done: Place) -> None:
    """A page that was the same as another, or as before. What it refers to must be here already."""
    at = moment_of(main)
    earlier = _referred(taker.db, main)
    if main.fields.get("warc-profile", "").endswith(NOT_MODIFIED.rpartition("/")[2]):
        before = archive.capture_of_visit(taker.db, canonical_url(main.url) or main.url, at=at) or earlier
        if before is None:
            raise Refused(Taken.UNRESOLVED, main.fields.get("warc-refers-to-target-uri", ""))
        taker.unchanged(before, at, place, done)
        return
    digest = main.fields.get("warc-payload-digest", "")
    sha256 = sha256_of(digest)
    body = archive.body_by_digest(taker.db, sha256) if sha256 else None
    if about and body is not None:
        await _take_capture(taker, ours(about, body), about, place, done)
        return
    if earlier is None:
        raise Refused(Taken.UNRESOLVED, main.fields.get("warc-refers-to-target-uri", ""))
    await taker.take(again(main, earlier), place, done)


def _referred(db: Archive, main: RawRecord) -> Capture | None:
    """The capture that a revisit refers to, by its address and time."""
    target = main.fields.get("warc-refers-to-target-uri", "").strip("<> ") or main.url
    try:
        at = datetime.fromisoformat(main.fields.get("warc-refers-to-date") or main.fields["warc-date"])
    except (KeyError, ValueError):
        return None
    return archive.capture_of_visit(db, canonical_url(target) or target, at=at)


def _keep_robots(taker: Taker, about: dict[str, Any], main: RawRecord | None, place: Place) -> None:
    body = main.block if main is not None and main.type == "resource" else None
    try:
        robots = RobotsFile(
            origin=about["origin"],
            fetched_at=datetime.fromisoformat(about["fetched_at"]),
            status=about["status"],
            verdict=about["verdict"],
            body=body,
            detail=about["detail"],
        )
        last_seen_at = datetime.fromisoformat(about["last_seen_at"])
        _check_robots(robots)
        is_new = archive.keep_robots(taker.db, robots, last_seen_at=last_seen_at)
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(Taken.BAD_RECORD, f"robots: {error}") from error
    taker.count(Taken.ROBOTS if is_new else Taken.KNOWN, place)


def _check_robots(robots: RobotsFile) -> None:
    """Raises TypeError or ValueError for values that no robots.txt of ours has."""
    origin: Any = robots.origin
    status: Any = robots.status
    detail: Any = robots.detail
    if not isinstance(origin, str) or not isinstance(status, int | None) or not isinstance(detail, str | None):
        raise TypeError("no answer of a server")
    if robots.verdict not in get_args(RobotsVerdict):
        raise ValueError(f"{robots.verdict!r} is no verdict")
