"""Pacing: one request at a time per publisher, its own interval between starts, longer when it is in trouble.

A publisher is a registrable domain. Several publishers on one server are also paced as one, by its address: it is the
server that bears the load.
"""

from __future__ import annotations

import asyncio
import math
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from scraper.clock import SYSTEM, Clock
from scraper.fetch.circuit import Circuit, Lane
from scraper.records import PublisherState
from scraper.urls import host_of, registrable_domain

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

MAX_INTERVAL_S = 300.0  # that trouble or latency may bring about; a Crawl-delay goes up to a day
MAX_CRAWL_DELAY_S = 86_400.0
LONGEST_PAUSE_S = 1_800.0  # for which a request waits for its turn; beyond that it is left to a later run
SLOWEST = 8  # times its pause, while requests fail in a row without being too many for it
RETRY_BUDGET = (10, 0.1)  # retries of a publisher in a run: ten, and a tenth of its requests
BREAKER_S = (900.0, 21_600.0)  # first park, longest park
MAX_PARK_S = 86_400.0  # that is believed from an earlier run: its clock may have been wrong
REMEMBERED = timedelta(hours=24)  # for which the pace of an earlier run holds; after a day it starts anew
_LATENCY_SHARE = 0.25  # weight of the newest answer in the mean
_RECOVERY = 0.9


class PublisherStore(Protocol):
    """Where the pace of publishers is kept between runs, without this package knowing the archive."""

    def load(self, publisher: str) -> PublisherState | None:
        """What an earlier run stored; None if none did."""

    def save(self, states: Sequence[PublisherState]) -> None:
        """Store these."""


@dataclass(slots=True)
class Host:
    """The state of one publisher (registrable domain), or of one server."""

    interval_s: float
    floor_s: float
    latency_s: float | None = None
    last_start: float = -math.inf
    parked_until: float = -math.inf
    is_blamed: bool = False  # parked because requests failed, not because it asked for it
    circuit: Circuit = field(default_factory=Circuit)
    park_s: float = BREAKER_S[0]
    requests: int = 0
    retries: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)


class Hosts:
    """All publishers of a crawl. With `waits_first`, all count as having been requested when it began."""

    def __init__(
        self,
        delay_s: float,
        *,
        clock: Clock = SYSTEM,
        store: PublisherStore | None = None,
        waits_first: bool = False,
    ) -> None:
        self._delay_s = delay_s
        self._clock = clock
        self._store = store
        self._began = clock.monotonic() if waits_first else -math.inf
        self._hosts: dict[str, Host] = {}
        self._servers: dict[str, Host] = {}

    def of(self, url: str) -> Host:
        """The state of a URL's publisher."""
        key = registrable_domain(host_of(url))
        host = self._hosts.get(key)
        if host is None:
            host = self._hosts[key] = self._remembered(key)
        return host

    def _new(self) -> Host:
        return Host(interval_s=self._delay_s, floor_s=self._delay_s, last_start=self._began)

    def _remembered(self, publisher: str) -> Host:
        host = self._new()
        state = self._store.load(publisher) if self._store else None
        if state is None:
            return host
        now = self._clock.now()
        if state.not_before is not None and state.not_before > now:
            wait_s = (state.not_before - now) / timedelta(seconds=1)
            host.parked_until = self._clock.monotonic() + min(wait_s, MAX_PARK_S)
        since = now - state.seen_at
        if since >= timedelta(0):  # a Crawl-delay of an hour also applies between two runs
            host.last_start = max(host.last_start, self._clock.monotonic() - since / timedelta(seconds=1))
        if timedelta(0) <= since < REMEMBERED:
            host.interval_s = max(host.interval_s, min(state.interval_s or 0.0, MAX_INTERVAL_S))
            host.latency_s, host.circuit.failures = state.latency_s, state.failures
            host.park_s = min(max(state.park_s, BREAKER_S[0]), BREAKER_S[1])
        return host

    def _state(self, publisher: str, host: Host) -> PublisherState:
        now = self._clock.now()
        wait_s = host.parked_until - self._clock.monotonic()
        return PublisherState(
            publisher=publisher,
            seen_at=now,
            interval_s=host.interval_s if host.interval_s > max(host.floor_s, 4 * (host.latency_s or 0.0)) else None,
            latency_s=host.latency_s,
            failures=host.circuit.failures,
            park_s=host.park_s,
            not_before=now + timedelta(seconds=wait_s) if wait_s > 0 else None,
        )

    def remember(self) -> None:
        """Store the pace of every publisher requested; one from which nothing answered well any more is left alone from
        now on.
        """
        for key, host in self._hosts.items():
            if host.circuit.is_silent:
                self._open(key, host)
        if self._store:
            self._store.save([self._state(key, host) for key, host in self._hosts.items() if host.requests])

    def _park(self, publisher: str, host: Host, seconds: float) -> None:
        """Leave a publisher alone; that is stored at once, so that not even a killed run forgets it."""
        host.parked_until = max(host.parked_until, self._clock.monotonic() + seconds)
        if self._store:
            self._store.save([self._state(publisher, host)])

    def _open(self, publisher: str, host: Host) -> None:
        """Leave a publisher alone because its requests fail, each time for longer."""
        seconds, host.park_s = host.park_s, min(host.park_s * 2, BREAKER_S[1])
        host.circuit = Circuit()
        host.is_blamed = True
        self._park(publisher, host, seconds)

    def parked_s(self, url: str) -> float:
        """Seconds until a publisher may be requested again after trouble; 0.0 if it may."""
        return max(0.0, self.of(url).parked_until - self._clock.monotonic())

    def pause_s(self, url: str) -> tuple[float, float]:
        """Seconds between two requests to a publisher, as far as known yet; and until the next one may begin."""
        host = self.of(url)
        return host.interval_s, max(0.0, host.last_start + host.interval_s - self._clock.monotonic())

    @asynccontextmanager
    async def turn(self, url: str, address: str | None = None) -> AsyncIterator[None]:
        """Wait for a publisher's turn and hold it: one request in flight, `interval_s` between two starts.

        `address` is the server's; publishers that share one also wait for each other.
        """
        host = self.of(url)
        async with host.lock:
            # The interval is read here and not when the last request began, whose answer may have changed it.
            await self._until_due(host)
            if address is None:
                host.last_start = self._clock.monotonic()
                host.requests += 1
                yield
                return
            server = self._servers.setdefault(address, self._new())
            async with server.lock:  # always after the publisher's lock, so that two never wait for each other
                await self._until_due(server)
                host.last_start = server.last_start = self._clock.monotonic()
                host.requests += 1
                yield

    async def _until_due(self, host: Host) -> None:
        while (wait_s := host.last_start + host.interval_s - self._clock.monotonic()) > 0:
            await self._clock.sleep(wait_s)

    def may_retry(self, url: str) -> bool:
        """Take one retry from a publisher's budget; False if it is used up."""
        host = self.of(url)
        if host.retries >= RETRY_BUDGET[0] + RETRY_BUDGET[1] * host.requests:
            return False
        host.retries += 1
        return True

    def crawl_delay(self, url: str, seconds: float | None) -> None:
        """Obey a Crawl-delay that is longer than ours; a value that is not a positive number is ignored."""
        if seconds is not None and math.isfinite(seconds) and seconds > 0:
            host = self.of(url)
            host.floor_s = max(host.floor_s, min(seconds, MAX_CRAWL_DELAY_S))
            host.interval_s = max(host.interval_s, host.floor_s)

    def answered(self, url: str, latency_s: float) -> None:
        """A good answer: recover slowly, but stay slower than four times the mean latency."""
        host = self.of(url)
        if self._delay_s <= 0 and host.floor_s <= 0:
            host.interval_s *= _RECOVERY if host.interval_s > 0.1 else 0.0
            return
        old = host.latency_s if host.latency_s is not None else latency_s
        host.latency_s = old + _LATENCY_SHARE * (latency_s - old)
        wanted = max(host.floor_s, min(4 * host.latency_s, MAX_INTERVAL_S))
        host.interval_s = max(wanted, host.interval_s * _RECOVERY)

    def troubled(self, url: str, *, retry_after_s: float | None = None, is_overload: bool = False) -> None:
        """A failed attempt: slow down on overload, leave the publisher alone for as long as it asks."""
        host = self.of(url)
        if is_overload:
            host.interval_s = max(host.interval_s, min(max(host.interval_s * 2, 1.0), MAX_INTERVAL_S))
        if retry_after_s:
            host.is_blamed = False
            self._park(registrable_domain(host_of(url)), host, retry_after_s)

    def succeeded(self, url: str, lane: Lane) -> None:
        """A link was answered, well or in a way that is its own fault (404)."""
        host = self.of(url)
        host.park_s = BREAKER_S[0]
        host.circuit.succeeded(lane)

    def failed(self, url: str, lane: Lane, *, is_down: bool) -> None:
        """A request failed for good, including its retries; after several in a row its lane is closed, or the publisher
        parked.
        """
        host = self.of(url)
        host.circuit.failed(lane, is_down=is_down)
        if host.circuit.is_slowing:
            host.interval_s = max(host.interval_s, min(host.interval_s * 2, SLOWEST * host.floor_s))
        if host.circuit.is_down:
            self._open(registrable_domain(host_of(url)), host)

    def closed(self, url: str) -> tuple[Lane, ...]:
        """The lanes of a publisher from which nothing more is to be requested in this run."""
        return self.of(url).circuit.closed

    def forgive(self, urls: Sequence[str]) -> None:
        """Retract what was held against publishers who were not to blame. What they asked for themselves stays."""
        for url in urls:
            host = self.of(url)
            host.circuit, host.park_s = Circuit(), BREAKER_S[0]
            if host.is_blamed:
                host.parked_until, host.is_blamed = -math.inf, False
        if self._store:
            self._store.save([self._state(registrable_domain(host_of(url)), self.of(url)) for url in urls])
