"""A user's own site definitions (--sites DIR): the files of one directory, added to those in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import SiteError
from scraper.sites.definition import parse_sites
from scraper.sites.registry import use_sites

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.sites import Site


def read_own_sites(directory: Path) -> tuple[Site, ...]:
    """Use the definitions in a directory's *.toml files, in the order of their names, and return them; those that
    extend others come last.

    Raises SiteError "FILE: key: why" for the first error.
    """
    found: dict[str, Site] = {}
    paths = sorted(directory.glob("*.toml"))
    if not paths:
        raise SiteError(f"{directory}: there is no *.toml file")
    texts = {path: _text(path) for path in paths}
    for path in sorted(paths, key=lambda path: "extends" in texts[path]):
        try:
            for site in parse_sites(texts[path], found.values()):
                if site.name in found and found[site.name].portals != site.portals:
                    raise SiteError(f"name: {site.name!r} is defined already, in another file")
                found[site.name] = site
            use_sites(found.values())
        except SiteError as error:
            raise SiteError(f"{path}: {error}") from error
    return tuple(found.values())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise SiteError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SiteError(f"{path}: not UTF-8 ({error.reason} at byte {error.start})") from error
