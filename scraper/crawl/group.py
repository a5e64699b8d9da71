"""Pages that finish at about the same time are committed together; none of them is reported before it is on disk."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

from scraper.archive.file import connection
from scraper.errors import ArchiveError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.archive.file.library import Archive

WITHIN_S = 0.2  # a group is committed within this time of its first page; a writer beside the crawl waits that long
PAGES = 64  # in a group at most


class Group:
    """The pages of a crawl that wait for their commit, and what will be reported after it. Belongs to one event loop.

    A commit waits for the disk, which takes longer than everything else that is done to keep a page. If it fails, the
    error is `failure`, and its contents have not happened: nothing is reported about them, and nothing more is
    accepted. Some errors of a single statement (a full disk) also end the whole transaction.
    """

    def __init__(self, db: Archive, *, on_failure: Callable[[], None], within_s: float = WITHIN_S) -> None:
        self.failure: Exception | None = None
        self._db, self._on_failure, self._within_s = db, on_failure, within_s
        self._reports: list[Callable[[], None]] = []
        self._pages = 0
        self._timer: asyncio.TimerHandle | None = None

    @contextmanager
    def page(self) -> Iterator[None]:
        """All of the block or nothing; it is on disk after the next commit, which happens automatically."""
        self._look_for_loss()
        if self.failure is not None:
            raise self.failure
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._within_s, self._commit_late)
        try:
            with connection.part(self._db):
                yield
        except Exception as error:
            self._look_for_loss(error)
            raise
        self._pages += 1

    def _look_for_loss(self, error: Exception | None = None) -> None:
        """Find out whether this error, or one before it, has ended the transaction, with pages that nobody has
        committed.
        """
        if self._pages and self.failure is None and not connection.is_writing(self._db):
            self.failure = error or ArchiveError("an error has undone what was to be committed")

    def tell(self, report: Callable[[], None]) -> None:
        """Call this after the commit of what has been accepted so far."""
        self._reports.append(report)
        if self._pages >= PAGES:
            self.commit()

    def commit(self) -> None:
        """Commit what was accepted, and report it. Raises what the archive raises."""
        self._look_for_loss()
        if self._timer is not None:
            self._timer.cancel()
        self._timer, self._pages = None, 0
        reports, self._reports = self._reports, []
        try:
            connection.commit(self._db)
        except Exception as error:
            self.failure = self.failure or error
            raise
        if self.failure is not None:
            raise self.failure
        for report in reports:
            report()

    def _commit_late(self) -> None:
        try:
            self.commit()
        except Exception as error:  # noqa: BLE001  (whoever asks next, and at the latest the end of the run, raises it)
            self.failure = self.failure or error
            self._on_failure()
