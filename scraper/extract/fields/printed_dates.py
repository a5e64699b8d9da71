"""The dates that a page prints beside its headline, and what its data says against them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from scraper.dates import beside_date, parse_date
from scraper.extract.fields.clock import LINES_ABOVE, MAX_DATE_LINE
from scraper.extract.structure.headline_lines import headline_places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    from scraper.dates import Moment
    from scraper.html import Tree
    from scraper.language import Vocabulary

BESIDE, CHANGED = "generic:beside headline", "generic:updated beside headline"
_MAX_PRINTED, _DAYS_APART = 3, timedelta(days=1, hours=14)  # of printed lines; what zones may account for
_MAX_BESIDE = 30  # letters beside the date
_LINES_BELOW = 8
DATE_HINT = re.compile(r"\d")


def beside_headline(tree: Tree, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """(line, provenance) of the lines right below or above the headline that are a date and hardly more, and not that of a change."""
    return ((line, BESIDE) for line, is_change in _date_lines(tree, vocabulary) if not is_change)


def changed_beside_headline(tree: Tree, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """(line, provenance) of those below a label that says that they are the day of a change: better than a date from elsewhere."""
    return ((line, CHANGED) for line, is_change in _date_lines(tree, vocabulary) if is_change)


def _date_lines(tree: Tree, vocabulary: Vocabulary) -> Iterator[tuple[str, bool]]:
    """(line, whether the line before it says "updated") of the date lines beside the headline."""
    pieces = tree.pieces()
    for place in headline_places(tree):
        below, above = range(place + 1, place + 1 + _LINES_BELOW), range(max(0, place - LINES_ABOVE), place)
        for number in (*below, *above):
            line = pieces[number] if number < len(pieces) else ""
            if _is_date_line(line, vocabulary):
                yield line, _is_label_of_change(pieces[number - 1], vocabulary)


def _is_label_of_change(line: str, vocabulary: Vocabulary) -> bool:
    """Whether the line before a date is nothing but its label, which says that it is that of a change ("Last updated:")."""
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
    """(moment, line) that the page prints beside its headline where that is neither its data's publication nor its change.

    The moment is None where several days are printed. None if the page prints no date there, or one that the data has, in
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
