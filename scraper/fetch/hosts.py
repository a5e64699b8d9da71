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

MAX_INTERVAL_S = 300.0  # of what we slow down by ourselves; a publisher's own Crawl-delay has no ceiling
MAX_TURN_WAIT_S = 1800.0  # a turn further away belongs to a later run (CONTRACT L8: 30 minutes a host and run)
BREAKER_FAILURES = 5  # CONTRACT L18
BREAKER_S = (900.0, 21_600.0)  # first park, longest park
RETRY_BUDGET = (10, 0.1)  # CONTRACT L16: so many, and this share of the requests
_LATENCY_SHARE = 0.25  # weight of the newest answer in the mean
_LATENCY_FACTOR = 4  # we take up at most a fifth of a slow server's time
_RECOVERY = 0.9


class NotNow(Exception):
    """A turn that is further away than the caller waits; nothing was asked. `wait_s` is the distance."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"left alone for {wait_s:.0f} s")
        self.wait_s = wait_s


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
        host = self._hosts.get(key)
        if host is None:
            host = self._hosts[key] = Host(interval_s=self._delay_s, floor_s=self._delay_s)
        return host

    def parked_s(self, url: str) -> float:
        """Seconds until a publisher may be asked again after trouble; 0.0 if it may."""
        return max(0.0, self.of(url).parked_until - self._clock())

    @asynccontextmanager
    async def turn(self, url: str, *, max_parked_s: float = 60.0) -> AsyncIterator[None]:
        """Wait for a publisher's turn and hold it: one request in flight, `interval_s` between two starts.

        Raises NotNow, without waiting, if the publisher is parked for longer
        than `max_parked_s` or its interval for longer than MAX_TURN_WAIT_S.
        """
        host = self.of(url)
        async with host.lock:
            # Looked at under the lock: whoever held it may have been told to stay away, or to come less often.
            parked_s = self.parked_s(url)
            wait_s = max(parked_s, host.last_start + host.interval_s - self._clock())
            if parked_s > max_parked_s or wait_s > MAX_TURN_WAIT_S:
                raise NotNow(wait_s)
            if wait_s > 0:
                await self._sleep(wait_s)
            host.last_start = self._clock()
            host.requests += 1
            yield

    def crawl_delay(self, url: str, seconds: float | None) -> None:
        """Honour a Crawl-delay upwards; a value that is no positive number is ignored (CONTRACT L9)."""
        if seconds is not None and math.isfinite(seconds) and seconds > 0:
            host = self.of(url)
            host.floor_s = max(host.floor_s, seconds)
            host.interval_s = max(host.interval_s, host.floor_s)

    def answered(self, url: str, latency_s: float) -> None:
        """An answer of a server that is well: recover slowly, but stay slower than four times the mean latency."""
        host = self.of(url)
        if self._delay_s <= 0 and host.floor_s <= 0:  # a server of one's own: no pacing but after overload
            host.interval_s *= _RECOVERY if host.interval_s > 0.1 else 0.0
            return
        old = host.latency_s if host.latency_s is not None else latency_s
        host.latency_s = old + _LATENCY_SHARE * (latency_s - old)
        wanted = max(host.floor_s, min(_LATENCY_FACTOR * host.latency_s, MAX_INTERVAL_S))
        host.interval_s = max(wanted, host.interval_s * _RECOVERY)

    def overloaded(self, url: str, *, retry_after_s: float | None = None) -> None:
        """429, 503 or no answer in time: slow down; a Retry-After holds for the whole publisher."""
        host = self.of(url)
        host.interval_s = max(host.floor_s, min(max(host.interval_s * 2, 1.0), MAX_INTERVAL_S))
        if retry_after_s:
            host.parked_until = max(host.parked_until, self._clock() + retry_after_s)

    def failed(self, url: str) -> None:
        """A fetch that failed with all its attempts: the publisher is parked when that happens again and again."""
        host = self.of(url)
        host.failures += 1
        if host.failures >= BREAKER_FAILURES:
            host.parked_until = max(host.parked_until, self._clock() + host.park_s)
            host.park_s = min(host.park_s * 2, BREAKER_S[1])
            host.failures = BREAKER_FAILURES - 1  # afterwards one fetch tries, and its failure parks again

    def settled(self, url: str) -> None:
        """A fetch that the publisher answered, with a page or a plain no."""
        host = self.of(url)
        host.failures, host.park_s = 0, BREAKER_S[0]

    def may_retry(self, url: str) -> bool:
        """Whether the publisher's retry budget has something left."""
        host = self.of(url)
        return host.retries < RETRY_BUDGET[0] + RETRY_BUDGET[1] * host.requests

    def retried(self, url: str) -> None:
        """Draw on the retry budget."""
        self.of(url).retries += 1
