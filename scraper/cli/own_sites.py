"""The site definitions of a user (--sites DIR): files of one directory, made part of what is in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.errors import SiteError
from scraper.sites.definition import parse_sites
from scraper.sites.registry import use_sites

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.sites import Site


def read_own_sites(directory: Path) -> tuple[Site, ...]:
    """Use the definitions of a directory's *.toml files, in the order of their names, and give them.

    Raises SiteError "FILE: key: why" for the first thing that is wrong.
    """
    found: list[Site] = []
    paths = sorted(directory.glob("*.toml"))
    if not paths:
        raise SiteError(f"{directory}: there is no *.toml file")
    for path in paths:
        try:
            found += parse_sites(path.read_text("utf-8"))
            use_sites(found)
        except OSError as error:
            raise SiteError(f"{path}: {error.strerror}") from error
        except UnicodeDecodeError as error:
            raise SiteError(f"{path}: no UTF-8 ({error.reason} at byte {error.start})") from error
        except SiteError as error:
            raise SiteError(f"{path}: {error}") from error
    return tuple(found)
