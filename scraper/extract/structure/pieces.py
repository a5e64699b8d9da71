"""What is between the pieces of a body that its page splits: headings, lists and tables of the text, or something else."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Literal

from scraper.html import path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.extract.structure.blocks import RawBlock
    from scraper.html import Node

# Systems that put each section, paragraph or picture of a text into a separate element, with the heading beside it:
# seen on pages made with Webflow, Shopify, Elementor, Asciidoctor and press rooms; cross-validated by benchmarks.folds.
MAX_LINKED = 0.3  # of the characters between two pieces


def between(first: Node, second: Node) -> Iterator[Node]:
    """The outermost elements between one element and a later one, in reading order; none if they have only <body> in
    common.
    """
    above = {node.mem_id: node for node in path(second)}
    common = next((node for node in path(first) if node.mem_id in above), None)
    if common is None or common.tag in ("body", "html"):
        return
    up, down = _below(first, common), _below(second, common)
    for level in up[:-1]:
        yield from _beside(level, "next")
    yield from takewhile(lambda node: node.mem_id != down[-1].mem_id, _beside(up[-1], "next"))
    for level in reversed(down[:-1]):
        yield from reversed([*_beside(level, "prev")])


def _below(node: Node, outer: Node) -> list[Node]:
    """An element and its ancestors, up to the child of an outer one."""
    return [node, *takewhile(lambda each: each.mem_id != outer.mem_id, path(node))]


def _beside(node: Node, step: Literal["next", "prev"]) -> Iterator[Node]:
    """The elements beside one, nearest first."""
    sibling: Node | None = getattr(node, step)
    while sibling is not None:
        if not (sibling.tag or "-").startswith("-"):
            yield sibling
        sibling = getattr(sibling, step)


def like(pieces: Sequence[Node]) -> frozenset[int]:
    """The mem_ids of the elements with the tag and the classes of all pieces of a text, including those with too little
    text to be one.
    """
    tag, names = pieces[0].tag or "", pieces[0].attributes.get("class")
    if not names or any(piece.tag != tag or piece.attributes.get("class") != names for piece in pieces):
        return frozenset()
    last = {node.mem_id: node for node in path(pieces[-1])}
    common = next((node for node in path(pieces[0]) if node.mem_id in last), None)
    alike = common.css(tag) if common is not None and common.tag != "html" else ()
    return frozenset(node.mem_id for node in alike if node.attributes.get("class") == names)


def of_the_text(gap: Sequence[RawBlock], above: RawBlock | None, alike: frozenset[int]) -> list[RawBlock]:
    """The blocks between two pieces that belong to the text (`above` is the block before them): headings, lists and
    tables, unless a good deal of them is links. If there are paragraphs, which would be pieces if they belonged to the
    text, only the headings right above the second piece do. A block in one of the elements `alike` is a piece with
    little text; a list that the line above it announces belongs to the text whatever it contains.
    """
    letters = sum(len(block.text) for block in gap)
    linked = sum(block.link_share * len(block.text) for block in gap)
    if linked <= MAX_LINKED * letters and all(block.kind != "paragraph" for block in gap):
        return list(gap)
    headings = takewhile(lambda block: block.kind == "subheading" and block.link_share <= MAX_LINKED, reversed(gap))
    first = len(gap) - sum(1 for _ in headings)
    kept: list[RawBlock] = []
    before = above  # None after a block that does not belong to the text
    for place, block in enumerate(gap):
        is_listed = block.kind == "list_item" and before is not None and _leads_on(before)
        before = block if place >= first or block.box in alike or is_listed else None
        if before is not None:
            kept.append(block)
    return kept


def _leads_on(block: RawBlock) -> bool:
    """Whether a block announces a list, or is an item of one that was announced."""
    return block.kind == "list_item" or block.text.endswith((":", "："))
