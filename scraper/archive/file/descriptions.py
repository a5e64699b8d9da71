"""The meaning of every table and column, inside the archive itself: the table `descriptions`, made from
schemas/README.md.

The data dictionary is written once, for people. An archive gets its rows when it is created, migrated, or opened for
writing by a kliping with a different dictionary.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from scraper.archive.migrations import schemas

if TYPE_CHECKING:
    from sqlite_utils import Database

_ROW = re.compile(r"\| `(\w+)` \| (.+) \|")


@cache
def dictionary() -> tuple[tuple[str, str | None, str], ...]:
    """(table or view, column, text) in the order of schemas/README.md; column None stands for the table itself."""
    found: list[tuple[str, str | None, str]] = []
    for section in schemas().joinpath("README.md").read_text("utf-8").split("\n## ")[1:]:
        table, *lines = section.splitlines()
        about = " ".join(line for line in lines if line and not line.startswith("|"))
        found.append((table, None, about))
        found += [(table, row[1], row[2]) for line in lines if (row := _ROW.match(line))]
    return tuple(found)


def is_described(db: Database) -> bool:
    """Whether the archive's descriptions are this kliping's."""
    rows = db.execute("SELECT table_name, column_name, text FROM descriptions ORDER BY id")
    return tuple(map(tuple, rows)) == dictionary()


def write_descriptions(db: Database) -> None:
    """Write the dictionary into the archive, in the caller's transaction."""
    db.execute("DELETE FROM descriptions")
    db.conn.executemany("INSERT INTO descriptions (table_name, column_name, text) VALUES (?, ?, ?)", dictionary())
