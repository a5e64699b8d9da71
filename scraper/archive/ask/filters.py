"""Which articles: one description of a selection, for search, counts and exports, and its SQL."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from scraper.text import storable

_MONTH = re.compile(r"(?!9999-12)[1-9]\d{3}-(?:0[1-9]|1[0-2])\Z", re.ASCII)
_REGION = re.compile(r"\d{2}(?:[.\d]*\d)?\Z")
# The lists of sections that articles have, some hundreds in all, by skipping through the index from one to the next.
_OF_SECTION = (
    "a.section IN (WITH RECURSIVE lists(list) AS (SELECT min(section) FROM articles UNION ALL"
    " SELECT (SELECT min(section) FROM articles WHERE section > list) FROM lists WHERE list IS NOT NULL)"
    " SELECT list FROM lists, json_each(iif(json_valid(list), list, '[]')) WHERE value = ? COLLATE NOCASE)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A selection of articles. Every given field must match, and of several values one is enough; an empty filter
    selects all.

    `regions` are region codes or their beginnings ("61" is a province with all its regencies). `since` and `until` are
    the first and the last day of publication, `months` ("2019-10") its months: all three by the date that the page
    shows, in the paper's own zone (`published_on`). An article without a date matches none of them. `authors` are whole
    names of people who are not editors; names, tags and sections are compared without regard to (ASCII) case. Raises
    ValueError for an invalid region code or month.
    """

    sites: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    months: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for code in self.regions:
            if not _REGION.match(code):
                raise ValueError(f"{code!r} is not a region code (61 is a province; longer codes are parts of it)")
        for month in self.months:
            _around(month)


ALL = Filter()


def filter_sql(wanted: Filter) -> tuple[str, list[Any]]:
    """The condition on `articles AS a` that a filter means, and its values; "TRUE" if it selects all."""
    conditions: list[str] = []
    values: list[Any] = []
    for condition, several in (
        ("a.site = ?", wanted.sites),
        ("a.kind = ?", wanted.kinds),
        (
            "a.id IN (SELECT b.article_id FROM people AS p JOIN bylines AS b ON b.person_id = p.id"
            " WHERE p.name = ? COLLATE NOCASE AND b.role <> 'editor')",
            wanted.authors,
        ),
        ("a.id IN (SELECT article_id FROM tags WHERE tag = ? COLLATE NOCASE)", wanted.tags),
        (_OF_SECTION, wanted.sections),
    ):
        if several:
            conditions.append(f"({' OR '.join([condition] * len(several))})")
            values += map(storable, several)
    if wanted.regions:  # as ranges, which an index can answer; "~" sorts after every digit and dot
        conditions.append(f"({' OR '.join(['a.region_code BETWEEN ? AND ?'] * len(wanted.regions))})")
        values += [bound for code in wanted.regions for bound in (code, f"{code}~")]
    if wanted.months:  # the index is by UTC, which is less than a day from any zone
        term = "a.published_utc BETWEEN ? AND ? AND a.month = ?"
        conditions.append(f"({' OR '.join([f'({term})'] * len(wanted.months))})")
        values += [bound for month in wanted.months for bound in (*_around(month), month)]
    if wanted.since:
        conditions.append("a.published_utc >= ? AND a.published_at >= ?")
        values += [_shifted(wanted.since, -1), wanted.since.isoformat()]
    if wanted.until:
        conditions.append("a.published_utc < ? AND a.published_at < ?")
        values += [_shifted(wanted.until, 2), _shifted(wanted.until, 1)]
    return " AND ".join(conditions) or "TRUE", values


def _shifted(day: date, days: int) -> str:
    """A day shifted by some days, as text; beyond the ends of the calendar, a text that sorts before or after every
    date.
    """
    try:
        return (day + timedelta(days=days)).isoformat()
    except OverflowError:
        return "0000" if days < 0 else "~"


def _around(month: str) -> tuple[str, str]:
    """The last day before a month and the day after the first one following it, which none of its articles can reach.
    Raises ValueError.
    """
    if not _MONTH.match(month):
        raise ValueError(f"{month!r} is not a month (2019-10)")
    first = date.fromisoformat(f"{month}-01")
    return (first - timedelta(days=1)).isoformat(), (first + timedelta(days=33)).isoformat()
