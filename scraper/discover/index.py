"""Index pages (front pages, sections, archives by date) → Links to articles, feeds, and the next page."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.charsets import readable
from scraper.discover.cards import Furniture, headlines
from scraper.discover.entries import title_of
from scraper.discover.found import ListingResult
from scraper.embedded import find, read_embedded
from scraper.html import parse, prose
from scraper.records import Link
from scraper.urls import (
    PAGE_IN_PATH,
    absolute,
    article_url,
    canonical_url,
    host_of,
    listing_page,
    same_domain,
    unpaged_url,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from scraper.html import Node, Tree
    from scraper.sites import Discovery

MAX_LINKS = 2_000  # docs/contract.md promises it
MAX_ANCHORS = 20_000  # examined; a front page has 300 to 1,500
MAX_SECTIONS = 40
MIN_TITLE_WORDS = 3
_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json"})
# What distinguishes an article's path from a section's on sites we know nothing about: a date, a long number, or a long
# slug.
_ARTICLE_PATH = re.compile(
    r"/\d{4}/\d{1,2}(?:/\d{1,2})?/[^/]+|/[^/]*\d{5,}[^/]*(?:/|$)|/(?=(?:[^/-]+-){3}[^/-])[^/]*(?:/|$)"
)
_NOT_ARTICLE = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|pdf|mp[34]|zip|apk|css|js|xml|rss)$"
    r"|/(?:tags?|topics?|topik|categor(?:y|ies)|kategori|authors?|penulis|editor|search|cari|login|masuk|register"
    r"|feed|amp|comments?|komentar|about|wp-(?:admin|content|json|login\.php)|page/\d+)(?:/|$)"
    # Whole names only: "kontak-tembak-di-…" and "kebijakan-baru-…" are headlines.
    r"|/(?:pedoman-(?:pemberitaan-)?media-siber|kebijakan-privasi|privacy-policy|tentang-kami|hubungi-kami|kontak-kami"
    r"|syarat-dan-ketentuan|terms-(?:of|and)-[a-z-]+)(?:\.html?)?/?$",
    re.IGNORECASE,
)
_PATHS = re.compile(r"\{([\w.]+)\}")
_MENUS = "nav a[href], header a[href], [role=navigation] a[href], [class*=menu] a[href]"
_NOT_SECTION = re.compile(
    r"\.(?!html?$|php$)[a-z0-9]{2,4}$"
    r"|/(?:tags?|topik|authors?|penulis|search|cari|login|masuk|register|daftar|akun|account|feed|rss|amp|cart|wp-[a-z]+"
    r"|about|tentang|redaksi|kontak|contact|iklan|advertise|karir|career|privacy|disclaimer|pedoman|sitemap)"
    r"(?:-[a-z-]+)?(?:\.html?|\.php)?(?:/|$)",
    re.IGNORECASE,
)
_NEXT = re.compile(
    r"(?:halaman |laman |page )?(?:next|selanjutnya|berikutnya|lanjut|older(?: posts)?)(?: page)?\W*|[›»→>]{1,2}",
    re.IGNORECASE,
)


def parse_index(
    body: bytes,
    url: str,
    *,
    charset: str | None = None,
    is_article: Callable[[str], bool] | None = None,
    discovery: Discovery | None = None,
) -> ListingResult:
    """The article links on an HTML page, in page order. `is_article` decides by URL if the site is known, and its
    `discovery` says where the page keeps a list as data.

    Raises ExtractError `unparsable` for markup over the limits of a parse.
    """
    tree = parse(readable(body, charset), url=url)
    base = _base(tree, url)
    anchors = list(islice(tree.css("a[href]"), MAX_ANCHORS + 1))
    by_structure = _ByStructure(anchors[:MAX_ANCHORS], url, base)
    decides = (lambda target, _: is_article(target)) if is_article else by_structure
    links, left_out = _articles(anchors[:MAX_ANCHORS], url, base, decides, is_own=True)
    elsewhere, _ = _articles(anchors[:MAX_ANCHORS], url, base, by_structure, is_own=False)
    known = {link.url for link in links}
    links += tuple(link for link in _listed(tree, url, discovery) if link.url not in known)[: MAX_LINKS - len(links)]
    return ListingResult(
        links=links,
        feeds=_feeds(tree, url, base),
        posts=_posts(tree, url, base),
        sections=_sections(tree, url, base),
        next_page=_next_page(tree, anchors[:MAX_ANCHORS], url, base),
        elsewhere=elsewhere,
        skipped=left_out,
        is_cut=left_out > 0 or len(anchors) > MAX_ANCHORS,
    )


def _articles(
    anchors: Sequence[Node], url: str, base: str, is_article: Callable[[str, Node], bool], *, is_own: bool
) -> tuple[tuple[Link, ...], int]:
    """The links to articles of the page's own domain or of all others, and how many more there were than are kept."""
    links: dict[str, Link] = {}
    left_out: set[str] = set()
    own = article_url(url)
    for anchor in anchors:
        raw = anchor.attributes.get("href") or ""
        target = canonical_url(raw, base)
        if target is None or same_domain(target, url) is not is_own or (target := article_url(target)) == own:
            continue
        if target not in links:
            if not is_article(target, anchor):
                continue
            if len(links) >= MAX_LINKS:
                left_out.add(target)
                continue
        # A card links its picture first and its title after it.
        title = links[target].title if target in links else None
        if title is None or len(title.split()) < MIN_TITLE_WORDS:
            better = title_of(prose(anchor)) or title_of(anchor.attributes.get("title")) or title
            links[target] = Link(url=target, raw_url=raw, found_on=url, title=better)
    return tuple(links.values()), len(left_out)


def _listed(tree: Tree, url: str, discovery: Discovery | None) -> list[Link]:
    """The articles that a page lists as data."""
    if discovery is None or discovery.embedded is None or discovery.link is None:
        return []
    root = read_embedded(tree, [discovery.embedded]).get(discovery.embedded)
    found: dict[str, Link] = {}
    for item in root if isinstance(root, list) else []:
        values = {path: next(find(item, path), None) for path in _PATHS.findall(discovery.link)} | {
            "host": host_of(url)
        }
        if not all(isinstance(value, str | int) and value != "" for value in values.values()):
            continue
        target = canonical_url(_PATHS.sub(lambda path: str(values[path[1]]), discovery.link))  # noqa: B023  (called here)
        if target and same_domain(target, url):
            title = next(find(item, "title"), None)
            found.setdefault(
                target,
                Link(
                    url=target, raw_url=target, found_on=url, title=title_of(title if isinstance(title, str) else None)
                ),
            )
    return list(found.values())


def _feeds(tree: Tree, url: str, base: str) -> tuple[Link, ...]:
    """The feeds that a page announces (RSS autodiscovery), except those of comments."""
    found: dict[str, Link] = {}
    for node in tree.css("link[rel~=alternate][href]"):
        raw = node.attributes.get("href") or ""
        kind = (node.attributes.get("type") or "").partition(";")[0].strip().lower()
        target = canonical_url(raw, base)
        if kind in _FEED_TYPES and target and "/comments/" not in target:
            title = title_of(node.attributes.get("title"))
            found.setdefault(target, Link(url=target, raw_url=raw, kind="feed", found_on=url, title=title))
    return tuple(found.values())


def _sections(tree: Tree, url: str, base: str) -> tuple[Link, ...]:
    """The sections to which a page's menus lead: short words, short paths, no articles."""
    found: dict[str, Link] = {}
    own = canonical_url(url)
    for anchor in islice(tree.css(_MENUS), MAX_ANCHORS):
        raw = anchor.attributes.get("href") or ""
        target = canonical_url(raw, base)
        if target is None or target == own or not same_domain(target, url):
            continue
        parts = urlsplit(target)
        depth = len([part for part in parts.path.split("/") if part])
        words = prose(anchor).split()
        is_short = 1 <= depth <= 3 and not parts.query and 1 <= len(words) <= 3
        if is_short and not _NOT_SECTION.search(parts.path) and not _ARTICLE_PATH.search(parts.path):
            found.setdefault(target, Link(url=target, raw_url=raw, kind="index", found_on=url, title=" ".join(words)))
        if len(found) >= MAX_SECTIONS:
            break
    return tuple(found.values())


def _posts(tree: Tree, url: str, base: str) -> str | None:
    """The REST interface that a WordPress page announces (its REST API handbook, "Discovery")."""
    node = tree.css_first('link[rel="https://api.w.org/"][href]')
    target = absolute(node.attributes.get("href") or "", base) if node is not None else None
    return target if target and same_domain(target, url) else None


def _base(tree: Tree, url: str) -> str:
    node = tree.css_first("base[href]")
    href = node.attributes.get("href") if node is not None else None
    return (absolute(href, url) if href else None) or url


class _ByStructure:
    """Whether a link on a site we know nothing about leads to an article: by its path, or by its place in a list of
    such links.
    """

    def __init__(self, anchors: Sequence[Node], url: str, base: str) -> None:
        self._furniture = Furniture()
        self._headlines = headlines(anchors, self._furniture)
        self._own = _unpaged(url)
        in_menus = (anchor for anchor in anchors if anchor in self._furniture)
        self._menu = {canonical_url(anchor.attributes.get("href") or "", base) for anchor in in_menus}

    def __call__(self, target: str, anchor: Node) -> bool:
        path = urlsplit(target).path
        if _NOT_ARTICLE.search(path):
            return False
        found = _ARTICLE_PATH.search(path)
        has_slug = path.rstrip("/").rpartition("/")[2].count("-") >= MIN_TITLE_WORDS
        if found and (has_slug or len(prose(anchor).split()) >= MIN_TITLE_WORDS or anchor.css_first("img") is not None):
            # A slug alone may be that of "terms and conditions"; numbers and dates belong to articles.
            return any(char.isdecimal() for char in found[0]) or anchor not in self._furniture
        return anchor.mem_id in self._headlines and self._may_be_article(target)

    def _may_be_article(self, target: str) -> bool:
        """Whether a headline may lead there: not to a front page, a section in the menu, or another page of this list."""
        parts = urlsplit(target)
        if (parts.path == "/" and not parts.query) or target in self._menu:
            return False
        return not _NOT_SECTION.search(parts.path) and _unpaged(target) != self._own


def _next_page(tree: Tree, anchors: Sequence[Node], url: str, base: str) -> str | None:
    """rel=next; else the link to page n+1 of this index; else one that says "next" and stays below this path."""
    own = canonical_url(url)
    for node in tree.css('link[rel~="next"][href], a[rel~="next"][href]'):
        target = canonical_url(node.attributes.get("href") or "", base)
        if target and target != own and same_domain(target, url):
            return target
    says_next = None
    for anchor in anchors:
        href = anchor.attributes.get("href") or ""
        is_numbered = "page" in href or "hal" in href
        is_next = bool(_NEXT.fullmatch(prose(anchor)))
        if not (is_numbered or is_next) or (target := canonical_url(href, base)) is None or target == own:
            continue
        if is_numbered and _unpaged(target) == _unpaged(url) and listing_page(target) == listing_page(url) + 1:
            return target
        if is_next and says_next is None and host_of(target) == host_of(url) and _is_below(target, url):
            says_next = target
    return says_next


def _is_below(target: str, url: str) -> bool:
    """Whether a target continues this listing: same path, or one that begins with its first part."""
    own, other = urlsplit(url).path.strip("/").split("/"), urlsplit(target).path.strip("/").split("/")
    return own[0] == other[0]


def _unpaged(url: str) -> str:
    parts = urlsplit(unpaged_url(url))
    return parts._replace(path=PAGE_IN_PATH.sub("/", parts.path).rstrip("/")).geturl()
