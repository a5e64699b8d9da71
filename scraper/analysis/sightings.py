"""Capitalised names in a text, with the evidence that they are people or places. Pure; `names` makes the decision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.language.person_names import NameWords

_TOKEN = re.compile(r"[^\W_](?:[\w’'-]*\w)?|[^\w\s]|\n\n")
_ENDS = frozenset('.!?:…\n\n“”"«»')
_INITIAL = re.compile(r"[^\W\d_]\Z")
_OWNED = re.compile("[’']s?$")  # English
MAX_WORDS = 6  # in a name; more is a headline in capitals
_APPOSITION = 8  # tokens between two commas, or in brackets, after a name: its age, its office


@dataclass(slots=True, kw_only=True)
class NameSighting:
    """A name at one place in a text. `starts`: it opens a sentence, so its first word would be capitalised anyway.

    `title` is the office given with it; `is_quoted`: somebody of this name speaks; `is_place`: a word for places or
    "in" precedes it, or `place` is one (from the gazetteer, as it was looked up).
    """

    name: str
    starts: bool
    title: str | None = None
    is_quoted: bool = False
    is_place: bool = False
    place: str | None = None


@dataclass(slots=True, kw_only=True)
class _Run:
    """Consecutive capitalised words: tokens[first:last]. `begin` is where the title before them begins."""

    first: int
    last: int
    starts: bool
    begin: int = 0


def sightings(text: str, words: NameWords, is_place: Callable[[str], bool]) -> list[NameSighting]:
    """The names in a text in order, and its places. `is_place` says whether the gazetteer has a name."""
    tokens = _TOKEN.findall(text)
    found: list[NameSighting] = []
    pending: tuple[str, bool, int] | None = (
        None  # a title whose name follows after a comma, whether it speaks, where the name would begin
    )
    for run in _runs(tokens, words):
        mine = [tokens[at] for at in range(run.first, run.last)]
        title, core, in_title = _without_title(mine, words, is_place)
        run.begin, small_title = _small_title(tokens, run.first, words)
        title = " ".join(filter(None, (small_title, title))) or None
        found += [NameSighting(name=each, starts=False, is_place=True, place=each) for each in in_title]
        speaks = _speaks(tokens, run, words)
        given = pending if pending and pending[2] == run.first else None
        pending = None
        if not core:
            if title:
                pending = (title, speaks, run.last + 1) if tokens[run.last : run.last + 1] == [","] else None
            continue
        if any(word.lower() in words.organisations for word in core):
            if title:
                pending = (" ".join(mine), speaks, run.last + 1) if tokens[run.last : run.last + 1] == [","] else None
            found += _places_within(core, words, is_place)
            continue
        if len(core) == 1 and core[0].isupper():
            continue  # an abbreviation, usually of an office
        if given:
            title, speaks = title or given[0], speaks or given[1]
        found.append(_sighting(tokens, run, core, words, is_place, title=title, speaks=speaks))
    return found


def _sighting(
    tokens: list[str],
    run: _Run,
    core: list[str],
    words: NameWords,
    is_place: Callable[[str], bool],
    *,
    title: str | None,
    speaks: bool,
) -> NameSighting:
    before = tokens[run.first - 1].lower() if run.first else ""
    has_word = core[0].lower() in words.place_words and len(core) > 1
    name = " ".join(core[1:] if has_word else core)
    is_of_place = has_word or (before in words.in_place and not title)
    known = name if (has_word or not title) and is_place(name) else None
    return NameSighting(
        name=name,
        starts=run.starts and not title and not has_word,
        title=title,
        is_quoted=speaks and not has_word,
        is_place=is_of_place or known is not None,
        place=known,
    )


def _runs(tokens: list[str], words: NameWords) -> Iterator[_Run]:
    at, starts = 0, True
    while at < len(tokens):
        token = tokens[at]
        if not token[0].isupper() or (starts and token.lower() in words.openers):
            starts = token in _ENDS or (starts and not token[0].isalnum())
            at += 1
            continue
        last = at + 1
        joins = token.lower() in words.organisations
        while last < len(tokens):
            if tokens[last][0].isupper():
                joins = joins or tokens[last].lower() in words.organisations
                last += 1
            elif tokens[last] == "." and _is_abbreviated(tokens, last, words):
                last += 1
            elif step := _linked(tokens, last, words, joins=joins):
                last += step
            else:
                break
        yield _Run(first=at, last=last, starts=starts)
        at, starts = last, False


def _is_abbreviated(tokens: list[str], at: int, words: NameWords) -> bool:
    """Whether a full stop belongs to an initial or a title ("M. Rizal", "Dr. Ani"), and a name continues after it."""
    word = tokens[at - 1]
    goes_on = at + 1 < len(tokens) and tokens[at + 1][0].isupper()
    return goes_on and (bool(_INITIAL.match(word)) or (len(word) <= 4 and word.lower() in words.titles))


def _linked(tokens: list[str], at: int, words: NameWords, *, joins: bool) -> int:
    """How many small words continue a name: "van der", "de la", in an office "of"; 0 if none does."""
    links = words.particles | words.joiners if joins else words.particles
    step = 0
    while at + step < len(tokens) and tokens[at + step] in links and step < 3:
        step += 1
    return step if step and at + step < len(tokens) and tokens[at + step][0].isupper() else 0


def _without_title(
    mine: list[str], words: NameWords, is_place: Callable[[str], bool]
) -> tuple[str | None, list[str], list[str]]:
    """The title in front ("Bupati Ketapang", "Kapolres Sambas AKBP"), what is left as the name, and the places in the
    title.
    """
    at, places, had = 0, [], False
    while at < len(mine):
        if mine[at].lower() in words.titles:
            at, had = at + 1, True
        elif had and mine[at] == ".":
            at += 1
        elif had and (length := _place_at(mine, at, words, is_place)) and mine[at - 1].lower() in words.titles:
            name = [word for word in mine[at : at + length] if word.lower() not in words.place_words]
            places.append(" ".join(name))
            at += length
        else:
            break
    inside = [place for place in range(at, len(mine)) if mine[place].lower() in words.titles and place + 1 < len(mine)]
    if inside:  # "Dikasih Pak Jokowi": what precedes the title is not part of the name
        at, had = inside[-1] + 1, True
    core = [_OWNED.sub("", word) for word in mine[at:] if word != "."] if len(mine[at:]) <= MAX_WORDS * 2 else []
    while core and core[-1].lower() in words.calendar:
        core.pop()
    while core and core[0].lower() in words.calendar:
        core.pop(0)
    title = " ".join(word for word in mine[:at] if word != ".") if had else None
    return title, core if len(core) <= MAX_WORDS else [], places


def _place_at(mine: list[str], at: int, words: NameWords, is_place: Callable[[str], bool]) -> int:
    """How many words from here on are a place in the gazetteer, as many as possible; 0 if none."""
    skip = mine[at].lower() in words.place_words
    for length in range(min(3, len(mine) - at - skip), 0, -1):
        if is_place(" ".join(mine[at + skip : at + skip + length])):
            return length + skip
    return 0


def _places_within(core: list[str], words: NameWords, is_place: Callable[[str], bool]) -> list[NameSighting]:
    """Places at the end of an office's name: "Dinas Kesehatan Kabupaten Sambas"."""
    for at in range(1, len(core)):
        if (length := _place_at(core, at, words, is_place)) and at + length == len(core):
            name = " ".join(word for word in core[at:] if word.lower() not in words.place_words)
            return [NameSighting(name=name, starts=False, is_place=True, place=name)]
    return []


def _small_title(tokens: list[str], first: int, words: NameWords) -> tuple[int, str | None]:
    """Where a lower-case title before a name begins ("dijo la alcaldesa María"), and the title; `first` and None if
    there is none.
    """
    at = first
    while at and tokens[at - 1] in words.titles:
        at -= 1
    title = " ".join(tokens[at:first]) or None
    while title and at and tokens[at - 1] in words.particles:
        at -= 1
    return at, title


def _speaks(tokens: list[str], run: _Run, words: NameWords) -> bool:
    """Whether a verb of speech comes right before a name and its title, or after it and what is inserted between commas
    or brackets.
    """
    first = run.begin
    if first and tokens[first - 1].lower() in words.speech_before:
        return True
    if first > 1 and tokens[first - 2].lower() in words.speech_before and tokens[first - 1].isalpha():  # according to
        return True
    at = run.last
    if at < len(tokens) and tokens[at] in (",", "("):
        close = next((i for i in range(at + 1, min(at + _APPOSITION, len(tokens))) if tokens[i] in (",", ")")), None)
        at = close + 1 if close is not None else at
    return at < len(tokens) and tokens[at].lower() in words.speech_after
