"""Who is named and who is quoted, and which places: by capitals, titles, verbs of speech and the list of regions. No
model.

docs/analysis.md describes the method and what it misses.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from scraper.analysis.sightings import NameSighting, sightings
from scraper.archive.ask import passages
from scraper.archive.ask.passages import Text
from scraper.language import tell_language
from scraper.language.person_names import NameWords, name_languages, name_words
from scraper.regions import codes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from scraper.archive.file.library import Archive

Kind = Literal["person", "place"]
# The share of a name's occurrences that must follow "in" or a word for places, if no gazetteer has it.
PLACE_SHARE = 0.5
_LETTERS = re.compile(r"[^\W\d_]+")
_GAZETTEER = frozenset({"id", "ms"})  # the languages in which texts name Indonesian regions


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A person or a place. `articles` name it, `mentions` times in all; `quotes` counts the times with a verb of speech
    beside it.

    `title` is the office most often given with a person; `region` the official code of a place if it is certain
    ("61.04", or several if a city and a regency share the name), None for a place that is not in the list.
    """

    name: str
    kind: Kind
    articles: int
    mentions: int
    quotes: int
    title: str | None
    region: str | None


@dataclass(slots=True, kw_only=True)
class Names:
    """The result, and what could not be examined: articles in languages without such words (by language), and damaged
    ones.
    """

    found: list[Named]
    articles: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0


@dataclass(slots=True)
class _Tally:
    articles: set[int] = field(default_factory=set)
    signed: set[int] = field(default_factory=set)  # articles with a title or a verb of speech beside it
    mentions: int = 0
    quotes: int = 0
    places: int = 0
    titles: Counter[str] = field(default_factory=Counter)


def names(
    db: Archive,
    numbers: Collection[int],
    *,
    least: int = 2,
    on_progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> Names:
    """People and places in these articles' bodies, those in the most articles first.

    A person is a name beside a title or a verb of speech in `least` articles or more. A place is in the list of
    regions, or follows "in" or a word for places most of the time, in `least` articles. The whole selection decides
    which is which, so a name that only opens sentences counts as one if its first word is never written in lower case.
    """
    done = Names(found=[])
    tallies: defaultdict[str, _Tally] = defaultdict(_Tally)
    opening: list[tuple[int, NameSighting]] = []
    small: set[str] = set()
    for count, text in enumerate(passages.texts(db, list(numbers)), 1):
        on_progress("articles read", count, len(numbers))
        if not isinstance(text, Text):
            done.unreadable += 1
            continue
        words = _words_of(text, done)
        if words is None:
            continue
        done.articles += 1
        small.update(word for word in _LETTERS.findall(text.body) if word.islower())
        for sighting in _joined(sightings(text.body, words, _place_of(words))):
            if sighting.starts:
                opening.append((text.article_id, sighting))
            else:
                _take(tallies[sighting.name], text.article_id, sighting)
    known = set(tallies)
    for number, sighting in opening:
        name = _of_opening(sighting.name, known, small)
        if name:
            _take(tallies[name], number, sighting)
    _fold(tallies)
    found = (_named(name, tally, least) for name, tally in tallies.items())
    done.found = sorted((each for each in found if each), key=lambda each: (-each.articles, -each.mentions, each.name))
    return done


def _words_of(text: Text, done: Names) -> NameWords | None:
    code = (text.language or "").lower().partition("-")[0]
    if code not in name_languages():
        told = tell_language(text.body)
        code = told.language if told else code or "unknown"
    words = name_words(code)
    if words is None:
        done.skipped[code] += 1
    return words


def _place_of(words: NameWords) -> Callable[[str], bool]:
    return _is_region if words.language in _GAZETTEER else lambda _name: False


@lru_cache(maxsize=100_000)
def _is_region(name: str) -> bool:
    return bool(codes_of(name))


def _joined(found: list[NameSighting]) -> list[NameSighting]:
    """The sightings in one article, where part of a longer name in it stands for the whole: "Rantan" for Martin Rantan."""
    whole: defaultdict[str, set[str]] = defaultdict(set)
    for each in found:
        parts = each.name.split(" ")
        if len(parts) > 1 and not each.is_place and not each.starts:
            for part in parts:
                whole[part].add(each.name)
    for each in found:
        if not each.is_place and " " not in each.name and len(whole.get(each.name, ())) == 1:
            each.name, each.starts = next(iter(whole[each.name])), False
    return found


def _of_opening(name: str, known: Collection[str], small: Collection[str]) -> str | None:
    """The name at the beginning of a sentence: all of it if it also occurs within sentences or its first word is never
    in lower case, otherwise the rest.
    """
    first, _, rest = name.partition(" ")
    if name in known or first.lower() not in small:
        return name
    return rest or None


def _fold(tallies: dict[str, _Tally]) -> None:
    """Count "Keuangan Sri Mulyani", given with a title, as "Sri Mulyani", which has evidence of its own: the rest
    belongs to the title.
    """
    for name in sorted(tallies, key=len, reverse=True):
        parts = name.split(" ")
        if not tallies[name].titles:
            continue
        for at in range(1, len(parts) - 1):  # one word alone is too little
            other = tallies.get(" ".join(parts[at:]))
            if other and other.signed and other.mentions > other.places:
                mine = tallies.pop(name)
                other.articles |= mine.articles
                other.signed |= mine.signed
                other.mentions += mine.mentions
                other.quotes += mine.quotes
                other.titles.update({f"{title} {' '.join(parts[:at])}": count for title, count in mine.titles.items()})
                break


def _take(tally: _Tally, number: int, sighting: NameSighting) -> None:
    tally.articles.add(number)
    tally.mentions += 1
    tally.quotes += sighting.is_quoted
    tally.places += sighting.is_place
    if sighting.title:
        tally.titles[sighting.title] += 1
    if sighting.title or sighting.is_quoted:
        tally.signed.add(number)


def _named(name: str, tally: _Tally, least: int) -> Named | None:
    is_place = tally.places >= PLACE_SHARE * tally.mentions
    if is_place and len(tally.articles) < least:
        return None
    if not is_place and len(tally.signed) < least:
        return None
    return Named(
        name=name,
        kind="place" if is_place else "person",
        articles=len(tally.articles),
        mentions=tally.mentions,
        quotes=0 if is_place else tally.quotes,
        title=tally.titles.most_common(1)[0][0] if tally.titles and not is_place else None,
        region=_codes(name) if is_place else None,
    )


def _codes(name: str) -> str | None:
    return "|".join(sorted(codes_of(name))) or None


def names_in(text: str, language: str) -> Iterable[NameSighting]:
    """The names in one text, as `names` counts them before it compares articles; none for a language without such
    words.
    """
    words = name_words(language)
    return _joined(sightings(text, words, _place_of(words))) if words else ()
