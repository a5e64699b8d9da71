"""Which paper a page is from: its URL, what it says of itself, or where its links lead."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from scraper.sites.registry import find_portal
from scraper.urls import host_of, registrable_domain

if TYPE_CHECKING:
    from scraper.extract.metadata import PageMetadata
    from scraper.html import Tree
    from scraper.sites import Portal, Site

MAX_LINKS = 1_000
MIN_LINKS = 10  # absolute ones, to the paper's own domain


def site_of(tree: Tree, metadata: PageMetadata, url: str | None) -> tuple[Site, Portal] | tuple[None, None]:
    """The site and portal of a page, (None, None) for one that is not in the catalogue.

    A page that was saved without its address, and does not print it, is from
    the paper that most of its links lead to.
    """
    printed = metadata.first("og:url")
    named = (url, metadata.canonical, printed[0] if printed else None)
    found = find_portal(*named)
    return found if found[0] is not None or any(named) else find_portal(_linked(tree))


def _linked(tree: Tree) -> str | None:
    """The address that most absolute links of a page lead to, None if they lead everywhere."""
    links = (node.attributes.get("href") or "" for node in tree.css('a[href^="http"]')[:MAX_LINKS])
    hosts = Counter(host for link in links if (host := host_of(link)))
    domains: Counter[str] = Counter()
    for host, count in hosts.items():
        domains[registrable_domain(host)] += count
    if not domains:
        return None
    domain, count = domains.most_common(1)[0]
    if count < MIN_LINKS or 2 * count < hosts.total():
        return None
    return f"http://{max((host for host in hosts if registrable_domain(host) == domain), key=hosts.__getitem__)}/"
