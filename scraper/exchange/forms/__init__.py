"""The export formats: one file each, loaded when its format is used.

A file NAME.py in this folder is the format NAME; its `FORM` says what it makes and how.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.archive.file.library import Archive
    from scraper.exchange.export import Exported, ExportOptions, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A format. `export` is called with a snapshot of the archive.

    In a package its data is of the media type `media`, in the file or directory `file`; `listed` is a pattern for the
    files in a directory, `about` is added to the package's description.
    """

    media: str
    file: str
    export: Callable[[Archive, ExportOptions, Report], Exported]
    listed: str = "*"
    about: Callable[[], dict[str, Any]] = dict


FORMATS: tuple[str, ...] = tuple(sorted(each.name for each in iter_modules(__path__)))


def export_form(name: str) -> Form:
    """The format of this name. Raises ValueError if there is none."""
    if name not in FORMATS:
        raise ValueError(f"there is no format {name!r}, but {', '.join(FORMATS)}")
    found = import_module(f"{__name__}.{name}").FORM
    assert isinstance(found, Form)  # noqa: S101  (what the folder is for)
    return found
