"""The one HTTP client: robots first, paced, guarded, bounded; an answer or a named reason, nothing else."""

from __future__ import annotations

import asyncio
import ssl
import time
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Self, TypeVar
from urllib.parse import urlsplit

from scraper.clock import SYSTEM, Clock
from scraper.errors import FetchError, Reason
from scraper.fetch import classify
from scraper.fetch.answer import Answer, Limits, capture_of, headers_to_keep, media_type
from scraper.fetch.circuit import Lane
from scraper.fetch.errors import TransportError
from scraper.fetch.failures import as_fetch_error
from scraper.fetch.guard import Guard, GuardError
from scraper.fetch.hosts import LONGEST_PAUSE_S, Hosts
from scraper.fetch.redirects import REDIRECTS, hop_of
from scraper.fetch.response_body import BodyError, BodyReader
from scraper.fetch.retry import LeftAlone, NotSent, retried, retry_after_s
from scraper.fetch.sitewide import Sitewide
from scraper.fetch.target import target_of
from scraper.fetch.wire import Request, Response, Transport
from scraper.urls import host_of, origin_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    from scraper.fetch.hosts import PublisherStore
    from scraper.fetch.mining import TdmStore
    from scraper.fetch.robots import RobotsStore
    from scraper.fetch.settings import FetchSettings
    from scraper.records import Capture, LinkKind, Redirect, TdmFile

# Outcomes that count for the circuit breaker: the publisher does not answer, or not to us.
_BREAKING = frozenset(
    {
        Reason.DNS,
        Reason.CONNECT,
        Reason.TLS,
        Reason.RESET,
        Reason.PROTOCOL,
        Reason.DEADLINE,
        Reason.TRUNCATED,
        Reason.SERVER_ERROR,
        Reason.RATE_LIMITED,
        Reason.BLOCKED,
    }
)

T = TypeVar("T")
_DOWN = frozenset({Reason.DNS, Reason.CONNECT, Reason.TLS})  # nobody is there


def _tls() -> ssl.SSLContext:
    """One for all runs of a process: each holds all certificates of the system, and its memory is not freed soon."""
    return _tls_of(ssl.get_default_verify_paths())  # including what SSL_CERT_FILE names


@cache
def _tls_of(_paths: ssl.DefaultVerifyPaths) -> ssl.SSLContext:
    return ssl.create_default_context()


class Fetcher:
    """Fetches for one event loop. Use as `async with Fetcher(…) as fetcher`."""

    def __init__(
        self,
        settings: FetchSettings,
        *,
        robots: RobotsStore,
        tdm: TdmStore | None = None,
        publishers: PublisherStore | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        self._settings = settings
        self.clock = clock
        self.hosts = Hosts(settings.delay_s, clock=clock, store=publishers, waits_first=settings.waits_first)
        self._sitewide = Sitewide(self._needed, self._once, self.hosts, robots=robots, tdm=tdm, clock=clock)
        self._headers = {
            "User-Agent": settings.user_agent,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate",
            "Accept-Language": "id,en;q=0.5",
        }
        if settings.contact and "@" in settings.contact and "/" not in settings.contact:
            self._headers["From"] = settings.contact
        # The transport without httpx's client above it: no cookies between pages, no redirect that is parsed (and
        # refused with its own errors) before we have examined it.
        self._guard = Guard(settings, clock=clock)
        self._transport = Transport(
            self._guard, _tls, connect_s=settings.connect_s, read_s=settings.read_s, proxy=settings.proxy
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()
        self.hosts.remember()

    async def fetch(
        self,
        url: str,
        *,
        kind: LinkKind = "article",
        etag: str | None = None,
        last_modified: str | None = None,
        is_retry: bool = False,
    ) -> Capture:
        """The page at a URL: status 2xx with its body, or 304 without if a validator was given and still holds.

        `is_retry` says that it failed the last time, so that another failure says little about its publisher. Raises
        FetchError for everything else, and nothing but that and CancelledError.
        """
        conditions = conditions_of(etag, last_modified)
        lane = Lane(is_article=kind == "article", is_retry=is_retry)
        attempts = 0

        async def attempt() -> Capture:
            nonlocal attempts
            attempts += 1
            return await self._follow(url, kind, conditions)

        try:
            capture: Capture = await self._retried(url, attempt)
        except FetchError as error:
            error.attempts = attempts
            self._count(error, lane)
            if error.not_before is None and (wait_s := self.hosts.parked_s(url)) > 0:
                error.not_before = self.clock.now() + timedelta(seconds=wait_s)
            raise
        self.hosts.succeeded(url, lane)
        return capture

    def _count(self, error: FetchError, lane: Lane) -> None:
        """Count a request that failed for good against its publisher."""
        if isinstance(error, NotSent):
            return
        if error.reason in _BREAKING or error.status == 403:
            self.hosts.failed(error.url, lane, is_down=error.reason in _DOWN)
        elif error.status is not None:
            self.hosts.succeeded(error.url, lane)

    async def exchange(self, url: str, headers: dict[str, str], limits: Limits) -> Answer:
        """One exchange as it happened, whatever its status: robots first, in its publisher's turn, retried. Raises
        FetchError.
        """

        async def attempt() -> Answer:
            await self._sitewide.check(url)
            return await self._paced(url, headers, self._settings.deadline_s, limits)

        return await self._retried(url, attempt)

    async def _retried(self, url: str, work: Callable[[], Awaitable[T]]) -> T:
        return await retried(
            work,
            self._settings.attempts,
            max_wait_s=self._settings.max_retry_after_s,
            sleep=self.clock.sleep,
            may_retry=lambda: self.hosts.may_retry(url),
        )

    def _limits(self, kind: LinkKind) -> Limits:
        if kind == "sitemap":
            return Limits(self._settings.max_sitemap_bytes, self._settings.max_sitemap_bytes)
        return Limits(self._settings.max_wire_bytes, self._settings.max_body_bytes)

    async def reaches(self, url: str) -> bool:
        """Whether a connection to a URL's origin can be made right now (TLS included); no request is sent on it."""
        try:
            wire = urlsplit(self._wire_url(url))
            port = wire.port or (443 if wire.scheme == "https" else 80)
            await self._transport.try_out(wire.scheme, wire.hostname or "", port)
        except (TransportError, OSError, ValueError):
            return False
        return True

    async def robots_sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps named in the robots.txt of a URL's origin. Raises FetchError if it forbids everything."""
        return (await self._sitewide.rules(url)).sitemaps

    def robots_version(self, url: str) -> int | None:
        """The version of robots.txt that applies to a URL, by its number in the archive; None if it was not requested."""
        return self._sitewide.version(url)

    async def tdm_file(self, url: str) -> TdmFile | None:
        """The tdmrep.json of a URL's origin, requested once a day; None if it cannot be had. Never raises."""
        return await self._sitewide.tdm_file(url)

    async def _once(self, url: str, limits: Limits) -> Answer:
        """One request in its host's turn."""
        return await self._paced(url, {}, self._settings.deadline_s, limits)

    async def _needed(self, url: str, limits: Limits) -> Answer:
        """The same, retried; a final failure counts against its publisher."""
        try:
            answer: Answer = await self._retried(url, lambda: self._once(url, limits))
        except FetchError as error:
            if error.reason in _BREAKING:
                self._count(error, Lane(is_article=False, is_retry=False))
            raise
        return answer

    async def _follow(self, url: str, kind: LinkKind, conditions: dict[str, str]) -> Capture:
        """One attempt: the redirect chain followed here, with robots and pacing at every hop."""
        started = time.monotonic()
        left_s = self._settings.deadline_s
        redirects: list[Redirect] = []
        current = url
        while True:
            try:
                await self._sitewide.check(current)
                answer = await self._paced(current, conditions, left_s, self._limits(kind))
                left_s -= answer.elapsed_s
                if answer.status not in REDIRECTS:
                    elapsed_s = time.monotonic() - started
                    capture = capture_of(url, current, answer, redirects, elapsed_s, at=self.clock.now())
                    self._judge(current, kind, answer, capture, is_conditional=bool(conditions))
                    return capture
                hop = hop_of(current, answer)
                redirects.append(hop)
                if hop.location in {each.url for each in redirects}:
                    raise FetchError(url, Reason.REDIRECT_LOOP, f"back to {hop.location}", status=answer.status)
                if len(redirects) > self._settings.max_redirects:
                    raise FetchError(
                        url, Reason.REDIRECT_LIMIT, f"over {self._settings.max_redirects}", status=answer.status
                    )
                if self._settings.may_follow and not self._settings.may_follow(host_of(hop.location)):
                    raise FetchError(
                        url,
                        Reason.BAD_REDIRECT,
                        f"to {hop.location}, whose host belongs to another shard",
                        status=answer.status,
                    )
                current = hop.location
            except FetchError as error:
                error.redirects = tuple(redirects)
                if error.capture is not None:
                    error.capture = replace(error.capture, url=url, redirects=error.redirects)
                raise

    async def _paced(self, url: str, conditions: dict[str, str], left_s: float, limits: Limits) -> Answer:
        """One request in its publisher's turn. The deadline does not run during the wait for the turn."""
        if (wait_s := self.hosts.parked_s(url)) > self._settings.max_retry_after_s:
            detail = f"the host is left alone for {wait_s:.0f} s"
            raise LeftAlone(url, Reason.RATE_LIMITED, detail, retry_after_s=wait_s)
        if (pause_s := self.hosts.pause_s(url)[1]) > LONGEST_PAUSE_S:  # a Crawl-delay of hours
            later = self.clock.now() + timedelta(seconds=pause_s)
            raise LeftAlone(url, Reason.RATE_LIMITED, f"its next turn is in {pause_s:.0f} s", not_before=later)
        if wait_s > 0:
            await self.clock.sleep(wait_s)
        async with self.hosts.turn(url, await self._address(url)):
            asked = time.monotonic()
            try:
                answer = await self._exchange(url, conditions, left_s, limits)
            except FetchError as error:
                if error.is_transient:
                    self.hosts.troubled(url)
                raise
            now = self.clock.now()
            wait = retry_after_s(answer.header("retry-after"), now, date=answer.header("date"))
            if answer.status == 429 or answer.status >= 500:
                self.hosts.troubled(url, retry_after_s=wait, is_overload=answer.status in (429, 503))
                reason = Reason.RATE_LIMITED if answer.status == 429 or wait else Reason.SERVER_ERROR
                vendor = classify.bot_wall(answer.status, dict(answer.headers), answer.body)
                raise FetchError(
                    url,
                    Reason.BLOCKED if vendor else reason,
                    vendor or f"HTTP {answer.status}",
                    status=answer.status,
                    bytes_seen=answer.wire_bytes,
                    retry_after_s=wait,
                    capture=capture_of(url, url, answer, (), answer.elapsed_s, at=now) if vendor else None,
                )
            self.hosts.answered(url, time.monotonic() - asked)
            return answer

    async def _address(self, url: str) -> str | None:
        """One name for the server on which a URL is; None if that is not known, in which case the connection will say
        why.
        """
        try:
            wire = urlsplit(self._wire_url(url))
            port = wire.port or (443 if wire.scheme == "https" else 80)
            return min(await self._guard.addresses(wire.hostname or "", port))
        except (GuardError, ValueError):
            return None

    async def _exchange(self, url: str, conditions: dict[str, str], left_s: float, limits: Limits) -> Answer:
        """Send one request and read its answer within the limits."""
        started = time.monotonic()
        reader: BodyReader | None = None
        try:
            async with asyncio.timeout(max(left_s, 0.001)):
                request = self._request(url, conditions)
                response = await self._transport.send(request)
                try:
                    encoding = response.header("content-encoding")
                    reader = BodyReader(encoding, limits.wire_bytes, limits.body_bytes, limits.is_clipped)
                    length = response.header("content-length") or ""
                    if (
                        response.status < 300
                        and length.isdecimal()
                        and int(length) > limits.wire_bytes
                        and not limits.is_clipped
                    ):
                        raise BodyError(Reason.TOO_BIG, f"Content-Length {length}")
                    if response.status not in REDIRECTS:  # the body of a redirect is nobody's page
                        async for chunk in response.body:
                            reader.feed(chunk)
                            if reader.is_full:
                                break
                    body = reader.finish()
                finally:
                    await response.body.aclose()
        except BodyError as error:
            if response.status >= 400 and reader is not None:  # the status says enough
                return self._answer(request, response, b"", reader, time.monotonic() - started)
            raise FetchError(url, error.reason, str(error), bytes_seen=reader.wire_bytes if reader else None) from error
        except Exception as error:
            # The boundary: hostile answers raise errors from h11, ssl, idna and the standard library that share
            # no base class. Cancellation is not an Exception and passes.
            raise as_fetch_error(url, error, bytes_seen=reader.wire_bytes if reader else None) from error
        return self._answer(request, response, body, reader, time.monotonic() - started)

    @staticmethod
    def _answer(request: Request, response: Response, body: bytes, reader: BodyReader, elapsed_s: float) -> Answer:
        return Answer(
            status=response.status,
            headers=headers_to_keep(response.headers),
            request_headers=headers_to_keep(request.headers),
            http_version=response.http_version,
            body=body,
            wire_bytes=reader.wire_bytes,
            elapsed_s=elapsed_s,
        )

    def _request(self, url: str, conditions: dict[str, str]) -> Request:
        asked = target_of(url)
        wire = asked if origin_of(url) not in self._settings.replay else target_of(self._wire_url(url))
        return Request(wire, [("Host", asked.netloc), *self._headers.items(), *conditions.items()])

    def _wire_url(self, url: str) -> str:
        """Where a request really goes: the URL, or the server that replays its origin."""
        origin = origin_of(url)
        return self._settings.replay[origin] + url[len(origin) :] if origin in self._settings.replay else url

    def _judge(self, url: str, kind: LinkKind, answer: Answer, capture: Capture, *, is_conditional: bool) -> None:
        """Raise FetchError unless the answer is worth keeping."""

        def refuse(reason: Reason, detail: str) -> FetchError:
            return FetchError(url, reason, detail, status=answer.status, bytes_seen=answer.wire_bytes)

        if answer.status == 304:
            if not is_conditional:
                raise refuse(Reason.BAD_304, "nothing was asked with a condition")
            return
        if vendor := classify.bot_wall(answer.status, dict(answer.headers), answer.body):
            error = refuse(Reason.BLOCKED, vendor)
            error.capture = capture
            raise error
        if reason := classify.of_status(answer.status):
            raise refuse(reason, f"HTTP {answer.status}")
        if not 200 <= answer.status < 300 or answer.status in (204, 205, 206):
            raise refuse(Reason.PROTOCOL, f"HTTP {answer.status}")
        if wrong := classify.is_wrong_kind(kind, media_type(answer.header("content-type"))[0], answer.body):
            raise refuse(Reason.NOT_HTML, wrong)


def conditions_of(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers that request a page only if it has changed.

    A validator with non-ASCII characters is left out: we no longer know which bytes the server sent, and other bytes
    would not match.
    """
    given = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in given.items() if value and value.isascii() and value.isprintable()}
