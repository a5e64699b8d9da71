"""`kliping search`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from scraper.archive.ask import saved_searches, search, tallies
from scraper.archive.ask.saved_searches import SavedSearch
from scraper.archive.ask.search import COUNT_BY, HIT_END, HIT_START, CountBy, Order, SearchHit, Understood
from scraper.archive.file.connection import open_archive
from scraper.cli.asking import question, reject_unknown_sites
from scraper.cli.options import NUMBER, archive_option, filter_options, json_option, limit_option
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, table
from scraper.text import collapse, terminal_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from scraper.archive.ask.filters import Filter

SHOWN_FORMS = 12


@click.command("search")
@click.argument("query", default="")
@filter_options
@click.option(
    "--sort",
    "order",
    type=click.Choice(["relevance", "date"]),
    default="relevance",
    show_default=True,
    help="Best match or newest first.",
)
@click.option("--exact", is_flag=True, help="Search for the words as written, not for their other forms.")
@click.option("--count", "by", type=click.Choice(COUNT_BY), help="Count the results instead of listing them.")
@click.option("--save", "name", metavar="NAME", help="Save this search under a name, beside the archive.")
@limit_option
@click.option(
    "--offset", type=click.IntRange(0, NUMBER.max), default=0, help="Skip this many results first (for the next page)."
)
@json_option
@archive_option
def search_command(
    query: str,
    wanted: Filter,
    order: Order,
    by: CountBy | None,
    name: str | None,
    limit: int,
    offset: int,
    path: Path,
    *,
    exact: bool,
    as_json_lines: bool,
) -> None:
    """Find articles that contain all words of QUERY, best match first; without QUERY, list the newest.

    "Quoted words" are a phrase, and word* finds words that begin this way. a OR b, a NOT b (or
    a -b), (a OR b) c, NEAR(a b, 10), headline:a, lede:a and body:a are understood; anything
    else is taken literally. An Indonesian word also finds its other forms (banjir: kebanjiran,
    dibanjiri), unless you give --exact. Exit status 3 if nothing is found.

    --save NAME writes QUERY and the options that select articles to a file beside the archive
    (kliping.searches.toml). @NAME as QUERY repeats that search, here and in every command that
    takes a query; options that you give then replace the saved ones.

    \b
    Example:
      kliping search "banjir Ketapang" --since 2019-10-01
      kliping search '"kabut asap" sekolah*' --site tribun-pontianak --json
      kliping search 'headline:banjir NOT Jakarta' --region 61 --count month
      kliping search 'banjir OR longsor' --region Kalbar --save banjir
      kliping search @banjir --since 2019-10-01
    """
    given = question(query, wanted, path, exact=exact)
    query, wanted, exact = given.query, given.wanted, given.exact
    with open_archive(path) as db:
        if name is not None:
            saved = SavedSearch(query=query, wanted=wanted, exact=exact)
            say(f"saved as @{name} in {saved_searches.save_search(path, name, saved)}")
        reject_unknown_sites(db, wanted)
        asked = search.understand(db, query, exact=exact)
        what = asked if query.strip() else ""
        counts = search.count(db, what, by, wanted) if by else []
        nothing = (
            "nothing found"
            if tallies.has_articles(db)
            else "there is no article here yet (kliping crawl SITE, kliping import FILE)"
        )
        hits = [] if by else search.search(db, what, wanted, order=order, limit=limit, offset=offset)
    _say_understood(asked)
    _tell(counts, hits, by, as_json_lines=as_json_lines)
    if not hits and not counts:
        say("there is no word to search for" if query.strip() and asked.match is None else nothing)
        sys.exit(EXIT_PARTLY)


def _tell(
    counts: Sequence[tuple[str | None, int]],
    hits: Iterable[SearchHit],
    by: CountBy | None,
    *,
    as_json_lines: bool,
) -> None:
    if by and as_json_lines:
        for value, articles in counts:
            put_json({by: value, "articles": articles})
    elif counts:
        table([(_named(by, value), articles) for value, articles in counts], header=(str(by), "articles"))
    for hit in hits:
        if as_json_lines:
            put_json(_fields(hit) | {"snippet": hit.snippet.replace(HIT_START, "").replace(HIT_END, "")})
        else:
            _show_hit(hit)


def _named(by: CountBy | None, value: str | None) -> str:
    """A counted value in readable form: regions get their names."""
    if by == "region" and value:
        from scraper.regions import regions  # noqa: PLC0415

        return f"{value} {regions()[value].name}" if value in regions() else value
    return value or "unknown"


def _fields(record: object) -> Any:
    from scraper.records import as_json  # noqa: PLC0415  (loads the records of all stages)

    return as_json(record)


def _say_understood(asked: Understood) -> None:
    """What a person should know about how the query was understood; on stderr."""
    for hint in asked.hints:
        say(hint)
    if asked.forms and sys.stderr.isatty():
        more = f" and {len(asked.forms) - SHOWN_FORMS} more" if len(asked.forms) > SHOWN_FORMS else ""
        say(f"also: {', '.join(asked.forms[:SHOWN_FORMS])}{more} (--exact leaves them out)")


def _show_hit(hit: SearchHit) -> None:
    day = (hit.published_at or "")[:10] or "no date"
    number, headline = (click.style(terminal_safe(text), bold=True) for text in (str(hit.article_id), hit.headline))
    put(f"{number}  {day}  {terminal_safe(hit.site or '')}  {headline}")
    parts = collapse(hit.snippet.replace(HIT_START, "\ue000").replace(HIT_END, "\ue001"))
    safe = (
        terminal_safe(parts)
        .replace("\ue000", click.style("", fg="red", bold=True, reset=False))
        .replace("\ue001", click.style("", reset=True))
    )
    put(f"    {safe}")
    put(f"    {terminal_safe(hit.url)}")
