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
_SHORT_WORD = 3  # letters of words that any two texts share
CHARACTERS_A_WORD = 2  # on average, in Chinese and Japanese news
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+")
# All other characters: walking over them takes a tenth of the time that looking for one of those takes.
_SPACED = re.compile("[\x00-\u0dff\u0f00-\u0fff\u10a0-\u177f\u1800-\u303f\u3100-\u33ff\u4dc0-\u4dff\ua000-\U0010ffff]*")
MAX_HEADER = 1_000  # characters of one that we send
_LATIN = re.compile("[\x00-\u012f\u0131-\u024f]*")  # without İ, whose small form is two characters
# Invisible joiners that pages put into words; they would split a token for search.
_INVISIBLE = ("\u00ad", "\u200b", "\u2060", "\ufeff")
# C0, C1, DEL, what Unicode holds for a new line, and everything that turns the direction of text.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_UNSAFE_BUT_NEWLINE = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# SQLite's LIKE stops at NUL, and a lone surrogate cannot be encoded at all.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_ANY_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")


def cut_at_blank(text: str, size: int) -> str:
    """A text of so many characters at most, cut at the last blank in its last tenth if there is one."""
    if len(text) <= size:
        return text
    at = text.rfind(" ", size - size // 10, size + 1)
    return text[: at if at > 0 else size]


def counted(number: int, noun: str) -> str:
    """A number with what it counts: "1 attempt", "2,000 attempts"; a last word in y ends in ies."""
    if number != 1:
        noun = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number:,} {noun}"


def collapse(text: str) -> str:
    """Text on one line: runs of any Unicode white space become one blank, invisible joiners go."""
    if (
        "  " not in text and text.isprintable()
    ):  # most texts; what is printable has no other white space, and no joiners
        return text.strip(" ")
    return " ".join((text if text.isascii() else _visible(text)).split())


def _visible(text: str) -> str:
    for joiner in _INVISIBLE:  # a search for each of them is quicker than a pattern for all
        if joiner in text:
            text = text.replace(joiner, "")
    return text


def ascii_small(text: str) -> str:
    """Text in which only ASCII letters count, in small letters: to look for words of those, ten times as quick as lower()."""
    return text.lower() if text.isascii() else text.encode("utf-8", "replace").lower().decode("latin-1")


def word_count(line: str) -> int:
    """How many words a text on one line (of collapse) has; in a script without blanks, two characters count as one."""
    if not line:
        return 0
    return line.count(" ") + 1 + (0 if line.isascii() else unspaced_count(line) // CHARACTERS_A_WORD)


def unspaced_count(text: str) -> int:
    """How many characters of a text are of scripts that put no blank between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer."""
    if text.isascii():
        return 0
    return _unspaced(text) if len(text) <= _LONG else _count_unspaced(text)


def _count_unspaced(text: str) -> int:
    return 0 if _SPACED.fullmatch(text) else len(text) - len(_UNSPACED.sub("", text))


_unspaced = lru_cache(maxsize=512)(
    _count_unspaced
)  # a paragraph is asked for its size and for its words, more than once


def size(line: str) -> int:
    """The length of a line as compared between scripts: a character of one without blanks says as much as two and a half letters."""
    return len(line) if line.isascii() else len(line) + unspaced_count(line) * 3 // 2


def fold(text: str) -> str:
    """Text for comparing: NFKC, straight quotes and dashes, case-folded, on one line. Folding twice changes nothing."""
    return _folded(text) if len(text) <= _SHORT else _fold(text)


def telling_words(text: str) -> frozenset[str]:
    """The folded words that tell a text from others of its language: those of some length, or pairs of characters in a
    script without blanks."""
    folded = fold(text)
    if _UNSPACED.search(folded):
        letters = "".join(_WORD.findall(folded))
        return frozenset(a + b for a, b in pairwise(letters))
    return frozenset(word for word in _WORD.findall(folded) if len(word) > _SHORT_WORD)


def _fold(text: str) -> str:
    if text.isascii() and "`" not in text:  # most texts; the rest of this is for the others
        return collapse(text).lower()
    straight = _visible(_straight(text))
    # Unicode's compatibility caseless match, definition D146; where every letter is Latin and composed, one step does it.
    if not (straight.isascii() or (_LATIN.fullmatch(straight) and unicodedata.is_normalized("NFKC", straight))):
        caseless = unicodedata.normalize("NFKD", unicodedata.normalize("NFD", straight).casefold())
        straight = _straight(unicodedata.normalize("NFKC", caseless.casefold()))
    return collapse(straight).casefold()


_folded = lru_cache(maxsize=1024)(_fold)  # a page's titles and names are compared many times


def _straight(text: str) -> str:
    for sign, plain in _FOLD.items():  # str.translate looks every character up, and takes ten times as long
        if sign in text:
            text = text.replace(sign, plain)
    return text


def terminal_safe(text: str, *, keep_newlines: bool = False) -> str:
    """Text without anything that could steer a terminal or turn its direction; each such character becomes a blank."""
    return (_UNSAFE_BUT_NEWLINE if keep_newlines else _UNSAFE).sub(" ", storable(text))


def escaped(line: str) -> str:
    """JSON on one line whose strings have \\uXXXX for what terminal_safe takes out: the same value, safe to print."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def storable(text: str) -> str:
    """Text that SQLite keeps and finds: control characters but tab and newline go, lone surrogates become U+FFFD."""
    if text.isascii() and text.isprintable():  # most texts
        return text
    return _SURROGATES.sub("�", _UNSTORABLE.sub("", text)) if _ANY_UNSTORABLE.search(text) else text


def is_header(text: str) -> bool:
    """Whether text can be sent with every request; of one that cannot, every request would fail."""
    return text.isascii() and text.isprintable() and len(text) <= MAX_HEADER


def shorten(text: str, limit: int) -> str:
    """Text of at most `limit` characters; a cut shows as an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def utf16_without_mark(body: bytes, sign: bytes = b"<") -> str | None:
    """The byte order of UTF-16 text that has no byte order mark, by where its NULs stand (XML 1.0, appendix F); else None.

    `sign` is what such a text has in its beginning.
    """
    head = body[:512]
    even, odd = head[::2], head[1::2]
    if len(head) < 16 or sign not in head:
        return None
    if odd.count(0) > 0.6 * len(odd) and 0 not in even:
        return "utf-16le"
    return "utf-16be" if even.count(0) > 0.6 * len(even) and 0 not in odd else None
