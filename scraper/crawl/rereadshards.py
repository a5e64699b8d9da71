"""Rereading in ranges of the archive's numbers, on any free processor; only this process writes to the archive.

The work on a range reads the archive and leaves a file with the changes; the files are then applied to the archive in
the order of their numbers.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path  # noqa: TC003
from typing import TYPE_CHECKING, Any

from scraper.archive.file import connection
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import backup
from scraper.archive.write import rereads
from scraper.archive.write.rereads import Change, Reread
from scraper.cluster import work_on
from scraper.crawl.reread import RereadOptions, begun, read_range, rejudged, rules_digest
from scraper.errors import ClusterError
from scraper.records import as_json
from scraper.sites.registry import own_sites, use_sites

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from scraper.archive.file.library import Archive
    from scraper.cluster import Place
    from scraper.sites import Site

SIZE = 2_000  # numbers in a range: some ten seconds of reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """What one worker reads: the numbers of articles or captures after `after` up to `until`."""

    archive: Path
    target: Path  # the file for the changes
    kind: str  # "articles" or "captures"
    after: int
    until: int
    options: RereadOptions
    sites: tuple[Site, ...]


def read_in_ranges(
    db: Archive,
    options: RereadOptions,
    place: Place,
    *,
    is_kept: bool,
    on_change: Callable[[Change], None] = lambda _change: None,
    on_progress: Callable[[int], None] = lambda _done: None,
    size: int = SIZE,
) -> Reread:
    """Read again as `read_again` does (`is_kept`), or as `preview`. Raises ClusterError if a range cannot be done.

    Files of ranges left by an interrupted run are used if rules and selection are the same.
    """
    path = connection.path_of(db)
    run = begun(db, options) if is_kept else Reread(run_id=0, state="reading")
    with _work(path, options) as directory:
        copy = path
        if place.is_elsewhere:  # SQLite's log uses shared memory, which two machines do not share
            copy = directory / "copy.db"
            if not copy.exists():
                backup.back_up(db, copy, is_short_lived=True)
        ranges = list(_ranges(db, copy, directory, replace(options, jobs=1), size))
        done = run.articles + run.captures
        for ended in work_on(read_one, [each for each in ranges if not each.target.exists()], place):
            if ended.failure is not None or ended.result is None:
                raise ClusterError(
                    f"{ended.shard.target.name}: {ended.failure}; the same command goes on with the rest"
                )
            done += ended.result
            on_progress(done)
        for each in ranges:
            run = _take(db, run, each, is_kept=is_kept, on_change=on_change)
        run = replace(run, state="read")
        if is_kept:
            rereads.keep_reread(db, run, ())
            asyncio.run(rejudged(db, options, run))
    return run


def read_one(part: Range) -> int:
    """Read one range again and leave its file; returns how many things were read."""
    if part.sites != own_sites():
        use_sites(part.sites)
    unfinished = part.target.with_name(f".{part.target.name}.{uuid.uuid4().hex}")
    last = Reread(run_id=0, state="reading")
    try:
        with open_archive(part.archive) as db, unfinished.open("w", encoding="utf-8") as file:

            def keep(run: Reread, changes: Sequence[Change]) -> None:
                nonlocal last
                last = run
                file.writelines(json.dumps(as_json(change), ensure_ascii=False) + "\n" for change in changes)

            begin = _at(last, part.kind, part.after)
            asyncio.run(read_range(db, part.options, begin, keep, kind=part.kind, until=part.until))
            file.write(json.dumps({"articles": last.articles, "captures": last.captures}) + "\n")
        unfinished.replace(part.target)
    finally:
        unfinished.unlink(missing_ok=True)
    return last.articles + last.captures


@contextmanager
def _work(path: Path, options: RereadOptions) -> Iterator[Path]:
    """The directory ARCHIVE.reextract for the files of ranges; it is removed when everything is read, and stays after
    an interruption.
    """
    directory = path.with_name(f"{path.name}.reextract")
    noted = directory / "identity.json"
    identity = json.dumps({"rules": rules_digest(), "chosen": as_json(options.chosen)}, sort_keys=True)
    if directory.exists() and not (noted.is_file() and noted.read_text("utf-8") == identity):
        shutil.rmtree(directory)
    directory.mkdir(exist_ok=True)
    noted.write_text(identity, "utf-8")
    yield directory
    shutil.rmtree(directory)


def _ranges(db: Archive, copy: Path, directory: Path, options: RereadOptions, size: int) -> Iterator[Range]:
    """All ranges in the order of their numbers, articles first; a new capture changes the name of the last one."""
    for kind, last in zip(("articles", "captures"), rereads.last_numbers(db), strict=True):
        for after in range(0, last, size):
            until = min(after + size, last)
            target = directory / f"{kind}-{after + 1:012d}-{until:012d}.jsonl"
            yield Range(
                archive=copy, target=target, kind=kind, after=after, until=until, options=options, sites=own_sites()
            )


def _take(db: Archive, run: Reread, part: Range, *, is_kept: bool, on_change: Callable[[Change], None]) -> Reread:
    """Apply a range's file to the archive, once; returns the run in its new state."""
    is_article = part.kind == "articles"
    if part.until <= (run.last_article_id if is_article else run.last_capture_id):
        return run  # applied before a kill
    changes: list[Change] = []
    with part.target.open(encoding="utf-8") as file:
        for line in file:
            value: dict[str, Any] = json.loads(line)
            if "kind" in value:
                changes.append(Change(**value))
            else:
                counts = value
    run = replace(run, articles=run.articles + counts["articles"], captures=run.captures + counts["captures"])
    run = _at(run, part.kind, part.until)
    if is_kept:
        rereads.keep_reread(db, run, changes)
    else:
        for change in changes:
            on_change(change)
    return run


def _at(run: Reread, kind: str, number: int) -> Reread:
    return replace(run, last_article_id=number) if kind == "articles" else replace(run, last_capture_id=number)
