"""Revisit records: visits that found a page unchanged from another place or time, and their originals, in any order.

An original is looked up by its record, by its URL and time, and by its payload's digest, in any file ever imported. A
revisit whose original is missing waits in the archive; each import looks again when it has ended.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.archive.file import connection
from scraper.archive.write import imports
from scraper.archive.write.imports import ImportPosition, WaitingRevisit
from scraper.exchange.httpmessage import digest_key, is_digest_of, sha256_of
from scraper.exchange.taken import ImportOutcome, Refused
from scraper.exchange.warccapture import again, moment_of, ours, revisit_type, warc_moment
from scraper.exchange.warcrecord import NOT_MODIFIED
from scraper.reasons import Reason
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.archive.file.library import Archive
    from scraper.exchange.taking import Taker
    from scraper.exchange.warclenient import RawRecord
    from scraper.records import Capture

_MAX_REFUSED = 200_000  # names that are remembered, some 20 MB
_PAGES = frozenset({"text/html", "application/xhtml+xml", None})


class RefusedOriginals:
    """The outcomes of originals that are not pages: their revisits get the same outcome, and none of them waits."""

    def __init__(self) -> None:
        self._known: dict[int, ImportOutcome] = {}

    def add(self, raw: RawRecord, outcome: ImportOutcome) -> None:
        """Remember why an original was not kept."""
        for name in _names(raw.record_id, digest_key(raw.fields.get("warc-payload-digest", ""))):
            if len(self._known) < _MAX_REFUSED:
                self._known[hash(name)] = outcome

    def outcome_of(self, revisit: WaitingRevisit) -> ImportOutcome | None:
        """The outcome of a revisit's original; None if it is not remembered."""
        names = _names(revisit.refers_to, revisit.place.digest)
        return next((found for name in names if (found := self._known.get(hash(name)))), None)


def _names(*names: str | None) -> Iterable[str]:
    return [name for name in names if name]


def revisit_of(raw: RawRecord, about: dict[str, Any], place: ImportPosition) -> WaitingRevisit:
    """The content of a revisit record. Raises Refused, with `not_html` if its head shows that it is not about a page."""
    if not about and revisit_type(raw) not in _PAGES:
        raise Refused(ImportOutcome.NOT_HTML)
    fields = raw.fields
    return WaitingRevisit(
        place=place,
        url=raw.url,
        at=moment_of(raw),
        is_unmodified=fields.get("warc-profile", "").rstrip("/").endswith(NOT_MODIFIED.rpartition("/")[2]),
        refers_to=fields.get("warc-refers-to") or None,
        refers_to_url=fields.get("warc-refers-to-target-uri", "").strip("<> ") or None,
        refers_to_at=warc_moment(fields.get("warc-refers-to-date", "")),
        about=json.dumps(about, ensure_ascii=False) if about else "{}",
    )


async def take_revisit(taker: Taker, revisit: WaitingRevisit, done: ImportPosition | None) -> bool:
    """Import a revisit if its original is here; returns whether it was. Raises Refused."""
    about = json.loads(revisit.about)
    if revisit.is_unmodified:
        before = imports.capture_of_visit(taker.db, _known(revisit.url), at=revisit.at) or _original(taker.db, revisit)
        if before is not None:
            taker.unchanged(before, revisit.at, revisit.place, done)
        return before is not None
    sha256 = sha256_of(revisit.place.digest or "")
    body = imports.body_by_digest(taker.db, sha256) if sha256 and about else None
    if body is not None:
        reason = Reason.BLOCKED if about.get("reason") == Reason.BLOCKED else Reason.OK
        await taker.take(
            ours(about, body), revisit.place, done, kind=about.get("kind"), found_on=about.get("found_on"), reason=reason
        )  # fmt: skip
        return True
    original = _original(taker.db, revisit)
    if original is not None:
        await taker.take(again(revisit.url, revisit.at, original), revisit.place, done)
    return original is not None


def _original(db: Archive, revisit: WaitingRevisit) -> Capture | None:
    """The capture to which a revisit refers: by its record, by its URL and time, by its digest; None if it is not here."""
    if revisit.refers_to and (found := imports.capture_named(db, revisit.refers_to)):
        return found
    target = _known(revisit.refers_to_url or revisit.url)
    at = revisit.refers_to_at or revisit.at
    digest = revisit.place.digest
    visited = imports.capture_of_visit(db, target, at=at)
    if visited is not None:
        is_exact = revisit.refers_to_at is not None and visited.fetched_at == revisit.refers_to_at
        if is_exact or digest is None or imports.is_named(db, visited, digest) or is_digest_of(digest, visited.body):
            return visited
    return imports.capture_named(db, digest) if digest else None


def _known(url: str) -> str:
    return canonical_url(url) or url


def await_original(taker: Taker, revisit: WaitingRevisit, done: ImportPosition) -> None:
    """Keep a revisit until its original is here; it is counted, and named at the end of the run if it still waits."""
    with connection.transaction(taker.db):
        imports.keep_waiting(taker.db, revisit)
        taker.begun.outcomes[ImportOutcome.UNRESOLVED] += 1
        imports.note_import(taker.db, taker.begun.import_id, taker.begun.outcomes, done=done)


async def settle(db: Archive, taker_of: Callable[[int], Taker], refused: RefusedOriginals, own: frozenset[int]) -> None:
    """Import the revisits whose originals have arrived; name those of the imports `own` that still wait."""
    after = 0
    while waiting := imports.waiting_revisits(db, after=after):
        for revisit in waiting:
            after = revisit.number
            taker = taker_of(revisit.import_id)
            outcome = None
            try:
                is_taken = await take_revisit(taker, revisit, None)
                outcome = None if is_taken else refused.outcome_of(revisit)
                detail = ""
            except Refused as error:
                is_taken, outcome, detail = False, error.outcome, str(error)
            if is_taken or outcome:
                with connection.transaction(db):
                    imports.waits_no_longer(db, revisit.number)
                    taker.begun.outcomes[ImportOutcome.UNRESOLVED] -= 1
                    if outcome:
                        taker.count(outcome, revisit.place, detail, revisit.url)
                    imports.note_import(db, revisit.import_id, +taker.begun.outcomes)
            elif revisit.import_id in own:
                taker.tell(ImportOutcome.UNRESOLVED, revisit.place, revisit.refers_to_url or "", revisit.url)
