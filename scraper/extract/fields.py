"""One chain per field: site layout, then structured data, then what the page shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scraper.records import Author, Image, Warning_

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.extract.layouts import LayoutReading
    from scraper.extract.metadata import PageMetadata
    from scraper.html import Tree


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known of a page before its fields are read; `zone` is the site's, or None when no site is known."""

    url: str | None
    fetched_at: datetime | None
    zone: ZoneInfo | None
    reading: LayoutReading | None = None
    brands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Everything of an Article but what its body text says (clean.CleanBody) and its layout."""

    url: str
    headline: str | None
    kicker: str | None = None
    lede: str | None = None
    authors: tuple[Author, ...] = ()
    editors: tuple[str, ...] = ()
    byline: str | None = None
    source_credit: str | None = None
    published_at: datetime | None = None
    modified_at: datetime | None = None
    published_raw: str | None = None
    image: Image | None = None
    images: tuple[Image, ...] = ()
    tags: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    language: str | None = None
    page: int = 1
    page_count: int = 1
    next_page: str | None = None
    provenance: dict[str, str] = field(default_factory=dict)
    warnings: tuple[Warning_, ...] = ()


def read_headline(tree: Tree, metadata: PageMetadata, context: Context) -> tuple[str | None, str]:
    """The headline and its provenance; needed before the body is looked for."""
    h1 = tree.css_first("h1")
    return (h1.text().strip(), "generic") if h1 else (metadata.first("og:title"), "meta:og:title")


def read_fields(tree: Tree, metadata: PageMetadata, context: Context) -> Fields:
    """Run every field's chain."""
    headline, source = read_headline(tree, metadata, context)
    return Fields(url=metadata.canonical or context.url or "", headline=headline, provenance={"headline": source})
