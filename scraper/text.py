"""White space, folding for comparison, and making text from outside safe to show or store."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_FOLD = {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "‚": "'", "`": "'", "´": "'"}
_FOLD |= dict.fromkeys("‐‑‒–—―−", "-")
_SHORT, _LONG = 200, 2_000  # characters
_WORD = re.compile(r"[^\W_]+")
_SHORT_WORD = 3  # letters in words that any two texts share
CHARACTERS_A_WORD = 2  # on average, in Chinese and Japanese news
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
# All other characters: skipping over them takes a tenth of the time of searching for one of those.
_SPACED = re.compile("[\x00-\u0dff\u0f00-\u0fff\u10a0-\u177f\u1800-\u303f\u3100-\u33ff\u4dc0-\u4dff\ua000-\U0010ffff]*")
MAX_HEADER = 1_000  # characters in a header that we send
_LATIN = re.compile("[\x00-\u012f\u0131-\u024f]*")  # without İ, whose lower-case form is two characters
# Invisible joiners that pages put into words; they would split a token for search.
_INVISIBLE = ("\u00ad", "\u200b", "\u2060", "\ufeff")
# C0, C1, DEL, the characters Unicode treats as a line break, and everything that changes the direction of text.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_UNSAFE_BUT_NEWLINE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# SQLite's LIKE stops at NUL, and a lone surrogate cannot be encoded at all.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ANY_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")


def cut_at_blank(text: str, size: int) -> str:
    """A text of at most this many characters, cut at the last blank in its last tenth if there is one."""
    if len(text) <= size:
        return text
    at = text.rfind(" ", size - size // 10, size + 1)
    return text[: at if at > 0 else size]


def counted(number: int, noun: str) -> str:
    """A number with the noun it counts: "1 attempt", "2,000 attempts"; a final y becomes ies."""
    if number != 1:
        noun = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun}"


def collapse(text: str) -> str:
    """Text on one line: runs of any Unicode white space become one blank, invisible joiners are removed."""
    if "  " not in text and text.isprintable():  # most texts; printable text has no other white space and no joiners
        return text.strip(" ")
    return " ".join((text if text.isascii() else _visible(text)).split())


def _visible(text: str) -> str:
    for joiner in _INVISIBLE:  # searching for each of them is faster than one pattern for all
        if joiner in text:
            text = text.replace(joiner, "")
    return text


def ascii_small(text: str) -> str:
    """The text with its ASCII letters in lower case: to search for ASCII words, ten times as fast as lower()."""
    return text.lower() if text.isascii() else text.encode("utf-8", "replace").lower().decode("latin-1")


def word_count(line: str) -> int:
    """How many words a text on one line (from collapse) has; in a script without blanks, two characters count as one
    word.
    """
    if not line:
        return 0
    return line.count(" ") + 1 + (0 if line.isascii() else unspaced_count(line) // CHARACTERS_A_WORD)


def unspaced_count(text: str) -> int:
    """How many characters of a text are in scripts that put no blanks between words: Chinese, Japanese, Thai, Lao,
    Burmese, Khmer.
    """
    if text.isascii():
        return 0
    return _unspaced(text) if len(text) <= _LONG else _count_unspaced(text)


def _count_unspaced(text: str) -> int:
    return 0 if _SPACED.fullmatch(text) else len(text) - len(_UNSPACED.sub("", text))


_unspaced = lru_cache(maxsize=512)(_count_unspaced)  # a paragraph's size and word count are needed more than once


def size(line: str) -> int:
    """The length of a line, comparable between scripts: a character of a script without blanks counts as two and a half
    letters.
    """
    return len(line) if line.isascii() else len(line) + unspaced_count(line) * 3 // 2


def fold(text: str) -> str:
    """Text for comparison: NFKC, straight quotes and dashes, case-folded, on one line. Folding twice changes nothing."""
    return _folded(text) if len(text) <= _SHORT else _fold(text)


def telling_words(text: str) -> frozenset[str]:
    """The folded words that distinguish a text from others in its language: words of some length, or pairs of
    characters in a script without blanks.
    """
    folded = fold(text)
    if _UNSPACED.search(folded):
        letters = "".join(_WORD.findall(folded))
        return frozenset(a + b for a, b in pairwise(letters))
    return frozenset(word for word in _WORD.findall(folded) if len(word) > _SHORT_WORD)


def _fold(text: str) -> str:
    if text.isascii() and "`" not in text:  # most texts; the rest handles the others
        return collapse(text).lower()
    straight = _visible(_straight(text))
    # Unicode's compatibility caseless match, definition D146; if every letter is Latin and composed, one step is
    # enough.
    if not (straight.isascii() or (_LATIN.fullmatch(straight) and unicodedata.is_normalized("NFKC", straight))):
        caseless = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", straight).casefold())
        straight = _straight(unicodedata.normalize("NFKC", caseless.casefold()))
    return collapse(straight).casefold()


_folded = lru_cache(maxsize=1024)(_fold)  # a page's titles and names are compared many times


def _straight(text: str) -> str:
    for sign, plain in _FOLD.items():  # str.translate looks up every character, and takes ten times as long
        if sign in text:
            text = text.replace(sign, plain)
    return text


def terminal_safe(text: str, *, keep_newlines: bool = False) -> str:
    """Text without anything that could control a terminal or change the direction of text; each such character becomes
    a blank.
    """
    return (_UNSAFE_BUT_NEWLINE if keep_newlines else _UNSAFE).sub(" ", storable(text))


def escaped(line: str) -> str:
    """JSON on one line whose strings have \\uXXXX for what terminal_safe removes: the same value, safe to print."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def storable(text: str) -> str:
    """Text that SQLite can store and search: control characters except tab and newline are removed, lone surrogates
    become U+FFFD.
    """
    if text.isascii() and text.isprintable():  # most texts
        return text
    return _SURROGATES.sub("�", _UNSTORABLE.sub("", text)) if _ANY_UNSTORABLE.search(text) else text


def is_header(text: str) -> bool:
    """Whether text can be sent as a header of every request; if it cannot, every request would fail."""
    return text.isascii() and text.isprintable() and len(text) <= MAX_HEADER


def shorten(text: str, limit: int) -> str:
    """Text of at most `limit` characters; a cut is marked with an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def utf16_without_mark(body: bytes, sign: bytes = b"<") -> str | None:
    """The byte order of UTF-16 text without a byte order mark, judged by where its NULs are (XML 1.0, appendix F);
    otherwise None.

    `sign` is a character that such a text has near its beginning.
    """
    head = body[:512]
    even, odd = head[::2], head[1::2]
    if len(head) < 16 or sign not in head:
        return None
    if odd.count(0) > 0.6 * len(odd) and 0 not in even:
        return "utf-16le"
    return "utf-16be" if even.count(0) > 0.6 * len(even) and 0 not in odd else None
