"""Bytes of a feed, sitemap or index page → Links. Pure; the sole importer of defusedxml."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.lazy import offer

if TYPE_CHECKING:
    from scraper.discover.feeds import parse_feed
    from scraper.discover.found import ListingResult
    from scraper.discover.index import parse_index
    from scraper.discover.posts import parse_posts, posts_by_date
    from scraper.discover.refresh import refresh_of
    from scraper.discover.sitemaps import parse_sitemap
    from scraper.discover.sniff import discover, looks_like, recognise

offer(__name__)
