"""From a parsed page to an Article: layouts by evidence, field chains, body, warnings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from scraper.errors import ExtractError, Reason
from scraper.extract.body import RawBlock, read_blocks
from scraper.extract.clean import CleanBody, clean_blocks
from scraper.extract.fields import Context, Fields, read_fields
from scraper.extract.generic import find_body
from scraper.extract.layouts import LayoutReading, read_layout
from scraper.extract.metadata import PageMetadata, read_metadata
from scraper.records import Article
from scraper.sites.registry import find_portal

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.html import Tree
    from scraper.sites import Layout, Portal, Site

GENERIC_LAYOUT = "generic/1"


def assemble(tree: Tree, *, url: str | None, fetched_at: datetime | None) -> Article:
    """Read a parsed page. Raises ExtractError when it is no article."""
    metadata = read_metadata(tree)
    site, portal = find_portal(url, metadata.canonical)
    reading = choose_layout(tree, site, fetched_at) if site else None
    context = Context(
        url=url,
        fetched_at=fetched_at,
        zone=ZoneInfo(portal.zone) if portal else None,
        reading=reading,
        brands=(portal.brand,) if portal else (),
    )
    fields = read_fields(tree, metadata, context)
    if fields.headline is None:
        raise ExtractError(url, Reason.NOT_ARTICLE, "no headline")
    if reading is not None:
        blocks = [block for container in reading.containers for block in read_blocks(container)]
    else:
        blocks = list(find_body(tree, headline=fields.headline).blocks)
    clean = clean_blocks(blocks, base_url=fields.url, headline=fields.headline, lede=fields.lede, brands=context.brands)
    if not clean.body:
        raise ExtractError(url, Reason.NOT_ARTICLE, "no body")
    return Article(
        url=fields.url,
        site=portal.slug if portal else None,
        headline=fields.headline,
        body=clean.body,
        layout=reading.layout.name if reading else GENERIC_LAYOUT,
        provenance=fields.provenance,
    )


def choose_layout(tree: Tree, site: Site, fetched_at: datetime | None) -> LayoutReading | None:
    """The first layout that reads headline and body; those whose period holds the capture come first."""
    for layout in candidates(site.layouts, fetched_at):
        if reading := read_layout(tree, layout):
            return reading
    return None


def candidates(layouts: tuple[Layout, ...], fetched_at: datetime | None) -> list[Layout]:
    """Layouts in the order to try: the period of the capture first, then newest to oldest."""
    if fetched_at is None:
        return list(layouts)
    day = fetched_at.date()

    def holds(layout: Layout) -> bool:
        return (layout.since is None or layout.since <= day) and (layout.until is None or day <= layout.until)

    return sorted(layouts, key=lambda layout: not holds(layout))
