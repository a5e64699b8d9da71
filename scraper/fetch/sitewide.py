"""What applies to a whole origin: its robots.txt and its tdmrep.json, requested once a day, followed through redirects,
stored.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from scraper.clock import SYSTEM, Clock
from scraper.errors import FetchError, Reason
from scraper.fetch.answer import Limits, media_type
from scraper.fetch.mining import MAX_TDM_BYTES, TDM_PATH, TDM_RECHECK, tdm_file
from scraper.fetch.redirects import REDIRECTS, hop_of
from scraper.fetch.retry import LeftAlone, NotSent
from scraper.fetch.robots import MAX_PARSED_BYTES, RECHECK, is_detour, rules_of, verdict_of
from scraper.records import RobotsFile
from scraper.urls import origin_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from scraper.fetch.answer import Answer
    from scraper.fetch.hosts import Hosts
    from scraper.fetch.mining import TdmStore
    from scraper.fetch.robots import RobotsStore, Rules
    from scraper.records import TdmFile

    Ask = Callable[[str, Limits], Awaitable[Answer]]

SLOW_S = 60.0  # between two requests to a publisher
MAX_REDIRECTS = 5  # RFC 9309 §2.3.1.2
# If robots.txt could not be had for one of these reasons, no page can: the page's outcome names it instead of
# `robots_unreachable`.
_NO_CONNECTION = (Reason.DNS, Reason.CONNECT, Reason.TLS, Reason.PROXY, Reason.BLOCKED_ADDRESS)
_ROBOTS = Limits(2 * MAX_PARSED_BYTES, MAX_PARSED_BYTES, is_clipped=True)
_TDM = Limits(MAX_TDM_BYTES, MAX_TDM_BYTES)


class _Reached(NamedTuple):
    """Where a file was found, or could not be had: `url` was requested last, after `hops` redirects."""

    url: str
    hops: int
    answer: Answer | None = None
    error: FetchError | None = None


class Sitewide:
    """The site-wide files of all origins of a crawl; `once` sends one request in its host's turn, `needed` also retries
    it.
    """

    def __init__(
        self,
        needed: Ask,
        once: Ask,
        hosts: Hosts,
        *,
        robots: RobotsStore,
        tdm: TdmStore | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        self._needed = needed
        self._once = once
        self._hosts = hosts
        self._robots = robots
        self._tdm = tdm
        self._clock = clock
        self._rules: dict[str, Rules] = {}
        self._reserved: dict[str, TdmFile] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, url: str) -> None:
        """Raise FetchError unless the robots.txt of a URL's origin allows it."""
        rules = await self.rules(url)
        if rules.allows(url):
            return
        if rules.parsed is not None:
            raise FetchError(url, Reason.ROBOTS, "disallowed")
        detail = rules.robots.detail or f"HTTP {rules.robots.status}"
        kind, _, rest = detail.partition(": ")
        reason = next((each for each in _NO_CONNECTION if each.value == kind), None)
        if reason is None:
            raise FetchError(url, Reason.ROBOTS_UNREACHABLE, detail)
        raise NotSent(url, reason, f"for robots.txt: {rest}")

    def version(self, url: str) -> int | None:
        """The version of robots.txt that applies to a URL, by its number in the archive; None if it was not requested."""
        rules = self._rules.get(origin_of(url))
        return rules.robots.version if rules else None

    async def rules(self, url: str) -> Rules:
        """The rules of a URL's origin. Raises LeftAlone if its host may not be requested now."""
        origin = origin_of(url)
        rules = self._rules.get(origin)
        if rules is not None and rules.expires_at > self._clock.now():  # true for all pages but the first
            return rules
        async with self._locks.setdefault(origin, asyncio.Lock()):
            now = self._clock.now()
            rules = self._rules.get(origin)
            if rules is None or rules.expires_at <= now:
                last_good = self._robots.load(origin)
                if last_good is None or not last_good.fetched_at <= now < last_good.fetched_at + RECHECK:
                    robots = self._robots.save(await self._fetch_robots(origin))
                else:  # an earlier run requested it within the day
                    robots = last_good
                rules = self._rules[origin] = rules_of(robots, last_good)
                self._hosts.crawl_delay(url, rules.crawl_delay_s)
            return rules

    async def tdm_file(self, url: str) -> TdmFile | None:
        """What a page's origin says about mining it, beside its robots.txt; None if that cannot be had now.

        It is not requested from a publisher whose Crawl-delay is over a minute, since a page would have to wait for it.
        """
        if self._tdm is None:
            return None
        origin = origin_of(url)
        file = self._reserved.get(origin)
        if file is not None and _is_recent(file, self._clock.now()):
            return file
        async with self._locks.setdefault(f"{origin}{TDM_PATH}", asyncio.Lock()):
            file = self._reserved.get(origin) or self._tdm.load(origin)
            if file is None or not _is_recent(file, self._clock.now()):
                try:
                    rules = await self.rules(url)
                    if rules.parsed is None and rules.robots.verdict != "allow_all":
                        return None  # nothing can be had there
                    if self._hosts.pause_s(url)[0] > SLOW_S:
                        return file
                    file = await self._fetch_tdm(origin, is_allowed=rules.allows(f"{origin}{TDM_PATH}"))
                except LeftAlone:
                    return file
                self._tdm.save(file)
            self._reserved[origin] = file
            return file

    async def _fetch_robots(self, origin: str) -> RobotsFile:
        """An origin's answer for /robots.txt; a redirect's target says the same, or nothing after five hops."""
        reached = await _followed(self._needed, f"{origin}/robots.txt", _ROBOTS)
        at, answer, error = self._clock.now(), reached.answer, reached.error
        if answer is not None and reached.hops and answer.status < 300:
            kind, _ = media_type(answer.header("content-type"))
            if is_detour(origin, reached.url, kind, answer.body):
                return RobotsFile(
                    origin=origin,
                    fetched_at=at,
                    status=answer.status,
                    verdict="disallow_all",
                    detail=f"redirected to {reached.url}, a page in front of it",
                )
        if answer is not None:
            verdict = verdict_of(answer.status)
            body = answer.body if verdict == "rules" else None
            return RobotsFile(origin=origin, fetched_at=at, status=answer.status, verdict=verdict, body=body)
        if error is None or error.reason in (Reason.BAD_REDIRECT, Reason.BLOCKED_SCHEME):
            detail = error.detail if error else "redirects without end"
            return RobotsFile(origin=origin, fetched_at=at, status=None, verdict="allow_all", detail=detail)
        detail = f"{error.reason.value}: {error.detail}"
        return RobotsFile(
            origin=origin,
            fetched_at=at,
            status=error.status,
            verdict="disallow_all",
            detail=f"redirected to {reached.url}: {detail}" if reached.hops else detail,
        )

    async def _fetch_tdm(self, origin: str, *, is_allowed: bool) -> TdmFile:
        """An origin's answer for its tdmrep.json, if its robots.txt allows the request; a failure says nothing."""
        if not is_allowed:
            return tdm_file(origin, self._clock.now(), None, b"")
        reached = await _followed(self._once, f"{origin}{TDM_PATH}", _TDM)
        status = reached.answer.status if reached.answer else reached.error.status if reached.error else None
        return tdm_file(origin, self._clock.now(), status, reached.answer.body if reached.answer else b"")


def _is_recent(file: TdmFile, now: datetime) -> bool:
    return file.fetched_at <= now < file.fetched_at + TDM_RECHECK


async def _followed(ask: Ask, url: str, limits: Limits) -> _Reached:
    """The answer at the end of at most five redirects, even across hosts; each hop is paced and guarded as its own
    host.
    """
    for hops in range(MAX_REDIRECTS + 1):
        try:
            answer = await ask(url, limits)
            if answer.status not in REDIRECTS:
                return _Reached(url, hops, answer=answer)
            url = hop_of(url, answer).location
        except LeftAlone:
            raise
        except FetchError as error:
            return _Reached(url, hops, error=error)
    return _Reached(url, MAX_REDIRECTS)
