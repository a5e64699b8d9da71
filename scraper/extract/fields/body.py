"""The body of any news page, without site rules and without a language.

In the elements that hold the text (scraper.extract.structure.container) every block has to stand on its own:
links, captions, share bars and teasers inside the body go.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from scraper.extract.fields.lede import read_standfirst
from scraper.extract.sources.stored_text import article_body, is_placeholder, stored_markup
from scraper.extract.structure.blocks import RawBlock, is_hidden, read_blocks
from scraper.extract.structure.container import TextPlace, find_text
from scraper.extract.structure.left_out import (
    describe,
    is_left_out,
    picture_boxes,
    without_doubles,
    without_link_lists,
)
from scraper.extract.text.clean import clean_blocks
from scraper.extract.text.related import is_labelled, mark_lists, opening_label, related_label
from scraper.html import path, prose
from scraper.text import fold

if TYPE_CHECKING:
    from scraper.extract.sources.layouts import LayoutReading
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.extract.text.clean import CleanBody
    from scraper.html import Node, Tree

# Class names of "Baca juga" lines and boxes, on pages of many papers.
_RELATED = ", ".join(
    f'[class*="{name}" i]'
    for name in ("baca", "lihatjg", "lihat-juga", "linksisip", "link-sisip", "terkait-isi", "readalso")
)
MAX_RELATED = 800  # characters; a box of five headlines has some 400


@dataclass(frozen=True, slots=True, kw_only=True)
class GenericBody:
    """The blocks of the article body, and how they were found, for `--explain`.

    `found` are the elements that were read, `raw` the blocks in them before
    those that are no text were left out, `kept` the mem_ids of elements that
    are read whatever their names say.
    """

    blocks: tuple[RawBlock, ...]
    found: TextPlace
    raw: tuple[RawBlock, ...] = ()
    kept: frozenset[int] = frozenset()

    def candidates(self) -> tuple[tuple[str, float, float], ...]:
        """The five elements with most text, as (selector, characters weighed by how near they are, all characters)."""
        ranked = sorted(self.found.masses, key=lambda mass: -mass.direct)[:5]
        return tuple((describe(mass.node), mass.direct, mass.whole) for mass in ranked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The text of a page, cleaned, and the provenance of its containers.

    `standfirst` is the line printed between headline and text where no layout says where that is, None if there is none.
    """

    clean: CleanBody
    source: str
    standfirst: str | None = None


def read_body(
    tree: Tree,
    markup: bytes | str,
    metadata: PageMetadata,
    reading: LayoutReading | None,
    *,
    headline: str,
    base_url: str | None,
    embeds: bool = False,
) -> Body:
    """Run the body's chain: the layout's containers; else where the text is, or the page's data if it shows next to nothing.

    `markup` is the page before it was parsed, whose scripts may hold the text; `base_url` resolves links.
    """
    if reading is not None:
        boxes = reading.containers
        blocks = [block for box in boxes for block in read_blocks(box, related=reading.related, embeds=embeds)]
        ledes = (reading.lede.text,) if reading.lede and not reading.lede.source.endswith(".hide") else ()
        clean = clean_blocks(mark_lists(blocks), base_url=base_url, headline=headline, ledes=ledes)
        return Body(clean=clean, source=f"layout:{reading.layout.body[0]}")
    body = find_body(tree, headline=headline, embeds=embeds)
    clean, source = clean_blocks(body.blocks, base_url=base_url, headline=headline), "generic"
    title, boxes = body.found.title, body.found.boxes
    standfirst = read_standfirst(title, boxes[0], headline) if title is not None and boxes else None
    if stored := article_body(metadata, clean.words):
        clean, source = clean_blocks(stored, base_url=base_url, headline=headline), "json-ld:articleBody"
    elif (kept := stored_markup(markup, metadata, clean.words)) is not None:
        stored = [block for block in find_body(kept, headline=headline).blocks if not is_placeholder(block.text)]
        if stored:
            clean, source = clean_blocks(stored, base_url=base_url, headline=headline), "generic:script"
    return Body(clean=clean, source=source, standfirst=standfirst)


def find_body(tree: Tree, *, headline: str | None, embeds: bool = False) -> GenericBody:
    """Find the article's body; `headline` helps to know what is not body, `embeds` takes posts of social networks too."""
    texts: dict[int, str] = {}
    found = find_text(tree, headline, texts)
    kept = _above(found)
    blocks = []
    for box in found.boxes:
        pictures = picture_boxes(box) - kept
        skip = partial(is_left_out, pictures, kept=kept, embeds=embeds)
        blocks += read_blocks(box, skip=skip, related=related_boxes(box), embeds=embeds, texts=texts)
    return GenericBody(blocks=tuple(_filter(mark_lists(blocks), headline)), found=found, raw=tuple(blocks), kept=kept)


def related_boxes(box: Node) -> frozenset[int]:
    """The mem_ids of the outermost elements in a box that are links to other articles by their class and by their text."""
    found: set[int] = set()
    for node in box.css(_RELATED):
        text = prose(node)
        if (
            not 0 < len(text) <= MAX_RELATED
            or is_hidden(node.attributes)
            or any(each.mem_id in found for each in path(node))
        ):
            continue
        linked = sum(len(prose(anchor)) for anchor in ([node] if node.tag == "a" else node.css("a[href]")))
        label = related_label(text) or opening_label(text) or ""
        if linked >= 0.7 * (len(text) - len(label)):
            found.add(node.mem_id)
    return frozenset(found)


def _above(found: TextPlace) -> frozenset[int]:
    """The mem_ids of the element with most text and of those between it and the box it is in: never furniture."""
    if found.core is None:
        return frozenset()
    outer = {box.mem_id for box in found.boxes}
    between = takewhile(lambda node: node.mem_id not in outer, [found.core, *path(found.core)])
    return frozenset(node.mem_id for node in between)


def _filter(blocks: list[RawBlock], headline: str | None) -> list[RawBlock]:
    """Blocks that stand on their own as text of the article."""
    kept = [block for block in blocks if _is_text(block)]
    kept = without_link_lists(kept)
    title = fold(headline or "")
    while kept and (
        fold(kept[0].text) == title or (kept[0].kind == "subheading" and title and fold(kept[0].text) in title)
    ):
        kept.pop(0)
    return without_doubles(kept)


def _is_text(block: RawBlock) -> bool:
    if block.is_related or is_labelled(block):
        return True  # text.clean takes its links
    share = block.link_share
    if block.kind == "paragraph" and share > 0.9 and len(block.links) == 1:
        return False  # a teaser
    if share > 0.6 and len(block.links) > 1 and len(block.text) < 400:
        return False
    return not (block.kind == "subheading" and share > 0.9)
