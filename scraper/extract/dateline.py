"""Datelines: the place and outlet that open a news text ("TRIBUNSOLO.COM, SOLO - …", "WASHINGTON (AP) — …").

Variants are those of Tribun, Surya, Kompas, Antara, Republika, Tempo, Liputan6, Okezone, detik, CNN
Indonesia, Solopos, Beritasatu and JPNN pages of 2014–2026, and the agencies' press form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.records import Dateline

_DASH = r"(?:-{1,3}|–|—|―|--)"
# An outlet's token: a host name in any case, also with its dot lost ("KOMPAS com"), or an agency in brackets.
_BRAND = (
    r"(?:[A-Z][A-Za-z0-9]*(?:[ -]?[A-Za-z0-9]+){0,2}\.(?:com|COM|Com|co\.id|CO\.ID|Co\.Id|co|CO|id|ID|net|NET|tv|TV|news|NEWS)"
    r"|KOMPAS com|(?:CNN|CNBC) Indonesia|VIVA|INFO (?:NASIONAL|BISNIS))"
)
# A place: up to four words in capitals, or capitalised words; "KOTA MADIUN", "Tel Aviv", "Mataram, NTB".
_CAPS = r"[A-Z][A-Z'’.]+(?:[ -][A-Z'’.]{2,}){0,3}"
_TITLE = r"[A-Z][a-z'’]+(?:[ -](?:[A-Z][a-z'’]+|[a-z]{2,3}(?= [A-Z]))){0,3}"
_PLACE = rf"(?:{_CAPS}|{_TITLE})"
_PLACES = rf"{_PLACE}(?:, ?(?:{_PLACE}|[A-Z]{{2,}}))?"
_AGENCY = r"\((?:[A-Z][\w./ -]{1,30})\)"
_DATE = r"(?:,? (?:(?:[A-Z][a-z]+\.? )?\d{1,2}(?:/\d{1,2}/\d{2,4}| [A-Z][a-z]+(?: \d{4})?)?))?"
_BAR = r"(?:\s*[|]\s*|,\s*| [Il] (?=[A-Z]{3})|\s+)"
_END = r"""(?=\s*["“'‘(A-Z0-9À-Þ])"""

_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        # JAKARTA, KOMPAS.com - … / Medan, Beritasatu.com - … / Jakarta, CNN Indonesia --
        rf"^(?P<place>{_PLACES})(?:, ?| )(?P<brand>{_BRAND}),?\s*{_DASH}\s*{_END}",
        # Pontianak (ANTARA) - … / WASHINGTON (AP) — … / ISTANBUL, 23 Februari 2016 (Antara/PRNewswire) --
        rf"^(?P<place>{_PLACES}){_DATE},?\s*(?P<brand>{_AGENCY})\s*{_DASH}\s*",
        # TAKALAR, (PEDOMAN KARYA). … : a full stop for the dash, seen on a Makassar weekly
        rf"^(?P<place>{_CAPS}),?\s*(?P<brand>{_AGENCY})\.\s+{_END}",
        # TRIBUNPONTIANAK.CO.ID, PONTIANAK - … / SURYA.co.id | SURABAYA - … / Liputan6.com, Jakarta - …
        rf"^(?P<brand>{_BRAND}){_BAR}(?P<place>{_PLACES}){_DATE},?\s*{_DASH}\s*{_END}",
        # SURYA.co.id, - … / TRIBUN-TIMUR.COM - … / SURYA.co.id I - …
        rf"^(?P<brand>{_BRAND})(?:,| [Il]|\s*\|)?\s*{_DASH}\s*{_END}",
        # PONTIANAK -Kepala … / SAMARINDA – … / KEDIRI— / JAKARTA- …
        rf"^(?P<place>{_CAPS}(?:, ?[A-Z]{{2,}})?)(?: \([A-Z]{{2,4}}\))?\s*(?:{_DASH}\s+|\s{_DASH}|[—–])\s*{_END}",
        rf"^(?P<place>[A-Z]{{4,}}(?: [A-Z]{{3,}})?){_DASH}\s*{_END}",
    )
)
# A bold run that is a place or brand, with the dash outside it, or none ("<b>Liputan6.com, Jakarta</b> Kabar …").
_BOLD = re.compile(
    rf"^(?:(?P<brand>{_BRAND})(?:{_BAR}(?P<place>{_PLACES}))?|(?P<place2>{_PLACES})(?:(?:, ?| )(?P<brand2>{_BRAND}|{_AGENCY}))?)"
    rf"[\s,]*(?P<dash>{_DASH})?\s*$"
)
# "TRIBUNNEWS.COM, SANGATTA Abdul Hafid, warga": a brand and a place in capitals with no dash at all.
_NO_DASH = re.compile(rf"^(?P<brand>{_BRAND}), ?(?P<place>[A-Z]{{4,}}(?: [A-Z]{{3,}})?) (?=[A-Z][a-z])")
# Openers in capitals that are no places: serial titles and warnings.
_NOT_PLACES = frozenset(
    [
        "BREAKING",
        "UPDATE",
        "VIDEO",
        "FOTO",
        "POPULER",
        "TERUNGKAP",
        "KRONOLOGI",
        "VIRAL",
        "HEBOH",
        "EKSKLUSIF",
        "EXCLUSIVE",
        "OPINI",
        "OPINION",
        "ADVERTORIAL",
        "ANALISIS",
        "WATCH",
        "LIVE",
        "PHOTOS",
        "RALAT",
        "KOREKSI",
        "CATATAN",
        "INDEKS",
        "JADWAL",
        "PROFIL",
        "SOSOK",
        "SIAPA",
        "BERITA",
        "TRIBUN",
        "INFO",
        "NEWS",
        "BREAKINGNEWS",
        "JUST",
        "FIRST",
        "NOTE",
        "EDITOR",
        "SPOILER",
        "REVIEW",
        "QUIZ",
        "NEW",
        "THE",
        "AND",
        "BUT",
        "FOR",
        "FAQ",
        "DIY",
        "TV",
        "USA",
        "CEO",
    ]
)
_SMALL_WORDS = frozenset(
    {"DKI", "DI", "NTB", "NTT", "OKI", "OKU", "PALI", "II", "III", "NAD", "DIY", "AS", "UEA", "US", "UK", "UAE"}
)
_MAX = 80  # longest head looked at; real ones have at most 60 characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A dateline and the text behind it."""

    dateline: Dateline
    rest: str


def split_dateline(text: str, *, bold: str = "") -> Split | None:
    """Take the dateline off the head of a paragraph; None if there is none.

    `bold` is the bold run that opens the paragraph: evidence that a place in
    title case ("Jakarta - …") is set apart from the sentence.
    """
    for form in _FORMS:
        match = form.match(text[: _MAX + 20])
        if match and match.end() <= _MAX and (found := _dateline(match.groupdict())) is not None:
            return Split(dateline=found, rest=text[match.end() :].lstrip(" ,-–—|"))
    return _from_bold(text, bold) if bold else _without_dash(text)


def _from_bold(text: str, bold: str) -> Split | None:
    """A dateline whose only sign is that it is bold, with or without a dash behind it."""
    match = _BOLD.match(bold)
    if match is None or not text.startswith(bold) or len(bold) > _MAX:
        return None
    rest = text[len(bold) :]
    behind = re.match(rf"\s*{_DASH}\s*", rest)
    found = _dateline(
        {"brand": match["brand"] or match["brand2"], "place": match["place"] or match["place2"]},
    )
    if found is None or not rest.strip():
        return None
    if not (behind or match["dash"] or found.brand):  # bold words that open a sentence are emphasis
        return None
    return Split(dateline=found, rest=rest[behind.end() :] if behind else rest.lstrip(" ,-–—"))


def _without_dash(text: str) -> Split | None:
    match = _NO_DASH.match(text)
    found = _dateline(match.groupdict()) if match else None
    return Split(dateline=found, rest=text[match.end() :]) if match and found else None


def _dateline(found: dict[str, str | None]) -> Dateline | None:
    place = (found.get("place") or "").strip(" ,.") or None
    brand = (found.get("brand") or "").strip(" ,()") or None
    if place and (set(place.upper().replace(",", " ").split()) & _NOT_PLACES or len(place) < 3):
        return None
    if place is None and brand is None:
        return None
    return Dateline(text=place or brand or "", place=title_case(place) if place else None, brand=brand)


def title_case(place: str) -> str:
    """A place in title case, abbreviations kept: "KOTA MADIUN" → "Kota Madiun", "Mataram, NTB" as it is."""
    return re.sub(
        r"[^\W\d_]+(?:['’][^\W\d_]+)?",
        lambda word: word[0] if word[0] in _SMALL_WORDS or not word[0].isupper() else word[0].capitalize(),
        place,
    )
