"""Which language a text is in, identified by its script and by words that every text in a language has."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from scraper.language.pack import languages, read_head

if TYPE_CHECKING:
    from collections.abc import Iterable

LATIN = "Latin"
# Where the blocks of a script begin, and the next one does: (first character, script).
_BLOCKS = (
    (0x80, LATIN), (0x370, "Greek"), (0x400, "Cyrillic"), (0x530, ""), (0x590, "Hebrew"), (0x600, "Arabic"), (0x700, ""), (0x750, "Arabic"), (0x780, ""),
    (0x8A0, "Arabic"), (0x900, "Devanagari"), (0x980, "Bengali"), (0xA00, ""), (0xB80, "Tamil"), (0xC00, ""), (0xE00, "Thai"), (0xE80, "Lao"), (0xF00, ""),
    (0x1000, "Myanmar"), (0x10A0, ""), (0x1100, "Hangul"), (0x1200, ""), (0x1780, "Khmer"), (0x1800, ""), (0x1E00, LATIN), (0x1F00, "Greek"), (0x2000, ""),
    (0x3040, "Kana"), (0x3100, ""), (0x3400, "Han"), (0xA000, ""), (0xAC00, "Hangul"), (0xD7B0, ""), (0xF900, "Han"), (0xFB00, ""), (0xFB50, "Arabic"), (0x10000, ""),
)  # fmt: skip
_STARTS = [start for start, _ in _BLOCKS]
_OTHER = re.compile(r"[^\x00-\x7f]")
_ASCII_LETTERS = re.compile(r"[A-Za-z]+")
_NO_LETTERS = re.compile(r"[^A-Za-z]+")
_WORD = re.compile(r"[^\W\d_]+")
# The same for a text of these characters only, in a third of the time.
_WESTERN = re.compile("[\x00-\u024f\u2000-\u206f\u20ac]*")
_LATIN_WORD = re.compile("[a-z\xaa\xb2\xb3\xb5\xb9\xba\xbc-\xbe\xdf-\xf6\xf8-\u024f]+")
# For Windows' code page, in which most western texts can be written: its letters, and a blank for anything else.
_LETTERS_ONLY = bytes(
    byte if _WORD.fullmatch(bytes([byte]).decode("cp1252", "replace")) else ord(" ") for byte in range(256)
)
_SAMPLE = 1500  # characters of a text; more tell nothing more
_SAMPLE = 1500  # characters of a text; more add nothing
_MIN_LETTERS = 20
_KANA_SHARE = 0.05  # in Japanese; Chinese has none
_OLD_CODES = {
    "in": "id",
    "iw": "he",
    "no": "nb",
    "nn": "nb",
    "fil": "tl",
    "bs": "hr",
    "sh": "sr",
    "cn": "zh",
    "jp": "ja",
}
# The language of a paper's page frame if its host is a country's and nearly all of that country's press uses one
# language.
_OF_COUNTRIES = {
    country: language
    for language, countries in {
        "ar": "ae dz eg iq jo kw lb ly ma om qa sa sd sy tn ye", "bg": "bg", "bn": "bd", "cs": "cz", "da": "dk", "de": "at de li", "el": "cy gr",
        "es": "ar bo cl co cr cu do ec es gt hn mx ni pa pe py sv uy ve", "et": "ee", "fa": "ir", "fi": "fi", "fr": "fr", "he": "il", "hr": "hr", "hu": "hu",
        "id": "id", "it": "it", "ja": "jp", "km": "kh", "ko": "kr", "lo": "la", "lt": "lt", "lv": "lv", "ms": "my", "my": "mm", "nb": "no", "nl": "nl",
        "pl": "pl", "pt": "ao br mz pt", "ro": "md ro", "ru": "by ru", "sk": "sk", "sl": "si", "sr": "rs", "sv": "se", "th": "th", "tr": "tr", "uk": "ua",
        "vi": "vn", "zh": "cn hk tw",
    }.items()
    for country in countries.split()
}  # fmt: skip
_FEW_WORDS = 20
BORNE_OUT = 0.2  # share of the words; below 0.1 in a text in another language, except close sisters
_WRITTEN = 3  # characters of a syllable script or an alphabet that equal one Chinese character
MIN_WORDS = 4  # of a language that must occur
# Of all words; English texts have 0.35, Turkish and Finnish ones, which inflect rather than add words, 0.1.
MIN_SHARE = 0.08
MIN_LEAD = 1.25  # times as many as for the next language


class DetectedLanguage(NamedTuple):
    """A language, and whether the text shows it clearly; `share` is that of its words that are the language's most
    common.
    """

    language: str
    is_clear: bool
    share: float


def page_languages(declared: Iterable[str | None], text: str) -> tuple[str, ...]:
    """The languages of a page by two signs, what it declares and what its text shows, the text's own first; () if
    neither tells.

    If they disagree, the text's words are read in the language that the text shows, and also in the declared ones,
    since a page's frame is often in the language of its system.
    """
    codes = tuple(dict.fromkeys(code for each in declared if (code := _code(each))))
    if codes and _bears_out(text[:_SAMPLE], codes[0]):
        return codes
    told = tell_language(text)
    if told is None:
        return codes
    if told.is_clear or told.language in codes or not codes:
        return tuple(dict.fromkeys((told.language, *codes)))
    return (*codes, told.language) if told.share >= MIN_SHARE else codes


def host_language(host: str) -> str | None:
    """The language of a country by the end of a host's name ("www.diario.com.mx"); None if it is not a country's."""
    return _OF_COUNTRIES.get(host.rpartition(".")[2].lower())


def _code(declared: str | None) -> str | None:
    """The language with a pack for a declared one ("en-GB", "in", "no_NO")."""
    code = (declared or "").strip().lower().replace("_", "-").partition("-")[0]
    code = _OLD_CODES.get(code, code)
    return code if code in languages() else None


def _bears_out(sample: str, language: str) -> bool:
    """Whether a text has so many of a language's most common words that it can be in no other of its script except a
    sister.
    """
    common = read_head(language).stopwords
    words = _words(sample)
    return len(words) >= _FEW_WORDS and sum(map(common.__contains__, words)) >= BORNE_OUT * len(words)


@lru_cache(maxsize=4)  # a text is examined twice
def _words(sample: str) -> list[str]:
    """The words of a text in lower case, without digits."""
    lower = sample.lower()
    try:  # most texts in Latin script: a fifth of the time
        return lower.encode("cp1252").translate(_LETTERS_ONLY).decode("cp1252").split()
    except UnicodeEncodeError:
        pass
    return (_LATIN_WORD if _WESTERN.fullmatch(lower) else _WORD).findall(lower)


def tell_language(text: str) -> DetectedLanguage | None:
    """The language of a text; None if nothing shows it. It reads the first few thousand characters."""
    sample = text[:_SAMPLE]
    script = _script(sample)
    if script is None:
        return None
    candidates = _by_script().get(script, ())
    if len(candidates) == 1:
        return DetectedLanguage(candidates[0], is_clear=True, share=1.0)
    return _by_words(sample, candidates)


def _script(sample: str) -> str | None:
    if sample.isascii():
        return LATIN if len(_NO_LETTERS.sub("", sample)) >= _MIN_LETTERS else None
    counts: Counter[str] = Counter()
    for char, count in Counter(_OTHER.findall(sample)).items():
        counts[_BLOCKS[bisect_right(_STARTS, ord(char)) - 1][1]] += count
    counts[LATIN] += sum(map(len, _ASCII_LETTERS.findall(sample)))
    counts[""] = 0
    for script in ("Han", "Kana", "Hangul"):
        counts[script] *= _WRITTEN
    han = counts["Han"] + counts["Kana"]
    script, count = counts.most_common(1)[0]
    if count < _MIN_LETTERS:
        return None
    if script in ("Han", "Kana"):
        return "Kana" if counts["Kana"] >= _KANA_SHARE * han else "Han"
    return script


def _by_words(sample: str, candidates: tuple[str, ...]) -> DetectedLanguage | None:
    table = _table()
    words = _words(sample)
    scores = dict.fromkeys(candidates, 0.0)
    met = 0
    for word in words:
        for language, weight in table.get(word, ()):
            if language in scores:
                scores[language] += weight
                met += 1
    if not met:
        return None
    (best, score), (_, second) = sorted(scores.items(), key=itemgetter(1), reverse=True)[:2]
    share = score / len(words)
    is_clear = score >= MIN_WORDS and share >= MIN_SHARE and score >= MIN_LEAD * second
    return DetectedLanguage(best, is_clear, share)


@cache
def _table() -> dict[str, tuple[tuple[str, float], ...]]:
    """Each word with the languages that have it; a word that many have says less about each."""
    owners: dict[str, list[str]] = {}
    for language in languages():
        for word in read_head(language).stopwords:
            owners.setdefault(word, []).append(language)
    return {word: tuple((each, 1 if len(names) == 1 else 0.6) for each in names) for word, names in owners.items()}


@cache
def _by_script() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for language in languages():
        head = read_head(language)
        if head.stopwords or head.script:
            found.setdefault(head.script or LATIN, []).append(language)
    return {script: tuple(names) for script, names in found.items()}
