"""A comparison of two texts sentence by sentence, for reading: within the text, or side by side. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.worddiff import Edit, Op

KEPT = 1  # unchanged sentences shown on each side of a change
_END = re.compile(r"(?<=[.!?…])[\"”’»)]*\s+|\n+")


class Piece(NamedTuple):
    """Words of a sentence that are in both versions, or only in one."""

    op: Op
    text: str


@dataclass(slots=True)
class Sentence:
    """A sentence with its removed and added words, or several that changed together; `opens` a paragraph."""

    pieces: list[Piece] = field(default_factory=list)
    opens: bool = False

    @property
    def is_changed(self) -> bool:
        return any(piece.op != "same" for piece in self.pieces)

    def side(self, other: Op) -> list[Piece]:
        """One version of it, without what is only in the other ("in": the earlier version)."""
        return [piece for piece in self.pieces if piece.op != other]


@dataclass(slots=True)
class Stretch:
    """Sentences shown one after the other; a `folded` one has not changed and is not near a change."""

    sentences: list[Sentence]
    folded: bool


def sentences(edits: Iterable[Edit]) -> list[Sentence]:
    """The text, cut where a sentence or paragraph ends in both versions, or after text that was added or removed as a
    whole.
    """
    found = [Sentence(opens=True)]
    for edit in edits:
        if edit.op == "same":
            for text, ends, opens in _cut(edit.text):
                found[-1].pieces.append(Piece("same", text))
                if ends:
                    found.append(Sentence(opens=opens))
        else:
            found[-1].pieces.append(Piece(edit.op, edit.text))
            whole = found[-1].pieces[0].op != "same"  # it begins with added or removed text
            if whole and edit.op == "in" and _END.search(edit.text[-3:]):
                found.append(Sentence(opens="\n" in edit.text[-3:]))
    kept = [each for each in found if any(piece.text.strip() for piece in each.pieces)]
    for each in kept:
        each.pieces[-1] = Piece(each.pieces[-1].op, each.pieces[-1].text.rstrip())
    return kept


def stretches(found: Sequence[Sentence]) -> list[Stretch]:
    """The sentences in order; those far from any change are folded together."""
    near = {at + step for at, each in enumerate(found) if each.is_changed for step in range(-KEPT, KEPT + 1)}
    listed: list[Stretch] = []
    for at, each in enumerate(found):
        folded = at not in near
        if listed and listed[-1].folded == folded:
            listed[-1].sentences.append(each)
        else:
            listed.append(Stretch([each], folded))
    return listed


def _cut(text: str) -> Iterable[tuple[str, bool, bool]]:
    """(sentence with the space after it, whether it ends there, whether a paragraph starts after it)."""
    start = 0
    for match in _END.finditer(text):
        yield text[start : match.end()], True, "\n" in match[0]
        start = match.end()
    if start < len(text):
        yield text[start:], False, False
