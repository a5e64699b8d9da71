"""Who signs a text above it: names that stand alone on a line and are told from a sub-heading by what the text says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract.names import is_person, people_in
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.records import Block

_WORD = re.compile(r"[^\W\d_]+")
_BETWEEN = re.compile(r"[\s/&]+")
_FEWEST, _MOST = 2, 6  # words of the names
_ABOVE = 3  # blocks; a standfirst may stand above the names
_STANDFIRST = 200  # characters
_SMALL = 3  # letters of words that any text has ("de", "van")


def names_above(body: Sequence[Block], headline: str) -> tuple[int, tuple[str, ...]] | None:
    """(place, names) of a line of names above a text; None if there is none.

    A sub-heading says what its text is about, so at least one of its words comes again there or in the headline;
    who wrote a story is not in it.
    """
    for place, block in enumerate(body[:_ABOVE]):
        if block.kind == "subheading" and (names := _names_alone(block.text)):
            about = " ".join([headline, *(each.text for each in body if each is not block)])
            told = set(_WORD.findall(fold(about)))
            mine = {word for word in _WORD.findall(fold(block.text)) if len(word) > _SMALL}
            return (place, names) if mine and mine.isdisjoint(told) else None
        if len(block.text) > _STANDFIRST:
            return None
    return None


def _names_alone(text: str) -> tuple[str, ...]:
    words = [word for word in _BETWEEN.split(text) if word]
    is_name = _FEWEST <= len(words) <= _MOST and all(
        word[0].isupper() and word.strip("'’.-").isalpha() for word in words
    )
    names = people_in(text) if is_name else ()
    return names if names and all(" " in name and is_person(name) for name in names) else ()
