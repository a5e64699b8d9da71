"""Articles as an archive without the pages they were read from."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scraper.archive.file import connection
from scraper.archive.keep import slim
from scraper.exchange.export import Exported
from scraper.exchange.forms import Form
from scraper.exchange.work import refuse_existing

if TYPE_CHECKING:
    from scraper.archive.file.library import Archive
    from scraper.exchange.export import ExportOptions, Report


def _export(db: Archive, options: ExportOptions, report: Report) -> Exported:
    refuse_existing(options.target, replace=options.replace)
    done, so_far = Exported(), Counter[str]()

    def on_table(table: str, rows: int) -> None:
        so_far[table] = rows
        report(so_far)

    count, lost = slim.slim_copy(connection.path_of(db), options.target, options.selection, on_table=on_table)
    done.counts["articles"] = count
    done.unreadable = lost
    return done


FORM = Form(media="application/vnd.sqlite3", file="articles.db", export=_export)
