"""All site definitions, looked up by host or slug: the catalogue, and what a user adds with --sites."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.errors import SiteError
from scraper.sites.catalogue import catalogue, outlines, whole_site
from scraper.urls import NO_RULES, use_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.sites import Layout, Portal, Site
    from scraper.urls import UrlRules

    SITES: tuple[Site, ...]  # all of the catalogue

# Hosts on which papers keep their pictures and scripts, the file endings of those (seen with eleven networks), two
# addresses in one, and one that was shortened for display ("/2025/06/10/saat-pr...").
_FILES_HOST = re.compile(r"(?:cdn|img|imgs|images?|assets?|static|statik|thumbs?|picts?)[0-9]*(?:-[a-z0-9]+)*\.")
_FILE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|css|js|json|xml|rss|pdf|mp[34]|m3u8|zip|woff2?|ttf|eot)/?$|https?://|(?:\.{3}|…)$",
    re.IGNORECASE,
)
_SLASHES = re.compile("//+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningNames:
    """How papers sign: Site.credit_names, the same with the brands of all portals, Site.dateline_names and
    Site.sign_offs.
    """

    credits: tuple[str, ...]
    papers: tuple[str, ...]
    datelines: tuple[str, ...]
    sign_offs: tuple[str, ...]


def _signing_names(sites: tuple[Site, ...]) -> SigningNames:
    credits_ = tuple(dict.fromkeys(name for site in sites for name in site.credit_names))
    brands = (portal.brand for site in sites for portal in site.portals)
    return SigningNames(
        credits=credits_,
        papers=tuple(dict.fromkeys([*credits_, *brands])),
        datelines=tuple(dict.fromkeys(name for site in sites for name in site.dateline_names)),
        sign_offs=tuple(dict.fromkeys(text for site in sites for text in site.sign_offs)),
    )


@dataclass(slots=True)
class _Index:
    """Portals by host, and sites and portals by slug (None: the slug names the whole network)."""

    sites: tuple[Site, ...]
    whole: Callable[[Site], Site]  # completes a site that may be an outline
    # Keyed by host ("*.example.com" for all other sub-domains), the longest path first.
    hosts: dict[str, list[tuple[Site, Portal]]] = field(default_factory=dict)
    slugs: dict[str, tuple[Site, Portal | None]] = field(default_factory=dict)
    layouts: dict[str, tuple[Site, Layout]] = field(default_factory=dict)
    names: SigningNames = field(init=False)

    def __post_init__(self) -> None:
        self.names = _signing_names(self.sites)

    def add(self, site: Site) -> None:
        """Raise SiteError for a host, a slug or a layout's name that another site claims."""
        own = [(site.name, None), *((portal.slug, portal) for portal in site.portals if portal.slug != site.name)]
        for slug, portal in own:
            if slug in self.slugs:
                raise SiteError(f"{site.name}: the slug {slug!r} is taken by {self.slugs[slug][0].name}")
            self.slugs[slug] = (site, portal)
        for portal in site.portals:
            for host in portal.hosts:
                others = self.hosts.setdefault(host, [])
                for other, taken in others:
                    if taken.path == portal.path:
                        raise SiteError(f"{site.name}: the host {host + portal.path!r} is taken by {other.name}")
                others.append((site, portal))
                others.sort(key=lambda each: -len(each[1].path))
        for layout in site.layouts:
            other, known = self.layouts.setdefault(layout.name, (site, layout))
            if known != layout:  # the layouts of a profile are the same for all its papers
                raise SiteError(f"{site.name}: the layout name {layout.name!r} is taken by {other.name}")

    def url_rules(self) -> dict[str, UrlRules]:
        """What is special about addresses, by host, for the sites that define anything."""
        return {
            host.removeprefix("*."): site.urls
            for site in self.sites
            if site.urls != NO_RULES
            for portal in site.portals
            for host in portal.hosts
        }

    def find(self, url: str) -> tuple[Site, Portal] | None:
        """The portal of a URL: by its host, or else by the domain above it; by the longest path if several share a
        host.
        """
        host, path = _address(url)
        known = self.hosts.get(host) or self.hosts.get(f"*.{host.partition('.')[2]}") or ()
        for site, portal in known:
            if not portal.path or f"{path}/".startswith(f"{portal.path}/"):
                return self.whole(site), portal
        return None


def _index(sites: Iterable[Site], whole: Callable[[Site], Site] = lambda site: site) -> _Index:
    found = _Index(tuple(sites), whole)
    for site in found.sites:
        found.add(site)
    return found


_CATALOGUE = _index(outlines(), lambda outline: whole_site(outline.name))
use_rules(_CATALOGUE.url_rules())
_in_use = [_CATALOGUE]  # a list, so that use_sites can replace its element
_own: list[tuple[Site, ...]] = [()]


def use_sites(own: Iterable[Site], *, instead: bool = False) -> None:
    """Use these definitions besides the catalogue, instead of those of an earlier call.

    One that has the name and the portals of a site in the catalogue replaces it (`extends`); with `instead` the name is
    enough. Raises SiteError, and changes nothing, if one claims a slug, a host or a layout's name that is already
    taken. Applies to this process: a process that reads pages for it receives own_sites() and calls this itself.
    """
    own = tuple(own)
    of_name = {site.name: site for site in own}
    kept = (
        site
        for site in (catalogue() if own else ())
        if site.name not in of_name or not (instead or of_name[site.name].portals == site.portals)
    )
    _in_use[0] = _index((*kept, *own)) if own else _CATALOGUE
    _own[0] = own
    use_rules(_in_use[0].url_rules())


def own_sites() -> tuple[Site, ...]:
    """The definitions in use that are not in the catalogue."""
    return _own[0]


def all_sites() -> tuple[Site, ...]:
    """The catalogue and the user's own definitions."""
    return tuple(map(_in_use[0].whole, _in_use[0].sites))


def signing_names() -> SigningNames:
    """How the papers in use sign; the same object until other sites are used."""
    return _in_use[0].names


def find_portal(*urls: str | None) -> tuple[Site, Portal] | tuple[None, None]:
    """The site and portal of the first of these URLs that belongs to one."""
    for url in urls:
        if url and (found := _in_use[0].find(url)):
            return found
    return None, None


def by_slug(slug: str) -> tuple[Site, tuple[Portal, ...]] | None:
    """A network with all its portals, or one portal of a network; None for an unknown slug."""
    found = _in_use[0].slugs.get(slug)
    if found is None:
        return None
    site, portal = _in_use[0].whole(found[0]), found[1]
    return site, (portal,) if portal else site.portals


def near_slugs(slug: str, *, most: int = 3, also: Iterable[str] = ()) -> list[str]:
    """The slugs of networks, portals and of `also` that somebody may have meant, the likeliest first."""
    return get_close_matches(slug, {*_in_use[0].slugs, *also}, n=most)


def unknown_target(target: str) -> str:
    """The message about a target that names no site."""
    near = " or ".join(near_slugs(target, most=2))
    meant = f"; did you mean {near}?" if near else ""
    return f"{target!r} is neither a site of `kliping sites` nor a URL{meant}"


def is_article_url(site: Site, url: str) -> bool:
    """Whether a URL looks like that of an article of the site."""
    host, path = _address(url)
    return bool(site.article_path.search(_SLASHES.sub("/", path))) and not _is_other(site, host, path)


def is_other_url(*urls: str | None) -> bool:
    """Whether a page is something that its site says is never an article: judged by all of these URLs that belong to a
    site, at least one.
    """
    known = [(site, url) for url in urls if url and (site := find_portal(url)[0])]
    return bool(known) and all(_is_other(site, *_address(url)) for site, url in known)


def _is_other(site: Site, host: str, path: str) -> bool:
    if host in site.other_hosts or _FILES_HOST.match(host) or _FILE.search(path):
        return True
    return site.other_path is not None and bool(site.other_path.search(_SLASHES.sub("/", path)))


def __getattr__(name: str) -> Any:
    """SITES, created when it is first used."""
    if name == "SITES":
        return catalogue()
    raise AttributeError(name)


@lru_cache(maxsize=256)  # it is called several times for a page's URL
def _address(url: str) -> tuple[str, str]:
    """(host, path) of a URL; ("", "") if it is invalid."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip("."), parts.path
    except ValueError:
        return "", ""
