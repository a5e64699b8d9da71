"""Conversion of values for storage in tables."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from scraper.records import json_fields
from scraper.text import storable
from scraper.typed import json_bytes

if TYPE_CHECKING:
    from sqlite_utils import Database


def insert(db: Database, table: str, row: dict[str, Any]) -> int:
    """Insert one row; returns its id."""
    places = ", ".join("?" * len(row))
    cursor = db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", list(row.values()))  # noqa: S608
    return int(cursor.lastrowid or 0)


def clean(value: Any) -> Any:
    """A value from a page as SQLite stores it; anything but text stays as it is."""
    return storable(value) if isinstance(value, str) else value


def to_json(value: object) -> str:
    """A record, or anything as_json takes, as compact JSON text."""
    return storable(_COMPACT.encode(value))


def texts_to_json(value: object) -> str:
    """The result of to_json, in a tenth of the time, for lists and mappings of texts and whole numbers only."""
    try:
        return storable(json_bytes(value).decode())
    except ValueError:  # half a character
        return to_json(value)


def _json_value(value: object) -> Any:
    """Values that json does not handle: moments and records, as `as_json` converts them."""
    return value.isoformat() if isinstance(value, datetime) else json_fields(value)


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_json_value)


def json_list(text: Any) -> list[Any]:
    """The list in a column; empty if damage has left something else, which `verify` names."""
    try:
        found = json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []


def columns(db: Database, table: str, *, but: tuple[str, ...] = ("id",)) -> list[str]:
    """The columns of a table that can be written; table_info does not list generated ones."""
    return [row[1] for row in db.execute(f"PRAGMA main.table_info({table})").fetchall() if row[1] not in but]


def translated_columns(names: list[str], maps: dict[str, str]) -> list[str]:
    """The columns of a row `s` as SQL; numbers from another archive are translated by temporary tables m_… (old, new)."""
    return [f"(SELECT new FROM m_{maps[name]} WHERE old = s.{name})" if name in maps else f"s.{name}" for name in names]  # noqa: S608
