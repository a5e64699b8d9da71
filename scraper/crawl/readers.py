"""The crawl's side of its reading processes: they are long-lived, and killed if a page is too much for them.

A page is judged only by what it alone can cause: CPU seconds, memory, a crash that happens again in a fresh process. A
process that cannot start, is stopped, or starves on a slow machine is the machine's fault, and the page is read again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
from typing import TYPE_CHECKING, Any, Self, TypeVar

from scraper import installed
from scraper.crawl import nursery
from scraper.errors import DiscoverError, ExtractError, PackageChanged, Reason, WorkerError
from scraper.processes import CPU_S, HEAD, LISTING_CPU_S
from scraper.sites.registry import own_sites

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from types import TracebackType

    from scraper.crawl.nursery import Child, Forked, Spawned
    from scraper.discover import ListingResult
    from scraper.discover.sniff import Shape
    from scraper.extract import Explanation
    from scraper.extract.verdict import Claim
    from scraper.processes import Given, Pages
    from scraper.records import Article, Capture, CharsetEvidence
    from scraper.sight import Sight

STALLED_S = 60.0  # without any CPU time: the process is stopped, or the machine is
LONGEST_S = 1_800.0  # for one page, however slow the machine is; if CPU time cannot be measured, a sixth of it
END_S = 5.0  # for a process that has closed its end
SLICE_S = 0.5  # between two checks of a process' CPU time
TRIES = 3  # for what may be the machine's fault
_CPU_SIGNAL = getattr(signal, "SIGXCPU", 24)
PAGES = 10_000  # after which a process is replaced; one that has grown ends by itself
T = TypeVar("T")
_ERRORS = {"ExtractError": ExtractError, "DiscoverError": DiscoverError}


class ReaderBug(Exception):
    """The reader raised an unexpected error, or a page could not be read through no fault of its own; the text says
    more.
    """


class _Stalled(Exception):
    """A process makes no progress."""


class _OverLimit(Exception):
    """A page has used more CPU than it may."""


class _Watch:
    """Checks a process from time to time, and kills it if it makes no progress or uses too much CPU; `verdict` says
    which.

    Only time in which this process itself was awake counts: after both were stopped, the other is not late.
    """

    def __init__(self, child: Child, cpu_s: float, stalled_s: float) -> None:
        self.verdict: _Stalled | _OverLimit | None = None
        self._child, self._cpu_s, self._stalled_s = child, cpu_s, stalled_s
        self._slice_s = min(SLICE_S, stalled_s / 4)
        self._first: float | None = None
        self._used: float | None = None
        self._awake_s = self._idle_s = 0.0
        self._timer = asyncio.get_running_loop().call_later(self._slice_s, self._look)

    def _look(self) -> None:
        now = _cpu_s(self._child.pid)
        self._first = now if self._first is None else self._first  # most pages are read before the first check
        self._awake_s += self._slice_s
        self._idle_s = 0.0 if now is not None and now != self._used else self._idle_s + self._slice_s
        self._used = now
        if now is not None and self._first is not None and now - self._first > self._cpu_s + 2:
            self.verdict = _OverLimit()  # the system's own limit would end it sooner
        elif self._idle_s >= (self._stalled_s if now is not None else LONGEST_S / 6) or self._awake_s >= LONGEST_S:
            self.verdict = _Stalled()
        if self.verdict is not None:
            self._child.kill()
        else:
            self._timer = asyncio.get_running_loop().call_later(self._slice_s, self._look)

    def end(self) -> None:
        self._timer.cancel()


async def _watched(child: Child, work: Awaitable[T], cpu_s: float, stalled_s: float) -> T:
    """The result of the work, as long as a process makes progress within its CPU limit. Raises _Stalled, _OverLimit."""
    watch = _Watch(child, cpu_s, stalled_s)
    try:
        return await work
    except (EOFError, OSError) as error:
        if watch.verdict is not None:
            raise watch.verdict from error
        raise
    finally:
        watch.end()


def _cpu_s(pid: int) -> float | None:
    """CPU seconds that a process has used, if the system reports it (Linux); None elsewhere, and once it has ended."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:  # noqa: PTH123
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class _Process:
    def __init__(self, process: Forked | Spawned) -> None:
        self.process = process
        self.pages = 0

    @classmethod
    async def start(cls, stalled_s: float = STALLED_S) -> _Process:
        """One that is ready to read. Raises WorkerError if none can be had."""
        why = ""
        for _ in range(TRIES):
            try:
                process = cls(await _made(stalled_s))
            except OSError as error:
                why = str(error.strerror or error)
                continue
            except EOFError:
                why = f"it ended with {nursery.end_nursery()}"
                continue
            except (_Stalled, _OverLimit):
                nursery.end_nursery()
                why = "it was not ready in time"
                continue
            try:
                await _watched(process.process, process.ready(), LONGEST_S, stalled_s)
            except (_Stalled, _OverLimit):
                await process.end()
                why = "it was not ready in time"
                continue
            except (EOFError, OSError):
                why = f"it ended with {await process.died()}"
                continue
            except BaseException:
                await process.end()
                raise
            if own := own_sites():
                process.send(pickle.dumps(("sites", own), protocol=pickle.HIGHEST_PROTOCOL))
            return process
        raise WorkerError(f"the reading process cannot be started: {why}")

    def send(self, frame: bytes) -> None:
        """Write a frame."""
        self.process.writer.writelines((HEAD.pack(len(frame)), frame))

    async def ready(self) -> None:
        """Wait until it reports that it can read. Raises IncompleteReadError if it ends instead."""
        await self.process.reader.readexactly(HEAD.size)

    async def ask(self, frame: bytes) -> tuple[str, Any]:
        """Raise IncompleteReadError or OSError if the process ends instead of answering."""
        self.send(frame)
        await self.process.writer.drain()
        size = HEAD.unpack(await self.process.reader.readexactly(HEAD.size))[0]
        self.pages += 1
        found: tuple[str, Any] = pickle.loads(await self.process.reader.readexactly(size))  # noqa: S301  (from our own child)
        return found

    async def died(self) -> int:
        """The exit code of one that has closed its end, negative for a signal."""
        code: int = nursery.KILLED  # if nobody reports it
        with contextlib.suppress(TimeoutError):  # killing one that has just ended would lose its code
            async with asyncio.timeout(END_S):
                code = await self.process.ended()
        await self.end()
        return code

    async def end(self) -> None:
        """Kill it."""
        self.process.kill()
        await self.process.close()


async def _made(stalled_s: float) -> Forked | Spawned:
    """A process that may not be ready yet. Raises OSError, EOFError, _Stalled, _OverLimit."""
    if not hasattr(os, "fork"):
        return await nursery.spawn()
    mother = nursery.running()
    return await _watched(mother, nursery.order(mother), LONGEST_S, stalled_s)


class Readers:
    """Reading processes for one event loop, started on demand. Use as `async with Readers() as readers`."""

    def __init__(self, count: int = 2, *, stalled_s: float = STALLED_S) -> None:
        self._stalled_s = stalled_s
        self._free = asyncio.Semaphore(count)
        self._idle: list[_Process] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._idle:
            await process.end()
        self._idle.clear()

    async def article(self, capture: Capture) -> Article:
        """Read an article. Raises ExtractError, with `extract_failed` if the process did not survive it."""
        article: Article = await self._ask("article", capture)
        return article

    async def given(self, given: Given) -> Article:
        """Read a page that is not a capture. Raises ExtractError like `article`."""
        article: Article = await self._ask("given", given)
        return article

    async def explained(self, given: Given) -> Explanation:
        """Explain how a page is read. Raises ExtractError like `article`."""
        found: Explanation = await self._ask("explained", given)
        return found

    async def page(self, capture: Capture) -> tuple[Article, CharsetEvidence]:
        """Read an article, and how its bytes became text. Raises ExtractError like `article`."""
        found: tuple[Article, CharsetEvidence] = await self._ask("page", capture)
        return found

    async def joined(self, pages: Pages) -> Article:
        """Read an article again from all its captures. Raises ExtractError like `article`."""
        article: Article = await self._ask("joined", pages)
        return article

    async def sight(self, capture: Capture) -> Sight:
        """Look at a page as a whole. Raises ExtractError like `article`."""
        found: Sight = await self._ask("sight", capture)
        return found

    async def listing(self, capture: Capture) -> tuple[Shape, ListingResult]:
        """Read a feed, sitemap or index page. Raises DiscoverError or ExtractError."""
        found: tuple[Shape, ListingResult] = await self._ask("listing", capture)
        return found

    async def refresh(self, capture: Capture) -> str | None:
        """The URL to which a page redirects its readers (<meta http-equiv=refresh>); None if it does not. Raises
        ExtractError.
        """
        target: str | None = await self._ask("refresh", capture)
        return target

    async def claim(self, capture: Capture) -> Claim | None:
        """The evidence by which a page declares itself an article; None if it does not. Raises ExtractError."""
        said: Claim | None = await self._ask("claim", capture)
        return said

    async def _ask(self, task: str, given: Capture | Given | Pages) -> Any:
        frame = pickle.dumps((task, given), protocol=pickle.HIGHEST_PROTOCOL)
        url = (given[0][1] if isinstance(given, tuple) else given).final_url
        async with self._free:
            kind, value = await self._answer(frame, url, LISTING_CPU_S if task == "listing" else CPU_S)
        if kind in _ERRORS:
            raise _ERRORS[kind](*value)
        if kind == "changed":
            raise PackageChanged(value)
        if kind == "bug":
            installed.check_unchanged()  # a failure caused by an upgrade is not the page's fault
            raise ReaderBug(value)
        return value

    async def _answer(self, frame: bytes, url: str, cpu_s: float) -> tuple[str, Any]:
        """One answer. If a process ends that was used before, or for the first time, or from outside, the page is tried
        again.

        Raises ExtractError for what the page caused, WorkerError if no process can be had.
        """
        crashes = stalls = 0
        while True:
            process = self._idle.pop() if self._idle else await _Process.start(self._stalled_s)
            is_fresh = process.pages == 0
            try:
                answer = await _watched(process.process, process.ask(frame), cpu_s, self._stalled_s)
            except _OverLimit as error:
                await process.end()
                raise _failed(url, f"no end in {cpu_s} s of CPU") from error
            except (EOFError, OSError) as error:
                code = await process.died()
                if code == -_CPU_SIGNAL:
                    raise _failed(url, f"no end in {cpu_s} s of CPU") from error
                stalls += code == nursery.KILLED  # somebody else ended it, which a page cannot do
                crashes += is_fresh and code != nursery.KILLED
                if crashes > 1:
                    raise _failed(url, f"the reading process ended with {code}, and so did another") from error
            except _Stalled:
                await process.end()
                stalls += 1
            except BaseException:
                await process.end()  # it is still working on a page that nobody waits for
                raise
            else:
                if process.pages >= PAGES:
                    await process.end()
                else:
                    self._idle.append(process)
                return answer
            if stalls >= TRIES:
                raise ReaderBug(f"{TRIES} reading processes were stopped from outside, ended, or made no progress")


def _failed(url: str, detail: str) -> ExtractError:
    return ExtractError(url, Reason.EXTRACT_FAILED, detail)
