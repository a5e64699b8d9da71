"""The choice of articles as people write it in Python: dates as text, one value or several, regions by name."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, TypedDict

from scraper.archive.ask import tallies
from scraper.archive.ask.filters import Filter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.archive.file.library import Archive

    Several = str | Sequence[str]


SHOWN = 5  # how many sites of a network are named


class Choice(TypedDict, total=False):
    """What the methods of an archive take to choose articles. All given keys must match; of several values for a key,
    one is enough.

    `sites` are slugs of portals ("tribun-pontianak"), `regions` names or codes ("Kalbar", "61": a province with
    everything in it), `since` and `until` the first and the last day of publication by the date that the page shows (a
    date, or "2019-10-01"), `months` its months ("2019-10"), `authors` whole names, `kinds` of pages ("article",
    "gallery", "video", "live").
    """

    sites: Several
    regions: Several
    since: date | str
    until: date | str
    authors: Several
    tags: Several
    sections: Several
    kinds: Several
    months: Several


def as_filter(db: Archive, choice: Choice) -> Filter:
    """The choice as the archive understands it. Raises ValueError for an unknown site or region, or for an impossible
    day or month.
    """
    several = {
        name: _several(choice.get(name, ())) for name in ("sites", "authors", "tags", "sections", "kinds", "months")
    }
    check_sites(db, several["sites"])
    regions = _several(choice.get("regions", ()))
    if regions:
        from scraper.regions import chosen  # noqa: PLC0415  (the table of regions takes a moment to load)

        regions = chosen(regions)
    return Filter(
        regions=regions,
        since=as_day(choice.get("since")),
        until=as_day(choice.get("until")),
        **several,
    )


def _several(given: object) -> tuple[str, ...]:
    if isinstance(given, str):
        return (given,)
    values = tuple(given) if isinstance(given, tuple | list | set | frozenset) else (given,)
    if wrong := next((value for value in values if not isinstance(value, str)), None):
        raise TypeError(f"{wrong!r} should be text, or a list of texts")
    return values


def as_day(given: date | str | None) -> date | None:
    """A day given as a date, a moment or text. Raises ValueError for text that is not a day."""
    if isinstance(given, datetime):
        return given.date()
    if not isinstance(given, str):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise ValueError(f"{given!r} is not a day (2019-10-01)") from error


def check_sites(db: Archive, slugs: Iterable[str]) -> None:
    """Raise ValueError for a slug that neither the archive nor the catalogue knows; the message names the nearest one."""
    if (unknown := unknown_site(db, slugs)) is not None:
        raise ValueError(unknown)


def unknown_site(db: Archive, slugs: Iterable[str]) -> str | None:
    """The message about the first slug that neither the archive nor the catalogue knows; None if all are known."""
    known = tallies.sites_of(db)
    unknown = [slug for slug in slugs if slug not in known]
    if not unknown:
        return None
    from scraper.sites.registry import by_slug, near_slugs  # noqa: PLC0415  (the catalogue takes a moment to load)

    for slug in unknown:
        found = by_slug(slug)
        if found is None:
            near = ", ".join(near_slugs(slug, also=known))
            meant = f"; did you mean {near}?" if near else " (`kliping sites --portals` lists those with rules)"
            return f"there is no site {slug!r}{meant}"
        portals = [portal.slug for portal in found[1]]
        if slug not in portals:
            return f"{slug!r} is a network: name its sites ({', '.join(portals[:SHOWN])}{' …' if len(portals) > SHOWN else ''})"
    return None
