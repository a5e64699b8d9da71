"""The list of posts that WordPress gives as JSON (its REST API, /wp/v2/posts) → Links."""

from __future__ import annotations

import json
import re
from typing import Any

from scraper.discover.decode import as_utf8, decompressed
from scraper.discover.entries import date_of, title_of
from scraper.discover.found import ListingResult
from scraper.errors import DiscoverError, Reason
from scraper.records import Link
from scraper.urls import canonical_url

PER_PAGE = 100  # the interface's own limit
MAX_POSTS_BYTES = 10 << 20
_PER_PAGE = re.compile(r"[?&]per_page=(\d{1,3})(?:&|$)")
_PAGE = re.compile(r"(?<=[?&]page=)(\d{1,4})(?=&|$)")


def posts_by_date(root: str) -> str:
    """The pattern for the posts of a day (see Discovery.by_date), under the REST interface that a site announces.

    Both bounds are exclusive and in the site's own clock.
    """
    query = f"after={{eve}}T23:59:59&before={{morrow}}T00:00:00&per_page={PER_PAGE}&page={{page}}&_fields=link,date_gmt,title"
    at = "&" if "?" in root else "?"  # a site without readable addresses: /?rest_route=/
    return f"{root.rstrip('/').replace('{', '').replace('}', '')}/wp/v2/posts{at}{query}"


def parse_posts(body: bytes, url: str) -> ListingResult:
    """The posts on one page; a full page has a next one. Raises DiscoverError if it is not a list of posts."""
    try:
        posts: Any = json.loads(as_utf8(decompressed(body, url, limit=MAX_POSTS_BYTES).data))
    except (ValueError, RecursionError) as error:
        raise DiscoverError(url, Reason.UNPARSABLE, "no JSON") from error
    if not isinstance(posts, list):
        raise DiscoverError(url, Reason.UNPARSABLE, "no list of posts")
    found = [_link(post, url) for post in posts[:PER_PAGE]]
    links: dict[str, Link] = {}
    for link in found:
        if link is not None:
            links.setdefault(link.url, link)
    if posts and not links:
        raise DiscoverError(url, Reason.UNPARSABLE, "a list, but of no posts")
    asked = _PER_PAGE.search(url)
    is_full = len(posts) >= (int(asked[1]) if asked else 10)
    return ListingResult(
        links=tuple(links.values()), skipped=found.count(None), next_page=_next(url) if is_full else None
    )


def _next(url: str) -> str | None:
    page = _PAGE.search(url)
    if page is None:
        return f"{url}{'&' if '?' in url else '?'}page=2"
    return _PAGE.sub(str(int(page[1]) + 1), url, count=1)


def _link(post: object, base: str) -> Link | None:
    if not isinstance(post, dict):
        return None
    raw, title, date = post.get("link"), post.get("title"), post.get("date_gmt")
    url = canonical_url(raw, base) if isinstance(raw, str) else None
    if url is None or not isinstance(raw, str):
        return None
    text = title.get("rendered") if isinstance(title, dict) else title
    return Link(
        url=url,
        raw_url=raw,
        found_on=base,
        title=title_of(text) if isinstance(text, str) else None,
        published_at=date_of(f"{date}Z") if isinstance(date, str) and "T" in date else None,
    )
