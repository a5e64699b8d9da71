"""CSV rows that a spreadsheet program shows and does not run. Pure."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any

from scraper.exchange.columns import COLUMNS, INTEGER_MEMBERS, Column

# A spreadsheet takes a cell for a formula by its first character (CONTRACT S11; OWASP "CSV Injection"),
# also in its full-width form, and some skip white space before it.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# A body block by block is in JSONL and Parquet; in CSV it would be a second copy of `text`.
CSV_COLUMNS = tuple(column for column in COLUMNS if column.name != "body")


def is_active(cell: str) -> bool:
    """Whether a spreadsheet program could take a cell for a formula."""
    return cell.startswith(_ACTIVE) or cell.lstrip().startswith(_ACTIVE)


def safe(cell: str) -> str:
    """A cell that is text to every spreadsheet program: an apostrophe before what could be a formula."""
    return "'" + cell if is_active(cell) else cell


def header(*, raw: bool = False) -> bytes:
    """The first line."""
    return _line([column.name for column in CSV_COLUMNS], raw=raw)


def line(row: dict[str, Any], *, raw: bool = False) -> bytes:
    """One row (see columns.row_of), UTF-8; `raw` leaves cells as they are."""
    return _line([_cell(column, row[column.name]) for column in CSV_COLUMNS], raw=raw)


def _line(cells: list[str], *, raw: bool) -> bytes:
    sink = io.StringIO()
    csv.writer(sink).writerow(cells if raw else map(safe, cells))
    return sink.getvalue().encode()


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.type == "list":
        return "; ".join(value)
    if column.type == "objects":
        return "; ".join(_object(column, each) for each in value)
    return _time(value) if isinstance(value, datetime) else str(value)


def _object(column: Column, value: dict[str, Any]) -> str:
    """Its members in brackets behind the first that is given: "Ratna Wulandari (writer)"."""
    members = [str(value[name]) for name in column.members if value[name] is not None and name not in INTEGER_MEMBERS]
    return members[0] + (f" ({', '.join(members[1:])})" if members[1:] else "")


def _time(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")
