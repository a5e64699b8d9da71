"""Sitemaps, sitemap indexes and Google News sitemaps (sitemaps.org protocol 0.9) → Links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.discover.decode import Plain, as_utf8, decompressed, root_element
from scraper.discover.entries import date_of, is_unresolved, links_of, title_of
from scraper.discover.found import ListingResult
from scraper.discover.xml import child, child_text, local
from scraper.errors import DiscoverError, Reason
from scraper.records import Link
from scraper.urls import canonical_url

if TYPE_CHECKING:
    from scraper.discover.xml import ListingEntry
    from scraper.records import LinkKind

MAX_URLS = 50_000  # the protocol's limit
_ENTRIES = frozenset({"url", "sitemap"})


def parse_sitemap(body: bytes, url: str, *, charset: str | None = None) -> ListingResult:
    """The URLs of a sitemap (kind article) or of a sitemap index (kind sitemap); also plain text with one URL per line.

    A sitemap that breaks midway gives what came before. Raises DiscoverError if it is not a sitemap.
    """
    unpacked = decompressed(body, url)
    data = as_utf8(unpacked.data, charset)
    if data.lstrip()[:1] == b"<" or root_element(data):
        text = Plain(data, unpacked.is_cut)
        return links_of(text, url, names=_ENTRIES, link_of=lambda entry: _entry(entry, url), limit=MAX_URLS)
    if unpacked.is_cut and not data:
        raise DiscoverError(url, Reason.TRUNCATED, "the gzip stream is cut")
    return _text(data, url)


def _entry(found: ListingEntry, base: str) -> Link | None:
    entry = found.element
    raw = child_text(entry, "loc")
    url = canonical_url(raw, found.base) if raw and not is_unresolved(raw) else None
    if url is None or raw is None or url == canonical_url(base):
        return None
    kind: LinkKind = "sitemap" if local(entry.tag) == "sitemap" else "article"
    news = child(entry, "news")
    modified_at = date_of(child_text(entry, "lastmod"))
    # For an article, lastmod is when its page changed, which is not a date of publication; for a sitemap it is all that
    # counts.
    published_at = modified_at if kind == "sitemap" else None
    if news is not None:
        published_at = date_of(child_text(news, "publication_date"))
    return Link(
        url=url,
        raw_url=raw,
        kind=kind,
        found_on=base,
        title=title_of(child_text(news, "title")) if news is not None else None,
        published_at=published_at,
        modified_at=modified_at,
    )


def _text(data: bytes, base: str) -> ListingResult:
    """One URL per line, in UTF-8; an invalid line is skipped, a file without any URL is not a sitemap."""
    lines = [line.strip() for line in data.decode("utf-8", "replace").splitlines()[: MAX_URLS + 1] if line.strip()]
    links: dict[str, Link] = {}
    skipped = 0
    for raw in lines[:MAX_URLS]:
        url = canonical_url(raw)
        if url is None:
            skipped += 1
        else:
            links.setdefault(url, Link(url=url, raw_url=raw, found_on=base))
    if lines and not links:
        raise DiscoverError(base, Reason.UNPARSABLE, "neither XML nor a list of URLs")
    return ListingResult(links=tuple(links.values()), skipped=skipped, is_cut=len(lines) > MAX_URLS)
