"""`kliping verify` and `kliping body`: is everything still intact, and the bytes of one capture."""

from __future__ import annotations

import sys
from itertools import chain
from typing import TYPE_CHECKING

import click

from scraper.archive.file import hashes, lookup
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import verify
from scraper.archive.keep.verify import Damage
from scraper.changes import field_changes
from scraper.cli.options import DAY, archive_option, end_of, jobs_option, json_option
from scraper.cli.output import EXIT_ARCHIVE, EXIT_PARTLY, counted_out, put, put_json, say
from scraper.records import as_json
from scraper.text import counted, terminal_safe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from scraper.archive.file.library import Archive


@click.command("verify")
@click.option(
    "--reread",
    type=click.IntRange(0),
    default=0,
    metavar="N",
    help="Also reread N articles spread over the archive.",
)
@jobs_option
@json_option
@archive_option
def verify_command(path: Path, reread: int, jobs: int, *, as_json_lines: bool) -> None:
    """Check the whole archive: its structure and schema, and every stored digest.

    There is a digest of each body, of each article with its people, tags, links and pictures,
    and of each earlier version. The command prints one line for each damaged part, with the
    URLs that are lost, and changes nothing; at the end it says what it cannot check. Exit
    status 65 if there is damage. A page that reads differently with --reread is listed, but is
    not damage by itself: newer rules read differently.

    \b
    Example:
      kliping verify
      kliping verify --reread 500
      kliping verify --json > damage.jsonl
    """
    count = 0
    with open_archive(path) as db, counted_out() as on_progress:
        for damage in chain(verify.verify(db, on_progress=on_progress), _reread(db, reread, jobs)):
            count += damage.part != "reread"
            if as_json_lines:
                put_json(as_json(damage))
            else:
                put(terminal_safe("  ".join((damage.part, damage.detail, *damage.urls))))
        for each in verify.unchecked(db):
            say(f"not checked: {each}")
    say(f"{path}: {count} damaged" if count else f"{path}: whole")
    if count:
        sys.exit(EXIT_ARCHIVE)


def _reread(db: Archive, count: int, jobs: int) -> Iterator[Damage]:
    """The articles of a sample that are read differently today."""
    if not count:
        return
    from scraper.crawl.reread import reread_sample  # noqa: PLC0415  (loads the crawler)

    numbers = hashes.sampled(db, count)
    changes = reread_sample(db, numbers, jobs=jobs)
    for change in changes:
        fields = field_changes(change.before, change.after) if change.before and change.after else ()
        what = (
            f"reads otherwise today: {', '.join(each.field for each in fields)}"
            if fields
            else f"cannot be read today: {change.detail}"
        )
        yield Damage(part="reread", detail=f"article {change.article_id}: {what}", urls=(change.url,))
    say(
        f"{counted(len(numbers), 'article')} read again, {len(changes)} of them otherwise (`kliping reextract --dry-run` shows how)"
    )


@click.command("body")
@click.argument("key", metavar="URL|ID")
@click.option("--at", type=DAY, help="The page as it was on this day (UTC; default: the newest).")
@archive_option
def body_command(key: str, at: datetime | None, path: Path) -> None:
    """Write the exact bytes of a capture, given by URL or capture number, to standard output.

    Exit status 3 if there is none.

    \b
    Example:
      kliping body 17 > page.html
      kliping body https://contoh.id/berita/1 --at 2019-10-07 > page.html
    """
    with open_archive(path) as db:
        wanted = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else key
        capture_id = lookup.capture_at(db, wanted, before=end_of(at))
        body = lookup.capture(db, capture_id).body if capture_id is not None else None
    if body is None:
        say(f"{key}: no capture")
        sys.exit(EXIT_PARTLY)
    sys.stdout.buffer.write(body)
