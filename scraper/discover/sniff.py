"""What a body is, judged by its beginning: feeds, sitemaps and pages are served under all sorts of types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from scraper.discover.decode import HEAD_BYTES, as_utf8, decompressed, root_element
from scraper.discover.feeds import parse_feed
from scraper.discover.index import parse_index
from scraper.discover.posts import parse_posts
from scraper.discover.sitemaps import parse_sitemap

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.discover.found import ListingResult
    from scraper.sites import Discovery

Shape = Literal["feed", "sitemap", "posts", "html"]


def looks_like(body: bytes, url: str) -> Shape:
    """Whether a body is a feed, a sitemap, WordPress's list of posts or an HTML page.

    Raises DiscoverError for gzip that is broken or a bomb.
    """
    data = decompressed(body, url).data
    head = as_utf8(data[:HEAD_BYTES]).lstrip()
    if head[:1] == b"{":
        return "feed" if b'"items"' in data else "html"
    if head[:1] == b"[":
        return "posts"
    if re.match(rb"https?://", head) and url.lower().partition("?")[0].endswith((".txt", ".txt.gz")):
        return "sitemap"
    root = root_element(head)
    if root is None:
        return "html"
    return "sitemap" if root in ("urlset", "sitemapindex") else "feed"


def recognise(
    body: bytes,
    url: str,
    *,
    charset: str | None = None,
    is_article: Callable[[str], bool] | None = None,
    discovery: Discovery | None = None,
) -> tuple[Shape, ListingResult]:
    """What a body is, and the links in it. Raises DiscoverError or ExtractError."""
    shape = looks_like(body, url)
    if shape == "feed":
        return shape, parse_feed(body, url, charset=charset)
    if shape == "sitemap":
        return shape, parse_sitemap(body, url, charset=charset)
    if shape == "posts":
        return shape, parse_posts(body, url)
    return shape, parse_index(body, url, charset=charset, is_article=is_article, discovery=discovery)


def discover(
    body: bytes,
    url: str,
    *,
    charset: str | None = None,
    is_article: Callable[[str], bool] | None = None,
    discovery: Discovery | None = None,
) -> ListingResult:
    """The links of a feed, sitemap, list of posts or index page, whichever the body is. Raises DiscoverError or
    ExtractError.
    """
    return recognise(body, url, charset=charset, is_article=is_article, discovery=discovery)[1]
