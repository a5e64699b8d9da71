"""Indonesian words: the root of a word, and the forms of a root. The only importer of Sastrawi.

Affixes as in the Tata Bahasa Baku Bahasa Indonesia (4th edition, chapters 4-7): the prefixes meN- and peN- take the
shape that the root's first sound requires, and swallow p, t, k, s.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from Sastrawi.Stemmer.CachedStemmer import CachedStemmer

_PLAIN_PREFIXES = (
    "|di|ber|be|bel|ter|te|tel|per|pe|pel|ke|se|memper|diper|terper|member|diber|pember|pembel|berke|keber|keter|seper"
).split("|")
_SUFFIXES = "|an|kan|i".split("|")
_ENDINGS = "|nya|lah|kah|pun|ku|mu".split("|")


@lru_cache(maxsize=10_000)
def root_of(word: str) -> str | None:
    """The root of a word in lower case, e.g. "pembangunan" → "bangun"; None if the dictionary has none (a name, a
    foreign word).
    """
    if not (word.isascii() and word.isalpha() and len(word) > 2):
        return None
    stemmer, dictionary = _sastrawi()
    root = str(stemmer.stem(word))
    # The stemmer takes "-kan" for the suffix wherever that leaves a root. Nouns in ke- and pe- have "-an": kerusakan
    # comes from "rusak" (broken), not from "rusa" (deer); mengatakan does come from "kata".
    if word.startswith(("ke", "pe")) and f"{root}k" in dictionary and word.removesuffix("nya").endswith(f"{root}kan"):
        root = f"{root}k"
    return root if root in dictionary else None


def stems_of(root: str) -> tuple[str, ...]:
    """A root with every prefix that it may have; the root itself comes first."""
    plain = (prefix + root for prefix in _PLAIN_PREFIXES)
    return tuple(dict.fromkeys([*plain, *_nasal("me", root), *_nasal("pe", root), *_nasal("kepe", root)]))


def with_suffixes(stem: str) -> tuple[str, ...]:
    """A root, or a root with a prefix, with every suffix and clitic that it may have; the bare form comes first."""
    return tuple(stem + suffix + ending for suffix in _SUFFIXES for ending in _ENDINGS)


def forms_of(root: str) -> Iterator[str]:
    """Words that may be forms of a root, most of which nobody uses: keep those that occur and whose `root_of` is the
    root.
    """
    for stem in stems_of(root):
        yield from with_suffixes(stem)


def _nasal(prefix: str, root: str) -> Iterator[str]:
    """meN- or peN- before a root: the regular shape, and that of loanwords, which keep their first letter."""
    first = root[0]
    if first in "lrwymn":
        yield prefix + root
        yield f"{prefix}ng{root}"  # pengrusakan, beside perusakan
    elif first in "bfvp":
        yield f"{prefix}m{root[1:] if first == 'p' else root}"
        yield f"{prefix}m{root}"
    elif first in "dcjzt":
        yield f"{prefix}n{root[1:] if first == 't' else root}"
        yield f"{prefix}n{root}"
    elif first == "s":
        yield f"{prefix}ny{root[1:]}"
        yield f"{prefix}n{root}"
    else:  # vowels, g, h, k
        yield f"{prefix}ng{root[1:] if first == 'k' else root}"
        yield f"{prefix}ng{root}"
    yield f"{prefix}nge{root}"  # before a single syllable: mengecat, pengeboman


def roots() -> frozenset[str]:
    """All roots of the dictionary."""
    return _sastrawi()[1]


@cache
def _sastrawi() -> tuple[CachedStemmer, frozenset[str]]:
    """The stemmer and its dictionary of roots; loading takes 20 ms, so it happens only when a word is looked up."""
    from Sastrawi.Stemmer.StemmerFactory import StemmerFactory  # noqa: PLC0415

    factory = StemmerFactory()
    return factory.create_stemmer(), frozenset(factory.get_words())
