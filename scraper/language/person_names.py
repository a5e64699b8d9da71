"""Words that identify people and places in the news of a language: titles, verbs of speech, offices. One data file per
language, in names/.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from scraper.errors import LanguageError
from scraper.language.pack import read_head, read_pack

_LISTS = (
    "speech_before",
    "speech_after",
    "titles",
    "organisations",
    "place_words",
    "in_place",
    "particles",
    "joiners",
)
_ALIKE = {"ms": "id"}  # Malay papers have the same titles and verbs except for a few


@dataclass(frozen=True, slots=True, kw_only=True)
class NameWords:
    """All in lower case. `speech_before` precedes the speaker ("kata"), `speech_after` follows ("mengatakan").

    `organisations` make a name that of an office or a thing, `place_words` ("Kabupaten") that of a place, and so does
    `in_place` before it ("di"). `particles` may occur within a name (van), `joiners` within an office's (of). `openers`
    are capitalised only at the beginning of a sentence. `calendar` are days and months.
    """

    language: str
    speech_before: frozenset[str]
    speech_after: frozenset[str]
    titles: frozenset[str]
    organisations: frozenset[str]
    place_words: frozenset[str]
    in_place: frozenset[str]
    particles: frozenset[str]
    joiners: frozenset[str]
    openers: frozenset[str]
    calendar: frozenset[str]


def name_languages() -> tuple[str, ...]:
    """The languages for which there are such words, including those that share another's."""
    own = (each.name[:-5] for each in (files("scraper.language") / "names").iterdir() if each.name.endswith(".toml"))
    return tuple(sorted({*own, *_ALIKE}))


@cache
def name_words(language: str) -> NameWords | None:
    """The words of a language; None where there are none."""
    if language not in name_languages():
        return None
    found = _read(_ALIKE.get(language, language))
    lists = {name: frozenset(str(found.get(name, "")).split()) for name in _LISTS}
    openers = read_head(language).stopwords | lists["speech_before"] | lists["speech_after"] | lists["in_place"]
    calendar = read_pack(language).calendar
    days = frozenset(calendar.weekdays) | frozenset(calendar.months)
    return NameWords(language=language, openers=openers - lists["titles"], calendar=days, **lists)


def name_examples(language: str) -> list[dict[str, Any]]:
    """The texts in a file with the expected results: `text`, `people`, `quoted`, `places`."""
    return list(_read(language)["examples"])


def _read(language: str) -> dict[str, Any]:
    text = (files("scraper.language") / "names" / f"{language}.toml").read_text("utf-8")
    found = tomllib.loads(text)
    if strays := sorted(set(found) - {*_LISTS, "examples"}):
        raise LanguageError(f"names/{language}.toml: {strays[0]!r} is not known; known are {', '.join(_LISTS)}")
    return found
