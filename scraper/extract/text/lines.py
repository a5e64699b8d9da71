"""The blocks of a page as lines: which of them a rule recognises by their words, and where those are."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scraper.dates import beside_date
from scraper.extract.text.captions import is_caption
from scraper.extract.text.furniture import LONGEST_END, is_end, known_furniture
from scraper.extract.text.judge import KnownLine
from scraper.extract.text.related import is_related_block, known_label
from scraper.text import fold, word_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.structure.blocks import RawBlock
    from scraper.language import Calendar, Vocabulary
    from scraper.language.line_patterns import LineRules

LONGEST_DATE_LINE = 70
_HEAD = 30  # blocks
# Items that are sub-headings: how many, and what share of the items near the beginning.
MIN_CONTENTS, MOST_CONTENTS = 2, 0.7
_DIGITS = re.compile(r"\d\d|\d[./]")  # what every printed date has


@dataclass(slots=True, kw_only=True)
class PageLines:
    """What the blocks of a page are judged by; `known` and `behind` have one entry per block, by its place."""

    blocks: Sequence[RawBlock]
    base_url: str | None
    title: str
    standfirst: frozenset[str]
    site_lines: LineRules[bool] | None
    vocabulary: Vocabulary
    known: list[KnownLine | None] = field(init=False)  # the rule that recognises it by its words alone
    behind: list[int] = field(init=False)  # how many blocks after it no rule recognises

    def __post_init__(self) -> None:
        hints = self.vocabulary.furniture.hints_in("\n".join([block.text for block in self.blocks]))
        self.known = [_known_line(block, self.vocabulary, hints) for block in self.blocks]
        for place in _contents(self.blocks):
            if place and self.known[place - 1] is not None:  # "Daftar Isi", or an item that is removed
                self.known[place] = KnownLine("contents")
        self.behind = []
        count = 0
        for known in reversed(self.known):
            self.behind.append(count)
            count += known is None
        self.behind.reverse()

    def is_beside(self, place: int) -> bool:
        """Whether a line that a rule recognises is right above or below a block."""
        return (place > 0 and self.known[place - 1] is not None) or (
            place + 1 < len(self.known) and self.known[place + 1] is not None
        )

    def heads_nothing(self, place: int) -> bool:
        """Whether a block is a heading right above a line of the paper's, a link to another article, or another
        heading.
        """
        if self.blocks[place].kind != "subheading" or place + 1 == len(self.blocks):
            return False
        below = self.blocks[place + 1]
        is_gone = below.number > self.blocks[place].number + 1  # what was below were links, which were removed
        is_known = self.known[place + 1] is not None or is_related_block(below, self.vocabulary)
        return is_gone or below.kind == "subheading" or is_known

    def words_behind(self, place: int) -> int:
        """Words in the text after a block."""
        return sum(word_count(block.text) for block in self.blocks[place + 1 :])


def _contents(blocks: Sequence[RawBlock]) -> list[int]:
    """The places of list items near the beginning that are the text's own sub-headings: below a heading that says so, a
    table of contents.
    """
    items = [place for place, block in enumerate(blocks[:_HEAD]) if block.kind == "list_item"]
    if len(items) < MIN_CONTENTS:
        return []
    headings = {
        fold(block.text)
        for block in blocks
        if block.kind == "subheading" or (block.kind == "paragraph" and block.bold == block.text)
    }
    found = [place for place in items if fold(blocks[place].text) in headings]
    return found if len(found) >= max(MIN_CONTENTS, MOST_CONTENTS * len(items)) else []


def _known_line(block: RawBlock, vocabulary: Vocabulary, hints: tuple[str, ...]) -> KnownLine | None:
    """The rule that recognises a block by its words; None for text, and for what only its place or its links show."""
    text = block.text
    length = len(text)
    if length <= LONGEST_END and is_end(text, vocabulary):
        return KnownLine("end")
    known = known_furniture(text, vocabulary, hints) or (None if block.links else known_label(text, vocabulary))
    if known is not None:
        return known
    if block.kind == "paragraph" and is_caption(text, vocabulary):
        return KnownLine("caption", is_caption=True)
    is_date = length <= LONGEST_DATE_LINE and is_date_line(text, vocabulary.calendar)
    return KnownLine("date", is_short=True) if is_date else None


def is_date_line(text: str, calendar: Calendar, *, is_head: bool = False) -> bool:
    """Whether a block is only a date and perhaps a label ("Stand: 08.07.2026 05:00 Uhr"), or a counter above the text."""
    rest = beside_date(text, calendar) if len(text) <= LONGEST_DATE_LINE and _DIGITS.search(text) else None
    if rest is None:
        return False
    words = [word for word in rest.split() if not is_head or any(map(str.isalpha, word))]
    return sum(map(str.isalpha, rest)) <= 16 and len(words) <= 3
