"""Answers as tables and as data frames: the only importer of pandas and polars, which are extras."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from scraper.errors import ExtraMissing

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = 20  # rows shown in a notebook


@dataclass(frozen=True, slots=True)
class Table:
    """An answer with named columns. Iterating gives each row as a dictionary; `rows` has them as tuples."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def to_pandas(self) -> Any:
        """A pandas DataFrame. Raises ExtraMissing if pandas is not installed."""
        return library("pandas").DataFrame.from_records(list(self.rows), columns=list(self.columns))

    def to_polars(self) -> Any:
        """A polars DataFrame. Raises ExtraMissing if polars is not installed."""
        return library("polars").DataFrame(list(self.rows), schema=list(self.columns), orient="row")

    def _repr_html_(self) -> str:
        """The table as a notebook shows it, up to SHOWN rows."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{escape(_shown(value))}</td>' for value in row)}</tr>" for row in self.rows[:SHOWN]
        )
        more = f"<p>{len(self) - SHOWN} more rows</p>" if len(self) > SHOWN else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def library(name: str) -> Any:
    """A data frame library. Raises ExtraMissing if it is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ExtraMissing(f"a table for {name}", "notebook") from error
