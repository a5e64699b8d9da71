"""Where a page's text is: characters of prose, summed from paragraphs up to their ancestors."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from scraper import native
from scraper.extract.structure.blocks import is_hidden
from scraper.extract.structure.classes import is_apart, is_furniture
from scraper.html import LINE_BREAK, path
from scraper.text import collapse, size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.html import Node, Tree

MIN_LOOSE = 80  # characters of text that is in no paragraph
MIN_PARAGRAPH = 40  # characters; shorter ones count only through their neighbours
MAX_LINKED = 0.5  # of the characters of a paragraph
MIN_TEXT = 4  # characters; no sentence in any script has fewer
_MIN_SENTENCE = 12  # characters; less is not a paragraph even with a full stop
MAX_APART = 4  # levels from an element up to an ancestor that also contains the headline
_ARTICLE = re.compile(r"article|artikel|story|post|entry|berita|detail", re.IGNORECASE)
MIN_OPEN = 0.25  # of the text that is in no dialog and no comment
MAX_LEVELS = 60
MAX_PARAGRAPHS = 4000
STOPS = frozenset({"body", "html"})
_ZONES = frozenset({"nav", "aside", "footer", "figure", "figcaption", "button", "select", "menu", "dialog"})
_LOOSE_TAGS = ("div", "td", "section", "article", "main")
_DIRECT_SHARES = (1.0, 0.4, 0.2, 0.12, 0.08, 0.05)  # of a paragraph's mass, for its parent, grandparent, and so on
_ENDS = re.compile(r"[.!?…。！？”\"]\s*$")


@dataclass(slots=True)
class Mass:
    """What an element holds: characters of good paragraphs in it (`whole`), weighted by nearness (`direct`), directly
    in it (`own`).
    """

    node: Node
    tag: str
    attributes: Mapping[str, str | None]
    whole: float = 0.0
    direct: float = 0.0
    own: float = 0.0
    paragraphs: int = 0
    names: str = ""


def mass_of(node: Node) -> Mass:
    """An element in which no text was found."""
    attributes = node.attributes
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()
    return Mass(node=node, tag=node.tag or "", attributes=attributes, names=names)


def weigh(tree: Tree, texts: dict[int, str] | None = None, *, above: frozenset[int] = frozenset()) -> dict[int, Mass]:
    """The mass of every element with text below it, furniture excluded.

    `texts` receives the paragraphs' text on one line, by `mem_id`, so that later readers need not extract it again;
    `above` are the ancestors of the headline.
    """
    elements: dict[int, Mass] = {}
    sources = _sources(tree, elements, {} if texts is None else texts)
    for source in sources:
        for element in source.chain:
            element.whole += source.mass
    open_sources = _open(sources, elements, above)
    for element in elements.values():
        element.whole = 0.0
    for source in open_sources:
        source.chain[0].own += source.mass
        for element in source.chain:
            element.whole += source.mass
            element.paragraphs += source.pieces
        for element, share in zip(source.chain, _DIRECT_SHARES, strict=False):
            element.direct += source.mass * share
    return {key: each for key, each in elements.items() if each.whole > 0}


def _open(sources: list[_Source], elements: dict[int, Mass], above: frozenset[int]) -> list[_Source]:
    """The sources that are not in furniture.

    The headline's ancestors are not furniture, whatever their name says ("page-with-sidebar"), and neither is what
    holds most of the page's text in the same article, or anywhere if no heading prints the headline. If hardly anything
    is left, the text is divided into pieces that have such names.
    """
    furniture = {key: each for key, each in elements.items() if key not in above and _is_furniture(each)}
    apart = {key for key, each in furniture.items() if is_apart(each.names)}
    zones = {key for key, each in furniture.items() if each.tag in _ZONES}
    outside = [source for source in sources if apart.isdisjoint(source.keys)]
    total = sum(source.mass for source in outside)
    most = 0.5 * sum(source.mass for source in sources)
    named = {key for key, each in furniture.items() if each.whole < most or (above and not _is_by_title(each, above))}
    found = [source for source in outside if named.isdisjoint(source.keys)]
    if found and sum(source.mass for source in found) >= MIN_OPEN * total:
        return found
    found = [source for source in outside if zones.isdisjoint(source.keys)]
    return found or [source for source in sources if zones.isdisjoint(source.keys)]


def _is_by_title(element: Mass, above: frozenset[int]) -> bool:
    """Whether an element and the headline are near each other in one article."""
    around = next((node for node in islice(path(element.node), MAX_APART) if node.mem_id in above), None)
    if around is None:
        return False
    names = f"{around.attributes.get('class') or ''} {around.attributes.get('id') or ''}"
    return around.tag in ("article", "main") or _ARTICLE.search(names) is not None


@dataclass(slots=True)
class _Source:
    """An element with prose directly below it: its mass, and the element with its ancestors up to <body>, nearest
    first.
    """

    chain: list[Mass]
    keys: list[int]
    mass: float = 0.0
    pieces: int = 0


def _sources(tree: Tree, elements: dict[int, Mass], texts: dict[int, str]) -> list[_Source]:
    sources: dict[int, _Source] = {}
    chains: dict[int, list[Mass]] = {}
    for node, mass, is_own, pieces in _paragraphs(tree, texts):
        start = node if is_own else node.parent
        if start is None:
            continue
        source = sources.get(start.mem_id)
        if source is None:
            chain = _chain(elements, chains, start)
            source = sources[start.mem_id] = _Source(chain, [element.node.mem_id for element in chain])
        source.mass += mass
        source.pieces += pieces
    return list(sources.values())


def _chain(elements: dict[int, Mass], chains: dict[int, list[Mass]], start: Node) -> list[Mass]:
    """An element and its ancestors up to <body>, nearest first; siblings share their ancestors."""
    path: list[Mass] = []
    above: list[Mass] = []
    node: Node | None = start
    while node is not None and len(path) < MAX_LEVELS:
        known = chains.get(node.mem_id)
        if known is not None:
            above = known
            break
        found = elements[node.mem_id] = mass_of(node)
        path.append(found)
        if found.tag in STOPS:
            break
        node = node.parent
    for element in reversed(path):
        above = chains[element.node.mem_id] = [element, *above][:MAX_LEVELS]
    return above


def _paragraphs(tree: Tree, texts: dict[int, str]) -> list[tuple[Node, float, bool, int]]:
    """(element, mass, whether the text is directly in it, how many paragraphs) of the page's pieces of prose."""
    paragraphs = _read_paragraphs(tree.tagged("p", "pre", "blockquote")[:MAX_PARAGRAPHS], texts)
    found = [
        (node, length - 2.0 * linked, False, 1)
        for node, length, linked in paragraphs
        if linked <= length * MAX_LINKED and length > 2 * linked
    ]
    # Old systems and some new ones put text directly into other elements, with <br> between paragraphs.
    loose = tree.walk().loose(_LOOSE_TAGS, MIN_LOOSE, MAX_PARAGRAPHS)
    found += [(node, float(length), True, 1 + breaks // 2) for node, length, breaks in loose]
    if sum(mass for _, mass, _, _ in found) < 800:
        for node in tree.matching("li, span, font, center")[:MAX_PARAGRAPHS]:
            text = node.text(deep=False)
            if size(text) >= MIN_PARAGRAPH and (length := _length_of(collapse(text))):
                found.append((node, float(length), node.tag == "center", 1))
    return found


def _read_paragraphs(nodes: list[Node], texts: dict[int, str]) -> list[tuple[Node, int, int]]:
    """(element, characters, those in its links) of paragraphs that are prose; `texts` receives their text on one line,
    by `mem_id`.
    """
    if native.compiled is not None:
        found: list[tuple[Node, int, int]] = native.compiled.paragraphs(
            nodes, texts, _length_of, MIN_TEXT, MIN_PARAGRAPH
        )
        return found
    found = []
    for node in nodes:
        text = node.text()
        if len(text) > MIN_TEXT:
            line = collapse(text)
            if LINE_BREAK not in text:
                texts[node.mem_id] = line
            if length := _length_of(line):
                found.append((node, length, _linked(node)))
    return found


def _linked(node: Node) -> int:
    """Characters of the links in a paragraph, without those of a paragraph inside it."""
    first = node.first_child
    if first is None or (first.tag == "-text" and first.next is None):  # true for most paragraphs
        return 0
    linked = 0
    for anchor in node.css("a"):
        around = anchor.parent
        while around is not None and around.tag != node.tag:
            around = around.parent
        if around is not None and around.mem_id == node.mem_id:
            linked += len(anchor.text())
    return linked


def _length_of(line: str) -> int:
    """Characters in a piece of prose; 0 if it is too short."""
    length = len(line) if line.isascii() else size(line)
    return length if length >= MIN_PARAGRAPH or (length > _MIN_SENTENCE and _ENDS.search(line)) else 0


def _is_furniture(element: Mass) -> bool:
    """Whether an element is a zone that holds no article text, by its tag or its names."""
    tag = element.tag
    return tag not in ("body", "html", "main", "article") and (
        tag in _ZONES or is_hidden(element.attributes) or is_furniture(element.names)
    )
