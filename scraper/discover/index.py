"""Index pages (front pages, sections, archives by date) → Links to articles, feeds, and the next page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.discover.found import MAX_LINKS, Found
from scraper.html import decode, parse, prose
from scraper.records import Link
from scraper.text import shorten
from scraper.urls import absolute, article_url, canonical_url, page_number, same_domain

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.html import Node, Tree

# What tells an article's path from a section's on sites we know nothing of: a date, a long number, or a long slug.
_ARTICLE_PATH = re.compile(
    r"/\d{4}/\d{1,2}(?:/\d{1,2})?/[^/]+|/[^/]*\d{5,}[^/]*(?:/|$)|/[^/]*(?:[a-z0-9]+-){3,}[a-z0-9]+[^/]*(?:/|$)",
    re.IGNORECASE,
)
_NOT_ARTICLE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|svg|pdf|mp[34]|zip|css|js|xml|rss)$|/(?:tag|tags|topic|topics|category|kategori|author|authors|penulis|editor|search|login|register"
    r"|feed|amp|comments?|privacy|contact|about|page/\d+)(?:/|$)",
    re.IGNORECASE,
)
_NEXT = re.compile(r"^(?:next(?: page)?|selanjutnya|berikutnya|older(?: posts)?|lanjut|›|»|>|>>|→)$", re.IGNORECASE)
MIN_TITLE_WORDS = 3


def parse_index(
    body: bytes, url: str, *, charset: str | None = None, is_article: Callable[[str], bool] | None = None
) -> Found:
    """The article links of an HTML page, in page order. `is_article` decides by URL where a site is known.

    Raises ExtractError `unparsable` for markup over the limits of a parse.
    """
    tree = parse(decode(body, charset).text, url=url)
    base = _base(tree, url)
    links: dict[str, Link] = {}
    skipped = 0
    for anchor in tree.css("a[href]"):
        raw = anchor.attributes.get("href") or ""
        target = canonical_url(raw, base)
        if target is None or not same_domain(target, url):
            continue
        target = article_url(target)
        if target == article_url(url) or target in links:
            continue
        if not (is_article(target) if is_article else _looks_like_article(target, anchor)):
            continue
        if len(links) >= MAX_LINKS:
            skipped += 1
            continue
        title = prose(anchor) or anchor.attributes.get("title") or ""
        links[target] = Link(url=target, raw_url=raw, found_on=url, title=shorten(title, 1000) or None)
    return Found(
        links=tuple(links.values()), next_page=_next_page(tree, url, base), skipped=skipped, is_cut=skipped > 0
    )


def feeds_of(body: bytes, url: str, *, charset: str | None = None) -> tuple[str, ...]:
    """The feeds that a page announces (`link rel=alternate`)."""
    tree = parse(decode(body, charset).text, url=url)
    found = []
    for node in tree.css("link[rel~=alternate][href]"):
        kind = (node.attributes.get("type") or "").lower()
        target = canonical_url(node.attributes.get("href") or "", url)
        if (
            target
            and kind in ("application/rss+xml", "application/atom+xml", "application/feed+json")
            and "comments" not in target
        ):
            found.append(target)
    return tuple(dict.fromkeys(found))


def _base(tree: Tree, url: str) -> str:
    node = tree.css_first("base[href]")
    href = node.attributes.get("href") if node is not None else None
    return (absolute(href, url) if href else None) or url


def _looks_like_article(target: str, anchor: Node) -> bool:
    path = urlsplit(target).path
    if not _ARTICLE_PATH.search(path) or _NOT_ARTICLE.search(path):
        return False
    words = prose(anchor).split()
    has_slug = path.rstrip("/").rpartition("/")[2].count("-") >= MIN_TITLE_WORDS
    return has_slug or len(words) >= MIN_TITLE_WORDS or anchor.css_first("img") is not None


def _next_page(tree: Tree, url: str, base: str) -> str | None:
    """rel=next, a link that says so, or the link to page n+1 of this page."""
    for node in tree.css('link[rel~="next"][href], a[rel~="next"][href]'):
        target = canonical_url(node.attributes.get("href") or "", base)
        if target and same_domain(target, url) and target != canonical_url(url):
            return target
    current = page_number(url) or 1
    own = article_url(url)
    for anchor in tree.css("a[href]"):
        href = anchor.attributes.get("href") or ""
        if "page" not in href and not _NEXT.match(prose(anchor)):
            continue
        target = canonical_url(href, base)
        if target and article_url(target) == own and page_number(target) == current + 1:
            return target
    return None
