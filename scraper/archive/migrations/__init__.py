"""The archive's tables, and the way from every earlier format to this one.

A new archive is created by schemas/archive.sql, which also describes the tables to analysts; an older one is upgraded
by the migrations after its format (`user_version`), and a test ensures that both end up the same. Never edit a
migration that has been released; add one, its columns to the tables in archive.sql, and its other statements at the
end. schemas/README.md describes every column.
"""

from __future__ import annotations

import sqlite3
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.archive.migrations import m003, m004, m005, m006, m007

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

APPLICATION_ID = 0x4B4C4950  # "KLIP", shown by file(1)

# Keyed by the format that each makes from the one before. Format 1 was never released.
MIGRATIONS: Mapping[int, str] = {3: m003.SCRIPT, 4: m004.SCRIPT, 5: m005.SCRIPT, 6: m006.SCRIPT, 7: m007.SCRIPT}
OLDEST, VERSION = min(MIGRATIONS) - 1, max(MIGRATIONS)


def schemas() -> Path:
    """The directory of the schemas: beside the package in a clone, inside it when installed."""
    package = Path(__file__).parent.parent.parent
    installed = package / "_schemas"
    return installed if installed.is_dir() else package.parent / "schemas"


@cache
def ddl() -> str:
    """The SQL that creates the tables of a new archive."""
    return (schemas() / "archive.sql").read_text("utf-8")


def statements(script: str) -> Iterator[str]:
    """The single statements of a script; semicolons inside a trigger do not end one."""
    lines: list[str] = []
    for line in script.splitlines():
        lines.append(line)
        if line.rstrip().endswith(";") and sqlite3.complete_statement("\n".join(lines)):
            yield "\n".join(lines)
            lines = []
