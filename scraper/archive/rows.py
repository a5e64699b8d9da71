"""Values on their way into tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from scraper.records import as_json
from scraper.text import storable

if TYPE_CHECKING:
    from sqlite_utils import Database


def insert(db: Database, table: str, row: dict[str, Any]) -> int:
    """Insert one row; its id."""
    places = ", ".join("?" * len(row))
    cursor = db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))  # noqa: S608
    return int(cursor.lastrowid or 0)


def clean(value: Any) -> Any:
    """A value from a page as SQLite keeps it (CONTRACT D10); what is not text stays."""
    return storable(value) if isinstance(value, str) else value


def to_json(value: object) -> str:
    """A record, or anything as_json takes, as compact JSON text."""
    return storable(json.dumps(as_json(value), ensure_ascii=False, separators=(",", ":")))
