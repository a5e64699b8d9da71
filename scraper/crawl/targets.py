"""What a person asked for → links to start from, and the hosts on which the crawl stays."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.dates import date_in_url
from scraper.errors import SiteError
from scraper.plan import index_pages, is_of, listed_day, page_after, page_in
from scraper.records import Link
from scraper.sites.registry import by_slug, find_portal, is_article_url, unknown_target
from scraper.template import filled
from scraper.urls import canonical_url, host_of, listing_page, registrable_domain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scraper.plan.host_shards import Shard
    from scraper.records import LinkKind
    from scraper.sites import DayIndex, Discovery, Portal

_DAY = timedelta(days=1)
MAX_MOVES = 5  # of one publisher, one after the other


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A link to begin with; `is_given` says that it was named on the command line."""

    link: Link
    is_given: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a crawl may go.

    `hosts` exactly, `domains` with everything below them, `parts` ("www.detik.com/jatim") with what is below their
    path, the hosts of `followed`, which publishers or a person have added; and the requested days (both included).
    `idle` are parameters of hosts that make no other article. Within these, a `shard` requests its own publishers.
    `requested` is what limits or widens the targets, as the archive keeps it (see CrawlOptions.scope).
    """

    hosts: frozenset[str]
    domains: frozenset[str]
    parts: frozenset[str] = frozenset()
    followed: frozenset[str] = frozenset()
    idle: Mapping[str, frozenset[str]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    requested: str | None = None
    shard: Shard | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is for what is new, not for a range of days."""
        return self.since is None and self.until is None

    def with_hosts(self, hosts: Iterable[str]) -> Scope:
        """The same scope with these hosts added."""
        return replace(self, hosts=self.hosts | frozenset(hosts))

    def following(self, moves: Mapping[str, str]) -> Scope:
        """The same scope with the hosts to which its hosts have moved."""
        scope = self
        for _ in range(MAX_MOVES):
            new = {new for old, new in moves.items() if scope.has_host(old) and not scope.has_host(new)}
            if not new:
                break
            scope = scope.with_hosts(new)
        return scope

    def has_host(self, host: str) -> bool:
        """Whether this crawl requests links of a host."""
        if self.shard is not None and not self.shard.owns(host):
            return False
        return self._has_whole(host) or any(part.partition("/")[0] == host for part in self.parts)

    def _has_whole(self, host: str) -> bool:
        return host in self.hosts or host in self.followed or registrable_domain(host) in self.domains

    def is_own(self, host: str) -> bool:
        """Whether a host was asked for, rather than added later."""
        return host in self.hosts or registrable_domain(host) in self.domains

    def has(self, url: str) -> bool:
        address = host_of(url) + urlsplit(url).path
        return self._has_whole(host_of(url)) or any(address.startswith(f"{part}/") for part in self.parts)

    def wants(self, link: Link) -> bool:
        """Whether a discovered link is to be fetched: on our hosts, and not known to be from another day."""
        if not self.has(link.url):
            return False
        if self.is_open:
            return True
        # What was last changed before these days is not from them, and a sitemap from before then names nothing from
        # them.
        if self.since is not None and link.modified_at and link.modified_at.date() < self.since - _DAY:
            return False
        if link.kind != "article":
            return True
        day = link.published_at.date() if link.published_at else date_in_url(link.url)
        # A day of grace, since hints can be in any zone.
        return day is None or not (
            (self.since is not None and day < self.since - _DAY) or (self.until is not None and day > self.until + _DAY)
        )


def resolve(
    targets: Iterable[str], *, since: date | None, until: date | None, today: date, shard: Shard | None = None
) -> tuple[list[Start], Scope]:
    """The links to start from and the scope. Raises SiteError for a target that is neither a site nor a URL."""
    starts: list[Start] = []
    hosts: set[str] = set()
    domains: set[str] = set()
    parts: set[str] = set()
    for target in targets:
        if "://" in target:
            url = canonical_url(target)
            if url is None:
                raise SiteError(f"{target!r} is not an http or https URL")
            starts.append(Start(link=Link(url=url, raw_url=target, kind=guessed_kind(url)), is_given=True))
            _, portal = find_portal(url)
            hosts.update((*portal.hosts, host_of(url)) if portal else ())
            if portal is None:
                domains.add(registrable_domain(host_of(url)))
            continue
        found = by_slug(target)
        if found is None:
            raise SiteError(unknown_target(target))
        site, portals = found
        for portal in portals:
            if portal.path:
                parts.update(host + portal.path for host in portal.hosts)
            else:
                hosts.update(portal.hosts)
            starts += [
                Start(link=link) for link in portal_links(site.discovery, portal, since=since, until=until, today=today)
            ]
    return [start for start in starts if shard is None or shard.owns_url(start.link.url)], Scope(
        hosts=frozenset(hosts),
        domains=frozenset(domains),
        parts=frozenset(parts),
        since=since,
        until=until,
        shard=shard,
    )


def portal_links(
    discovery: Discovery, portal: Portal, *, since: date | None, until: date | None, today: date
) -> list[Link]:
    """Where a portal's articles are listed: its index by date for a range of days, or else what is new."""
    host = portal.hosts[0] + portal.path
    if host.startswith("*."):  # any sub-domain that is not listed: there is no place to begin
        return []

    def links(patterns: Iterable[str], kind: LinkKind) -> list[Link]:
        urls = [canonical_url(filled(pattern, {"host": host})) for pattern in patterns]
        return [Link(url=url, raw_url=url, kind=kind) for url in urls if url]

    if (since or until) and discovery.by_date:
        last = min(until or today, today)
        return _days_of(discovery.by_date, host, since or last, last)
    if since or until:
        found = links((*discovery.sitemaps, *discovery.news_sitemaps), "sitemap")
        return found or links(discovery.sections or ("https://{host}/",), "index")
    found = [
        *links(discovery.news_sitemaps, "sitemap"),
        *links(discovery.feeds, "feed"),
        *links(discovery.sections, "index"),
    ]
    # The newest articles of a whole year are also in a section.
    forms = tuple(each for each in discovery.by_date if "{day" in each.url)
    return found + _days_of(forms, host, today, today)


def _days_of(forms: tuple[DayIndex, ...], host: str, since: date, until: date) -> list[Link]:
    """The first page of an index by date for each day, newest day first, in the best address format for that day.

    A format without a day gives one page for all days of its year or month.
    """
    found: list[Link] = []
    day = until
    while day >= since:
        form = next((each for each in forms if each.holds(day)), None)
        if form is not None:
            found += day_links(form.url, host, day, day, first=form.first_page)
        day -= _DAY
    return found


def day_links(pattern: str, host: str, since: date, until: date, *, first: int = 1) -> list[Link]:
    """The first page of an archive by date for each day, newest day first."""
    days = index_pages(pattern, host, since, until, first)
    return [Link(url=url, raw_url=url, kind="index") for _, page in days if (url := canonical_url(page))]


def other_form(url: str) -> Link | None:
    """The first page of the same day in the site's next address format for its index by date; None if there is no
    other.
    """
    site, portal = find_portal(url)
    day = listed_day(url)
    form = form_of(url, site.discovery if site else None)
    if site is None or portal is None or day is None or form is None:
        return None
    forms = [each for each in site.discovery.by_date if each.holds(day.date())]
    later = forms[forms.index(form) + 1 :] if form in forms else ()
    host = portal.hosts[0] if not portal.hosts[0].startswith("*.") else host_of(url)
    found = [
        link
        for each in later
        for link in day_links(each.url, host + portal.path, day.date(), day.date(), first=each.first_page)
    ]
    return replace(found[0], found_on=url) if found else None


def form_of(url: str, discovery: Discovery | None) -> DayIndex | None:
    """The address format of a site's index by date to which a URL belongs; None for any other URL."""
    return next((each for each in discovery.by_date if is_of(each.url, url)), None) if discovery else None


def guessed_kind(url: str) -> LinkKind:
    """What a given URL seems to be; an index page is the careful guess, since its body decides again."""
    path = urlsplit(url).path.lower()
    if "sitemap" in path or path.endswith((".txt", ".txt.gz", ".xml.gz")):
        return "sitemap"
    if path.endswith((".xml", ".rss", ".atom", ".rdf", "/feed", "/feed/", "/rss", "/rss/", "/feed.json")):
        return "feed"
    site, _ = find_portal(url)
    if site is not None and is_article_url(site, url):
        return "article"
    return "index"


def next_index_page(url: str, discovery: Discovery | None) -> str | None:
    """The page after this one of an index by date, by the site's pattern; None if the site has none."""
    form = form_of(url, discovery)
    if form is None or "/page/{page}" in form.url:
        return None  # WordPress links its next page wherever there is one
    after = page_after(form.url, url, form.page_step)
    return canonical_url(after) if after else None


def number_of_page(url: str, discovery: Discovery | None) -> int:
    """Which page of a listing a URL requests, 1 for the first: by the pattern of the site's index by date, or else by
    its form.
    """
    form = form_of(url, discovery)
    if form is not None:
        counted = page_in(form.url, url)
        return (counted - form.first_page) // form.page_step + 1 if counted is not None else 1
    return listing_page(url)


def today_of(now: datetime) -> date:
    """The present day in Indonesia, where most papers of the catalogue are."""
    return (now + timedelta(hours=7)).date()
