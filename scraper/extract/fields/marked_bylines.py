"""Who wrote it, by the page's markup: elements that are marked as the byline, and links to a person's page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from scraper.extract.text.credits import parse_credit
from scraper.extract.text.people import is_desk, is_nobody, is_pen_name, is_person, people_named, without_dates
from scraper.html import among, ancestor, prose
from scraper.records import Author
from scraper.text import collapse, fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from scraper.extract.sources.paper import Paper
    from scraper.html import Node, Tree
    from scraper.language import Vocabulary

# What marks a byline, by how it does: each is a sign of its own when bylines are weighed (bylines.toml).
_KINDS = {
    "rel": ("[rel~=author]",),
    "itemprop": ("[itemprop~=author] [itemprop~=name]", "[itemprop~=author]"),
    "class name": ("[class~=byline__name]", "[class*=author-name]", "[class*=author__name]", "[class*=authorName]", "[class*=byline-name]"),
    "class word": ("[class~=author]",),
    "class byline": ("[class*=byline i]",),
    "class author": ("[class*=article-author]", "[class*=autor]", "[class*=author i]", "[class*=auteur]"),
}  # fmt: skip
_ANY_BYLINE = "[rel~=author], [itemprop~=author], [class*=byline i], [class*=aut i]"  # what they have in common
# Markings that people other than authors may also have: only a complete name counts.
_ROLES = (
    "[class*=journalist i]", "[class*=reporter i]", "[class*=wartawan i]", "[class*=penulis i]", "[class*=writer i]",
)  # fmt: skip
_ANY_ROLE = ", ".join(_ROLES)
_AUTHOR_LINKS = "author link"
# Links to a person's own page, whatever their classes are.
_AUTHOR_LINK = re.compile(
    r"/(?:author|autor|auteur|redakteur|redaktion/|reporter|journalist|profile?/|people/|person/|staff/|team/|contributor|columnist|by/|penulis|writer|newsteam/)"
)
_STANDARD = "[rel~=author]"
_STANDARDS = frozenset({_STANDARD, "[itemprop~=author] [itemprop~=name]", "[itemprop~=author]", "[class~=author]"})
_BEHIND_LABELLED = re.compile(r"[|•·0-9]")
MAX_LINE = 110
MAX_BYLINE = 160
MAX_NAMES = 6  # of one byline
MAX_MARKED = 2000  # elements whose names suggest an author
_FEWEST_TOPICS = 2
_LONG_NAME = 4  # words; what is longer may be two names
_MOST_BYLINES = 8
_MAX_RAW_LINE = 400  # in a byline with the white space of its markup
_MAX_RAW = 2000  # characters with the white space of the markup
_ABOUT_ARTICLE = re.compile(r"meta|byline|author|info")
# Names of boxes whose people are not the article's: readers, other articles, pictures, topics.
_ELSEWHERE = re.compile(
    r"comment|related|recommend|listing|most-?read|popular|licen[cs]e|copyright|(?:article|post|entry)[-_]*tag"
)
_NOT_ABOVE_BYLINES = frozenset({"aside", "nav", "footer", "figure", "figcaption"})
_NO_BYLINES = frozenset({"html", "body", "article", "main", "button", "input", "select"})
_TEASED = 3  # times the length of a byline: a surrounding link this long is the teaser of another article


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedPeople:
    """People that the page shows as its authors and editors, where, and in which of the ways that bylines.toml weighs."""

    source: str
    kind: str
    authors: tuple[Author, ...] = ()
    editors: tuple[str, ...] = ()


def byline_of(names: Iterable[str], source: str, kind: str) -> PrintedPeople:
    """The people of these names."""
    unique = [*dict.fromkeys(names)][:MAX_NAMES]
    return PrintedPeople(source=source, kind=kind, authors=tuple(Author(name=name) for name in unique))


def marked_people(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> Iterator[PrintedPeople]:
    """The people of the elements that are marked as the byline, before or in the text: of each marking that names any."""
    bylines = _Bylines(paper, vocabulary)
    marked = _elements(tree.search(_ANY_BYLINE))
    is_answered = False  # by a standard's marking that names no person: a desk, the paper
    for kind, selectors in _KINDS.items() if marked else ():
        for selector in selectors:
            nodes = among(marked, selector)[:_MOST_BYLINES]
            open_to = [node for node in nodes if not (is_answered and node.css_first(_STANDARD))]
            if found := bylines.named_by(open_to, f"generic:{selector}", kind):
                yield found
            elif selector in _STANDARDS and (alias := bylines.pen_name(nodes)):
                yield byline_of([alias], f"generic:{selector}", "pen name")
            is_answered = is_answered or (selector == _STANDARD and bool(nodes) and found is None)
    links = _author_links(tree, _MOST_BYLINES)
    if found := bylines.named_by(links, f"generic:{_AUTHOR_LINKS}", _AUTHOR_LINKS, is_loose=True):
        yield found
    marked = _elements(tree.matching(_ANY_ROLE))
    for role in _ROLES if marked else ():
        nodes = among(marked, role)[:_MOST_BYLINES]
        if found := bylines.named_by(nodes, f"generic:{role}", "role", is_loose=True):
            yield found


class _Bylines:
    """Reads elements that are marked as bylines, each once, whatever marks it."""

    def __init__(self, paper: Paper, vocabulary: Vocabulary) -> None:
        self._paper, self._vocabulary = paper, vocabulary
        self._known: dict[int, tuple[str, ...] | PrintedPeople] = {}

    def named_by(self, nodes: list[Node], source: str, kind: str, *, is_loose: bool = False) -> PrintedPeople | None:
        """The people in elements with one marking that are in the same place as the first one."""
        names: list[str] = []
        place: int | None = None  # where the first byline is; teasers of other articles have theirs elsewhere
        for node in nodes:
            found = self._read(node)
            if isinstance(found, PrintedPeople):
                return PrintedPeople(source=source, kind=kind, authors=found.authors, editors=found.editors)
            here = [name for name in found if not is_loose or (" " in name and not name.islower())]
            if here and place in (None, _place(node)):
                place = _place(node)
                names += here
        return byline_of(names, source, kind) if names else None

    def _read(self, node: Node) -> tuple[str, ...] | PrintedPeople:
        """The people that an element names, or its labelled credit; () where it is too long for a byline or is another article's."""
        known = self._known.get(node.mem_id)
        if known is None:
            known = self._known[node.mem_id] = self._people_of(node)
        return known

    def _people_of(self, node: Node) -> tuple[str, ...] | PrintedPeople:
        text = prose(node) if len(node.text()) <= _MAX_RAW else ""
        if not text or len(text) > MAX_BYLINE:
            return ()
        credit = parse_credit(text)
        if credit is not None and credit.authors:
            return PrintedPeople(source="", kind="", authors=credit.authors, editors=credit.editors)
        names = [name for name in _people_of(node, text, self._vocabulary) if not self._paper.is_own(name)]
        return () if not names or _is_elsewhere(node) else tuple(names)

    def pen_name(self, nodes: list[Node]) -> str | None:
        """The writer's pen name if the marking is a standard's: rel=author, microdata, hCard."""
        for node in nodes:
            text = prose(node) if len(node.text()) <= _MAX_RAW else ""
            if not is_pen_name(text) or self._paper.is_own(text) or is_nobody(text, self._vocabulary):
                continue
            if not _is_elsewhere(node):
                return text
        return None


def _elements(found: list[Node]) -> list[tuple[Node, Mapping[str, str | None]]]:
    """The elements, among those that a walk found for a list of markings, that may be bylines, with their attributes."""
    return [(node, node.attributes) for node in found[:MAX_MARKED] if node.tag not in _NO_BYLINES]


def _people_of(node: Node, text: str, vocabulary: Vocabulary) -> list[str]:
    """The people in an element, whose markup may separate what reads as one line ("Ana Putri" over "Contact")."""
    if is_desk(text, vocabulary):
        return []
    head = _BEHIND_LABELLED.split(without_dates(text), maxsplit=1)[0].strip()
    label = vocabulary.signature(head)
    names = people_named(head[label.end :] if label is not None and head[label.end :] else text, vocabulary)
    parts = [part for line in node.text(separator="\n").split("\n") if (part := collapse(line))]
    if len(parts) >= _FEWEST_TOPICS and _are_topics(node, parts):
        return []
    if len(parts) < 2 or (names and fold(" ".join(parts)) == fold(names[0]) and len(names[0].split()) <= _LONG_NAME):
        return names
    if all(is_nobody(part, vocabulary) for part in parts):
        return []
    if not names or any(" " in part and is_person(part) for part in parts[:2]):
        return people_named(" | ".join(parts), vocabulary) or names
    return names


def _are_topics(node: Node, parts: list[str]) -> bool:
    """Whether an element contains only links of one word each: topics, not people."""
    links = [collapse(link.text()) for link in node.css("a")]
    return len(links) == len(parts) and not any(" " in link for link in links)


def marked_texts(tree: Tree) -> Iterator[tuple[str, str]]:
    """(line, where) of the elements marked as the byline, before they are read as names."""
    marked = _elements(tree.search(_ANY_BYLINE))
    for selector in (each for kind in _KINDS.values() for each in kind) if marked else ():
        for node in among(marked, selector)[:_MOST_BYLINES]:
            if 0 < len(node.text()) <= _MAX_RAW and len(prose(node)) <= MAX_LINE and not _is_elsewhere(node):
                yield from ((collapse(line), f"generic:{selector}") for line in node.text(separator="\n").split("\n"))


def _author_links(tree: Tree, most: int) -> list[Node]:
    """Links to people's pages that are not words within a paragraph."""
    found = (node for node, href in tree.links() if _AUTHOR_LINK.search(href))
    return [node for node in islice(found, most) if node.parent is None or len(node.parent.text()) <= _MAX_RAW_LINE]


def _place(node: Node) -> int:
    """The element two levels up: bylines of one article are neighbours."""
    parent = node.parent
    above = parent.parent if parent is not None else None
    return above.mem_id if above is not None else 0


def _is_elsewhere(node: Node) -> bool:
    """Whether an element belongs to a reader's comment, a picture, an aside or a teaser of another article."""
    parent: Node | None = node
    for _ in range(8):
        if parent is None:
            return False
        names = f"{parent.attributes.get('class') or ''} {parent.attributes.get('id') or ''}".lower()
        if parent.tag == "aside" and _ABOUT_ARTICLE.search(names):
            return False
        if parent.tag == "footer" and ancestor(parent, ("article",)) is not None:
            return False  # where HTML puts the author of an article
        if parent.tag in _NOT_ABOVE_BYLINES or _ELSEWHERE.search(names):
            return True
        if parent.tag == "a" and len(parent.text()) > _TEASED * len(node.text()):
            return True
        parent = parent.parent
    return False
