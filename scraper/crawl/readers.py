"""The crawl's side of its reading processes: they are long-lived, and killed when a page is too much for them.

A page is judged by what it alone can cause: CPU seconds, memory, a crash that
happens again in a fresh process. A process that cannot start, is stopped, or
starves on a slow machine is the machine's fault, and the page is asked again.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

import scraper
from scraper.errors import DiscoverError, ExtractError, Reason, WorkerError
from scraper.sites.registry import own_sites
from scraper.worker import CPU_S, HEAD, LISTING_CPU_S

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from types import TracebackType

    from scraper.discover import Found
    from scraper.discover.sniff import Shape
    from scraper.extract import Explanation
    from scraper.extract.verdict import Claim
    from scraper.records import Article, Capture, CharsetEvidence
    from scraper.sight import Sight
    from scraper.worker import Given, Pages

STALLED_S = 60.0  # without any CPU time: the process is stopped, or the machine is
LONGEST_S = 1_800.0  # of one page, however slow the machine is; where CPU time cannot be told, a sixth of it
SLICE_S = 0.5  # between two looks at a process' CPU time
TRIES = 3  # of what may be the machine's fault
_COMMAND = ("-P", "-m", "scraper.worker")  # -P: what lies in the current directory is not ours to run
_CPU_SIGNAL = getattr(signal, "SIGXCPU", 24)
_KILL_SIGNAL = getattr(signal, "SIGKILL", 9)
PAGES = 10_000  # then a process is replaced; one that has grown ends by itself
T = TypeVar("T")
_ERRORS = {"ExtractError": ExtractError, "DiscoverError": DiscoverError}


class ReaderBug(Exception):
    """The reader raised what it should not, or a page could not be read for no fault of its own; the text says more."""


class _Stalled(Exception):
    """A process makes no progress."""


class _OverLimit(Exception):
    """A page has used more CPU than it may."""


class _Process:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.pages = 0

    @classmethod
    async def start(cls, stalled_s: float = STALLED_S) -> _Process:
        """One that is ready to read. Raises WorkerError if there is none to be had."""
        why = ""
        for _ in range(TRIES):
            try:
                process = cls(await _spawn())
            except OSError as error:
                why = str(error.strerror or error)
                continue
            try:
                await process.watched(process.ready(), LONGEST_S, stalled_s)
            except (_Stalled, _OverLimit):
                await process.end()
                why = "it was not ready in time"
                continue
            except (asyncio.IncompleteReadError, OSError):
                why = f"it ended with {await process.died()}"
                continue
            except BaseException:
                await process.end()
                raise
            if own := own_sites():
                process.send(pickle.dumps(("sites", own), protocol=pickle.HIGHEST_PROTOCOL))
            return process
        raise WorkerError(f"the process that reads pages cannot be started: {why}")

    def send(self, frame: bytes) -> None:
        """Write a frame."""
        writer = self.process.stdin
        assert writer is not None  # noqa: S101  (it is a pipe)
        writer.write(HEAD.pack(len(frame)) + frame)

    async def ready(self) -> None:
        """Wait until it says that it can read. Raises IncompleteReadError if it ends instead."""
        assert self.process.stdout is not None  # noqa: S101  (it is a pipe)
        await self.process.stdout.readexactly(HEAD.size)

    async def ask(self, frame: bytes) -> tuple[str, Any]:
        """Raises IncompleteReadError or OSError if the process ends instead of answering."""
        reader, writer = self.process.stdout, self.process.stdin
        assert reader is not None  # noqa: S101  (both are pipes)
        assert writer is not None  # noqa: S101
        self.send(frame)
        await writer.drain()
        size = HEAD.unpack(await reader.readexactly(HEAD.size))[0]
        self.pages += 1
        found: tuple[str, Any] = pickle.loads(await reader.readexactly(size))  # noqa: S301  (from our own child)
        return found

    async def watched(self, work: Coroutine[Any, Any, T], cpu_s: float, stalled_s: float) -> T:
        """The work, for as long as the process makes progress within its CPU limit. Raises _Stalled, _OverLimit.

        Counted is the time in which this process was awake itself: after both were stopped, the other is not behind.
        """
        task = asyncio.ensure_future(work)
        used = first = self.cpu_s()
        awake_s = idle_s = 0.0
        try:
            while True:
                slice_s = min(SLICE_S, stalled_s / 4)
                done, _ = await asyncio.wait({task}, timeout=slice_s)
                if done:
                    return task.result()
                now = self.cpu_s()
                awake_s += slice_s
                idle_s = 0.0 if now is not None and now != used else idle_s + slice_s
                used = now
                if (
                    now is not None and first is not None and now - first > cpu_s + 2
                ):  # the system's own limit ends it sooner
                    raise _OverLimit
                if idle_s >= (stalled_s if now is not None else LONGEST_S / 6) or awake_s >= LONGEST_S:
                    raise _Stalled
        finally:
            if not task.done():
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)

    def cpu_s(self) -> float | None:
        """CPU seconds that the process has used, where the system tells it (Linux); None elsewhere, and once it has ended."""
        try:
            with open(f"/proc/{self.process.pid}/stat", "rb") as file:  # noqa: PTH123
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            return None
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    async def died(self) -> int:
        """The exit code of one that has closed its end, negative for a signal."""
        with contextlib.suppress(TimeoutError):  # to kill what has just ended would lose its code
            async with asyncio.timeout(5.0):
                await self.process.wait()
        return await self.end()

    async def end(self) -> int:
        """Kill it; its exit code, negative for a signal."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()
        return await self.process.wait()


async def _spawn() -> asyncio.subprocess.Process:
    home = str(Path(scraper.__file__).parent.parent)
    path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *_COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": path},
        start_new_session=True,  # Ctrl-C is the crawl's to handle
    )


class Readers:
    """Reading processes for one event loop, started when they are needed. Use as `async with Readers() as readers`."""

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
        """Read an article. Raises ExtractError, `extract_failed` when the process did not survive it."""
        article: Article = await self._ask("article", capture)
        return article

    async def given(self, given: Given) -> Article:
        """Read a page that is no capture. Raises ExtractError like `article`."""
        article: Article = await self._ask("given", given)
        return article

    async def explained(self, given: Given) -> Explanation:
        """Explain how a page is read. Raises ExtractError like `article`."""
        found: Explanation = await self._ask("explained", given)
        return found

    async def page(self, capture: Capture) -> tuple[Article, CharsetEvidence]:
        """Read an article, with how its bytes became text. Raises ExtractError like `article`."""
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

    async def listing(self, capture: Capture) -> tuple[Shape, Found]:
        """Read a feed, sitemap or index page. Raises DiscoverError or ExtractError."""
        found: tuple[Shape, Found] = await self._ask("listing", capture)
        return found

    async def refresh(self, capture: Capture) -> str | None:
        """Where a page passes its readers on to (<meta http-equiv=refresh>); None if it does not. Raises ExtractError."""
        target: str | None = await self._ask("refresh", capture)
        return target

    async def claim(self, capture: Capture) -> Claim | None:
        """Where a page says itself that it is an article; None if it does not. Raises ExtractError."""
        said: Claim | None = await self._ask("claim", capture)
        return said

    async def _ask(self, task: str, given: Capture | Given | Pages) -> Any:
        frame = pickle.dumps((task, given), protocol=pickle.HIGHEST_PROTOCOL)
        url = (given[0][1] if isinstance(given, tuple) else given).final_url
        async with self._free:
            kind, value = await self._answer(frame, url, LISTING_CPU_S if task == "listing" else CPU_S)
        if kind in _ERRORS:
            raise _ERRORS[kind](*value)
        if kind == "bug":
            raise ReaderBug(value)
        return value

    async def _answer(self, frame: bytes, url: str, cpu_s: float) -> tuple[str, Any]:
        """One answer. What ends a process that was used before, or once, or from outside, is not the page: it is asked again.

        Raises ExtractError for what the page did, WorkerError where no process can be had.
        """
        crashes = stalls = 0
        while True:
            process = self._idle.pop() if self._idle else await _Process.start(self._stalled_s)
            is_fresh = process.pages == 0
            try:
                answer = await process.watched(process.ask(frame), cpu_s, self._stalled_s)
            except _OverLimit as error:
                await process.end()
                raise _failed(url, f"no end in {cpu_s} s of CPU") from error
            except (asyncio.IncompleteReadError, OSError) as error:
                code = await process.died()
                if code == -_CPU_SIGNAL:
                    raise _failed(url, f"no end in {cpu_s} s of CPU") from error
                stalls += code == -_KILL_SIGNAL  # somebody else ended it: a page cannot
                crashes += is_fresh and code != -_KILL_SIGNAL
                if crashes > 1:
                    raise _failed(url, f"the reading process ended with {code}, and so did another") from error
            except _Stalled:
                await process.end()
                stalls += 1
            except BaseException:
                await process.end()  # it still works on a page that nobody waits for
                raise
            else:
                if process.pages >= PAGES:
                    await process.end()
                else:
                    self._idle.append(process)
                return answer
            if stalls >= TRIES:
                raise ReaderBug(f"{TRIES} reading processes were stopped or ended from outside, or stood still")


def _failed(url: str, detail: str) -> ExtractError:
    return ExtractError(url, Reason.EXTRACT_FAILED, detail)
