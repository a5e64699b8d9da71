"""The standfirst as a page prints it: the lines between the headline and the text."""

from __future__ import annotations

import re
from datetime import UTC
from functools import partial
from itertools import islice, pairwise, takewhile
from typing import TYPE_CHECKING

from scraper.dates import parse_date
from scraper.extract.body import is_hidden, read_blocks
from scraper.extract.boilerplate import is_boilerplate
from scraper.extract.byline import parse_credit, parse_head
from scraper.extract.classes import is_furniture
from scraper.extract.closing import is_note
from scraper.extract.generic import picture_boxes
from scraper.extract.picture import is_caption
from scraper.extract.place import path
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.extract.body import RawBlock
    from scraper.html import Node

MIN_LENGTH = 20  # characters; six words have hardly fewer
MIN_WORDS, MAX_WORDS = 6, 120
_WITHOUT_BLANKS = re.compile(
    "[\u3040-\u30ff\u4e00-\u9fff\u0e00-\u0e7f]{10}"
)  # Japanese, Chinese, Thai: words that no blank parts
_MAX_LEVELS = 60
_MAX_ELEMENTS = 60  # between headline and text that are looked into
MAX_DATE_WORDS = 14  # of a line that is a date with what stands around it
MIN_REPEATED = 0.8  # of the words of the headline or of the text
_OPENERS = "\"'“„«»‘’(¿¡…–-—•"
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)]*$")
MAX_LINKED = 0.3  # share of its characters that may be links
# Names that say it, though some of them are a teaser's elsewhere.
_NAMES = re.compile(
    r"standfirst|sub-?(?:head|title|line)|\b(?:dek|deck|lede|lead|leader|intro|chapo|chapeau|abstract|excerpt|teaser|vorspann|anreisser|sommario|occhiello"
    r"|entradilla|bajada|copete|summary|synopsis|ingress|manchet|perex)\b|intro(?:duction|text)?\b|(?:teaser|lead|intro|abstract|summary)[-_]?text",
    re.IGNORECASE,
)
_NEVER = re.compile(
    r"caption|byline|author|autor|share|social|related|breadcrumb|comment|meta\b|date\b|tags?\b", re.IGNORECASE
)
_ALONE = frozenset({"h1", "time", "address", "form", "table", "ul", "ol", "dl", "nav", "aside", "figure", "header"})


def read_standfirst(title: Node, box: Node, headline: str) -> str | None:
    """The standfirst between the heading and the box of the text, on one line; None if nothing there is one.

    It is the first element with a sentence, else with a line of some words,
    that is no credit, caption, date or note; what stands with it in the same
    element belongs to it.
    """
    first: str | None = None
    for element in islice(_between(title, box), _MAX_ELEMENTS):
        lines = _lines(element, headline)
        if sentences := [line for line in lines if _ENDS.search(line)]:
            return _joined(sentences)
        first = first or _joined(lines)
    return first


def _lines(element: Node, headline: str) -> list[str]:
    """The texts of an element that can be a standfirst's."""
    if len(element.text()) < MIN_LENGTH or _is_skipped(frozenset(), element, element.attributes):
        return []
    pictures: frozenset[int] = frozenset()
    if element.css_first("img") is not None:
        pictures = picture_boxes(element.parent or element)
        if element.mem_id in pictures:
            return []
    blocks = read_blocks(element, skip=partial(_is_skipped, pictures))
    return [block.text for block in blocks if _is_like_one(block, headline)]


def _joined(lines: list[str]) -> str | None:
    whole = " ".join(lines)
    return whole if whole and len(whole.split()) <= MAX_WORDS else None


def _between(title: Node, box: Node) -> Iterator[Node]:
    """The outermost elements behind the heading and before the box, in document order."""
    below = _line(title)
    above = {node.mem_id: place for place, node in enumerate(_line(box))}
    turn = next((place for place, node in enumerate(below) if node.mem_id in above), None)
    if turn is None or turn == 0:  # nothing in common, or the heading is above the box's own
        return
    common = above[below[turn].mem_id]
    if common == 0:  # the heading is in the box, and so is what follows it
        return
    down = list(reversed(_line(box)[:common]))  # from below the common element to the box
    key = down[0].mem_id
    if all(node.mem_id != key for node in _next(below[turn - 1])):  # the box is above the heading
        return
    for node in below[:turn]:
        yield from _before(down[0], _next(node))
    for outer, inner in pairwise(down):
        yield from _before(inner, outer.iter())


def _before(end: Node, nodes: Iterator[Node]) -> Iterator[Node]:
    key = end.mem_id
    return takewhile(lambda node: node.mem_id != key, nodes)


def _line(node: Node) -> list[Node]:
    """An element and those around it, nearest first."""
    return [node, *islice(path(node), _MAX_LEVELS)]


def _next(node: Node) -> Iterator[Node]:
    sibling = node.next
    while sibling is not None:
        if sibling.tag and not sibling.tag.startswith("-"):
            yield sibling
        sibling = sibling.next


def _is_skipped(pictures: frozenset[int], node: Node, attributes: Mapping[str, str | None]) -> bool:
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".strip()
    if node.tag in _ALONE or node.mem_id in pictures or is_hidden(attributes) or _NEVER.search(names):
        return True
    return bool(names) and is_furniture(names) and not _NAMES.search(names)


def _repeats(text: str, headline: str) -> bool:
    """Whether a text is the headline again, or most of it, with a kicker or without."""
    words, title = set(fold(text).split()), set(fold(headline).split())
    return len(words & title) >= MIN_REPEATED * min(len(words), len(title))


def _is_like_one(block: RawBlock, headline: str) -> bool:
    text = block.text
    words = len(text.split())
    return (
        block.kind in ("paragraph", "subheading", "quote")
        and (words >= MIN_WORDS or _WITHOUT_BLANKS.search(text) is not None)
        and words <= MAX_WORDS
        and block.link_share <= MAX_LINKED
        and (text[0].isalnum() or text[0] in _OPENERS)
        and not _repeats(text, headline)
        and not (words <= MAX_DATE_WORDS and (_CLOCK.search(text) or parse_date(text, zone=UTC)))
        and not (is_boilerplate(text) or is_note(block, is_edge=True) or is_caption(text))
        and parse_head(block.lines) is None
        and parse_credit(text) is None
    )
