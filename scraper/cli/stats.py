"""`kliping stats`: what an archive holds, and where its bytes are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from scraper.archive.ask.counts import stats
from scraper.archive.file.connection import open_archive
from scraper.archive.keep.disk import disk_use
from scraper.cli.options import archive_option, json_option
from scraper.cli.output import put, put_json, table
from scraper.records import as_json

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1 << 20


@click.command("stats")
@click.option("--disk", "is_disk", is_flag=True, help="Show where the bytes of the file are; reads the whole file.")
@json_option
@archive_option
def stats_command(path: Path, *, is_disk: bool, as_json_lines: bool) -> None:
    """Count what the archive holds: articles by site and month, outcomes, bytes.

    \b
    Example:
      kliping stats --archive study.db
      kliping stats --disk
    """
    if is_disk:
        _disk(path, as_json_lines=as_json_lines)
        return
    with open_archive(path) as db:
        found = stats(db)
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


def _disk(path: Path, *, as_json_lines: bool) -> None:
    with open_archive(path) as db:
        found = disk_use(db)
    if as_json_lines:
        put_json(as_json(found))
        return
    sizes = (("file", found.file_bytes), ("free in it", found.free_bytes), ("log (-wal)", found.log_bytes))
    table([(name, f"{size / MIB:.1f} MiB") for name, size in (*sizes, ("dictionaries", found.dictionary_bytes))])
    put()
    rows = [
        (each.codec, each.bodies, f"{each.raw_bytes / MIB:.1f} MiB", f"{each.stored_bytes / MIB:.1f} MiB")
        for each in found.packings
    ]
    table(rows, header=("packed", "bodies", "as received", "stored"))
    put()
    hosts = [(each.host, each.captures, f"{each.stored_bytes / MIB:.1f} MiB") for each in found.hosts]
    table(hosts, header=("host", "captures", "stored"))
    if found.objects is not None:
        put()
        table([(name, f"{size / MIB:.1f} MiB") for name, size in found.objects], header=("table", "with indexes"))
