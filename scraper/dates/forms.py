"""The patterns of dates and times for the names of one calendar, compiled when a page first needs them."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.language import Calendar

_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])"
_WORD = r"[^\W\d_]{3,12}"  # any word; whether it is a month is looked up, since trying a hundred names takes long
_PLAIN = re.compile(_WORD)
_MONTH = r"(?P<month>1[0-2]|0?[1-9])"
_BETWEEN = r"[\s\-–/،]*+"
_SMALL_WORD = r"(?:(?:of|del?|di|ng)\s++|d'|ב-?)?"
_GMT = r"(?:GMT|UTC)\s?[+-]\d{1,2}(?::?\d{2})?"
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ud7af]")
_COMPACT = 5  # the form of "20241003T1200"
UNIVERSAL_ZONES: dict[str, float | str] = {"z": 0.0, "utc": 0.0, "gmt": 0.0}


class Forms:
    """How the languages of one calendar print dates and times."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.zones = UNIVERSAL_ZONES | dict(calendar.zones)
        eras = ["19|20"]
        if calendar.years_ahead:
            eras.append("25")
        if calendar.solar_months:
            eras.append("1[34]")
        self.year = rf"(?P<year>(?:{'|'.join(eras)})\d{{2}})"
        self.any_year = re.compile(rf"(?:{'|'.join(eras)})\d\d")

    @cached_property
    def _word(self) -> str:
        """A month's name: any word, or one of the names that are not a word to a pattern (blanks, stops, combining
        marks).
        """
        odd = [name for name in (*self.calendar.months, *self.calendar.solar_months) if not _PLAIN.fullmatch(name)]
        return rf"(?P<word>{_any_of(odd)}{'|' if odd else ''}{_WORD})"

    @cached_property
    def dates(self) -> tuple[re.Pattern[str], ...]:
        """The forms of a date, each with day, month or word, and year."""
        year, word = self.year, self._word
        second = r"(?:\s?/\s?[\u0600-\u06ff]{3,12})?"  # Arabic papers give both names of a month
        patterns = [
            rf"(?<!\d){year}[-/.]\s?{_MONTH}[-/.]\s?(?P<day>[12]\d|3[01]|0?[1-9])(?!\d)",
            rf"(?<!\d){year}\s?[年년]\s?{_MONTH}\s?[月월]\s?{_DAY}\s?[日일]?",
            rf"(?<!\d){_DAY}(?:st|nd|rd|th|er|º|ª|\.)?{_BETWEEN}{_SMALL_WORD}{word}(?!\w)\.?{second}[,،]?{_BETWEEN}"
            rf"(?:(?:del?|năm)\s++)?(?:{year}|(?P<short>\d{{2}})(?=\b(?!\s?[:.h]\d)))",
            rf"(?<!\w){word}(?!\w)\.?\s*+{_DAY}(?:st|nd|rd|th)?(?:,\s*+|\s++|\s*+,?\s*+-\s*+)(?:{year}|['’](?P<short>\d{{2}})(?!\d))",
            r"(?<![\d/.-])(?P<first>\d{1,2})\s?(?P<mark>[/.-])\s?(?P<other>\d{1,2})\s?(?P=mark)\s?"
            rf"(?:{year}|(?P<short>\d{{2}}))(?![\d/-])",
            r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?=T?\d{4,6}|T|\b)",
            # "2024. május 3.", "2024 m. gegužės 3 d.", and "2024 May 3" as journals date their papers.
            rf"(?<!\d){year}\.?\s(?:m\.\s)?{word}\.?\s{_DAY}(?!\d)",
        ]
        return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)

    @cached_property
    def without_year(self) -> tuple[re.Pattern[str], ...]:
        """Those that need no four-digit year; most texts that are searched for a date have none."""
        return tuple(form for form in self.dates if "<short>" in form.pattern)

    def is_compact(self, form: re.Pattern[str]) -> bool:
        """Whether a form is the one without separators, after which the clock also has none."""
        return form is self.dates[_COMPACT]

    @cached_property
    def _zone(self) -> str:
        return rf"\(?(?P<zone>Z\b|[+-]\d{{2}}:?\d{{2}}\b|[+-]\d{{2}}\b|{_GMT}|(?:{_any_of(self.zones)})(?!\w))\)?"

    @cached_property
    def _half(self) -> str:
        own = self._halves(r"(?!\w)")
        return rf"(?P<half>[ap]\.?m\b\.?{own})"

    def _halves(self, behind: str) -> str:
        own = [name for name in (*self.calendar.am, *self.calendar.pm) if name[:1] not in ("a", "p")]
        return f"|(?:{_any_of(own)}){behind}" if own else ""

    @cached_property
    def _clock(self) -> str:
        own = self._halves("").removeprefix("|")
        before = rf"(?:(?P<before>{own})\s*)?" if own and _UNSPACED.search(own) else ""
        uhr = _any_of(word for word in self.calendar.clock if word.isalpha())
        return (
            before + r"(?P<hour>[01]?\d|2[0-4])(?P<colon>\s?[:.h]\s?|[時时點点시]\s?)(?P<minute>[0-5]\d)(?:분|分)?"
            r"(?:[:.](?P<second>[0-5]\d)(?:[.,]\d+)?)?"
            rf"(?!\d)\s*(?:{self._half})?\s*(?:(?:{uhr or '(?!)'})\b\s*)?(?:{self._zone})?"
        )

    @cached_property
    def clocks(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """A time with minutes, and one with the hour alone ("10 am")."""
        hour = rf"(?<![\d:.,/])(?P<hour>1[0-2]|0?[1-9])\s*{self._half}\s*(?:{self._zone})?"
        return re.compile(r"(?<![\d.,/])" + self._clock, re.IGNORECASE), re.compile(hour, re.IGNORECASE)

    @cached_property
    def compact_clock(self) -> re.Pattern[str]:
        """The time after the form without separators."""
        hour = r"^T?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?"
        return re.compile(rf"{hour}(?:{self._zone})?", re.IGNORECASE)

    @cached_property
    def beside_clock(self) -> re.Pattern[str]:
        """What stands beside a time printed with a dot, as many other numbers are: a word for clocks, a zone, a bar."""
        words = [word for word in self.calendar.clock if len(word) > 1] + [zone for zone in self.zones if len(zone) > 2]
        return re.compile(rf"\||(?<!\w)(?:{_any_of(words)})(?!\w)", re.IGNORECASE)

    @cached_property
    def ago(self) -> tuple[re.Pattern[str], tuple[str, ...]]:
        """Relative dates ("4 jam lalu") as groups n0, n1 … around the number, and the unit of each."""
        ordered = sorted(self.calendar.ago, key=lambda each: -len(each[0]))
        parts = [_relative(pattern, number) for number, (pattern, _) in enumerate(ordered)]
        return re.compile("|".join(parts) or "(?!)", re.IGNORECASE), tuple(unit for _, unit in ordered)

    @cached_property
    def these_days(self) -> tuple[re.Pattern[str], ...]:
        """Days relative to the day of printing; only as the whole text, since a sentence may mean any day by "Senin"."""
        weekdays = [name for name in self.calendar.weekdays if len(name) > 3 or _UNSPACED.search(name)]
        parts = f"(?:\\s+(?:{_any_of(self.calendar.parts)}))?" if self.calendar.parts else ""
        words = "|".join(map(re.escape, self.calendar.clock)) or "(?!)"
        patterns = (
            rf"(?P<word>{_any_of(self.calendar.days) or '(?!)'})(?=(?:[\s,|-]+(?:(?:{words})\s+)?(?:{self._clock}))?\W*$)",
            rf"(?P<word>(?!))?\(?{_DAY}/{_MONTH}\)?$",
            rf"(?P<word>{_any_of(weekdays) or '(?!)'}){parts}$",
        )
        return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)

    @cached_property
    def weekday_before(self) -> re.Pattern[str]:
        """A weekday's name among the last two words of a text."""
        return re.compile(
            rf"(?<!\w)(?P<name>{_any_of(self.calendar.weekdays) or '(?!)'})(?!\w)[^\w]*(?:\w+\W*)?$", re.IGNORECASE
        )


def _any_of(names: Iterable[str]) -> str:
    """Names as one pattern, the longest first; apostrophes of any kind."""
    ordered = sorted(set(names), key=lambda name: (-len(name), name))
    return "|".join(re.escape(name).replace("'", "['’]") for name in ordered)


def _relative(pattern: str, number: int) -> str:
    if "{0}" in pattern:
        whole = re.escape(pattern).replace(re.escape("{0}"), rf"(?P<n{number}>\d{{1,3}})").replace(r"\ ", r"\s?", 1)
    else:
        whole = re.escape(pattern) + f"(?P<n{number}>)"
    before = "" if _UNSPACED.search(pattern[:1]) or pattern.startswith("{0}") else r"(?<!\w)"
    return f"{before}{whole}" + ("" if _UNSPACED.search(pattern[-1:]) else r"(?!\w)")


@lru_cache(maxsize=128)
def calendar_forms(calendar: Calendar) -> Forms:
    """The patterns of a calendar."""
    return Forms(calendar)
