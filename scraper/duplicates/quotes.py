"""The quotations in a text, as keys under which other texts with the same words are found. Pure."""

from __future__ import annotations

import hashlib
import re

from scraper.text import fold

MIN_QUOTED_WORDS = 8
"""Shorter quotations ("Kami akan menindak tegas") are said by many."""
# Within a paragraph; a mark that opens and closes alike must close what it opened before the paragraph ends.
_QUOTED = re.compile(r"“([^“”\n]+)”|„([^„“”\n]+)[“”]|«([^«»\n]+)»|\"([^\"\n]+)\"")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_WORD = re.compile(r"\w+")


def quotations(body: str) -> dict[int, str]:
    """Each sentence of at least MIN_QUOTED_WORDS in quotation marks, by a key (63 bits) of its folded words."""
    found = {}
    for match in _QUOTED.finditer(body):
        for sentence in _SENTENCE_END.split(next(part for part in match.groups() if part)):
            words = _WORD.findall(fold(sentence))
            if len(words) >= MIN_QUOTED_WORDS:
                digest = hashlib.blake2b(" ".join(words).encode(), digest_size=8).digest()
                found[int.from_bytes(digest) >> 1] = sentence.strip()
    return found
