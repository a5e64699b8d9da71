"""Which links on an index page are headlines: judged by the page's structure and repeating pattern, not by the path."""

from __future__ import annotations

import re
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING

from scraper.html import prose

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.html import Node

MIN_HEADINGS = 3  # links in headings of one shape that make a list
MIN_CARDS = 2  # links that each have their own <article>
MIN_PLAIN = 5  # links that are in neither
HEADLINE_WORDS = 4  # of most headlines in a list; the names of sections, authors and tags are shorter
PLAIN_WORDS = 5
_CHARS_PER_WORD = 3  # in scripts without blanks
_LEVELS = 4  # of ancestors that make a shape
_DEPTH = 60  # of ancestors that are examined
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_FURNITURE = frozenset({"nav", "footer", "menu", "form", "dialog"})
_NAMES = re.compile(
    r"(?:(?:main|site|top|bottom|primary|secondary|mobile|desktop|header|footer|sub|page|global|side|off|canvas|mega|nav|wp)[-_]*)*"
    r"(?:nav|navbar|navigation|menu|sidenav|footer|breadcrumbs?|copyrights?|socials?|share|sharing|login|cookies?|consent"
    r"|pagination|pager|tag[-_]?cloud|tag[-_]?list|tags)"
    r"(?:[-_]+(?:menu|links?|lists?|items?|wrapper|wrap|container|content|nav|inner|outer|bar|area|box|section|widgets?|cols?|\d+))*",
    re.IGNORECASE,
)


class Furniture:
    """Whether an element is in a menu, or a page's header or footer: by tag, role and the names of its ancestors."""

    def __init__(self) -> None:
        self._known: dict[int, bool] = {}

    def __contains__(self, node: Node) -> bool:
        passed: list[int] = []
        found = False
        is_in_article = False
        at: Node | None = node.parent
        while at is not None and len(passed) < _DEPTH and at.tag not in ("body", "html"):
            known = None if is_in_article else self._known.get(at.mem_id)
            if known is not None:
                found = known
                break
            passed.append(at.mem_id)
            if self._is_one(at, is_in_article=is_in_article):
                found = True
                break
            is_in_article = is_in_article or at.tag == "article"
            at = at.parent
        self._known.update(dict.fromkeys(passed, found))
        return found

    @staticmethod
    def _is_one(node: Node, *, is_in_article: bool) -> bool:
        if node.tag in _FURNITURE or (node.tag == "header" and not _is_in_article(node)):
            return not is_in_article
        if node.tag == "article":
            return False
        attributes = node.attributes
        if (attributes.get("role") or "") in ("navigation", "contentinfo", "menu", "menubar"):
            return True
        names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
        return any(_NAMES.fullmatch(name) for name in names[:20] if len(name) < 60)


def _is_in_article(node: Node) -> bool:
    """Whether a <header> belongs to a card rather than the page."""
    at = node.parent
    for _ in range(_LEVELS):
        if at is None:
            return False
        if at.tag in ("article", "li", "section"):
            return True
        at = at.parent
    return False


def headlines(anchors: Iterable[Node], furniture: Furniture) -> set[int]:
    """The `mem_id` of those links that are headlines of a list on this page.

    A list is several links of one shape: in headings, each in its own <article>, or at least all alike; outside of
    menus, headers and footers, with as many words as headlines have, leading to different places.
    """
    groups: defaultdict[tuple[object, ...], list[tuple[int, str, float]]] = defaultdict(list)
    for anchor in anchors:
        text = prose(anchor)
        if not text or anchor in furniture or (shape := _shape(anchor)) is None:
            continue
        groups[shape].append((anchor.mem_id, anchor.attributes.get("href") or "", _words(text)))
    found: set[int] = set()
    for shape, links in groups.items():
        least, words = _bounds(shape[0])
        if len({href for _, href, _ in links}) >= least and median(count for *_, count in links) >= words:
            found.update(number for number, *_ in links)
    return found


def _bounds(kind: object) -> tuple[int, int]:
    if kind == "plain":
        return MIN_PLAIN, PLAIN_WORDS
    return (MIN_CARDS if kind == "card" else MIN_HEADINGS), HEADLINE_WORDS


def _words(text: str) -> float:
    blanks = len(text.split())
    return blanks if text.isascii() else max(blanks, sum(char > "\u2e7f" for char in text) / _CHARS_PER_WORD)


def _shape(anchor: Node) -> tuple[object, ...] | None:
    """(kind, tags of the link and of its ancestors); None for a link within a sentence."""
    tags: list[str] = []
    heading = next((tag for tag in sorted(_HEADINGS) if anchor.css_first(tag) is not None), None)
    at, is_card = anchor.parent, False
    for level in range(_DEPTH):
        if at is None or at.tag in ("body", "html"):
            break
        tag = at.tag or ""
        if tag == "p" and heading is None and not is_card:
            return None
        if level < _LEVELS:
            tags.append(tag)
            if heading is None and tag in _HEADINGS:
                heading = tag
        if tag == "article":
            is_card = True
            break
        at = at.parent
    if heading is not None:
        return "card" if is_card else "heading", heading, *tags[:2]
    if is_card:
        return "card", *tags
    return "plain", *tags, anchor.attributes.get("class")
