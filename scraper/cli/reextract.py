"""`kliping reextract`: read stored pages again with today's rules, preview the changes, apply them, undo them."""

from __future__ import annotations

import json
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from scraper import __version__
from scraper.archive.ask import counts
from scraper.archive.file.connection import open_archive
from scraper.archive.write import rereads
from scraper.archive.write.rereads import Chosen
from scraper.changes import field_changes
from scraper.cli.options import DAY, NUMBER, archive_option, json_option, place_options, site_option, sites_option
from scraper.cli.output import EXIT_PARTLY, counted_out, put, put_json, say, table
from scraper.discreet import kept_arguments
from scraper.sites.registry import by_slug
from scraper.text import shorten, terminal_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from scraper.archive.file.library import Archive
    from scraper.archive.write.rereads import Applied, Change, Reread
    from scraper.changes import FieldChange
    from scraper.cluster import Place
    from scraper.crawl.reread import RereadOptions, RereadTally

SAMPLE_CHARS = 100


@click.command("reextract")
@site_option
@click.option("--layout", help="Only articles that this layout read, e.g. tribun/2019.")
@click.option("--since", type=DAY, help="Only articles published on this day or later.")
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--undo", type=NUMBER, metavar="RUN", help="Restore what this run changed.")
@place_options
@json_option
@sites_option
@archive_option
def reextract_command(
    path: Path,
    *,
    site: str | None,
    layout: str | None,
    since: datetime | None,
    dry_run: bool,
    undo: int | None,
    place: Place,
    as_json_lines: bool,
) -> None:
    """Read every stored page again with today's rules, and update the articles that read differently.

    A change of rules is not a revision by the paper: `revisions` keeps the previous reading as
    replaced by the extractor, and --undo takes back a whole run. A killed run continues where
    it was. Articles that can no longer be read stay as they are and are listed (exit status 3).

    \b
    Example:
      kliping reextract --site tribun-pontianak --dry-run
      kliping reextract --layout generic/1 --since 2024-01-01
      kliping reextract --undo 12
      kliping reextract --cluster tls://scheduler:8786 --certificates certificates
    """
    if undo is not None:
        _undo(path, undo)
        return
    if site is not None and by_slug(site) is None:
        raise click.BadParameter(f"{site!r} is not a portal in `kliping sites`", param_hint="--site")
    from scraper.crawl.reread import RereadOptions, RereadTally  # noqa: PLC0415  (loads the crawler)

    chosen = Chosen(site=site, layout=layout, since=since.date() if since else None)
    options = RereadOptions(chosen=chosen, jobs=place.jobs, version=__version__, arguments=kept_arguments(sys.argv[1:]))
    tally = RereadTally()

    def show(change: Change) -> None:
        tally.add(change)
        if as_json_lines:
            put_json(change_json(change))

    if dry_run:
        run, left = _preview(path, options, place, show), 0
        told = f"{run.articles} articles and {run.captures} captures that yielded none were read; {summary(tally)}; nothing was changed"
    else:
        run_id, applied = _read_and_apply(path, options, place, show)
        left = applied.passed
        told = f"run {run_id}: {summary(tally)}; {left} passed over, since they had changed meanwhile"
        if applied.rejudged:
            told += f"; {applied.rejudged} versions judged again (who replaced them)"
    if not as_json_lines:
        report(tally)
    say(told)
    if tally.kinds["lost"] or left:
        sys.exit(EXIT_PARTLY)


def _preview(path: Path, options: RereadOptions, place: Place, show: Callable[[Change], None]) -> Reread:
    """Read without changing anything; returns how much was read."""
    from scraper.crawl.reread import preview  # noqa: PLC0415
    from scraper.crawl.rereadshards import read_in_ranges  # noqa: PLC0415

    with open_archive(path) as db, _progress(db) as on_progress:
        if place.cluster is None:
            return preview(db, options, on_change=show, on_progress=on_progress)
        return read_in_ranges(db, options, place, is_kept=False, on_change=show, on_progress=on_progress)


def _read_and_apply(
    path: Path, options: RereadOptions, place: Place, show: Callable[[Change], None]
) -> tuple[int, Applied]:
    """The run, and what was applied. A crawl may run while pages are read, but not while they are applied."""
    from scraper.crawl.reread import read_again  # noqa: PLC0415
    from scraper.crawl.rereadshards import read_in_ranges  # noqa: PLC0415

    with open_archive(path, mode="write", must_exist=True) as db, _progress(db) as on_progress:
        if place.cluster is None:
            run = read_again(db, options, on_progress=on_progress)
        else:
            run = read_in_ranges(db, options, place, is_kept=True, on_progress=on_progress)
    with open_archive(path, mode="crawl") as db:
        for _, change in rereads.reread_changes(db, run.run_id):
            show(change)
        return run.run_id, rereads.apply_reread(db, run.run_id, at=datetime.now(UTC))


def _undo(path: Path, run_id: int) -> None:
    with open_archive(path, mode="crawl", must_exist=True) as db:
        applied = rereads.undo_reread(db, run_id, at=datetime.now(UTC))
    say(f"run {run_id}: {applied.done} articles restored, {applied.passed} left as they are because they changed later")
    if applied.passed:
        sys.exit(EXIT_PARTLY)


@contextmanager
def _progress(db: Archive) -> Iterator[Callable[[int], None]]:
    """A progress bar while articles are read again, if a person is watching; the block calls the yielded function with
    the number read.
    """
    of = counts.stats(db).articles if sys.stderr.isatty() else None
    with counted_out() as count:
        yield lambda done: count("reading again", done, of)


def summary(tally: RereadTally) -> str:
    return ", ".join(f"{tally.kinds[kind]} {kind}" for kind in ("changed", "gained", "lost"))


def report(tally: RereadTally) -> None:
    """The changes by field, each with a few samples."""
    names = list(dict.fromkeys(name for name, _ in tally.fields))
    if names:
        rows = [[name, *(tally.fields[name, how] for how in ("gained", "lost", "changed"))] for name in names]
        table(rows, header=("field", "gained", "lost", "changed"))
    for name in names:
        put()
        for url, change in tally.samples[name]:
            put(terminal_safe(f"{name}  {url}"))
            put(terminal_safe(f"  - {_sample(change, change.before)}"))
            put(terminal_safe(f"  + {_sample(change, change.after)}"))
    for reason, count in tally.reasons.most_common():
        put(terminal_safe(f"lost  {count}  {reason}"))


def _sample(change: FieldChange, value: Any) -> str:
    """A value on one line; for a list, only what the other side does not have."""
    other = change.after if value is change.before else change.before
    if isinstance(value, list) and isinstance(other, list):
        value = [each for each in value if each not in other] or value
        value = " | ".join(str(each["text"] if isinstance(each, dict) and "text" in each else each) for each in value)
    elif isinstance(value, dict) and isinstance(other, dict):
        value = {key: each for key, each in value.items() if other.get(key) != each}
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shorten(text, SAMPLE_CHARS)


def change_json(change: Change) -> dict[str, Any]:
    fields = field_changes(change.before or {}, change.after or {}) if change.before and change.after else ()
    return {
        "kind": change.kind,
        "url": change.url,
        "article_id": change.article_id,
        "capture_id": change.capture_id,
        "detail": change.detail,
        "fields": {each.field: {"how": each.how, "before": each.before, "after": each.after} for each in fields},
    }
