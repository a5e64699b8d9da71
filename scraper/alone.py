"""Read pages in a separate process from code that is not asynchronous, within the limits of a crawl.

For input that nobody has looked at before: a saved page, a page of the web, a body that somebody sent. It costs the
start of one process, some 0.3 s, and then a millisecond for each page.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
from typing import TYPE_CHECKING

from scraper.crawl.readers import Readers
from scraper.extract.fields.chains import check_moment
from scraper.sites.registry import own_sites

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from typing import Any, TypeVar

    from scraper.extract import Explanation
    from scraper.processes import Given
    from scraper.records import Article, Capture
    from scraper.sites import Site

    T = TypeVar("T")


class _Alone:
    """One reading process, on an event loop in a separate thread, since the caller may already have a loop, as in a
    notebook.
    """

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.sites: tuple[Site, ...] = own_sites()
        self.readers = Readers(1)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="kliping-alone")
        self._thread.start()

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # Ctrl-C: nobody waits for the page any more
            raise

    def close(self) -> None:
        if self.pid != os.getpid():  # after a fork: the process belongs to whoever started it
            return
        self.wait(self.readers.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


_lock = threading.Lock()
_alone: _Alone | None = None


def _reader() -> _Alone:
    """The reader of this process, restarted if the definitions of sites have changed."""
    global _alone  # noqa: PLW0603
    with _lock:
        if _alone is not None and (_alone.pid != os.getpid() or _alone.sites != own_sites()):
            _alone.close()
            _alone = None
        if _alone is None:
            _alone = _Alone()
        return _alone


@atexit.register
def end_reader() -> None:
    """End the process; the next page starts another."""
    global _alone
    with _lock:
        before, _alone = _alone, None
    if before is not None:
        before.close()


def extract_alone(page: Given) -> Article:
    """Read a page as extract() does. Raises ExtractError, with `extract_failed` if it exceeds the limits of a crawl.

    Raises WorkerError if no process can be started, and ValueError like extract().
    """
    check_moment(page.fetched_at)
    reader = _reader()
    return reader.wait(reader.readers.given(page))


def explain_alone(page: Given) -> Explanation:
    """Explain a page as explain() does. Raises like extract_alone()."""
    check_moment(page.fetched_at)
    reader = _reader()
    return reader.wait(reader.readers.explained(page))


def read_alone(capture: Capture) -> Article:
    """The article of a capture. Raises like extract_alone()."""
    reader = _reader()
    return reader.wait(reader.readers.article(capture))
