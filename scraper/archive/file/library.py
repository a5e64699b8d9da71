"""An open archive: a sqlite_utils.Database that is loaded only when something other than executing a statement is
needed.

Loading sqlite-utils takes a third of the time that a search needs to start, and a search only executes statements. If
pandas and numpy are installed, sqlite-utils imports them in order to store their types, which no archive contains. That
takes as long as the rest of a command's start, and most of its memory, so sqlite-utils is loaded without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.lazy import without

if TYPE_CHECKING:
    from sqlite_utils import Database as Archive
else:

    class Archive:
        """A connection, with the attributes of sqlite_utils.Database."""

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
