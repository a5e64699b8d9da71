"""`kliping backup`: a verified copy, also while a crawl runs."""

from __future__ import annotations

from pathlib import Path

import click

from scraper.archive.file.connection import open_archive
from scraper.archive.keep import backup
from scraper.cli.options import archive_option
from scraper.cli.output import counted_out, say


@click.command("backup")
@click.argument("target", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--replace", is_flag=True, help="Replace an older copy of this archive.")
@archive_option
def backup_command(target: Path, path: Path, *, replace: bool) -> None:
    """Copy the archive to TARGET, even while a crawl writes to it.

    The copy is verified as by `kliping verify` before it gets its name.

    \b
    Example:
      kliping backup /media/disk/kliping-2026-11.db
    """
    with open_archive(path) as db, counted_out() as count:
        size = backup.back_up(db, target, replace=replace, on_progress=count)
    say(f"{target}: {size >> 10} KiB, verified")
