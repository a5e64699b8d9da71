"""Who wrote the article: the most likely of all bylines on the page.

The weight of each sign is in bylines.toml; `python -m benchmarks.bylines` fits the weights to pages with known truth.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple

from scraper.extract.fields.byline_lines import LINES_ABOVE, LINES_TO_BYLINE, is_date, line_people, people_on_a_line
from scraper.extract.fields.marked_bylines import marked_people
from scraper.extract.structure.headline_lines import headline_places
from scraper.extract.text.people import is_person, is_post
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scraper.extract.fields.marked_bylines import PrintedPeople
    from scraper.extract.sources.paper import Paper
    from scraper.html import Tree
    from scraper.language import Vocabulary

MOST_RANKED = 3
_FIRST, _NEAR = 2, 6  # lines below the headline
_LABEL = 25  # letters of a line that is nothing but "Written by"
_SOME, _MANY = 2, 6  # times that a name is printed
_MOST_COUNTED = 4  # ways, names, words; more make no difference
_AROUND_NAME = " ,.|·•"
# Kinds that always occur together count as one way: a class name that contains another, a line that signs.
_WAYS = {
    "class name": "class", "class word": "class", "class byline": "class", "class author": "class", "pen name": "class",
    "signed": "line", "signed by verb": "line",
}  # fmt: skip
Names = frozenset[str]


@dataclass(slots=True)
class BylineCandidate:
    """The people named alike in one or several places of a page, with the signs that they are its authors."""

    people: PrintedPeople
    names: Names
    kinds: set[str]
    signs: set[str] = field(default_factory=set)


class RankedByline(NamedTuple):
    """A byline with the sum of its signs, and its probability among the page's bylines."""

    byline: BylineCandidate
    score: float
    chance: float

    def reasons(self) -> str:
        """Its signs with their weights, the strongest first."""
        told = [(sign, weight) for sign in self.byline.signs if (weight := byline_weights().get(sign, 0.0))]
        return ", ".join(f"{sign} {weight:+.2f}" for sign, weight in sorted(told, key=lambda each: -abs(each[1])))


@cache
def byline_weights() -> Mapping[str, float]:
    """Sign → its weight for (or, below 0, against) a byline being the article's."""
    text = resources.files("scraper").joinpath("extract/fields/bylines.toml").read_text("utf-8")
    return {sign: row["weight"] for sign, row in tomllib.loads(text).items()}


def rank_bylines(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> tuple[RankedByline, ...]:
    """The bylines that a page prints, the most likely first; () if it names nobody."""
    found = bylines(tree, paper, vocabulary)
    if len(found) == 1:
        return (RankedByline(found[0], 0.0, 1.0),)
    known = byline_weights()
    add_signs(found, tree, vocabulary)
    # fsum, because the order of signs in a set differs between processes, but the sum must not.
    scored = [(math.fsum(known.get(sign, 0.0) for sign in each.signs), each) for each in found]
    scored.sort(key=lambda pair: -pair[0])
    total = sum(math.exp(score - scored[0][0]) for score, _ in scored)
    return tuple(
        RankedByline(each, score, math.exp(score - scored[0][0]) / total) for score, each in scored[:MOST_RANKED]
    )


def bylines(tree: Tree, paper: Paper, vocabulary: Vocabulary) -> list[BylineCandidate]:
    """Everything that a page shows as its authors, still without signs; places that name the same people become one
    byline.
    """
    found: dict[Names, BylineCandidate] = {}
    for read in (marked_people, line_people):
        for people in read(tree, paper, vocabulary):
            names = frozenset(fold(author.name) for author in people.authors)
            found.setdefault(names, BylineCandidate(people, names, set())).kinds.add(people.kind)
    line = None if found else people_on_a_line(tree, paper, vocabulary)
    return [*found.values()] if line is None else [BylineCandidate(line, frozenset(), {line.kind})]


def add_signs(found: Sequence[BylineCandidate], tree: Tree, vocabulary: Vocabulary) -> None:
    """Give each byline its signs."""
    near = _Near(tree, vocabulary)
    for byline in found:
        ways = len({_WAYS.get(kind, kind) for kind in byline.kinds})
        byline.signs.update(byline.kinds, (f"ways {min(ways, _MOST_COUNTED)}",))
        byline.signs.update(_form(byline), near.signs_of(byline), _against(byline.names, found))


def _form(byline: BylineCandidate) -> Iterator[str]:
    names = [author.name for author in byline.people.authors]
    yield f"names {min(len(names), _MOST_COUNTED)}"
    yield f"words {min(len(names[0].split()), _MOST_COUNTED)}"
    if any(len(name.split()) >= _MOST_COUNTED for name in names):
        yield "long name"
    if any(map(is_post, names)):
        yield "a post"
    if not all(map(is_person, names)):
        yield "no person"
    if names[0].islower():
        yield "small letters"


def _against(names: Names, found: Sequence[BylineCandidate]) -> Iterator[str]:
    """Signs that compare a byline with the page's others."""
    for other in (each.names for each in found if each.names != names):
        if names < other:
            yield "part of another"
        elif names > other:
            yield "holds another"
        elif names & other:
            yield "shares with another"


class _Near:
    """The lines around a page's headline, where most bylines stand."""

    def __init__(self, tree: Tree, vocabulary: Vocabulary) -> None:
        self._pieces, self._words, self._vocabulary = tree.pieces(), tree.words(), vocabulary
        self._lines: dict[int, tuple[int, str]] = {}  # number → (how far from the headline, folded line)
        for place in headline_places(tree):
            for number in range(max(0, place - LINES_ABOVE), min(len(self._pieces), place + 1 + LINES_TO_BYLINE)):
                self._lines[number] = number - place, fold(self._pieces[number])

    def signs_of(self, byline: BylineCandidate) -> Iterator[str]:
        """Signs of where the first name is, and of what is next to it."""
        name = byline.people.authors[0].name
        count = self._words.count(name)
        yield "named often" if count > _MANY else "named again" if count > _SOME else "named once"
        yield f"lines {min(self._pieces.count(name), 3)}"
        folded = fold(name)
        at = [(distance < 0, distance, number) for number, (distance, line) in self._lines.items() if folded in line]
        if not at:
            yield "elsewhere"
            return
        _, distance, number = min(at)
        where = "above" if distance < 0 else "first" if distance <= _FIRST else "near" if distance <= _NEAR else "below"
        yield where
        before = self._pieces[number - 1] if number else ""
        after = self._pieces[number + 1] if number + 1 < len(self._pieces) else ""
        signature = self._vocabulary.signature
        if signature(self._pieces[number]) is not None or (len(before) <= _LABEL and signature(before) is not None):
            yield "signed line"
            yield f"signed line, {where}"
        if any(self._lines[each][1].strip(_AROUND_NAME) == folded for _, _, each in at):
            yield "alone"
            yield f"alone, {where}"
        if is_date(after, self._vocabulary) or is_date(before, self._vocabulary):
            yield "beside a date"
        if is_post(after):
            yield "above a post"
