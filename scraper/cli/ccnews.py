"""`kliping import ccnews`: the news files of Common Crawl, and who has which articles."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from scraper.archive.ask import overlap
from scraper.cli.options import DELAY, archive_option, json_option, net_options, sites_option
from scraper.cli.output import EXIT_PARTLY, put_json, say, table
from scraper.cli.taking import host_option, import_options, taking
from scraper.errors import ExchangeError, FetchError
from scraper.records import as_json

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.ask.overlap import Overlap
    from scraper.archive.file.library import Archive
    from scraper.exchange.taking import ImportOptions, ImportReport
    from scraper.fetch import FetchSettings


def _months(_context: click.Context, _option: click.Parameter, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Each month once, "YYYY-MM"."""
    from scraper.exchange.ccnews import months_of  # noqa: PLC0415  (an extra)

    try:
        return tuple(dict.fromkeys(month for text in texts for month in months_of(text)))
    except ExchangeError as error:
        raise click.BadParameter(str(error)) from error


@click.command("ccnews")
@host_option
@click.option(
    "--month",
    "--months",
    "months",
    multiple=True,
    required=True,
    callback=_months,
    metavar="MONTH[..MONTH]",
    help="2019-10, or 2019-10..2020-02.",
)
@click.option("--base-url", default="https://data.commoncrawl.org", show_default=True, help="Server of the files.")
@click.option("--delay", type=DELAY, default=2.0, show_default=True, help="Seconds between two requests.")
@net_options
@json_option
@sites_option
@archive_option
def ccnews_command(
    hosts: tuple[str, ...],
    months: tuple[str, ...],
    base_url: str,
    path: Path,
    *,
    delay: float,
    settings: FetchSettings,
    as_json_lines: bool,
) -> None:
    """Read Common Crawl's news files over the web, keep the pages of --host, and compare them with your own crawls.

    An interrupted import continues within the file. A closing table shows by host and month of
    publication who has which articles.

    \b
    Example:
      kliping import ccnews --host tribunnews.com --month 2019-10..2019-12
    """
    if not hosts:
        raise click.UsageError("--host is missing: a whole month is some 400 files of a gigabyte each")
    settings = replace(settings, delay_s=delay, deadline_s=600)  # for one piece, on a slow line
    with taking(path, as_json_lines=as_json_lines) as (db, report):
        options = replace(import_options((), hosts=hosts), agent=settings.user_agent)
        found = _import_months(db, settings, options, report, base=base_url.rstrip("/"), months=months)
    _show_overlap(found, as_json_lines=as_json_lines)
    if report.has_problems:
        sys.exit(EXIT_PARTLY)


def _import_months(
    db: Archive,
    settings: FetchSettings,
    options: ImportOptions,
    report: ImportReport,
    *,
    base: str,
    months: tuple[str, ...],
) -> list[Overlap]:
    """Import the hosts' pages of these months, month by month; returns who has which of their articles."""
    from scraper.exchange.ccnews import HOME, import_ccnews, warcs_of_month  # noqa: PLC0415  (an extra)
    from scraper.fetch import open_parts  # noqa: PLC0415

    with open_parts(settings) as source:
        try:
            for month in months:
                paths = warcs_of_month(source, base, month)
                say(f"{month}: {len(paths)} files")
                import_ccnews(db, source, base, replace(options, paths=paths), report)
        except FetchError as error:
            say(f"kliping: {error}; the same command continues from there")
            sys.exit(EXIT_PARTLY)
    return overlap.overlap(db, source=HOME, hosts=options.hosts, months=months)


def _show_overlap(found: list[Overlap], *, as_json_lines: bool) -> None:
    """Articles that both have, that only Common Crawl has, and that only our crawls have, by month of publication."""
    if as_json_lines:
        for each in found:
            put_json(as_json(each))
        return
    rows = [[each.host, each.month, each.both, len(each.only_theirs), len(each.only_ours)] for each in found]
    if rows:
        table(rows, header=("host", "published", "both", "only Common Crawl", "only our crawls"))
