"""Lines that papers put around and into a text: adverts, follow-us lines, page markers, syndication notes, who else
reported.

A rule drops a block only if the WHOLE block is such a line: "Ikuti", "Simak" and "Update" also open real sentences.
Forms were seen on Tribun, Kompas, detik, CNN Indonesia, Antara, Republika, Suara, JPNN, Media Indonesia and Liputan6
pages of 2014–2026; those in other languages on pages of many papers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from scraper.extract.text.judge import KnownLine
from scraper.language.line_patterns import LineRules
from scraper.text import ascii_small

if TYPE_CHECKING:
    from scraper.extract.structure.blocks import RawBlock
    from scraper.language import Vocabulary

NO_WORDS = "no words"  # the rule for a block without a letter or digit
LONGEST_END = 60  # characters in the heading of what follows a text: comments, a note on the author
_ALNUM = re.compile(r"[^\W_]")
_LONGEST = 1000  # characters; no entry matches more
# The same notes as the last sentence of a longer paragraph.
_TAIL = re.compile(
    r"(?:(?<!\s)\s++)?+(?:(?:simak|yuk,? simak juga|baca) (?:berita selengkapnya di halaman|video ini)[^.!]{0,60}+[.!]?"
    r"|(?:sebagian )?artikel ini (?:telah|sudah|pernah) tayang di [^.]{2,40}(?:\.com|\.id|\.co\.id)?(?: dengan judul .{0,300}+)?"
    r"|dapatkan update berita pilihan dan breaking news.{0,400}+|yuk,? simak juga video ini!?|add as a preferred source on google)$",
    re.IGNORECASE,
)
_SHORTEST_TAIL = 30  # characters; no note is shorter
_LONGEST_TAIL = 500  # characters
_TAIL_HINTS = ("selanjutnya", "berikutnya", "video ini", "tayang di", "berita pilihan", "preferred source")
_SYNDICATION = re.compile(
    r"(?i:artikel|berita) ini (?:telah|sudah|pernah|sebelumnya)\s?(?:te?layang|tayang|dimuat|terbit|naik|diterbitkan)\s++(?:(?:di|pada|oleh)\s*+)?"
    r"(?P<outlet>[A-Z][\w.-]*(?: [A-Z][\w.-]*){0,3}?)(?=\s+(?:dengan|berjudul|pada)\b|[,.]?\s*$|,|\s+\()",
)
# What only a note of the paper's says, whatever words follow: no sentence of a story matches it by chance.
_SURE = re.compile(
    r" contributed (?:to this (?:report|reporting|story|article)|reporting(?: from [^.]{2,60})?)\.?$|(?:may|can) be (?:reached|contacted) (?:at|on|by) \S+@\S+"
    r"|^\((?:additional |with )?(?:reporting|writing|editing|compiled|report|edited|written) by |^by (?:signing up|clicking)\b.{0,40}\byou (?:agree|consent)"
    r"|^(?:copyright )?(?:©|\(c\)) ?(?:\d{4}|.*(?:rights reserved|rechte vorbehalten|derechos reservados|tous droits réservés|hak cipta))|^有料会員に"
)
_LONGEST_NOTE = 400


@lru_cache(maxsize=64)
def line_rules(patterns: tuple[str, ...]) -> LineRules[bool]:
    """The rules of one site's lines."""
    return LineRules((pattern, True) for pattern in patterns)


def is_line_of(rules: LineRules[bool], text: str) -> bool:
    """Whether a whole block is one of these lines."""
    return len(text) <= _LONGEST and rules.fit(text.lower().strip(' *-–—>•"')) is not None


def known_furniture(text: str, vocabulary: Vocabulary, hints: tuple[str, ...] | None = None) -> KnownLine | None:
    """The rule that recognises a whole block as one of the lines that papers put into every text; None for any other.

    `hints` are those of the furniture that the page's text has, None where nobody looked.
    """
    if len(text) <= _LONGEST and (found := vocabulary.furniture.known(text, hints)):
        return KnownLine("furniture", is_open=found[1] and not (found[0].is_sure or _SURE.search(text.lower())))
    return KnownLine(NO_WORDS) if not text[:1].isalnum() and _ALNUM.search(text) is None else None


def is_end(text: str, vocabulary: Vocabulary) -> bool:
    """Whether a line is the heading of what follows a text."""
    return len(text) <= LONGEST_END and vocabulary.ends.fit(text) is not None


def without_tail(text: str) -> str:
    """A paragraph without the promotional sentence at its end."""
    if len(text) <= _SHORTEST_TAIL:
        return text
    end = ascii_small(text[-_LONGEST_TAIL:])
    for hint in _TAIL_HINTS:  # searching for a hint first is ten times faster
        if hint in end:
            break
    else:
        return text
    return _TAIL.sub("", text).rstrip()


def syndicated_from(text: str) -> str | None:
    """The outlet named in a syndication note; None if the text is not such a note."""
    match = _SYNDICATION.search(text)
    return match["outlet"].rstrip(".,") if match else None


def known_note(block: RawBlock, vocabulary: Vocabulary) -> KnownLine | None:
    """The rule that recognises a block with links, at the beginning or the end, as a note of the paper's; None for any
    other.
    """
    is_note = bool(block.links) and len(block.text) <= _LONGEST_NOTE and vocabulary.notes.fit(block.text) is not None
    return KnownLine("note", is_open=True) if is_note else None
