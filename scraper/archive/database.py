"""An open archive as all of this room takes it: SQL in, rows out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Mapping, Sequence


class Database:
    """A connection that begins no transaction by itself (`isolation_level=None`): connection.transaction() does."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self.conn = conn

    def execute(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> sqlite3.Cursor:
        """Run a statement with the values of its `?` or `:names`. Raises what sqlite3 raises."""
        return self.conn.execute(sql, values)

    def query(self, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Iterator[dict[str, Any]]:
        """The rows of a question, each by the names of its columns; it is asked at once and read as it is iterated."""
        rows = self.conn.execute(sql, values)
        names = [each[0] for each in rows.description]
        return (dict(zip(names, row, strict=True)) for row in rows)
