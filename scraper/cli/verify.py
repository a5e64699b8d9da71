"""`kliping verify` and `kliping body`: is everything still there, and the bytes of one capture."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from scraper import archive
from scraper.cli.options import DAY, archive_option, end_of, json_option
from scraper.cli.output import EXIT_ARCHIVE, EXIT_PARTLY, put, put_json, say
from scraper.records import as_json
from scraper.text import terminal_safe

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@click.command("verify")
@json_option
@archive_option
def verify_command(path: Path, *, as_json_lines: bool) -> None:
    """Check the whole archive: its structure, and the digest of every stored body.

    Prints one line for each damage, with the URLs it takes away, and changes
    nothing. Exit status 65 if there is any.

    \b
    Example:
      kliping verify
      kliping verify --json > damage.jsonl
    """
    count = 0
    with archive.open_archive(path) as db:
        for count, damage in enumerate(archive.verify(db), 1):  # noqa: B007
            if as_json_lines:
                put_json(as_json(damage))
            else:
                put(terminal_safe("  ".join((damage.part, damage.detail, *damage.urls))))
    say(f"{path}: {count} damaged" if count else f"{path}: whole")
    if count:
        sys.exit(EXIT_ARCHIVE)


@click.command("body")
@click.argument("key", metavar="URL|ID")
@click.option("--at", type=DAY, help="As the page was on this day (UTC); without it, the newest.")
@archive_option
def body_command(key: str, at: datetime | None, path: Path) -> None:
    """Write the exact bytes of a capture, by its URL or capture number, to standard output.

    Exit status 3 when there is none.

    \b
    Example:
      kliping body 17 > page.html
      kliping body https://contoh.id/berita/1 --at 2019-10-07 > page.html
    """
    with archive.open_archive(path) as db:
        wanted = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else key
        capture_id = archive.capture_at(db, wanted, before=end_of(at))
        body = archive.capture(db, capture_id).body if capture_id is not None else None
    if body is None:
        say(f"{key}: no capture")
        sys.exit(EXIT_PARTLY)
    sys.stdout.buffer.write(body)
