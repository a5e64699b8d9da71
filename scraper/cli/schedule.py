"""`kliping schedule`: crawl indefinitely according to a plan file."""

from __future__ import annotations

import contextlib
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper import __version__
from scraper.archive.file import lock
from scraper.archive.file.connection import open_archive
from scraper.archive.write import progress
from scraper.cli.alert import alert_hook
from scraper.cli.health import health_hook
from scraper.cli.options import allow_net_option, allowed_nets, replay_option, replayed_origins, shard_options
from scraper.cli.output import log_line, put, put_json, say, table
from scraper.cli.own_sites import read_own_sites
from scraper.records import as_json
from scraper.text import counted

if TYPE_CHECKING:
    import logging
    from datetime import timedelta

    from scraper.archive.write.progress import LastRun, OpenRun
    from scraper.plan.host_shards import Shard
    from scraper.plan.timetable import Turn
    from scraper.schedule import AfterCrawl, Schedule, Watcher

# Called after every run of a schedule, with the archive open: (archive, turns, summary).
AFTER_CRAWL: list[AfterCrawl] = []


@click.command("schedule")
@click.argument("plan", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--check", is_flag=True, help="Read the plan and show each target with its hours; crawl nothing.")
@click.option(
    "--status", is_flag=True, help="Show what is running, what comes next, and how long each run took; crawl nothing."
)
@click.option("--json", "as_json_lines", is_flag=True, help="With --status: print JSON, one value a line.")
@click.option("--once", is_flag=True, help="Run what is due now, then exit (for cron).")
@click.option(
    "--print",
    "kind",
    type=click.Choice(["systemd", "cron", "launchd"]),
    help="Print a unit or crontab line for your system.",
)
@click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Format of the log."
)
@click.option(
    "--metrics",
    type=click.IntRange(1, 65_535),
    metavar="PORT",
    help="Serve Prometheus metrics on this port of 127.0.0.1.",
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
    status: bool,
    as_json_lines: bool,
    once: bool,
) -> None:
    """Crawl indefinitely by a plan file (TOML) that sets sites, intervals, limits and quiet hours.

    The plan is read again when it changes; a faulty edit is reported and the previous plan
    stays in force. The log goes to standard error. SIGTERM and Ctrl-C end it within ten seconds
    (exit status 143, 130); nothing is lost.

    \b
    Example:
      kliping schedule plan.toml --check
      kliping schedule plan.toml --status
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
    if as_json_lines and not status:
        raise click.UsageError("--json goes with --status; --log-format json is the log of a schedule that runs")
    if status:
        _tell_status(Schedule(options), datetime.now(UTC), as_json_lines=as_json_lines)
        return
    if kind is not None:
        Schedule(options)  # do not print a service that could not start
        _print(kind, options.path)
        return
    with contextlib.ExitStack() as stack:
        watchers = _watchers(stack, log_format=log_format, metrics=None if check else metrics, is_quiet=check)
        hooks = [*AFTER_CRAWL]
        schedule = Schedule(options, watchers=watchers, after_crawl=hooks)
        hooks.append(health_hook(lambda: schedule.timetable, watchers))  # editing the plan may change who is notified
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
    """The targets with their settings, for people."""
    rows = []
    for turn in schedule.turns:
        crawl = turn.crawl
        quiet = ", ".join(f"{each.since:%H:%M}-{each.until:%H:%M}" for each in crawl.quiet)
        days = f"{crawl.since or '…'} to {crawl.until or 'today'}" if crawl.since or crawl.until else "what is new"
        rows.append(
            (crawl.name, turn.target, duration_text(crawl.every), f"{crawl.delay:g} s", quiet or "-", turn.zone, days)
        )
    table(rows, header=("crawl", "target", "every", "delay", "quiet", "zone", "asks for"))
    say(f"{len(rows)} targets, archive {schedule.archive_path}, contact {schedule.timetable.contact}")


def _tell_status(schedule: Schedule, now: datetime, *, as_json_lines: bool) -> None:
    """What is running and what comes next, the next one first."""
    path = schedule.archive_path
    process = lock.crawler_of(path) if path.exists() else None
    going, last, runs = None, {}, {}
    if path.exists():
        with open_archive(path) as db:
            going, last, runs = progress.open_run(db), progress.turns(db), progress.last_runs(db)
    going = going if process is not None else None
    rows = [_turn_status(turn, going, last, runs, now) for turn in schedule.turns]
    rows.sort(key=lambda row: (row["next_at"], row["crawl"], row["target"]))
    if as_json_lines:
        put_json(
            {"type": "running", "process": process, **as_json(going)} if going else {"type": "running", "run_id": None}
        )
        for row in rows:
            put_json({"type": "turn", **{key: as_json(value) for key, value in row.items()}})
        return
    if going is not None and going.started_at is not None:
        took = span_in_words((now - going.started_at).total_seconds())
        done = f"{counted(going.attempts, 'attempt')}, {counted(going.new_articles, 'new article')}"
        say(f"run {going.run_id} (process {process}) has been running for {took}: {done}")
    else:
        say("nothing is running" if process is None else f"process {process} has the archive, between two runs")
    header = ("crawl", "target", "state", "last turn", "took", "next turn")
    table([_shown(row, now) for row in rows], header=header)


def _turn_status(
    turn: Turn,
    going: OpenRun | None,
    last: dict[tuple[str, str], datetime],
    runs: dict[tuple[str, str], LastRun],
    now: datetime,
) -> dict[str, Any]:
    from scraper.plan.timetable import next_turn  # noqa: PLC0415

    at, run = next_turn(turn, last, now), runs.get(turn.key)
    # A run states which crawls of the plan it is for; those of their targets that were due have their turn.
    runs_now = going is not None and at <= now and turn.crawl.name in going.arguments.partition(": ")[2].split(", ")
    ended = run is not None and run.started_at is not None and run.finished_at is not None
    return {
        "crawl": turn.crawl.name,
        "target": turn.target,
        "state": "running" if runs_now else "due" if at <= now else "waiting",
        "last_at": last.get(turn.key),
        "run_id": run.run_id if run else None,
        "seconds": (run.finished_at - run.started_at).total_seconds() if ended else None,  # type: ignore[union-attr,operator]
        "targets": run.targets if run else None,
        "exit_code": run.exit_code if run else None,
        "next_at": max(at, now),
    }


def _shown(row: dict[str, Any], now: datetime) -> tuple[str, ...]:
    took = "-"
    if row["seconds"] is not None:
        others = f" with {counted(row['targets'] - 1, 'other')}" if row["targets"] > 1 else ""
        took = f"{span_in_words(row['seconds'])}{others}, exit {row['exit_code']}"
    elif row["run_id"] is not None:
        took = "did not end"
    last = f"{row['last_at']:%Y-%m-%d %H:%M}" if row["last_at"] else "never"
    after = (row["next_at"] - now).total_seconds()
    coming = f"in {span_in_words(after)}" if after > 0 else "now"
    return row["crawl"], row["target"], row["state"], last, took, coming


def span_in_words(seconds: float) -> str:
    """A duration in its two largest units: 45 s, 12 min, 3 h 5 min, 2 d 4 h."""
    minutes, hours = round(seconds / 60), round(seconds / 3600)
    if seconds < 60:
        return f"{max(0, round(seconds))} s"
    if minutes < 60:
        return f"{minutes} min"
    if hours < 24:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{hours // 24} d {hours % 24} h"


def duration_text(every: timedelta) -> str:
    """A duration as the plan file writes it."""
    seconds = every.total_seconds()
    for unit, length in (("w", 604_800), ("d", 86_400), ("h", 3600), ("m", 60)):
        if seconds % length == 0:
            return f"{seconds / length:g}{unit}"
    return f"{seconds:g}s"
