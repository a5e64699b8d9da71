"""The time, and waiting for it. Whoever asks servers has both from here, so that a run can be given another clock."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime


class Clock:
    """The system's clock. What an exchange took, and when it is given up, is measured beside it, in real seconds."""

    __slots__ = ()

    def now(self) -> datetime:
        """The present moment, UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only go on, from an arbitrary beginning."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait so long on this clock."""
        await asyncio.sleep(seconds)


SYSTEM = Clock()
