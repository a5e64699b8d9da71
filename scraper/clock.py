"""The time, and waiting for it. Whoever asks servers has both from here, so that a run can be given another clock."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

# On Linux the one that goes on while the machine is suspended: after a night asleep the time has passed, and no clock has jumped.
_MONOTONIC = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC) if hasattr(time, "clock_gettime") else None
DRIFT = timedelta(seconds=5)  # that two clocks may differ between two looks at them
BELIEVED = timedelta(minutes=10)  # that a time must go on by itself after a jump, until it is the time


class Clock:
    """The system's clock. What an exchange took, and when it is given up, is measured beside it, in real seconds."""

    __slots__ = ()

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only go on, from an arbitrary beginning."""
        return time.monotonic() if _MONOTONIC is None else time.clock_gettime(_MONOTONIC)

    async def sleep(self, seconds: float) -> None:
        """Wait so long on this clock."""
        await asyncio.sleep(seconds)


class Steady(Clock):
    """The time of another clock, but for its jumps: they are believed when the time after them has gone on for ten minutes.

    So a clock that is set forth and back again makes nothing due that is not,
    and nothing late; one that was wrong and is set right is followed.
    """

    __slots__ = ("_at", "_clock", "_jump")

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at = (clock.now(), clock.monotonic())
        self._jump: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """The present moment, UTC."""
        said, seconds = self._clock.now(), self._clock.monotonic()
        expected = _later(self._at, seconds)
        if abs(said - expected) <= DRIFT:
            self._at, self._jump = (said, seconds), None
            return said
        if self._jump is None or abs(said - _later(self._jump, seconds)) > DRIFT:
            self._jump = (said, seconds)
        elif timedelta(seconds=seconds - self._jump[1]) >= BELIEVED:
            self._at, self._jump = (said, seconds), None
            return said
        return expected

    def monotonic(self) -> float:
        """Seconds that only go on."""
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""
        await self._clock.sleep(seconds)


def _later(moment: tuple[datetime, float], seconds: float) -> datetime:
    return moment[0] + timedelta(seconds=seconds - moment[1])


SYSTEM = Clock()
