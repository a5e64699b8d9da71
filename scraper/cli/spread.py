"""`kliping spread`: who was first with a story, and how fast others followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scraper.analysis.spread import Story, StoryStep, leaders, stories
from scraper.archive.ask import arrivals, passages
from scraper.archive.ask.filters import ALL
from scraper.archive.file import connection
from scraper.archive.file.connection import open_archive
from scraper.cli.asking import exact_option, form_options, nothing, put_rows, question, reject_unknown_sites
from scraper.cli.options import archive_option, filter_options
from scraper.cli.output import counted_out, put, put_json, say
from scraper.records import as_json
from scraper.text import shorten, terminal_safe

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.ask.filters import Filter

_SORTS = ("papers", "fast", "newest")
_LEADERS = ("site", "stories", "first", "share_first", "median_hours_behind")
_DAY = 48.0  # from this many hours on, a time is given in days


@click.command("spread")
@click.argument("query", default="")
@filter_options
@exact_option
@click.option(
    "--papers",
    "by_paper",
    is_flag=True,
    help="For each paper: how often it was first, and how far behind it was otherwise.",
)
@click.option(
    "--sort",
    type=click.Choice(_SORTS),
    default="papers",
    show_default=True,
    help="Sort by number of papers, by speed, or newest first.",
)
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="Maximum number of stories."
)
@form_options
@archive_option
def spread_command(
    query: str,
    wanted: Filter,
    sort: str,
    limit: int,
    path: Path,
    *,
    exact: bool,
    by_paper: bool,
    as_csv: bool,
    as_json_lines: bool,
) -> None:
    """Show who published a story first, and how many hours later other papers followed.

    A story is a cluster of copies and rewrites (kliping clusters --update finds them) in at
    least two papers, with an article that QUERY and the options select. The times are those
    that the pages print; a page that prints only a day is not ranked. The paper with the
    earliest time need not be the author: that is often an agency. CSV has a line for each paper
    of each story. QUERY may be @NAME. Exit status 3 if there is no story.

    \b
    Example:
      kliping spread banjir --since 2019-10-01
      kliping spread --papers --csv
    """
    given = question(query, wanted, path, exact=exact)
    with open_archive(path) as db, connection.snapshot(db), counted_out() as on_progress:
        reject_unknown_sites(db, given.wanted)
        asked = given.understood(db)
        is_all = asked is None and given.wanted == ALL
        numbers = None if is_all else passages.chosen_articles(db, asked, given.wanted)
        found = list(stories(db, numbers, on_progress=on_progress))
        waiting = arrivals.uncompared_count(db)
    if waiting:
        say(f"{waiting} articles have not been compared yet (`kliping clusters --update` compares them)")
    if not found:
        nothing("no story in two papers")
    if by_paper:
        rows = [as_json(each) for each in leaders(found)]
        put_rows(
            rows,
            as_csv=as_csv,
            as_json_lines=as_json_lines,
            shown=lambda row: [row[name] for name in _LEADERS],
            header=_LEADERS,
        )
        return
    say(f"{len(found)} stories")
    found = sorted(found, key=_key(sort), reverse=sort == "newest")[:limit]
    if as_csv:
        rows = [_flat(story, step) for story in found for step in story.steps]
        put_rows(rows, as_csv=True, as_json_lines=False, shown=lambda _row: (), header=())
    for story in () if as_csv else found:
        if as_json_lines:
            put_json(as_json(story))
        else:
            _show(story)


def _key(sort: str) -> Any:
    if sort == "fast":
        return lambda story: (story.half_hours is None, story.half_hours or 0.0, -story.papers, story.cluster_id)
    if sort == "newest":
        return lambda story: (story.first_at or "", story.cluster_id)
    return lambda story: (-story.papers, -story.articles, story.cluster_id)


def _flat(story: Story, step: StoryStep) -> dict[str, Any]:
    return {"cluster_id": story.cluster_id, "headline": story.headline, "papers": story.papers, **as_json(step)}


def _show(story: Story) -> None:
    first = ", ".join(map(terminal_safe, story.first_sites)) or "no time is known"
    half = ""
    if story.half_hours is not None and story.papers > 2:
        half = f", half of them within {_told(story.half_hours).lstrip('+')}"
    put(click.style(terminal_safe(shorten(story.headline, 100)), bold=True))
    put(f"  {story.papers} papers, first: {first}{half}")
    for step in story.steps:
        when = (step.published_at or "")[:16].replace("T", " ") or "no date"
        later = "day only" if step.hours is None and step.published_at else _told(step.hours)
        put(f"  {when:16}  {later:>12}  {step.article_id:>8}  {terminal_safe(step.site or step.url)}")


def _told(hours: float | None) -> str:
    """Hours in readable form."""
    if hours is None:
        return ""
    if hours < 1:
        return f"+{round(hours * 60)} min"
    return f"+{hours:.1f} hours" if hours < _DAY else f"+{hours / 24:.0f} days"
