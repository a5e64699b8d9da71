"""The archive's tables, and the way from every earlier format to this one.

`user_version` counts migrations. Never edit a migration that has been
released; add one. schemas/archive.sql is this DDL as analysts see it (a test
compares it with a fresh archive), schemas/README.md describes every column.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from scraper.archive.migrations import m001, m002, m003, m004, m005

if TYPE_CHECKING:
    from collections.abc import Iterator

APPLICATION_ID = 0x4B4C4950  # "KLIP", shown by file(1)

MIGRATIONS: tuple[str, ...] = (m001.SCRIPT, m002.SCRIPT, m003.SCRIPT, m004.SCRIPT, m005.SCRIPT)
VERSION = len(MIGRATIONS)


def statements(script: str) -> Iterator[str]:
    """The single statements of a script; the semicolons inside a trigger end none."""
    lines: list[str] = []
    for line in script.splitlines():
        lines.append(line)
        if line.rstrip().endswith(";") and sqlite3.complete_statement("\n".join(lines)):
            yield "\n".join(lines)
            lines = []
