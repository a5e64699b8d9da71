"""How commands speak: data to stdout, messages to stderr, all text from outside made safe."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import time
from contextlib import contextmanager, suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

import click

from scraper.errors import DISK_ERRORS
from scraper.text import escaped, terminal_safe

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.console import Console

EXIT_PARTLY = 3  # done, except for what is listed; for `extract`: no record
EXIT_USAGE = 64
EXIT_ARCHIVE = 65
EXIT_MACHINE = 71  # EX_OSERR: the system cannot provide what is needed
EXIT_DISK = 74
EXIT_LOCKED = 75
EXIT_INTERRUPTED = 130

TEXT_WIDTH = 88
DRAWN_EVERY_S = 0.1


@cache
def messages() -> Console:
    """The console for transient progress bars; loaded when there is something to draw."""
    from rich.console import Console  # noqa: PLC0415

    return Console(stderr=True, highlight=False, markup=False)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on stderr what is being done and for how long it has been, if a person is watching."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=messages(), transient=True) as progress:
        progress.add_task(what, total=None)
        yield


@contextmanager
def counted_out() -> Iterator[Callable[[str, int, int | None], None]]:
    """A progress bar on stderr, if a person is watching; the block calls the yielded function with (what, done, of
    all).

    It shows how many are done, of how many, how many per second, and the time so far; `of all` is None if nobody knows.
    """
    if not sys.stderr.isatty():
        yield lambda _what, _done, _of: None
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[counts]}"))
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=messages(), transient=True) as progress:
        task = progress.add_task("working", total=None, counts="")
        begun: dict[str, tuple[float, int]] = {}
        drawn = 0.0

        def show(what: str, done: int, of: int | None) -> None:
            nonlocal drawn
            now = time.monotonic()
            part, is_told, _ = what.partition(":")  # the counts after the colon change all the time
            if part not in begun:
                begun[part] = (now, done)
                progress.reset(task)  # each part has its own time
            elif now - drawn < DRAWN_EVERY_S and done != of:
                return
            drawn = now
            since, before = begun[part]
            counts = [] if is_told or not done else [f"{done:,}" if of is None else f"{done:,} of {of:,}"]
            if now - since > 1 and done > before:
                counts.append(f"{(done - before) / (now - since):,.0f}/s")
            progress.update(task, description=what, completed=done, total=of, counts="  ".join(counts))

        yield show


@contextmanager
def counting(what: str) -> Iterator[Callable[[Counter[str]], None]]:
    """Like counted_out() for work of unknown size: the block reports its counts, by their names."""
    with counted_out() as count:
        count(what, 0, None)

        def report(counts: Counter[str]) -> None:
            told = ", ".join(f"{number:,} {name}" for name, number in counts.items() if number)
            count(f"{what}: {told}" if told else what, counts.total(), None)

        yield report


def say(message: str) -> None:
    """One message line for people, on stderr."""
    log_line(terminal_safe(message))


def log_line(line: str) -> None:
    """Write a line to stderr unchanged. If it cannot be written, it is lost: a closed terminal or a full disk must not
    end the work.
    """
    try:
        click.echo(line, err=True)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) not in DISK_ERRORS:  # a disk may have room again later
            silence(sys.stderr)


def silence(stream: TextIO) -> None:
    """Write nothing more to a stream: data left in its buffer would fail again at the end of the process."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


class Lines:
    """JSON lines on stdout for as long as they can be written; the work itself goes on without them.

    `error` is why they ended, None while they have not.
    """

    error: OSError | None = None

    def put(self, value: Any) -> None:
        """One JSON value."""
        if self.error is not None:
            return
        try:
            put_json(value)
        except OSError as error:
            self.error = error
            silence(sys.stdout)
            if not isinstance(error, BrokenPipeError):  # a reader that has seen enough needs no message
                say(f"kliping: standard output: {error.strerror or error}; the work continues without it")

    @property
    def exit_code(self) -> int:
        """74 if lines were lost that somebody wanted, otherwise 0."""
        return EXIT_DISK if self.error is not None and not isinstance(self.error, BrokenPipeError) else 0


def put(line: str = "") -> None:
    """One line of data for people, on stdout; text from outside must have passed terminal_safe."""
    click.echo(line)


def put_json(value: Any) -> None:
    """One JSON value on one line, on stdout; characters that could control a terminal or turn the text direction are
    escaped.
    """
    click.echo(escaped(json.dumps(value, ensure_ascii=not _speaks_utf8(), separators=(",", ":"))))


def _speaks_utf8() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


def wrapped(text: str, *, indent: str = "", first: str | None = None) -> str:
    """Text broken into lines of a readable width."""
    return textwrap.fill(
        terminal_safe(text),
        TEXT_WIDTH,
        initial_indent=indent if first is None else first,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def table(rows: Iterable[Sequence[object]], *, header: Sequence[str] = ()) -> None:
    """Left-aligned columns, two blanks apart; the last column may run over."""
    cells = [[terminal_safe("" if cell is None else str(cell)) for cell in row] for row in rows]
    if header:
        cells.insert(0, list(header))
    if not cells:
        return
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]) - 1)]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        put(f"{line}  {row[-1]}".strip() if widths else row[-1])
