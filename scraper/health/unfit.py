"""Designs that nobody has compared with a page: whether the pages in an archive confirm their selectors. Pure.

Every other meter compares a site with its own past, so a selector that was wrong from the start never shows: nothing
changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.write.alarms import Alarm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from scraper.health.meters import Rate
    from scraper.sites import Layout

DAYS = 14
MIN_CASES = 30  # articles that have the field: fewer may be from a section that prints it elsewhere
# Fields of a record, and the keys of a layout that give them.
FIELDS = {"published_at": "published", "authors": "byline"}


def unfit(
    layout: str,
    rates: Mapping[tuple[str, str], Rate],
    *,
    layout_of: Callable[[str], Layout | None],
    since: Callable[[str], int | None],
    now: datetime,
) -> Iterator[Alarm]:
    """An alarm for each field for which a layout has a selector, which its articles have, and which it gave on none of
    them.

    A lede is not among them: a description in the page's data does not mean that the page prints one. `layout_of`
    returns the definition of a layout that was never seen, None for any other; `since` how many days ago a person
    accepted the alarm of a field.
    """
    known = layout_of(layout)
    if known is None:
        return
    for (kind, field), rate in rates.items():
        if kind != "fallback" or field == "lede" or not getattr(known, FIELDS.get(field, field)):
            continue
        days = rate.days[: min(DAYS, accepted) if (accepted := since(field)) is not None else DAYS]
        elsewhere, cases = sum(each[0] for each in days), sum(each[1] for each in days)
        if cases < MIN_CASES or elsewhere < cases:
            continue
        yield Alarm(
            scope="layout",
            name=layout,
            kind="unfit",
            field=field,
            level="warn",
            opened_at=now,
            last_seen_at=now,
            days=len(days),
            cases=cases,
            expected=1.0,
            observed=0.0,
            chance=0.0,
            detail=f"its selectors for {field} gave it on none of {cases} articles that have it: it is {known.confidence}, "
            "and was never compared with a page",
            layout=layout,
            url=rate.newest.url,
            capture_id=rate.newest.capture_id,
        )


def is_still_unfit(field: str, rates: Mapping[tuple[str, str], Rate]) -> bool:
    """Whether a layout has still not given a field on any article in two weeks."""
    rate = rates.get(("fallback", field))
    days = rate.days[:DAYS] if rate else []
    return all(elsewhere == cases for elsewhere, cases in days)


def caveat(layout: str | None, layout_of: Callable[[str], Layout | None]) -> str:
    """The text added to an alarm about pages read by a layout that was never compared with one."""
    known = layout_of(layout) if layout else None
    return f"; {layout} is {known.confidence}, never compared with a page" if known else ""
