"""How commands speak: data to stdout, messages to stderr, every word from outside made safe."""

from __future__ import annotations

import json
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

from scraper.text import escaped, terminal_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EXIT_PARTLY = 3  # done, but something is listed that was not; for `extract`: no record
EXIT_USAGE = 64
EXIT_ARCHIVE = 65
EXIT_DISK = 74
EXIT_LOCKED = 75
EXIT_INTERRUPTED = 130

TEXT_WIDTH = 88

messages = Console(stderr=True, highlight=False, markup=False)


def say(message: str) -> None:
    """One message line for the person, on stderr."""
    click.echo(terminal_safe(message), err=True)


def put(line: str = "") -> None:
    """One line of data for a person, on stdout; text from outside must have passed terminal_safe."""
    click.echo(line)


def put_json(value: Any) -> None:
    """One JSON value on one line, on stdout; what could steer a terminal or turn its direction is escaped in it."""
    click.echo(escaped(json.dumps(value, ensure_ascii=not _speaks_utf8(), separators=(",", ":"))))


def _speaks_utf8() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def wrapped(text: str, *, indent: str = "", first: str | None = None) -> str:
    """Text in lines of a readable width."""
    return textwrap.fill(
        terminal_safe(text),
        TEXT_WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(rows: Iterable[Sequence[object]], *, header: Sequence[str] = ()) -> None:
    """Left-aligned columns, two blanks apart; the last column may run on."""
    cells = [[terminal_safe("" if cell is None else str(cell)) for cell in row] for row in rows]
    if header:
        cells.insert(0, list(header))
    if not cells:
        return
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]) - 1)]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        put(f"{line}  {row[-1]}".strip() if widths else row[-1])
