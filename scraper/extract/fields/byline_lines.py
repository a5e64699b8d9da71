"""Who wrote it, as the page shows: marked bylines, links to a person's page, lines of text, signs beside the headline."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from scraper.dates import beside_date, parse_date
from scraper.extract.structure.headline_lines import headline_places
from scraper.extract.text.credits import parse_credit
from scraper.extract.text.people import (
    is_agency,
    is_desk,
    is_nobody,
    is_pen_name,
    is_person,
    is_post,
    named,
    without_dates,
    without_pictures,
    without_post,
)
from scraper.html import among, ancestor, prose
from scraper.records import Author
from scraper.text import collapse, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.extract.sources.paper import Paper
    from scraper.html import Node, Tree
    from scraper.language import Vocabulary

_BYLINES = (
    "[rel~=author]", "[itemprop~=author] [itemprop~=name]", "[itemprop~=author]", "[class~=byline__name]", "[class*=author-name]", "[class*=author__name]",
    "[class*=authorName]", "[class*=byline-name]", "[class~=author]", "[class*=byline i]", "[class*=article-author]", "[class*=autor]",
    "[class*=author i]", "[class*=auteur]",
)  # fmt: skip
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
# What may follow the names on a signed line: a date, a handle, a bar and whatever comes after it.
_BEHIND_NAMES = re.compile(r"(?:(?:(?<!\s)\s++)?[|•·@].*|,? (?:am|on|vom|den|at|le|el) .*)$", re.IGNORECASE)
# "By NAME for the Courier", "By NAME in Kelm": for whom and where, in words that few languages share.
_FOR_OR_IN = re.compile(
    r" (?:for|für|pour|para|per|voor|för|untuk|in|à|en) (?:(?:the|die|das|den|la|le|el|de|il) )?[^\W\d_a-zß-öø-ÿ][^,;]{1,40}$"
)
_BEHIND_LABELLED = re.compile(r"[|•·0-9]")
_BARS, _DOTS = re.compile(r"[|•·]"), re.compile("[•·]")
_HAN = re.compile("[\u3400-\u9fff]")
# "김철수 기자": identified as a reporter by the word after the name.
_KOREAN = re.compile("(?P<name>[\uac00-\ud7a3]{2,4}) ?(?:선임|수습|인턴|객원|전문)?(?:기자|특파원)(?![\uac00-\ud7a3])")
_NO_NAMES = re.compile(r"[|•·:!?]")
_SHORTEST_HAN, _SHORTEST_NAMES, _LONGEST_NAMES = 2, 3, 80
MAX_LINE = 110
_FEWEST_TOPICS = 2
_LONG_NAME = 4  # words; what is longer may be two names
_MAX_SIGN = 80
_SMALL = 3  # letters in words that any text has
_WEEKDAY_LETTERS = 12  # or "published"
_AND = frozenset({",", "&", "/", "and", "und", "et", "y", "e", "dan", "og", "och", "en", "i", "ve"})
_MOST_LISTED = 6
_LINES_ABOVE, _LINES_BELOW = 4, 8
_LINES_TO_BYLINE = 12
_WHOLE_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:[-'’][^\W\d_]+)*\.?(?: [^\W\d_]+(?:[-'’][^\W\d_]+)*\.?){1,3}")
_CLOCK_WORDS = frozenset("uhr stand h am pm at um on à às alle ore kl klo o a las".split())
_AGENCY_LINE = re.compile(
    r"[(\[]?(?P<name>[^\W\d_a-z][\w .-]{2,30}|dpa|epd|sid|sda|apa|kna|ots)(?:, [A-Z][A-Z .]+)?[)\]]?"
)
_MAX_PIECES = 1000  # in a page's text
MAX_BYLINE = 160
_MOST_BYLINES = 8
MAX_MARKED = 2000  # elements whose names suggest an author
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
    """People that the page shows as its authors and editors, and where."""

    source: str
    authors: tuple[Author, ...] = ()
    editors: tuple[str, ...] = ()


def read_byline_lines(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> PrintedPeople | None:
    """The first place on the page that names a person: marked elements, then lines of its text; None if none does."""
    return (
        _marked(tree, paper, vocabulary)
        or _loosely_marked(tree, paper, vocabulary)
        or _on_a_line(tree, paper, vocabulary)
        or _beside_headline(tree, paper, vocabulary)
    )


def is_signed_below_headline(tree: Tree, name: str, vocabulary: Vocabulary) -> bool:
    """Whether a line right below the headline says that somebody wrote the article ("By NAME", "By" over "NAME"); "":
    anybody.
    """
    return any(name in signed for signed in signed_lines(tree, vocabulary))


def signed_lines(tree: Tree, vocabulary: Vocabulary) -> Iterator[str]:
    """The writers according to each line right below the headline that names any: what follows "By", or the next line."""
    pieces = tree.pieces()
    for place in headline_places(tree):
        lines = pieces[place + 1 : place + 1 + _LINES_TO_BYLINE]
        for line, after in pairwise([*lines, ""]):
            signed = _signed(line, vocabulary)
            if signed is not None:
                yield signed[1] or after


def _signed(line: str, vocabulary: Vocabulary) -> tuple[bool, str] | None:
    """(whether a verb signs, the names) of a line that says who wrote the text; "" if they are on the next line; None
    for any other.
    """
    heads = vocabulary.signature_heads
    if len(line) > MAX_LINE:
        return None
    if heads is not None and line[:2] not in heads:
        is_dated = (
            len(line) <= _MAX_SIGN and line[-1:].isalpha() and any(map(str.isdigit, line))
        )  # "Updated 7 May by NAME"
        if not is_dated and (line.isascii() or not _HAN.search(line[:8])):
            return None
    signed = next(
        ((way, label) for way in _ways_to_read(line) if (label := vocabulary.signature(way)) is not None), None
    )
    if signed is None or is_desk(line, vocabulary):
        return None
    way, label = signed
    names = _BEHIND_NAMES.sub("", way[label.end :])
    shortest = _SHORTEST_HAN if _HAN.match(names) else _SHORTEST_NAMES
    if names and (not shortest <= len(names) <= _LONGEST_NAMES or _NO_NAMES.search(names)):
        return None
    return label.entry.is_verb, names


def _ways_to_read(line: str) -> Iterator[str]:
    """Readings of a line that may be signed: whole, without what follows the names, and each part beside a date or, in
    Chinese, a blank.
    """
    whole, line = line, without_pictures(line)
    yield line
    if whole != line:
        yield whole  # "Story and photos by NAME"
    if (names := _FOR_OR_IN.sub("", _BEHIND_NAMES.sub("", line))) != line:
        yield names
    if any(map(str.isdigit, line)):
        yield from (
            part.strip(" ,.-–—").removesuffix(" IN").removesuffix(" in") for part in _BARS.split(without_dates(line))
        )
    if _HAN.search(line):
        yield from (part for part in line.split() if ":" in part or "：" in part)


def _by(names: list[str], source: str) -> PrintedPeople:
    return PrintedPeople(source=source, authors=tuple(Author(name=name) for name in names))


def _marked(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> PrintedPeople | None:
    """Elements marked as the byline, before or in the text; the first marking that names people."""
    marked = _elements(tree.search(_ANY_BYLINE))
    is_answered = False  # by a standard's marking that names no person: a desk, the paper
    for selector in _BYLINES if marked else ():
        nodes = among(marked, selector)[:_MOST_BYLINES]
        open_to = [node for node in nodes if not (is_answered and node.css_first(_STANDARD))]
        found = _named_by(open_to, selector, paper, vocabulary)
        if found is None and selector in _STANDARDS and (alias := _pen_name(nodes, paper, vocabulary)):
            found = _by([alias], f"generic:{selector}")
        if found is not None:
            return found
        is_answered = is_answered or (selector == _STANDARD and bool(nodes))
    return None


def _loosely_marked(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> PrintedPeople | None:
    """Links to people's pages, and elements for journalists and writers: complete names only."""
    if found := _named_by(_author_links(tree, _MOST_BYLINES), _AUTHOR_LINKS, paper, vocabulary, is_loose=True):
        return found
    marked = _elements(tree.matching(_ANY_ROLE))
    for role in _ROLES if marked else ():
        if found := _named_by(among(marked, role)[:_MOST_BYLINES], role, paper, vocabulary, is_loose=True):
            return found
    return None


def _elements(found: list[Node]) -> list[tuple[Node, Mapping[str, str | None]]]:
    """The elements, among those that a walk found for a list of markings, that may be bylines, with their attributes."""
    return [(node, node.attributes) for node in found[:MAX_MARKED] if node.tag not in _NO_BYLINES]


def _named_by(
    nodes: list[Node], selector: str, paper: Paper, vocabulary: Vocabulary, *, is_loose: bool = False
) -> PrintedPeople | None:
    """The people in elements with one marking that are in the same place as the first one."""
    names: list[str] = []
    source = f"generic:{selector}"
    place: int | None = None  # where the first byline is; teasers of other articles have theirs elsewhere
    for node in nodes:
        text = prose(node) if len(node.text()) <= _MAX_RAW else ""
        if not text or len(text) > MAX_BYLINE:
            continue
        credit = parse_credit(text)
        if credit is not None and credit.authors:
            return PrintedPeople(source=source, authors=credit.authors, editors=credit.editors)
        here = [
            name
            for name in _people_of(node, text, vocabulary)
            if not paper.is_own(name) and (not is_loose or (" " in name and not name.islower()))
        ]
        if here and (place is None or place == _place(node)) and not _is_elsewhere(node):
            place = _place(node)
            names += here
    return _by(names[:6], source) if names else None


def _pen_name(nodes: list[Node], paper: Paper, vocabulary: Vocabulary) -> str | None:
    """The writer's pen name if the marking is a standard's: rel=author, microdata, hCard."""
    for node in nodes:
        text = prose(node) if len(node.text()) <= _MAX_RAW else ""
        if not is_pen_name(text) or paper.is_own(text) or is_nobody(text, vocabulary):
            continue
        if not _is_elsewhere(node):
            return text
    return None


def _people_of(node: Node, text: str, vocabulary: Vocabulary) -> list[str]:
    """The people in an element, whose markup may separate what reads as one line ("Ana Putri" over "Contact")."""
    if is_desk(text, vocabulary):
        return []
    head = _BEHIND_LABELLED.split(without_dates(text), maxsplit=1)[0].strip()
    label = vocabulary.signature(head)
    names = named(head[label.end :] if label is not None and head[label.end :] else text, vocabulary)
    parts = [part for line in node.text(separator="\n").split("\n") if (part := collapse(line))]
    if len(parts) >= _FEWEST_TOPICS and _are_topics(node, parts):
        return []
    if len(parts) < 2 or (names and fold(" ".join(parts)) == fold(names[0]) and len(names[0].split()) <= _LONG_NAME):
        return names
    if all(is_nobody(part, vocabulary) for part in parts):
        return []
    if not names or any(" " in part and is_person(part) for part in parts[:2]):
        return named(" | ".join(parts), vocabulary) or names
    return names


def _are_topics(node: Node, parts: list[str]) -> bool:
    """Whether an element contains only links of one word each: topics, not people."""
    links = [collapse(link.text()) for link in node.css("a")]
    return len(links) == len(parts) and not any(" " in link for link in links)


def marked_texts(tree: Tree) -> Iterator[tuple[str, str]]:
    """(line, where) of the elements marked as the byline, before they are read as names."""
    marked = _elements(tree.search(_ANY_BYLINE))
    for selector in _BYLINES if marked else ():
        for node in among(marked, selector)[:_MOST_BYLINES]:
            if 0 < len(node.text()) <= _MAX_RAW and len(prose(node)) <= MAX_LINE and not _is_elsewhere(node):
                yield from ((collapse(line), f"generic:{selector}") for line in node.text(separator="\n").split("\n"))


def _author_links(tree: Tree, most: int) -> list[Node]:
    """Links to people's pages that are not words within a paragraph."""
    found = (node for node, href in tree.links() if _AUTHOR_LINK.search(href))
    return [node for node in islice(found, most) if node.parent is None or len(node.parent.text()) <= _MAX_RAW_LINE]


def _on_a_line(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> PrintedPeople | None:
    """A line of the page's text that is only "By NAME" or "Autor: NAME"; not one of many that sign teasers."""
    texts = tree.pieces()[:_MAX_PIECES]
    heads = vocabulary.signature_heads
    first: tuple[int, list[str]] | None = None
    near = {number for place in headline_places(tree) for number in range(place + 1, place + 1 + _LINES_TO_BYLINE)}
    for number, line in enumerate(texts):
        signed = _signed(line, vocabulary) if heads is None or line[:2] in heads or number in near else None
        if signed is None:
            continue
        after = texts[number + 1] if number + 1 < len(texts) else ""
        is_signed, text = signed
        text = text or (_listed(texts, number + 1) if len(after) <= MAX_LINE else "")
        names = [name for name in named(text, vocabulary) if (is_signed or " " in name) and not name.islower()]
        names = [name for name in names[:4] if not paper.is_own(name)] if text[:1].isupper() or _HAN.match(text) else []
        if names and (is_signed or number in near):
            return _by(names, "generic:text")
        if names and first is None:
            first = (number, names)
        elif names and first is not None and names != first[1]:
            return None
    return _by(first[1], "generic:text") if first is not None else None


def _listed(texts: list[str], at: int) -> str:
    """The line at a position, and its continuations if the markup splits a list of names: "NAME", "and", "NAME"."""
    parts = texts[at : at + 1]
    while texts[at + 1 : at + 2] and texts[at + 1].lower() in _AND and len(parts) < 2 * _MOST_LISTED:
        parts += texts[at + 1 : at + 3]
        at += 2
    return " ".join(parts)


def _beside_headline(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> PrintedPeople | None:
    """A line right above or below the headline that is only a date and a name, or an agency's name."""
    pieces = tree.pieces()
    for place in headline_places(tree):
        start = max(0, place - _LINES_ABOVE)
        lines = pieces[start : place + _LINES_BELOW]
        for number, (before, line, after) in enumerate(zip(["", *lines], lines, [*lines[1:], ""], strict=False), start):
            if not 3 <= len(line) <= _MAX_SIGN:
                continue
            name = _beside_date(line, after, vocabulary) or _with_post(line, vocabulary)
            if name is not None and _DOTS.search(line):  # between them are also sections and topics
                name = _on_own_line(name, pieces, vocabulary)
            if name is None and number > place:
                further = pieces[number + 2] if is_post(after) and number + 2 < len(pieces) else after
                if _is_date(before, vocabulary) or _is_date(further, vocabulary):
                    name = _on_own_line(without_post(line), pieces, vocabulary)
            if name is not None and not paper.is_own(name):
                return _by([name], "generic:beside date")
            agency = _AGENCY_LINE.fullmatch(line)
            if agency is not None and is_agency(agency["name"]) and before[-1:] != ":":  # "Photo:", "Source:"
                return _by([agency["name"]], "generic:agency")
    return None


def _beside_date(line: str, after: str, vocabulary: Vocabulary) -> str | None:
    """The name on a line with a date ("4.2.2022 | 13:10 Uhr | NAME"), or before one from which a bar separates it."""
    if any(map(str.isdigit, line)):
        rest = without_dates(line) if parse_date(line, zone=UTC, calendar=vocabulary.calendar) else line
        parts = [
            part
            for each in _BARS.split(rest)
            if (part := each.strip(" ,.:;-–—/•·"))
            and part.lower() not in _CLOCK_WORDS
            and not is_nobody(part, vocabulary)
        ]
        is_dated = rest != line
    else:
        parts = [line.rstrip("\xa0 |•·–-")]
        is_dated = (
            line[-1] in "|•·–-"
            and after[:1].isdigit()
            and parse_date(after[:40], zone=UTC, calendar=vocabulary.calendar) is not None
        )
    names = named(parts[0], vocabulary) if is_dated and len(parts) == 1 and _WHOLE_NAME.fullmatch(parts[0]) else []
    return names[0] if len(names) == 1 else None


def _with_post(line: str, vocabulary: Vocabulary) -> str | None:
    """The name on a line with the person's position at the paper: "Anna Berg, Redakteurin"."""
    if korean := _KOREAN.match(line):
        return korean["name"]
    name, _, post = line.partition(", ")
    if not is_post(post) or _WHOLE_NAME.fullmatch(name) is None:
        return None
    names = named(name, vocabulary)
    return names[0] if len(names) == 1 else None


def _on_own_line(line: str, pieces: list[str], vocabulary: Vocabulary) -> str | None:
    """The name that is a whole line: anything but a writer's name would recur in the text."""
    names = named(line, vocabulary) if _WHOLE_NAME.fullmatch(line) else []
    words = [word for word in fold(line).split() if len(word) > _SMALL]
    if len(names) != 1 or fold(names[0]) != fold(line) or not words:
        return None
    signed = re.compile(rf"\b(?:von|by|par|por|oleh) {re.escape(fold(line))}")
    told = (signed.sub(" ", fold(piece)) for piece in pieces if len(piece) > _MAX_SIGN)
    return None if any(word in piece for piece in told for word in words) else names[0]


def _is_date(line: str, vocabulary: Vocabulary) -> bool:
    """Whether a line is only a date and a time."""
    if len(line) > _MAX_SIGN or not any(map(str.isdigit, line)):
        return False
    rest = beside_date(line, vocabulary.calendar)
    return rest is not None and sum(map(str.isalpha, rest)) <= _WEEKDAY_LETTERS


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
