"""Dates as news pages print them, in any order and many languages, made aware and honest about what was assumed.

Forms of Indonesian papers ("Senin, 7 Oktober 2019 15:12 WIB", "Jum'at", "Nopember",
"16.33 WIB", "02/11/2023, 21:34 WIB") were seen on their pages of 2014–2026; machine forms
are ISO 8601, RFC 3339, RFC 5322 and Unix times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from typing import Literal

from scraper.text import collapse

ZoneSource = Literal["offset", "printed", "assumed"]

_MONTH_NAMES = (
    # Indonesian, English, German, French, Spanish, Italian, Dutch, Portuguese, Polish, Turkish, Swedish/Norwegian/Danish, Russian, Czech
    "januari january januar jänner janvier enero gennaio januari janeiro stycznia styczeń ocak januar января ledna leden",
    "februari pebruari february februar feber février febrero febbraio februari fevereiro lutego luty şubat subat февраля února únor",
    "maret march märz maerz mars marzo marzo maart março marca marzec mart mars марта března březen",
    "april april april avril abril aprile april abril kwietnia kwiecień nisan апреля dubna duben",
    "mei may mai mai mayo maggio mei maio maja maj mayıs mayis мая května květen",
    "juni june juni juin junio giugno juni junho czerwca czerwiec haziran июня června červen",
    "juli july juli juillet julio luglio juli julho lipca lipiec temmuz июля července červenec",
    "agustus august august août aout agosto agosto augustus agosto sierpnia sierpień ağustos agustos augusti августа srpna srpen",
    "september september september septembre septiembre setiembre settembre september setembro września wrzesień eylül eylul сентября září",
    "oktober october oktober octobre octubre ottobre oktober outubro października październik ekim октября října říjen",
    "november nopember november november novembre noviembre novembre november novembro listopada listopad kasım kasim ноября",
    "desember december dezember décembre diciembre dicembre december dezembro grudnia grudzień aralık aralik декабря prosince prosinec",
)
_SHORT = (
    "jan jän janv ene gen", "feb peb févr fév fev", "mar mär mrt", "apr avr abr", "", "jun", "jul juil giu lug", "agu ags agt aug ago aoû",
    "sep sept set", "okt oct ott out paź", "nov nop", "des dec dez déc dic",
)  # fmt: skip
MONTHS: dict[str, int] = {}
for _number, (_names, _short) in enumerate(zip(_MONTH_NAMES, _SHORT, strict=True), 1):
    for _name in (*_names.split(), *_short.split()):
        MONTHS.setdefault(_name, _number)
MONTHS |= {"giu": 6, "lug": 7, "ago": 8, "set": 9, "out": 10, "dic": 12, "listopad": 11, "listopada": 11}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin monday mon montag", "selasa tuesday tue tues dienstag", "rabu wednesday wed mittwoch", "kamis thursday thu thur thurs donnerstag",
            "jumat jum'at jum’at friday fri freitag", "sabtu saturday sat samstag sonnabend", "minggu ahad sunday sun sonntag",
        )
    )
    for name in names.split()
}  # fmt: skip
_ZONES: dict[str, float] = {
    "wib": 7, "wita": 8, "wit": 9, "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "et": -5, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "mez": 1, "mesz": 2, "bst": 1, "jst": 9, "kst": 9, "sgt": 8, "myt": 8,
    "hkt": 8, "aest": 10, "aedt": 11, "msk": 3, "ist": 5.5,
}  # fmt: skip

_ZONE = r"(?P<zone>Z\b|[+-]\d{2}:?\d{2}\b|[+-]\d{2}\b|(?:GMT|UTC)[+-]\d{1,2}(?::?\d{2})?|" + "|".join(_ZONES) + r")\b"
_CLOCK = (
    r"(?P<hour>[01]?\d|2[0-4])(?P<colon>\s?[:.h]\s?|[時时시]\s?)(?P<minute>[0-5]\d)(?:분|分)?"
    r"(?:[:.](?P<second>[0-5]\d)(?:[.,]\d+)?)?"
    r"(?!\d)\s*(?P<half>[ap]\.?m\b\.?)?\s*(?:Uhr\s*)?(?:" + _ZONE + r")?"
)
_CLOCK_RE = re.compile(r"(?<![\d.,/])" + _CLOCK, re.IGNORECASE)
_HOUR_ONLY = re.compile(
    r"(?<![\d:.,/])(?P<hour>1[0-2]|0?[1-9])\s*(?P<half>[ap]\.?m\b\.?)\s*(?:" + _ZONE + r")?", re.IGNORECASE
)
_WORD = r"[^\W\d_]{3,12}"  # any word; whether it is a month is looked up, since two hundred names take long to try
_YEAR = r"(?P<year>(?:19|20)\d{2})"
_FORMS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?<!\d)" + _YEAR + r"[-/.](?P<month>0?[1-9]|1[0-2])[-/.](?P<day>[12]\d|3[01]|0?[1-9])(?!\d)",
        r"(?<!\d)"
        + _YEAR
        + r"\s?[年년]\s?(?P<month>1[0-2]|0?[1-9])\s?[月월]\s?(?P<day>[12]\d|3[01]|0?[1-9])\s?[日일]?",
        r"(?<!\d)(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th|er|º|ª|\.)?[\s\-–/]*+(?:(?:of|del?|di)\s++)?(?P<word>"
        + _WORD
        + r")\b\.?,?[\s\-–/]*+(?:del?\s++)?(?:"
        + _YEAR
        + r"|(?P<short>\d{2})(?=\b(?!\s?[:.h]\d)))",
        r"\b(?P<word>"
        + _WORD
        + r")\b\.?\s*+(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?:,\s*+|\s++|\s*+,?\s*+-\s*+)"
        + _YEAR,
        r"(?<![\d/.-])(?P<first>\d{1,2})\s?(?P<mark>[/.-])\s?(?P<other>\d{1,2})\s?(?P=mark)\s?(?:"
        + _YEAR
        + r"|(?P<short>\d{2}))(?![\d/-])",
        r"(?<!\d)" + _YEAR + r"(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?=T?\d{4,6}|T|\b)",
    )
)
# Most texts that are asked for a date hold no year; four of the six forms need one.
_ANY_YEAR = re.compile(r"(?:19|20)\d\d")
_FORMS_WITHOUT_YEAR = tuple(form for form in _FORMS if "<short>" in form.pattern)
_ASSUMED: ZoneSource = "assumed"
_ISO = re.compile(
    r"((?:19|20)\d{2})-(\d\d)-(\d\d)T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?"
)
_EPOCH = re.compile(r"^\d{10}(?:\d{3})?$")
_COMPACT_CLOCK = re.compile(
    r"^T?(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)?(?:" + _ZONE + r")?", re.IGNORECASE
)
_RELATIVE = re.compile(
    r"(?P<count>\d{1,3}|a|an|se)\s?(?P<unit>detik|menit|jam|hari|minggu|seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?)"
    r"\s+(?:yang\s+)?(?:lalu|ago)\b",
    re.IGNORECASE,
)
_UNITS = {
    "d": timedelta(seconds=1), "detik": timedelta(seconds=1), "menit": timedelta(minutes=1), "jam": timedelta(hours=1), "hari": timedelta(days=1),
    "minggu": timedelta(weeks=1), "sec": timedelta(seconds=1), "min": timedelta(minutes=1), "hour": timedelta(hours=1),
    "hr": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1),
}  # fmt: skip
_DAYS_AGO = {"hari ini": 0, "today": 0, "kemarin": 1, "yesterday": 1, "kemarin lusa": 2}
# Relative to the day of printing; only as the whole text, since a sentence may mean any day by "Senin".
_THESE_DAYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<word>{'|'.join(sorted(_DAYS_AGO, key=len, reverse=True))})(?=(?:[\s,|-]+(?:pukul\s+)?(?:{_CLOCK}))?\W*$)",
        r"(?P<word>(?!))?\(?(?P<day>[12]\d|3[01]|0?[1-9])/(?P<month>1[0-2]|0?[1-9])\)?$",
        r"(?P<word>senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad)(?:\s+(?:dini hari|pagi|siang|sore|petang|malam))?$",
    )
)
_URL_DATES = (
    re.compile(r"/(?P<year>(?:19|20)\d{2})[/-](?P<month>0?[1-9]|1[0-2])[/-](?P<day>[12]\d|3[01]|0?[1-9])(?=[/-]|$|\.)"),
    re.compile(r"[/_-](?P<year>20\d{2})-(?P<month>0[1-9]|1[0-2])-(?P<day>[12]\d|3[01]|0[1-9])(?=\D|$)"),
    re.compile(r"/(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?:\d{4,6})?(?=[-/_.]|$)"),
)
_INDONESIAN = re.compile(
    r"\b(?:senin|selasa|rabu|kamis|jum['’]?at|sabtu|minggu|ahad|pebruari|maret|agustus|nopember)\b",
    re.IGNORECASE,
)
_LAST_YEAR = 2099
_TEXT_LIMIT = 2000  # nothing that prints a date needs more, and the patterns stay quick


NOON = 12  # of a day without a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A date read from text. Without `has_time` it is noon: no change of zone makes another day of it.

    `zone_source` says where the offset is from.

    `weekday_ok` is False when a printed weekday is not that of the date, None
    when none is printed. `end` is where the match ends in the text.
    """

    value: datetime
    has_time: bool
    zone_source: ZoneSource
    weekday_ok: bool | None = None
    raw: str = ""


def parse_date(raw: str, *, zone: tzinfo, day_first: bool = True, now: datetime | None = None) -> Moment | None:
    """The first date in a string; None if there is none.

    `zone` holds where the text prints none. `day_first` decides "7/10/2019"
    where both readings are possible. Relative forms ("4 jam lalu") need `now`.
    """
    text = collapse(raw[:_TEXT_LIMIT])
    if _EPOCH.match(text):
        return _epoch(text)
    return _iso(text, zone) or _printed(text, zone, day_first=day_first, now=now)


def _iso(text: str, zone: tzinfo) -> Moment | None:
    """The commonest machine form (RFC 3339), read at once; None for any other."""
    match = _ISO.fullmatch(text)
    if match is None or (day := _valid(int(match[1]), int(match[2]), int(match[3]))) is None:
        return None
    offset, source = _offset(match[7]) if match[7] else (zone, _ASSUMED)
    value = datetime(day.year, day.month, day.day, int(match[4]), int(match[5]), int(match[6]), tzinfo=offset)
    return Moment(value=_fixed(value), has_time=True, zone_source=source, raw=text)


def _printed(text: str, zone: tzinfo, *, day_first: bool, now: datetime | None) -> Moment | None:
    best: tuple[int, re.Match[str], date] | None = None
    for form in _FORMS if _ANY_YEAR.search(text) else _FORMS_WITHOUT_YEAR:
        if best is not None and best[0] == 0:
            break
        match = form.search(text)
        while match is not None:
            day = _day(match, day_first=day_first)
            if day is not None:
                if best is None or match.start() < best[0]:
                    best = (match.start(), match, day)
                break
            match = form.search(text, match.start() + 1)
    if best is None:
        return _relative(text, now, zone) if now else None
    return _moment(text, best[1], best[2], zone)


def beside_date(line: str) -> str | None:
    """What a line says besides its date ("Stand: " of "Stand: 08.07.2026 05:00 Uhr"); None if it has no date."""
    moment = parse_date(line, zone=UTC)
    return line.replace(moment.raw, "") if moment is not None else None


def is_indonesian(text: str) -> bool:
    """Whether a date is printed in Indonesian words that no other language has ("Kamis, 5 November 2015"; "Juni" is German too)."""
    return _INDONESIAN.search(text) is not None


_WAYBACK = re.compile(r"^https?://web\.archive\.org/web/\d{4,14}[a-z_]*/")


def date_in_url(url: str) -> date | None:
    """The day in a URL's path ("/2019/10/07/", "/20260109163000-…"); None if there is none.

    In a copy of the Wayback Machine it is that of the page's own URL, not of the copy's.
    """
    url = _WAYBACK.sub("", url)
    for form in _URL_DATES:
        if match := form.search(url):
            return _valid(int(match["year"]), int(match["month"]), int(match["day"]))
    return None


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if 1980 <= year <= _LAST_YEAR else None
    except ValueError:
        return None


def _day(match: re.Match[str], *, day_first: bool) -> date | None:
    found = match.groupdict()
    if found.get("year"):
        year = int(found["year"])
    else:
        short = int(found["short"])
        year = 2000 + short if short < 70 else 1900 + short
    if found.get("first"):
        first, other = int(found["first"]), int(found["other"])
        day, month = (first, other) if day_first else (other, first)
        return _valid(year, month, day) or _valid(year, day, month)
    named = MONTHS.get(found["word"].lower()) if found.get("word") else int(found["month"])
    return _valid(year, named, int(found["day"])) if named is not None else None


def _moment(text: str, match: re.Match[str], day: date, zone: tzinfo) -> Moment:
    hour, minute, second = NOON, 0, 0
    clock = _clock(text, match)
    offset: tzinfo | None = None
    source: ZoneSource = "assumed"
    end = match.end()
    if clock:
        found = clock.groupdict()
        hour, minute, second = int(found["hour"]), int(found.get("minute") or 0), int(found.get("second") or 0)
        half = (found.get("half") or "").lower()
        if half and hour <= 12:
            hour = hour % 12 + (12 if half.startswith("p") else 0)
        if found.get("zone"):
            offset, source = _offset(found["zone"])
        end = max(end, clock.end())
    days, hour = divmod(hour, 24)
    value = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=offset or zone) + timedelta(days=days)
    start = min(match.start(), clock.start()) if clock else match.start()
    return Moment(
        value=_fixed(value),
        has_time=clock is not None,
        zone_source=source,
        weekday_ok=_weekday_ok(text, match.start(), day),
        raw=text[start:end].strip(),
    )


def _fixed(value: datetime) -> datetime:
    """The same moment with a plain offset, so that records compare and print alike."""
    offset = value.utcoffset()
    return value.replace(tzinfo=timezone(offset) if offset else UTC)


def _clock(text: str, match: re.Match[str]) -> re.Match[str] | None:
    """The time of day that belongs to a date: right behind it, else right before it."""
    rest = text[match.end() :]
    if compact := _COMPACT_CLOCK.match(rest) if match.re is _FORMS[5] else None:
        return compact
    for form in (_CLOCK_RE, _HOUR_ONLY):
        found = form.search(text, match.end(), match.end() + 60)
        if found and _is_near(text[match.end() : found.start()]) and _is_time(text, found):
            return found
    for form in (_CLOCK_RE, _HOUR_ONLY):
        before = [
            found for found in form.finditer(text, max(0, match.start() - 40), match.start()) if _is_time(text, found)
        ]
        if before and _is_near(text[before[-1].end() : match.start()]):
            return before[-1]
    return None


def _is_near(between: str) -> bool:
    """Whether only punctuation and a short word ("at", "pukul", "um", "|") stand between a date and a time."""
    return len(between) <= 20 and not re.search(r"\d{3}|\.\s+[A-Z]|[()]{2}", between)


def _is_time(text: str, found: re.Match[str]) -> bool:
    """A dot is in many numbers: it is a clock's only beside a zone, "Uhr", "pukul" or a bar."""
    if found.groupdict().get("colon", ":").strip() != ".":
        return True
    around = text[max(0, found.start() - 8) : found.end() + 6].lower()
    return bool(found["zone"]) or any(word in around for word in ("uhr", "pukul", "|", "kl.", "jam", "ore", "wib"))


def _offset(text: str) -> tuple[tzinfo, ZoneSource]:
    lower = text.lower()
    if lower in _ZONES:
        return timezone(timedelta(hours=_ZONES[lower])), "offset" if lower == "z" else "printed"
    digits = re.sub(r"[^\d+-]", "", lower.removeprefix("gmt").removeprefix("utc"))
    sign = -1 if digits.startswith("-") else 1
    number = digits.lstrip("+-").ljust(2, "0")
    hours, minutes = (int(number[:-2]), int(number[-2:])) if len(number) > 2 else (int(number), 0)
    delta = timedelta(hours=hours, minutes=minutes)
    return (timezone(sign * delta), "offset") if delta < timedelta(hours=15) else (UTC, "assumed")


def _weekday_ok(text: str, start: int, day: date) -> bool | None:
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text[max(0, start - 24) : start].lower())
    known = [_WEEKDAYS[word] for word in words[-2:] if word in _WEEKDAYS]
    return known[-1] == day.weekday() if known else None


def _epoch(text: str) -> Moment | None:
    seconds = int(text) / (1000 if len(text) == 13 else 1)
    value = datetime.fromtimestamp(seconds, UTC)
    return Moment(value=value, has_time=True, zone_source="offset", raw=text) if value.year <= _LAST_YEAR else None


def _relative(text: str, now: datetime, zone: tzinfo) -> Moment | None:
    match = _RELATIVE.search(text)
    if match is None:
        return _of_these_days(text, now.astimezone(zone), zone)
    count = int(match["count"]) if match["count"].isdecimal() else 1
    unit = match["unit"].lower()
    step = _UNITS.get(unit) or next(value for name, value in _UNITS.items() if unit.startswith(name) and name != "d")
    return Moment(
        value=_fixed((now - count * step).replace(microsecond=0)), has_time=True, zone_source="assumed", raw=match[0]
    )


def _of_these_days(text: str, now: datetime, zone: tzinfo) -> Moment | None:
    """ "Kemarin, 14:30 WIB", "Jumat (9/10)", "Senin malam": the last such day that is not after `now`."""
    for form in _THESE_DAYS:
        match = form.search(text)
        before = text[: match.start()].strip(" ,").lower() if match else ""
        if match is None or (before and before not in _WEEKDAYS) or not (before or match[0][0] == "(" or match["word"]):
            continue
        if day := _last_day(match.groupdict(), now.date()):
            return _moment(text, match, day, zone)
    return None


def _last_day(found: dict[str, str | None], today: date) -> date | None:
    if word := (found.get("word") or "").lower():
        if word in _WEEKDAYS:
            return today - timedelta(days=(today.weekday() - _WEEKDAYS[word]) % 7)
        return today - timedelta(days=_DAYS_AGO[word])
    day, month = int(found["day"] or 0), int(found["month"] or 0)
    return next(
        (each for year in (today.year, today.year - 1) if (each := _valid(year, month, day)) and each <= today), None
    )
