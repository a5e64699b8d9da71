"""Datelines: the place and outlet that open a news text ("TRIBUNSOLO.COM, SOLO - …", "WASHINGTON (AP) — …").

Variants are those on Tribun, Surya, Kompas, Antara, Republika, Tempo, Liputan6, Okezone, detik, CNN Indonesia, Solopos,
Beritasatu and JPNN pages of 2014–2026, and the agencies' press form.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.extract.text.outlets import OfOutlets, any_of
from scraper.records import Dateline
from scraper.regions import is_known

if TYPE_CHECKING:
    from scraper.sites.registry import SigningNames

_DASH = r"(?:-{1,3}|–|—|―)"
# An outlet's token: a host name in any case, even without its dot ("KOMPAS com"), or one of those that sign without a
# dot.
_SUFFIX = r"\.(?:com|COM|Com|co\.id|CO\.ID|Co\.Id|co|CO|id|ID|net|NET|tv|TV|news|NEWS)"
# A place: up to four words in capitals, or capitalised words; "KOTA MADIUN", "Tel Aviv", "Mataram, NTB".
_CAPS = r"[A-Z][A-Z'’.]++(?:[ -][A-Z'’.]{2,}+){0,3}"
_TITLE = r"[A-Z][a-z'’]++(?:[ -](?:[A-Z][a-z'’]++|[a-z]{2,3}(?= [A-Z]))){0,3}"
_PLACE = rf"(?:{_CAPS}|{_TITLE})"
_PLACES = rf"{_PLACE}(?:, ?(?:{_PLACE}|[A-Z]{{2,}}+))?"
_AGENCY = r"\((?:[A-Z][\w./ -]{1,30}|[a-z][\w-]++\.(?:com|co\.id|id|net))\)"
_DATE = r"(?:,? (?:(?:[A-Z][a-z]++\.? )?\d{1,2}(?:/\d{1,2}/\d{2,4}| [A-Z][a-z]++(?: \d{4})?)?))?"
# The day that agencies print after the place: "May 3", "Dec 20, 2025", "3. Mai", "3 mai", and the province or country
# before it.
_DAY = r"(?:[A-Z][a-z]{2,8}+\.? \d{1,2}(?:, \d{4})?|\d{1,2}\.? [^\W\d_]{3,9}+\.?(?: \d{4})?)"
_DATED_AGENCY = r"(?P<brand>\((?:[A-Z][\w./ -]{1,30}|dpa|epd|sda|ots|efe|afp)\))"
_BAR = r"(?:\s*+[|]\s*+|\s*+,\s*+| [Il] (?=[A-Z]{3})|\s++)"
_END = r"""(?=["“'‘(A-Z0-9À-Þ])"""
_LETTER = r"""(?=["“'‘(A-ZÀ-Þ])"""
_WORDS = r"[A-Z][\w.]++(?: [A-Z][\w.]++){0,3}"

# The same if only the gazetteer distinguishes a place from any other word: with an outlet that is not a host name, or
# joined to it.
_KNOWN_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        # PROKAL.COTANA PASER - … : the blank was between two elements.
        rf"^(?P<brand>[A-Z-]+?\.(?:COM|CO\.ID|CO|ID))(?P<place>{_CAPS}),?\s*+{_DASH}\s*+{_LETTER}",
        # BANDUNG, JAWA BARAT - … / KETAPANG, KALBAR,- …
        rf"^(?P<place>{_PLACE}, ?{_PLACE}),?\s*+(?:{_DASH}\s|(?<=\s){_DASH}|[—–])\s*+{_LETTER}",
        # Kitasulsel, Makassar— … / Ale Ale TV News – KETAPANG, KALBAR,- …
        rf"^(?P<brand>{_WORDS})(?:, ?|\s*+{_DASH}\s*+)(?P<place>{_PLACES}),?\s*+(?:{_DASH}\s|(?<=\s){_DASH}|[—–])\s*+{_LETTER}",
        # DENPASAR, Bali Kini - …
        rf"^(?P<place>{_PLACE}), ?(?P<brand>{_WORDS}),?\s*+(?:{_DASH}\s|(?<=\s){_DASH}|[—–])\s*+{_LETTER}",
        # KEDIRI-Warga …, MEDAN: …, TIMIKA | …
        rf"^(?P<place>{_CAPS})(?:\s*+{_DASH}|:|\s\|)\s*+{_LETTER}",
    )
)
# PONTIANAK -Kepala … / SAMARINDA – … / KEDIRI— / JAKARTA- … : capitals before a dash may also be an office or a club.
_BARE = re.compile(
    rf"^(?P<place>{_CAPS}(?:, ?[A-Z]{{2,}})?)(?: \([A-Z]{{2,4}}\))?,?\s*+(?:{_DASH}\s++|(?<=\s){_DASH}|[—–])\s*+{_LETTER}"
)
# Amurang – Tiga kelompok …, Jakarta - Warga …, Jakarta: Warga …: a known place, and no route ("Bandung - Jakarta ditempuh …").
_BARE_TITLE = re.compile(rf"^(?P<place>{_TITLE})(?:\s++{_DASH}|:)\s++(?P<next>[A-ZÀ-Þ][\w'’-]*|[\"“'‘(])")
# "Berita GresikSURYA.co.id | GRESIK - …": a topic link above the text, joined to it.
_TOPIC = re.compile(r"^Berita [A-Z][a-z]++(?: [A-Z][a-z]++)?(?=[A-Z]{4}\w*+\.)")
_MARK = re.compile("[-–—―:(|]")  # every form except the last contains one of them
# "WASHINGTON, May 3 (Reuters) -", "RAJSHAHI, Dec 20, 2025 (BSS) -", "BERLIN, 3. Mai (dpa) –", "Madrid, 3 may (EFE).-", "NEW YORK (AP) —".
_DATED = re.compile(
    rf"^(?P<place>{_PLACE}(?:/{_PLACE})?(?:, (?!{_DAY})(?:[A-Z][a-z]{{1,4}}\.|(?:[A-Z]\.){{2}}|{_PLACE}))?)(?:, {_DAY}|(?=(?: \(|, [A-Z]{{2,}} \()))\s*+{_DATED_AGENCY}\s*+(?:\.?{_DASH}|:)\s*+(?=[\"“„«'‘(A-Z0-9À-Þ])"
)
# A word that no place and no outlet without a dot contains: whatever opens with one is a sentence.
_SENTENCE = re.compile(r"\b[a-z]{4,}\b")
# Openers in capitals that are not places: serial titles and warnings.
_NOT_PLACES = frozenset(
    [
        "BREAKING",
        "RADAR",
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
        *"JANUARY FEBRUARY MARCH APRIL MAY JUNE JULY AUGUST SEPTEMBER OCTOBER NOVEMBER DECEMBER".split(),
    ]
)
_IN_PLACES = frozenset({"NEW", "THE"})  # NEW YORK, THE HAGUE: allowed if an agency shows that it is a place
# Offices, parties and clubs that open a sentence in capitals; abbreviations are recognised by their letters.
_OFFICES = frozenset(
    "COVID TNI KPU OJK MUI ASN POLRI POLDA POLRES POLSEK KODIM BASARNAS BAZNAS BAWASLU BULOG PERTAMINA TELKOM GOLKAR GERINDRA NASDEM DEMOKRAT HANURA PEMKOT PEMKAB PEMPROV PEMDA"
    " SATPOL DISHUB DINKES DISDIK KEMENKES KEMENAG KEMENDAGRI PERSIB PERSIJA PERSEBAYA PERSIPURA PERSELA PERSIK AREMA TIMNAS UEFA FIFA NATO UNICEF UNESCO"
    " RAMADAN LEBARAN PILKADA PEMILU PILPRES".split()
)
_MIN_VOWELS = 0.25  # share of the letters; "LONDON" has more, "UMKM" and "BPBD" less
_SMALL_WORDS = frozenset(
    {"DKI", "DI", "NTB", "NTT", "OKI", "OKU", "PALI", "II", "III", "NAD", "DIY", "AS", "UEA", "US", "UK", "UAE"}
)
_MAX = 80  # longest head examined; real ones have at most 60 characters


@dataclass(frozen=True, slots=True)
class _Forms:
    """The forms in which an outlet may appear."""

    whole: tuple[re.Pattern[str], ...]
    bold: re.Pattern[str]
    no_dash: tuple[re.Pattern[str], ...]
    outlets: frozenset[str]  # in capitals, but not places


def _forms(names: SigningNames) -> _Forms:
    # An outlet's token: a host name in any case, or one of those that sign without a dot.
    brand = (
        rf"(?:[A-Z][A-Za-z0-9]*+(?:[ -][A-Za-z0-9]++){{0,2}}+{_SUFFIX}|{any_of(names.datelines, word='[A-Z]{4,}+')})"
    )
    own_host = rf"[a-z][A-Za-z0-9-]{{2,}}+(?:\.[a-z0-9-]++){{0,2}}?{_SUFFIX}"
    any_brand = (
        rf"(?:{brand}|{own_host})"  # "jpnn.com", "jatim.jpnn.com": beside a place, or alone before a dash with a blank
    )
    whole = (
        # JAKARTA, KOMPAS.com - … / Medan, Beritasatu.com - … / Jakarta, CNN Indonesia -- / BANDA ACEH | SERAMBINEWS.COM -
        rf"^(?P<place>{_PLACES})(?:, ?| | ?\| ?)(?P<brand>{any_brand}),?\s*+(?:{_DASH}|\|)\s*+{_END}",
        # Pontianak (ANTARA) - … / WASHINGTON (AP) — … / ISTANBUL, 23 Februari 2016 (Antara/PRNewswire) -- / MEDAN (Waspada): …
        rf"^(?P<place>{_PLACES}){_DATE},?\s*+(?P<brand>{_AGENCY})\s*+(?:{_DASH}|:)\s*+",
        # TAKALAR, (PEDOMAN KARYA). … : a full stop instead of the dash, seen on a Makassar weekly.
        rf"^(?P<place>{_CAPS}),?\s*+(?P<brand>{_AGENCY})\.\s++{_END}",
        # TRIBUNPONTIANAK.CO.ID, PONTIANAK - … / SURYA.co.id | SURABAYA - … / Liputan6.com, Jakarta - … / jpnn.com, JAKARTA -
        rf"^(?P<brand>{any_brand}){_BAR}(?P<place>{_PLACES}){_DATE},?\s*+(?:{_DASH}|:)\s*+{_END}",
        # KONTAN.CO.ID - SURABAYA. …
        rf"^(?P<brand>{brand})\s*+{_DASH}\s*+(?P<place>[A-Z][A-Z'’]++(?: [A-Z'’]{{2,}}+){{0,3}})\.\s++{_LETTER}",
        # tirto.id - …
        rf"^(?P<brand>{own_host})\s++{_DASH}\s++{_END}",
        # SURYA.co.id, - … / TRIBUN-TIMUR.COM - … / SURYA.co.id I - …
        rf"^(?P<brand>{brand})(?:,| [Il]|\s*+\|)?\s*+{_DASH}\s*+{_END}",
    )
    return _Forms(
        tuple(re.compile(pattern) for pattern in whole),
        # A bold run that is a place or brand, with the dash outside it or missing ("<b>Liputan6.com, Jakarta</b> Kabar
        # …").
        re.compile(
            rf"^(?:(?P<brand>{brand})(?:{_BAR}(?P<place>{_PLACES}))?|(?P<place2>{_PLACES})(?:(?:, ?| )(?P<brand2>{brand}|{_AGENCY}))?)"
            rf"[\s,]*+(?P<dash>{_DASH}|:)?\s*+$"
        ),
        # "TRIBUNNEWS.COM, SANGATTA Abdul Hafid, warga": a brand and a place in capitals with no dash at all.
        (
            re.compile(rf"^(?P<brand>{brand}), ?(?P<place>[A-Z]{{4,}}+(?: [A-Z]{{3,}}+)?) (?=[A-Z][a-z])"),
            # "TVRINews, Palu Warga …": one word of the place or two, decided by the gazetteer.
            re.compile(rf"^(?P<brand>{brand}), ?(?P<known>[A-Z][a-z'’]++ [A-Z][a-z'’]++) {_LETTER}"),
            re.compile(rf"^(?P<brand>{brand}), ?(?P<known>[A-Z][a-z'’]++) {_LETTER}"),
            # "RMOL. Warga …": one that signs without a dot
            re.compile(rf"^(?P<brand>{any_of(names.datelines, word='[A-Z]{4,}+')})\.\s++{_LETTER}"),
        ),
        frozenset(name.rstrip("*").upper() for name in names.credits if " " not in name),
    )


_OUTLET_FORMS = OfOutlets(_forms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A dateline and the text after it."""

    dateline: Dateline
    rest: str


def split_dateline(text: str, *, bold: str = "") -> Split | None:
    """Split the dateline off the head of a paragraph; None if there is none.

    `bold` is the bold run that opens the paragraph: evidence that a place in title case ("Jakarta - …") is set apart
    from the sentence.
    """
    if topic := _TOPIC.match(text):
        text = text[topic.end() :]
    if (
        "(" in text[:_MAX]
        and (dated := _DATED.match(text[: _MAX + 20]))
        and (found := _dateline(dated.groupdict(), is_signed=True))
    ):
        return _split(found, text, dated)
    mark = _MARK.search(text, 0, _MAX + 20)
    opening = text[: mark.start() if mark else _MAX + 20]
    if "." not in opening and _SENTENCE.search(opening):  # most texts; trying the forms takes twenty times as long
        return _from_bold(text, bold) if bold else None
    return _by_form(text, bold, is_marked=mark is not None)


def _by_form(text: str, bold: str, *, is_marked: bool) -> Split | None:
    """The dateline by the first form that matches."""
    head = text[: _MAX + 20]
    for form in _OUTLET_FORMS().whole if is_marked else ():
        match = form.match(head)
        if match and match.end() <= _MAX and (found := _dateline(match.groupdict())) is not None:
            return _split(found, text, match)
    if bold and (split := _from_bold(text, bold)):
        return split
    for form in _KNOWN_FORMS if is_marked else ():
        match = form.match(head)
        if match and match.end() <= _MAX and is_known(match["place"]) and (found := _dateline(match.groupdict())):
            return _split(found, text, match)
    match = _BARE.match(head)
    if match and match.end() <= _MAX and _is_like_place(match["place"]) and (found := _dateline(match.groupdict())):
        return _split(found, text, match)
    match = _BARE_TITLE.match(head)
    if (
        match
        and is_known(match["place"])
        and not is_known(match["next"])
        and (found := _dateline({"place": match["place"]}))
    ):
        return Split(dateline=found, rest=text[match.start("next") :])
    return None if bold else _without_dash(text)


def _split(found: Dateline, text: str, match: re.Match[str]) -> Split:
    return Split(dateline=found, rest=text[match.end() :].lstrip(" ,-–—|"))


def _is_like_place(name: str) -> bool:
    """Whether words in capitals can be a place: a known one, or words that are neither an abbreviation nor an office."""
    if is_known(name):
        return True
    words = name.replace(",", " ").replace("-", " ").split()
    vowels = [sum(char in "AEIOUY" for char in word) for word in words]
    return not _OFFICES & set(words) and all(vowels) and sum(vowels) > _MIN_VOWELS * sum(map(len, words))


def _from_bold(text: str, bold: str) -> Split | None:
    """A dateline whose only sign is bold type, with or without a dash after it."""
    match = _OUTLET_FORMS().bold.match(bold)
    if match is None or not text.startswith(bold) or len(bold) > _MAX:
        return None
    rest = text[len(bold) :]
    behind = re.match(rf"\s*+(?:{_DASH}|:)\s*+", rest)
    found = _dateline(
        {"brand": match["brand"] or match["brand2"], "place": match["place"] or match["place2"]},
    )
    if found is None or not rest.strip():
        return None
    if not (behind or match["dash"] or found.brand):  # bold words that open a sentence are emphasis
        return None
    if ":" in (match["dash"], behind and behind[0].strip()) and not found.text.isupper():
        return None  # a label: only places in capitals are printed so ("GEORGE TOWN:")
    return Split(dateline=found, rest=rest[behind.end() :] if behind else rest.lstrip(" ,-–—"))


def _without_dash(text: str) -> Split | None:
    for form in _OUTLET_FORMS().no_dash:
        match = form.match(text)
        parts = match.groupdict() if match else {}
        known = parts.pop("known", None)
        if match and (known is None or is_known(known)) and (found := _dateline({"place": known, **parts})):
            return Split(dateline=found, rest=text[match.end() :])
    return None


def _dateline(found: dict[str, str | None], *, is_signed: bool = False) -> Dateline | None:
    """The dateline from the groups of a form; None if it is not a place. `is_signed`: an agency in brackets follows."""
    place = (found.get("place") or "").strip(" ,.") or None
    brand = (found.get("brand") or "").strip(" ,()") or None
    words = set(place.upper().replace(",", " ").split()) if place else set()
    if place and (
        words & (_NOT_PLACES - _IN_PLACES if is_signed else _NOT_PLACES)
        or words & _OUTLET_FORMS().outlets
        or len(place) < 3
    ):
        return None
    if place is None and brand is None:
        return None
    return Dateline(text=place or brand or "", place=title_case(place) if place else None, brand=brand)


def title_case(place: str) -> str:
    """A place in title case, abbreviations kept: "KOTA MADIUN" → "Kota Madiun"; "Mataram, NTB" is unchanged."""
    return re.sub(
        r"[^\W\d_]+(?:['’][^\W\d_]+)?",
        lambda word: word[0] if word[0] in _SMALL_WORDS or not word[0].isupper() else word[0].capitalize(),
        place,
    )
