"""The catalogue's files: one for each network or paper in catalogue/, one for each system used by many papers in
profiles/.

Parsing them all takes as long as reading ten pages. So the parsed tables are stored beside the bytecode of this module,
if Python may write there, and reused as long as the files are the same to the byte.
"""

from __future__ import annotations

import hashlib
import json
import sys
from contextlib import suppress
from functools import cache
from importlib.resources import files
from importlib.util import cache_from_source
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.sites.definition import Shelf, outline_of, site_of, toml

if TYPE_CHECKING:
    from scraper.sites import Site
    from scraper.sites.definition import Table

Tables = dict[str, "Table"]

_FOLDERS = ("catalogue", "profiles")
_FORM = "1"  # of the stored tables; another format is not read


@cache
def shelf() -> Shelf:
    """The tables to which definitions may refer. Read once in a process."""
    texts = {folder: _texts(folder) for folder in _FOLDERS}
    digest = hashlib.sha256(json.dumps([_FORM, texts]).encode()).hexdigest()
    found = _kept(digest)
    if found is None:
        found = {folder: _tables(texts[folder]) for folder in _FOLDERS}
        _keep(digest, found)
    return Shelf(sites={table["name"]: table for table in found["catalogue"].values()}, profiles=found["profiles"])


def catalogue() -> tuple[Site, ...]:
    """The sites of the catalogue, by name."""
    return tuple(whole_site(name) for name in sorted(shelf().sites))


@cache
def whole_site(name: str) -> Site:
    """A site of the catalogue, created when it is first used: a crawl meets few of them. Raises KeyError."""
    return site_of(shelf().sites[name], shelf())


def outlines() -> tuple[Site, ...]:
    """The sites of the catalogue, by name, each only with what identifies it and how it signs."""
    return tuple(outline_of(table) for _, table in sorted(shelf().sites.items()))


def _texts(folder: str) -> dict[str, str]:
    """The files of a folder by their names without ".toml", in order."""
    found = files("scraper.sites").joinpath(folder).iterdir()
    return {
        file.name.removesuffix(".toml"): file.read_text("utf-8") for file in sorted(found, key=lambda each: each.name)
    }


def _tables(texts: dict[str, str]) -> Tables:
    """The tables of files by their names; the name of a paper with one portal is its slug."""
    found = {}
    for name, text in texts.items():
        table = toml(text)
        table.setdefault("name", table.get("slug", name))
        found[name] = table
    return found


def _place() -> Path:
    return Path(cache_from_source(__file__)).with_suffix(".json")


def _kept(digest: str) -> dict[str, Tables] | None:
    """The tables parsed earlier; None if there are none, or if they are of other files."""
    try:
        kept = json.loads(_place().read_bytes())
        tables: dict[str, Tables] = kept["tables"]
    except (OSError, ValueError, NotImplementedError, TypeError, KeyError):
        return None
    return tables if kept["digest"] == digest else None


def _keep(digest: str, tables: dict[str, Tables]) -> None:
    """Store the parsed tables where and when Python stores bytecode, completely or not at all."""
    if sys.dont_write_bytecode:
        return
    with suppress(OSError, NotImplementedError):
        place = _place()
        text = json.dumps({"digest": digest, "tables": tables}, default=str)  # days: their form in TOML is the ISO one
        new = place.with_name(f"{place.name}.{digest}")  # whoever else writes it writes the same
        new.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(text, "utf-8")
        new.replace(place)
