"""What stands between the pieces of a body that its page splits: headings, lists and tables of the text, or somebody else's."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Literal

from scraper.html import path

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from scraper.extract.structure.blocks import RawBlock
    from scraper.html import Node

# Systems that put each section, paragraph or picture of a text into an element of its own, with the heading beside it: seen on
# pages made with Webflow, Shopify, Elementor, Asciidoctor and press rooms; cross-validated by benchmarks.folds.
MAX_LINKED = 0.3  # of the characters between two pieces


def between(first: Node, second: Node) -> Iterator[Node]:
    """The outermost elements between one element and another behind it, in reading order; none where they have only <body> in common."""
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
    """An element and those around it, up to the child of an outer one."""
    return [node, *takewhile(lambda each: each.mem_id != outer.mem_id, path(node))]


def _beside(node: Node, step: Literal["next", "prev"]) -> Iterator[Node]:
    """The elements beside one, nearest first."""
    sibling: Node | None = getattr(node, step)
    while sibling is not None:
        if not (sibling.tag or "-").startswith("-"):
            yield sibling
        sibling = getattr(sibling, step)


def of_the_text(gap: Sequence[RawBlock]) -> list[RawBlock]:
    """The blocks between two pieces that are the text's: headings, lists and tables, unless a good deal of them is links; where
    there are paragraphs, which would be pieces if they were the text's, only the headings right above the second piece."""
    letters = sum(len(block.text) for block in gap)
    linked = sum(block.link_share * len(block.text) for block in gap)
    if linked <= MAX_LINKED * letters and all(block.kind != "paragraph" for block in gap):
        return list(gap)
    headings = takewhile(lambda block: block.kind == "subheading" and block.link_share <= MAX_LINKED, reversed(gap))
    return [*headings][::-1]
