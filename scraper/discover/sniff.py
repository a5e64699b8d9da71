"""What a body is, by what it begins with: feeds, sitemaps and pages are served under all sorts of types."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from scraper.discover.feeds import parse_feed
from scraper.discover.index import parse_index
from scraper.discover.posts import parse_posts
from scraper.discover.sitemaps import parse_sitemap
from scraper.discover.xml import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.discover.found import Found
    from scraper.sites import Discovery

Shape = Literal["feed", "sitemap", "posts", "html"]

_HEAD_BYTES = 16_384  # of prolog and comments; Yoast puts a style sheet's instruction first, some sites a licence
_PROLOG = re.compile(rb"\s+|<\?.*?\?>|<!--.*?-->|<![A-Za-z][^<>]*>", re.DOTALL)
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z]+)")
_SHAPES: dict[bytes, Shape] = {
    b"rss": "feed",
    b"feed": "feed",
    b"rdf": "feed",
    b"urlset": "sitemap",
    b"sitemapindex": "sitemap",
}


def looks_like(body: bytes, url: str) -> Shape:
    """Whether a body is a feed, a sitemap, WordPress's list of posts or an HTML page.

    Raises DiscoverError for gzip that is broken or a bomb.
    """
    data = plain(body, url).data
    head = _ascii(data[:_HEAD_BYTES])
    if head.lstrip()[:1] == b"{":
        return "feed" if b'"items"' in data else "html"
    if head.lstrip()[:1] == b"[":
        return "posts"
    if re.match(rb"\s*https?://", head) and url.lower().partition("?")[0].endswith((".txt", ".txt.gz")):
        return "sitemap"
    at = 0
    while found := _PROLOG.match(head, at):
        at = found.end()
    root = _ROOT.match(head, at)
    return _SHAPES.get(root[1].lower(), "html") if root else "html"


def _ascii(head: bytes) -> bytes:
    """The markup of a body's head in ASCII, whatever its encoding."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "ignore").encode("ascii", "replace")
    return head.removeprefix(b"\xef\xbb\xbf")


def discover(
    body: bytes,
    url: str,
    *,
    charset: str | None = None,
    is_article: Callable[[str], bool] | None = None,
    discovery: Discovery | None = None,
) -> Found:
    """The links of a feed, sitemap, list of posts or index page, whichever the body is. Raises DiscoverError or ExtractError."""
    shape = looks_like(body, url)
    if shape == "feed":
        return parse_feed(body, url)
    if shape == "sitemap":
        return parse_sitemap(body, url)
    if shape == "posts":
        return parse_posts(body, url)
    return parse_index(body, url, charset=charset, is_article=is_article, discovery=discovery)
