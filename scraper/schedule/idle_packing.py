"""What a schedule does for its archive while nothing is due: it packs past days and lists the best articles of frequent words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from scraper.archive.keep import champion_lists, packing
from scraper.archive.keep.packing import Packed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.archive.file.library import Archive

SPARE = timedelta(seconds=30)  # until the next turn; a window of pages takes a few


class IdlePacking:
    """Packs the pages of past days, a window at a time, starting anew each day; `tell` gets each day's result."""

    def __init__(self, db: Archive, tell: Callable[..., Any]) -> None:
        self._db = db
        self._tell = tell
        self._today: datetime | None = None
        self._left: Iterator[Packed] = iter(())
        self._lists: Iterator[champion_lists.Round] = iter(())
        self._done = Packed()

    def step(self, now: datetime) -> bool:
        """Pack one window or bring the lists of one word up to date; False if nothing is left to do today."""
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if today != self._today:
            self._tell_day()
            self._today, self._left = today, packing.pack_bodies(self._db, before=today, at=now)
            self._lists = champion_lists.update(self._db) if champion_lists.is_round_due(self._db) else iter(())
        found = next(self._left, None)
        if found is None:
            self._tell_day()
            return next(self._lists, None) is not None
        self._done.add(found)
        return True

    def _tell_day(self) -> None:
        done, self._done = self._done, Packed()
        if done.bodies or done.damaged:
            self._tell(
                "packed",
                bodies=done.bodies,
                anew=done.anew,
                bytes_before=done.bytes_before,
                bytes_after=done.bytes_after,
                damaged=len(done.damaged),
            )
