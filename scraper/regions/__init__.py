"""From a dateline and the paper's province to the administrative region, with the official code. Pure; nothing is
guessed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from scraper.regions.region_names import PROVINCE_NAMES, REGION_NAMES
from scraper.regions.region_table import Region, districts, regions

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Located", "Region", "chosen", "codes_of", "is_known", "locate", "province_code", "regions"]

Source = Literal["dateline", "portal"]

_KINDS = ("Kabupaten Administrasi", "Kota Administrasi", "Kabupaten", "Kab", "Kota")
_PARTS = ("Utara", "Selatan", "Barat", "Timur", "Tengah", "Kota", "Hulu", "Hilir", "Ulu", "Ilir")
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A region's code and its evidence: the dateline, or only the province of the paper."""

    code: str
    source: Source


def locate(place: str | None, province: str | None) -> Located | None:
    """The region that a dateline's place names; None if that is not certain.

    `place` is as printed, in any case, possibly with what contains it after a comma ("Mataram, NTB"); None for an
    article without a dateline, which then gets the paper's province. `province` is the paper's, None for a national
    one.

    A name that only one regency or city in the country has means that one, whatever the paper. One that several have
    ("Bogor": a city and a regency) means their province if they share it, or whatever the paper's province contains of
    them. The name of a district counts only within a province that the dateline or the paper states.
    """
    home = province_code(province) if province else None
    if not place or not place.strip():
        return Located(code=home, source="portal") if home else None
    name, *around = [part.strip() for part in place.split(",") if part.strip()] or [""]
    code = _within(name, around, home) if around else _certain(name, stated=None, home=home)
    return Located(code=code, source="dateline") if code else None


def is_known(place: str) -> bool:
    """Whether a place, or the first part of "Mataram, NTB", has the name of a region or a district."""
    key = _key(place.partition(",")[0])
    return key in _codes_by_name() or key in _district_names()


def province_code(name: str) -> str | None:
    """The code of a province by its name or abbreviation ("Kalimantan Barat", "Kalbar", "DKI Jakarta"); None if it is
    unknown.
    """
    found = _codes_by_name().get(_key(name.removeprefix("Provinsi ")), frozenset())
    return next((code for code in found if len(code) == 2), None)


def codes_of(name: str) -> frozenset[str]:
    """The codes of all regions that a name typed by a person may mean: "Kalbar", "Bogor" (the city and the regency)."""
    return _codes_by_name().get(_key(name.removeprefix("Provinsi ")), frozenset())


def chosen(texts: Iterable[str]) -> tuple[str, ...]:
    """The codes of regions given by code or name; a city and a regency with the same name are both meant. Raises
    ValueError.
    """
    found: list[str] = []
    for text in texts:
        is_code = text[:1].isdigit()
        codes = [text] if is_code else sorted(codes_of(text))
        if not codes or (is_code and text not in regions()):
            raise ValueError(f"{text!r} is not a region of Indonesia, by name or code")
        found += codes
    return tuple(found)


def _within(name: str, around: list[str], home: str | None) -> str | None:
    """A place with what contains it: "Mataram, NTB", "Pujut, Lombok Tengah"; a container that is not one of our regions
    is abroad.
    """
    outer = around[-1]
    stated = province_code(outer)
    if stated is not None:
        return _certain(name, stated=stated, home=stated) or stated
    holder = _certain(outer, stated=None, home=home)
    if holder is None:
        return None
    inner = _certain(name, stated=holder[:2], home=holder[:2])
    return inner if inner and inner.startswith(holder) else holder


def _certain(name: str, *, stated: str | None, home: str | None) -> str | None:
    """The code of a name on its own. `stated` is the province that the dateline itself names, `home` is that or the
    paper's.
    """
    found = _codes_by_name().get(_key(name), frozenset())
    if stated is not None:
        found = frozenset(code for code in found if code.startswith(stated))
    elif home and len({code[:2] for code in found}) > 1:
        found = frozenset(code for code in found if code.startswith(home))
    if not found:
        return _district(name, home) if home else None
    code = _common(found)
    # "Ketapang" is a regency in the west of Borneo and a district in Lampung: for a paper from Lampung it may be
    # either.
    is_torn = home is not None and code is not None and not code.startswith(home) and bool(_holders(name, home))
    return None if is_torn else code


def _district(name: str, province: str) -> str | None:
    """The regency or city of a district within a province; the province if several of them have such a district."""
    return _common(_holders(name, province) or _holders_of_parts(name, province))


def _holders(name: str, province: str) -> frozenset[str]:
    """The regencies and cities of a province that have a district with this name."""
    key = _key(name)
    return frozenset(code for code, names in _districts_in(province) if key in names)


def _holders_of_parts(name: str, province: str) -> frozenset[str]:
    """The same for a town divided into districts: "Sangatta" if there are Sangatta Utara and Sangatta Selatan."""
    keys = {_key(f"{name} {part}") for part in _PARTS}
    return frozenset(code for code, names in _districts_in(province) if not keys.isdisjoint(names))


def _common(codes: frozenset[str]) -> str | None:
    """The single code, or else the province that all share."""
    if len(codes) == 1:
        return next(iter(codes))
    provinces = {code[:2] for code in codes}
    return provinces.pop() if len(provinces) == 1 else None


@cache
def _codes_by_name() -> dict[str, frozenset[str]]:
    """The codes that every name may stand for: "kota madiun" the city, "madiun" city and regency, "jambi" province and
    city.
    """
    codes: dict[str, set[str]] = defaultdict(set)
    for code, region in regions().items():
        for name in (region.name, *_other_names(region)):
            codes[_key(name)].add(code)
    return {name: frozenset(found) for name, found in codes.items()}


def _other_names(region: Region) -> list[str]:
    if region.level == "province":
        return list(PROVINCE_NAMES.get(region.code, ()))
    kind = next(kind for kind in _KINDS if region.name.startswith(f"{kind} "))
    bare = region.name.removeprefix(f"{kind} ")
    kinds = [each for each in _KINDS if each.startswith("Kota") == (region.level == "city")]
    return [bare, *(f"{each} {bare}" for each in kinds), *REGION_NAMES.get(region.name, ())]


@cache
def _districts_in(province: str) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(
        (code, frozenset(_key(name) for name in names))
        for code, names in districts().items()
        if code.startswith(f"{province}.")
    )


@cache
def _district_names() -> frozenset[str]:
    """Names of districts, and of towns divided into districts."""
    names = {name for held in districts().values() for name in held}
    towns = {town for name in names for town, _, part in [name.rpartition(" ")] if part in _PARTS}
    return frozenset(_key(name) for name in names | towns)


def _key(name: str) -> str:
    """A name for comparing: "Bandar Lampung", "BANDARLAMPUNG" and "Bandar-Lampung" are the same."""
    return _NOT_LETTERS.sub("", name).casefold()
