"""`kliping words` and `kliping collocations`: top words, keyness, runs of words, the neighbours of a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scraper.analysis import words as asking
from scraper.analysis.words import MEASURES, Counts, Measure
from scraper.archive.ask import passages
from scraper.archive.ask.filters import ALL
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
    from collections.abc import Callable, Collection
    from pathlib import Path

    from scraper.archive.ask.filters import Filter
    from scraper.archive.file.library import Archive
    from scraper.cli.asking import AskedQuery

_TOP = ("word", "count", "articles", "per_million")
_limit_option = click.option(
    "--limit", type=click.IntRange(1, 100_000), default=50, show_default=True, help="Maximum number of results."
)
_least_option = click.option(
    "--least",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="Leave out words that occur in fewer articles.",
)
_all_option = click.option(
    "--function-words", "is_all", is_flag=True, help="Include words that occur in every text (yang, di, the)."
)


@click.command("words")
@click.argument("query", default="")
@filter_options
@exact_option
@click.option(
    "--key", "is_key", is_flag=True, help="List the words that distinguish them from the rest of the archive (keyness)."
)
@sample_option
@click.option(
    "--run", "length", type=click.IntRange(2, 6), metavar="N", help="Count runs of N words (n-grams), 2 to 6."
)
@_all_option
@_least_option
@_limit_option
@form_options
@archive_option
def words_command(
    query: str,
    wanted: Filter,
    length: int | None,
    size: int | None,
    least: int,
    limit: int,
    path: Path,
    *,
    exact: bool,
    is_key: bool,
    is_all: bool,
    as_csv: bool,
    as_json_lines: bool,
) -> None:
    """Count the words of the articles that QUERY and the options select; without any, of all articles.

    --key lists the words that occur in them more often than in the rest of the archive, by
    log-likelihood (Dunning 1993; above 15.13 the probability of chance is below 1 in 10,000),
    with log_ratio as the effect: 1 is twice as often, 2 four times. --run 2 lists pairs of
    words. Words are in lower case and without accents, as in searches. QUERY may be @NAME, a
    saved search. Exit status 3 if there is no word.

    \b
    Example:
      kliping words banjir --key
      kliping words --since 2019-01-01 --key --sample 5000
      kliping words --site tribun-pontianak --since 2019-10-01 --run 2 --csv
    """
    if is_key and length:
        raise click.UsageError("--key and --run cannot be combined")
    given = question(query, wanted, path, exact=exact)
    with open_archive(path) as db, connection.snapshot(db), counted_out() as on_progress:
        rows, header = _words(db, given, length, size, least, limit, on_progress, is_key=is_key, is_all=is_all)
    if not rows:
        nothing("there is nothing to compare: these are all articles, or none" if is_key else "no words")
    put_rows(rows, as_csv=as_csv, as_json_lines=as_json_lines, shown=lambda row: _shown(row, header), header=header)


def _words(
    db: Archive,
    given: AskedQuery,
    length: int | None,
    size: int | None,
    least: int,
    limit: int,
    on_progress: Callable[[str, int, int], None],
    *,
    is_key: bool,
    is_all: bool,
) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    reject_unknown_sites(db, given.wanted)
    asked = given.understood(db)
    numbers = sample_of(passages.chosen_articles(db, asked, given.wanted), size)
    without = _left_out(db, numbers, is_all=is_all)
    if length:
        found = asking.runs_of_words(
            db, numbers, length, limit=limit, least=least, without=without, on_progress=on_progress
        )
        _say_counts(found.counts)
        if found.forgotten:
            say("there were too many runs to keep them all: counts of rare ones are too low")
        return [as_json(run) for run in found.runs], (
            "words",
            "count",
            "articles",
            *(("g2", "log_dice") if length == 2 else ()),
        )
    if asked is None and given.wanted == ALL and not is_key and size is None:
        return [as_json(each) for each in asking.top_words_of_all(db, limit=limit, without=without)], _TOP
    counts = asking.count_words(db, numbers, on_progress)
    _say_counts(counts)
    if not is_key:
        return [as_json(each) for each in asking.top_words(counts, limit=limit, without=without)], _TOP
    keys = asking.key_words(db, counts, limit=limit, least=least, without=without, on_progress=on_progress)
    return [as_json(each) for each in keys], ("word", "count", "articles", "rest", "g2", "log_ratio")


@click.command("collocations")
@click.argument("query")
@filter_options
@exact_option
@click.option(
    "--window", type=click.IntRange(1, 50), default=5, show_default=True, help="Number of words on each side."
)
@click.option("--by", "measure", type=click.Choice(MEASURES), default="g2", show_default=True, help="Sort order.")
@_all_option
@_least_option
@_limit_option
@form_options
@archive_option
def collocations_command(
    query: str,
    wanted: Filter,
    window: int,
    measure: Measure,
    least: int,
    limit: int,
    path: Path,
    *,
    exact: bool,
    is_all: bool,
    as_csv: bool,
    as_json_lines: bool,
) -> None:
    """List the words that occur near those of QUERY more often than elsewhere in the archive.

    count is how often a word occurs within --window words of them in the same paragraph (left:
    before them), total how often in the whole archive. g2 is log-likelihood (Dunning 1993): is
    it more than chance? pmi (Church & Hanks 1990) and logdice (Rychlý 2008; at most 14) measure
    the strength of the bond; pmi favours rare words. QUERY may be @NAME, a saved search. Exit
    status 3 if there is none.

    \b
    Example:
      kliping collocations banjir
      kliping collocations '"kabut asap"' --window 3 --by logdice --csv
    """
    given = question(query, wanted, path, exact=exact)
    with open_archive(path) as db, connection.snapshot(db), counted_out() as on_progress:
        reject_unknown_sites(db, given.wanted)
        asked = given.understood(db)
        if asked is None:
            raise click.BadParameter("give at least one word", param_hint="QUERY")
        without = _left_out(db, passages.chosen_articles(db, asked, given.wanted), is_all=is_all)
        found, node = asking.collocations(
            db, asked, given.wanted, window=window, measure=measure, limit=limit, least=least, without=without,
            on_progress=on_progress,
        )  # fmt: skip
    if not found:
        nothing(f"{given.name} occurs {node} times, and no word near it in {least} articles or more (--least)")
    say(f"{given.name} occurs {node} times")
    header = ("word", "count", "left", "articles", "total", "g2", "pmi", "log_dice")
    rows = [as_json(each) for each in found]
    put_rows(rows, as_csv=as_csv, as_json_lines=as_json_lines, shown=lambda row: _shown(row, header), header=header)


def _left_out(db: Archive, numbers: Collection[int], *, is_all: bool) -> Collection[str]:
    """The words that are not counted; says which."""
    if is_all:
        return ()
    found, codes = asking.stop_words(db, numbers)
    if found:
        say(f"left out: {len(found)} function words ({', '.join(codes)}; --function-words keeps them)")
    return found


def _say_counts(counts: Counts) -> None:
    say(f"{counts.words} words in {counts.articles} articles")
    if counts.unspaced:
        say(
            f"{counts.unspaced} articles are in a script without spaces between words, so their words are not counted separately"
        )
    if counts.unreadable:
        say(f"{counts.unreadable} articles are damaged and were not counted (`kliping verify` names them)")


def _shown(row: dict[str, Any], header: tuple[str, ...]) -> list[Any]:
    return [row[name] for name in header]
