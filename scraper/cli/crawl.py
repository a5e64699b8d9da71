"""`kliping crawl`: fetch, read and keep."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from scraper import __version__
from scraper.archive.file.connection import open_archive
from scraper.archive.write.progress import coverage_of_run
from scraper.cli.options import (
    DAY,
    DELAY,
    MINUTES,
    archive_option,
    net_options,
    shard_options,
    sites_option,
)
from scraper.cli.output import Lines, messages, say
from scraper.crawl import MAX_HOST_REQUESTS, CrawlOptions, Event, Summary, crawl
from scraper.discreet import kept_arguments
from scraper.errors import SiteError
from scraper.processes import collect_seldom
from scraper.records import as_json
from scraper.sites.registry import by_slug, unknown_target
from scraper.text import counted, is_header, terminal_safe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from scraper.archive.file.library import Archive
    from scraper.fetch import FetchSettings
    from scraper.plan.host_shards import Shard

SHOWN_FAILURES = 20


@click.command("crawl")
@click.argument("targets", metavar="TARGET...", nargs=-1, required=True)
@click.option("--since", type=DAY, help="First day (YYYY-MM-DD); walks the site's index by date.")
@click.option("--until", type=DAY, help="Last day (YYYY-MM-DD).")
@click.option("--max-pages", type=click.IntRange(1), help="Request at most this many article pages.")
@click.option(
    "--max-host-requests",
    type=click.IntRange(1),
    default=MAX_HOST_REQUESTS,
    show_default=True,
    help="Make at most this many requests to a host in this run; the rest stays queued.",
)
@click.option("--max-host-minutes", type=MINUTES, help="Spend at most this many minutes on a host in this run.")
@click.option(
    "--delay",
    type=DELAY,
    default=2.0,
    show_default=True,
    help="Seconds between requests to a publisher.",
)
@click.option(
    "--follow", "follow", multiple=True, metavar="HOST", help="Follow links to this host too; may be repeated."
)
@click.option("--again", is_flag=True, help="Request the given URLs even if they are not due yet.")
@net_options
@shard_options
@click.option(
    "--user-agent", "agent", envvar="KLIPING_USER_AGENT", help="Replace kliping's name and version in the user agent."
)
@click.option("--json", "as_json_lines", is_flag=True, help="Print the outcome of every attempt as JSON, one per line.")
@sites_option
@archive_option
def crawl_command(
    targets: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    max_pages: int | None,
    max_host_requests: int,
    max_host_minutes: float | None,
    delay: float,
    settings: FetchSettings,
    agent: str | None,
    path: Path,
    *,
    shard: Shard | None,
    again: bool,
    follow: tuple[str, ...],
    as_json_lines: bool,
) -> None:
    """Crawl sites, article URLs, feeds, sitemaps or index pages into the archive.

    TARGET is a portal (tribun-pontianak), a network (tribun), or a URL. An interrupted crawl
    continues where it was; a second run requests only what is due.

    Exit status 0 when all planned work was done, 3 when something failed (it is listed), 69
    when no host could be reached (if this machine's network failed, no schedule has changed),
    71 when no reading process could be started, 74 when standard output was lost on a full
    disk, 75 when another crawl holds the archive, 130 or 143 when a signal stopped it.

    \b
    Example:
      kliping crawl tribun-pontianak --contact https://example.org/our-study
      kliping crawl tribun-pontianak --since 2019-10-01 --until 2019-10-07 --archive study.db
      kliping crawl tribun pikiran-rakyat antara --shard 2/4 --archive koran-2.db
    """
    _check(targets, since, until, agent)  # before an archive is created
    settings = replace(settings, delay_s=delay, user_agent=agent or settings.user_agent)
    options = CrawlOptions(
        targets=targets,
        version=__version__,
        since=since.date() if since else None,
        until=until.date() if until else None,
        max_pages=max_pages,
        max_host_requests=max_host_requests,
        max_host_minutes=max_host_minutes,
        again=again,
        follow=tuple(host.lower() for host in follow),
        shard=shard,
        arguments=kept_arguments(sys.argv[1:]),
    )
    collect_seldom()
    if settings.contact is None and agent is None:
        say("no contact is sent, so papers cannot reach you (--contact URL, or KLIPING_CONTACT)")
    lines = Lines() if as_json_lines else None
    with open_archive(path, mode="crawl") as db, _reporter(lines) as report:
        summary = crawl(db, settings, options, on_event=report)
        reached = reached_days(db, summary.run_id) if since or until else []
    show_summary(summary)
    for line in reached:
        say(line)
    sys.exit(summary.exit_code or (lines.exit_code if lines is not None else 0))


def _check(targets: tuple[str, ...], since: datetime | None, until: datetime | None, agent: str | None) -> None:
    if unknown := [target for target in targets if "://" not in target and by_slug(target) is None]:
        raise SiteError(unknown_target(unknown[0]))
    if since and until and since > until:
        raise click.BadParameter("--since is after --until")
    if agent is not None and not is_header(agent):
        raise click.BadParameter("it must be short, on one line, and ASCII", param_hint="--user-agent")


def reached_days(db: Archive, run_id: int) -> list[str]:
    """A line for each site whose archive by date this run walked."""
    return [
        f"{row['site']}: {row['reached']} of {row['days']} days walked, {row['first_day'] or 'nothing'} to"
        f" {row['last_day'] or 'nothing'} (kliping coverage {row['site']})"
        for row in coverage_of_run(db, run_id)
    ]


@contextlib.contextmanager
def _reporter(lines: Lines | None) -> Iterator[Callable[[Event], None]]:
    """How progress is shown while the crawl runs: JSON lines on stdout, a progress bar for a person, otherwise nothing."""
    if lines is not None:
        yield lambda event: lines.put(
            {"host": event.host, "kind": event.kind, "headline": event.headline, **as_json(event.outcome)}
        )
        return
    if not sys.stderr.isatty():
        yield lambda _event: None
        return
    from rich.progress import (  # noqa: PLC0415  (as long to load as six pages take; a crawl by night has no bar)
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=messages(), transient=True) as progress:
        task = progress.add_task("crawling", total=1)

        def report(event: Event) -> None:
            found = progress.tasks[0].total or 0
            progress.update(
                task,
                advance=1,
                total=found + event.new_links,
                description=terminal_safe(f"{event.host}: {event.headline or event.outcome.url}"[:60]),
            )

        yield report


def show_summary(summary: Summary) -> None:
    """The end of a run, on stderr: counts by outcome, failures, and when there will be more to do."""
    seconds = (summary.finished_at - summary.started_at).total_seconds() if summary.finished_at else 0.0
    if summary.recovered:
        say(f"recovered {counted(summary.recovered, 'URL')} that was in flight when an earlier run stopped")
    if not summary.reasons:
        due = f"; the next link is due at {summary.next_due_at:%Y-%m-%d %H:%M} UTC" if summary.next_due_at else ""
        say(f"nothing is due{due} (--again requests a given URL at once)")
        return
    for reason, count in summary.reasons.most_common():
        say(f"{count:7d}  {reason.value}")
    say(
        f"{counted(summary.reasons.total(), 'attempt')} in {seconds:.1f} s: {counted(summary.new_articles, 'new article')},"
        f" {summary.changed_articles} changed, {counted(summary.new_links, 'new link')}"
    )
    for outcome in summary.failures[:SHOWN_FAILURES]:
        say(f"failed: {outcome.url}: {outcome.reason.value}{f' ({outcome.detail})' if outcome.detail else ''}")
    if len(summary.failures) > SHOWN_FAILURES:
        say(f"… and {len(summary.failures) - SHOWN_FAILURES} more (table `fetches`)")
    for line in _unmet(summary):
        say(line)
    blocked = [outcome for outcome in summary.failures if outcome.reason.value.startswith("blocked_")]
    if blocked:
        say(f"security: {counted(len(blocked), 'request')} stopped before being sent (table `fetches`)")
    for host, new_host in sorted(summary.moved.items()):
        say(
            f"{host} has moved to {new_host}: its addresses redirect there permanently; the crawl follows it, its articles stay the same"
        )
    for line in _left(summary):
        say(line)
    if summary.stopped:
        say(f"{summary.stopped}; the same command continues")


def _unmet(summary: Summary) -> list[str]:
    """Targets given by hand that yielded nothing or lead elsewhere, and those that were read only in part."""
    told = {outcome.url for outcome in summary.failures[:SHOWN_FAILURES]}
    lines = [f"no article from {url}: {why}" for url, why in summary.unmet.items() if url not in told]
    lines += [
        f"{url} leads to {host} only, which is not part of this crawl: --follow {host} includes it"
        for url, host in sorted(summary.outside.items())
    ]
    lines += [f"read in part only: {url}: {why}" for url, why in list(summary.cut.items())[:SHOWN_FAILURES]]
    if len(summary.cut) > SHOWN_FAILURES:
        lines.append(f"… and {len(summary.cut) - SHOWN_FAILURES} more that were read in part only")
    return lines


# Why a host has links left: what the names of limits (`kliping runs`) mean.
_WHY = {
    "max_host_requests": "it has used its share of requests",
    "max_host_minutes": "it has used its share of the time",
    "max_pages": "this run has requested as many article pages as it may",
    "crawl_delay": "its robots.txt wants long pauses",
    "new_urls": "its listings yielded as many new links as one run accepts",
    "sitemaps": "one run reads no more of its sitemaps",
    "failing": "too many of its requests failed in a row",
    "left_alone": "it asked to be left alone, or requests failed in a row",
}


def _left(summary: Summary) -> list[str]:
    """How many due links were not requested, and why, host by host."""
    if not summary.left:
        return []
    hosts = sorted(summary.left, key=lambda host: -summary.left[host])
    lines = [f"{counted(sum(summary.left.values()), 'due link')} left for the next run:"]
    for host in hosts[:SHOWN_FAILURES]:
        bounds = summary.limits.get(host, ())
        why = "; ".join(_WHY[bound] for bound in bounds) or summary.stopped or "they became due while it ended"
        lines.append(f"  {host}: {summary.left[host]} ({why})")
    if len(hosts) > SHOWN_FAILURES:
        lines.append(f"  … and {len(hosts) - SHOWN_FAILURES} more hosts (kliping queue list)")
    return lines
