"""Articles as CSV, one row each, which a spreadsheet program displays and does not run."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from scraper.exchange import csvrow
from scraper.exchange.columns import row_of, table_schema
from scraper.exchange.export import export_lines
from scraper.exchange.forms import Form

if TYPE_CHECKING:
    from scraper.archive.file.lookup import StoredArticle
    from scraper.exchange.export import Exported, ExportOptions


def _line(stored: StoredArticle, options: ExportOptions, done: Exported) -> bytes:
    cells = csvrow.cells(row_of(stored))
    if not options.raw:
        cells, guarded = csvrow.safe_cells(cells)
        done.remarks["guarded"] += guarded
    done.remarks["over_excel"] += csvrow.too_long(cells)
    done.remarks["rows_over_excel"] += done.counts["articles"] + 1 >= csvrow.EXCEL_ROWS
    return csvrow.line(cells, raw=True)


def _about() -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "format": "csv",
        "encoding": "utf-8",
        "schema": table_schema(csvrow.CSV_COLUMNS, is_text=True),
    }


FORM = Form(
    media="text/csv",
    file="articles.csv",
    export=partial(export_lines, line=_line, header=csvrow.header()),
    about=_about,
)
