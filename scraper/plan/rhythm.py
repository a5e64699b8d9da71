"""How often a feed, sitemap or index page is requested: by what it can be expected to contain, hour by hour of the
week.

A newsroom sleeps. So the rate of new articles is learned for each hour of the week, and the next look is due when the
articles expected to have appeared by then will have waited a quarter of an hour in all (WAITING_H). For a steady rate r
that is an interval of sqrt(2·WAITING_H / r), at which one more request a day would save just that much waiting; so the
same threshold for every source spends a crawl's requests where they shorten the waiting most.
"""

from __future__ import annotations

import math
from collections.abc import Mapping  # noqa: TC003
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.records import LinkKind

WEEK_H = 168
WAITING_H = 0.25  # article-hours of waiting that are worth one request
FLOOR = timedelta(minutes=10)
START = timedelta(hours=1)  # while nothing is known
CEILING: dict[LinkKind, timedelta] = {
    "feed": timedelta(hours=24),
    "index": timedelta(hours=24),
    "sitemap": timedelta(days=7),  # most are archives that never change
}
MEMORY_H = 6.0  # hours of observation that a cell keeps: what is older than about six weeks fades
LOOK_BACK = timedelta(days=7)  # the most that one look can teach
_PRIOR_ITEMS, _PRIOR_H = 1.0, 6.0  # what is assumed about a source before it was seen: one article in six hours
_PULL_H = (
    2.0  # hours of observation that an hour of the week borrows from the same hour of all days, and those from the mean
)
_SLEEPIER = 1.5
MAX_FRESH = timedelta(
    hours=1
)  # of what a publisher says: WordPress says an hour for every feed, caches say a day or a year
_FILL = 0.5  # of a listing's length may be new before older entries risk having left it unseen


@dataclass(frozen=True)
class Rhythm:
    """What was observed of a source: for an hour of the week (0 = Monday 00:00 UTC), (hours watched, articles that
    appeared).
    """

    cells: Mapping[int, tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def rates(self) -> tuple[float, ...]:
        """Articles per hour, for each hour of the week; never 0: what was not seen may still come."""
        hours, items = [0.0] * WEEK_H, [0.0] * WEEK_H
        for hour, (watched, appeared) in self.cells.items():
            hours[hour], items[hour] = watched, appeared
        mean = (sum(items) + _PRIOR_ITEMS) / (sum(hours) + _PRIOR_H)
        daily = [(sum(items[hour::24]) + _PULL_H * mean) / (sum(hours[hour::24]) + _PULL_H) for hour in range(24)]
        return tuple((items[hour] + _PULL_H * daily[hour % 24]) / (hours[hour] + _PULL_H) for hour in range(WEEK_H))


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look at a source at `at`: the one before it (None: the first), how many entries it listed, how many were new.

    `published` are the dates of the new ones that have any. `fresh` is how long it stays valid according to its
    publisher (None: nothing is said).
    """

    at: datetime
    before: datetime | None
    listed: int
    new: int
    published: tuple[datetime, ...] = ()
    fresh: timedelta | None = None

    @property
    def is_overflow(self) -> bool:
        """Whether everything listed was new, so that more may have come and gone between the two looks."""
        return self.before is not None and 0 < self.listed == self.new


def hour_of_week(at: datetime) -> int:
    """0 for the hour from Monday 00:00 UTC, 167 for the last of Sunday."""
    moment = at.astimezone(UTC)
    return moment.weekday() * 24 + moment.hour


def learned(rhythm: Rhythm, look: Look) -> Rhythm:
    """The rhythm updated with a look; unchanged if the look taught nothing (a first look at a list without dates)."""
    known = sorted(moment for moment in look.published if moment <= look.at)
    since = look.before
    if since is None or look.is_overflow:
        # Only the span that the listing covers was watched.
        if len(known) < 2:
            return rhythm if since is None else _observed(rhythm, look, since, ())
        since = max(known[0], since) if since else known[0]
    return _observed(rhythm, look, since, tuple(moment for moment in known if moment >= since))


def _observed(rhythm: Rhythm, look: Look, since: datetime, published: tuple[datetime, ...]) -> Rhythm:
    since = max(since, look.at - LOOK_BACK)
    watched: dict[int, float] = {}
    for hour, length in _hours(since, look.at):
        watched[hour] = watched.get(hour, 0.0) + length
    if not watched:
        return rhythm
    dated = [moment for moment in published if moment >= since]
    # Those without a date appeared at some time since: they are spread as the rhythm expects.
    undated = max(look.new - len(published), 0) if look.before is not None else 0
    expected = {hour: rhythm.rates[hour] * length for hour, length in watched.items()}
    total = sum(expected.values())
    appeared = {hour: undated * share / total for hour, share in expected.items()}
    for moment in dated:
        hour = hour_of_week(moment)
        appeared[hour] = appeared.get(hour, 0.0) + 1.0
    cells = dict(rhythm.cells)
    for hour, length in watched.items():
        hours, items = cells.get(hour, (0.0, 0.0))
        hours, items = hours + length, items + appeared.get(hour, 0.0)
        fade = min(1.0, MEMORY_H / hours)
        cells[hour] = (hours * fade, items * fade)
    return Rhythm(cells)


def _hours(since: datetime, until: datetime) -> Iterator[tuple[int, float]]:
    """The hours of the week between two moments, in order, each with the part of it between them, in hours."""
    at = since.astimezone(UTC)
    until = until.astimezone(UTC)
    while at < until:
        following = min(at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1), until)
        yield hour_of_week(at), (following - at).total_seconds() / 3600
        at = following


def interval_after(rhythm: Rhythm, look: Look, kind: LinkKind) -> timedelta:
    """How long to wait after this look, by the rhythm as `learned` from it; at least what its publisher says, up to an
    hour.

    What the publisher says never leads to a loss: it does not count if the listing would overflow meanwhile.
    """
    if not rhythm.cells:
        return START
    ceiling = CEILING.get(kind, CEILING["index"])
    if look.is_overflow and look.before is not None:
        ceiling = min(ceiling, (look.at - look.before) / 2)
    room = max(look.listed * _FILL, 1.0) if look.listed else math.inf
    wanted = _until_worth_it(rhythm, look.at, ceiling, room=room)
    if look.fresh is not None:
        until_full = _until_worth_it(rhythm, look.at, ceiling, room=room, waiting_h=math.inf)
        wanted = max(wanted, min(look.fresh, MAX_FRESH, until_full))
    if look.before is not None and not any(items for _, items in rhythm.cells.values()):
        wanted = max(wanted, (look.at - look.before) * _SLEEPIER)  # it has not had anything new yet
    return min(max(wanted, FLOOR), max(ceiling, FLOOR))


def _until_worth_it(
    rhythm: Rhythm, now: datetime, ceiling: timedelta, *, room: float, waiting_h: float = WAITING_H
) -> timedelta:
    """The time until the articles expected since `now` have waited `waiting_h` in all, or are more than `room`."""
    passed = waiting = expected = 0.0
    for hour, length in _hours(now, now + ceiling):
        rate = rhythm.rates[hour]
        if waiting + expected * length + rate * length**2 / 2 >= waiting_h:
            missing = waiting_h - waiting
            root = math.sqrt(expected**2 + 2 * rate * missing)  # of rate/2·x² + expected·x = missing
            length = min(length, 2 * missing / (expected + root))  # noqa: PLW2901  (the last, cut piece)
            passed += min(length, max(room - expected, 0.0) / rate)
            break
        if expected + rate * length >= room:
            passed += max(room - expected, 0.0) / rate
            break
        waiting += expected * length + rate * length**2 / 2
        expected += rate * length
        passed += length
    return timedelta(hours=passed)
