"""Language packs: one TOML file per language, read and checked when a page first needs it.

An entry is one line: what it says, then texts that it must match and texts that it must not. Tests read those; a reader
of pages does not need them, so they are cut off before the file is parsed. docs/language.md is the guide.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, get_args

from scraper.errors import LanguageError
from scraper.records import Role

if TYPE_CHECKING:
    from collections.abc import Mapping
    from importlib.resources.abc import Traversable

NEUTRAL = "und"  # ISO 639-2 for an undetermined language: lines that are in no language
# The sections of a pack whose entries remove or decide something; each of their entries carries its tests.
SECTIONS: Mapping[str, frozenset[str]] = {
    "byline": frozenset({"role", "bare", "verb"}),
    "related": frozenset({"bare"}),
    "furniture": frozenset({"sure"}),
    "note": frozenset(),
    "end": frozenset(),
    "caption": frozenset({"part", "sure"}),
    "credit": frozenset({"part"}),
    "gone": frozenset(),
    "withdrawn": frozenset(),
    "correction": frozenset({"bare"}),
    "front": frozenset(),
    "wall": frozenset(),
    "paywall": frozenset(),
    "updated": frozenset(),
    "published": frozenset(),
    "event": frozenset(),
    "desk": frozenset(),
    "class": frozenset(),
}
# What an entry of these sections is, the first unless it says otherwise. A caption's label stands before what a picture shows or
# before its owner ("picture"), before its owner only ("owner"), before its owner or what a text is based on ("source"), or needs no colon
# ("by"). A credit's word tells that brackets are a credit ("word"), is one by itself ("alone") or with a name behind a slash ("agency"), or
# comes before whoever gave the picture ("from").
PARTS: Mapping[str, tuple[str, ...]] = {
    "caption": ("picture", "owner", "source", "by"),
    "credit": ("word", "alone", "agency", "from"),
}
ROLES = (*get_args(Role), "editor", "nobody")  # "nobody": who put it online
_TESTS = frozenset({"also", "takes", "leaves"})
_HEAD = frozenset({"name", "stopwords", "script", "second"})
_DATES = frozenset(
    {"months", "weekdays", "zones", "clock", "ago", "days", "am", "pm", "parts", "years_ahead", "solar_months"}
)
_CUT = re.compile(r"(?m)(?:, *)?\btakes *= .*\}$")
_TABLE = "\n["
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = ("second", "minute", "hour", "day", "week")


@dataclass(frozen=True, slots=True, kw_only=True)
class PackLine:
    """One line of a pack: its forms in lower case (see lines.pattern_of), and what they say.

    `role` is whose name follows a byline label. `is_bare`: the label needs no colon before what it introduces;
    `is_verb`: it says that somebody wrote ("written by"), so that one word after it is a name. `is_sure`: no sentence
    of a story matches it by chance, whatever words it leaves open; a caption's label: a paragraph that ends with it and a
    name is a caption. `part` says what a label or word of captions is (see PARTS), "" in other sections.
    """

    section: str
    language: str
    forms: tuple[str, ...]
    role: str = "writer"
    is_bare: bool = False
    is_verb: bool = False
    is_sure: bool = False
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calendar:
    """How a language names days and times; names in lower case.

    `ago` has patterns with "{0}" for the number, by unit. `zones` are hours ahead of UTC, or names in the tz database.
    `years_ahead` is how far the printed years run ahead of the common ones. `month_first`: the territories that write
    5/31/2024.
    """

    order: str = "dmy"
    month_first: frozenset[str] = frozenset()
    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    ago: tuple[tuple[str, str], ...] = ()
    days: Mapping[str, int]
    am: tuple[str, ...] = ()
    pm: tuple[str, ...] = ()
    zones: Mapping[str, float | str]
    clock: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    years_ahead: int = 0
    solar_months: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What identifies a text's language: words that every text in it has, or a script that no other language uses."""

    language: str
    name: str
    stopwords: frozenset[str]
    script: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """The vocabulary of one language."""

    language: str
    entries: Mapping[str, tuple[PackLine, ...]]
    calendar: Calendar

    def __repr__(self) -> str:
        return f"Pack({self.language!r})"


@cache
def languages() -> tuple[str, ...]:
    """The languages for which there is a pack, as ISO 639 codes, without the neutral one."""
    names = (each.name for each in _folder().iterdir())
    return tuple(sorted(name[:-5] for name in names if name.endswith(".toml") and name != f"{NEUTRAL}.toml"))


@lru_cache(maxsize=64)
def read_pack(language: str) -> Pack:
    """The pack of a language; raises LanguageError, with file and line, if it is malformed, and KeyError if there is
    none.
    """
    if language != NEUTRAL and language not in languages():
        raise KeyError(language)
    return parse_pack(_text(language), language)


def parse_pack(text: str, language: str) -> Pack:
    """A pack from its text, without the tests of its entries; raises LanguageError."""
    found = _toml(_CUT.sub("}", text), language)
    place = PackPosition(language, text)
    sections = {
        section: tuple(_entry(place, section, key, value) for key, value in place.table(found, section).items())
        for section in SECTIONS
    }
    strays = [key for key in found if key not in {*SECTIONS, *_HEAD, "dates", "calendar"}]
    if strays:
        raise place.error(strays[0], "is not a section of a pack")
    return Pack(language=language, entries=sections, calendar=_calendar(place, found))


@lru_cache(maxsize=64)
def read_head(language: str) -> Head:
    """The words that identify a language; only the head of its pack is parsed."""
    text = _text(language)
    found = _toml(text[:end] if (end := text.find(_TABLE)) >= 0 else text, language)
    place = PackPosition(language, text)
    for key in ("name", "stopwords", "script"):
        if not isinstance(found.get(key, ""), str):
            raise place.error(key, "is not a string")
    return Head(
        language=language,
        name=found.get("name", language),
        stopwords=frozenset(found.get("stopwords", "").split()),
        script=found.get("script"),
    )


class PackPosition:
    """A pack as text, to say where in it something is wrong."""

    def __init__(self, language: str, text: str) -> None:
        self.language = language
        self._lines = text.splitlines()

    def error(self, key: str, problem: str, section: str | None = None) -> LanguageError:
        """The error of an entry, a section or a name, with its line."""
        return LanguageError(f"{self.language}.toml:{self.line(key, section)}: {key!r} {problem}")

    def line(self, key: str, section: str | None = None) -> int:
        """The line of a key, below a section's head; 1 if it cannot be found."""
        start = next((n for n, line in enumerate(self._lines) if line.strip() == f"[{section}]"), 0) if section else 0
        heads = (key, f"'{key}'", f'"{key}"', f"[{key}]")
        for number, line in enumerate(self._lines[start:], start + 1):
            head = line.strip()
            if any(head.startswith(each) and head[len(each) :].lstrip()[:1] in ("=", "") for each in heads):
                return number
        return start + 1

    def table(self, found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        """A table of the pack; empty if it has none."""
        table = found.get(name, {})
        if not isinstance(table, dict):
            raise self.error(name, "is not a section but a value")
        return table

    def texts(self, value: Any, key: str, section: str) -> tuple[str, ...]:
        """A string, or a list of strings, as a tuple."""
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(each, str) and each for each in values):
            raise self.error(key, "has something else than texts", section)
        return tuple(values)


def _entry(place: PackPosition, section: str, key: str, value: Any) -> PackLine:
    if not isinstance(value, dict):
        raise place.error(key, 'is not an entry: write { takes = "…", leaves = "…" } behind it', section)
    if strays := sorted(set(value) - SECTIONS[section] - _TESTS):
        raise place.error(key, f"has {strays[0]!r}, which [{section}] does not know", section)
    role = value.get("role", "writer")
    if role not in ROLES:
        raise place.error(key, f"has the role {role!r}; there are {', '.join(ROLES)}", section)
    parts = PARTS.get(section, ("",))
    part = value.get("part", parts[0])
    if part not in parts:
        raise place.error(key, f"has the part {part!r}; there are {', '.join(parts)}", section)
    forms = (key, *place.texts(value.get("also", []), key, section))
    return PackLine(
        section=section,
        language=place.language,
        forms=forms,
        role=role,
        is_bare=value.get("bare") is True,
        is_verb=value.get("verb") is True,
        is_sure=value.get("sure") is True,
        part=part,
    )


def _check_form(place: PackPosition, form: str, key: str, section: str) -> None:
    if is_pattern(form):
        try:
            pattern = re.compile(form[1:-1])
        except re.error as error:
            raise place.error(key, f"is not a regular expression: {error}", section) from error
        if pattern.groups:
            raise place.error(key, "has a capturing group: write (?:…)", section)
    elif form != form.lower():
        raise place.error(key, "is not in small letters", section)


def is_pattern(form: str) -> bool:
    """Whether a form is a regular expression, between slashes, rather than plain words."""
    return len(form) > 2 and form[0] == form[-1] == "/"


def _calendar(place: PackPosition, found: Mapping[str, Any]) -> Calendar:
    """CLDR's names, and those that a pack adds in [dates]."""
    cldr, own = place.table(found, "calendar"), place.table(found, "dates")
    if strays := sorted(set(own) - _DATES):
        raise place.error(strays[0], "is nothing that [dates] knows", "dates")
    try:
        months = {name: int(number) for number, names in cldr.get("months", {}).items() for name in names}
        weekdays = {name: WEEKDAYS.index(day) for day, names in cldr.get("weekdays", {}).items() for name in names}
        ago = {pattern: unit for unit, patterns in cldr.get("ago", {}).items() for pattern in patterns}
        steps = {"today": 0, "yesterday": 1, "before": 2}
        days = {name: steps[day] for day, names in cldr.get("days", {}).items() for name in names}
        return Calendar(
            order=cldr.get("order", "dmy"),
            month_first=frozenset(cldr.get("month_first", ())),
            months=months | {name: int(number) for name, number in own.get("months", {}).items()},
            weekdays=weekdays | {name: WEEKDAYS.index(day) for name, day in own.get("weekdays", {}).items()},
            ago=tuple((ago | {pattern: str(unit) for pattern, unit in own.get("ago", {}).items()}).items()),
            days=days | {name: int(number) for name, number in own.get("days", {}).items()},
            am=(*cldr.get("am", ()), *own.get("am", ())),
            pm=(*cldr.get("pm", ()), *own.get("pm", ())),
            zones={name: zone if isinstance(zone, str) else float(zone) for name, zone in own.get("zones", {}).items()},
            clock=tuple(own.get("clock", ())),
            parts=tuple(own.get("parts", ())),
            solar_months={name: int(number) for name, number in own.get("solar_months", {}).items()},
            years_ahead=int(own.get("years_ahead", 0)),
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise place.error("calendar" if "calendar" in found else "dates", f"cannot be read: {error!r}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The tests of an entry: texts that it must match, texts that it must not, and its line."""

    entry: PackLine
    takes: tuple[str, ...]
    leaves: tuple[str, ...]
    line: int


def read_trials(language: str) -> list[Trial]:
    """The tests of every entry of a pack; raises LanguageError for an entry that lacks one or is not on one line."""
    text = _text(language)
    return parse_trials(text, language)


def parse_trials(text: str, language: str) -> list[Trial]:
    """The tests of every entry of a pack that is given as text; raises LanguageError."""
    found, place = _toml(text, language), PackPosition(language, text)
    read = parse_pack(text, language)
    trials = []
    for section in SECTIONS:
        for entry, (key, value) in zip(read.entries[section], place.table(found, section).items(), strict=True):
            if entry != _entry(place, section, key, value):
                raise place.error(key, "is not one line that ends with its takes and leaves", section)
            takes, leaves = (place.texts(value.get(name, []), key, section) for name in ("takes", "leaves"))
            for form in entry.forms:
                _check_form(place, form, key, section)
            if not takes or not leaves:
                raise place.error(key, "has no text that it must " + ("leave" if takes else "take"), section)
            trials.append(Trial(entry=entry, takes=takes, leaves=leaves, line=place.line(key, section)))
    return trials


def _folder() -> Traversable:
    return files("scraper.language") / "packs"


def hold_packs() -> None:
    """Keep the texts of all packs in memory from now on; each is parsed when a page first needs it."""
    for language in (NEUTRAL, *languages()):
        _text(language)


@cache
def _text(language: str) -> str:
    return (_folder() / f"{language}.toml").read_text("utf-8")


def _toml(text: str, language: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LanguageError(f"{language}.toml: {error}") from error
