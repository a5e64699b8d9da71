"""Which page of its article a page is, out of how many, and where the next one is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.extract.sources.layouts import announced_pages
from scraper.extract.structure.paging import Paging, is_whole, read_paging
from scraper.urls import page_number

if TYPE_CHECKING:
    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Tree


def read_page_numbers(
    tree: Tree, metadata: PageMetadata, reading: LayoutReading | None, urls: tuple[str, ...], base: str
) -> tuple[Paging, int, str | None, str | None]:
    """(the paging, page count, next page's URL, provenance); `urls` are the page's own. Removes the list of pages from
    the tree.
    """
    trusted: list[str] = []
    named = [metadata.next_page] if metadata.next_page else []
    source = "generic:paging"
    if reading is not None:
        trusted += [found.text for found in reading.pages]
        source = reading.pages[0].source if reading.pages else source
        if reading.next_page is not None:
            trusted.append(reading.next_page.text)
            source = reading.pages[0].source if reading.pages else reading.next_page.source
    in_path = reading.layout.page_path if reading is not None else None
    paging = (
        read_paging(tree, own=urls, base=base, trusted=trusted, following=named, in_path=in_path) if base else Paging()
    )
    if paging.holders:
        tree.remove(paging.holders)
    announced = reading.announced if reading is not None else announced_pages(tree)
    page = max(paging.page, page_number(urls[0]) or 1) if urls and not is_whole(urls[0]) else 1
    next_page = paging.links.get(page + 1)
    if announced and max(page, paging.count) < announced and not (urls and is_whole(urls[0])):
        # A page that says this about each of its parts contains them all.
        is_unread = page < announced and next_page is None and tree.words().count("alaman") == 1
        return replace(paging, page=page, is_unread=is_unread), announced, next_page, "text"
    if reading is not None and reading.parts > 1:  # all are here, wherever the links lead
        return replace(paging, page=page), max(page, paging.count, reading.parts), None, "layout"
    return replace(paging, page=page), max(page, paging.count), next_page, source if paging.links else None
