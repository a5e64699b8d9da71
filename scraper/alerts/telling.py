"""From what an alert has found to the message about it, and its delivery: never sent twice by our doing, never lost."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Any

from scraper.alerts.definition import EVERY, alerts_of
from scraper.archive.ask import selection, versions
from scraper.archive.ask.alert_news import open_news
from scraper.archive.ask.selection import Unreadable
from scraper.atom import AtomEntry, atom
from scraper.errors import ArchiveError
from scraper.notify import Message, Untold, tell, ways_of
from scraper.text import collapse, counted, cut_at_blank
from scraper.worddiff import word_diff

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from scraper.alerts.definition import Alert
    from scraper.archive.ask.alert_news import Digest, News, NewsItem
    from scraper.archive.file.library import Archive
    from scraper.archive.file.lookup import StoredArticle
    from scraper.worddiff import Edit

log = logging.getLogger("kliping")

FEED_DIGESTS = 20
_EVENTS = {"new": "New", "changed": "Changed by the paper", "withdrawn": "Taken away by the paper"}
_SUMMARY = 240  # characters
_EDITS, _EDIT = 5, 80  # edits shown for a change, and characters of each


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReport:
    """The result of an alert: what was found now (None: it only begins), in which ways a digest was sent, and which
    failed.
    """

    alert: str
    found: int | None
    items: int = 0
    ways: tuple[str, ...] = ()
    untold: tuple[Untold, ...] = ()


def run_alerts(
    db: Archive, path: Path, *, at: datetime, names: Sequence[str] = (), now: bool = False
) -> list[AlertReport]:
    """Look for news of alerts (all, or these) in the archive at `path`, and send those that are due, or with `now` all.

    Raises AlertError or SearchError for a faulty definition, ArchiveError if a file fails.
    """
    alerts = alerts_of(path)
    with open_news(path) as news:
        return [_run(db, path, news, name, alerts[name], at=at, now=now) for name in names or alerts]


def _run(db: Archive, path: Path, news: News, name: str, alert: Alert, *, at: datetime, now: bool) -> AlertReport:
    found = news.look(db, name, alert.selection(path), at=at)
    if found is None:
        return AlertReport(alert=name, found=None)
    news.collect(name, ways_of(alert.notify), every=EVERY["crawl" if now else alert.every], at=at)
    digests = news.digests(name, last=FEED_DIGESTS)
    ways: list[str] = []
    untold: list[Untold] = []
    items = 0
    for digest in digests:
        done, failed = tell(alert.notify, message_of(db, digest, alert), ways=digest.owed) if digest.owed else ([], [])
        for way in done:
            news.note_told(digest.number, way, at=at)
        items += len(digest.items) if done or (not digest.owed and digest.made_at == at) else 0
        ways += done
        untold += failed
    if alert.atom is not None and digests:
        try:
            _write_feed(path.parent / alert.atom, feed_of(db, name, digests))
        except OSError as error:
            untold.append(Untold(way="atom", why=f"{alert.atom}: {error.strerror or error}"))
    return AlertReport(alert=name, found=found, items=items, ways=tuple(dict.fromkeys(ways)), untold=tuple(untold))


def message_of(db: Archive, digest: Digest, alert: Alert) -> Message:
    """A digest as a message; articles that are no longer in the archive, or are lost to damage, are counted."""
    found = {each: list(selection.articles(db, [each])) for each in {item.article_id for item in digest.items}}
    kept = [(item, stored) for item in digest.items for stored in found[item.article_id]]
    here = [(item, stored) for item, stored in kept if not isinstance(stored, Unreadable)]
    for item, stored in kept:
        if isinstance(stored, Unreadable):
            log.warning("alert %s: article %d cannot be read: %s", digest.alert, item.article_id, stored.detail)
    changes = {item: _change(db, item) for item, _ in here if item.event == "changed"}
    gone, damaged = len(digest.items) - len(kept), len(kept) - len(here)
    return Message(
        subject=f"{digest.alert}: {_totals(digest.items)}",
        text="\n".join(_lines(digest, alert, here, changes, gone=gone, damaged=damaged)),
        key="news",
        values=[_value(digest, item, stored, changes.get(item)) for item, stored in here],
        number=f"{digest.alert}-{digest.number}-{digest.made_at:%Y%m%dT%H%M%S}",
    )


def _totals(items: Iterable[NewsItem]) -> str:
    events = [item.event for item in items]
    parts = [
        (events.count("new"), "new article"),
        (events.count("changed"), "change"),
        (events.count("withdrawn"), "withdrawal"),
    ]
    return ", ".join(counted(number, noun) for number, noun in parts if number)


def _lines(
    digest: Digest,
    alert: Alert,
    found: Sequence[tuple[NewsItem, StoredArticle]],
    changes: Mapping[NewsItem, PublisherChange],
    *,
    gone: int,
    damaged: int,
) -> Iterable[str]:
    yield f"{_totals(digest.items)} for {alert.query} (alert {digest.alert}, {digest.made_at:%Y-%m-%d %H:%M} UTC)"
    for event, title in _EVENTS.items():
        chosen = [(item, stored) for item, stored in found if item.event == event]
        if chosen:
            yield from ("", title, "-" * len(title))
        for item, stored in chosen:
            yield from ("", *_entry(stored, changes[item] if event == "changed" else None))
    if gone:
        yield from ("", f"{counted(gone, 'article')} of this digest cannot be shown: no longer in the archive")
    if damaged:
        yield from (
            "",
            f"{counted(damaged, 'article')} of this digest cannot be read: `kliping verify` names the damage",
        )
    yield ""


def _entry(stored: StoredArticle, change: PublisherChange | None) -> Iterable[str]:
    record = stored.record
    yield record["headline"]
    yield f"  {stored.publisher or record['site'] or 'unknown paper'}, {stored.day or 'no date'}"
    if change is not None:
        yield f"  changed: {', '.join(change.kinds) or 'the text'}"
        if change.headline_before is not None:
            yield f"  before: {change.headline_before}"
        yield from (f"  {edit}" for edit in change.edits)
        yield f"  all of it: kliping diff {record['url']}"
    elif summary := _summary(stored):
        yield f"  {summary}"
    yield f"  {record['url']}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherChange:
    """What a publisher changed: `kinds` as in `revisions`; the headline before, None if it stayed; the first edits of
    the body.
    """

    kinds: tuple[str, ...] = ()
    headline_before: str | None = None
    edits: tuple[str, ...] = ()


def _change(db: Archive, item: NewsItem) -> PublisherChange:
    """What made this version from the one before; empty if the archive has lost either."""
    try:
        found = {each.number: each for each in versions.versions_of(db, item.article_id).versions}
    except (KeyError, ArchiveError):
        return PublisherChange()
    before, after = found.get(item.revision - 1), found.get(item.revision)
    if before is None or after is None:
        return PublisherChange()
    old, new = before.version, after.version
    shown = _edits(word_diff("\n\n".join(old.blocks), "\n\n".join(new.blocks)))
    return PublisherChange(
        kinds=after.kinds,
        headline_before=old.headline if old.headline != new.headline else None,
        edits=tuple(islice(shown, _EDITS)),
    )


def _edits(edits: Iterable[Edit]) -> Iterator[str]:
    """What was removed and what replaced it, as [-these-] and {+these+} words, each place on a line."""
    for is_same, place in groupby(edits, key=lambda edit: edit.op == "same"):
        if not is_same:
            texts = {edit.op: collapse(edit.text) for edit in place}
            cut = {op: text if len(text) <= _EDIT else f"{cut_at_blank(text, _EDIT)} …" for op, text in texts.items()}
            marked = (f"[-{cut['out']}-]" if cut.get("out") else "", f"{{+{cut['in']}+}}" if cut.get("in") else "")
            if line := " ".join(part for part in marked if part):
                yield line


def _summary(stored: StoredArticle) -> str:
    text = collapse(stored.record["lede"] or stored.text)
    return text if len(text) <= _SUMMARY else f"{cut_at_blank(text, _SUMMARY)} …"


def _value(digest: Digest, item: NewsItem, stored: StoredArticle, change: PublisherChange | None) -> dict[str, Any]:
    """One event, for programs."""
    record = stored.record
    return {
        "alert": digest.alert,
        "digest": digest.number,
        "event": item.event,
        "revision": item.revision,
        "found_at": item.found_at.isoformat(),
        "article_id": item.article_id,
        "url": record["url"],
        "site": record["site"],
        "headline": record["headline"],
        "published_at": record["published_at"],
        "summary": _summary(stored),
        "kinds": list(change.kinds) if change else [],
        "headline_before": change.headline_before if change else None,
    }


def feed_of(db: Archive, name: str, digests: Sequence[Digest]) -> str:
    """The last digests as an Atom feed, newest first."""
    entries = []
    for digest in reversed(digests):
        for item in digest.items:
            for stored in selection.articles(db, [item.article_id]):
                if isinstance(stored, Unreadable):
                    continue  # the digest itself has counted it
                title = stored.record["headline"]
                entries.append(
                    AtomEntry(
                        url=f"{stored.record['url']}#{item.event}-{item.revision}",
                        page=stored.record["url"],
                        title=title if item.event == "new" else f"{_EVENTS[item.event]}: {title}",
                        summary=_summary(stored),
                        updated=digest.made_at.isoformat(),
                        authors=tuple(author["name"] for author in stored.record["authors"]),
                    )
                )
    newest = digests[-1].made_at.isoformat()
    return atom(f"kliping: {name}", f"urn:kliping:alert:{name}", entries, updated=newest)


def _write_feed(file: Path, text: str) -> None:
    made = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        made.write_text(text, "utf-8")
        made.replace(file)
    finally:
        made.unlink(missing_ok=True)
