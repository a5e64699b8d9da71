"""Reading ahead: while one page of an import is stored in the archive, other processes already read the next ones.

What is stored, and in which order, is the same; only the reader's answer is already there when a page's turn comes.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.crawl.readers import Readers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable
    from types import TracebackType

    from scraper.records import Article, Capture, CharsetEvidence

MAX_WAITING = 1000  # steps after a page that is still being read


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadStep:
    """One record or file of an import: what to do in its turn, and the capture that will be read then, if any."""

    do: Callable[[], Awaitable[None]]
    capture: Capture | None = None


class AheadReaders(Readers):
    """Reading processes that start on up to `count` pages before their turn; with 0 each page is read in its turn."""

    def __init__(self, count: int) -> None:
        super().__init__(max(count, 1))
        self.count = count
        # Keyed by id(capture).
        self._begun: dict[int, tuple[Capture, asyncio.Task[tuple[Article, CharsetEvidence]]]] = {}

    def begin(self, capture: Capture) -> None:
        """Start to read a page that `page` will be asked for."""
        task = asyncio.ensure_future(super().page(capture))
        task.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may ask for it after all
        self._begun[id(capture)] = capture, task

    async def page(self, capture: Capture) -> tuple[Article, CharsetEvidence]:
        """The reading that was started, or else one that starts now."""
        begun = self._begun.pop(id(capture), None)
        return await (begun[1] if begun else super().page(capture))

    def forget(self, capture: Capture) -> None:
        """Its turn is over."""
        self._begun.pop(id(capture), None)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tasks = [task for _, task in self._begun.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await super().__aexit__(kind, error, trace)


async def in_order(readers: AheadReaders, steps: Iterable[ReadStep]) -> None:
    """Do the steps one after the other, while the pages of the next ones are being read.

    If the source of the steps fails, those that it has given are done first.
    """
    waiting: deque[ReadStep] = deque()
    pages = 0

    async def do_first() -> None:
        nonlocal pages
        step = waiting.popleft()
        await step.do()
        if step.capture is not None:
            readers.forget(step.capture)
            pages -= 1

    given = iter(steps)
    failure: Exception | None = None
    while True:
        try:
            step = next(given)
        except StopIteration:
            break
        except Exception as error:  # noqa: BLE001  (raised below)
            failure = error
            break
        waiting.append(step)
        if step.capture is not None:
            pages += 1
            if readers.count:
                readers.begin(step.capture)
        if pages:  # so that a reading does start, and its answer is received even if much is skipped after it
            await asyncio.sleep(0)
        while waiting and (waiting[0].capture is None or pages > readers.count or len(waiting) > MAX_WAITING):
            await do_first()
    while waiting:
        await do_first()
    if failure is not None:
        raise failure
