"""`kliping import ccnews`: the news files of Common Crawl, and whose articles are whose."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from scraper import archive
from scraper.cli.output import EXIT_PARTLY, put_json, say, table
from scraper.errors import ExchangeError, FetchError
from scraper.records import as_json

if TYPE_CHECKING:
    from scraper.archive import Archive, Overlap
    from scraper.exchange.taking import ImportOptions, ImportReport
    from scraper.fetch import FetchSettings


@dataclass(frozen=True, slots=True)
class CommonCrawl:
    """Where its files are, which months are wanted, and how to ask."""

    base: str
    months: tuple[str, ...]
    settings: FetchSettings


def import_months(db: Archive, crawl: CommonCrawl, options: ImportOptions, report: ImportReport) -> list[Overlap]:
    """Import the hosts' pages of these months, month by month; then whose articles of them are whose."""
    from scraper.exchange.ccnews import HOME, import_ccnews, listed, months_of  # noqa: PLC0415  (an extra)
    from scraper.fetch import open_parts  # noqa: PLC0415

    if not options.hosts or not crawl.months or options.paths:
        raise click.UsageError("ccnews needs --host and --month, and no files")
    try:
        months = tuple(dict.fromkeys(month for text in crawl.months for month in months_of(text)))
    except ExchangeError as error:
        raise click.BadParameter(str(error), param_hint="--month") from error
    with open_parts(crawl.settings) as source:
        try:
            for month in months:
                paths = listed(source, crawl.base, month)
                say(f"{month}: {len(paths)} files")
                import_ccnews(db, source, crawl.base, replace(options, paths=paths), report)
        except FetchError as error:
            say(f"kliping: {error}; the same command goes on from there")
            sys.exit(EXIT_PARTLY)
    return archive.overlap(db, source=HOME, hosts=options.hosts, months=months)


def show_overlap(found: list[Overlap], *, as_json_lines: bool) -> None:
    """Articles that both have, that only Common Crawl has, and that only our crawls have, by month of publication."""
    if as_json_lines:
        for each in found:
            put_json(as_json(each))
        return
    rows = [[each.host, each.month, each.both, len(each.only_theirs), len(each.only_ours)] for each in found]
    if rows:
        table(rows, header=("host", "published", "both", "only Common Crawl", "only our crawls"))
