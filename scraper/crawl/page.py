"""One leased link: fetched, read and made into what the archive stores, whatever happens on the way."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scraper import archive
from scraper.archive import PageResult, SiteRow
from scraper.crawl.join import join_with_stored
from scraper.crawl.targets import next_index_page
from scraper.crawl.verdict import is_js_shell, reason_of
from scraper.dates import date_in_url
from scraper.errors import DiscoverError, ExtractError, FetchError, Reason
from scraper.plan import after_attempt, listed_day, paging_ends
from scraper.records import Link, Outcome
from scraper.sites.registry import find_portal, is_article_url
from scraper.urls import article_url, canonical_url, page_number

if TYPE_CHECKING:
    from scraper.archive import Archive, QueuedLink
    from scraper.crawl.readers import Readers
    from scraper.crawl.targets import Scope
    from scraper.discover import Found
    from scraper.fetch import Fetcher
    from scraper.records import Article, Capture
    from scraper.sites import Portal, Site

log = logging.getLogger("kliping")

PRIORITY = {"sitemap": 30, "feed": 30, "index": 20, "article": 10}
MAX_INDEX_PAGES = 200  # of one day or section
MAX_NAMED_SITEMAPS = 100  # of a robots.txt
MAX_SITEMAP_DEPTH = 3  # an index of indexes of sitemaps; the protocol knows one level


async def visit(
    db: Archive, fetcher: Fetcher, readers: Readers, queued: QueuedLink, scope: Scope, *, run_id: int
) -> PageResult:
    """Fetch and read one link. Never raises for a network or page fault: that is an outcome."""
    try:
        capture = await fetcher.fetch(
            queued.url, kind=queued.kind, etag=queued.etag, last_modified=queued.last_modified
        )
    except FetchError as error:
        outcome = _failed(queued, error)
        if error.capture is not None:  # a bot wall's page is evidence
            return _with_capture(queued, outcome, error.capture, run_id)
        return _without_capture(queued, outcome, run_id)
    if capture.status == 304:
        outcome = _outcome(queued, capture, Reason.UNCHANGED)
        return _without_capture(queued, outcome, run_id)
    try:
        if queued.kind == "article":
            return await _article(db, readers, queued, capture, run_id)
        return await _source(db, fetcher, readers, queued, capture, scope, run_id)
    except Exception as error:
        # One page must not end a crawl of months: the capture is kept, the outcome says "bug", the trace is in the log.
        log.exception("%s: a bug of kliping", queued.url)
        outcome = _outcome(queued, capture, Reason.BUG, f"{type(error).__name__}: {error}"[:300])
        return _with_capture(queued, outcome, capture, run_id)


async def _source(
    db: Archive, fetcher: Fetcher, readers: Readers, queued: QueuedLink, capture: Capture, scope: Scope, run_id: int
) -> PageResult:
    """Read a feed, sitemap or index page; a page to start from brings also what its robots.txt names."""
    result = await _listing(db, readers, queued, capture, scope, run_id)
    if queued.depth == 0 and queued.kind == "index" and scope.is_open and result.article is None:
        return replace(result, links=(*result.links, *await _announced(fetcher, capture, scope)))
    return result


async def _announced(fetcher: Fetcher, capture: Capture, scope: Scope) -> tuple[Link, ...]:
    """The sitemaps that the robots.txt of a site without rules names; the catalogue knows where its sites list what is new."""
    if find_portal(capture.final_url)[0] is not None:
        return ()
    try:
        named = await fetcher.robots_sitemaps(capture.final_url)
    except FetchError:
        return ()
    links = [
        Link(url=url, raw_url=raw, kind="sitemap", found_on=capture.final_url)
        for raw in named[:MAX_NAMED_SITEMAPS]
        if (url := canonical_url(raw, capture.final_url))
    ]
    return tuple(link for link in links if scope.wants(link))


async def _article(db: Archive, readers: Readers, queued: QueuedLink, capture: Capture, run_id: int) -> PageResult:
    """Read an article page; a page of several is joined with those already kept."""
    try:
        article = await readers.article(capture)
    except ExtractError as error:
        reason, detail = error.reason, error.detail
        if reason is Reason.NOT_ARTICLE and is_js_shell(capture.body):
            reason, detail = Reason.JS_SHELL, "the page is empty until its scripts run"
        return _with_capture(queued, _outcome(queued, capture, reason, detail), capture, run_id)
    site, portal = find_portal(capture.final_url, article.url)
    page = max(article.page, page_number(capture.final_url) or 1)
    stored = archive.article_pages(db, article.url) if article.page_count > 1 else ()
    joined = await join_with_stored(replace(article, page=page), stored, readers.article)
    links = _next_pages(article, queued)
    is_lost = page > 1 and joined.article.page == page  # its first page is not here yet: keep the capture only
    is_changed = not is_lost and archive.is_changed(db, joined.article, page=page)
    result = _with_capture(
        queued, _outcome(queued, capture, reason_of(article)), capture, run_id, article=article, is_changed=is_changed
    )
    return replace(
        result,
        article=None if is_lost else joined.article,
        site=_site_row(site, portal),
        page=page,
        parts=joined.parts,
        links=links,
        link_priority=PRIORITY["article"] + 5,  # pages of one article are fetched together
        depth=queued.depth,
    )


def _next_pages(article: Article, queued: QueuedLink) -> tuple[Link, ...]:
    if article.next_page is None or article_url(article.next_page) != article_url(queued.url):
        return ()
    return (Link(url=article.next_page, raw_url=article.next_page, kind="article", found_on=queued.url),)


async def _listing(
    db: Archive, readers: Readers, queued: QueuedLink, capture: Capture, scope: Scope, run_id: int
) -> PageResult:
    """Read a feed, sitemap or index page; what was guessed to be an index and is an article is kept as one."""
    site, _ = find_portal(capture.final_url)
    try:
        shape, found = await readers.listing(capture)
        if shape == "html" and queued.depth == 0 and await _is_article(readers, capture, site):
            # From now on it is looked at again by its age.
            return await _article(db, readers, replace(queued, kind="article"), capture, run_id)
    except (DiscoverError, ExtractError) as error:
        return _with_capture(queued, _outcome(queued, capture, error.reason, error.detail), capture, run_id)
    links = [
        link
        for link in found.links
        if scope.wants(link) and (link.kind != "sitemap" or queued.depth < MAX_SITEMAP_DEPTH)
    ]
    known = archive.known_urls(db, (link.url for link in found.links))
    share = len(known) / len(found.links) if found.links else None
    again: tuple[str, ...] = ()
    if shape == "html":
        more = await _more_pages(db, readers, queued, found, site, has_new=len(known) < len(found.links))
        links += more
        if share == 0.0:  # all new: what stood on the first page before has moved to the next one
            again = tuple(link.url for link in more)
        if queued.depth == 0 and scope.is_open:
            links += [link for link in found.feeds if scope.wants(link)]
    detail = f"{len(found.links)} links, {len(found.links) - len(known)} new"
    outcome = _outcome(queued, capture, Reason.OK, detail)
    result = _with_capture(queued, outcome, capture, run_id, known_share=share)
    return replace(result, links=tuple(links), again=again, link_priority=PRIORITY["article"], depth=queued.depth)


async def _is_article(readers: Readers, capture: Capture, site: Site | None) -> bool:
    """Whether a page given by hand is an article: its site's URL pattern says so, else its reading."""
    if site is not None:
        return is_article_url(site, capture.final_url)
    try:
        article = await readers.article(capture)
    except ExtractError:
        return False
    words = sum(len(block.text.split()) for block in article.body)
    # A section page reads as a poor article: without a date, an author or much text.
    return (
        words >= 80
        and (article.published_at is not None or bool(article.authors))
        and "date_only" not in article.warnings
    )


async def _more_pages(
    db: Archive, readers: Readers, queued: QueuedLink, found: Found, site: Site | None, *, has_new: bool
) -> list[Link]:
    """The next page of an index: of a day, until it is empty or repeats itself; of what is newest, while it brings anything new."""
    url = found.next_page or next_index_page(queued.url, site.discovery if site else None)
    if url is None or (page_number(url) or 1) > MAX_INDEX_PAGES:
        return []
    if listed_day(queued.url) is None and not has_new:
        return []
    if paging_ends((link.url for link in found.links), await _links_of_page_before(db, readers, queued)):
        return []
    return [Link(url=url, raw_url=url, kind="index", found_on=queued.url)]


async def _links_of_page_before(db: Archive, readers: Readers, queued: QueuedLink) -> tuple[str, ...]:
    """What the page listed that led to this one, read again from its capture; () for a first page."""
    before = archive.capture_found_on(db, queued.url_id) if queued.depth else None
    if before is None:
        return ()
    try:
        _, found = await readers.listing(before)
    except (DiscoverError, ExtractError):
        return ()
    return tuple(link.url for link in found.links)


def _with_capture(
    queued: QueuedLink,
    outcome: Outcome,
    capture: Capture,
    run_id: int,
    *,
    article: Article | None = None,
    is_changed: bool = False,
    known_share: float | None = None,
) -> PageResult:
    published_at = article.published_at if article else None
    result = _without_capture(
        queued, outcome, run_id, published_at=published_at, is_changed=is_changed, known_share=known_share
    )
    return replace(result, capture=capture)


def _without_capture(
    queued: QueuedLink,
    outcome: Outcome,
    run_id: int,
    *,
    published_at: datetime | None = None,
    is_changed: bool = False,
    known_share: float | None = None,
) -> PageResult:
    hint = _published_hint(queued, published_at) if queued.kind == "article" else listed_day(queued.url)
    following = after_attempt(
        queued.kind,
        outcome.reason,
        now=outcome.at,
        failures=queued.failures,
        unchanged=queued.unchanged,
        interval_s=queued.interval_s,
        published_at=hint,
        is_changed=is_changed,
        known_share=known_share,
        not_before=outcome.not_before,
    )
    # The later pages of what is newest are looked at when the page before them is all new, not by themselves.
    is_led = queued.kind == "index" and queued.depth > 0 and hint is None and following.failures == 0
    return PageResult(
        url_id=queued.url_id,
        run_id=run_id,
        outcome=outcome,
        next_due=None if is_led else following.due_at,
        failures=following.failures,
        unchanged=following.unchanged,
        interval_s=following.interval_s,
    )


def _published_hint(queued: QueuedLink, published_at: datetime | None) -> datetime | None:
    """When an article was published: by its page, else by what revealed it, else by its URL."""
    day = date_in_url(queued.url)
    return (
        published_at or queued.published_hint or (datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None)
    )


def _outcome(queued: QueuedLink, capture: Capture, reason: Reason, detail: str | None = None) -> Outcome:
    return Outcome(
        url=queued.url,
        reason=reason,
        at=capture.fetched_at,
        status=capture.status,
        detail=detail or None,
        bytes_seen=capture.wire_bytes,
        elapsed_s=capture.elapsed_s,
        final_url=capture.final_url,
        redirects=capture.redirects,
    )


def _failed(queued: QueuedLink, error: FetchError) -> Outcome:
    return Outcome(
        url=queued.url,
        reason=error.reason,
        at=datetime.now(UTC),
        status=error.status,
        detail=error.detail or None,
        attempt=error.attempts,
        bytes_seen=error.bytes_seen,
        redirects=error.redirects,
        not_before=error.not_before,
    )


def _site_row(site: Site | None, portal: Portal | None) -> SiteRow | None:
    if site is None or portal is None:
        return None
    return SiteRow(
        slug=portal.slug,
        network=site.name,
        name=portal.brand,
        host=portal.hosts[0],
        zone=portal.zone,
        province=portal.province,
    )
