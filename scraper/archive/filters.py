"""Which articles: one description of a choice, for search, counts and exports, and the SQL it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import Any

from scraper.archive.times import to_text
from scraper.text import storable

_REGION = re.compile(r"\d{2}(?:[.\d]*\d)?\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A choice of articles. Every field that is given must hold, and of several values one is enough; empty chooses all.

    `regions` are region codes or their beginnings ("61" is a province with all
    its regencies). `since` and `until` bound the moment of publication, `until`
    exclusive; an article without a date is in no span. `authors` are whole names
    of people who are not editors; names, tags and sections are compared without
    regard to (ASCII) case. Raises ValueError for a region that is no code.
    """

    sites: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for code in self.regions:
            if not _REGION.match(code):
                raise ValueError(f"{code!r} is no region code (61 is a province, longer codes are what is inside it)")


ALL = Filter()


def filter_sql(wanted: Filter) -> tuple[str, list[Any]]:
    """The condition on `articles AS a` that a filter means, and its values; "TRUE" where all are wanted."""
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
        ("EXISTS (SELECT 1 FROM json_each(a.section) WHERE value = ? COLLATE NOCASE)", wanted.sections),
    ):
        if several:
            conditions.append(f"({' OR '.join([condition] * len(several))})")
            values += map(storable, several)
    if wanted.regions:  # as ranges, which an index can answer; "~" is behind every digit and dot
        conditions.append(f"({' OR '.join(['a.region_code BETWEEN ? AND ?'] * len(wanted.regions))})")
        values += [bound for code in wanted.regions for bound in (code, f"{code}~")]
    for condition, moment in (("a.published_utc >= ?", wanted.since), ("a.published_utc < ?", wanted.until)):
        if moment is not None:
            conditions.append(condition)
            values.append(to_text(moment))
    return " AND ".join(conditions) or "TRUE", values
