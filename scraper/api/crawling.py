"""A crawl from a script or a notebook: `scraper.crawl([...], archive="kliping.db")`."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import TYPE_CHECKING, TypedDict, Unpack

import scraper
from scraper.api.choice import as_day
from scraper.archive.file.connection import open_archive
from scraper.crawl import CrawlOptions, Event, Summary
from scraper.crawl import crawl as _crawl
from scraper.fetch import FetchSettings, parse_allow_net, parse_proxy, user_agent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date


class How(TypedDict, total=False):
    """How to crawl; whatever is not given is as in `kliping crawl`.

    `contact` is a URL or mail address where the papers can reach you. `delay_s` is the minimum time between two
    requests to a publisher, in seconds (2). `since` and `until`, days, walk a site's archive by date. `max_pages`
    limits the number of article pages requested, `max_minutes` the length of the run. `again` requests the targets even
    if they are not due. Links to the hosts of `follow` are accepted too. `proxy` is "http://USER:PASSWORD@HOST:PORT";
    `allow_net` names addresses that are not public ("127.0.0.1:8000"), `replay` fetches a site's pages from another
    origin. `on_event` is called for every attempt.
    """

    contact: str | None
    delay_s: float
    since: date | str | None
    until: date | str | None
    max_pages: int | None
    max_minutes: float | None
    again: bool
    follow: Sequence[str]
    proxy: str | None
    allow_net: Sequence[str]
    replay: Mapping[str, str]
    on_event: Callable[[Event], None]


def crawl(targets: str | Sequence[str], *, archive: str | Path = "kliping.db", **how: Unpack[How]) -> Summary:
    """Crawl portals, networks or URLs into an archive, which is created if it does not exist, and return a summary.

    A second call continues where the first one ended, and requests only what is due. Ctrl-C ends the run cleanly, and
    the summary says so. Its `exit_code` is that of `kliping crawl`: 0 means that everything was done. This also works
    where an event loop is already running, as in a notebook.

    Raises SiteError for a target that is neither a site nor a URL, ArchiveLocked while another crawl holds the archive,
    another ArchiveError if the archive fails, and ValueError for options that make no sense.
    """
    running = _running(targets, archive, how)
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return running.run()
    with ThreadPoolExecutor(1, thread_name_prefix="kliping-crawl") as pool:
        future = pool.submit(running.run)
        try:
            return future.result()
        except KeyboardInterrupt:
            running.stop()
            return future.result()


async def crawl_async(
    targets: str | Sequence[str], *, archive: str | Path = "kliping.db", **how: Unpack[How]
) -> Summary:
    """crawl() for an asynchronous program, whose event loop keeps running. Cancelling it ends the run cleanly first."""
    running = _running(targets, archive, how)
    work = asyncio.get_running_loop().run_in_executor(None, running.run)
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        running.stop()
        await work
        raise


@dataclass(slots=True)
class _Running:
    """A crawl that another thread may ask to end, even before it has begun."""

    archive: Path
    settings: FetchSettings
    options: CrawlOptions
    on_event: Callable[[Event], None]
    _stopping: Flag
    _end: Callable[[], None] | None = None

    def run(self) -> Summary:
        with open_archive(self.archive, mode="crawl") as db:
            return _crawl(db, self.settings, self.options, on_event=self.on_event, on_start=self._started)

    def stop(self) -> None:
        self._stopping.set()
        if self._end is not None:
            self._end()

    def _started(self, end: Callable[[], None]) -> None:
        self._end = end
        if self._stopping.is_set():
            end()


def _running(targets: str | Sequence[str], archive: str | Path, how: How) -> _Running:
    since, until = as_day(how.get("since")), as_day(how.get("until"))
    if since and until and since > until:
        raise ValueError("`since` is after `until`")
    proxy = how.get("proxy")
    settings = FetchSettings(
        user_agent=user_agent(scraper.__version__, how.get("contact")),
        contact=how.get("contact"),
        delay_s=how.get("delay_s", 2.0),
        proxy=parse_proxy(proxy) if proxy else None,
        allow_net=frozenset(map(parse_allow_net, how.get("allow_net", ()))),
        replay=dict(how.get("replay", {})),
    )
    options = CrawlOptions(
        targets=(targets,) if isinstance(targets, str) else tuple(targets),
        version=scraper.__version__,
        since=since,
        until=until,
        max_pages=how.get("max_pages"),
        max_minutes=how.get("max_minutes"),
        again=how.get("again", False),
        follow=tuple(host.lower() for host in how.get("follow", ())),
        arguments="scraper.crawl",
    )
    return _Running(Path(archive), settings, options, how.get("on_event", lambda _event: None), Flag())
