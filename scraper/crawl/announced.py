"""Where a site without rules lists its articles: what its start page announces and its robots.txt names."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.archive.write.followed import Followed
from scraper.crawl.targets import day_links, today_of
from scraper.discover import posts_by_date
from scraper.errors import FetchError
from scraper.records import Link
from scraper.sites.registry import find_portal
from scraper.urls import canonical_url, host_of, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.archive.write.frontier import QueuedLink
    from scraper.crawl.targets import Scope
    from scraper.discover import ListingResult
    from scraper.fetch import Fetcher
    from scraper.records import Capture

MAX_NAMED_SITEMAPS = 100  # in a robots.txt
log = logging.getLogger("kliping")


async def announced(fetcher: Fetcher, capture: Capture, found: ListingResult, scope: Scope) -> tuple[Link, ...]:
    """Where a site without rules lists its articles, by its start page and its robots.txt; the catalogue covers its own
    sites.

    For a range of days it is the list of posts of each day if the site runs on WordPress, or else its sitemaps; for
    news also its feeds. If a front page and its robots.txt name neither, /sitemap.xml is tried.
    """
    if find_portal(capture.final_url)[0] is not None:
        return tuple(link for link in found.feeds if scope.is_open and scope.wants(link))
    if not scope.is_open and found.posts:
        until = scope.until or today_of(capture.fetched_at)
        return tuple(day_links(posts_by_date(found.posts), host_of(capture.final_url), scope.since or until, until))
    try:
        named = await fetcher.robots_sitemaps(capture.final_url)
    except FetchError:
        named = ()
    if len(named) > MAX_NAMED_SITEMAPS:
        at = origin_of(capture.final_url)
        log.warning("%s/robots.txt: it names %d sitemaps; %d of them are read", at, len(named), MAX_NAMED_SITEMAPS)
    links = [
        Link(url=url, raw_url=raw, kind="sitemap", found_on=capture.final_url)
        for raw in named[:MAX_NAMED_SITEMAPS]
        if (url := canonical_url(raw, capture.final_url))
    ]
    feeds = found.feeds if scope.is_open else ()
    if not links and not feeds and _is_front_page(capture.final_url):
        guess = f"{origin_of(capture.final_url)}/sitemap.xml"
        links.append(Link(url=guess, raw_url=guess, kind="sitemap", found_on=capture.final_url))
    is_own = scope.has(capture.final_url)  # otherwise it was temporarily redirected
    return tuple(link for link in (*feeds, *links) if scope.wants(link) or (is_own and not scope.has(link.url)))


def named_hosts(queued: QueuedLink, links: Iterable[Link], scope: Scope) -> tuple[Followed, ...]:
    """The hosts of feeds and sitemaps that a start page or its robots.txt names, if the crawl did not request them
    before.
    """
    hosts = {host_of(link.url): None for link in links if not scope.has(link.url)}
    return tuple(Followed(source=queued.host, host=host, how="named", evidence=queued.url) for host in hosts)


def sections(capture: Capture, found: ListingResult, named: Iterable[Link], scope: Scope) -> tuple[Link, ...]:
    """The sections of a site without rules that announces no feed: they are visited like the front page that links to
    them.
    """
    is_fed = any(link.kind == "feed" for link in named)
    if is_fed or not scope.is_open or not _is_front_page(capture.final_url) or find_portal(capture.final_url)[0]:
        return ()
    return tuple(link for link in found.sections if scope.wants(link))


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
