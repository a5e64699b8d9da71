"""A meter compared with its own past: a share of cases, or a count of events with the rhythm of its week. Pure.

Days are spans of 24 hours that end now: day 0 is the last one, day 7 the same span a week ago. So no day is incomplete,
and time zones do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence  # noqa: TC003
from dataclasses import dataclass
from statistics import median
from types import MappingProxyType
from typing import Literal

from scraper.health.chance import as_few, at_least, at_most, spread_of_counts, spread_of_rates

Level = Literal["warn", "alarm"]

BASELINE_DAYS = 28
RATE_WINDOWS = (1, 3, 7, 14)
COUNT_WINDOWS = (1, 3, 7, 14, 28)
SLOW_WINDOW = 28  # judged against twice as long a past
MIN_CASES = 30  # in the past, before a share is judged at all
MIN_EVENTS = 14
WARN_SHIFT, ALARM_SHIFT = 0.2, 0.5  # of a share: smaller shifts are not news, however certain
WARN_LEFT = 0.5  # of a count: warn if less than this is left
_WEEKDAY_PULL = 0.5  # days' worth of the mean towards which each day of the week is pulled
_BURST = 3.0  # times the usual day: a walk through an archive, not the paper's rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """A meter that left its baseline: over the last `days`, `observed` of `cases` where `expected` was usual.

    Shares for a rate, events for a count (whose `cases` are the days watched). `chance` is the probability of at least
    such a departure by chance.
    """

    level: Level
    days: int
    cases: int
    expected: float
    observed: float
    chance: float


def judge_rate(days: Sequence[tuple[int, int]], *, alpha: float, is_high_bad: bool) -> Departure | None:
    """The shortest window whose share of cases is worse than in the 28 days before it; None if none is. `days` are
    (count, cases).
    """
    for window in RATE_WINDOWS:
        recent, past = days[:window], days[window : window + BASELINE_DAYS]
        count, cases = sum(each[0] for each in recent), sum(each[1] for each in recent)
        before = sum(each[0] for each in past), sum(each[1] for each in past)
        if not cases or before[1] < MIN_CASES:
            continue
        observed, expected = count / cases, before[0] / before[1]
        shift = observed - expected if is_high_bad else expected - observed
        if shift < WARN_SHIFT:
            continue
        tail = at_least if is_high_bad else at_most
        chance = tail(count, cases, before, spread=spread_of_rates(past))
        if chance < alpha:
            level: Level = "alarm" if shift >= ALARM_SHIFT else "warn"
            return Departure(level=level, days=window, cases=cases, expected=expected, observed=observed, chance=chance)
    return None


def judge_count(
    days: Sequence[int | None], *, alpha: float, shares: Mapping[int, float] = MappingProxyType({})
) -> Departure | None:
    """The shortest window with far fewer events than the rhythm of the weeks before; a day is None if it was not
    watched.

    `shares` say for a window how much of the usual number can be expected in it now (health.press); 1 where they say
    nothing.
    """
    for window in COUNT_WINDOWS:
        expectation = expected_count(days, window)
        if expectation is None:
            continue
        mean, variance = (each * shares.get(window, 1.0) for each in expectation)
        watched = [count for count in days[:window] if count is not None]
        count = sum(watched)
        if count > WARN_LEFT * mean:
            continue
        chance = as_few(count, mean, variance)
        if chance < alpha:
            return Departure(
                level="warn" if count else "alarm",
                days=window,
                cases=len(watched),
                expected=mean,
                observed=float(count),
                chance=chance,
            )
    return None


def expected_count(days: Sequence[int | None], window: int) -> tuple[float, float] | None:
    """(mean, variance) of the events in the last `window` days, according to the weeks before; None as long as too
    little is known.
    """
    length = 2 * BASELINE_DAYS if window >= SLOW_WINDOW else BASELINE_DAYS
    past = {age: count for age, count in enumerate(days[: window + length]) if age >= window and count is not None}
    if len(past) < length // 2 or sum(past.values()) < MIN_EVENTS:
        return None
    cap = _BURST * median(count for count in past.values() if count)
    kept = {age: min(count, cap) for age, count in past.items()}
    usual = sum(kept.values()) / len(kept)
    weekday: dict[int, float] = {}
    seen: dict[int, float] = {}
    for phase in range(7):
        counts = [count for age, count in kept.items() if age % 7 == phase]
        weekday[phase] = (sum(counts) + _WEEKDAY_PULL * usual) / (len(counts) + _WEEKDAY_PULL)
        seen[phase] = sum(counts) + _WEEKDAY_PULL * usual
    spread = spread_of_counts([(int(count), weekday[age % 7]) for age, count in kept.items()])
    watched = [age % 7 for age, count in enumerate(days[:window]) if count is not None]
    if not watched:
        return None
    mean = sum(weekday[phase] for phase in watched)
    evidence = sum(seen[phase] for phase in set(watched))
    return mean, spread * mean + spread * mean * mean / max(evidence, 1.0)


def is_back(days: Sequence[tuple[int, int]], *, expected: float, observed: float) -> bool:
    """Whether the last days of a share are nearer to what was usual than to what raised the alarm."""
    for window in (1, 3, 7):
        cases = sum(each[1] for each in days[:window])
        if cases >= 5:
            now = sum(each[0] for each in days[:window]) / cases
            return abs(now - expected) < abs(now - observed)
    return False
