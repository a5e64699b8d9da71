"""`kliping names`: people and places, how often they are named and quoted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.analysis.names import Names, names
from scraper.archive.ask import passages
from scraper.archive.file import connection
from scraper.archive.file.connection import open_archive
from scraper.cli.asking import (
    exact_option,
    form_options,
    nothing,
    put_rows,
    question,
    reject_unknown_sites,
    sample_of,
    sample_option,
)
from scraper.cli.options import archive_option, filter_options
from scraper.cli.output import counted_out, say
from scraper.records import as_json

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.ask.filters import Filter


@click.command("names")
@click.argument("query", default="")
@filter_options
@exact_option
@sample_option
@click.option("--person", "kind", flag_value="person", help="Only people.")
@click.option("--place", "kind", flag_value="place", help="Only places.")
@click.option("--quoted", is_flag=True, help="Only people who are quoted, most quoted first.")
@click.option(
    "--least", type=click.IntRange(1), default=2, show_default=True, help="Require signs in this many articles."
)
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Maximum number of results."
)
@form_options
@archive_option
def names_command(
    query: str,
    wanted: Filter,
    kind: str | None,
    size: int | None,
    least: int,
    limit: int,
    path: Path,
    *,
    exact: bool,
    quoted: bool,
    as_csv: bool,
    as_json_lines: bool,
) -> None:
    """Count the people and places named in the articles that QUERY and the options select, and who is quoted.

    A person is a capitalised name beside a title (Bupati, Dr) or a verb of speech (kata, said)
    in at least --least articles. A place is in the list of regions, or follows "di", "in" or a
    word for places. Names without such signs, pronouns and other spellings of a name are
    missed. In languages for which kliping has no such words, it counts nothing and says so.
    QUERY may be @NAME, a saved search. Exit status 3 if nobody is found.

    \b
    Example:
      kliping names banjir --quoted
      kliping names --site tribun-pontianak --since 2019-10-01 --place --csv
    """
    given = question(query, wanted, path, exact=exact)
    with open_archive(path) as db, connection.snapshot(db), counted_out() as on_progress:
        reject_unknown_sites(db, given.wanted)
        numbers = sample_of(passages.chosen_articles(db, given.understood(db), given.wanted), size)
        done = names(db, numbers, least=least, on_progress=on_progress)
    _tell(done)
    found = [each for each in done.found if (not kind or each.kind == kind) and (not quoted or each.quotes)]
    if quoted:
        found.sort(key=lambda each: (-each.quotes, -each.articles, each.name))
    if not found:
        nothing(f"nobody and nothing is named with a sign in {least} articles or more (--least)")
    put_rows(
        [as_json(each) for each in found[:limit]],
        as_csv=as_csv,
        as_json_lines=as_json_lines,
        shown=lambda row: [row[name] for name in _HEADER],
        header=_HEADER,
    )


_HEADER = ("name", "kind", "articles", "mentions", "quotes", "region", "title")


def _tell(done: Names) -> None:
    if done.skipped:
        listed = ", ".join(f"{code} {count}" for code, count in done.skipped.most_common())
        say(
            f"{done.skipped.total()} articles are in languages for which kliping has no such words ({listed}) and were not read"
        )
    if done.unreadable:
        say(f"{done.unreadable} articles are damaged and were not counted (`kliping verify` names them)")
    say(f"{done.articles} articles read")
