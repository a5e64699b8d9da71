"""Reading stored captures again with today's rules: in parallel, in order, resumable, and applied in one step."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import scraper
from scraper.archive.write import rejudging, rereads
from scraper.archive.write.rereads import Chosen, Reread
from scraper.changes import field_changes
from scraper.clock import SYSTEM, Clock
from scraper.crawl.readers import Readers
from scraper.crawl.rejudge import rejudge
from scraper.errors import ExtractError
from scraper.sites.registry import own_sites
from scraper.typed import plain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from scraper.archive.file.library import Archive
    from scraper.archive.write.rereads import Change, Unread
    from scraper.changes import FieldChange
    from scraper.records import Article

SAMPLES = 3  # for each field
_BATCH = 16  # articles for each process between two commits
# A reading depends on these packages and everything they import; an unfinished run continues only under the same rules.
_READERS = ("extract", "worker")
_RULE_FILES = frozenset({".py", ".pyx", ".toml", ".tsv"})
_IMPORT = re.compile(r"^[ \t]*+(?:from|import) scraper\.(\w+)|^[ \t]*+from scraper import ([\w, ]+)", re.MULTILINE)


@dataclass(slots=True)
class RereadTally:
    """The changes of a reread, counted: fields by how, kinds of change, a few samples of each field."""

    fields: Counter[tuple[str, str]] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    samples: dict[str, list[tuple[str, FieldChange]]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Count one change."""
        self.kinds[change.kind] += 1
        if change.kind == "lost":
            self.reasons[change.detail or ""] += 1
        if change.before is None or change.after is None:
            return
        for each in field_changes(change.before, change.after):
            self.fields[each.field, each.how] += 1
            samples = self.samples.setdefault(each.field, [])
            if len(samples) < SAMPLES:
                samples.append((change.url, each))


@dataclass(frozen=True, slots=True, kw_only=True)
class RereadOptions:
    """How to read again: what is selected, in how many processes, under which version and command line."""

    chosen: Chosen
    jobs: int
    version: str
    arguments: str = ""


def rule_files() -> list[Path]:
    """The files on which a reading depends: those of the packages that read, and of the packages they import."""
    home = Path(scraper.__file__).parent
    found: dict[str, list[Path]] = {}
    waiting = list(_READERS)
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        room = home / name
        inside = room.rglob("*.*") if room.is_dir() else room.parent.glob(f"{name}.*")
        found[name] = sorted(path for path in inside if path.suffix in _RULE_FILES)
        for path in found[name]:
            if path.suffix == ".py":
                for one, several in _IMPORT.findall(path.read_text("utf-8")):
                    waiting += [one] if one else several.replace(" ", "").split(",")
    return [path for name in sorted(found) for path in found[name]]


def rules_digest() -> str:
    """A digest of the rules that read: the code and the data of the reader, and the user's own site definitions."""
    found = hashlib.sha256()
    for path in rule_files():
        found.update(path.read_bytes())
    found.update(json.dumps(plain(own_sites())).encode())
    return found.hexdigest()


def preview(
    db: Archive, options: RereadOptions, *, on_change: Callable[[Change], None], on_progress: Callable[[int], None]
) -> Reread:
    """Read again without storing anything; returns how much was read. The archive may be open for reading only."""

    def keep(run: Reread, changes: Sequence[Change]) -> None:
        for change in changes:
            on_change(change)
        on_progress(run.articles + run.captures)

    return asyncio.run(_read(db, options, Reread(run_id=0, state="reading"), keep))


def reread_sample(db: Archive, numbers: Sequence[int], *, jobs: int) -> list[Change]:
    """What rereading some articles, by number, would change; nothing is stored."""

    async def read() -> list[Change]:
        found: list[Change] = []
        async with Readers(jobs) as readers:
            for start in range(0, len(numbers), _BATCH * jobs):
                batch = [
                    unread
                    for number in numbers[start : start + _BATCH * jobs]
                    for unread in rereads.unread_articles(db, Chosen(), after=number - 1, until=number, limit=1)
                ]
                found += [change async for change in _changes(db, readers, batch)]
        return found

    return asyncio.run(read())


def begun(db: Archive, options: RereadOptions, *, clock: Clock = SYSTEM) -> Reread:
    """The unfinished run of the same selection and rules, or else a new one."""
    return rereads.open_reread(
        db,
        options.chosen,
        extractor=rules_digest(),
        version=options.version,
        arguments=options.arguments,
        at=clock.now(),
    )


def read_again(
    db: Archive, options: RereadOptions, *, on_progress: Callable[[int], None], clock: Clock = SYSTEM
) -> Reread:
    """Read again and store the differences, from where an unfinished run of the same selection and rules stopped."""
    run = begun(db, options, clock=clock)

    def keep(run: Reread, changes: Sequence[Change]) -> None:
        rereads.keep_reread(db, run, changes)
        on_progress(run.articles + run.captures)

    async def read() -> Reread:
        done = await _read(db, options, run, keep)
        await rejudged(db, options, done)
        return done

    return asyncio.run(read())


async def rejudged(db: Archive, options: RereadOptions, run: Reread) -> None:
    """Judge again who changed what, for the run to apply."""
    async with Readers(options.jobs) as readers:
        await rejudge(db, readers, options.chosen, lambda found: rejudging.keep_rejudged(db, run.run_id, found))


async def _read(
    db: Archive, options: RereadOptions, run: Reread, keep: Callable[[Reread, Sequence[Change]], None]
) -> Reread:
    """Read everything that is left: articles first, then captures that yielded none."""
    for kind in ("articles", "captures"):
        run = await read_range(db, options, run, keep, kind=kind)
    run = replace(run, state="read")
    keep(run, ())
    return run


async def read_range(
    db: Archive,
    options: RereadOptions,
    run: Reread,
    keep: Callable[[Reread, Sequence[Change]], None],
    *,
    kind: str,
    until: int | None = None,
) -> Reread:
    """Read, batch by batch, the articles ("articles") or the captures that yielded none, from where the run is up to a
    number.
    """
    size = _BATCH * options.jobs
    async with Readers(options.jobs) as readers:
        if kind == "articles":
            while batch := rereads.unread_articles(
                db, options.chosen, after=run.last_article_id, limit=size, until=until
            ):
                run = replace(run, last_article_id=batch[-1].key, articles=run.articles + len(batch))
                keep(run, [change async for change in _changes(db, readers, batch)])
        else:
            while batch := rereads.unread_captures(
                db, options.chosen, after=run.last_capture_id, limit=size, until=until
            ):
                run = replace(run, last_capture_id=batch[-1].key, captures=run.captures + len(batch))
                keep(run, [change async for change in _changes(db, readers, batch)])
    return run


async def _changes(db: Archive, readers: Readers, batch: Sequence[Unread]) -> AsyncIterator[Change]:
    """The changes from rereading a batch, in its order."""
    for unread, reading in zip(batch, await asyncio.gather(*(_reading(readers, each) for each in batch)), strict=True):
        if (change := rereads.change_of(db, unread, reading)) is not None:
            yield change


async def _reading(readers: Readers, unread: Unread) -> Article | str:
    """The article as it is read today, or why it cannot be."""
    if unread.lost is not None:
        return unread.lost
    try:
        return await readers.joined(unread.pages)
    except ExtractError as error:
        return f"{error.reason.value}: {error.detail}" if error.detail else error.reason.value
