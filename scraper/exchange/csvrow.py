"""CSV rows that a spreadsheet program shows and does not run. Pure."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scraper.exchange.columns import COLUMNS, INTEGER_MEMBERS

if TYPE_CHECKING:
    from scraper.schema import Column

# A spreadsheet takes a cell for a formula by its first character (OWASP "CSV Injection"),
# also in its full-width form, and some skip white space before it. Where the system's list separator is
# a semicolon or tab, a cell ends at each, and at a line break: quotes count only around whole cells there.
_ACTIVE = "=+\\-@＝＋－＠"
_AT_START = re.compile(rf"\s*[\t\r\n{_ACTIVE}]")
_BREAKS = re.compile(rf"""(?<![\s;"])[\s;"]++(?=[{_ACTIVE}])""")
_RISKY = re.compile(rf"""(?<=[\s;"])[{_ACTIVE}]""")  # in few cells, and quicker to see than what _BREAKS takes
EXCEL_CHARACTERS = 32_767  # of a cell, in UTF-16 (Microsoft, "Excel specifications and limits")
EXCEL_ROWS = 1_048_576
# A body block by block is in JSONL and Parquet; in CSV it would be a second copy of `text`.
CSV_COLUMNS = tuple(column for column in COLUMNS if column.name != "body")
_IN_LIST = re.compile(r"""[;"\r\n]|^\s|\s$|^$""")


def is_active(cell: str) -> bool:
    """Whether a spreadsheet program could take a cell, or what it makes of a part of it, for a formula."""
    return safe(cell) != cell


def safe(cell: str) -> str:
    """A cell that is text to every spreadsheet program: an apostrophe before what could be a formula."""
    if _RISKY.search(cell):
        cell = _BREAKS.sub(_guarded, cell)
    return "'" + cell if _AT_START.match(cell) else cell


def _guarded(between: re.Match[str]) -> str:
    ends_a_cell = any(each in between[0] for each in ";\t\r\n")
    return between[0] + "'" if ends_a_cell else between[0]


def is_too_long(cell: str) -> bool:
    """Whether Excel cuts a cell."""
    return len(cell) > EXCEL_CHARACTERS // 2 and len(cell.encode("utf-16-le")) // 2 > EXCEL_CHARACTERS


def header() -> bytes:
    """The first line."""
    return line([column.name for column in CSV_COLUMNS], raw=True)


def cells(row: dict[str, Any]) -> list[str]:
    """The cells of a row (see columns.row_of) as they are."""
    return [_cell(column, row[column.name]) for column in CSV_COLUMNS]


def line(row: list[str], *, raw: bool = False) -> bytes:
    """One line of cells, UTF-8, each made safe unless `raw`."""
    sink = io.StringIO()
    csv.writer(sink).writerow(row if raw else map(safe, row))
    return sink.getvalue().encode()


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.type == "list":
        return listed(value)
    if column.type == "objects":
        return listed([_object(column, each) for each in value])
    return _time(value) if isinstance(value, datetime) else str(value)


def listed(texts: list[str]) -> str:
    """A list as one cell: CSV again, with "; " between. A text that holds a semicolon, a quote or a line break is quoted."""
    return "; ".join('"{}"'.format(text.replace('"', '""')) if _IN_LIST.search(text) else text for text in texts)


def _object(column: Column, value: dict[str, Any]) -> str:
    """Its members in brackets behind the first that is given: "Ratna Wulandari (writer)"."""
    members = [str(value[name]) for name in column.members if value[name] is not None and name not in INTEGER_MEMBERS]
    return members[0] + (f" ({', '.join(members[1:])})" if members[1:] else "")


def _time(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")
