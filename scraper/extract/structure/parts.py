"""Parts of an article that are on the page but hidden until the reader turns to them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract.structure.blocks import is_hidden
from scraper.extract.structure.marks import marked
from scraper.html import is_within, path

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.html import Node, Tree

# Names of such parts (seen: paging-content, detail-paging, article-page, part-2, halaman).
_PART = re.compile(r"(?:^|[\s_-])(?:pag(?:e|es|ing|ination)|parts?|halaman|hal)(?:$|[\s_-]|\d)", re.IGNORECASE)
_BOXES = "div, section, article"
_MAX_BOXES = 400
_MIN_TEXT = 20  # characters


def hidden_parts(tree: Tree) -> list[Node]:
    """Hidden elements of a page with a name that refers to pages."""
    return [node for node, given in marked(tree) if is_hidden(given) and _PART.search(_names(given))]


def parts_of(boxes: tuple[Node, ...], hidden: list[Node]) -> list[Node]:
    """The hidden parts of the article in and beside these elements, each once, in page order in each; `hidden` are
    those of the page.

    Two signs show that something hidden is text: it has all classes of the element that holds the text, or of a visible
    one in it, and another name that refers to pages. Anything else hidden is a menu, a form or another version.
    """
    if not hidden:
        return []
    return list({node.mem_id: node for box in boxes for node in _parts_of(box, hidden)}.values())


def _parts_of(box: Node, hidden: list[Node]) -> list[Node]:
    around = box.parent if box.parent is not None and box.tag not in ("body", "main") else box
    key = around.mem_id
    near = [node for node in hidden if node.mem_id == key or is_within(node, around)]
    if not near:
        return []
    shown = [box, *(node for node in box.css(_BOXES)[:_MAX_BOXES] if not is_hidden(node.attributes))]
    kinds = {frozenset(_classes(node)) for node in shown} - {frozenset()}
    return [
        node
        for node in near
        if len(node.text().strip()) >= _MIN_TEXT and any(kind < frozenset(_classes(node)) for kind in kinds)
    ]


def outside(boxes: tuple[Node, ...], parts: list[Node]) -> list[Node]:
    """Those of the parts that are in none of these elements, nor in one another."""
    read = {box.mem_id for box in boxes}
    inner = read | {part.mem_id for part in parts}
    return [part for part in parts if part.mem_id not in read and all(node.mem_id not in inner for node in path(part))]


def _classes(node: Node) -> list[str]:
    return (node.attributes.get("class") or "").split()


def _names(given: Mapping[str, str | None]) -> str:
    return f"{given.get('class') or ''} {given.get('id') or ''}"
