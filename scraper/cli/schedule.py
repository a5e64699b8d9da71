"""`kliping schedule`: crawl for ever by a plan file."""

from __future__ import annotations

import contextlib
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scraper import __version__
from scraper.cli.alert import alert_hook
from scraper.cli.health import health_hook
from scraper.cli.options import allow_net_option, allowed_nets, replay_option, replayed_origins, shard_options
from scraper.cli.output import log_line, put, say, table
from scraper.cli.own_sites import read_own_sites

if TYPE_CHECKING:
    import logging
    from datetime import timedelta

    from scraper.plan.shards import Shard
    from scraper.schedule import AfterCrawl, Schedule, Watcher

# Called after every run of a schedule, with the archive open: (archive, turns, summary).
AFTER_CRAWL: list[AfterCrawl] = []


@click.command("schedule")
@click.argument("plan", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", is_flag=True, help="Read the plan, show each target with its hours, crawl nothing.")
@click.option("--once", is_flag=True, help="Give what is due now its turn, then end (for cron).")
@click.option(
    "--print",
    "kind",
    type=click.Choice(["systemd", "cron", "launchd"]),
    help="Print what your system's own schedule needs.",
)
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Of the log."
)
@click.option(
    "--metrics", type=click.IntRange(1, 65_535), metavar="PORT", help="Serve Prometheus text on this port of 127.0.0.1."
)
@allow_net_option
@replay_option
@shard_options
def schedule_command(
    plan: Path,
    kind: str | None,
    log_format: str,
    metrics: int | None,
    allow_net: tuple[str, ...],
    replay: tuple[str, ...],
    *,
    shard: Shard | None,
    check: bool,
    once: bool,
) -> None:
    """Crawl for ever by a plan file (TOML): which sites, how often, within which bounds, when not.

    The plan is read again when it changes; an edit that is wrong is reported
    and the plan before it goes on. The log goes to standard error. SIGTERM and
    Ctrl-C end it within ten seconds (exit status 143, 130); nothing is lost.

    \b
    Example:
      kliping schedule plan.toml --check
      kliping schedule plan.toml --log-format json --metrics 9108
      kliping schedule plan.toml --shard 2/4
      kliping schedule plan.toml --print systemd > ~/.config/systemd/user/kliping.service
    """
    from scraper.schedule import Schedule, ScheduleOptions  # noqa: PLC0415  (loads the crawler)

    options = ScheduleOptions(
        path=plan.absolute(),
        version=__version__,
        net={"allow_net": allowed_nets(allow_net), "replay": replayed_origins(replay)},
        use_sites=read_own_sites,
        shard=shard,
    )
    if kind is not None:
        Schedule(options)  # a service that cannot start is not printed
        _print(kind, options.path)
        return
    with contextlib.ExitStack() as stack:
        watchers = _watchers(stack, log_format=log_format, metrics=None if check else metrics, is_quiet=check)
        hooks = [*AFTER_CRAWL]
        schedule = Schedule(options, watchers=watchers, after_crawl=hooks)
        hooks.append(health_hook(lambda: schedule.timetable, watchers))  # an edit of the plan may change who is told
        hooks.append(alert_hook(lambda: schedule.archive_path, watchers))
        if check:
            _show(schedule)
            return
        if schedule.timetable.heartbeat is not None:
            watchers.append(_heartbeat(schedule.beside(schedule.timetable.heartbeat)))
        sys.exit(schedule.run(once=once))


def _heartbeat(path: Path) -> Watcher:
    from scraper.schedule import heartbeat  # noqa: PLC0415

    return heartbeat(path)


def _watchers(stack: contextlib.ExitStack, *, log_format: str, metrics: int | None, is_quiet: bool) -> list[Watcher]:
    from scraper.schedule import Metrics, json_lines, text_lines  # noqa: PLC0415

    if is_quiet:
        return []
    watchers: list[Watcher] = [json_lines(log_line) if log_format == "json" else text_lines(log_line)]
    stack.enter_context(_log_to(watchers))
    if metrics is not None:
        watchers.append(stack.enter_context(Metrics(metrics)))
        say(f"kliping: metrics at http://127.0.0.1:{metrics}/metrics")
    return watchers


def _log_to(watchers: list[Watcher]) -> contextlib.AbstractContextManager[logging.Handler]:
    from scraper.schedule import log_handler  # noqa: PLC0415

    return contextlib.closing(log_handler(watchers))


def _print(kind: str, plan: Path) -> None:
    from scraper.schedule import SERVICES, service  # noqa: PLC0415

    found = shutil.which("kliping", path=str(Path(sys.executable).parent)) or shutil.which("kliping")
    command = [found] if found else [sys.executable, "-m", "scraper"]
    put(service(next(each for each in SERVICES if each == kind), command, plan).rstrip())


def _show(schedule: Schedule) -> None:
    """The targets with what holds for each, for a person."""
    rows = []
    for turn in schedule.turns:
        crawl = turn.crawl
        quiet = ", ".join(f"{each.since:%H:%M}-{each.until:%H:%M}" for each in crawl.quiet)
        days = f"{crawl.since or '…'} to {crawl.until or 'today'}" if crawl.since or crawl.until else "what is new"
        rows.append((crawl.name, turn.target, span(crawl.every), f"{crawl.delay:g} s", quiet or "-", turn.zone, days))
    table(rows, header=("crawl", "target", "every", "delay", "quiet", "zone", "asks for"))
    say(f"{len(rows)} targets, archive {schedule.archive_path}, contact {schedule.timetable.contact}")


def span(every: timedelta) -> str:
    """A length of time as the plan file writes it."""
    seconds = every.total_seconds()
    for unit, length in (("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % length == 0:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"
