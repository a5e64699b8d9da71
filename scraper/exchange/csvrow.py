"""CSV rows that a spreadsheet program displays and does not run. Pure."""

from __future__ import annotations

import re
from operator import ne
from typing import TYPE_CHECKING, Any

from scraper.exchange.columns import COLUMNS, INTEGER_MEMBERS

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.schema import Column

# A spreadsheet recognises a formula by the first character of a cell (OWASP "CSV Injection"), even in its full-width
# form, and some skip white space before it. If the system's list separator is a semicolon or tab, a cell ends at each
# of those and at a line break: quotes count only around whole cells there.
_ACTIVE = "=+\\-@＝＋－＠"
_SIGNS = _ACTIVE.replace("\\", "")
_AT_START = re.compile(rf"\s*[\t\r\n{_ACTIVE}]")
_BREAKS = re.compile(rf"""(?<![\s;"])[\s;"]++(?=[{_ACTIVE}])""")
_BROKEN = frozenset(';"')  # with white space, characters at which a cell may end
EXCEL_CHARACTERS = 32_767  # of a cell, in UTF-16 (Microsoft, "Excel specifications and limits")
EXCEL_ROWS = 1_048_576
# The body block by block is in JSONL and Parquet; in CSV it would be a second copy of `text`.
CSV_COLUMNS = tuple(column for column in COLUMNS if column.name != "body")
_PARTED = "\x1f"  # counts as white space, and is in no stored text


def is_active(cell: str) -> bool:
    """Whether a spreadsheet program could take a cell, or a part that it splits off, for a formula."""
    return safe(cell) != cell


def safe(cell: str) -> str:
    """A cell that is text to every spreadsheet program: with an apostrophe before what could be a formula."""
    if _is_risky(cell):
        cell = _BREAKS.sub(_guarded, cell)
    return "'" + cell if _AT_START.match(cell) else cell


def safe_cells(cells: list[str]) -> tuple[list[str], int]:
    """The cells of a row, each made safe, and how many had to be; for most rows one look at the whole row is enough."""
    if not _is_risky(_PARTED + _PARTED.join(cells)) and not any(cell[:1] <= " " for cell in cells if cell):
        return cells, 0
    made = list(map(safe, cells))
    return made, sum(map(ne, made, cells))


def _is_risky(text: str) -> bool:
    """Whether a formula character follows white space or a separator; faster than a pattern."""
    for sign in _SIGNS:
        at = text.find(sign, 1)
        while at > 0:
            if (before := text[at - 1]) in _BROKEN or before.isspace():
                return True
            at = text.find(sign, at + 1)
    return False


def _guarded(between: re.Match[str]) -> str:
    ends_a_cell = any(each in between[0] for each in ";\t\r\n")
    return between[0] + "'" if ends_a_cell else between[0]


def too_long(cells: list[str]) -> int:
    """How many of these cells Excel would cut."""
    if max(map(len, cells)) <= EXCEL_CHARACTERS // 2:
        return 0
    return sum(len(cell.encode("utf-16-le")) // 2 > EXCEL_CHARACTERS for cell in cells)


def header() -> bytes:
    """The first line."""
    return line([column.name for column in CSV_COLUMNS], raw=True)


def cells(row: dict[str, Any]) -> list[str]:
    """The cells of a row (see columns.row_of), unescaped."""
    found = []
    for name, write in _CELLS:
        value = row[name]
        found.append("" if value is None else write(value) if write else value)
    return found


def line(row: list[str], *, raw: bool = False) -> bytes:
    """One line of cells in UTF-8, each made safe unless `raw`. Same output as the csv module, which examines every
    character separately.
    """
    if row == [""]:
        return b'""\r\n'  # an empty line would not be a row
    return (",".join(map(_quoted, row if raw else map(safe, row))) + "\r\n").encode()


def _quoted(cell: str) -> str:
    """A cell as in RFC 4180."""
    if '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return f'"{cell}"' if "," in cell or "\n" in cell or "\r" in cell else cell


def list_cell(texts: list[str]) -> str:
    """A list as one cell: CSV again, joined by "; ". A text that contains a semicolon, a quote or a line break is
    quoted.
    """
    return "; ".join([_listed(text) for text in texts])


def _listed(text: str) -> str:
    if not text or text[0].isspace() or text[-1].isspace() or any(sign in text for sign in ';"\r\n'):
        return '"{}"'.format(text.replace('"', '""'))
    return text


def _object(column: Column, value: dict[str, Any]) -> str:
    """Its first given member, then the others in brackets: "Ratna Wulandari (writer)"."""
    members = [str(value[name]) for name in column.members if value[name] is not None and name not in INTEGER_MEMBERS]
    return members[0] + (f" ({', '.join(members[1:])})" if members[1:] else "")


def _writer(column: Column) -> Callable[[Any], str] | None:
    """The function that writes a value of a column; None for text, which stays as it is."""
    if column.type == "objects":
        return lambda values: list_cell([_object(column, each) for each in values])
    return {"list": list_cell, "datetime": _time, "string": None}.get(column.type, str)


def _time(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


_CELLS = tuple((column.name, _writer(column)) for column in CSV_COLUMNS)
