"""The body of any news page, without site rules and without a language.

In the elements that hold the text (scraper.extract.container) every block has to stand on its own:
links, captions, share bars and teasers inside the body go.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from scraper.extract.body import SKIPPED, RawBlock, is_embed, is_hidden, read_blocks
from scraper.extract.classes import is_furniture
from scraper.extract.container import Found, find_text
from scraper.extract.place import path
from scraper.extract.related import is_labelled, mark_lists, opening_label, related_label
from scraper.html import prose
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.html import Node, Tree

# Class names of "Baca juga" lines and boxes, on pages of many papers.
_RELATED = ", ".join(
    f'[class*="{name}" i]'
    for name in ("baca", "lihatjg", "lihat-juga", "linksisip", "link-sisip", "terkait-isi", "readalso")
)
MAX_RELATED = 800  # characters; a box of five headlines has some 400
MAX_PICTURES = 200
MAX_CAPTION = 300  # characters; captions in the data are rarely longer, paragraphs rarely share a box with a picture
_PICTURE_BOXES = frozenset({"div", "td", "center", "table", "tr", "tbody", "figure"})
_BOXES = _PICTURE_BOXES | {"a", "span", "em", "i", "b", "strong", "font", "picture"}
MIN_DOUBLE = 60  # characters; a shorter block may well say the same twice


@dataclass(frozen=True, slots=True, kw_only=True)
class GenericBody:
    """The blocks of the article body, and how they were found, for `--explain`.

    `found` are the elements that were read, `raw` the blocks in them before
    those that are no text were left out, `kept` the mem_ids of elements that
    are read whatever their names say.
    """

    blocks: tuple[RawBlock, ...]
    found: Found
    raw: tuple[RawBlock, ...] = ()
    kept: frozenset[int] = frozenset()

    def candidates(self) -> tuple[tuple[str, float, float], ...]:
        """The five elements with most text, as (selector, characters weighed by how near they are, all characters)."""
        ranked = sorted(self.found.masses, key=lambda mass: -mass.direct)[:5]
        return tuple((describe(mass.node), mass.direct, mass.whole) for mass in ranked)


def find_body(tree: Tree, *, headline: str | None, embeds: bool = False) -> GenericBody:
    """Find the article's body; `headline` helps to know what is not body, `embeds` takes posts of social networks too."""
    texts: dict[int, str] = {}
    found = find_text(tree, headline, texts)
    kept = _above(found)
    blocks = []
    for box in found.boxes:
        pictures = picture_boxes(box) - kept
        skip = partial(_is_left_out, pictures, kept=kept, embeds=embeds)
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


def left_out(box: Node, kept: frozenset[int]) -> list[Node]:
    """The outermost elements of a box that are not read at all: furniture and pictures with their captions."""
    pictures = picture_boxes(box) - kept
    found: list[Node] = []
    inside: set[int] = set()
    for node in box.css("*"):
        parent = node.parent
        if parent is not None and parent.mem_id in inside:
            inside.add(node.mem_id)
        elif (node.tag or "") in SKIPPED or _is_left_out(pictures, node, node.attributes, kept=kept):
            inside.add(node.mem_id)
            found.append(node)
    return found


def describe(node: Node) -> str:
    """An element as a selector: "div#main.article-body"."""
    attributes = node.attributes
    name = node.tag or ""
    name += f"#{attributes['id']}" if attributes.get("id") else ""
    return name + "".join(f".{token}" for token in (attributes.get("class") or "").split()[:3])


def picture_boxes(container: Node) -> frozenset[int]:
    """Elements that hold a picture and a short text, which is its caption: figures that are not marked up as such."""
    found = set()
    for image in container.css("img")[:MAX_PICTURES]:
        box = None
        node = image.parent
        while node is not None and node.tag in _BOXES and node.mem_id != container.mem_id:
            if len(node.text()) > MAX_CAPTION:
                break
            box = node if node.tag in _PICTURE_BOXES else box
            node = node.parent
        if box is not None:
            found.add(box.mem_id)
    return frozenset(found)


def _above(found: Found) -> frozenset[int]:
    """The mem_ids of the element with most text and of those between it and the box it is in: never furniture."""
    if found.core is None:
        return frozenset()
    outer = {box.mem_id for box in found.boxes}
    between = takewhile(lambda node: node.mem_id not in outer, [found.core, *path(found.core)])
    return frozenset(node.mem_id for node in between)


def _is_left_out(
    pictures: frozenset[int],
    node: Node,
    attributes: Mapping[str, str | None],
    *,
    kept: frozenset[int] = frozenset(),
    embeds: bool = False,
) -> bool:
    key = node.mem_id
    return key in pictures or (
        _is_skipped(node, attributes) and key not in kept and not (embeds and is_embed(node.tag or "", attributes))
    )


def _is_skipped(node: Node, attributes: Mapping[str, str | None]) -> bool:
    """Whether an element inside the body is furniture."""
    names = attributes.get("class")
    own = attributes.get("id")
    if not names and not own:
        return attributes.get("role") in ("navigation", "complementary", "banner", "contentinfo")
    return is_furniture(f"{names or ''} {own or ''}") and not _is_bulk(node)


def _is_bulk(node: Node) -> bool:
    """Whether an element holds so much plain text that its name must mean something else."""
    text = sum(len(child.text()) for child in node.css("p"))
    return text > 1500 and sum(len(child.text()) for child in node.css("p a")) < text * 0.2


def _filter(blocks: list[RawBlock], headline: str | None) -> list[RawBlock]:
    """Blocks that stand on their own as text of the article."""
    kept = [block for block in blocks if _is_text(block)]
    kept = _without_link_lists(kept)
    title = fold(headline or "")
    while kept and (
        fold(kept[0].text) == title or (kept[0].kind == "subheading" and title and fold(kept[0].text) in title)
    ):
        kept.pop(0)
    return _without_doubles(kept)


def _is_text(block: RawBlock) -> bool:
    if block.is_related or is_labelled(block):
        return True  # clean.py takes its links
    share = block.link_share
    if block.kind == "paragraph" and share > 0.9 and len(block.links) == 1:
        return False  # a teaser
    if share > 0.6 and len(block.links) > 1 and len(block.text) < 400:
        return False
    return not (block.kind == "subheading" and share > 0.9)


def _without_link_lists(blocks: list[RawBlock]) -> list[RawBlock]:
    """Lists in which nearly every item is one link go, with the heading right above them."""
    kept: list[RawBlock] = []
    position = 0
    while position < len(blocks):
        end = position
        while end < len(blocks) and blocks[end].kind == "list_item" and not blocks[end].is_related:
            end += 1
        run = blocks[position:end]
        if run and _are_links(run):
            if kept and kept[-1].kind == "subheading":
                kept.pop()
        else:
            kept.extend(run)
        if end == position:
            kept.append(blocks[position])
            end += 1
        position = end
    return kept


def _are_links(items: list[RawBlock]) -> bool:
    """Whether a list is one of links: nearly every item is one, or, where dates stand between them, nearly every letter."""
    if sum(block.link_share > 0.7 for block in items) >= 0.7 * len(items):
        return True
    letters = sum(len(block.text) for block in items)
    return len(items) > 2 and sum(block.link_share * len(block.text) for block in items) > 0.8 * letters


def _without_doubles(blocks: list[RawBlock]) -> list[RawBlock]:
    """Without doubled blocks."""
    seen: dict[str, list[RawBlock]] = {}  # by their first characters: folding whole texts would cost more
    unique = []
    for block in blocks:
        if len(block.text) > MIN_DOUBLE:
            alike = seen.setdefault(block.text[:MIN_DOUBLE].casefold(), [])
            # A summary's bullet may well stand in the text again.
            if any(each.kind == block.kind and each.text.casefold() == block.text.casefold() for each in alike):
                continue
            alike.append(block)
        unique.append(block)
    return unique
