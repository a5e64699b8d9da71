"""Blocks of text out of a container: what both site layouts and the generic reader work on."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from scraper.html import Node, prose

if TYPE_CHECKING:
    from scraper.records import BlockKind


class RawLink(NamedTuple):
    """A link inside a block, as printed (`href` may be relative)."""

    href: str
    text: str


class RawBlock(NamedTuple):
    """One block as found, before bylines, datelines and boilerplate are told apart.

    `text` is on one line; `lines` is the same text cut at <br>. `bold` is the
    text of the bold run that opens the block ("" if none). `classes` are the
    class tokens of the block element, lower-cased and blank-separated.
    """

    kind: BlockKind
    text: str
    lines: tuple[str, ...]
    links: tuple[RawLink, ...] = ()
    bold: str = ""
    classes: str = ""


_KINDS: dict[str, BlockKind] = {
    "p": "paragraph", "h2": "subheading", "h3": "subheading", "h4": "subheading", "h5": "subheading", "h6": "subheading",
    "li": "list_item", "blockquote": "quote", "tr": "table_row",
}  # fmt: skip


def read_blocks(container: Node) -> list[RawBlock]:
    """The blocks of a container in document order; the caller has removed what must not be read."""
    blocks = []
    for node in container.css("p, h2, h3, h4, h5, h6, li, blockquote, tr"):
        text = prose(node)
        if text:
            links = tuple(RawLink(a.attributes.get("href") or "", prose(a)) for a in node.css("a[href]"))
            blocks.append(RawBlock(_KINDS[node.tag or "p"], text, (text,), links, "", (node.attributes.get("class") or "").lower()))
    return blocks
