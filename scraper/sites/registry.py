"""All site definitions, found by host or slug."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from scraper.sites import Portal, Site

SITES: tuple[Site, ...] = ()
_BY_HOST: dict[str, tuple[Site, Portal]] = {
    host: (site, portal) for site in SITES for portal in site.portals for host in portal.hosts
}


def find_portal(*urls: str | None) -> tuple[Site, Portal] | tuple[None, None]:
    """The site and portal of the first of these URLs that belongs to one."""
    for url in urls:
        if url and (found := _BY_HOST.get(urlsplit(url).hostname or "")):
            return found
    return None, None
