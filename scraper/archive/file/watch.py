"""Stopping a query that keeps SQLite busy: by Ctrl-C, which Python notices only between two of its steps, and by a time
limit.

A file from somebody else may be made so that one step never ends: pages of a table that lead back to themselves.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from scraper.errors import ArchiveSlow
from scraper.interrupts import heard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

STEP_S = 60.0  # for what takes milliseconds in an intact archive: one article, one capture, a thousand numbers
_STEPS = 100_000  # of SQLite's machine between two checks for a signal: some milliseconds
_LOOK_S, _AGAIN_S = 0.5, 0.05


class _Watch:
    """Interrupts a connection once a moment has passed, again and again until it is removed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.until: float | None = None
        self.is_over = threading.Event()
        self._connection = connection
        threading.Thread(target=self._run, daemon=True, name="kliping-watch").start()

    def _run(self) -> None:
        pause = _LOOK_S
        while not self.is_over.wait(pause):
            pause = _LOOK_S
            if (until := self.until) is not None and time.monotonic() > until:
                self._connection.interrupt()
                pause = _AGAIN_S


_WATCHES: WeakKeyDictionary[Database, _Watch] = WeakKeyDictionary()


def listen(connection: sqlite3.Connection) -> None:
    """Let a connection notice signals, if this program does."""
    if (signalled := heard()) is not None:
        connection.set_progress_handler(signalled, _STEPS)


def unwatch(db: Database) -> None:
    """Stop watching a connection, before it is closed."""
    if (watch := _WATCHES.pop(db, None)) is not None:
        watch.is_over.set()


@contextmanager
def limited(db: Database, what: str, seconds: float = STEP_S) -> Iterator[None]:
    """Give a block some seconds. Raises ArchiveSlow if one of its queries was ended by that."""
    watch = _WATCHES.get(db)
    if watch is None:
        watch = _WATCHES[db] = _Watch(db.conn)
    watch.until = time.monotonic() + seconds
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_INTERRUPT:
            raise
        raise ArchiveSlow(f"{what}: took over {seconds:g} s, which never happens with an intact file") from error
    finally:
        watch.until = None
