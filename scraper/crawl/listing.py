"""What a feed, sitemap or index page yields for a crawl: links, its next page, the account of its day, its rhythm."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from scraper.archive.file import lookup
from scraper.archive.write import frontier, progress
from scraper.archive.write.followed import Followed
from scraper.archive.write.idle import without_parameters
from scraper.archive.write.progress import CoverageRow
from scraper.crawl.targets import next_index_page, number_of_page, other_form
from scraper.dates import date_in_url
from scraper.errors import DiscoverError, ExtractError, Reason
from scraper.plan import (
    Look,
    Rhythm,
    brings_more,
    fresh_for,
    goes_back,
    interval_after,
    is_not_yet_past,
    is_past,
    is_short,
    learned,
    listed_day,
    lists_other_days,
    paging_ends,
    source_key,
)
from scraper.records import Link
from scraper.sites.registry import find_portal, is_article_url
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from scraper.archive.file.library import Archive
    from scraper.archive.write.frontier import QueuedLink
    from scraper.archive.write.progress import CoverageState
    from scraper.crawl.readers import Readers
    from scraper.crawl.targets import Scope
    from scraper.discover import ListingResult
    from scraper.discover.sniff import Shape
    from scraper.records import Capture

MAX_INDEX_PAGES = 200  # of one day or section
MAX_RANGE_PAGES = 10_000  # of a list that goes back in time, towards the range of days that was asked for
NEWS_FOR = timedelta(days=7)  # older articles in a sitemap belong to the past
MAX_FOLLOWED = 50  # hosts that one listing may add
log = logging.getLogger("kliping")
MIN_OUTSIDE = 3
MAX_SITEMAP_DEPTH = 3  # an index of indexes of sitemaps; the protocol knows one level
_REFUSED = frozenset(
    {Reason.BLOCKED, Reason.DENIED, Reason.RATE_LIMITED, Reason.ROBOTS, Reason.ROBOTS_UNREACHABLE, Reason.PAYWALLED}
)
_NO_SUCH_PAGE = frozenset({Reason.GONE, Reason.CLIENT_ERROR, Reason.SOFT_404})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythmic:
    """A source's interval after a look, and the rhythm to store under its key."""

    interval: timedelta
    source: str
    rhythm: Rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one listing yielded; `backlog` can wait, `again` are known URLs that are due now, `named` are known
    articles.

    `cut` says what of it was not read. `left_out` counts the links outside the crawl's range of days; in the index of a
    single day these are strays, and are not counted.
    """

    links: tuple[Link, ...]
    backlog: tuple[Link, ...]
    again: tuple[str, ...]
    detail: str
    look: Look
    coverage: CoverageRow | None
    named: tuple[str, ...]
    followed: tuple[Followed, ...] = ()
    outside: str | None = None
    cut: str | None = None
    left_out: int = 0


async def account(
    db: Archive,
    readers: Readers,
    queued: QueuedLink,
    capture: Capture,
    found: ListingResult,
    scope: Scope,
    shape: Shape,
) -> Listing:
    """What follows from the links on a listing; those that lead out of the crawl are not counted."""
    followed = _followed(queued, capture, found, scope, shape)
    scope = replace(scope, followed=scope.followed | {each.host for each in followed})
    found, outside = _within(_named(found, scope), scope)
    known = frontier.known_urls(db, (link.url for link in found.links))
    changed = _changed_sitemaps(db, found, known)
    fresh = [link for link in found.links if link.url not in known]
    wanted = [link for link in fresh if scope.wants(link) and _is_near(link, queued)]
    new = len(fresh)
    is_for_range = not scope.is_open and listed_day(queued.url) is None
    of_other_days = len(fresh) - len(wanted) if is_for_range else 0
    look = _look(db, queued, capture, found, fresh, new=new + len(changed))
    before = await _links_of_page_before(db, readers, queued, scope)
    is_repeat = paging_ends((link.url for link in found.links), before)
    days, days_before = _days(found), [date_in_url(url) for url in before]
    page = max(_page_number(queued.url), queued.depth + 1)
    more, state = _more(
        db,
        queued,
        found,
        # In a range of days, newer articles may already be known, and so may some of its own days.
        has_new=brings_more(len(found.links), new, page=page) or (is_for_range and is_not_yet_past(scope.since, days)),
        is_last=is_short(len(found.links), len(before))
        or (is_for_range and scope.since is not None and is_past(scope.since, days, days_before)),
        repeated=len(before) if is_repeat else None,
        limit=MAX_RANGE_PAGES if is_for_range and goes_back(days, days_before) else MAX_INDEX_PAGES,
    )
    return Listing(
        # Its next page comes first: if a limit of the run cuts the list, the walk must still be able to continue.
        links=(*more, *(link for link in wanted if not _is_backlog(link, queued, look.at))),
        backlog=tuple(link for link in wanted if _is_backlog(link, queued, look.at)),
        again=(*changed, *_again(db, scope, found, more, is_all_new=bool(found.links) and not known)),
        detail=_detail(found, look, new=new, outside=outside, of_other_days=of_other_days),
        look=look,
        named=tuple(link.url for link in found.links if link.kind == "article"),
        followed=followed,
        outside=outside,
        cut=_cut(found, page if state == "limit" and listed_day(queued.url) is None else None),
        left_out=of_other_days,
        coverage=_coverage(
            queued,
            state,
            reason="other_days" if _is_of_other_days(queued, found) else None,
            links=0 if is_repeat else len(found.links),
            new=new,
        ),
    )


def _look(
    db: Archive, queued: QueuedLink, capture: Capture, found: ListingResult, fresh: Iterable[Link], *, new: int
) -> Look:
    return Look(
        at=capture.fetched_at,
        before=progress.looked_at(db, queued.url_id),
        listed=len(found.links),
        new=new,
        published=tuple(link.published_at for link in fresh if link.published_at),
        fresh=fresh_for(capture.headers, found.stays, capture.fetched_at),
    )


def _again(
    db: Archive, scope: Scope, found: ListingResult, more: Sequence[Link], *, is_all_new: bool
) -> tuple[str, ...]:
    """The known listings to which a page leads that are due now: its next page `more`, and its sitemaps."""
    sitemaps = [link for link in found.links if link.kind == "sitemap" and scope.wants(link)]
    return (
        *passed_over(db, scope, more),
        *passed_over(db, scope, sitemaps, may_be_covered=True),
        # All new: what was on this page before has moved to the next one.
        *(link.url for link in more if is_all_new),
    )


def _detail(found: ListingResult, look: Look, *, new: int, outside: str | None, of_other_days: int) -> str:
    """What a look at a listing brought, in words, and what of it was not accepted."""
    parts = [f"{len(found.links)} links, {new} new"]
    if outside is not None:
        parts.append(f"all lead to {outside}, which is not part of this crawl (--follow {outside})")
    if found.is_cut:
        parts.append("a limit or an error ended its reading, and the rest was not accepted")
    if look.is_overflow:
        parts.append("older ones may have been missed")
    if of_other_days:
        parts.append(f"{of_other_days} of other days are left out")
    return ": ".join(parts)


def _cut(found: ListingResult, last_page: int | None) -> str | None:
    """What of a list was not read, in words: the rest of this page, or the pages after the last one."""
    if found.is_cut:
        return "a limit or an error ended the reading of this listing"
    return None if last_page is None else f"no page of this list after page {last_page} is read; more may be there"


def passed_over(db: Archive, scope: Scope, links: Iterable[Link], *, may_be_covered: bool = False) -> tuple[str, ...]:
    """The URLs of those listings among the links that must be read again, because they were last read in another scope.

    That crawl was for another range of days, or did not follow a host that this one follows; a crawl that accepted
    every link has covered a listing if it `may_be_covered`. An index of a single day is the same for every range.
    """
    if scope.requested is None:  # such a crawl reads no listing early, but then accepts every link on it
        return ()
    listings = [link.url for link in links if link.kind != "article" and listed_day(link.url) is None]
    return tuple(progress.read_in_another_scope(db, listings, scope.requested, may_be_covered=may_be_covered))


def _followed(
    queued: QueuedLink, capture: Capture, found: ListingResult, scope: Scope, shape: Shape
) -> tuple[Followed, ...]:
    """The hosts that a listing adds to the crawl.

    A feed or sitemap of a site without rules was given by hand, named by a robots.txt or announced by a page: it shows
    where the articles are. One that was temporarily redirected to another host proves nothing.
    """
    is_led_away = not scope.has(capture.final_url) and any(hop.status not in (301, 308) for hop in capture.redirects)
    if shape == "html" or is_led_away or find_portal(queued.url)[0] is not None:
        return ()
    hosts = Counter(host_of(link.url) for link in found.links)
    new = [host for host, _ in hosts.most_common() if not scope.has_host(host)]
    if len(new) > MAX_FOLLOWED:
        log.warning(
            "%s: it lists articles of %d other hosts; %d of them are followed", queued.url, len(new), MAX_FOLLOWED
        )
    return tuple(
        Followed(source=queued.host, host=host, how="listed", evidence=queued.url) for host in new[:MAX_FOLLOWED]
    )


def _named(found: ListingResult, scope: Scope) -> ListingResult:
    """The same with addresses that only name articles: without parameters that have proved idle."""
    links: dict[str, Link] = {}
    for link in found.links:
        idle = scope.idle.get(host_of(link.url))
        url = without_parameters(link.url, idle) if idle and "?" in link.url else link.url
        links.setdefault(url, link if url == link.url else replace(link, url=url))
    return replace(found, links=tuple(links.values()))


def _within(found: ListingResult, scope: Scope) -> tuple[ListingResult, str | None]:
    """The links of a page to the crawl's hosts, and the host of most other links if there are none.

    For articles of another domain, that domain's own rules, if there are any, outweigh the markup of this page.
    """
    links = tuple(link for link in found.links if scope.has(link.url))
    links += tuple(link for link in found.elsewhere if scope.has(link.url) and _may_be_article(link.url))
    hosts = Counter(host_of(link.url) for link in found.links) or Counter(host_of(link.url) for link in found.elsewhere)
    outside = hosts.most_common(1)[0][0] if not links and sum(hosts.values()) >= MIN_OUTSIDE else None
    skipped = found.skipped + sum(not scope.has(link.url) for link in found.links)
    return replace(found, links=links, skipped=skipped), outside


def _may_be_article(url: str) -> bool:
    site, _ = find_portal(url)
    return site is None or is_article_url(site, url)


def _changed_sitemaps(db: Archive, found: ListingResult, known: set[str]) -> tuple[str, ...]:
    """The known sitemaps of an index that have changed since they were last requested, according to the index."""
    dated = {
        link.url: link.modified_at
        for link in found.links
        if link.kind == "sitemap" and link.modified_at and link.url in known
    }
    return tuple(url for url, at in progress.looked_at_urls(db, dated).items() if at < dated[url])


def _is_backlog(link: Link, queued: QueuedLink, now: datetime) -> bool:
    """Whether a link in a sitemap can wait: it lists years of articles, and new ones must not queue up behind them."""
    if queued.kind != "sitemap":
        return False
    at = link.published_at or link.modified_at
    return at is None or now - at > NEWS_FOR


def _is_near(link: Link, queued: QueuedLink) -> bool:
    return link.kind != "sitemap" or queued.depth < MAX_SITEMAP_DEPTH


def rhythm_after(db: Archive, queued: QueuedLink, look: Look) -> Rhythmic:
    """What a look at a source taught us, and when the next one is worthwhile."""
    source = source_key(queued.url)
    rhythm = learned(Rhythm(progress.rhythm(db, source)), look)
    return Rhythmic(interval=interval_after(rhythm, look, queued.kind), source=source, rhythm=rhythm)


def unchanged_look(db: Archive, queued: QueuedLink, capture: Capture) -> Look:
    """A look without news: the server said that nothing has changed."""
    at = capture.fetched_at
    before = progress.looked_at(db, queued.url_id)
    return Look(at=at, before=before, listed=0, new=0, fresh=fresh_for(capture.headers, None, at))


def _more(
    db: Archive,
    queued: QueuedLink,
    found: ListingResult,
    *,
    has_new: bool,
    is_last: bool,
    repeated: int | None,
    limit: int,
) -> tuple[list[Link], CoverageState]:
    """The next page of an index, and the state of the walk.

    A day is walked until a page is empty, hardly more than a repetition of the one before it (which had `repeated`
    links), or clearly the last; the newest articles are walked as long as there is anything new.
    """
    site, _ = find_portal(queued.url)
    number = _page_number(queued.url)
    url = found.next_page or next_index_page(queued.url, site.discovery if site else None)
    is_doubtful = number == 1 and (not found.links or _is_of_other_days(queued, found))
    if is_doubtful and (other := other_form(queued.url)) is not None:
        return [other], "walking"
    if not found.links:
        return [], "empty" if number == 1 else "done"
    if repeated is not None:  # a last page is seldom full; a full one may be all that the site shows
        return [], "limit" if _is_full(db, queued, repeated) else "done"
    if url is None or is_last or (listed_day(queued.url) is None and not has_new):
        return [], "done"
    if max(number, queued.depth) >= limit:  # a calendar goes on for ever without page numbers
        return [], "limit"
    return [Link(url=url, raw_url=url, kind="index", found_on=queued.url)], "walking"


def _is_of_other_days(queued: QueuedLink, found: ListingResult) -> bool:
    """Whether the index of a day lists other days: its address format is wrong or dead, or the day has only sidebar
    links.
    """
    day = listed_day(queued.url)
    return day is not None and lists_other_days(day.date(), _days(found))


def _days(found: ListingResult) -> list[date | None]:
    """The days of the articles that a page lists; None for each that names none."""
    return [
        link.published_at.date() if link.published_at else date_in_url(link.url)
        for link in found.links
        if link.kind == "article"
    ]


def _is_full(db: Archive, queued: QueuedLink, links: int) -> bool:
    """Whether a page of a day had as many links as the pages before it, if there were several."""
    day = listed_day(queued.url)
    counted = progress.day_counts(db, _site(queued.url), day.date()) if day else None
    return counted is not None and counted[0] > 1 and links * counted[0] >= counted[1]


async def _links_of_page_before(db: Archive, readers: Readers, queued: QueuedLink, scope: Scope) -> tuple[str, ...]:
    """The links of the page that led to this one, read again from its capture; () for a first page."""
    before = lookup.capture_found_on(db, queued.url_id) if _page_number(queued.url) > 1 else None
    if before is None:
        return ()
    try:
        _, found = await readers.listing(before)
    except (DiscoverError, ExtractError):
        return ()
    return tuple(link.url for link in _within(_named(found, scope), scope)[0].links)


def _page_number(url: str) -> int:
    site, _ = find_portal(url)
    return number_of_page(url, site.discovery if site else None)


def _site(url: str) -> str:
    """The key of a walk's account: the portal's slug, or the host of a site without rules."""
    _, portal = find_portal(url)
    return portal.slug if portal else host_of(url)


def days_of(links: Iterable[Link]) -> tuple[tuple[str, str, date], ...]:
    """The days whose walk begins with one of these links: (site, host, day)."""
    days = ((link.url, listed_day(link.url)) for link in links if link.kind == "index")
    return tuple((_site(url), host_of(url), day.date()) for url, day in days if day and _page_number(url) == 1)


def _coverage(
    queued: QueuedLink, state: CoverageState, *, reason: str | None = None, links: int = 0, new: int = 0
) -> CoverageRow | None:
    day = listed_day(queued.url) if queued.kind == "index" else None
    if day is None:
        return None
    return CoverageRow(
        site=_site(queued.url),
        host=queued.host,
        day=day.date(),
        state=state,
        reason=reason,
        pages=_page_number(queued.url),
        links=links,
        new_links=new,
    )


def other_form_after(queued: QueuedLink, reason: Reason) -> tuple[Link, ...]:
    """The day of an index whose page does not exist, in the site's next address format; () if there is none."""
    if reason not in _NO_SUCH_PAGE or queued.kind != "index" or _page_number(queued.url) != 1:
        return ()
    other = other_form(queued.url)
    return (other,) if other is not None else ()


def coverage_of_failure(queued: QueuedLink, reason: Reason) -> CoverageRow | None:
    """The state of a walk after a page that could not be fetched; None for anything but an index by date."""
    if reason is Reason.UNCHANGED:
        return None
    if reason in _NO_SUCH_PAGE:
        if other_form_after(queued, reason):
            return _coverage(queued, "walking", reason=reason.value)
        return _coverage(queued, "empty" if _page_number(queued.url) == 1 else "done")
    return _coverage(queued, "blocked" if reason in _REFUSED else "failed", reason=reason.value)
