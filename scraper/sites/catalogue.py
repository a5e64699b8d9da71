"""The catalogue's files: one for each network or paper in catalogue/, one for each system that many run on in profiles/."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from scraper.sites.definition import Shelf, site_of, toml

if TYPE_CHECKING:
    from scraper.sites import Site
    from scraper.sites.definition import Table


@cache
def shelf() -> Shelf:
    """What definitions may refer to. Read once in a process."""
    return Shelf(sites={table["name"]: table for table in _tables("catalogue").values()}, profiles=_tables("profiles"))


def catalogue() -> tuple[Site, ...]:
    """The sites of the catalogue, by name."""
    return tuple(site_of(table, shelf()) for _, table in sorted(shelf().sites.items()))


def _tables(folder: str) -> dict[str, Table]:
    """The tables of a folder's files by their names; the name of a paper of one portal is its slug."""
    found = {}
    for file in sorted(files("scraper.sites").joinpath(folder).iterdir(), key=lambda each: each.name):
        table = toml(file.read_text("utf-8"))
        name = file.name.removesuffix(".toml")
        table.setdefault("name", table.get("slug", name))
        found[name] = table
    return found
