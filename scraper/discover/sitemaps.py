"""Sitemaps, sitemap indexes and Google News sitemaps (sitemaps.org protocol 0.9) → Links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.discover.feeds import date_of
from scraper.discover.found import Found
from scraper.discover.xml import child_text, elements, local, plain
from scraper.errors import DiscoverError
from scraper.records import Link
from scraper.text import collapse, shorten, storable
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from scraper.records import LinkKind

MAX_URLS = 50_000


def parse_sitemap(body: bytes, url: str) -> Found:
    """The URLs of a sitemap (kind article) or of a sitemap index (kind sitemap); plain text with a URL a line too.

    Raises DiscoverError if it is none; one that breaks midway gives what came
    before.
    """
    data = plain(body, url)
    if data.lstrip()[:1] != b"<":
        return _text(data, url)
    links: dict[str, Link] = {}
    skipped = 0
    is_cut = False
    try:
        for element in elements(data, url, names=frozenset({"url", "sitemap"})):
            link = _entry(element, url)
            if link is None:
                skipped += 1
            else:
                links.setdefault(link.url, link)
            if len(links) >= MAX_URLS:
                is_cut = True
                break
    except DiscoverError:
        if not links:
            raise
        is_cut = True
    return Found(links=tuple(links.values()), skipped=skipped, is_cut=is_cut)


def _entry(element: Element, base: str) -> Link | None:
    raw = child_text(element, "loc")
    url = canonical_url(raw, base) if raw else None
    if url is None or raw is None:
        return None
    kind: LinkKind = "sitemap" if local(element.tag) == "sitemap" else "article"
    title = child_text(element, "title")
    # lastmod is when the page changed, which is no date of publication.
    return Link(
        url=url,
        raw_url=raw,
        kind=kind,
        found_on=base,
        title=shorten(storable(collapse(title)), 1000) if title else None,
        published_at=date_of(child_text(element, "publication_date")),
    )


def _text(data: bytes, base: str) -> Found:
    lines = data[: 10 << 20].decode("utf-8", "replace").splitlines()[:MAX_URLS]
    urls = [(line.strip(), canonical_url(line.strip())) for line in lines if line.strip()]
    links = {url: Link(url=url, raw_url=raw, found_on=base) for raw, url in urls if url}
    return Found(links=tuple(links.values()), skipped=sum(1 for _, url in urls if url is None))
