"""Two texts, side by side: how much of one is in the other. Pure."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from zlib import crc32

from scraper.text import fold

SHINGLE_WORDS = 3
# Below this, texts are copies only when they are the same word for word; below the other, not even then ("Foto: Antara").
MIN_WORDS = 40
MIN_EXACT_WORDS = 20
# Measured with `python -m benchmarks.near_copies`: copies and rewrites share more, other texts on the same event less.
MIN_JACCARD = 0.4
MIN_CONTAINMENT = 0.75
# A daily report from a template (prices, weather, football tables) shares its words with yesterday's, but not its numbers.
MIN_NUMBERS = 5
MIN_SHARED_NUMBERS = 0.5

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text ready to compare: a digest of its folded words, its shingles as 32-bit hashes, and the numbers in it."""

    digest: bytes
    words: int
    shingles: frozenset[int]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Similarity:
    """`jaccard`: shared shingles of all in either text; `containment`: of those in the shorter one. Both 0 … 1."""

    jaccard: float
    containment: float


def prepare(body: str) -> Text:
    """A text ready to compare. Case, quotes, punctuation and white space make no difference."""
    words = _WORD.findall(fold(body))
    encoded = [word.encode() for word in words]
    runs = zip(*(encoded[start:] for start in range(SHINGLE_WORDS)), strict=False)
    return Text(
        digest=hashlib.blake2b(" ".join(words).encode(), digest_size=16).digest(),
        words=len(words),
        # A checksum is enough: what MinHash does with it mixes it again, and in a set of some hundred few are ever equal.
        shingles=frozenset(crc32(b" ".join(run)) for run in runs),
        numbers=frozenset(word for word in words if word.isdigit()),
    )


def compare(one: Text, other: Text) -> Similarity:
    """How similar two texts are; the order does not matter."""
    if one.digest == other.digest:
        return Similarity(jaccard=1.0, containment=1.0)
    shared = len(one.shingles & other.shingles)
    shorter = min(len(one.shingles), len(other.shingles))
    if not shared:
        return Similarity(jaccard=0.0, containment=0.0)
    return Similarity(jaccard=shared / (len(one.shingles) + len(other.shingles) - shared), containment=shared / shorter)


def is_copy(one: Text, other: Text) -> bool:
    """Whether one text is a copy, a shortened or extended copy, or a rewrite of the other."""
    if one.digest == other.digest:
        return one.words >= MIN_EXACT_WORDS
    if min(one.words, other.words) < MIN_WORDS:
        return False
    numbers = min(len(one.numbers), len(other.numbers))
    if numbers >= MIN_NUMBERS and len(one.numbers & other.numbers) < MIN_SHARED_NUMBERS * numbers:
        return False
    found = compare(one, other)
    return found.jaccard >= MIN_JACCARD or found.containment >= MIN_CONTAINMENT
