"""An open archive: a sqlite_utils.Database, which is loaded when more is asked of it than to execute a statement.

Loading sqlite-utils takes a third of the time that a search needs to start, and a search only executes statements. If
pandas and numpy are installed, sqlite-utils imports them in order to store their types, which no archive has: that takes
as much time as the whole rest of a command's start, and most of its memory; so it is loaded without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.lazy import without

if TYPE_CHECKING:
    from sqlite_utils import Database as Archive
else:

    class Archive:
        """A connection and what sqlite_utils.Database offers of it."""

        def __init__(self, connection: Any, *, execute_plugins: bool) -> None:
            self.conn = connection
            self._execute_plugins = execute_plugins
            self._whole: Any = None

        def execute(self, sql: str, parameters: Any = ()) -> Any:
            """Execute a statement as Database.execute() does on a connection that commits by itself."""
            return self.conn.execute(sql, parameters)

        def __getattr__(self, name: str) -> Any:
            if self._whole is None:
                with without("pandas", "numpy"):
                    from sqlite_utils import Database  # noqa: PLC0415  (loaded when it is needed)

                self._whole = Database(self.conn, execute_plugins=self._execute_plugins)
            return getattr(self._whole, name)


__all__ = ["Archive"]
