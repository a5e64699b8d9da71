"""Lines above a text that only say who wrote it: dates, labels and posts beside the author's name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract.text.people import is_nobody, without_dates

if TYPE_CHECKING:
    from collections.abc import Collection

    from scraper.extract.structure.blocks import RawBlock
    from scraper.language import Vocabulary

MAX_BYLINE = 160  # characters
_MAX_LEFT = 34  # letters that a byline has beside names, dates and labels: a post, a place
_MIN_NAME = 3  # letters of a name that is no accident within a line
_MIN_SYLLABLES = 2  # of a Chinese one
_PARTS = re.compile(r"[|•·–—/\n]|\s-\s")
_ADDRESS = re.compile(r"(?<!\S)[^\s@]++@\S+|@\w+|https?://\S+|\bwww\.\S+")
_ENDS = ".!?…。！？"


def is_byline_of(block: RawBlock, people: Collection[str], vocabulary: Vocabulary) -> bool:
    """Whether a block says no more than who wrote the article and when: its authors' names, dates, labels, and hardly a word beside.

    `people` are those whom another source than the text names.
    """
    text = block.text
    if block.kind != "paragraph" or len(text) > MAX_BYLINE or (text[-1:] in _ENDS and " " in text[-12:-1]):
        return False
    rest = _without_names(text, people)
    if rest is None:
        return False
    rest = _ADDRESS.sub(" ", without_dates(rest))
    parts = [part.strip(" ,.:;()") for part in _PARTS.split(rest)]
    words = [part for part in parts if any(map(str.isalpha, part))]
    left = [part for part in words if not (is_nobody(part, vocabulary) or vocabulary.is_credit_part(part))]
    return sum(sum(map(str.isalpha, part)) for part in left) <= _MAX_LEFT


def _without_names(text: str, people: Collection[str]) -> str | None:
    """A text without the names; None if none of them stands in it."""
    rest, found = text, False
    for name in people:
        shortest = _MIN_NAME if name.isascii() else _MIN_SYLLABLES
        place = rest.lower().find(name.lower()) if len(name) >= shortest else -1
        end = place + len(name)
        if place >= 0 and not (name.isascii() and (rest[place - 1 : place].isalpha() or rest[end : end + 1].isalpha())):
            rest, found = f"{rest[:place]} | {rest[end:]}", True
    return rest if found else None
