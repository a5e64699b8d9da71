"""`kliping health`: whether every source and layout still gives what it used to."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.file.connection import open_archive
from scraper.archive.write import alarms as archive_alarms
from scraper.archive.write.alarms import accept_alarm, alarms_told, health_history, last_checks, untold_alarms
from scraper.cli.options import NUMBER, archive_option, json_option, sites_option
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, table
from scraper.records import as_json
from scraper.sites.registry import by_slug
from scraper.text import counted, terminal_safe
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from scraper.archive.file.library import Archive
    from scraper.archive.write.alarms import Alarm, HealthCheck
    from scraper.crawl import Summary
    from scraper.plan.timetable import Notify, Timetable, Turn
    from scraper.schedule import AfterCrawl, Watcher

log = logging.getLogger("kliping")
# The meaning of the columns, which cover the last seven days.
HEADINGS = {
    "found": "new articles that lists named",
    "usual": "how many its own rhythm of the week leads to expect",
    "asked": "articles that were asked for",
    "fetched": "of those, answered with a page",
    "read": "of those, read as articles",
    "articles": "articles that were first seen in these days",
    "complete": "of those, with headline, date, text and all pages",
    "level": "learning: its past is too short to judge by; well; warn; alarm",
}
_EPILOG = "\b\nThe columns, of the last seven days:\n" + "\n".join(
    f"  {name:8}  {text}" for name, text in HEADINGS.items()
)
_ORDER = {"alarm": 0, "warn": 1, "learning": 2, "well": 3}


@click.command("health", epilog=_EPILOG)
@click.argument("names", nargs=-1, metavar="[SITE]…")
@click.option(
    "--fail-on", type=click.Choice(["warn", "alarm"]), help="Exit with status 3 if there is one at this level or above."
)
@click.option("--accept", type=NUMBER, metavar="ALARM", help="Close this alarm and accept the new state as normal.")
@click.option("--history", is_flag=True, help="Also show closed alarms, and earlier checks of each SITE.")
@json_option
@sites_option
@archive_option
def health_command(
    names: tuple[str, ...],
    path: Path,
    *,
    fail_on: str | None,
    accept: int | None,
    history: bool,
    as_json_lines: bool,
) -> None:
    """Compare each site, network and layout with its own recent weeks: discovered, fetched, read, complete, and every field.

    Each alarm names a page; `kliping fixture add --from-alarm ID` keeps it as a regression
    test. The archive stores each check; a schedule makes one after each run.

    \b
    Example:
      kliping health
      kliping health tribun-pontianak --json --fail-on alarm
      kliping health --accept 12
    """
    from scraper.health.run import look_and_keep, slugs_of  # noqa: PLC0415  (loads what most commands need not)

    now = datetime.now(UTC).replace(microsecond=0)
    if unknown := [name for name in names if "." not in name and by_slug(name) is None]:
        raise click.BadParameter(f"{unknown[0]!r} is neither a site of `kliping sites` nor a host", param_hint="SITE")
    wanted = slugs_of(names)
    with open_archive(path, mode="write", must_exist=True) as db:
        if accept is not None:
            if not accept_alarm(db, accept, at=now):
                raise click.ClickException(f"{accept}: no open alarm")
            say(f"alarm {accept} is closed; the new state counts as normal")
            return
        checked, _ = look_and_keep(db, now, wanted)
        scopes = {(each.scope, each.name) for each in checked.checks}
        is_shown = {True: None, False: True}[history]
        found = [
            each
            for each in archive_alarms.alarms(db, is_open=is_shown)
            if not wanted or (each.scope, each.name) in scopes
        ]
        before = _history(db, wanted) if history else []
    if as_json_lines:
        _put_all(checked.checks, found, before)
    else:
        _show(checked.checks, found, before)
    levels = {each.level for each in found if each.closed_at is None}
    if fail_on is not None and ("alarm" in levels or (fail_on == "warn" and levels)):
        sys.exit(EXIT_PARTLY)


def _history(db: Archive, sites: Iterable[str]) -> list[HealthCheck]:
    return [each for site in sites for each in health_history(db, "site", site)]


def _put_all(checks: Iterable[HealthCheck], alarms: Iterable[Alarm], before: Iterable[HealthCheck]) -> None:
    from scraper.health.telling import as_value  # noqa: PLC0415

    for check in checks:
        put_json({"type": "check", **as_json(check)})
    for alarm in alarms:
        put_json({"type": "alarm", **as_value(alarm)})
    for check in before:
        put_json({"type": "history", **as_json(check)})


def _show(checks: Sequence[HealthCheck], alarms: Sequence[Alarm], before: Sequence[HealthCheck]) -> None:
    if not checks:
        say("nothing to check: this archive has no crawl from the last weeks")
        return
    header = ("", "site", *HEADINGS)
    ordered = sorted(
        checks, key=lambda each: (each.scope != "site", each.scope != "network", _ORDER[each.level], each.name)
    )
    table([_row(each) for each in ordered], header=header)
    for alarm in alarms:
        put()
        put(terminal_safe(_headline(alarm)))
        put(terminal_safe(f"  {alarm.detail}"))
        for label, value in (("layout", alarm.layout), ("page", alarm.url), ("capture", alarm.capture_id)):
            if value is not None:
                put(terminal_safe(f"  {label} {value}"))
        if alarm.capture_id is not None:
            put(f"  kliping fixture add --from-alarm {alarm.alarm_id}")
    if before:
        put()
        table([(f"{each.at:%Y-%m-%d %H:%M}", *_row(each)) for each in before], header=("at", *header))
    if sys.stdout.isatty():
        for name, meaning in HEADINGS.items():
            say(f"{name:8}  {meaning}")
    counts = {
        level: sum(each.level == level and each.closed_at is None for each in alarms) for level in ("alarm", "warn")
    }
    told = f"{counted(counts['alarm'], 'alarm')}, {counted(counts['warn'], 'warning')}"
    say(f"{len(checks)} checked over the last 7 days: {told} (`kliping health --help` explains the columns)")


def _headline(alarm: Alarm) -> str:
    ended = f", over {alarm.closed_at:%Y-%m-%d} ({alarm.closed_by})" if alarm.closed_at else ""
    what = f"{alarm.kind} {alarm.field}".strip()
    return f"{alarm.level} {alarm.alarm_id}  {alarm.name}  {what}  since {alarm.opened_at:%Y-%m-%d %H:%M}{ended}"


def _row(each: HealthCheck) -> tuple[Any, ...]:
    return (
        each.scope, each.name, each.discovered, each.expected, each.attempted, each.fetched, each.read, each.articles, each.complete,
        each.level,
    )  # fmt: skip


def health_hook(timetable: Callable[[], Timetable], watchers: Sequence[Watcher]) -> AfterCrawl:
    """The hook that a schedule calls after each run: it checks sites not checked within the hour, and sends new alarms.

    A check that fails is reported and stops nothing: the crawl goes on.
    """

    def after_crawl(db: Archive, turns: Sequence[Turn], _summary: Summary) -> None:
        now = datetime.now(UTC).replace(microsecond=0)
        try:
            found = [("alarm", fields) for fields in check_after_crawl(db, turns, now)]
            notify = timetable().notify
            found += [("trouble", fields) for fields in _tell(db, notify, now)] if notify else []
        except Exception as error:
            log.exception("the health check failed")
            found = [("trouble", {"why": f"the health check failed: {type(error).__name__}: {error}"[:300]})]
        for name, fields in found:
            for watch in watchers:
                watch(Happening(at=now, name=name, fields=fields))

    from scraper.schedule import Happening  # noqa: PLC0415

    return after_crawl


def check_after_crawl(db: Archive, turns: Sequence[Turn], now: datetime) -> list[dict[str, Any]]:
    """Check the sites of a run that were not checked within the hour; returns the new alarms as values."""
    from scraper.health.run import REST, look_and_keep, slugs_of  # noqa: PLC0415
    from scraper.health.telling import as_value  # noqa: PLC0415

    last = last_checks(db)
    names = slugs_of(host_of(turn.target) if "://" in turn.target else turn.target for turn in turns)
    due = [name for name in names if ("site", name) not in last or now - last["site", name] >= REST]
    return [as_value(alarm) for alarm in look_and_keep(db, now, due)[1]] if due else []


def _tell(db: Archive, notify: Notify, now: datetime) -> list[dict[str, Any]]:
    """Send the alarms that nobody has been notified of; returns the ways that failed, which are retried after the next
    run.
    """
    from scraper.health.telling import tell_alarms  # noqa: PLC0415

    untold = [each for each in untold_alarms(db) if notify.level == "warn" or each.level == "alarm"]
    failed = tell_alarms(notify, untold) if untold else []
    if untold and not failed:
        alarms_told(db, [each.alarm_id for each in untold], at=now)
    return [{"why": f"not delivered by {each.way}: {each.why}"} for each in failed]
