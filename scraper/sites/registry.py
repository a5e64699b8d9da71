"""All site definitions, found by host or slug."""

from __future__ import annotations

from urllib.parse import urlsplit

from scraper.errors import SiteError
from scraper.sites import Portal, Site, tribun

SITES: tuple[Site, ...] = (tribun.SITE,)


def _index(sites: tuple[Site, ...]) -> tuple[dict[str, tuple[Site, Portal]], dict[str, tuple[Site, Portal | None]]]:
    """Portals by host, and sites and portals by slug. Raises SiteError for a host or slug that two claim."""
    hosts: dict[str, tuple[Site, Portal]] = {}
    slugs: dict[str, tuple[Site, Portal | None]] = {}
    for site in sites:
        own = [(site.name, None), *((portal.slug, portal) for portal in site.portals if portal.slug != site.name)]
        for slug, portal in own:
            if slug in slugs:
                raise SiteError(f"{site.name}: the slug {slug!r} is taken by {slugs[slug][0].name}")
            slugs[slug] = (site, portal)
        for portal in site.portals:
            for host in portal.hosts:
                if host in hosts:
                    raise SiteError(f"{site.name}: the host {host!r} is taken by {hosts[host][0].name}")
                hosts[host] = (site, portal)
    return hosts, slugs


_BY_HOST, _BY_SLUG = _index(SITES)


def find_portal(*urls: str | None) -> tuple[Site, Portal] | tuple[None, None]:
    """The site and portal of the first of these URLs that belongs to one."""
    for url in urls:
        if url and (found := _BY_HOST.get(_host(url))):
            return found
    return None, None


def by_slug(slug: str) -> tuple[Site, tuple[Portal, ...]] | None:
    """A network with all its portals, or one portal of a network; None for an unknown slug."""
    found = _BY_SLUG.get(slug)
    if found is None:
        return None
    site, portal = found
    return site, (portal,) if portal else site.portals


def is_article_url(site: Site, url: str) -> bool:
    """Whether a URL's path is that of an article of the site."""
    path = urlsplit(url).path
    return bool(site.article_path.search(path)) and not (site.other_path and site.other_path.search(path))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""
