"""`kliping coverage`: how far walks through archives by date actually got."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.file.connection import open_archive
from scraper.archive.write.progress import coverage, coverage_days
from scraper.cli.options import archive_option, json_option
from scraper.cli.output import EXIT_PARTLY, put_json, say, table

if TYPE_CHECKING:
    from pathlib import Path

_STATES = ("empty", "limited", "blocked", "failed", "unfinished")


@click.command("coverage")
@click.argument("site", required=False)
@json_option
@archive_option
def coverage_command(site: str | None, path: Path, *, as_json_lines: bool) -> None:
    """Show how far date indexes were walked, by site and month, and what stopped them.

    SITE is a slug from `kliping sites`, or the host of a site without rules. A day is done,
    empty (the site lists nothing), limit (the site shows only part of it), blocked (the site
    refused), failed, or not finished yet. Exit status 3 if no date index has been requested.

    \b
    Example:
      kliping coverage tribun-pontianak --json
    """
    with open_archive(path) as db:
        months = coverage(db, site)
        stops = [coverage_days(db, month["site"], month["month"]) for month in months]
    if not months:
        say("no date index has been requested yet (kliping crawl SITE --since DAY --until DAY)")
        sys.exit(EXIT_PARTLY)
    if as_json_lines:
        for month, days in zip(months, stops, strict=True):
            put_json(month | {"stops": days})
        return
    table(
        [
            (
                month["site"], month["month"], f"{month['reached']}/{month['days']}", month["first_day"], month["last_day"],
                month["links"], month["articles"], how_it_ended(month, days),
            )
            for month, days in zip(months, stops, strict=True)
        ],
        header=("site", "month", "days", "first", "last", "listed", "articles", "ended"),
    )  # fmt: skip


def how_it_ended(month: dict[str, Any], stops: list[dict[str, Any]]) -> str:
    """A month's summary for people: "done", or how many days ended otherwise, with the first of them."""
    counts = [f"{month[state]} {state}" for state in _STATES if month[state]]
    if not counts:
        return "done"
    reasons = sorted({day["reason"] for day in stops if day["reason"]})
    since = f" from {stops[0]['day']}" if stops else ""
    why = f" ({', '.join(reasons)})" if reasons else ""
    return f"{', '.join(counts)}{since}{why}"
