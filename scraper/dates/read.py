"""From a string to a moment: machine forms (ISO 8601, RFC 3339, RFC 5322, Unix times), then what a calendar's languages
print.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal
from unicodedata import decimal
from zoneinfo import ZoneInfo

from scraper.dates.forms import UNIVERSAL_ZONES, calendar_forms
from scraper.language import small, vocabulary
from scraper.text import collapse

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.dates.forms import Forms
    from scraper.language import Calendar

ZoneSource = Literal["offset", "printed", "assumed"]

_ASSUMED: ZoneSource = "assumed"
_ISO = re.compile(
    r"((?:19|20)\d{2})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?"
)
# As C and Java print a moment: "Sat Jan  7 10:15:00 UTC 2023".
_PROGRAM = re.compile(
    r"(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2} \d{1,2}) (\d\d:\d\d:\d\d(?: [A-Z]{1,5}(?:[+-]\d\d:?\d\d)?| [+-]\d{4})?) ((?:19|20)\d\d)"
)
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_UNITS = {unit: timedelta(**{f"{unit}s": 1}) for unit in ("second", "minute", "hour", "day", "week")}
_NATIVE_DIGIT = re.compile(r"(?![0-9])\d")
_EN_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_URL_DATES = (
    re.compile(r"/(?P<year>(?:19|20)\d{2})[/-](?P<month>0?[1-9]|1[0-2])[/-](?P<day>[12]\d|3[01]|0?[1-9])(?=[/-]|$|\.)"),
    re.compile(r"[/_-](?P<year>20\d{2})-(?P<month>0[1-9]|1[0-2])-(?P<day>[12]\d|3[01]|0[1-9])(?=\D|$)"),
    re.compile(r"/(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?:\d{4,6})?(?=[-/_.]|$)"),
    re.compile(
        r"/(?P<year>20\d{2})/?(?P<month>0[1-9]|1[0-2])/?(?P<day>0[1-9]|[12]\d|3[01])/[a-z]?\d"
    ),  # "/2024/0503/c1004-1", "/202405/03/t2"
    re.compile(r"[_-](?P<year>20[0-4]\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?=\.\w+$|/?$)"),
    re.compile(rf"/(?P<year>20\d{{2}})/(?P<word>{'|'.join(_EN_MONTHS)})/(?P<day>[12]\d|3[01]|0?[1-9])(?=/)"),
    re.compile(r"/(?P<day>1[3-9]|2\d|3[01])-(?P<month>0[1-9]|1[0-2])-(?P<year>20\d{2})(?=[-/_.]|$)"),
)
_LAST_YEAR = 2099
_TEXT_LIMIT = 2000  # nothing that prints a date needs more, and the patterns stay fast


NOON = 12  # for a day without a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date read from text. Without `has_time` it is noon: no change of zone moves it to another day.

    `zone_source` says where the offset comes from.

    `weekday_ok` is False if a printed weekday does not match the date, None if none is printed. `end` is where the
    match ends in the text.
    """

    value: datetime
    has_time: bool
    zone_source: ZoneSource
    weekday_ok: bool | None = None
    raw: str = ""


def parse_date(
    raw: str, *, zone: tzinfo, day_first: bool = True, now: datetime | None = None, calendar: Calendar | None = None
) -> Moment | None:
    """The first date in a string; None if there is none.

    `zone` applies if the text prints none. `day_first` decides "7/10/2019" if both readings are possible. Relative
    forms ("4 jam lalu") need `now`. `calendar` has the names in the page's languages; without one they are English and
    Indonesian.
    """
    text = collapse(raw[:_TEXT_LIMIT])
    if _EPOCH.match(text):
        return _epoch(text)
    if (moment := _iso(text, zone)) is not None:
        return moment
    if (programs := _PROGRAM.fullmatch(text)) is not None:
        moment = parse_date(
            f"{programs[1]}, {programs[3]} {programs[2]}", zone=zone, calendar=vocabulary("en").calendar
        )
        return replace(moment, raw=text) if moment is not None else None
    forms = calendar_forms(calendar or _default())
    if text.isascii() or not _NATIVE_DIGIT.search(text):
        return _printed(text, zone, forms, day_first=day_first, now=now)
    plain = _NATIVE_DIGIT.sub(lambda digit: str(decimal(digit[0])), text)  # one for one, so that positions stay
    moment = _printed(plain, zone, forms, day_first=day_first, now=now)
    start = plain.find(moment.raw) if moment is not None else 0
    return replace(moment, raw=text[start : start + len(moment.raw)]) if moment is not None else None


@cache
def _default() -> Calendar:
    return vocabulary("en", "id").calendar


def _iso(text: str, zone: tzinfo) -> Moment | None:
    """The most common machine form (RFC 3339), parsed directly; None for any other."""
    match = _ISO.fullmatch(text)
    if match is None or (day := _valid(int(match[1]), int(match[2]), int(match[3]))) is None:
        return None
    offset, source = _offset(match[7], UNIVERSAL_ZONES) if match[7] else (zone, _ASSUMED)
    value = datetime(day.year, day.month, day.day, int(match[4]), int(match[5]), int(match[6]), tzinfo=offset)
    return Moment(value=_fixed(value), has_time=True, zone_source=source, raw=text)


@lru_cache(maxsize=512)  # a page's lines are parsed several times
def _printed(text: str, zone: tzinfo, forms: Forms, *, day_first: bool, now: datetime | None) -> Moment | None:
    best: tuple[int, re.Match[str], date] | None = None
    for form in forms.dates if forms.any_year.search(text) else forms.without_year:
        if best is not None and best[0] == 0:
            break
        match = form.search(text)
        while match is not None:
            day = _day(match, forms.calendar, day_first=day_first)
            if day is not None:
                if best is None or match.start() < best[0]:
                    best = (match.start(), match, day)
                break
            match = form.search(text, match.start() + 1)
    if best is None:
        return _relative(text, now, zone, forms) if now else None
    return _moment(text, best[1], best[2], zone, forms)


def beside_date(line: str, calendar: Calendar | None = None) -> str | None:
    """The rest of a line besides its date ("Stand: " in "Stand: 08.07.2026 05:00 Uhr"); None if it has no date."""
    moment = parse_date(line, zone=UTC, calendar=calendar)
    return line.replace(moment.raw, "") if moment is not None else None


_WAYBACK = re.compile(r"^https?://web\.archive\.org/web/\d{4,14}[a-z_]*/")


def date_in_url(url: str) -> date | None:
    """The day in a URL's path ("/2019/10/07/", "/20260109163000-…"); None if there is none.

    In a copy of the Wayback Machine it is that of the page's own URL, not of the copy's.
    """
    url = _WAYBACK.sub("", url)
    for form in _URL_DATES:
        if match := form.search(url):
            word = match.groupdict().get("word")
            month = _EN_MONTHS.index(word) + 1 if word else int(match["month"])
            return _valid(int(match["year"]), month, int(match["day"]))
    return None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1980 <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def _day(match: re.Match[str], calendar: Calendar, *, day_first: bool) -> date | None:
    found = match.groupdict()
    if found.get("year"):
        year = int(found["year"])
    else:
        short = int(found["short"])
        year = 2000 + short if short < 70 else 1900 + short
        if calendar.years_ahead and short - calendar.years_ahead % 100 >= 0:
            year -= calendar.years_ahead % 100  # "3 พ.ค. 67"
    if found.get("first"):
        first, other = int(found["first"]), int(found["other"])
        day, month = (first, other) if day_first else (other, first)
        return _of_era(year, month, day, calendar) or _of_era(year, day, month, calendar)
    word = small(found["word"]).rstrip(".") if found.get("word") else ""
    if word in calendar.solar_months and _is_solar(year):
        return _of_solar(year, calendar.solar_months[word], int(found["day"]))
    named = calendar.months.get(word) if word else int(found["month"])
    return _of_era(year, named, int(found["day"]), calendar) if named is not None else None


def _of_era(year: int, month: int, day: int, calendar: Calendar) -> date | None:
    """A day whose year may be counted in the era of the calendar's language."""
    if calendar.years_ahead and year > _LAST_YEAR:
        year -= calendar.years_ahead
    if calendar.solar_months and _is_solar(year):
        return _of_solar(year, month, day)
    return _valid(year, month, day)


def _is_solar(year: int) -> bool:
    return 1300 <= year < 1500


def _of_solar(year: int, month: int, day: int) -> date | None:
    """A day of the Iranian calendar, by its 33-year cycle (correct for 1799–2256)."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    since = year - 979
    days = (
        365 * since
        + since // 33 * 8
        + (since % 33 + 3) // 4
        + 31 * min(month - 1, 6)
        + 30 * max(0, month - 7)
        + day
        - 1
    )
    return date(1600, 3, 20) + timedelta(days=days)


def _moment(text: str, match: re.Match[str], day: date, zone: tzinfo, forms: Forms) -> Moment:
    hour, minute, second = NOON, 0, 0
    clock = _clock(text, match, forms)
    offset: tzinfo | None = None
    source: ZoneSource = "assumed"
    end = match.end()
    if clock:
        found = clock.groupdict()
        hour, minute, second = int(found["hour"]), int(found.get("minute") or 0), int(found.get("second") or 0)
        half = small(found.get("half") or found.get("before") or "").rstrip(".")
        if half and hour <= 12:
            hour = hour % 12 + (12 if half.startswith("p") or half in forms.calendar.pm else 0)
        if found.get("zone"):
            offset, source = _offset(found["zone"], forms.zones)
        end = max(end, clock.end())
    days, hour = divmod(hour, 24)
    value = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=offset or zone) + timedelta(days=days)
    start = min(match.start(), clock.start()) if clock else match.start()
    return Moment(
        value=_fixed(value),
        has_time=clock is not None,
        zone_source=source,
        weekday_ok=_weekday_ok(text, match.start(), day, forms),
        raw=text[start:end].strip(),
    )


def _fixed(value: datetime) -> datetime:
    """The same moment with a plain offset, so that records compare and print alike."""
    offset = value.utcoffset()
    return value.replace(tzinfo=timezone(offset) if offset else UTC)


def _clock(text: str, match: re.Match[str], forms: Forms) -> re.Match[str] | None:
    """The time of day that belongs to a date: right after it, or else right before it."""
    if compact := forms.compact_clock.match(text[match.end() :]) if forms.is_compact(match.re) else None:
        return compact
    for form in forms.clocks:
        found = form.search(text, match.end(), match.end() + 60)
        if found and _is_near(text[match.end() : found.start()]) and _is_time(text, found, forms):
            return found
    for form in forms.clocks:
        places = form.finditer(text, max(0, match.start() - 40), match.start())
        before = [found for found in places if _is_time(text, found, forms)]
        if before and _is_near(text[before[-1].end() : match.start()]):
            return before[-1]
    return None


def _is_near(between: str) -> bool:
    """Whether only punctuation and a short word ("at", "pukul", "um", "|") separate a date and a time."""
    return len(between) <= 20 and not re.search(r"\d{3}|\.\s+[A-Z]|[()]{2}", between)


def _is_time(text: str, found: re.Match[str], forms: Forms) -> bool:
    """Many numbers have a dot: it is a clock's only beside a zone, an am or pm, "Uhr", "pukul" or a bar."""
    if found.groupdict().get("colon", ":").strip() != ".":
        return True
    start, end = max(0, found.start() - 8), found.end() + 6
    return bool(found["zone"] or found["half"]) or forms.beside_clock.search(text, start, end) is not None


def _offset(text: str, zones: Mapping[str, float | str]) -> tuple[tzinfo, ZoneSource]:
    lower = small(text)
    if lower in zones:
        known = zones[lower]
        own = ZoneInfo(known) if isinstance(known, str) else timezone(timedelta(hours=known))
        return own, "offset" if lower == "z" else "printed"
    digits = re.sub(r"[^\d+-]", "", lower.removeprefix("gmt").removeprefix("utc"))
    sign = -1 if digits.startswith("-") else 1
    number = digits.lstrip("+-").zfill(2)
    hours, minutes = (int(number[:-2]), int(number[-2:])) if len(number) > 2 else (int(number), 0)
    delta = timedelta(hours=hours, minutes=minutes)
    return (timezone(sign * delta), "offset") if delta < timedelta(hours=15) else (UTC, "assumed")


def _weekday_ok(text: str, start: int, day: date, forms: Forms) -> bool | None:
    found = forms.weekday_before.search(text, max(0, start - 30), start)
    return forms.calendar.weekdays.get(small(found["name"])) == day.weekday() if found else None


def _epoch(text: str) -> Moment | None:
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    value = datetime.fromtimestamp(seconds, UTC)
    return Moment(value=value, has_time=True, zone_source="offset", raw=text) if value.year <= _LAST_YEAR else None


def _relative(text: str, now: datetime, zone: tzinfo, forms: Forms) -> Moment | None:
    pattern, units = forms.ago
    match = pattern.search(text)
    if match is None:
        return _of_these_days(text, now.astimezone(zone), zone, forms)
    name = match.lastgroup or "n0"
    value = now - int(match[name] or 1) * _UNITS[units[int(name[1:])]]
    return Moment(value=_fixed(value.replace(microsecond=0)), has_time=True, zone_source="assumed", raw=match[0])


def _of_these_days(text: str, now: datetime, zone: tzinfo, forms: Forms) -> Moment | None:
    """ "Kemarin, 14:30 WIB", "Jumat (9/10)", "Senin malam": the last such day that is not after `now`."""
    weekdays = forms.calendar.weekdays
    for form in forms.these_days:
        match = form.search(text)
        before = small(text[: match.start()].strip(" ,")) if match else ""
        if match is None or (before and before not in weekdays) or not (before or match[0][0] == "(" or match["word"]):
            continue
        if day := _last_day(match.groupdict(), now.date(), forms.calendar):
            return _moment(text, match, day, zone, forms)
    return None


def _last_day(found: dict[str, str | None], today: date, calendar: Calendar) -> date | None:
    if word := small(found.get("word") or ""):
        if word in calendar.weekdays:
            return today - timedelta(days=(today.weekday() - calendar.weekdays[word]) % 7)
        return today - timedelta(days=calendar.days[word])
    day, month = int(found["day"] or 0), int(found["month"] or 0)
    years = (today.year, today.year - 1)
    return next((each for year in years if (each := _valid(year, month, day)) and each <= today), None)
