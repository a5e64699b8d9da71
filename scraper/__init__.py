"""kliping: crawl news politely, read every page exactly, keep everything in one SQLite archive."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scraper.errors import KlipingError, Reason
    from scraper.reading import extract
    from scraper.records import Article

__version__ = "0.1.0"
__all__ = ["Article", "KlipingError", "Reason", "__version__", "extract"]

_HOMES = {"Article": "scraper.records", "KlipingError": "scraper.errors", "Reason": "scraper.errors"}


def __getattr__(name: str) -> Any:
    """What is offered here is loaded when it is asked for: a command that reads no page need not wait for the reader."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


class _Package(ModuleType):
    """`scraper.extract` is the function also once its room, the module of the same name, has been loaded."""

    @property
    def extract(self) -> Any:
        return import_module("scraper.reading").extract

    @extract.setter
    def extract(self, room: ModuleType) -> None:
        """The import system sets it to the room."""


sys.modules[__name__].__class__ = _Package
