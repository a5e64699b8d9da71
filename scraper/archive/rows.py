"""Values on their way into a row: the one door where text is cleaned (CONTRACT D10)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.records import as_json
from scraper.text import storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlite_utils import Database


def clean(value: Any) -> Any:
    """A value as SQLite keeps it: text without what it cannot hold, anything else untouched."""
    return storable(value) if isinstance(value, str) else value


def to_json(value: object) -> str:
    """A record, or a list of them, as a JSON column."""
    return storable(json.dumps(as_json(value), ensure_ascii=False, separators=(",", ":")))


def insert(db: Database, table: str, row: Mapping[str, Any]) -> int:
    """Insert a row; its id. Table and column names are our own, never a page's."""
    places = ", ".join("?" * len(row))
    sql = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"  # noqa: S608
    return int(db.execute(sql, [clean(value) for value in row.values()]).lastrowid or 0)


def update(db: Database, table: str, row_id: int, changes: Mapping[str, Any]) -> None:
    """Set columns of a row by its id; nothing is written if there are none."""
    if changes:
        columns = ", ".join(f"{column} = ?" for column in changes)
        values = [clean(value) for value in changes.values()]
        db.execute(f"UPDATE {table} SET {columns} WHERE id = ?", [*values, row_id])  # noqa: S608
