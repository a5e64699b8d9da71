"""The time, and waiting for it. All code that talks to servers gets both from here, so that a run can be given another
clock.
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

# On Linux, the clock that continues while the machine is suspended: after a night asleep the time has passed, and no
# clock has jumped.
_MONOTONIC = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC) if hasattr(time, "clock_gettime") else None
DRIFT = timedelta(seconds=5)  # by which two clocks may differ between two looks at them
BELIEVED = timedelta(minutes=10)  # for which a time must run on undisturbed after a jump before it is believed


class Clock:
    """The system's clock. The duration of an exchange, and its timeout, are measured separately, in real seconds."""

    __slots__ = ()

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only increase, from an arbitrary start."""
        return time.monotonic() if _MONOTONIC is None else time.clock_gettime(_MONOTONIC)

    async def sleep(self, seconds: float) -> None:
        """Wait this long on this clock."""
        await asyncio.sleep(seconds)


class Steady(Clock):
    """The time of another clock, without its jumps: a jump is believed once the clock has run on for ten minutes after
    it.

    So a clock that is set forward and back again makes nothing due early and nothing late; one that was wrong and is
    then corrected is followed.
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
        """Seconds that only increase."""
        return self._clock.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait this long."""
        await self._clock.sleep(seconds)


def _later(moment: tuple[datetime, float], seconds: float) -> datetime:
    return moment[0] + timedelta(seconds=seconds - moment[1])


SYSTEM = Clock()
