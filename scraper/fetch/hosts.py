"""Pacing: one request at a time to a publisher, its own interval between starts, longer when it is in trouble."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.urls import host_of, registrable_domain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

MAX_INTERVAL_S = 300.0  # that trouble or latency may bring about; a Crawl-delay goes up to a day
MAX_CRAWL_DELAY_S = 86_400.0
RETRY_BUDGET = (10, 0.1)  # retries of a publisher in a run: ten, and a tenth of its requests (CONTRACT L16)
BREAKER_FAILURES = 5  # CONTRACT L18
BREAKER_S = (900.0, 21_600.0)  # first park, longest park
_LATENCY_SHARE = 0.25  # weight of the newest answer in the mean
_RECOVERY = 0.9


@dataclass(slots=True)
class Host:
    """The state of one publisher (registrable domain)."""

    interval_s: float
    floor_s: float
    latency_s: float | None = None
    last_start: float = -math.inf
    parked_until: float = -math.inf
    failures: int = 0
    park_s: float = BREAKER_S[0]
    requests: int = 0
    retries: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hosts:
    """All publishers of a crawl; `clock` is monotonic seconds."""

    def __init__(
        self,
        delay_s: float,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._delay_s = delay_s
        self._clock = clock
        self._sleep = sleep
        self._hosts: dict[str, Host] = {}

    def of(self, url: str) -> Host:
        """The state of a URL's publisher."""
        key = registrable_domain(host_of(url))
        return self._hosts.setdefault(key, Host(interval_s=self._delay_s, floor_s=self._delay_s))

    def parked_s(self, url: str) -> float:
        """Seconds until a publisher may be asked again after trouble; 0.0 if it may."""
        return max(0.0, self.of(url).parked_until - self._clock())

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Wait for a publisher's turn and hold it: one request in flight, `interval_s` between two starts."""
        host = self.of(url)
        async with host.lock:
            # The interval is looked at here and not when the last request began: its answer may have changed it.
            while (wait_s := host.last_start + host.interval_s - self._clock()) > 0:
                await self._sleep(wait_s)
            host.last_start = self._clock()
            host.requests += 1
            yield

    def may_retry(self, url: str) -> bool:
        """Take one retry out of a publisher's budget; False when it is spent."""
        host = self.of(url)
        if host.retries >= RETRY_BUDGET[0] + RETRY_BUDGET[1] * host.requests:
            return False
        host.retries += 1
        return True

    def crawl_delay(self, url: str, seconds: float | None) -> None:
        """Honour a Crawl-delay upwards; a value that is no positive number is ignored (CONTRACT L9)."""
        if seconds is not None and math.isfinite(seconds) and seconds > 0:
            host = self.of(url)
            host.floor_s = max(host.floor_s, min(seconds, MAX_CRAWL_DELAY_S))
            host.interval_s = max(host.interval_s, host.floor_s)

    def answered(self, url: str, latency_s: float) -> None:
        """A good answer: recover slowly, but stay slower than four times the mean latency."""
        host = self.of(url)
        host.failures, host.park_s = 0, BREAKER_S[0]
        if self._delay_s <= 0 and host.floor_s <= 0:
            host.interval_s *= _RECOVERY if host.interval_s > 0.1 else 0.0
            return
        old = host.latency_s if host.latency_s is not None else latency_s
        host.latency_s = old + _LATENCY_SHARE * (latency_s - old)
        wanted = max(host.floor_s, min(4 * host.latency_s, MAX_INTERVAL_S))
        host.interval_s = max(wanted, host.interval_s * _RECOVERY)

    def troubled(self, url: str, *, retry_after_s: float | None = None, is_overload: bool = False) -> None:
        """A failed attempt: slow down on overload, leave the publisher alone as long as it asks."""
        host = self.of(url)
        if is_overload:
            host.interval_s = max(host.interval_s, min(max(host.interval_s * 2, 1.0), MAX_INTERVAL_S))
        if retry_after_s:
            host.parked_until = max(host.parked_until, self._clock() + retry_after_s)

    def failed(self, url: str) -> None:
        """A request that failed for good, its retries included: after several in a row the publisher is parked."""
        host = self.of(url)
        host.failures += 1
        if host.failures >= BREAKER_FAILURES:
            host.parked_until = max(host.parked_until, self._clock() + host.park_s)
            host.park_s = min(host.park_s * 2, BREAKER_S[1])
            host.failures = 0
