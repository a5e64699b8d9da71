"""Joining the pages of an article that its site serves in parts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.confidence import confidence_of
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scraper.records import Article, Block, RelatedLink


def join_pages(pages: Sequence[Article]) -> Article:
    """One article from its pages, given in order: the first page's fields, every page's text.

    Blocks that a page repeats from the end of the one before (an overlap that some sites print) and headlines repeated
    as text are not doubled. If a page in between is missing, `page_count` still says how many the site announced.
    """
    first = pages[0]
    if len(pages) == 1:
        return first
    body: list[Block] = list(first.body)
    related: list[RelatedLink] = list(first.related_links)
    known = {link.url for link in related}
    for page in pages[1:]:
        blocks = _without_overlap(body, page.body)
        dropped = len(page.body) - len(blocks)
        offset = len(body) - dropped
        for link in page.related_links:
            if link.url not in known:
                known.add(link.url)
                related.append(replace(link, after_block=max(len(body), link.after_block + offset)))
        body += blocks
    warnings = tuple(dict.fromkeys(warning for page in pages for warning in page.warnings))
    return replace(
        first,
        body=tuple(body),
        related_links=tuple(related),
        sign_off=next((page.sign_off for page in reversed(pages) if page.sign_off), None),
        correction_notice=next((page.correction_notice for page in pages if page.correction_notice), None),
        images=(*first.images, *(image for page in pages[1:] for image in page.images if image not in first.images)),
        tags=tuple(dict.fromkeys(tag for page in pages for tag in page.tags)),
        editors=first.editors or next((page.editors for page in pages if page.editors), ()),
        authors=first.authors or next((page.authors for page in pages if page.authors), ()),
        source_credit=first.source_credit or next((page.source_credit for page in pages if page.source_credit), None),
        page=1,
        page_count=max(len(pages), *(page.page_count for page in pages)),
        next_page=pages[-1].next_page,
        confidence=confidence_of(first.provenance, warnings),
        warnings=warnings,
    )


def join_known(pages: Mapping[int, Article], newest: int) -> tuple[Article, tuple[int, ...]]:
    """The article from the pages that are known, by number, and which of them it contains.

    They are joined from the first one up to the first gap: text after a missing page would be in the wrong place. The
    number of pages is what the `newest` says, since a paper may have shortened its article. If that page is after a
    gap, it alone is the article.
    """
    count = max(pages[newest].page_count, newest)
    run: list[int] = []
    while len(run) < count and len(run) + 1 in pages:
        run.append(len(run) + 1)
    if newest not in run:
        return pages[newest], (newest,)
    article = join_pages([pages[number] for number in run])
    following = None if len(run) == count else article.next_page
    if (article.page_count, article.next_page) != (count, following):
        article = replace(article, page_count=count, next_page=following)
    return article, tuple(run)


def _without_overlap(before: Sequence[Block], blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks of a page without the run at its beginning that ends the previous pages."""
    for size in range(min(3, len(before), len(blocks)), 0, -1):
        if [fold(block.text) for block in before[-size:]] == [fold(block.text) for block in blocks[:size]]:
            return tuple(blocks[size:])
    return tuple(blocks)
