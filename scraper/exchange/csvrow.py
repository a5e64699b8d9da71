"""CSV rows that a spreadsheet program displays and does not run. Pure."""

from __future__ import annotations

import re
from operator import itemgetter, ne
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
_UNCLEAR = re.compile(r'[;"\r\n]').search


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
    if not _is_risky(_PARTED + _PARTED.join(cells)) and not [cell for cell in cells if cell and cell[0] <= " "]:
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
    values = _values(row)
    found = ["" if value is None else value for value in values]
    for place, write in _WRITTEN:
        if (value := values[place]) is not None:
            found[place] = write(value)
    return found


def line(row: list[str], *, raw: bool = False) -> bytes:
    """One line of cells in UTF-8, each made safe unless `raw`. Same output as the csv module, which examines every
    character separately.
    """
    if row == [""]:
        return b'""\r\n'  # an empty line would not be a row
    quoted = [
        _quoted(cell) if "," in cell or '"' in cell or "\n" in cell or "\r" in cell else cell
        for cell in (row if raw else map(safe, row))
    ]
    return (",".join(quoted) + "\r\n").encode()


def _quoted(cell: str) -> str:
    """A cell in quotes, as in RFC 4180."""
    return '"' + cell.replace('"', '""') + '"'


def list_cell(texts: list[str]) -> str:
    """A list as one cell: CSV again, joined by "; ". A text that contains a semicolon, a quote or a line break is
    quoted.
    """
    return "; ".join([_listed(text) for text in texts]) if texts else ""


def _listed(text: str) -> str:
    if not text or text[0].isspace() or text[-1].isspace() or _UNCLEAR(text):
        return '"{}"'.format(text.replace('"', '""'))
    return text


def _object(names: tuple[str, ...], value: dict[str, Any]) -> str:
    """Its first given member, then the others in brackets: "Ratna Wulandari (writer)"."""
    members = [member for name in names if (member := value[name]) is not None]
    return f"{members[0]} ({', '.join(members[1:])})" if len(members) > 1 else members[0]


def _writer(column: Column) -> Callable[[Any], str] | None:
    """The function that writes a value of a column; None for text, which stays as it is."""
    if column.type == "objects":
        names = tuple(name for name in column.members if name not in INTEGER_MEMBERS)
        return lambda values: list_cell([_object(names, each) for each in values]) if values else ""
    return {"list": list_cell, "datetime": _time, "string": None}.get(column.type, str)


def _time(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


_values = itemgetter(*(column.name for column in CSV_COLUMNS))
_WRITTEN = tuple((place, write) for place, column in enumerate(CSV_COLUMNS) if (write := _writer(column)))
