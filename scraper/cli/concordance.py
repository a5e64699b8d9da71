"""`kliping concordance`: a word in its context."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import click

from scraper.analysis.concordance import SORTS, Line, Sort, concordance
from scraper.archive.file.connection import open_archive
from scraper.cli.asking import exact_option, form_options, nothing, put_rows, question, reject_unknown_sites
from scraper.cli.options import archive_option, filter_options
from scraper.cli.output import counted_out, put
from scraper.records import as_json
from scraper.text import terminal_safe

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scraper.archive.ask.filters import Filter


@click.command("concordance")
@click.argument("query")
@filter_options
@exact_option
@click.option("--width", type=click.IntRange(0, 1000), default=40, show_default=True, help="Characters on each side.")
@click.option("--sort", type=click.Choice(SORTS), default="date", show_default=True, help="The order of the lines.")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="Maximum number of lines.")
@click.option("--all", "is_all", is_flag=True, help="Print all lines, however many.")
@form_options
@archive_option
def concordance_command(
    query: str,
    wanted: Filter,
    width: int,
    sort: Sort,
    limit: int,
    path: Path,
    *,
    exact: bool,
    is_all: bool,
    as_csv: bool,
    as_json_lines: bool,
) -> None:
    """Show every occurrence of QUERY in its context (KWIC).

    An occurrence is whatever made the search find the article: words with their other forms,
    "phrases", beginnings*. --sort left sorts by the word before it, right by the word after it.
    CSV and JSON also give its position: field (headline, lede, body), and start and end in
    characters of that field. QUERY may be @NAME, a saved search. Exit status 3 if nothing is
    found.

    \b
    Example:
      kliping concordance banjir --sort right --width 60
      kliping concordance '"kabut asap"' --since 2019-09-01 --all --csv > asap.csv
    """
    given = question(query, wanted, path, exact=exact)
    with open_archive(path) as db, counted_out() as on_progress:
        reject_unknown_sites(db, given.wanted)
        asked = given.understood(db)
        if asked is None:
            raise click.BadParameter(f"{given.name}: give at least one word", param_hint="QUERY")
        bound = None if is_all else limit
        lines = concordance(db, asked, given.wanted, width=width, sort=sort, limit=bound, on_progress=on_progress)
        first = next(lines, None)
        if first is not None:
            _show(chain((first,), lines), width, as_csv=as_csv, as_json_lines=as_json_lines)
    if first is None:
        nothing()


def _show(lines: Iterable[Line], width: int, *, as_csv: bool, as_json_lines: bool) -> None:
    if as_csv or as_json_lines:
        rows = (as_json(line) for line in lines)
        put_rows(rows, as_csv=as_csv, as_json_lines=as_json_lines, shown=lambda _row: (), header=())
        return
    for line in lines:
        day = (line.published_at or "")[:10] or "no date"
        where = f"{line.article_id:>7}  {day:10}  {terminal_safe(line.site or '')[:18]:18}"
        left, right = terminal_safe(line.left), terminal_safe(line.right)
        match = click.style(terminal_safe(line.match.replace("\n", " ")), fg="red", bold=True)
        put(f"{where}  {left:>{width}}{match}{right}")
