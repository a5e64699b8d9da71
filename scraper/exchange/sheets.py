"""Sheets for coders, written and read back: CSV with its instructions beside it, or XLSX. The only importer of
openpyxl.
"""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.errors import CodingError, ExtraMissing
from scraper.exchange import csvrow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from scraper.exchange.codebook import Codebook, Variable

FORMS = (".csv", ".xlsx")
SHEET, INSTRUCTIONS = "Sample", "Instructions"
_BETWEEN = ":"  # between a variable and its coder, in the head of a column
_CUT = "… (the rest is behind the link)"
_WIDTHS = {"headline": 40, "url": 30, "text": 80}
_ANSWERED = 20  # width in characters of a column for codes
_LISTED = 255  # characters of a list of values in a cell's menu (Excel's own limit)


@dataclass(slots=True, kw_only=True)
class Coded:
    """An article as coders left it: by variable, coder → value; empty cells are left out."""

    article_id: int
    url: str
    codes: dict[str, dict[str, str]] = field(default_factory=dict)


def write_sheet(
    target: Path, rows: Iterable[dict[str, Any]], codebook: Codebook, coders: Sequence[str], about: Sequence[str]
) -> tuple[int, int]:
    """Write articles for coders, with an empty column for each variable and coder; returns (rows, texts that were cut).

    `about` says how the sample was drawn. Raises CodingError if the file exists, since it may hold work; ExtraMissing
    for XLSX.
    """
    if target.suffix not in FORMS:
        raise CodingError(f"{target}: the name of a sheet must end in {' or '.join(FORMS)}")
    beside = target.with_suffix(".instructions.txt")
    for file in (target, beside) if target.suffix == ".csv" else (target,):
        if file.exists():
            raise CodingError(f"{file} exists already, perhaps with somebody's codes: choose another name")
    heads = [f"{variable.name}{_BETWEEN}{coder}" for variable in codebook.variables for coder in coders]
    unfinished = target.with_name(f"{target.name}.{os.getpid()}{target.suffix}")
    try:
        if target.suffix == ".csv":
            done = _write_csv(unfinished, rows, heads)
            beside.write_text("\n".join([*_told(codebook), "", *about, ""]), "utf-8")
        else:
            done = _write_xlsx(unfinished, rows, heads, codebook, about)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return done


def _write_csv(target: Path, rows: Iterable[dict[str, Any]], heads: Sequence[str]) -> tuple[int, int]:
    count = 0
    with target.open("wb") as out:
        out.write(b"\xef\xbb\xbf")  # so that Excel reads it as UTF-8
        for row in rows:
            if not count:
                out.write(csvrow.line([*row, *heads], raw=True))
            out.write(csvrow.line(["" if value is None else str(value) for value in row.values()] + [""] * len(heads)))
            count += 1
    return count, 0


def _write_xlsx(
    target: Path, rows: Iterable[dict[str, Any]], heads: Sequence[str], codebook: Codebook, about: Sequence[str]
) -> tuple[int, int]:
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    told = book.active
    told.title = INSTRUCTIONS
    for line in [*_told(codebook), "", *about]:
        told.append([line])
        _as_text(openpyxl, told.cell(told.max_row, 1))
    told.column_dimensions["A"].width = 100
    sheet = book.create_sheet(SHEET)
    count = cut = 0
    for row in rows:
        if not count:
            sheet.append([*row, *heads])
        sheet.append([])
        for column, value in enumerate(row.values(), 1):
            text = value
            if isinstance(value, str) and csvrow.too_long([value]):
                text, cut = value[: csvrow.EXCEL_CHARACTERS // 2 - len(_CUT)] + _CUT, cut + 1
            cell = sheet.cell(count + 2, column, text)
            _as_text(openpyxl, cell)
        count += 1
    first = sheet.max_column - len(heads) + 1
    _furnish(openpyxl, sheet, codebook, heads, first)
    book.active = 1
    book.save(target)
    return count, cut


def _as_text(openpyxl: Any, cell: Any) -> None:
    """Make a cell whose text begins like a formula a text cell, and let long texts wrap."""
    if isinstance(cell.value, str):
        cell.data_type = "s"
        cell.alignment = openpyxl.styles.Alignment(wrap_text=True, vertical="top")


def _furnish(openpyxl: Any, sheet: Any, codebook: Codebook, heads: Sequence[str], first: int) -> None:
    """Set column widths, a header that stays in view, and a menu of the values in every cell for codes."""
    letter = openpyxl.utils.get_column_letter
    sheet.freeze_panes = "B2"
    for column, cell in enumerate(sheet[1], 1):
        cell.font = openpyxl.styles.Font(bold=True)
        sheet.column_dimensions[letter(column)].width = _WIDTHS.get(str(cell.value), _ANSWERED)
    for column, head in enumerate(heads, first):
        variable = codebook.variable(head.partition(_BETWEEN)[0])
        listed = ",".join(variable.values)
        if (
            not variable.values
            or len(listed) > _LISTED
            or any("," in value or '"' in value for value in variable.values)
        ):
            continue
        menu = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
        menu.error, menu.prompt = "not one of the codes", variable.ask[:_LISTED] or None
        sheet.add_data_validation(menu)
        menu.add(f"{letter(column)}2:{letter(column)}{max(sheet.max_row, 2)}")


def _told(codebook: Codebook) -> list[str]:
    """What coders read first."""
    lines = codebook.instructions.strip().splitlines()
    for variable in codebook.variables:
        lines += ["", f"{variable.name} ({variable.level}): {variable.ask}".rstrip(": ")]
        lines += [f"  {value}: {meaning}".rstrip(": ") for value, meaning in variable.values.items()]
    return lines


def read_sheets(paths: Iterable[Path]) -> list[Coded]:
    """What coders wrote into sheets, joined by article. Raises CodingError for other sheets, and for contradictory
    codes.
    """
    found: dict[int, Coded] = {}
    for path in paths:
        for place, row in _rows(path):
            try:
                number = int(row["article_id"])
            except (KeyError, ValueError) as error:
                raise CodingError(f"{path}: {place}: no article_id: is this a sheet of `kliping sample`?") from error
            coded = found.setdefault(number, Coded(article_id=number, url=row.get("url", "")))
            if coded.url != row.get("url", ""):
                raise CodingError(
                    f"{path}: {place}: article {number} is {row.get('url')} here and {coded.url} in another sheet"
                )
            for head, value in row.items():
                name, between, coder = head.partition(_BETWEEN)
                if not between or not value.strip():
                    continue
                mine = coded.codes.setdefault(name, {})
                if mine.setdefault(coder, value.strip()) != value.strip():
                    raise CodingError(
                        f"{path}: {place}: {coder} coded {name} of article {number} in two different ways"
                    )
    return list(found.values())


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a sheet with their positions."""
    if path.suffix == ".xlsx":
        yield from _rows_xlsx(path)
        return
    csv.field_size_limit(1 << 30)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            sample = file.readline()
            file.seek(0)
            # A spreadsheet program saves with the separator of its country.
            reader = csv.DictReader(file, delimiter=max(",;\t", key=sample.count))
            for row in reader:
                yield f"line {reader.line_num}", {name: value or "" for name, value in row.items() if name}
    except (UnicodeDecodeError, csv.Error) as error:
        raise CodingError(f"{path}: {error}; save the sheet as CSV in UTF-8, or as .xlsx") from error


def _rows_xlsx(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    openpyxl = _openpyxl()
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except FileNotFoundError:
        raise
    except Exception as error:  # from the zip, the XML or the format: openpyxl has no common error for them
        raise CodingError(f"{path}: cannot be read as .xlsx: {error}") from error
    try:
        sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[-1]
        rows = sheet.iter_rows(values_only=True)
        heads = [str(value or "") for value in next(rows, ())]
        for number, values in enumerate(rows, 2):
            cells = {head: _cell(value) for head, value in zip(heads, values, strict=False) if head}
            if any(cells.values()):
                yield f"row {number}", cells
    finally:
        book.close()


def _cell(value: Any) -> str:
    """A cell as text: a code that the program took for a number is returned as typed (1, not 1.0)."""
    if value is None:
        return ""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def strange_values(coded: Iterable[Coded], codebook: Codebook) -> list[tuple[int, str, str, str]]:
    """(article, variable, coder, value) of codes that are not in the codebook."""
    known: dict[str, Variable] = {each.name: each for each in codebook.variables}
    return [
        (each.article_id, name, coder, value)
        for each in coded
        for name, mine in each.codes.items()
        if name in known and known[name].values
        for coder, value in mine.items()
        if value not in known[name].values
    ]


def _openpyxl() -> Any:
    try:
        import openpyxl  # noqa: PLC0415  (an extra)
        import openpyxl.styles  # noqa: PLC0415
        import openpyxl.worksheet.datavalidation  # noqa: PLC0415
    except ImportError as error:
        raise ExtraMissing("a sheet as .xlsx", "coding") from error
    return openpyxl
