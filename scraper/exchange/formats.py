"""Which room makes which export; the libraries of a format are loaded only for it."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from scraper import archive
from scraper.errors import DISK_ERRORS
from scraper.exchange.export import Exported, export_lines
from scraper.exchange.html import export_html
from scraper.exchange.work import refuse_existing

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive import Archive
    from scraper.exchange.export import ExportOptions, Report


def export(db: Archive, options: ExportOptions, report: Report) -> Exported:
    """Export as of this moment, whatever a crawl writes meanwhile. Raises ExchangeError or ArchiveError.

    ArchiveLocked where another process is making the same target.
    """
    refuse_existing(options.target, replace=options.replace)
    with archive.making(options.target):
        try:
            return _export(db, options, report)
        except OSError as error:
            if error.filename is not None or error.errno is None or error.errno not in DISK_ERRORS:
                raise
            raise OSError(
                error.errno, os.strerror(error.errno), str(options.target)
            ) from error  # a write does not say where


def _export(db: Archive, options: ExportOptions, report: Report) -> Exported:
    if options.form == "sqlite":
        return _sqlite(archive.path_of(db), options, report)
    with archive.snapshot(db):
        if options.form == "parquet":
            from scraper.exchange.parquet import export_parquet  # noqa: PLC0415  (an extra)

            return export_parquet(db, options, report)
        if options.form == "warc":
            from scraper.exchange.warc import export_warc  # noqa: PLC0415  (an extra)

            return export_warc(db, options, report)
        return (export_html if options.form == "html" else export_lines)(db, options, report)


def _sqlite(source: Path, options: ExportOptions, report: Report) -> Exported:
    refuse_existing(options.target, replace=options.replace)
    done, so_far = Exported(), Counter[str]()

    def on_table(table: str, rows: int) -> None:
        so_far[table] = rows
        report(so_far)

    count, lost = archive.slim_copy(source, options.target, options.selection, on_table=on_table)
    done.counts["articles"] = count
    done.unreadable = lost
    return done
