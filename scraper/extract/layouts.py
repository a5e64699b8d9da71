"""Site layouts: raw strings and containers read by a site's own selectors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.html import Node, Tree
    from scraper.sites import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A raw value and where it was: `source` is the provenance, e.g. "layout:#arttitle"."""

    text: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutReading:
    """What a layout's selectors matched, as printed; None or () where nothing matched."""

    layout: Layout
    headline: Found
    containers: tuple[Node, ...]
    kicker: Found | None = None
    lede: Found | None = None
    published: Found | None = None
    modified: Found | None = None
    bylines: tuple[Found, ...] = ()
    editors: tuple[Found, ...] = ()
    source_credit: Found | None = None
    image_url: Found | None = None
    caption: Found | None = None
    credit: Found | None = None
    tags: tuple[Found, ...] = ()
    section: tuple[Found, ...] = ()
    paging: tuple[Found, ...] = ()  # hrefs of the pages' links
    next_page: Found | None = None


def read_layout(tree: Tree, layout: Layout) -> LayoutReading | None:
    """Read a page by a layout; None if its headline or its body is not there."""
    return None
