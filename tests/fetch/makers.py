"""What tests of fetching share: fetchers that nobody waits for, and stores that hold everything in memory."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper.clock import Clock
from scraper.fetch import Fetcher, FetchSettings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from scraper.records import Capture, PublisherState, RobotsFile, TdmFile
    from tests.faultserver import FaultServer


@dataclass
class MemoryStore:
    saved: list[RobotsFile] = field(default_factory=list)
    last_good: RobotsFile | None = None

    def load(self, origin: str) -> RobotsFile | None:
        return self.last_good if origin else None

    def save(self, robots: RobotsFile) -> RobotsFile:
        self.saved.append(robots)
        return robots


class Hurried(Clock):
    """The system's clock, but nobody waits."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(0.0 * seconds)


def settings(server: FaultServer, **changes: Any) -> FetchSettings:
    options: dict[str, Any] = {
        "user_agent": "kliping-test/0",
        "delay_s": 0.0,
        "allow_net": server.allowed,
        "attempts": 2,
    }
    return FetchSettings(**options | changes)


def run(
    server: FaultServer, job: Callable[[Fetcher], Awaitable[Any]], store: MemoryStore | None = None, **changes: Any
) -> Any:
    async def inside() -> Any:
        async with Fetcher(settings(server, **changes), robots=store or MemoryStore(), clock=Hurried()) as fetcher:
            return await job(fetcher)

    return asyncio.run(inside())


def get(server: FaultServer, path: str, store: MemoryStore | None = None, **changes: Any) -> Capture:
    capture: Capture = run(server, lambda fetcher: fetcher.fetch(server.origin + path), store, **changes)
    return capture


@dataclass
class Store:
    """What a run leaves for the next one."""

    states: dict[str, PublisherState] = field(default_factory=dict)

    def load(self, publisher: str) -> PublisherState | None:
        return self.states.get(publisher)

    def save(self, states: Sequence[PublisherState]) -> None:
        self.states |= {state.publisher: state for state in states}


@dataclass
class MemoryTdm:
    saved: list[TdmFile] = field(default_factory=list)

    def load(self, origin: str) -> TdmFile | None:
        return next((file for file in reversed(self.saved) if file.origin == origin), None)

    def save(self, file: TdmFile) -> None:
        self.saved.append(file)
