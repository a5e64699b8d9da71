"""The dates that a page prints beside its headline, and what in its data contradicts them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from scraper.dates import beside_date, parse_date
from scraper.extract.fields.printed_clock import LINES_ABOVE, MAX_DATE_LINE
from scraper.extract.structure.headline_lines import headline_places
from scraper.language import small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from scraper.dates import Moment
    from scraper.html import Tree
    from scraper.language import Vocabulary

BESIDE, CHANGED = "generic:beside headline", "generic:updated beside headline"
# Number of printed lines; difference that zones may account for.
_MAX_PRINTED, _DAYS_APART = 3, timedelta(days=1, hours=14)
_MAX_BESIDE = 30  # letters beside the date
_LINES_BELOW = 8
_MAX_BETWEEN = 600  # characters: a standfirst, but no more of a text
_MAX_TWO_DATES = 160  # characters in a line with the publication and the change
_MAX_PART, _PARTS = (
    12,
    5,
)  # characters in a day, month or year in its own element; elements, with signs between them
_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY_AND_WORD = re.compile(r"\d{1,2}\.? [^\W\d_]{3,9}\.?,?|[^\W\d_]{3,9}\.? \d{1,2},?")
DATE_HINT = re.compile(r"\d")


def beside_headline(tree: Tree, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """(line, provenance) of the lines right below or above the headline that are hardly more than a date, and not that
    of a change.
    """
    return ((line, BESIDE) for line, is_change in _date_lines(tree, vocabulary) if not is_change)


def changed_beside_headline(tree: Tree, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """(line, provenance) of those below a label of change: better than a date from elsewhere."""
    return ((line, CHANGED) for line, is_change in _date_lines(tree, vocabulary) if is_change)


def is_beside_headline(tree: Tree, line: str) -> bool:
    """Whether a line is one of those right below or above the headline."""
    return any(line == pieces_line for _, pieces_line in _beside(tree))


def part_of_publication(line: str, vocabulary: Vocabulary) -> str | None:
    """The part of a line with two dates, in lower case, that begins with the label of the publication: "Updated 9 May,
    first published 7 May".

    None if it has no such label, or no date between the labels: "Date of change: 9 May" has one.
    """
    changes = vocabulary.updated.places(line)
    if not changes:
        return None
    lower = small(line)
    for place in vocabulary.published.places(line):
        between = lower[min(place, changes[0]) : max(place, changes[0])]
        if DATE_HINT.search(between):
            return lower[place:]
    return None


def _beside(tree: Tree) -> Iterator[tuple[int, str]]:
    """(number, line) of the lines right below the headline, unless a whole text is in between, and right above it."""
    pieces = tree.pieces()
    for place in headline_places(tree):
        length = 0
        for number in range(place + 1, min(len(pieces), place + 1 + _LINES_BELOW)):
            if length > _MAX_BETWEEN:
                break
            yield number, pieces[number]
            length += len(pieces[number])
        yield from ((number, pieces[number]) for number in range(max(0, place - LINES_ABOVE), place))


def _date_lines(tree: Tree, vocabulary: Vocabulary) -> Iterator[tuple[str, bool]]:
    """(line, whether the line before it says "updated") of the date lines beside the headline."""
    pieces = tree.pieces()
    for number, piece in _beside(tree):
        if len(piece) > _MAX_TWO_DATES:
            continue
        line = part_of_publication(piece, vocabulary) if DATE_HINT.search(piece) else None
        line = line or _joined(pieces, number, vocabulary) or piece
        if _is_date_line(line, vocabulary):
            yield line, _is_label_of_change(pieces[number - 1], vocabulary)


def _joined(pieces: list[str], number: int, vocabulary: Vocabulary) -> str | None:
    """A date whose day, month and year are in separate elements, starting at the first of them; None if a line is not
    such a part.
    """
    first = pieces[number]
    if len(first) > _MAX_PART or _YEAR.search(first):
        return None
    if not (
        first.isdigit() or small(first).rstrip(".,") in vocabulary.calendar.months or _DAY_AND_WORD.fullmatch(first)
    ):
        return None
    parts = [first]
    for piece in pieces[number + 1 : number + _PARTS]:
        if len(piece) > _MAX_PART:
            return None
        parts.append(piece)
        if _YEAR.fullmatch(piece.strip(" ,.")):
            return " ".join(parts).replace(" ,", ",")
    return None


def _is_label_of_change(line: str, vocabulary: Vocabulary) -> bool:
    """Whether the line before a date is only its label and says that the date is that of a change ("Last updated:")."""
    return len(line) <= _MAX_BESIDE and bool(vocabulary.updated.find(line)) and not any(map(str.isdigit, line))


def _is_date_line(line: str, vocabulary: Vocabulary) -> bool:
    """Whether a line is a date with a word or two ("Stand: 28.04.2020 18:00 Uhr")."""
    if len(line) > MAX_DATE_LINE or not DATE_HINT.search(line) or "©" in line:
        return False
    if vocabulary.updated.find(line) or vocabulary.events.find(line):
        return False
    rest = beside_date(line, vocabulary.calendar)
    return rest is not None and sum(map(str.isalpha, rest)) <= _MAX_BESIDE


def otherwise_printed(
    told: datetime, changed: datetime | None, tree: Tree, vocabulary: Vocabulary, *, zone: tzinfo, day_first: bool
) -> tuple[Moment | None, str] | None:
    """(moment, line) that the page prints beside its headline if it is neither its data's publication nor its change.

    The moment is None if several days are printed. None if the page prints no date there, or one that the data has, in
    either order of day and month.
    """
    found: list[tuple[Moment, str]] = []
    for line, _ in islice(beside_headline(tree, vocabulary), _MAX_PRINTED):
        for order in (day_first, not day_first):
            moment = parse_date(line, zone=UTC, day_first=order, calendar=vocabulary.calendar)
            if moment is None:
                break
            if any(abs(moment.value - each) <= _DAYS_APART for each in (told, changed) if each is not None):
                return None
        own = parse_date(line, zone=zone, day_first=day_first, calendar=vocabulary.calendar)
        if own is not None:
            found.append((own, line))
    if not found:
        return None
    is_one = len({moment.value.date() for moment, _ in found}) == 1
    best = next((pair for pair in found if pair[0].has_time), found[0])
    return (best[0] if is_one else None), best[1]
