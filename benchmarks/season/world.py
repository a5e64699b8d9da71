"""The newspapers of a season on loopback, their names and their bad moments, at the time of a virtual clock."""

from __future__ import annotations

import hashlib
import socket
from dataclasses import dataclass, field
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from benchmarks.season.moments import CONSENT_HOST, PORTAL, Asked, Moment, wall_page
from benchmarks.season.papers import article, feed, feed_path, front, path_of, sitemap
from tests.faultserver import FaultServer, flush, redirect, response
from tests.virtualtime import START

if TYPE_CHECKING:
    import asyncio

    from benchmarks.season.papers import Paper, Story
    from tests.faultserver import Answer, Request
    from tests.virtualtime import VirtualClock

NOBODY = "127.7.3.1"  # no server listens there
_MISSING = response(b"<html><body><h1>404 Not Found</h1></body></html>", status="404 Not Found")
_ROBOTS = "User-agent: *\nDisallow: /cari\nSitemap: https://{host}/sitemap.xml\n"


@dataclass(slots=True)
class World:
    """What is there, and what goes wrong. Answers for all hosts; `resolve` is the resolver that a crawl is given.

    From `quiet_from` on (seconds since START) nothing goes wrong.
    """

    papers: list[Paper]
    moments: list[Moment]
    quiet_from: float
    clock: VirtualClock
    server: FaultServer = field(default_factory=FaultServer)
    met: set[Moment] = field(default_factory=set)
    _by_host: dict[str, Paper] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict)
    _stories: dict[tuple[str, str], Story] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, paper in enumerate(self.papers, 1):
            for host, net in ((paper.host, "127.7.0"), (paper.new_host, "127.7.1")):
                for name in (host, host.removeprefix("www."), f"www.{host.removeprefix('www.')}"):
                    self._by_host[name] = paper
                    self._addresses[name] = f"{net}.{number}"
            for story in paper.stories:
                for now in (story.appeared, story.renamed_at or story.appeared):
                    self._stories[paper.host, path_of(paper, story, now)] = story
        self._addresses[CONSENT_HOST] = "127.7.2.2"
        self.server.sites = {address: {"*": self.serve} for address in {*self._addresses.values(), PORTAL}}

    @property
    def replay(self) -> dict[str, str]:
        """Where the origins of all names are, for FetchSettings."""
        return {
            f"{scheme}://{host}": f"http://{host}:{self.server.port}"
            for host in self._addresses
            for scheme in ("http", "https")
        }

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        """The addresses that may be connected to."""
        return frozenset((address, self.server.port) for address in (*self._addresses.values(), PORTAL, NOBODY))

    def _active(self, where: tuple[str, ...], host: str, path: str = "") -> Moment | None:
        """The bad moment that is on, the latest if there are several."""
        now = self.clock.seconds
        found = [
            each
            for each in self.moments
            if each.kind.where in where
            and each.since <= now < (min(each.until, self.quiet_from) if each in self.met else self.quiet_from)
            and each.can_hit(host, path)
        ]
        self.met.update(found[-1:])
        return found[-1] if found else None

    async def resolve(self, host: str, _port: int) -> tuple[str, ...]:
        """The addresses of a name, as it is answered at this time."""
        paper = self._by_host.get(host)
        moment = self._active(("ours", "name"), paper.host if paper else host)
        name = moment.kind.name if moment else ""
        if name in ("our resolver fails", "name does not resolve") or host not in self._addresses:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        said = {
            "our resolver says 0.0.0.0": "0.0.0.0",  # noqa: S104
            "our resolver says 127.0.0.1": "127.0.0.1",
            "our network is unreachable": NOBODY,
            "connection refused": NOBODY,
            "name leads to a private address": "10.0.0.7",
            "captive portal": PORTAL,
        }
        return (said.get(name, self._addresses[host]),)

    async def serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        answer = self._answer(request)
        if isinstance(answer, bytes):
            writer.write(answer)
            await flush(writer)
        else:
            await answer(request, writer)

    def _answer(self, request: Request) -> Answer:
        host = request.headers.get("host", "").partition(":")[0]
        if request.address == PORTAL:
            return response(wall_page("portal", is_form=True))
        if host == CONSENT_HOST:
            return _MISSING if request.path == "/robots.txt" else response(wall_page("consent", is_form=True))
        paper = self._by_host[host]
        path = urlsplit(request.path).path
        story = self._stories.get((paper.host, path))
        where = {"/robots.txt": "robots", "/": "front", feed_path(paper): "feed", "/sitemap.xml": "sitemap"}.get(path)
        good, media_type = self._good(paper, path, story)
        moment = self._active(tuple(filter(None, ("site", where, "page" if story else None))), paper.host, path)
        if moment is not None and moment.kind.answer is not None and request.path != "/masuk":
            asked = Asked(paper, request.path, self.clock.seconds, story, good or _MISSING, media_type)
            return moment.kind.answer(asked)
        return self._as_usual(request, host, paper, story, good, media_type)

    def _good(self, paper: Paper, path: str, story: Story | None) -> tuple[bytes | None, str]:
        """The body that is at a path now, with its type; None for nothing."""
        now, html = self.clock.seconds, "text/html; charset=utf-8"
        if story is not None:
            return article(paper, story, now).encode() if story.is_there(now) else None, html
        if path == "/masuk":
            return wall_page("login", is_form=True), html
        xml = {feed_path(paper): feed, "/sitemap.xml": sitemap}.get(path)
        if xml is not None:
            return xml(paper, now).encode(), "application/rss+xml" if xml is feed else "application/xml"
        if path == "/robots.txt":
            return _ROBOTS.format(host=paper.host_at(now)).encode(), "text/plain"
        return front(paper, now).encode() if path == "/" else None, html

    def _as_usual(
        self, request: Request, host: str, paper: Paper, story: Story | None, good: bytes | None, media_type: str
    ) -> Answer:
        now = self.clock.seconds
        if paper.host_at(now) != paper.host and host.removeprefix("www.") == paper.host.removeprefix("www."):
            return redirect(f"https://{paper.new_host}{request.path}", "301 Moved Permanently")
        if story is not None and story.appeared <= now:
            if not story.is_there(now):
                return response(b"<h1>410 Gone</h1>", status="410 Gone")
            path = path_of(paper, story, now)
            if urlsplit(request.path).path != path:
                is_old = story.renamed_at is not None and now >= story.renamed_at
                return redirect(f"https://{host}{path}", "301 Moved Permanently") if is_old else _MISSING
        if good is None:
            return _MISSING
        return self._validated(request, paper, story, good, media_type)

    def _validated(self, request: Request, paper: Paper, story: Story | None, good: bytes, media_type: str) -> Answer:
        """The answer with the paper's validator, or 304 where it still holds."""
        headers = {"Content-Type": media_type}
        if paper.validator == "etag":
            headers["ETag"] = f'"{hashlib.sha256(good).hexdigest()[:16]}"'
            same = request.headers.get("if-none-match") == headers["ETag"]
        elif paper.validator == "date" and story is not None:
            changed = START + timedelta(seconds=round(story.version(self.clock.seconds).at))
            headers["Last-Modified"] = format_datetime(changed, usegmt=True)
            same = request.headers.get("if-modified-since") == headers["Last-Modified"]
        else:
            same = False
        if same:
            return response(b"", status="304 Not Modified", headers={**headers, "Content-Length": ""})
        return response(good, headers=headers)
