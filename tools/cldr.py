"""Write the calendar of each language pack from Unicode CLDR: months, weekdays, "3 days ago", a.m. and p.m., order of
day and month.

    python -m tools.cldr            all packs
    python -m tools.cldr sv da      two of them; a pack that does not exist yet is begun
    python -m tools.cldr --check    say which packs differ from CLDR; exit 1 if any does

Needs Babel (a development dependency), which carries CLDR's data. This script owns everything below the mark in a pack.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel import Locale
from babel.core import get_cldr_version
from babel.localedata import locale_identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKS = Path(__file__).parent.parent / "scraper" / "language" / "packs"
MARK = "# ---- From CLDR by tools/cldr.py; what stands below is not edited by hand. ----\n"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
UNITS = ("second", "minute", "hour", "day", "week")
DAYS = (("today", 0), ("yesterday", -1), ("before", -2))
CLDR_NAMES = {"tl": "fil"}
OTHER_SCRIPTS = ("_Shaw", "_Dsrt", "_Beng", "_Deva", "_Arab", "_Adlm", "_Vaii", "_Mong", "_Tfng", "_Hebr")
MARKS = "\u200e\u200f\u061c\u200b\u2060\ufeff\u00ad"  # of direction, and invisible characters


def main(arguments: list[str]) -> int:
    is_check = "--check" in arguments
    names = [each for each in arguments if not each.startswith("-")] or sorted(
        path.stem for path in PACKS.glob("*.toml")
    )
    stale = []
    for name in names:
        path = PACKS / f"{name}.toml"
        if name == "und":
            continue
        old = path.read_text("utf-8") if path.exists() else f"name = {_quoted(_own_name(name))}\n\n"
        new = old.partition(MARK)[0].rstrip("\n") + "\n\n" + MARK + calendar(name)
        if new != old:
            stale.append(name)
            if not is_check:
                path.write_text(new, "utf-8")
    print(("differ from CLDR: " if is_check else "written: ") + (", ".join(stale) or "none"))  # noqa: T201
    return int(is_check and bool(stale))


def calendar(language: str) -> str:
    """The calendar of a language as TOML, over all its regions and scripts; the language's own form comes first."""
    locales = [Locale.parse(name) for name in _locales(language)]
    lines = [
        "[calendar]",
        f"cldr = {_quoted(str(get_cldr_version()))}",
        f"order = {_quoted(_order(locales[0]))}",
        f"month_first = {_list(sorted({each.territory for each in locales if each.territory and _order(each) == 'mdy'}))}",
        *(f"{half} = {_list(_halves(locales, half))}" for half in ("am", "pm")),
        "",
        "[calendar.months]",
        *(f"{number} = {_list(names)}" for number, names in _months(locales).items()),
        "",
        "[calendar.weekdays]",
        *(f"{WEEKDAYS[number]} = {_list(names)}" for number, names in _weekdays(locales).items()),
        "",
        "[calendar.ago]",
        *(f"{unit} = {_list(_ago(locales, unit))}" for unit in UNITS),
        "",
        "[calendar.days]",
        *(f"{name} = {_list(_relative_days(locales, number))}" for name, number in DAYS),
    ]
    return "\n".join(lines) + "\n"


@cache
def _locales(language: str) -> tuple[str, ...]:
    name = CLDR_NAMES.get(language, language)
    return tuple(
        sorted(
            each
            for each in locale_identifiers()
            if each.split("_")[0] == name and not any(script in each for script in OTHER_SCRIPTS)
        )
    )


def _own_name(language: str) -> str:
    return Locale.parse(CLDR_NAMES.get(language, language)).display_name or language


def _order(locale: Locale) -> str:
    """The order of day, month and year in a short date: "dmy", "mdy", "ymd"."""
    pattern = locale.date_formats["short"].pattern.lower()
    return "".join(sorted("dmy", key=pattern.index))


def _named(locales: Iterable[Locale], kind: str) -> Iterator[tuple[int, str]]:
    for locale in locales:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                yield from getattr(locale, kind)[context].get(width, {}).items()


def _months(locales: list[Locale]) -> dict[int, list[str]]:
    """Names by number; a name that another region gives to another month keeps its first meaning. Numbers are not
    names.
    """
    found: dict[int, list[str]] = {number: [] for number in range(1, 13)}
    taken: dict[str, int] = {}
    for number, name in _named(locales, "months"):
        text = _plain(name)
        if (
            len(text) > 1
            and not text[0].isdigit()
            and taken.setdefault(text, number) == number
            and text not in found[number]
        ):
            found[number].append(text)
    return found


def _weekdays(locales: list[Locale]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    taken: dict[str, int] = {}
    for number, name in _named(locales, "days"):
        text = _plain(name)
        if len(text) > 1 and taken.setdefault(text, number) == number and text not in found[number]:
            found[number].append(text)
    return dict(sorted(found.items()))


def _halves(locales: list[Locale], half: str) -> list[str]:
    found = []
    for locale in locales:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                periods: Any = locale.day_periods.get(context, {}).get(width, {})
                found.append(_plain(periods.get(half, "")))
    return _unique(found)


def _ago(locales: list[Locale], unit: str) -> list[str]:
    fields = (locale._data["date_fields"] for locale in locales)  # noqa: SLF001  # Babel reads it, but has no name for it
    return _unique(
        _plain(pattern)
        for each in fields
        for width in ("", "-short", "-narrow")
        for pattern in each.get(unit + width, {}).get("past", {}).values()
        if "{0}" in pattern
    )


def _relative_days(locales: list[Locale], number: int) -> list[str]:
    fields = (locale._data["date_fields"] for locale in locales)  # noqa: SLF001
    return _unique(_plain(each.get("day", {}).get("relative", {}).get(number, "")) for each in fields)


def _plain(text: str) -> str:
    """In lower case, with plain blanks and apostrophes, without the full stop of an abbreviation."""
    text = text.lower().replace("i̇", "i").replace("’", "'").translate(dict.fromkeys(map(ord, MARKS)))
    return " ".join(text.split()).rstrip(".॰ ")


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(text) for text in texts) + "]"


def _quoted(text: str) -> str:
    return f"'{text}'" if "'" not in text else f'"{text}"'


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
