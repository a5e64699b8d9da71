"""From every earlier format to this one, each step whole or not at all, after a backup."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from scraper.archive.schema import APPLICATION_ID, MIGRATIONS
from scraper.archive.session import pragma, transaction
from scraper.errors import ArchiveDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from sqlite_utils import Database


def migrate(db: Database, path: Path, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Bring an archive, or an empty file, up to date; an older archive is copied first (CONTRACT D8)."""
    version = pragma(db, "user_version")
    if version >= len(migrations):
        return
    if version:
        _back_up(db, path, version)
    # A table is rebuilt by making, copying, dropping and renaming; dropping it would cascade. The switch works outside
    # a transaction only, so the check inside each step makes up for it.
    db.execute("PRAGMA foreign_keys = OFF")
    try:
        while _step(db, path, migrations):
            pass
    finally:
        db.execute("PRAGMA foreign_keys = ON")


def _step(db: Database, path: Path, migrations: Sequence[str]) -> bool:
    """One step; whether there was one to do. Another process may have done it while this one waited for the lock."""
    with transaction(db):
        done = pragma(db, "user_version")
        if done >= len(migrations):
            return False
        for statement in statements(migrations[done]):
            db.execute(statement)
        if db.execute("PRAGMA foreign_key_check").fetchall():
            raise ArchiveDamaged(f"{path}: rows point to rows that are not there; format {done} is left as it was")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {done + 1}")
    return True


def statements(script: str) -> Iterator[str]:
    """The statements of a script. executescript() would commit first and leave no transaction to roll back."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement.strip()
            statement = ""
    if statement.strip():
        raise ValueError("the script ends inside a statement")


def _back_up(db: Database, path: Path, version: int) -> None:
    """A whole copy beside the archive; a copy cut short never takes the place of an earlier one."""
    copy = path.with_name(f"{path.name}.format-{version}.bak")
    partial = copy.with_name(copy.name + ".part")
    partial.unlink(missing_ok=True)
    db.execute("VACUUM INTO ?", [str(partial)])
    partial.replace(copy)
