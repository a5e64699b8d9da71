"""The crawl's side of its reading processes: they are long-lived, and killed when a page is too much for them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import scraper
from scraper.errors import DiscoverError, ExtractError, Reason
from scraper.sites.registry import own_sites
from scraper.worker import CPU_S, HEAD, LISTING_CPU_S

if TYPE_CHECKING:
    from types import TracebackType

    from scraper.discover import Found
    from scraper.discover.sniff import Shape
    from scraper.records import Article, Capture, CharsetEvidence
    from scraper.sight import Sight
    from scraper.worker import Pages

WALL_S = 12.0  # a little more than the CPU seconds of a page (CONTRACT L10)
PAGES = 10_000  # then a process is replaced; one that has grown ends by itself
_ERRORS = {"ExtractError": ExtractError, "DiscoverError": DiscoverError}


class ReaderBug(Exception):
    """The reader raised what it should not; the text is its traceback."""


class _Process:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.pages = 0

    @classmethod
    async def start(cls) -> _Process:
        home = str(Path(scraper.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "scraper.worker",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": path},
            start_new_session=True,  # Ctrl-C is the crawl's to handle
        )
        writer = process.stdin
        assert writer is not None  # noqa: S101  (it is a pipe)
        if own := own_sites():
            frame = pickle.dumps(("sites", own), protocol=pickle.HIGHEST_PROTOCOL)
            writer.write(HEAD.pack(len(frame)) + frame)
        return cls(process)

    async def ask(self, frame: bytes) -> tuple[str, Any]:
        """Raises IncompleteReadError or OSError if the process ends instead of answering."""
        reader, writer = self.process.stdout, self.process.stdin
        assert reader is not None  # noqa: S101  (both are pipes)
        assert writer is not None  # noqa: S101
        writer.write(HEAD.pack(len(frame)) + frame)
        await writer.drain()
        size = HEAD.unpack(await reader.readexactly(HEAD.size))[0]
        self.pages += 1
        found: tuple[str, Any] = pickle.loads(await reader.readexactly(size))  # noqa: S301  (from our own child)
        return found

    async def end(self) -> int:
        """Kill it; its exit code, negative for a signal."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        if self.process.stdin is not None:
            self.process.stdin.close()
        return await self.process.wait()


class Readers:
    """Reading processes for one event loop, started when they are needed. Use as `async with Readers() as readers`."""

    def __init__(self, count: int = 2, *, wall_s: float = WALL_S) -> None:
        self._wall_s = wall_s
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

    async def _ask(self, task: str, given: Capture | Pages) -> Any:
        frame = pickle.dumps((task, given), protocol=pickle.HIGHEST_PROTOCOL)
        capture = given[0][1] if isinstance(given, tuple) else given
        wall_s = self._wall_s * (LISTING_CPU_S / CPU_S if task == "listing" else 1)
        async with self._free:
            kind, value = await self._answer(frame, capture, wall_s)
        if kind in _ERRORS:
            raise _ERRORS[kind](*value)
        if kind == "bug":
            raise ReaderBug(value)
        return value

    async def _answer(self, frame: bytes, capture: Capture, wall_s: float) -> tuple[str, Any]:
        """One answer; a process that was used before may have died of something else, so a fresh one is asked then."""
        while True:
            process = self._idle.pop() if self._idle else await _Process.start()
            is_fresh = process.pages == 0
            try:
                async with asyncio.timeout(wall_s):
                    answer = await process.ask(frame)
            except TimeoutError as error:
                await process.end()
                raise _failed(capture, f"no end in {wall_s:g} s") from error
            except (asyncio.IncompleteReadError, OSError) as error:
                code = await process.end()
                if is_fresh:
                    raise _failed(capture, f"the reading process ended with {code}") from error
            except BaseException:
                await process.end()  # it still works on a page that nobody waits for
                raise
            else:
                if process.pages >= PAGES:
                    await process.end()
                else:
                    self._idle.append(process)
                return answer


def _failed(capture: Capture, detail: str) -> ExtractError:
    return ExtractError(capture.final_url, Reason.EXTRACT_FAILED, detail)
