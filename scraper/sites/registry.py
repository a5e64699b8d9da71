"""All site definitions, found by host or slug: the catalogue, and what a user adds with --sites."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.errors import SiteError
from scraper.sites import (
    Portal,
    Site,
    antara,
    astroawani,
    beritasatu,
    bisnis,
    broadcasters,
    cnn,
    detik,
    gelora,
    grid,
    idntimes,
    inews,
    jawapos,
    jogja_solo,
    jpnn,
    kapanlagi,
    kompas,
    kumparan,
    liputan6,
    liputan6_photo,
    mediaindonesia,
    merdeka,
    nusabali,
    okezone,
    prokal,
    promedia,
    radar,
    republika,
    sindonews,
    suara,
    tempo,
    tirto,
    tribun,
    viva,
    wordpress_papers,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.sites import Layout

SITES: tuple[Site, ...] = (
    tribun.SITE,
    antara.SITE,
    astroawani.SITE,
    beritasatu.SITE,
    bisnis.SITE,
    *broadcasters.SITES,
    *cnn.SITES,
    detik.SITE,
    gelora.SITE,
    *grid.SITES,
    idntimes.SITE,
    inews.SITE,
    jawapos.SITE,
    *jogja_solo.SITES,
    jpnn.SITE,
    kapanlagi.SITE,
    kompas.SITE,
    kumparan.SITE,
    liputan6.SITE,
    liputan6_photo.SITE,
    mediaindonesia.SITE,
    merdeka.SITE,
    nusabali.SITE,
    okezone.SITE,
    prokal.SITE,
    *promedia.SITES,
    radar.SITE,
    republika.SITE,
    sindonews.SITE,
    suara.SITE,
    tempo.SITE,
    tirto.SITE,
    viva.SITE,
    *wordpress_papers.SITES,
)


@dataclass(slots=True)
class _Index:
    """Portals by host, and sites and portals by slug (None: the slug names the whole network)."""

    sites: tuple[Site, ...]
    # by host ("*.example.com" for all other sub-domains), the longest path first
    hosts: dict[str, list[tuple[Site, Portal]]] = field(default_factory=dict)
    slugs: dict[str, tuple[Site, Portal | None]] = field(default_factory=dict)
    layouts: dict[str, tuple[Site, Layout]] = field(default_factory=dict)

    def add(self, site: Site) -> None:
        """Raises SiteError for a host, a slug or a layout's name that another site claims."""
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

    def find(self, url: str) -> tuple[Site, Portal] | None:
        """The portal of a URL: by its host, else by the domain above it; by the longest path where several share a host."""
        host, path = _address(url)
        known = self.hosts.get(host) or self.hosts.get(f"*.{host.partition('.')[2]}") or ()
        for site, portal in known:
            if not portal.path or f"{path}/".startswith(f"{portal.path}/"):
                return site, portal
        return None


def _index(sites: Iterable[Site]) -> _Index:
    found = _Index(tuple(sites))
    for site in found.sites:
        found.add(site)
    return found


_CATALOGUE = _index(SITES)
_in_use = [_CATALOGUE]  # a list, so that use_sites can put another one in
_own: list[tuple[Site, ...]] = [()]


def use_sites(own: Iterable[Site], *, instead: bool = False) -> None:
    """Make these definitions the ones in use beside the catalogue, in place of those of an earlier call.

    One that has the name and the portals of a site of the catalogue stands for
    it (`extends`); with `instead` the name is enough. Raises SiteError, and
    changes nothing, when one claims a slug, a host or a layout's name that is
    taken otherwise. Holds for this process: one that reads pages for it is
    given own_sites() and calls this itself.
    """
    own = tuple(own)
    of_name = {site.name: site for site in own}
    kept = tuple(
        site
        for site in SITES
        if site.name not in of_name or not (instead or of_name[site.name].portals == site.portals)
    )
    _in_use[0] = _index((*kept, *own)) if own else _CATALOGUE
    _own[0] = own


def own_sites() -> tuple[Site, ...]:
    """The definitions in use that are not of the catalogue."""
    return _own[0]


def all_sites() -> tuple[Site, ...]:
    """The catalogue and the user's own definitions."""
    return _in_use[0].sites


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
    site, portal = found
    return site, (portal,) if portal else site.portals


def is_article_url(site: Site, url: str) -> bool:
    """Whether a URL's path is that of an article of the site."""
    path = urlsplit(url).path
    return bool(site.article_path.search(path)) and not (site.other_path and site.other_path.search(path))


def is_other_url(url: str) -> bool:
    """Whether a URL is of a site that says it is never an article."""
    site, _ = find_portal(url)
    return site is not None and site.other_path is not None and bool(site.other_path.search(urlsplit(url).path))


def _address(url: str) -> tuple[str, str]:
    """(host, path) of a URL; ("", "") for what is none."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or "").rstrip("."), parts.path
    except ValueError:
        return "", ""
