"""`kliping clusters`: copies and rewrites of the same text, across portals."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click
from rich.progress import Progress as Bars

from scraper import archive
from scraper.cli.options import archive_option, json_option, limit_option, site_option
from scraper.cli.output import EXIT_PARTLY, messages, put, put_json, say
from scraper.records import as_json
from scraper.text import counted, terminal_safe

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.duplicates import Progress


@click.command("clusters")
@click.option("--update", is_flag=True, help="First compare what is new or changed (needs the extra: near).")
@site_option
@limit_option
@json_option
@archive_option
def clusters_command(*, update: bool, site: str | None, limit: int, path: Path, as_json_lines: bool) -> None:
    """Show articles that are copies or rewrites of each other, the largest clusters first.

    A cluster's first article is the one that was published first; the numbers say
    how much of the text an article shares with it. Nothing is deleted for being a
    copy. Exit status 3 when there is no cluster.

    \b
    Example:
      kliping clusters --update
      kliping clusters --site tribun-pontianak --json
    """
    if update:
        _update(path)
    with archive.open_archive(path) as db:
        found = archive.clusters(db, site=site, limit=limit)
    for cluster in found:
        if as_json_lines:
            put_json(as_json(cluster))
        else:
            _show(cluster)
    if not found:
        say("no clusters" if update else "no clusters (--update looks for them)")
        sys.exit(EXIT_PARTLY)


def _update(path: Path) -> None:
    from scraper.duplicates import update_clusters  # noqa: PLC0415  (only with the extra)

    with (
        archive.open_archive(path, mode="write", must_exist=True) as db,
        Bars(console=messages(), transient=True, disable=not messages().is_terminal) as bars,
    ):
        tasks = {stage: bars.add_task(stage, total=None) for stage in ("signed", "compared")}

        def on_progress(progress: Progress) -> None:
            bars.update(tasks[progress.stage], completed=progress.done, total=progress.total)

        compared = update_clusters(db, now=datetime.now(UTC), on_progress=on_progress)
    say(f"{counted(compared, 'article')} compared")


def _show(cluster: archive.Cluster) -> None:
    put(
        f"{counted(cluster.articles, 'article')}, {counted(cluster.sites, 'site')},"
        f" first: {terminal_safe(cluster.first_site or 'unknown site')}"
    )
    for member in cluster.members:
        day = (member.published_at or "")[:16].replace("T", " ") or "no date"
        put(
            f"  {member.article_id}  {day}  {terminal_safe(member.site or '')}  {member.similarity:.2f}"
            f"  {terminal_safe(member.headline)}"
        )
