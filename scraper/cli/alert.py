"""`kliping alert`: searches whose news is sent to somebody."""

from __future__ import annotations

import logging
import shlex
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from scraper.alerts.definition import EVERY, Alert, add_alert, alerts_file, alerts_of, remove_alert
from scraper.alerts.telling import message_of, run_alerts
from scraper.archive.ask import search
from scraper.archive.ask.alert_news import Digest, open_news
from scraper.archive.ask.selection import count_articles
from scraper.archive.file.connection import open_archive
from scraper.cli.options import archive_option
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, table
from scraper.errors import AlertError
from scraper.records import as_json
from scraper.text import counted, terminal_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from scraper.alerts.telling import AlertReport
    from scraper.archive.file.library import Archive
    from scraper.crawl import Summary
    from scraper.plan.timetable import Turn
    from scraper.schedule import Watcher
    from scraper.schedule.run import AfterCrawl

log = logging.getLogger("kliping")


@click.group("alert")
def alert_command() -> None:
    """Get notified when articles that match a search appear, change or are withdrawn.

    Alerts are stored in a file beside the archive (kliping.db: kliping.alerts.toml). `kliping
    schedule` runs them after each crawl; without a schedule, use `kliping alert run`, for
    example from cron.

    \b
    Example:
      kliping alert add 'banjir Sintang' --every day --mail desk@example.org
      kliping alert list
    """


@alert_command.command("add")
@click.argument("query")
@click.option("--name", help="Name of the alert (default: the first word of QUERY).")
@click.option(
    "--every",
    type=click.Choice(list(EVERY)),
    default="day",
    show_default=True,
    help="How often to send a digest, at most.",
)
@click.option(
    "--mail", "email", multiple=True, metavar="ADDRESS", help="Mail the digest to this address; may be repeated."
)
@click.option("--smtp", metavar="HOST:PORT", default="localhost:25", show_default=True, help="The mail server to use.")
@click.option("--from", "email_from", metavar="ADDRESS", help="The sender's address.")
@click.option("--webhook", metavar="URL", help="POST the digest to this URL as JSON.")
@click.option(
    "--command", metavar="COMMAND", help="Run this command, with one JSON value per line on its standard input."
)
@click.option("--atom", metavar="FILE", help="Write a feed of the last digests to this file beside the archive.")
@archive_option
def add_alert_command(
    query: str,
    name: str | None,
    every: str,
    email: tuple[str, ...],
    smtp: str,
    email_from: str | None,
    webhook: str | None,
    command: str | None,
    atom: str | None,
    path: Path,
) -> None:
    """Add an alert for QUERY (as in `kliping search`, or @NAME for a saved search).

    It reports what happens from now on. Only its owner can read the file of alerts.

    \b
    Example:
      kliping alert add 'banjir AND Sintang' --every day --mail desk@example.org
      kliping alert add @kabut-asap --every crawl --atom kabut-asap.xml
    """
    alert = Alert(
        query=query,
        every=every,
        email=email,
        email_from=email_from,
        smtp=smtp,
        webhook=webhook,
        command=tuple(shlex.split(command)) if command else (),
        atom=atom,
    )
    name = name or "".join(query.split()[:1]).strip("@\"'*()").lower()
    with open_archive(path) as db:
        asked = search.understand(db, query)
        selection = alert.selection(path)
        if selection.query == query and asked.match is None:
            raise click.BadParameter("there is no word to search for", param_hint="QUERY")
        for hint in asked.hints if selection.query == query else ():
            say(hint)
        file = add_alert(path, name, alert)
        run_alerts(db, path, at=_now(), names=[name])
        there = count_articles(db, selection)
    say(f"alert {name} begins in {file}; {counted(there, 'article')} already in the archive would have matched")


@alert_command.command("list")
@click.option("--json", "as_json_lines", is_flag=True, help="Print JSON, one value per line.")
@archive_option
def list_alerts_command(path: Path, *, as_json_lines: bool) -> None:
    """List the alerts, with what is waiting and what could not be delivered yet.

    \b
    Example:
      kliping alert list --json
    """
    alerts = alerts_of(path)
    with open_news(path) as news:
        rows = [
            {
                "alert": name,
                "query": alert.query,
                "every": alert.every,
                "waiting": len(news.waiting(name)),
                "digests": len(digests := news.digests(name, last=1_000_000)),
                "last_at": digests[-1].made_at.isoformat() if digests else None,
                "owed": sum(bool(digest.owed) for digest in digests),
            }
            for name, alert in alerts.items()
        ]
    if as_json_lines:
        for row in rows:
            put_json(row)
    elif rows:
        table([tuple("" if value is None else value for value in row.values()) for row in rows], header=tuple(rows[0]))
    if not rows:
        say(f"there is no alert in {alerts_file(path)} (kliping alert add)")
        sys.exit(EXIT_PARTLY)


@alert_command.command("run")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--now", is_flag=True, help="Send what is waiting even if it is not due yet.")
@click.option("--dry-run", is_flag=True, help="Print what would be sent now, and send nothing.")
@click.option("--json", "as_json_lines", is_flag=True, help="Print the outcome of each alert as JSON, one per line.")
@archive_option
def run_command(names: tuple[str, ...], path: Path, *, now: bool, dry_run: bool, as_json_lines: bool) -> None:
    """Look for news, and send the alerts that are due. Exit status 3 if a message could not be delivered; the next run tries again.

    \b
    Example:
      kliping alert run
      kliping alert run banjir --now
    """
    alerts = alerts_of(path)
    for name in names:
        if name not in alerts:
            raise AlertError(f"{alerts_file(path)}: there is no alert {name!r}")
    with open_archive(path) as db:
        if dry_run:
            _preview(db, path, names or tuple(alerts))
            return
        told = run_alerts(db, path, at=_now(), names=names, now=now)
    for each in told:
        if as_json_lines:
            put_json(as_json(each))
        else:
            say(_line(each))
    if any(each.untold for each in told):
        sys.exit(EXIT_PARTLY)


@alert_command.command("remove")
@click.argument("name")
@archive_option
def remove_command(name: str, path: Path) -> None:
    """Remove an alert, with what it has found.

    \b
    Example:
      kliping alert remove banjir
    """
    remove_alert(path, name)
    with open_news(path) as news:
        news.forget(name)


def _preview(db: Archive, path: Path, names: Sequence[str]) -> None:
    with open_news(path) as news:
        for name in names:
            alert = alerts_of(path)[name]
            news.look(db, name, alert.selection(path), at=_now())
            if items := news.waiting(name):
                digest = Digest(number=0, alert=name, made_at=_now(), items=items)
                put(terminal_safe(message_of(db, digest, alert).text, keep_newlines=True))


def _line(told: AlertReport) -> str:
    if told.found is None:
        return f"{told.alert}: begins now; what comes from here on is news"
    parts = [f"{counted(told.found, 'thing')} found"]
    if told.items:
        parts.append(" by ".join([f"{told.items} told", *([", ".join(told.ways)] if told.ways else [])]))
    parts += [f"not delivered by {each.way}: {each.why}" for each in told.untold]
    return f"{told.alert}: {'; '.join(parts)}"


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def alert_hook(path: Callable[[], Path], watchers: Sequence[Watcher]) -> AfterCrawl:
    """The hook that a schedule calls after each run: alerts look for news. An alert that fails is reported and stops
    nothing.
    """
    from scraper.schedule import Happening  # noqa: PLC0415

    def after_crawl(db: Archive, _turns: Sequence[Turn], _summary: Summary) -> None:
        now = _now()
        try:
            done = run_alerts(db, path(), at=now)
            found = [
                ("alert", {"alert": each.alert, "items": each.items, "ways": list(each.ways)})
                for each in done
                if each.items
            ]
            found += [
                ("trouble", {"why": f"alert {each.alert}: not delivered by {one.way}: {one.why}"})
                for each in done
                for one in each.untold
            ]
        except Exception as error:
            log.exception("the alerts failed")
            found = [("trouble", {"why": f"no alerts: {type(error).__name__}: {error}"[:300]})]
        for name, fields in found:
            for watch in watchers:
                watch(Happening(at=now, name=name, fields=fields))

    return after_crawl
