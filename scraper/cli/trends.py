"""`kliping trends`: hits over time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scraper.analysis.trends import PERIODS, SPLITS, Period, Series, Split, group_name, trends
from scraper.analysis.trends import undated_count as count_undated
from scraper.archive.file.connection import open_archive
from scraper.cli.asking import exact_option, form_options, nothing, put_rows, question, reject_unknown_sites
from scraper.cli.options import archive_option, filter_options
from scraper.cli.output import say, table, working

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.ask.filters import Filter
    from scraper.archive.file.library import Archive
    from scraper.cli.asking import AskedQuery


@click.command("trends")
@click.argument("queries", metavar="QUERY…", nargs=-1)
@filter_options
@exact_option
@click.option(
    "--by",
    type=click.Choice(PERIODS),
    default="month",
    show_default=True,
    help="Length of the periods (weeks are ISO weeks).",
)
@click.option("--split", type=click.Choice(SPLITS), help="Make a series for each of these.")
@click.option("--share", is_flag=True, help="Print percentages of all articles instead of counts in the table.")
@form_options
@archive_option
def trends_command(
    queries: tuple[str, ...],
    wanted: Filter,
    by: Period,
    split: Split | None,
    path: Path,
    *,
    exact: bool,
    share: bool,
    as_csv: bool,
    as_json_lines: bool,
) -> None:
    """Count the articles that each QUERY finds over time; without QUERY, all articles.

    The table has a column for each QUERY (and with --split a line for each paper or region). CSV
    and JSON have a line for each period and series: articles, of_all (all articles that the
    options select), share, papers (with an article in the period), days, covered (days on which
    an article appeared or a crawl looked). A period about which nothing is known is empty
    ("-"), not 0, because no crawl looked there. QUERY may be @NAME, a saved search. Exit status
    3 if there is no dated article at all.

    \b
    Example:
      kliping trends banjir 'karhutla OR "kabut asap"' --by month --share
      kliping trends banjir --by year --split province --csv
    """
    asked = [question(text, wanted, path, exact=exact) for text in queries or ("",)]
    with open_archive(path) as db, working("counting"):
        for each in asked:
            reject_unknown_sites(db, each.wanted)
        found = _series(db, asked, by, split)
        undated = count_undated(db, asked[0].wanted)
    if not found:
        nothing("no article with a date")
    if undated:
        say(f"{undated} articles have no date and are in no period")
    points = [(each, point) for each in found for point in each.points]
    gaps = sum(point.articles is None for _, point in points)
    if gaps:
        say(f"{gaps} of {len(points)} counts are empty: no article, and no crawl looked at the papers in that time")
    if as_csv or as_json_lines:
        rows = ({"query": each.query, "group": each.group, **_fields(point)} for each, point in points)
        put_rows(rows, as_csv=as_csv, as_json_lines=as_json_lines, shown=lambda _row: (), header=())
    else:
        _table(found, by, split, is_share=share)


def _fields(point: Any) -> dict[str, Any]:
    share = None if point.share is None else round(point.share, 6)
    return {
        "period": point.period, "articles": point.articles, "of_all": point.of_all, "share": share, "papers": point.papers,
        "days": point.days, "covered": point.covered,
    }  # fmt: skip


def _series(db: Archive, asked: list[AskedQuery], by: Period, split: Split | None) -> list[Series]:
    """The series of all queries; a saved search with a selection of its own is counted against that selection."""
    found: list[Series] = []
    choices = list(dict.fromkeys(each.wanted for each in asked))
    for choice in choices:
        queries = [(each.name or "all", each.understood(db)) for each in asked if each.wanted == choice]
        found += trends(db, queries, choice, by=by, split=split)
    return found


def _table(found: list[Series], by: Period, split: Split | None, *, is_share: bool) -> None:
    """Periods down, queries across."""
    queries = list(dict.fromkeys(each.query for each in found))
    cells: dict[tuple[str, str | None], dict[str, Any]] = {}
    for each in found:
        for point in each.points:
            cells.setdefault((point.period, each.group), {})[each.query] = point
    rows = []
    for (period, group), points in sorted(cells.items(), key=lambda pair: (pair[0][0], str(pair[0][1]))):
        some = next(iter(points.values()))
        counts = [_cell(points.get(query), is_share=is_share) for query in queries]
        groups = [group_name(group, split) or "unknown"] if split else []
        rows.append([period, *groups, *counts, some.of_all, f"{some.covered}/{some.days}"])
    table(rows, header=(by, *((split,) if split else ()), *queries, "of all", "days covered"))


def _cell(point: Any, *, is_share: bool) -> str:
    if point is None or point.articles is None:
        return "-"
    if not is_share:
        return str(point.articles)
    return "-" if point.share is None else f"{100 * point.share:.2f} %"
