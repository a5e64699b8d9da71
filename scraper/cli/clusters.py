"""`kliping clusters`: copies and rewrites of the same text, across portals, and what several papers quote."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from scraper.archive.ask.filters import Filter
from scraper.archive.file.connection import open_archive
from scraper.archive.write import clusters
from scraper.archive.write.clusters import Cluster, Member, SharedQuote
from scraper.cli.asking import reject_unknown_sites
from scraper.cli.options import archive_option, json_option, limit_option, site_option
from scraper.cli.output import EXIT_PARTLY, counted_out, put, put_json, say, wrapped
from scraper.records import as_json
from scraper.text import counted, terminal_safe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scraper.archive.write.clusters import Quoting


@click.command("clusters")
@click.option("--update", is_flag=True, help="First compare new and changed articles (needs the extra [near]).")
@click.option(
    "--kind",
    type=click.Choice(["same", "rewrite", "quote"]),
    help="same: clusters with the same text twice; rewrite: with a rewrite; quote: words quoted in articles that are not copies.",
)
@site_option
@limit_option
@json_option
@archive_option
def clusters_command(
    *, update: bool, kind: str | None, site: str | None, limit: int, path: Path, as_json_lines: bool
) -> None:
    """Show articles that are copies or rewrites of each other, the largest clusters first.

    The first article of a cluster is the one published first. Each article is compared with the
    central one (*), the text that most others are copies of: same or rewrite, and how much the
    two texts share. kliping never deletes anything because it is a copy. Exit status 3 if there
    is nothing to show.

    \b
    Example:
      kliping clusters --update
      kliping clusters --site tribun-pontianak --kind same --json
      kliping clusters --kind quote
    """
    if update:
        _update(path)
    from scraper.duplicates import shared_quotes  # noqa: PLC0415  (other commands start without it)

    with open_archive(path) as db:
        reject_unknown_sites(db, Filter(sites=(site,) if site else ()))
        found: Sequence[Cluster | SharedQuote] = (
            shared_quotes(db, site=site, limit=limit)
            if kind == "quote"
            else clusters.clusters(db, site=site, kind=kind, limit=limit)
        )
    for each in found:
        if as_json_lines:
            put_json(as_json(each))
        elif isinstance(each, Cluster):
            _show(each)
        else:
            _show_quote(each)
    if not found:
        nothing = "no clusters" if kind != "quote" else "no quotation is in several papers"
        say(nothing if update else f"{nothing} (--update looks for them)")
        sys.exit(EXIT_PARTLY)


def _update(path: Path) -> None:
    from scraper.duplicates import update_clusters  # noqa: PLC0415  (only with the extra)

    with open_archive(path, mode="write", must_exist=True) as db, counted_out() as count:
        compared = update_clusters(
            db, now=datetime.now(UTC), on_progress=lambda step: count(step.stage, step.done, step.total)
        )
    say(f"{counted(compared, 'article')} compared")


def _show(cluster: Cluster) -> None:
    put(
        f"{counted(cluster.articles, 'article')}, {counted(cluster.sites, 'site')},"
        f" first: {terminal_safe(cluster.first_site or 'unknown site')}"
    )
    for member in cluster.members:
        is_central = member.article_id == cluster.central_article_id
        how = "central" if is_central else f"{member.kind or 'copy'} {member.similarity:.2f}"
        put(f"{'* ' if is_central else '  '}{_line(member)}  {how}  {terminal_safe(member.headline)}")


def _show_quote(quote: SharedQuote) -> None:
    put(f"{counted(len(quote.articles), 'article')}, {counted(quote.sites, 'site')}:")
    put(wrapped(f'"{quote.text}"', indent="  "))
    for article in quote.articles:
        put(f"  {_line(article)}  {terminal_safe(article.headline)}")


def _line(article: Member | Quoting) -> str:
    day = (article.published_at or "")[:16].replace("T", " ") or "no date"
    return f"{article.article_id}  {day}  {terminal_safe(article.site or '')}"
