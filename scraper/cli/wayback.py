"""`kliping import wayback`: what web archives have of a site's past."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from scraper.cli.options import DELAY, archive_option, json_option, net_options, sites_option
from scraper.cli.output import EXIT_PARTLY, put_json, say, table
from scraper.cli.taking import host_option, import_options, taking
from scraper.errors import FetchError
from scraper.sites.registry import by_slug

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from scraper.exchange.wayback import Match
    from scraper.fetch import FetchSettings

_DAY = click.DateTime(["%Y-%m-%d", "%Y-%m", "%Y"])


@click.command("wayback")
@click.argument("what", metavar="SITE|URL")
@click.option("--since", type=_DAY, help="The first day, UTC (2019-10-01, 2019-10, 2019).")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day, UTC (2019-10-31).")
@click.option(
    "--match",
    type=click.Choice(["exact", "prefix", "host", "domain"]),
    help="What to select: this page, everything that begins this way, the host, or the host and its subdomains. "
    "By default a URL with a path means a page (with a trailing *, a beginning), and one without a path a host.",
)
@click.option(
    "--server",
    default="https://web.archive.org",
    show_default=True,
    metavar="URL",
    help="The Internet Archive, or a pywb collection (http://localhost:8080/collection).",
)
@host_option
@click.option("--delay", type=DELAY, default=4.0, show_default=True, help="Seconds between two requests.")
@net_options
@json_option
@sites_option
@archive_option
def wayback_command(
    what: str,
    since: datetime | None,
    until: datetime | None,
    match: Match | None,
    server: str,
    hosts: tuple[str, ...],
    path: Path,
    *,
    delay: float,
    settings: FetchSettings,
    as_json_lines: bool,
) -> None:
    """Import what a web archive has of a site, including pages that the paper has taken down since.

    Each capture is fetched as it was received and keeps the time at which the web archive made
    it. Captures with the same bytes are fetched once. After an interruption the same command
    continues; after a completed import it requests what is new. A closing table shows what
    there is by month.

    \b
    Example:
      kliping import wayback tribun-pontianak --since 2014-01-01 --until 2015-12-31
      kliping import wayback 'https://pontianak.tribunnews.com/2014/*' --since 2014-03-01 --until 2014-03-31
      kliping import wayback koran-contoh.id --server http://localhost:8080/koran
    """
    from scraper.exchange.wayback import Query, import_wayback, months_told  # noqa: PLC0415  (loads httpx)

    if since and until and since > until:
        raise click.UsageError("--since is after --until")
    url, found = _asked_for(what)
    query = Query(
        url=url, match=match or found, server=server.rstrip("/"),
        since=since.date() if since else None, until=until.date() if until else None,
    )  # fmt: skip
    settings = replace(settings, delay_s=delay, deadline_s=600)  # an index may be slow to answer
    stopped: FetchError | None = None
    rows: list[tuple[str, int, int, int]] = []
    with taking(path, as_json_lines=as_json_lines) as (db, report):
        try:
            rows = import_wayback(
                db, settings, query, replace(import_options((), hosts=hosts), agent=settings.user_agent), report
            )
        except FetchError as error:
            stopped = error
    if as_json_lines:
        for row in months_told(rows):
            put_json(row)
    elif rows:
        table([list(row) for row in rows], header=("captured", "listed", "kept", "articles"))
    if stopped is not None:
        say(f"kliping: {stopped}; the same command continues from there")
    if stopped is not None or report.has_problems:
        sys.exit(EXIT_PARTLY)


def _asked_for(what: str) -> tuple[str, Match]:
    """(URL as a CDX server takes it, how to match it) for a site's slug, a host or a URL."""
    if (known := by_slug(what)) is not None:
        if len(known[1]) > 1:
            raise click.UsageError(f"{what} is a network of {len(known[1])} papers: name one of them")
        portal = known[1][0]
        host = portal.hosts[0]
        if host.startswith("*."):
            return host.removeprefix("*."), "domain"
        return (host + portal.path, "prefix") if portal.path else (host, "host")
    if what.startswith("*."):
        return what.removeprefix("*."), "domain"
    if what.endswith("*"):
        return what.removesuffix("*"), "prefix"
    parts = urlsplit(what if "://" in what else f"https://{what}")
    if not parts.hostname or "." not in parts.hostname:
        raise click.UsageError(f"{what!r} is neither a site's slug nor a URL")
    return what, "exact" if parts.path.strip("/") or parts.query else "host"
