"""How the papers in the catalogue sign, as patterns: facts about sites, not part of these rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Generic, TypeVar

from scraper.sites.registry import signing_names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scraper.sites.registry import SigningNames

T = TypeVar("T")
_PLACE_WORD = r"[A-Z][a-z]++(?:\s++(?:Barat|Timur|Utara|Tengah|Selatan))?"


class OfOutlets(Generic[T]):
    """Something made from the names of the papers in use: made when it is first needed, and again when other sites are
    used.
    """

    def __init__(self, make: Callable[[SigningNames], T]) -> None:
        self._make = make
        self._made: tuple[SigningNames, T] | None = None

    def __call__(self) -> T:
        """The thing made."""
        names = signing_names()
        if self._made is None or self._made[0] is not names:
            self._made = (names, self._make(names))
        return self._made[1]


def any_of(names: Iterable[str], *, word: str = _PLACE_WORD) -> str:
    """A pattern for any of these names; "*" at the end of one is the rest of its word, " *" is `word`."""
    return "|".join(_pattern(name, word) for name in sorted(names, key=len, reverse=True)) or "(?!)"


def _pattern(name: str, word: str) -> str:
    if name.endswith(" *"):
        return rf"{re.escape(name[:-2])}\s++{word}"
    return rf"{re.escape(name[:-1])}\w*+" if name.endswith("*") else re.escape(name)
