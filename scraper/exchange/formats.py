"""An export in any format: of one moment of the archive, under its name only once it is complete."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from scraper.archive.file import connection, lock
from scraper.errors import DISK_ERRORS
from scraper.exchange.forms import export_form
from scraper.exchange.work import refuse_existing

if TYPE_CHECKING:
    from scraper.archive.file.library import Archive
    from scraper.exchange.export import Exported, ExportOptions, Report


def export(db: Archive, options: ExportOptions, report: Report) -> Exported:
    """Export as of this moment, whatever a crawl writes meanwhile. Raises ExchangeError or ArchiveError.

    ArchiveLocked if another process is making the same target.
    """
    refuse_existing(options.target, replace=options.replace)
    with lock.making(options.target):
        try:
            with connection.snapshot(db):
                return export_form(options.form).export(db, options, report)
        except OSError as error:
            if error.filename is not None or error.errno is None or error.errno not in DISK_ERRORS:
                raise
            raise OSError(
                error.errno, os.strerror(error.errno), str(options.target)
            ) from error  # the error of a write does not name the file
