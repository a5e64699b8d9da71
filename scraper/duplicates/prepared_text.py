"""Two texts compared: how much of one is in the other. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal
from zlib import crc32

from scraper.text import fold

SHINGLE_WORDS = 3
# Below this, texts are copies only if they are the same word for word; below the second limit, not even then ("Foto:
# Antara").
MIN_WORDS = 40
MIN_EXACT_WORDS = 20
# Measured with `python -m benchmarks.near_copies`: copies and rewrites share more, other texts on the same event less.
MIN_JACCARD = 0.4
MIN_CONTAINMENT = 0.75
# What a reader calls the same text: nearly all runs, or nearly all of the shorter one.
SAME_JACCARD = 0.6
SAME_CONTAINMENT = 0.9
# A story contained in a round-up of four is not a copy of it, or every round-up would tie its stories together.
MIN_LENGTH_RATIO = 0.35
# A daily report from a template (prices, weather, football tables) shares its words with yesterday's, but not its
# numbers.
MIN_NUMBERS = 5
MIN_SHARED_NUMBERS = 0.5
# Two texts fill in the same form if most sentences that differ have a counterpart in the other text with half of its
# words.
MIN_TWIN = 0.5
MIN_TWINS = 2
MIN_SENTENCE_WORDS = 4  # a name or a heading is not a sentence

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedText:
    """A text prepared for comparison: the original, a digest of its folded words, its shingles as 32-bit hashes, and
    its numbers.
    """

    body: str
    digest: bytes
    words: int
    shingles: frozenset[int]
    numbers: frozenset[str]


Likeness = Literal["same", "rewrite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """`jaccard`: shared shingles of all in either text; `containment`: of those in the shorter one. Both 0 … 1."""

    jaccard: float
    containment: float

    @property
    def likeness(self) -> Likeness:
        """What a reader would call two copies: the same text (even if shortened or extended), or a rewrite."""
        is_same = self.jaccard >= SAME_JACCARD or self.containment >= SAME_CONTAINMENT
        return "same" if is_same else "rewrite"

    @property
    def weight(self) -> float:
        """One number to sort copies by; MIN_JACCARD and MIN_CONTAINMENT weigh the same."""
        return max(self.jaccard, self.containment * MIN_JACCARD / MIN_CONTAINMENT)


SAME = Similarity(jaccard=1.0, containment=1.0)


def prepared_text(body: str) -> PreparedText:
    """A text prepared for comparison. Case, quotes, punctuation and white space make no difference."""
    words = _WORD.findall(fold(body))
    encoded = [word.encode() for word in words]
    runs = zip(*(encoded[start:] for start in range(SHINGLE_WORDS)), strict=False)
    return PreparedText(
        body=body,
        digest=hashlib.blake2b(" ".join(words).encode(), digest_size=16).digest(),
        words=len(words),
        # A checksum is enough: MinHash mixes it again, and among some hundred hardly any are ever equal.
        shingles=frozenset(crc32(b" ".join(run)) for run in runs),
        numbers=frozenset(word for word in words if word.isdigit()),
    )


def compare(one: PreparedText, other: PreparedText) -> Similarity:
    """How similar two texts are; the order does not matter."""
    if one.digest == other.digest:
        return SAME
    shared = len(one.shingles & other.shingles)
    shorter = min(len(one.shingles), len(other.shingles))
    if not shared:
        return Similarity(jaccard=0.0, containment=0.0)
    return Similarity(jaccard=shared / (len(one.shingles) + len(other.shingles) - shared), containment=shared / shorter)


def is_copy(one: PreparedText, other: PreparedText) -> bool:
    """Whether one text is a copy, a shortened or extended copy, or a rewrite of the other."""
    return copied(one, other) is not None


def copied(one: PreparedText, other: PreparedText) -> Similarity | None:
    """How similar two texts are if one is a copy, a shortened or extended copy, or a rewrite of the other; else None."""
    if one.digest == other.digest:
        return SAME if one.words >= MIN_EXACT_WORDS else None
    if min(one.words, other.words) < MIN_WORDS:
        return None
    numbers = min(len(one.numbers), len(other.numbers))
    if numbers >= MIN_NUMBERS and len(one.numbers & other.numbers) < MIN_SHARED_NUMBERS * numbers:
        return None
    found = compare(one, other)
    if found.jaccard >= MIN_JACCARD:
        return found
    shorter, longer = sorted((len(one.shingles), len(other.shingles)))
    return found if found.containment >= MIN_CONTAINMENT and shorter >= MIN_LENGTH_RATIO * longer else None


def is_same_form(one: PreparedText, other: PreparedText) -> bool:
    """Whether two texts differ like yesterday's and today's weather: sentence by sentence, in what is filled in.

    An editor who changes a text leaves most sentences unchanged, and writes new ones; whoever fills in a form changes a
    word or two in many sentences. Texts of one paper on two days that differ in this way are not taken for copies.
    """
    mine, others = _sentences(one.body), _sentences(other.body)
    fewer, more = sorted((mine - others, others - mine), key=len)
    twins = sum(any(len(a & b) >= MIN_TWIN * len(a | b) for b in more) for a in fewer)
    return twins >= MIN_TWINS and 2 * twins >= len(fewer)


@lru_cache(maxsize=2_000)  # the text at the centre of a story is compared with all its copies
def _sentences(body: str) -> frozenset[frozenset[str]]:
    parts = (frozenset(_WORD.findall(fold(part))) for part in _SENTENCE_END.split(body))
    return frozenset(words for words in parts if len(words) >= MIN_SENTENCE_WORDS)
