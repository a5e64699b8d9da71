"""One leased link: fetched, read and converted for the archive, whatever happens on the way."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

from scraper import installed
from scraper.archive.file import articles, lookup
from scraper.archive.file.articles import PageReading
from scraper.archive.file.lookup import article_pages
from scraper.archive.write import identity as archive_identity
from scraper.archive.write import save
from scraper.archive.write.identity import known_as, move_of
from scraper.crawl import judging
from scraper.crawl.announced import announced, named_hosts, sections
from scraper.crawl.join import join_with_stored
from scraper.crawl.listing import account, days_of, passed_over, unchanged_look
from scraper.crawl.page_verdict import is_js_shell, reads_as_article, reason_of_article
from scraper.crawl.redesign import Weighed, weigh_reading
from scraper.crawl.results import PRIORITY, outcome_of, outcome_of_failure, result_of, site_row
from scraper.errors import ArchiveDamaged, DiscoverError, ExtractError, FetchError, Reason, SystemLimit
from scraper.extract.structure.paging import is_same_article
from scraper.fetch import reservation_of, rights_of
from scraper.records import Link, LinkKind, Redirect, Rights
from scraper.sites.registry import find_portal, is_article_url
from scraper.typed import replace
from scraper.urls import host_of, page_number

if TYPE_CHECKING:
    from scraper.archive.file.library import Archive
    from scraper.archive.write.frontier import QueuedLink
    from scraper.archive.write.pageresult import PageResult
    from scraper.crawl.readers import Readers
    from scraper.crawl.targets import Scope
    from scraper.fetch import Fetcher
    from scraper.records import Article, Capture
    from scraper.sites import Site

MAX_REFRESHES = 3
HEAD_BYTES = 65_536  # where a page says that it redirects its readers
_REFRESHES = re.compile(rb"http-equiv\s{0,9}=\s{0,9}[\"']?\s{0,9}refresh")

log = logging.getLogger("kliping")

# A publisher's queue is requested in this order. Feeds name what is new, so they come before sitemaps, which name
# everything.
BACKLOG: dict[LinkKind, int] = {"sitemap": 5, "article": 0}


async def visit(
    db: Archive, fetcher: Fetcher, readers: Readers, queued: QueuedLink, scope: Scope, *, run_id: int
) -> PageResult:
    """Fetch and read one link. Never raises for a network or page fault: that is an outcome."""
    # First, so that a fetched page need not wait for its publisher's next turn.
    tdm = await fetcher.tdm_file(queued.url)
    result = await _visit(db, fetcher, readers, queued, scope, run_id=run_id)
    last_url = result.outcome.redirects[-1].location if result.outcome.redirects else queued.url
    rights = rights_of(result.capture) if result.capture else Rights()
    is_said = rights.tdm_reservation is not None  # the page's own statement overrides its site's
    if result.capture and tdm is not None and not is_said and host_of(last_url) == queued.host:
        reserved = reservation_of(tdm, last_url)
        rights = replace(rights, tdm_reservation=reserved.tdm_reservation, tdm_policy=reserved.tdm_policy)
    return replace(result, robots_id=fetcher.robots_version(last_url), rights=rights)


async def _visit(
    db: Archive, fetcher: Fetcher, readers: Readers, queued: QueuedLink, scope: Scope, *, run_id: int
) -> PageResult:
    try:
        capture = await _fetched(fetcher, readers, queued)
    except FetchError as error:
        outcome = outcome_of_failure(queued, error, fetcher.clock.now())
        return result_of(db, queued, outcome, run_id, capture=error.capture)  # a bot wall's page is evidence
    if capture.status == 304:
        outcome = outcome_of(queued, capture, Reason.UNCHANGED)
        published_at = lookup.published_at(db, queued.url_id)
        look = unchanged_look(db, queued, capture) if queued.kind != "article" else None
        return result_of(db, queued, outcome, run_id, published_at=published_at, look=look)
    try:
        if queued.kind == "article":
            return await _article(db, readers, queued, capture, run_id)
        return await _source(db, fetcher, readers, queued, capture, scope, run_id)
    except SystemLimit:
        raise
    except ArchiveDamaged as error:  # nothing can be compared with the stored version; other pages are not affected
        log.error("%s: what is kept of it is damaged (`kliping verify` names all of it): %s", queued.url, error)  # noqa: TRY400
        return _unjudged(db, queued, capture, run_id, Reason.DAMAGED, error)
    except Exception as error:
        # One page must not end a crawl of months: the capture is kept, the outcome says "bug", the traceback is in the
        # log.
        installed.check_unchanged()  # the effects of an upgrade during the run are not the page's fault
        log.exception("%s: a bug of kliping", queued.url)
        return _unjudged(db, queued, capture, run_id, Reason.BUG, error)


def _unjudged(
    db: Archive, queued: QueuedLink, capture: Capture, run_id: int, reason: Reason, error: Exception
) -> PageResult:
    """A capture that is kept but not read, because of a fault of ours or of the archive."""
    outcome = outcome_of(queued, capture, reason, f"{type(error).__name__}: {error}"[:300])
    return result_of(db, queued, outcome, run_id, capture=capture)


async def _fetched(fetcher: Fetcher, readers: Readers, queued: QueuedLink) -> Capture:
    """The page to which a link leads, including through pages that redirect to it. Raises FetchError."""
    is_retry = queued.failures > 0
    capture = await fetcher.fetch(
        queued.url, kind=queued.kind, etag=queued.etag, last_modified=queued.last_modified, is_retry=is_retry
    )
    for _ in range(MAX_REFRESHES):
        if not _may_refresh(capture.body):
            break
        try:
            target = await readers.refresh(capture)
        except ExtractError:
            break
        hops = (*capture.redirects, Redirect(url=capture.final_url, status=capture.status, location=target or ""))
        if target is None or target in {hop.url for hop in hops}:
            break
        try:
            following = await fetcher.fetch(target, kind=queued.kind, is_retry=is_retry)
        except FetchError as error:
            error.redirects = (*hops, *error.redirects)
            raise
        capture = replace(following, url=capture.url, redirects=(*hops, *following.redirects))
    return capture


def _may_refresh(body: bytes) -> bool:
    """Whether a page may redirect its readers; every page is checked, and the word alone settles most in a tenth of the
    time.
    """
    head = body[:HEAD_BYTES].lower()
    return b"refresh" in head and _REFRESHES.search(head) is not None


async def read_kept(
    db: Archive, readers: Readers, queued: QueuedLink, capture: Capture, *, run_id: int, reason: Reason = Reason.OK
) -> PageResult:
    """The contents of a capture from elsewhere (a WARC file, a folder); nothing is requested because of it.

    An article is read, unless a `reason` other than OK is already known; a page of another kind is kept as it is.
    """
    try:
        if queued.kind == "article" and reason is Reason.OK:
            result = await _article(db, readers, queued, capture, run_id, may_be_part=True)
        else:
            result = result_of(db, queued, outcome_of(queued, capture, reason), run_id, capture=capture)
    except SystemLimit:
        raise
    except ArchiveDamaged as error:
        result = _unjudged(db, queued, capture, run_id, Reason.DAMAGED, error)
    except Exception as error:  # as in _visit: one page must not end an import of millions
        installed.check_unchanged()
        log.exception("%s: a bug of kliping", queued.url)
        result = _unjudged(db, queued, capture, run_id, Reason.BUG, error)
    return replace(result, links=(), again=(), leaves_queue=True, source=None, coverage=None, rights=rights_of(capture))


async def _source(
    db: Archive, fetcher: Fetcher, readers: Readers, queued: QueuedLink, capture: Capture, scope: Scope, run_id: int
) -> PageResult:
    """Read a feed, sitemap or index page; a page guessed to be an index that is an article is kept as one."""
    try:
        shape, found = await readers.listing(capture)
        site, _ = find_portal(capture.final_url)
        if shape == "html" and queued.depth == 0 and await _is_article(readers, capture, site):
            # From now on it is looked at again by its age.
            return await _article(db, readers, replace(queued, kind="article"), capture, run_id)
    except (DiscoverError, ExtractError) as error:
        return result_of(db, queued, outcome_of(queued, capture, error.reason, error.detail), run_id, capture=capture)
    if shape == "html" and queued.kind in ("feed", "sitemap") and not found.links:
        outcome = outcome_of(queued, capture, Reason.UNPARSABLE, f"this is no {queued.kind}")
        return result_of(db, queued, outcome, run_id, capture=capture)
    moved = move_of(db, queued.url_id, capture)
    if moved is not None:
        scope = scope.with_hosts([moved.new_host])
    listing = await account(db, readers, queued, capture, found, scope, shape)
    outcome = outcome_of(queued, capture, Reason.OK, listing.detail)
    result = result_of(db, queued, outcome, run_id, capture=capture, look=listing.look)
    is_start = queued.depth == 0 and queued.kind == "index" and shape == "html"
    named = await announced(fetcher, capture, found, scope) if is_start else ()
    links = (*listing.links, *named)
    return replace(
        result,
        followed=(*listing.followed, *named_hosts(queued, named, scope)),
        outside=listing.outside,
        cut=listing.cut,
        links=links,
        sections=sections(capture, found, named, scope) if is_start else (),
        days=days_of(links),
        backlog=listing.backlog,
        again=(*listing.again, *passed_over(db, scope, named)),
        left_out=listing.left_out,
        coverage=listing.coverage,
        named=listing.named,
        moved=moved,
        link_priority=PRIORITY,
        backlog_priority=BACKLOG,
        depth=queued.depth,
    )


async def _article(
    db: Archive, readers: Readers, queued: QueuedLink, capture: Capture, run_id: int, *, may_be_part: bool = False
) -> PageResult:
    """Read an article page; a page of several is joined with those already stored, and what is not the article is kept
    aside.
    """
    if queued.is_captured and save.is_read(db, queued.url_id, capture.body):
        outcome = outcome_of(queued, capture, Reason.UNCHANGED)
        published_at = lookup.published_at(db, queued.url_id)
        return result_of(db, queued, outcome, run_id, capture=capture, published_at=published_at)
    cut = judging.cut_short(db, queued, capture, may_be_part=may_be_part)
    if cut.why is not None:
        outcome = outcome_of(queued, capture, Reason.TRUNCATED, cut.why)
        result = result_of(db, queued, outcome, run_id, capture=capture)
    else:
        result = await _whole(db, readers, queued, capture, run_id, is_part=cut.is_part)
    landed = judging.landed(capture)
    return replace(result, ending=cut.ending, landed=landed) if cut.ending or landed else result


async def _whole(
    db: Archive, readers: Readers, queued: QueuedLink, capture: Capture, run_id: int, *, is_part: bool
) -> PageResult:
    """Read a page that arrived complete, or as complete as it can be had (`is_part`)."""
    try:
        article, charset = await readers.page(capture)
    except ExtractError as error:
        return await _no_article(db, readers, queued, capture, run_id, error)
    if (known := known_as(db, article.url)) != article.url:
        article = replace(article, url=known)
    identity = archive_identity.same_article(db, queued.url_id, article, capture)
    if identity is not None and not identity.is_double:
        article = replace(article, url=identity.url)
    if is_part and judging.is_part_of(db, queued, article):
        outcome = outcome_of(queued, capture, Reason.TRUNCATED, "it breaks off, and more of its article is kept")
        return result_of(db, queued, outcome, run_id, capture=capture)
    site, portal = find_portal(capture.final_url, article.url)
    page = max(article.page, page_number(capture.final_url) or 1)
    stored = article_pages(db, article.url) if article.page_count > 1 else ()
    whole = article if article.page == page else replace(article, page=page)
    joined = await join_with_stored(whole, stored, readers.article)
    judged = await judging.of_article(db, readers, queued, capture, joined.article, page=page)
    if judged.reason is not None:
        return _aside(db, queued, capture, run_id, judged)
    reason = reason_of_article(article)
    # An incomplete page: the first page is missing, or only a teaser of the stored version is left. Only the capture is
    # kept.
    is_lost = page > 1 and joined.article.page == page
    is_lost = is_lost or (reason is Reason.PAYWALLED and judging.is_teaser_of(db, queued, joined.article))
    is_new = not queued.is_captured and not articles.is_kept(db, joined.article.url)
    alone = is_lost or is_new  # there is nothing to compare it with
    reading, weighed = await _compared(db, readers, queued, capture, joined.article, page=page, is_alone=alone)
    is_ours = weighed.is_ours or judged.is_first
    is_changed = not alone and not is_ours and articles.is_changed(db, reading)
    outcome = outcome_of(queued, capture, reason, judged.detail)
    result = result_of(
        db, queued, outcome, run_id, capture=capture, published_at=article.published_at, is_changed=is_changed
    )
    return replace(
        result,
        article=None if is_lost or weighed.is_poorer else weighed.article,
        is_ours=is_ours,
        is_same_article=weighed.is_poorer,
        before=reading.before,
        charset=charset,
        site=site_row(site, portal),
        page=page,
        parts=joined.parts,
        links=_next_pages(article, queued),
        link_priority=PRIORITY["article"] + 5,  # pages of one article are fetched together
        depth=queued.depth,
        text_key=judged.text_key,
        title_key=judged.title_key,
        is_confirmed=judged.is_confirmed,
        takes_back=judged.takes_back,
        cut="its text is longer than a record may be" if "text_cut" in article.warnings else None,
        identity=identity,
    )


async def _compared(
    db: Archive, readers: Readers, queued: QueuedLink, capture: Capture, article: Article, *, page: int, is_alone: bool
) -> tuple[PageReading, Weighed]:
    """A reading compared with the stored version: only the publisher's part of a difference is a revision."""
    reading = PageReading(article=article, url_id=queued.url_id, at=capture.fetched_at, page=page)
    if is_alone:
        return reading, Weighed(article=article)
    if is_changed := articles.is_changed(db, reading):
        # The stored version may have been read by other rules than today's.
        reading = replace(reading, before=await _read_again(db, readers, article.url))
        is_changed = articles.is_changed(db, reading)
    weighed = await weigh_reading(db, readers, article, capture, reading.before, is_changed=is_changed)
    return replace(reading, article=weighed.article), weighed


async def _no_article(
    db: Archive, readers: Readers, queued: QueuedLink, capture: Capture, run_id: int, error: ExtractError
) -> PageResult:
    """What a page is that does not read as an article."""
    reason, detail = error.reason, error.detail
    judged = judging.Judged()
    if reason is Reason.NOT_ARTICLE and is_js_shell(capture.body):
        reason, detail = Reason.JS_SHELL, "the page is empty until its scripts run"
    elif reason is Reason.NOT_ARTICLE:
        judged = await judging.of_no_article(db, readers, queued, capture)
        if judged.reason is not None:
            return _aside(db, queued, capture, run_id, judged)
    result = result_of(db, queued, outcome_of(queued, capture, reason, detail), run_id, capture=capture)
    return replace(result, text_key=judged.text_key, title_key=judged.title_key)


def _aside(db: Archive, queued: QueuedLink, capture: Capture, run_id: int, judged: judging.Judged) -> PageResult:
    """A page that is kept as evidence, and is not a version of the article."""
    assert judged.reason is not None  # noqa: S101  (the caller asked)
    result = result_of(db, queued, outcome_of(queued, capture, judged.reason, judged.detail), run_id, capture=capture)
    return replace(
        result,
        text_key=judged.text_key,
        title_key=judged.title_key,
        doubt=judged.doubt,
        takes_back=judged.takes_back,
    )


async def _read_again(db: Archive, readers: Readers, url: str) -> Article | None:
    """Today's reading of the captures of the stored version; None if that is no longer an article."""
    try:
        pages = tuple((number, capture) for number, _, capture in article_pages(db, url))
        return await readers.joined(pages) if pages else None
    except (ExtractError, ArchiveDamaged):
        return None


def _next_pages(article: Article, queued: QueuedLink) -> tuple[Link, ...]:
    if article.next_page is None or not is_same_article(article.next_page, article.url):
        return ()
    return (Link(url=article.next_page, raw_url=article.next_page, kind="article", found_on=queued.url),)


async def _is_article(readers: Readers, capture: Capture, site: Site | None) -> bool:
    """Whether a page given by hand is an article: by its site's URL pattern, or else by its reading."""
    if site is not None:
        return is_article_url(site, capture.final_url)
    try:
        article = await readers.article(capture)
    except ExtractError:
        return False
    return await is_read_as_article(readers, capture, article)


async def is_read_as_article(readers: Readers, capture: Capture, article: Article) -> bool:
    """Whether a page that nobody called an article is one: by its text, or else by its own statement."""
    if reads_as_article(article, None):
        return True
    try:
        return reads_as_article(article, await readers.claim(capture))
    except ExtractError:
        return False
