"""What a search's address asks for, and addresses of pages made from it. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal, Self
from urllib.parse import urlencode

from scraper.archive.ask.filters import Filter
from scraper.archive.ask.saved_searches import narrowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from scraper.archive.ask.saved_searches import SavedSearch

PER_PAGE = 20
MAX_PAGE = 500
MAX_QUERY = 500  # characters
MAX_CHOSEN = 100  # values of filters
_PORT = re.compile(r"(?<!:):\d{0,5}$|(?<=\]):\d{0,5}$")  # not the end of an IPv6 address without brackets
_OWN_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_ALL_ADDRESSES = frozenset({"0.0.0.0", "::"})  # noqa: S104  (compared with)
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


@dataclass(frozen=True, slots=True)
class AllowedHosts:
    """The names that the server answers to: this machine's own, and `names`; with `any_address` also every IP address,
    since no page of the web can have one as its own name.
    """

    names: frozenset[str] = frozenset()
    any_address: bool = False

    def allows(self, header: str) -> bool:
        """Whether a Host header, with or without a port, names us."""
        name = _PORT.sub("", header.strip()).strip("[]").rstrip(".").lower()
        if name in _OWN_NAMES or name in self.names:
            return True
        try:
            ip_address(name)
        except ValueError:
            return False
        return self.any_address

    @classmethod
    def of(cls, host: str, also: Iterable[str] = ()) -> Self:
        """The names for a server that listens on `host`, and for proxies in front of it."""
        names = frozenset(name.strip("[]").rstrip(".").lower() for name in (host, *also))
        return cls(names, any_address=bool(names & _ALL_ADDRESSES))


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """A search as its address states it; `chosen` holds (name, value) of the filters; both days are inclusive."""

    query: str = ""
    chosen: tuple[tuple[str, str], ...] = ()
    since: date | None = None
    until: date | None = None
    sort: Sort = "relevance"
    exact: bool = False
    page: int = 1

    def filter(self) -> Filter:
        """The selection of articles that it means. Raises ValueError for an invalid region code or month."""
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
        """The address of this search with parts of it changed; a new selection begins on the first page."""
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
        """The address with one more filter."""
        return self.address(chosen=(*(pair for pair in self.chosen if pair != (name, value)), (name, value)))

    def without_choice(self, name: str, value: str, path: str = "/search") -> str:
        """The address with one filter fewer."""
        return self.address(path, chosen=tuple(pair for pair in self.chosen if pair != (name, value)))

    @classmethod
    def of_saved(cls, saved: SavedSearch, given: Self) -> Self:
        """A saved search, in which explicitly given choices replace the saved ones."""
        wanted = narrowed(saved, given.filter())
        chosen = tuple((name, value) for name, key in _FIELDS.items() for value in getattr(wanted, key))
        return replace(
            given,
            query=saved.query,
            chosen=chosen,
            since=wanted.since,
            until=wanted.until,
            exact=given.exact or saved.exact,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """A question as its address states it: the search that selects articles, and its own options, each (name, value)."""

    path: str
    asked: SearchRequest = field(default_factory=SearchRequest)
    options: tuple[tuple[str, str], ...] = ()

    def option(self, name: str) -> str:
        """The value of an option; "" if it has none."""
        return dict(self.options).get(name, "")

    def with_option(self, name: str, value: str) -> Self:
        """The same with another value for an option."""
        return replace(self, options=tuple((each, value if each == name else old) for each, old in self.options))

    def address(self, path: str | None = None) -> str:
        """The address of this question, or of another page about the same selection."""
        base = self.asked.address(path or self.path)
        pairs = urlencode([(name, value) for name, value in self.options if value])
        return f"{base}{'&' if '?' in base else '?'}{pairs}" if pairs else base


def is_day(text: str | None) -> bool:
    """Whether a text from the archive is a day: a damaged row may hold anything."""
    try:
        date.fromisoformat(text or "")
    except ValueError:
        return False
    return True


def days_of_period(period: str) -> tuple[date, date]:
    """The first and the last day of a day (2019-10-07), week (2019-W41), month (2019-10) or year."""
    if "-W" in period:
        first = date.fromisoformat(f"{period}-1")
        return first, first + timedelta(days=6)
    year, month, day = (*map(int, period.split("-")), 0, 0)[:3]
    first = date(year, month or 1, day or 1)
    if day:
        return first, first
    return first, date(year, month or 12, monthrange(year, month or 12)[1])


def read_search(values: Mapping[str, list[str]]) -> SearchRequest:
    """A search from an address's values. Raises ValueError, naming the value.

    Invalid are a day, page or region that does not exist, and more choices than MAX_CHOSEN.
    """
    chosen = tuple(
        dict.fromkeys((name, value[:MAX_QUERY]) for name in _FIELDS for value in values.get(name, ()) if value)
    )
    if len(chosen) > MAX_CHOSEN:
        raise ValueError(f"{len(chosen)} choices")
    text = _first(values, "page") or "1"
    page = requested_page(text)
    if page is None:
        raise ValueError(text[:40])
    asked = SearchRequest(
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


def requested_page(text: str) -> int | None:
    """The page number in an address, 1 to MAX_PAGE; None for any other text, however long."""
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
