"""Does each of our names stand for what kliping creates? A file from somebody else may hide anything behind them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING

from scraper.archive.migrations import ddl, statements

if TYPE_CHECKING:
    from sqlite_utils import Database

_SIGN = re.compile(r"[(),]|[^\s(),]+")
_TABLE = re.compile(r"^CREATE TABLE (\w+)", re.MULTILINE)


@cache
def _tables() -> frozenset[str]:
    return frozenset(_TABLE.findall(ddl()))


def disguised(db: Database) -> str | None:
    """The first of our tables that is something else in this file (a view, which may never end); None if there is none."""
    try:
        for name, kind, sql in db.execute("SELECT name, type, sql FROM sqlite_schema WHERE type IN ('table', 'view')"):
            if name in _tables() and (kind != "table" or not (sql or "").startswith("CREATE TABLE")):
                return f"{name} is not one of kliping's tables but {'a view' if kind == 'view' else 'something else'}"
    except sqlite3.DatabaseError as error:  # of a file that is cut short, the rest can be read
        if (error.sqlite_errorcode & 0xFF) != sqlite3.SQLITE_CORRUPT:
            raise
    return None


def strange(db: Database) -> tuple[list[str], list[str]]:
    """What is missing or different from what kliping creates, and what else is in the file. Builds a schema to compare
    with.
    """
    own, here = _fresh(), _objects(db.conn)
    wrong = [
        f"{name} is missing" if name not in here else f"{name} is not as kliping makes it"
        for name in own
        if here.get(name) != own[name]
    ]
    return wrong, [name for name in here if name not in own and not name.startswith(("sqlite_", "articles_fts_"))]


@cache
def _fresh() -> dict[str, tuple[str, str]]:
    with closing(sqlite3.connect(":memory:")) as made:
        for statement in statements(ddl()):
            made.execute(statement)
        return _objects(made)


def _objects(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Kind and text of every table, view, trigger and index that has a text."""
    rows = connection.execute("SELECT name, type, sql FROM sqlite_schema WHERE sql IS NOT NULL").fetchall()
    return {name: (kind, normalized_sql(sql)) for name, kind, sql in rows if not name.startswith("articles_fts_")}


def normalized_sql(sql: str) -> str:
    """SQL with uniform white space: where a migration adds a column, a line may end elsewhere."""
    return " ".join(_SIGN.findall(sql))
