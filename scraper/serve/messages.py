"""The texts of the interface, in English and Indonesian, and dates and numbers as each language writes them. Pure."""

from __future__ import annotations

import re
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Literal

Language = Literal["en", "id"]

_MONTHS: dict[Language, tuple[str, ...]] = {
    "en": tuple("January February March April May June July August September October November December".split()),
    "id": tuple("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember".split()),
}
_WEEKDAYS: dict[Language, tuple[str, ...]] = {
    "en": tuple("Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()),
    "id": tuple("Senin Selasa Rabu Kamis Jumat Sabtu Minggu".split()),
}
_ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}  # Indonesia's zones, by hours ahead of UTC
_CHOICE = re.compile(r"\s*([a-zA-Z]{1,8})(?:-[\w-]++)?\s*+(?:;\s*+q=([\d.]++))?\s*+$")

# words.toml: each text in English and in Indonesian, and the codes of closed lists by list.
_WORDS = tomllib.loads((Path(__file__).parent / "words.toml").read_text("utf-8"))
_TEXTS: dict[str, list[str]] = _WORDS["texts"]
_NAMES: dict[str, dict[str, list[str]]] = _WORDS["names"]


def code_name(group: str, code: str, language: Language) -> str:
    """The name of a code from a closed list; a code that a newer kliping wrote is returned as it is."""
    names = _NAMES[group].get(code)
    return names[0 if language == "en" else 1] if names else code


def language_of(accept: str | None) -> Language:
    """The browser's preference between Indonesian and English (Accept-Language, RFC 9110 §12.5.4); English if it names
    neither.

    Malay readers get Indonesian.
    """
    best: tuple[float, Language] = (0.0, "en")
    for part in (accept or "").split(","):
        if match := _CHOICE.match(part):
            tag, quality = match[1].lower(), _quality(match[2])
            language: Language | None = "id" if tag in ("id", "in", "ms") else "en" if tag == "en" else None
            if language is not None and quality > best[0]:
                best = (quality, language)
    return best[1]


def _quality(text: str | None) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def interface_text(key: str, language: Language, **values: object) -> str:
    """A text of the interface. Raises KeyError for an unknown key: a misspelling must not reach a reader."""
    return _TEXTS[key][0 if language == "en" else 1].format(**values)


def grouped_digits(number: int, language: Language) -> str:
    """A number with the language's thousands separator: 12,345 or 12.345."""
    text = f"{number:,}"
    return text if language == "en" else text.replace(",", ".")


def number(value: float, language: Language) -> str:
    """A number with thousands separators and at most two decimals, more if it is small: 1,234.5 or 1.234,5; 0.004."""
    shown = round(value, 2) if abs(value) >= 0.1 or value == 0 else float(f"{value:.2g}")
    whole, _, part = f"{shown:,.6f}".rstrip("0").rstrip(".").partition(".")
    return (
        f"{whole}{'.' if part else ''}{part}"
        if language == "en"
        else f"{whole.replace(',', '.')}{',' if part else ''}{part}"
    )


def period_name(period: str, language: Language) -> str:
    """ "2019-10-07", "2019-W41", "2019-10" or "2019" in words."""
    if "-W" in period:
        year, _, week = period.partition("-W")
        return interface_text("week_of", language, week=int(week), year=year)
    return {10: short_date, 7: month_name}.get(len(period), lambda year, _language: year)(period, language)


def period_short(period: str, language: Language) -> str:
    """The same for an axis: "7 Oct 2019", "W41 2019", "Oct 2019", "2019"."""
    if "-W" in period:
        return period.replace("-W", " W") if language == "en" else period.replace("-W", " M")
    if len(period) == 10:
        return f"{int(period[8:])} {month_short(period[:7], language)} {period[:4]}"
    return f"{month_short(period, language)} {period[:4]}" if len(period) == 7 else period


def long_date(iso: str | None, language: Language) -> str:
    """A stored moment as a reader would write it, in its own zone, which is shown: "Senin, 7 Oktober 2019, 11.47 WIB"."""
    moment = _moment(iso)
    if moment is None:
        return interface_text("no_date", language)
    day = f"{_WEEKDAYS[language][moment.weekday()]}, {moment.day} {_MONTHS[language][moment.month - 1]} {moment.year}"
    time = moment.strftime("%H:%M" if language == "en" else "%H.%M")
    return f"{day}, {time} {zone_name(moment)}"


def short_date(iso: str | None, language: Language) -> str:
    """The day only, in the moment's own zone: "7 Oktober 2019"."""
    moment = _moment(iso)
    return (
        f"{moment.day} {_MONTHS[language][moment.month - 1]} {moment.year}"
        if moment
        else interface_text("no_date", language)
    )


def zone_name(moment: datetime) -> str:
    """WIB, WITA or WIT if the offset is one of Indonesia's, otherwise the offset; UTC if there is none."""
    offset = moment.utcoffset()
    if not offset:
        return "UTC"
    hours = offset.total_seconds() / 3600
    return _ZONES.get(int(hours), moment.strftime("%z")[:3]) if hours.is_integer() else moment.strftime("UTC%z")


def _moment(iso: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(iso) if iso else None
    except ValueError:
        return None
    return found


def month_name(month: str, language: Language) -> str:
    """ "2019-10" as "October 2019"."""
    try:
        day = date.fromisoformat(f"{month}-01")
    except ValueError:
        return month
    return f"{_MONTHS[language][day.month - 1]} {day.year}"


def month_short(month: str, language: Language) -> str:
    """ "2019-10" as "Oct" or "Okt"."""
    return month_name(month, language)[:3]
