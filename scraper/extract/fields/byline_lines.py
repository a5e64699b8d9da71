"""Who wrote the article, by the page's lines: a line that signs the text ("By NAME"), or one next to the headline with
its date.
"""

from __future__ import annotations

import re
from datetime import UTC
from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.dates import beside_date, parse_date
from scraper.extract.fields.marked_bylines import MAX_LINE, MAX_NAMES, PrintedPeople, byline_of
from scraper.extract.structure.headline_lines import headline_places
from scraper.extract.text.people import (
    is_agency,
    is_desk,
    is_nobody,
    is_post,
    people_named,
    without_dates,
    without_pictures,
)
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.sources.paper import Paper
    from scraper.html import Tree
    from scraper.language import Vocabulary

# What may follow the names on a signed line: a date, a handle, a bar and whatever comes after it.
_BEHIND_NAMES = re.compile(r"(?:(?:(?<!\s)\s++)?[|•·@].*|,? (?:am|on|vom|den|at|le|el) .*)$", re.IGNORECASE)
# "By NAME for the Courier", "By NAME in Kelm": for whom and where, in words that few languages share. Such lines are common
# in agency copy; on the pages with truth other sources name the same people.
_FOR_OR_IN = re.compile(
    r" (?:for|für|pour|para|per|voor|för|untuk|in|à|en) (?:(?:the|die|das|den|la|le|el|de|il) )?[^\W\d_a-zß-öø-ÿ][^,;]{1,40}$"
)
_BARS, _DOTS = re.compile(r"[|•·]"), re.compile("[•·]")
_HAN = re.compile("[\u3400-\u9fff]")
# "김철수 기자": identified as a reporter by the word after the name.
_KOREAN = re.compile("(?P<name>[\uac00-\ud7a3]{2,4}) ?(?:선임|수습|인턴|객원|전문)?(?:기자|특파원)(?![\uac00-\ud7a3])")
_NO_NAMES = re.compile(r"[|•·:!?]")
_SHORTEST_HAN, _SHORTEST_NAMES, _LONGEST_NAMES = 2, 3, 80
_MAX_SIGN = 80
_SMALL = 3  # letters in words that any text has
_WEEKDAY_LETTERS = 12  # or "published"
_AND = frozenset({",", "&", "/", "and", "und", "et", "y", "e", "dan", "og", "och", "en", "i", "ve"})
LINES_ABOVE, _LINES_BELOW = 4, 8
LINES_TO_BYLINE = 12
_WHOLE_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:[-'’][^\W\d_]+)*\.?(?: [^\W\d_]+(?:[-'’][^\W\d_]+)*\.?){1,3}")
_CLOCK_WORDS = frozenset("uhr stand h am pm at um on à às alle ore kl klo o a las".split())
_AGENCY_LINE = re.compile(
    r"[(\[]?(?P<name>[^\W\d_a-z][\w .-]{2,30}|dpa|epd|sid|sda|apa|kna|ots)(?:, [A-Z][A-Z .]+)?[)\]]?"
)
_MAX_PIECES = 1000  # in a page's text


def line_people(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> Iterator[PrintedPeople]:
    """The people of the first line below the headline that signs the text, or else of a line next to the headline."""
    if found := _signed_below(tree, paper, vocabulary) or _beside_headline(tree, paper, vocabulary):
        yield found


def is_signed_below_headline(tree: Tree, name: str, vocabulary: Vocabulary) -> bool:
    """Whether a line right below the headline says that somebody wrote the article ("By NAME", "By" over "NAME"); "":
    anybody.
    """
    return any(name in signed for signed in signed_lines(tree, vocabulary))


def signed_lines(tree: Tree, vocabulary: Vocabulary) -> Iterator[str]:
    """The writers according to each line right below the headline that names any: what follows "By", or the next line."""
    pieces = tree.pieces()
    for place in headline_places(tree):
        lines = pieces[place + 1 : place + 1 + LINES_TO_BYLINE]
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


def _signed_below(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> PrintedPeople | None:
    """The people of the first line below the headline that says who wrote the article; one name is enough."""
    pieces = tree.pieces()
    for place in headline_places(tree):
        for number in range(place + 1, min(place + 1 + LINES_TO_BYLINE, len(pieces))):
            signed = _signed(pieces[number], vocabulary)
            if signed is None:
                continue
            text = signed[1] or _listed(pieces, number + 1)
            found = people_named(text, vocabulary) if _is_line(text) else []
            names = [name for name in found if not (paper.is_own(name) or name.islower())]
            if names:
                return byline_of(names, "generic:text", "signed by verb" if signed[0] else "signed")
    return None


def _is_line(text: str) -> bool:
    """Whether the text after "By" can consist of names alone."""
    return len(text) <= MAX_LINE and (text[:1].isupper() or _HAN.match(text) is not None)


def people_on_a_line(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> PrintedPeople | None:
    """A line of the page's text that is only "By NAME" or "Autor: NAME"; not one of many that sign teasers."""
    texts = tree.pieces()[:_MAX_PIECES]
    heads = vocabulary.signature_heads
    first: tuple[int, list[str]] | None = None
    near = {number for place in headline_places(tree) for number in range(place + 1, place + 1 + LINES_TO_BYLINE)}
    for number, line in enumerate(texts):
        signed = _signed(line, vocabulary) if heads is None or line[:2] in heads or number in near else None
        if signed is None:
            continue
        after = texts[number + 1] if number + 1 < len(texts) else ""
        is_signed, text = signed
        text = text or (_listed(texts, number + 1) if len(after) <= MAX_LINE else "")
        names = [name for name in people_named(text, vocabulary) if (is_signed or " " in name) and not name.islower()]
        names = (
            [name for name in names[:MAX_NAMES] if not paper.is_own(name)]
            if text[:1].isupper() or _HAN.match(text)
            else []
        )
        if names and (is_signed or number in near):
            return byline_of(names, "generic:text", "on a line")
        if names and first is None:
            first = (number, names)
        elif names and first is not None and names != first[1]:
            return None
    return byline_of(first[1], "generic:text", "on a line") if first is not None else None


def _listed(texts: list[str], at: int) -> str:
    """The line at a position, and its continuations if the markup splits a list of names: "NAME", "and", "NAME"."""
    parts = texts[at : at + 1]
    while texts[at + 1 : at + 2] and texts[at + 1].lower() in _AND and len(parts) < 2 * MAX_NAMES:
        parts += texts[at + 1 : at + 3]
        at += 2
    return " ".join(parts)


def _beside_headline(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> PrintedPeople | None:
    """A line right above or below the headline that is only a date and a name, or an agency's name."""
    pieces = tree.pieces()
    for place in headline_places(tree):
        start = max(0, place - LINES_ABOVE)
        lines = pieces[start : place + _LINES_BELOW]
        for number, (before, line, after) in enumerate(zip(["", *lines], lines, [*lines[1:], ""], strict=False), start):
            if not 3 <= len(line) <= _MAX_SIGN:
                continue
            korean = _KOREAN.match(line)
            name = korean["name"] if korean else _beside_date(line, after, vocabulary)
            if name is not None and _DOTS.search(line):  # between them are also sections and topics
                name = _on_own_line(name, pieces, vocabulary)
            if name is None and number > place:
                further = pieces[number + 2] if is_post(after) and number + 2 < len(pieces) else after
                if is_date(before, vocabulary) or is_date(further, vocabulary):
                    name = _on_own_line(line, pieces, vocabulary)
            if name is not None and not paper.is_own(name):
                return byline_of([name], "generic:beside date", "beside date")
            agency = _AGENCY_LINE.fullmatch(line)
            if agency is not None and is_agency(agency["name"]) and before[-1:] != ":":  # "Photo:", "Source:"
                return byline_of([agency["name"]], "generic:agency", "agency")
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
    names = (
        people_named(parts[0], vocabulary) if is_dated and len(parts) == 1 and _WHOLE_NAME.fullmatch(parts[0]) else []
    )
    return names[0] if len(names) == 1 else None


def _on_own_line(line: str, pieces: list[str], vocabulary: Vocabulary) -> str | None:
    """The name that is a whole line: anything but a writer's name would recur in the text."""
    names = people_named(line, vocabulary) if _WHOLE_NAME.fullmatch(line) else []
    words = [word for word in fold(line).split() if len(word) > _SMALL]
    if len(names) != 1 or fold(names[0]) != fold(line) or not words:
        return None
    signed = re.compile(rf"\b(?:von|by|par|por|oleh) {re.escape(fold(line))}")
    told = (signed.sub(" ", fold(piece)) for piece in pieces if len(piece) > _MAX_SIGN)
    return None if any(word in piece for piece in told for word in words) else names[0]


def is_date(line: str, vocabulary: Vocabulary) -> bool:
    """Whether a line is only a date and a time."""
    if len(line) > _MAX_SIGN or not any(map(str.isdigit, line)):
        return False
    rest = beside_date(line, vocabulary.calendar)
    return rest is not None and sum(map(str.isalpha, rest)) <= _WEEKDAY_LETTERS
