"""What a body is, by what it begins with: feeds, sitemaps and pages are served under all sorts of types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from scraper.discover.feeds import parse_feed
from scraper.discover.index import parse_index
from scraper.discover.sitemaps import parse_sitemap
from scraper.discover.xml import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.discover.found import Found

Shape = Literal["feed", "sitemap", "html"]

_ROOT = re.compile(rb"<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex|html)\b", re.IGNORECASE)


def looks_like(body: bytes, url: str) -> Shape:
    """Whether a body is a feed, a sitemap or an HTML page. Raises DiscoverError for broken gzip."""
    data = plain(body, url) if body[:2] == b"\x1f\x8b" else body
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] == b"{" and b'"items"' in data[:100_000]:
        return "feed"
    root = _ROOT.search(head)
    name = root[1].lower() if root else b""
    if name in (b"rss", b"feed", b"rdf"):
        return "feed"
    if name in (b"urlset", b"sitemapindex"):
        return "sitemap"
    if head.startswith(b"http") and url.lower().partition("?")[0].endswith((".txt", ".gz")):
        return "sitemap"
    return "html"


def discover(
    body: bytes, url: str, *, charset: str | None = None, is_article: Callable[[str], bool] | None = None
) -> Found:
    """The links of a feed, sitemap or index page, whichever the body is. Raises DiscoverError or ExtractError."""
    shape = looks_like(body, url)
    if shape == "feed":
        return parse_feed(body, url)
    if shape == "sitemap":
        return parse_sitemap(body, url)
    return parse_index(body, url, charset=charset, is_article=is_article)
