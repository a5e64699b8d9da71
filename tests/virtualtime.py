"""A clock on which waiting costs nothing."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from scraper.clock import Clock

START = datetime(2026, 3, 2, 3, tzinfo=UTC)  # a Monday, ten in the morning in Jakarta


class VirtualClock(Clock):
    """Time stands still but for those who wait: it is then at once what they waited for."""

    __slots__ = ("seconds", "start")

    def __init__(self, start: datetime = START, seconds: float = 0.0) -> None:
        self.start = start
        self.seconds = seconds  # of the monotonic clock, 0.0 at `start`

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    async def sleep(self, seconds: float) -> None:
        self.seconds += max(seconds, 0.0)
        await asyncio.sleep(0)

    def wait_until(self, at: datetime) -> None:
        """Let the time pass until then, if it is later."""
        self.seconds = max(self.seconds, (at - self.start).total_seconds())


class ShiftedClock(Clock):
    """The system's clock, `offset` off."""

    __slots__ = ("offset",)

    def __init__(self) -> None:
        self.offset = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.offset
