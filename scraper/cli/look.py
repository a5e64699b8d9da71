"""`kliping search`, `show` and `stats`: looking into the archive."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from scraper import archive
from scraper.archive import HIT_END, HIT_START, SearchHit
from scraper.cli.article import article_lines
from scraper.cli.options import DAY, archive_option, end_of, json_option, limit_option, site_option, start_of
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, table
from scraper.records import as_json
from scraper.text import collapse, terminal_safe

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

MIB = 1 << 20


@click.command("search")
@click.argument("query")
@site_option
@click.option("--since", type=DAY, help="Published on this day or later.")
@click.option("--until", type=DAY, help="Published on this day or earlier.")
@limit_option
@json_option
@archive_option
def search_command(
    query: str,
    site: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    path: Path,
    *,
    as_json_lines: bool,
) -> None:
    """Find articles that hold all words of QUERY, best first.

    "Quoted words" are a phrase, word* finds what begins so; everything else is
    taken literally. Exit status 3 when nothing is found.

    \b
    Example:
      kliping search "banjir Ketapang" --since 2019-10-01
      kliping search '"kabut asap" sekolah*' --site tribun-pontianak --json
    """
    with archive.open_archive(path) as db:
        hits = archive.search(db, query, site=site, since=start_of(since), until=end_of(until), limit=limit)
    for hit in hits:
        if as_json_lines:
            put_json(as_json(hit) | {"snippet": hit.snippet.replace(HIT_START, "").replace(HIT_END, "")})
        else:
            _show_hit(hit)
    if not hits:
        say("nothing found" if archive.match_expression(query) else "there is no word to search for")
        sys.exit(EXIT_PARTLY)


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


@click.command("show")
@click.argument("key", metavar="ID|URL")
@json_option
@archive_option
def show_command(key: str, path: Path, *, as_json_lines: bool) -> None:
    """Show one article as a readable page, or as its record with --json.

    \b
    Example:
      kliping show 17
      kliping show https://pontianak.tribunnews.com/2019/10/07/… --json
    """
    with archive.open_archive(path) as db:
        stored = archive.article(db, int(key) if key.isdecimal() and len(key) < 19 else key)
    if stored is None:
        say(f"kliping: {key}: no such article in {path}")
        sys.exit(EXIT_PARTLY)
    if as_json_lines:
        put_json(stored.record)
        return
    for line in article_lines(stored.record):
        put(line)
    captures = ", ".join(map(str, stored.captures))
    put(
        f"article {stored.article_id}, revision {stored.revision}, captures {captures}, last seen {stored.last_seen_at:%Y-%m-%d %H:%M} UTC"
    )


@click.command("stats")
@json_option
@archive_option
def stats_command(path: Path, *, as_json_lines: bool) -> None:
    """Count what the archive holds: articles by site and month, outcomes, bytes.

    \b
    Example:
      kliping stats --archive study.db
    """
    with archive.open_archive(path) as db:
        found = archive.stats(db)
    if as_json_lines:
        put_json(as_json(found))
        return
    ratio = found.bodies_raw_bytes / found.bodies_stored_bytes if found.bodies_stored_bytes else 0.0
    span = (
        f"{found.first_published[:10]} – {(found.last_published or '')[:10]}" if found.first_published else "no dates"
    )
    table(
        [
            ("articles", f"{found.articles} ({span})"),
            ("revisions", found.revisions),
            (
                "captures",
                f"{found.captures}: {found.bodies_raw_bytes / MIB:.1f} MiB in {found.bodies_stored_bytes / MIB:.1f} MiB (1/{ratio:.1f})",
            ),
            ("file", f"{found.file_bytes / MIB:.1f} MiB"),
            ("queued", found.queued),
            ("runs", found.runs),
        ]
    )
    for title, pairs in (("site", found.sites), ("month", found.months), ("outcome", found.reasons)):
        if pairs:
            put()
            table([(name or "unknown", count) for name, count in pairs], header=(title, "count"))
