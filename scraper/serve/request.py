"""What a search's address asks for, and addresses of pages made of it. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

from scraper.archive import Filter

if TYPE_CHECKING:
    from collections.abc import Mapping

PER_PAGE = 20
MAX_PAGE = 500
MAX_QUERY = 500  # characters
MAX_CHOSEN = 100  # values of filters
_FIELDS = {
    "site": "sites",
    "region": "regions",
    "section": "sections",
    "author": "authors",
    "tag": "tags",
    "kind": "kinds",
    "month": "months",
}

Sort = Literal["relevance", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A search as its address says it; `chosen` are (name, value) of the filters, days are both inclusive."""

    query: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    until: date | None = None
    sort: Sort = "relevance"
    exact: bool = False
    page: int = 1

    def filter(self) -> Filter:
        """The choice of articles that it means. Raises ValueError for a region that is no code, a month that is none."""
        several = {field: tuple(value for name, value in self.chosen if name == key) for key, field in _FIELDS.items()}
        return Filter(
            sites=several["sites"],
            regions=several["regions"],
            sections=several["sections"],
            authors=several["authors"],
            tags=several["tags"],
            kinds=several["kinds"],
            months=several["months"],
            since=self.since,
            until=self.until,
        )

    def address(self, path: str = "/search", **changes: object) -> str:
        """The address of this search with some of it changed; a new choice begins on the first page."""
        changed = replace(self, **({"page": 1} | changes))  # type: ignore[arg-type]
        pairs: list[tuple[str, str]] = [("q", changed.query)] if changed.query else []
        pairs += changed.chosen
        pairs += [(name, day.isoformat()) for name, day in (("since", changed.since), ("until", changed.until)) if day]
        if changed.sort != "relevance":
            pairs.append(("sort", changed.sort))
        if changed.exact:
            pairs.append(("exact", "1"))
        if changed.page > 1:
            pairs.append(("page", str(changed.page)))
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def with_choice(self, name: str, value: str) -> str:
        """The address with one filter more."""
        return self.address(chosen=(*(pair for pair in self.chosen if pair != (name, value)), (name, value)))

    def without_choice(self, name: str, value: str) -> str:
        """The address with one filter less."""
        return self.address(chosen=tuple(pair for pair in self.chosen if pair != (name, value)))


def read_search(values: Mapping[str, list[str]]) -> Asked:
    """A search out of an address's values. Raises ValueError, with what it was.

    A day, page or region that is none, and more choices than MAX_CHOSEN.
    """
    chosen = tuple(
        dict.fromkeys((name, value[:MAX_QUERY]) for name in _FIELDS for value in values.get(name, ()) if value)
    )
    if len(chosen) > MAX_CHOSEN:
        raise ValueError(f"{len(chosen)} choices")
    text = _first(values, "page") or "1"
    page = page_number(text)
    if page is None:
        raise ValueError(text[:40])
    asked = Asked(
        query=(_first(values, "q") or "").strip()[:MAX_QUERY],
        chosen=chosen,
        since=_day(_first(values, "since")),
        until=_day(_first(values, "until")),
        sort="date" if _first(values, "sort") == "date" else "relevance",
        exact=_first(values, "exact") == "1",
        page=page,
    )
    asked.filter()
    return asked


def page_number(text: str) -> int | None:
    """The number of a page in an address, 1 to MAX_PAGE; None for any other text, however long."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(MAX_PAGE))
    return int(text) if is_number and 1 <= int(text) <= MAX_PAGE else None


def _first(values: Mapping[str, list[str]], name: str) -> str | None:
    found = values.get(name)
    return found[0] if found else None


def _day(text: str | None) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(text[:40]) from error
