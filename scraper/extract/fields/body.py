"""The body: from the layout's containers, or else from where the page's text is, or else from the page's own data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from scraper.extract.fields.generic_body import BodyContext, find_body, read_boxes
from scraper.extract.fields.lede import read_standfirst
from scraper.extract.fields.unseen import is_unseen
from scraper.extract.sources.stored_text import article_body, is_placeholder, stored_markup
from scraper.extract.structure.blocks import RawBlock, read_blocks
from scraper.extract.structure.classes import is_advert
from scraper.extract.structure.container import TextPlace
from scraper.extract.structure.parts import hidden_parts, outside, parts_of
from scraper.extract.text.clean import clean_blocks
from scraper.extract.text.related import (
    mark_lists,
)
from scraper.extract.trace import Removal
from scraper.text import collapse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.extract.text.clean import CleanBody
    from scraper.html import Node, Tree
    from scraper.language import Vocabulary


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleBody:
    """The text of a page, cleaned, and how it was found.

    `source` is its provenance and `reason` why that was chosen; `boxes` are the elements that were read, () for data.
    `left_out` and `removed` are what was in them and is not in the text, `judged` all their blocks without a layout.
    `standfirst` is the line printed between headline and text if no layout says where it is, None if there is none.
    `place` has the weights of the page's elements, None with a layout. `hidden_parts` counts parts of the text that the
    page shows only on a click.
    """

    clean: CleanBody
    source: str
    reason: str
    boxes: tuple[Node, ...] = ()
    left_out: tuple[tuple[str, Node], ...] = ()
    removed: tuple[Removal, ...] = ()
    judged: tuple[RawBlock, ...] = ()
    standfirst: str | None = None
    place: TextPlace | None = None
    hidden_parts: int = 0


def read_body(
    tree: Tree,
    markup: bytes | str,
    metadata: PageMetadata,
    reading: LayoutReading | None,
    *,
    headline: str,
    base_url: str | None,
    vocabulary: Vocabulary,
    site_lines: tuple[str, ...] = (),
    embeds: bool = False,
) -> ArticleBody:
    """Run the body's chain: the layout's containers; else where the text is, or the page's data if it shows next to
    nothing.

    `markup` is the page before parsing, whose scripts may hold the text; `base_url` resolves links, `site_lines` are
    patterns of lines that the site puts into its texts.
    """
    clean_up = partial(
        clean_blocks,
        base_url=base_url,
        headline=headline,
        vocabulary=vocabulary,
        site_lines=site_lines,
    )
    page = BodyContext(headline=headline, vocabulary=vocabulary, base_url=base_url, embeds=embeds)
    if reading is not None and is_unseen(reading):
        return _by_unseen_layout(tree, reading, clean_up, page)
    if reading is not None:
        return _by_layout(tree, reading, clean_up, vocabulary, embeds=embeds)
    told = metadata.first("og:description", "description", "twitter:description")
    found = find_body(tree, page, witness=told[0] if told else None)
    clean = clean_up(found.blocks)
    title, boxes = found.found.title, found.found.boxes
    body = ArticleBody(
        clean=clean,
        source="generic",
        reason="most text" if boxes else "no text found",
        boxes=boxes,
        left_out=found.left_out,
        removed=(*found.removed, *clean.removed),
        judged=found.judged,
        standfirst=read_standfirst(title, boxes[0], headline, vocabulary) if title is not None and boxes else None,
        place=found.found,
        hidden_parts=found.hidden_parts,
    )
    return _out_of_data(body, markup, metadata, clean_up, page) or body


def _out_of_data(
    body: ArticleBody,
    markup: bytes | str,
    metadata: PageMetadata,
    clean_up: Callable[..., CleanBody],
    page: BodyContext,
) -> ArticleBody | None:
    """The text that the page keeps as data, if it shows far less text than that; otherwise None."""
    words = body.clean.words
    instead = partial(replace, body, reason=f"the page shows {words} words", boxes=())
    if stored := article_body(metadata, words):
        clean = clean_up(stored)
        return instead(clean=clean, source="json-ld:articleBody", left_out=(), removed=clean.removed)
    if (kept := stored_markup(markup, metadata, words)) is not None:
        found = find_body(kept, replace(page, embeds=False))
        if blocks := [block for block in found.blocks if not is_placeholder(block.text)]:
            clean = clean_up(blocks)
            removed = (*found.removed, *clean.removed)
            return instead(clean=clean, source="generic:script", left_out=found.left_out, removed=removed)
    return None


def _by_layout(
    tree: Tree, reading: LayoutReading, clean_up: Callable[..., CleanBody], vocabulary: Vocabulary, *, embeds: bool
) -> ArticleBody:
    """The body in the containers of a site's layout."""
    blocks: list[RawBlock] = []
    left_out: list[tuple[str, Node]] = []
    boxes = reading.containers
    parts = parts_of(boxes, hidden_parts(tree))
    shown = frozenset(node.mem_id for node in parts)
    for box in (*boxes, *outside(boxes, parts)):
        blocks += read_blocks(
            box,
            skip=_why_no_text_of_layout,
            related=reading.related,
            shown=shown,
            embeds=embeds,
            first=len(blocks),
            left_out=left_out,
        )
    return _body_of(reading, clean_up, mark_lists(blocks, vocabulary), left_out, (), len(parts))


def _by_unseen_layout(
    tree: Tree, reading: LayoutReading, clean_up: Callable[..., CleanBody], page: BodyContext
) -> ArticleBody:
    """The body in the containers of a layout that nobody has compared with a page: what its `drop` does not cover is
    judged as on any page.
    """
    boxes = reading.containers
    found = read_boxes(TextPlace(boxes=boxes), parts_of(boxes, hidden_parts(tree)), {}, page, related=reading.related)
    return _body_of(reading, clean_up, found.blocks, found.left_out, found.removed, found.hidden_parts)


def _body_of(
    reading: LayoutReading,
    clean_up: Callable[..., CleanBody],
    blocks: Sequence[RawBlock],
    left_out: Iterable[tuple[str, Node]],
    removed: Iterable[Removal],
    hidden: int,
) -> ArticleBody:
    """The body of a layout, from the blocks of its containers."""
    ledes = (reading.lede.text,) if reading.lede and not reading.lede.source.endswith(".hide") else ()
    clean = clean_up(blocks, ledes=ledes)
    dropped = (Removal(why, collapse(text), None, ("markup", "repetition")) for why, text in reading.dropped)
    return ArticleBody(
        clean=clean,
        source=f"layout:{reading.layout.body[0]}",
        reason=f"layout {reading.layout.name}",
        boxes=reading.containers,
        left_out=tuple(left_out),
        removed=(*dropped, *removed, *clean.removed),
        hidden_parts=hidden,
    )


def _why_no_text_of_layout(_: Node, attributes: Mapping[str, str | None]) -> str | None:
    """Why an element in a layout's container is not read: sellers of recommendations put them into any design."""
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
    return "advert" if names != " " and is_advert(names) else None
