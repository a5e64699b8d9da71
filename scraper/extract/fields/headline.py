"""The headline: of all the texts that may be it, the one with the most evidence.

The weights of the signs are in headline.toml: `python -m benchmarks.headline` fits them on pages with known truth.
"""

from __future__ import annotations

import math
import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from scraper.extract.fields.title_rules import by_rule
from scraper.extract.fields.titles import Candidate, Titles
from scraper.text import fold, word_count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Tree

_WORD = re.compile(r"\w+")
_MOST, _SOME, _FEW = 0.8, 0.5, 0.2  # shares of words in common
_LONG, _VERY_LONG = 18, 30  # words
_SMALL = 3  # letters in words that any text has
_ONLY_A_WORD = 2  # with this few words or fewer it may be the name of the site or of a section
_MIN_ADDRESS = 3  # words in an address that describes its article
_MIN_WITHIN = 10  # letters in a text whose occurrence in another is not an accident
_TORN = "-–—|:•·*,;"  # signs with which a headline neither begins nor ends
_DATA = ("json-ld", "og", "title")
# How a text is printed, in which case its other signs count as much as its place does.
_PLACES = (
    "h1 only", "h1 first", "h1 later", "h2 first", "h2 later", "h3",
    "h1 last lines", "h2 last lines", "h1 first line", "h2 first line",
)  # fmt: skip
_SURE = frozenset(  # Rules supported by two places on the page.
    {"titled", "agreeing", "printed below", "going on", "title part", "agreeing below"}
)
MOST_RANKED = 3
UNLIKELY = 0.5  # probability below which a headline is unsure: see docs/extraction.md
Words = frozenset[str]


class Ranked(NamedTuple):
    """A candidate with the sum of its signs, and its probability among the page's."""

    candidate: Candidate
    score: float
    chance: float

    def reasons(self) -> str:
        """Its signs with their weights, the strongest first."""
        told = [(sign, weight) for sign in self.candidate.signs if (weight := headline_weights().get(sign, 0.0))]
        return ", ".join(f"{sign} {weight:+.2f}" for sign, weight in sorted(told, key=lambda each: -abs(each[1])))


@cache
def headline_weights() -> Mapping[str, float]:
    """Sign → how much it says for (or, below 0, against) a text being the headline."""
    text = resources.files("scraper").joinpath("extract/fields/headline.toml").read_text("utf-8")
    return {sign: row["weight"] for sign, row in tomllib.loads(text).items()}


def rank_headlines(tree: Tree, metadata: PageMetadata, url: str | None) -> tuple[Ranked, ...]:
    """The likeliest headlines on a page without a layout, best first; () if nothing on it is a title.

    If a rule finds a heading with which the page's own titles agree, that is it; otherwise the signs are weighed.
    """
    ruled = by_rule(tree, metadata)
    if ruled is not None and ruled[2] in _SURE and word_count(ruled[0]) > _ONLY_A_WORD:
        text, source, rule = ruled
        return (Ranked(Candidate(text, source, {f"rule: {rule}"}), 0.0, 1.0),)
    known = headline_weights()
    found = headline_candidates(tree, metadata, url, ruled)
    # fsum: the signs of a set come in another order in each process, and must add up to the same.
    scored = [(math.fsum(known.get(sign, 0.0) for sign in each.signs), each) for each in found]
    scored.sort(key=lambda pair: -pair[0])
    total = sum(math.exp(score - scored[0][0]) for score, _ in scored)
    return tuple(Ranked(each, score, math.exp(score - scored[0][0]) / total) for score, each in scored[:MOST_RANKED])


def headline_candidates(
    tree: Tree, metadata: PageMetadata, url: str | None, ruled: tuple[str, str, str] | None
) -> list[Candidate]:
    """All texts on a page that may be its headline, with their signs; `ruled` is the result of the rules."""
    titles = Titles(tree, metadata, url)
    page = _Page(titles, metadata, url)
    if ruled is not None:
        text, source, rule = ruled
        titles.add(text, source, "by rule", f"rule: {rule}")
    for key, candidate in titles.found.items():
        candidate.signs.update([*page.signs_of(key, candidate)])
        if titles.is_name(candidate.text):
            candidate.signs.add("is name")
    return [*titles.found.values()]


def _words(text: str) -> Words:
    return frozenset(_WORD.findall(text))


def _grade(share: float, none: str = "none") -> str:
    return "most" if share >= _MOST else "some" if share >= _SOME else "few" if share > 0 else none


class _Page:
    """What the texts of a page are compared with: its own titles, its h1s, its address and its description."""

    def __init__(self, titles: Titles, metadata: PageMetadata, url: str | None) -> None:
        self.data = [(kind, text, _words(text)) for kind, text in ((kind, fold(text)) for kind, text in titles.data)]
        self.firsts = {key: _words(key) for key, each in titles.found.items() if "h1" in each.signs}
        self.address = _words_of_address(url, metadata.canonical)
        described = metadata.first("description", "og:description")
        self.told = _words(fold(described[0])) if described else frozenset()

    def signs_of(self, key: str, candidate: Candidate) -> Iterator[str]:
        """The signs of a text (`key` is its folded form) that follow from other texts."""
        own, words = candidate.signs, _words(key)
        yield from _form(candidate.text)
        yield from self._like_data(key, words, own)
        kinds = sum(kind in own for kind in _DATA)
        yield f"{kinds} of {len(self.data)} data"
        places = [place for place in _PLACES if place in own]
        share = max((self._nearness(kind, others, words, own) for kind, _, others in self.data), default=0.0)
        near = "same" if share >= 1 else _grade(share)
        in_address = _grade(len(words & self.address) / len(self.address)) if len(self.address) >= _MIN_ADDRESS else ""
        if in_address:
            yield f"address {in_address}"
        for place in places:
            yield f"{place}, like data {near}"
            yield from (f"{place}, {kind} whole" for kind in _DATA if f"{kind} whole" in own)
            if in_address:
                yield f"{place}, address {in_address}"
            if "named" in own and not place.startswith("h1"):
                yield f"{place}, named"
            if len(candidate.text.split()) <= _ONLY_A_WORD:
                yield f"{place}, short"
        if not places:
            yield from self._unprinted(words, is_agreed=kinds > 1)
        if self.told:
            long = {word for word in words if len(word) > _SMALL}
            share = len(long & self.told) / max(1, len(long))
            yield "told" if share >= _SOME else "told little" if share > 0 else "untold"
        if len(key) > _MIN_WITHIN and any(key in first and key != first for first in self.firsts):
            yield "within h1"

    def _nearness(self, kind: str, others: Words, words: Words, own: set[str]) -> float:
        if kind in own:
            return 1.0
        return len(words & others) / max(1, len(words), min(len(others), len(words) + 2))

    def _like_data(self, key: str, words: Words, own: set[str]) -> Iterator[str]:
        """How a text relates to each title that it is not part of."""
        for kind, text, others in self.data:
            if key != text and key in text:
                yield "within data"
            elif key != text and text in key:
                yield "holds data"
            if kind in own:
                continue
            share = self._nearness(kind, others, words, own)
            yield f"like {kind}" if share >= _MOST else f"unlike {kind}" if share < _FEW else f"somewhat like {kind}"
            if key != text and text.startswith(key):
                yield f"begins {kind}"
            elif key != text and key.startswith(text):
                yield f"goes on behind {kind}"
            elif key != text and key.endswith(text):
                yield f"ends with {kind}"

    def _unprinted(self, words: Words, *, is_agreed: bool) -> Iterator[str]:
        shares = [len(words & others) / max(1, min(len(words), len(others))) for others in self.firsts.values()]
        how = "no h1" if not shares else "h1 alike" if max(shares) >= _SOME else "h1 other"
        yield f"not printed, {how}"
        if is_agreed:
            yield f"not printed, {how}, agreed"


def _form(text: str) -> Iterator[str]:
    count = len(text.split())
    if count <= _ONLY_A_WORD:
        yield "1 word" if count == 1 else "2 words"
    elif count > _LONG:
        yield "long" if count <= _VERY_LONG else "very long"
    if text[0] in _TORN or text[-1] in _TORN:
        yield "torn"


def _words_of_address(*urls: str | None) -> Words:
    """The words in the part of an address that has the most."""
    best: Words = frozenset()
    for url in urls:
        try:
            parts = unquote(urlsplit(url or "").path).split("/")
        except ValueError:
            continue
        for part in parts:
            words = _words(fold(part.replace("_", "-")))
            best = max(best, frozenset(each for each in words if len(each) >= _SMALL and not each.isdigit()), key=len)
    return best
