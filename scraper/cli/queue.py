"""`kliping queue`, `failures`, `runs` and `why`: what the crawler is doing, and how to change it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.ask.history import QueueFilter, drop, failures, queue, retry, runs, why
from scraper.archive.file.connection import open_archive
from scraper.cli.options import archive_option, json_option, limit_option
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, table, wrapped
from scraper.cli.story import story
from scraper.reasons import Reason
from scraper.text import terminal_safe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Command = Callable[..., Any]

_KINDS = ("article", "index", "feed", "sitemap")


def filters(command: Command) -> Command:
    """The options that select URLs."""
    for option in (
        click.option("--host", "hosts", multiple=True, help="Only URLs of this host."),
        click.option("--kind", "kinds", multiple=True, type=click.Choice(_KINDS), help="Only links of this kind."),
        click.option(
            "--reason",
            "reasons",
            multiple=True,
            type=click.Choice([reason.value for reason in Reason]),
            help="Only URLs whose last attempt had this outcome.",
        ),
    ):
        command = option(command)
    return command


@click.group("queue")
def queue_command() -> None:
    """Show the queue; make URLs due now; remove URLs from the queue.

    \b
    Example:
      kliping queue list --host pontianak.tribunnews.com
      kliping queue retry --reason server_error
      kliping queue drop https://contoh.id/kalender
    """


@queue_command.command("list")
@filters
@limit_option
@json_option
@archive_option
def list_queue_command(
    hosts: tuple[str, ...],
    kinds: tuple[str, ...],
    reasons: tuple[str, ...],
    limit: int,
    path: Path,
    *,
    as_json_lines: bool,
) -> None:
    """List what will be requested next, and when.

    \b
    Example:
      kliping queue list --kind feed --json
    """
    with open_archive(path) as db:
        rows = queue(db, QueueFilter(hosts=hosts, kinds=kinds, reasons=reasons), limit=limit)
    _show(rows, ("due_at", "kind", "failures", "last_reason", "url"), as_json_lines=as_json_lines)


@queue_command.command("retry")
@click.argument("urls", metavar="[URL]...", nargs=-1)
@filters
@archive_option
def retry_command(
    urls: tuple[str, ...], hosts: tuple[str, ...], kinds: tuple[str, ...], reasons: tuple[str, ...], path: Path
) -> None:
    """Make URLs due now, including those given up; the next crawl of their site requests them.

    \b
    Example:
      kliping queue retry --reason deadline --host contoh.id
    """
    chosen = _chosen(urls, hosts, kinds, reasons)
    with open_archive(path, mode="write", must_exist=True) as db:
        count = retry(db, chosen, at=datetime.now(UTC))
    _report(count, "due now")


@queue_command.command("drop")
@click.argument("urls", metavar="[URL]...", nargs=-1)
@filters
@archive_option
def drop_command(
    urls: tuple[str, ...], hosts: tuple[str, ...], kinds: tuple[str, ...], reasons: tuple[str, ...], path: Path
) -> None:
    """Remove URLs from the queue; they stay known, and their captures stay.

    \b
    Example:
      kliping queue drop --host kalender.contoh.id
    """
    chosen = _chosen(urls, hosts, kinds, reasons)
    with open_archive(path, mode="write", must_exist=True) as db:
        count = drop(db, chosen)
    _report(count, "dropped")


@click.command("failures")
@filters
@limit_option
@json_option
@archive_option
def failures_command(
    hosts: tuple[str, ...],
    kinds: tuple[str, ...],
    reasons: tuple[str, ...],
    limit: int,
    path: Path,
    *,
    as_json_lines: bool,
) -> None:
    """List URLs whose last attempt failed, newest first, with the time of the next attempt.

    \b
    Example:
      kliping failures --reason blocked --json
    """
    with open_archive(path) as db:
        rows = failures(db, QueueFilter(hosts=hosts, kinds=kinds, reasons=reasons), limit=limit)
    for row in rows:
        if not as_json_lines and row["due_at"] is None:
            row["due_at"] = "given up" if row["given_up_at"] else "not queued"
    _show(rows, ("at", "reason", "status", "due_at", "url", "detail"), as_json_lines=as_json_lines)


@click.command("runs")
@limit_option
@json_option
@archive_option
def runs_command(limit: int, path: Path, *, as_json_lines: bool) -> None:
    """List the runs, newest first: when, how they ended, the outcomes of their attempts, and which hosts have links left for the next run.

    \b
    Example:
      kliping runs --limit 5
    """
    with open_archive(path) as db:
        rows = runs(db, limit=limit)
    if not as_json_lines:
        for row in rows:
            row["outcomes"] = ", ".join(f"{count} {reason}" for reason, count in row["outcomes"].items())
            row["exit_code"] = "killed or running" if row["exit_code"] is None else row["exit_code"]
            row["limits"] = ", ".join(f"{host}: {', '.join(names)}" for host, names in row["limits"].items())
            row["note"] = row["note"] or ""
    columns = ("id", "kind", "started_at", "finished_at", "exit_code", "outcomes", "limits", "arguments", "note")
    _show(rows, columns, as_json_lines=as_json_lines)


@click.command("why")
@click.argument("url")
@json_option
@archive_option
def why_command(url: str, path: Path, *, as_json_lines: bool) -> None:
    """Explain what happened to one URL, what kliping concluded from which evidence, and what comes next; then list every attempt.

    Exit status 3 if the archive does not know the URL.

    \b
    Example:
      kliping why https://pontianak.tribunnews.com/2019/10/07/…
    """
    with open_archive(path) as db:
        found = why(db, url)
    if found is None:
        say(f"kliping: {url}: not known to {path}")
        sys.exit(EXIT_PARTLY)
    if as_json_lines:
        put_json(found)
        return
    put(terminal_safe(found["url"]))
    put(terminal_safe(f"  {found['kind']} of {found['site'] or 'a site without rules'}"))
    put()
    put(wrapped(story(found)))
    put()
    for attempt in found["attempts"]:
        for line in _attempt_lines(attempt):
            put(terminal_safe(line))


def _attempt_lines(attempt: dict[str, Any]) -> list[str]:
    status = f" HTTP {attempt['status']}" if attempt["status"] else ""
    kept = f", capture {attempt['capture_id']}" if attempt["capture_id"] else ""
    detail = f" ({attempt['detail']})" if attempt["detail"] else ""
    lines = [f"  {attempt['at']}  run {attempt['run']}  {attempt['reason']}{status}{detail}{kept}"]
    lines += [f"      {hop['status']} → {hop['location']}" for hop in attempt["redirects"]]
    robots = attempt["robots"]
    if robots:
        said = f" (HTTP {robots['status']})" if robots["status"] else ""
        lines.append(f"      robots.txt of {robots['fetched_at']}: {robots['verdict']}{said}")
    if attempt["robots_tags"]:
        lines.append(f"      the page says: {attempt['robots_tags']}")
    if attempt["tdm_reservation"] is not None:
        reserved = "reserved" if attempt["tdm_reservation"] else "not reserved"
        policy = f", {attempt['tdm_policy']}" if attempt["tdm_policy"] else ""
        lines.append(f"      text and data mining is {reserved}{policy}")
    return lines


def _chosen(
    urls: tuple[str, ...], hosts: tuple[str, ...], kinds: tuple[str, ...], reasons: tuple[str, ...]
) -> QueueFilter:
    chosen = QueueFilter(urls=urls, hosts=hosts, kinds=kinds, reasons=reasons)
    if chosen.is_empty:
        raise click.UsageError("say which URLs: name them, or use --host, --kind or --reason")
    return chosen


def _report(count: int, done: str) -> None:
    say(f"{count} URLs {done}")
    if not count:
        sys.exit(EXIT_PARTLY)


def _show(rows: list[dict[str, Any]], columns: tuple[str, ...], *, as_json_lines: bool) -> None:
    if as_json_lines:
        for row in rows:
            put_json(row)
    elif rows:
        table([[row[name] for name in columns] for row in rows], header=columns)
    else:
        say("nothing")
