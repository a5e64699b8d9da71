"""Words as the archive's index has them (FTS5's unicode61 without accents), and which of them carry little meaning.
Pure.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from scraper.language.pack import languages, read_head
from scraper.text import unspaced_count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD = re.compile("[^\\W_]+(?:[\u0300-\u0331]+[^\\W_]*)*")  # a combining accent does not end a word
_ASCII_WORD = re.compile("[a-z0-9]+")  # the same in a text of ASCII letters, in a third of the time
_MARKS = re.compile("[\u0300-\u0331]")  # the accents that unicode61 ignores, among those that NFD separates
_ACCENTED = re.compile("[\u00c0-\u024f\u0300-\u0331\u1e00-\u1eff]")
# Letters whose lower-case form differs between SQLite and Python.
_SMALL = str.maketrans("µſςϐϑϕϖϰϱϵ", "μsσβθφπκρε")
_ODD = re.compile(f"[{''.join(map(chr, _SMALL))}]")
UNSPACED_SHARE = 0.3  # of the characters: in such a text blanks do not separate the words


def words(text: str) -> list[str]:
    """The words of a text, in lower case and without accents, as a search finds them. In a script without blanks a run
    is one word.
    """
    found = folded(text)
    return (_ASCII_WORD if found.isascii() else _WORD).findall(found)


def word_spans(text: str) -> Iterator[tuple[str, int, int]]:
    """(word, start, end) of each word of a text."""
    for found in _WORD.finditer(text):
        yield folded(found[0]), found.start(), found.end()


def folded(text: str) -> str:
    """Text in lower case and without accents."""
    if text.isascii():
        return text.lower()
    if _ACCENTED.search(text):  # a letter at a time, since only Latin letters lose theirs: й is not и
        text = _ACCENTED.sub(_bare, text)
    small = text.lower()
    return small.translate(_SMALL) if _ODD.search(small) else small


def _bare(found: re.Match[str]) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFD", found[0]))


def function_words(codes: Iterable[str | None]) -> frozenset[str]:
    """The words that every text in these languages has ("und", "di"), from the language packs; none for a language
    without a pack.
    """
    have = set(languages())
    found = {(code or "").lower().partition("-")[0] for code in codes} & have
    return frozenset(folded(word) for code in found for word in read_head(code).stopwords)


def is_unspaced(text: str) -> bool:
    """Whether blanks do not separate the words of a text."""
    return bool(text) and unspaced_count(text) > UNSPACED_SHARE * len(text)
