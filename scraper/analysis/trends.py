"""Hits over time: articles that a query finds, by day, week, month or year, their share of all, and where nobody
looked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal, get_args

from scraper.archive.ask import tallies
from scraper.archive.ask.filters import ALL, Filter
from scraper.regions import regions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.archive.ask.search import Understood
    from scraper.archive.ask.tallies import Span, Tally
    from scraper.archive.file.library import Archive

Period = Literal["day", "week", "month", "year"]
Split = Literal["site", "province", "region"]
PERIODS: tuple[Period, ...] = get_args(Period)
SPLITS: tuple[Split, ...] = get_args(Split)


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One period of a series. `period` is 2019-10-07, 2019-W41 (ISO 8601), 2019-10 or 2019.

    `articles` are those found, `of_all` all those of the filter with which the query is compared; `share` is their
    ratio, None if `of_all` is 0. `papers` had an article at all. Of the period's `days`, `covered` are those on which a
    paper has a dated article or somebody looked. If there are none, nothing is known: `articles` and `share` are None,
    which is not zero.
    """

    period: str
    articles: int | None
    of_all: int
    share: float | None
    papers: int
    days: int
    covered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One query over time; `group` is the site or the region code by which it is split, None for all together."""

    query: str
    group: str | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every query over the same articles is compared with; `by` group (None: all together) and period.

    `of_all` are articles, `papers` those with an article. `days` are the days of each period of the span and how many
    are covered, `days_of` the same for one site if the split is by site; `unreadable` articles have an invalid date.
    Computing it goes over all articles of the filter once, which no query has to repeat.
    """

    wanted: Filter
    by: Period
    split: Split | None
    of_all: dict[str | None, dict[str, int]]
    papers: dict[str | None, dict[str, int]]
    unreadable: int
    days: dict[str, list[int]]
    days_of: dict[str | None, dict[str, list[int]]]


def ground(db: Archive, wanted: Filter = ALL, *, by: Period = "month", split: Split | None = None) -> Ground | None:
    """The ground of a filter; None if it has no dated article."""
    counted = tallies.tallies(db, wanted)
    whole = [each for each in counted if _is_day(each.span)]
    if not whole:
        return None
    days = _span(whole, wanted)
    covered = _covered(db, whole, days, wanted)
    everything = whole if split in (None, "site") else tallies.tallies(db, wanted, by=split, span=_span_of(by))
    of_all = _counted(everything, by, split)
    papers = _papers(whole, by, split)
    return Ground(
        wanted=wanted,
        by=by,
        split=split,
        of_all=of_all,
        unreadable=sum(each.articles for each in counted) - sum(each.articles for each in whole),
        papers={group: papers[group if split == "site" else None] for group in of_all},
        days=_lengths(days, by, set().union(*covered.values())),
        days_of={site: _lengths(days, by, seen) for site, seen in covered.items()} if split == "site" else {},
    )


def over(db: Archive, on: Ground, name: str, asked: Understood | None) -> list[Series]:
    """A query (None: all articles) over time: a series for each group of the ground."""
    counts = on.of_all
    if asked is not None:
        found = tallies.tallies(db, on.wanted, asked, by=on.split or "site", span=_span_of(on.by))
        counts = _counted(found, on.by, on.split)
    return [
        Series(
            query=name,
            group=group,
            points=_points(on.days_of.get(group, on.days), counts.get(group, {}), on.of_all[group], on.papers[group]),
        )
        for group in sorted(on.of_all, key=str)
    ]


def trends(
    db: Archive,
    queries: Sequence[tuple[str, Understood | None]],
    wanted: Filter = ALL,
    *,
    by: Period = "month",
    split: Split | None = None,
) -> list[Series]:
    """A series for each query (its name and what it means, None: all articles), and for each site or region if `split`.

    Every period of the span has a point: from `wanted.since` or the first dated article to `wanted.until` or the last
    one. The filter selects what is counted and what it is compared with. Articles without a date are in no point.
    """
    on = ground(db, wanted, by=by, split=split)
    return [] if on is None else [series for name, asked in queries for series in over(db, on, name, asked)]


def undated_count(db: Archive, wanted: Filter = ALL) -> int:
    """How many articles are in no period: without a date, or with an invalid one."""
    return tallies.undated(db, wanted) + sum(
        each.articles for each in tallies.tallies(db, wanted) if not _is_day(each.span)
    )


def _span_of(by: Period) -> Span:
    return "day" if by == "week" else by


def period_of(day: str, by: Period) -> str:
    """The period that contains a day (YYYY-MM-DD); for a month or a year, itself."""
    if by == "week":
        year, week, _ = date.fromisoformat(day).isocalendar()
        return f"{year:04}-W{week:02}"
    return day[: {"day": 10, "month": 7, "year": 4}[by]]


def _is_day(text: str) -> bool:
    """Whether a date can be parsed: a damaged row may hold anything."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _span(whole: Iterable[Tally], wanted: Filter) -> list[str]:
    days = sorted({each.span for each in whole})
    first = wanted.since or date.fromisoformat(days[0])
    last = wanted.until or date.fromisoformat(days[-1])
    return [(first + timedelta(days=number)).isoformat() for number in range((last - first).days + 1)]


def _covered(db: Archive, whole: Iterable[Tally], days: Sequence[str], wanted: Filter) -> dict[str | None, set[str]]:
    """By paper, the days on which it has an article, or its index of the day was walked, or a listing of it was read.

    The three are different kinds of evidence, and each is enough: the only question is whether a zero may be believed.
    """
    found: dict[str | None, set[str]] = defaultdict(set)
    # Whether a paper has an article on a day does not depend on the rest of the filter.
    plain = Filter(sites=wanted.sites, since=wanted.since, until=wanted.until)
    for each in whole if plain == wanted else tallies.tallies(db, plain):
        if _is_day(each.span):
            found[each.group].add(each.span)
    sites = [site for site in {*found, *wanted.sites} if site is not None]
    walked = tallies.days_walked(db, sites)
    span = set(days)
    for site in sites:
        found[site] |= walked[site] & span
        found[site] |= tallies.days_looked(db, site, span - found[site])
    return found


def _counted(found: Iterable[Tally], by: Period, split: Split | None) -> dict[str | None, dict[str, int]]:
    counts: dict[str | None, dict[str, int]] = {}
    for each in found:
        if not _is_day(f"{each.span}-01-01"[:10]):
            continue
        periods = counts.setdefault(each.group if split else None, {})
        period = period_of(each.span, by)
        periods[period] = periods.get(period, 0) + each.articles
    return counts


def _papers(whole: Iterable[Tally], by: Period, split: Split | None) -> dict[str | None, dict[str, int]]:
    """How many papers had an article in each period; for a region, the papers of all (None), since a region has no
    papers of its own.
    """
    sites: dict[str | None, dict[str, set[str | None]]] = {}
    for each in whole:
        periods = sites.setdefault(each.group if split == "site" else None, {})
        periods.setdefault(period_of(each.span, by), set()).add(each.group)
    return {group: {period: len(have) for period, have in periods.items()} for group, periods in sites.items()}


def _lengths(days: Iterable[str], by: Period, covered: set[str]) -> dict[str, list[int]]:
    """How many days each period has, and how many of those are covered."""
    lengths: dict[str, list[int]] = {}
    for day in days:
        length = lengths.setdefault(period_of(day, by), [0, 0])
        length[0] += 1
        length[1] += day in covered
    return lengths


def _points(
    lengths: dict[str, list[int]], counts: dict[str, int], base: dict[str, int], papers: dict[str, int]
) -> tuple[Point, ...]:
    found = []
    for period, (all_days, seen) in lengths.items():
        articles, of_all = counts.get(period, 0), base.get(period, 0)
        found.append(
            Point(
                period=period,
                articles=articles if seen else None,
                of_all=of_all,
                share=articles / of_all if of_all else None,
                papers=papers.get(period, 0),
                days=all_days,
                covered=seen,
            )
        )
    return tuple(found)


def group_name(group: str | None, split: Split | None) -> str | None:
    """A group's name for people: a region with its name."""
    if split in ("province", "region") and group in regions():
        return f"{group} {regions()[group].name}"
    return group
