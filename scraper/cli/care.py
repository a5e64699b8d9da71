"""Print rows as JSON lines, as CSV (all their fields), or as a table of the cells that `shown` makes of each."""

from __future__ import annotations

import re
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper.archive.file.connection import open_archive
from scraper.archive.keep import champion_lists, merge, packing, prune
from scraper.archive.keep.packing import Packed
from scraper.archive.keep.prune import Pruned, PrunePolicy
from scraper.cli.options import archive_option, json_option
from scraper.cli.output import EXIT_PARTLY, counting, put_json, say
from scraper.records import as_json

if TYPE_CHECKING:
    from scraper.records import LinkKind

_AGE = re.compile(r"(\d{1,6})\s*+([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
KINDS: tuple[LinkKind, ...] = ("article", "index", "feed", "sitemap")
MIB = 1 << 20


@click.command("merge")
@click.argument(
    "sources",
    metavar="ARCHIVE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
)
@click.option(
    "--to",
    "target",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The archive to merge into; created if it does not exist.",
)
@json_option
def merge_command(sources: tuple[Path, ...], target: Path, *, as_json_lines: bool) -> None:
    """Merge archives: what both have is kept once, and the histories of an article are joined.

    The sources are only read. Each is merged completely or not at all, and merging one again
    changes nothing, so after a kill the same command continues.

    \b
    Example:
      kliping merge north.db south.db --to kalimantan.db
      kliping merge laptop.db --to kliping.db
    """
    if any(source.resolve() == target.resolve() for source in sources):
        raise click.UsageError("--to is also one of the sources: name only the others")
    is_damaged = False
    for source in sources:
        with open_archive(target, mode="crawl") as db, counting(f"merging {source.name}") as report:
            done = merge.merge(db, source, on_capture=report)
        is_damaged = is_damaged or bool(done.unreadable)
        if as_json_lines:
            put_json({"source": str(source), "counts": dict(done.counts), "unreadable": as_json(done.unreadable)})
        new = ", ".join(f"{count} {name}" for name, count in done.counts.items() if count)
        say(f"{source}: {new or 'nothing new'}")
        for each in done.unreadable:
            say(f"left out, damaged: {each.kind} {each.key}: {each.detail}")
    if is_damaged:
        sys.exit(EXIT_PARTLY)


@click.command("pack")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    help="Stop after this many minutes; the next call continues (default: until everything is done).",
)
@json_option
@archive_option
def pack_command(minutes: float | None, path: Path, *, as_json_lines: bool) -> None:
    """Recompress the pages of past days, each against its most similar neighbour.

    A crawl compresses pages as they arrive. This command takes about a sixth of a second of CPU
    per page and makes pages a third to a half smaller. It checks every page against its digest
    before it deletes the old form; a kill undoes at most the last 16 pages. The file does not
    shrink; new pages fill the free space.

    In an archive of more than 10,000 articles it then lists the best articles of each frequent
    word, so that searching for one takes milliseconds.

    \b
    Example:
      kliping pack
      nice kliping pack --minutes 60
    """
    now = datetime.now(UTC)
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    end = None if minutes is None else time.monotonic() + minutes * 60
    with (
        open_archive(path, mode="crawl", min_free_bytes=0, must_exist=True) as db,
        counting("packing") as report,
    ):
        waiting, done = packing.unpacked_count(db, today), Packed()
        for found in packing.pack_bodies(db, before=today, at=now):
            done.add(found)
            report(Counter({f"of {waiting} bodies": done.bodies, "packed anew": done.anew}))
            if end is not None and time.monotonic() > end:
                break
        for listed in champion_lists.update(db) if champion_lists.is_round_due(db) else ():
            report(Counter({f"of {listed.of} frequent words": listed.done}))
            if end is not None and time.monotonic() > end:
                break
    _tell_packed(done, waiting - done.bodies - len(done.damaged), as_json_lines=as_json_lines)


def _tell_packed(done: Packed, waiting: int, *, as_json_lines: bool) -> None:
    if as_json_lines:
        put_json(as_json(done) | {"waiting": waiting})
    if not done.bodies and not done.damaged:
        say("nothing to pack: all days before today are packed already")
        return
    say(
        f"{done.anew} of {done.bodies} bodies packed anew: {done.bytes_before / MIB:.1f} MiB are {done.bytes_after / MIB:.1f} MiB now"
        + (f"; {waiting} wait for the next time" if waiting else "")
    )
    for number, detail in done.damaged.items():
        say(f"left as it is, damaged: body {number}: {detail}")
    if done.damaged:
        sys.exit(EXIT_PARTLY)


def _moment(text: str) -> datetime:
    """A day, or an age like 90d, 12w, 6m, 5y. Raises BadParameter."""
    now = datetime.now(UTC)
    if found := _AGE.fullmatch(text.strip().lower()):
        try:
            return now - timedelta(days=int(found[1]) * _DAYS[found[2]])
        except OverflowError as error:
            raise click.BadParameter(f"{text!r} is too long ago", param_hint="--bodies-older-than") from error
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise click.BadParameter(
            f"{text!r} is neither a day (2024-01-31) nor an age (90d, 12w, 6m, 5y)", param_hint="--bodies-older-than"
        ) from error


@click.command("prune")
@click.option(
    "--bodies-older-than",
    "age",
    required=True,
    metavar="AGE|DAY",
    help="Fetched before this: 90d, 12w, 6m, 5y ago, or a day.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    required=True,
    type=click.Choice(KINDS),
    help="Only captures of this kind of link; may be repeated.",
)
@click.option("--host", "hosts", multiple=True, help="Only from this host; may be repeated.")
@click.option("--yes", "is_meant", is_flag=True, help="Remove them; without this option, only list them.")
@json_option
@archive_option
def prune_command(
    age: str, kinds: tuple[LinkKind, ...], hosts: tuple[str, ...], path: Path, *, is_meant: bool, as_json_lines: bool
) -> None:
    """Remove captures by a rule; without --yes, only list them.

    Captures that an article or one of its versions was read from stay, and so do pages that
    others are compressed against. The table `pruned` keeps the URL, time and SHA-256 of each
    removed capture. Nothing else ever removes a capture.

    \b
    Example:
      kliping prune --bodies-older-than 2y --kind feed --kind sitemap --kind index
      kliping prune --bodies-older-than 2024-01-01 --kind index --yes
    """
    policy = PrunePolicy(before=_moment(age), kinds=kinds, hosts=hosts)
    if is_meant:
        with open_archive(path, mode="crawl", min_free_bytes=0, must_exist=True) as db:
            found = prune.prune(db, policy, at=datetime.now(UTC))
    else:
        with open_archive(path) as db:
            found = prune.plan_prune(db, policy)
    _tell(found, policy, is_meant=is_meant, as_json_lines=as_json_lines)


def _tell(found: Pruned, policy: PrunePolicy, *, is_meant: bool, as_json_lines: bool) -> None:
    if as_json_lines:
        put_json({"policy": policy.text(), "done": is_meant, **as_json(found)})
    verb = "gone" if is_meant else "would go"
    say(f"{policy.text()}: {found.going.total()} {verb}, {found.needed} stay because others need them")
    for kind, count in found.going.most_common():
        say(f"{count:7d}  {kind}")
    say(
        f"{found.bodies} bodies, {found.stored_bytes / MIB:.1f} MiB in the file {'are free now' if is_meant else 'would be free'}"
    )
    if not is_meant and found.going:
        say("nothing was changed; use --yes to remove them")
