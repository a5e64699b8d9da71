"""The rhythm of a source: learned hour by hour, bounded, and worth its requests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.plan import Look, Rhythm, interval_after, learned
from scraper.plan.rhythm import CEILING, FLOOR, MEMORY_H, START, WAITING_H, WEEK_H, hour_of_week
from scraper.records import LinkKind

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
KINDS: tuple[LinkKind, ...] = get_args(LinkKind)

cells = st.dictionaries(
    st.integers(0, WEEK_H - 1), st.tuples(st.floats(0.001, MEMORY_H), st.floats(0, 1e5)), max_size=WEEK_H
)
looks = st.builds(
    Look,
    at=st.just(MONDAY),
    before=st.none() | st.datetimes(datetime(2025, 1, 1), datetime(2026, 3, 2), timezones=st.just(UTC)),
    listed=st.integers(0, 50_000),
    new=st.integers(0, 50_000),
    published=st.lists(
        st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)), max_size=5
    ).map(tuple),
    fresh=st.none() | st.timedeltas(timedelta(0), timedelta(days=400)),
)


@given(cells, looks, st.sampled_from(KINDS))
def test_an_interval_stays_in_its_bounds_whatever_was_learned(
    known: dict[int, tuple[float, float]], look: Look, kind: LinkKind
) -> None:
    rhythm = learned(Rhythm(known), look)
    assert FLOOR <= interval_after(rhythm, look, kind) <= CEILING.get(kind, CEILING["index"])
    assert all(0 <= hour < WEEK_H for hour in rhythm.cells)
    assert all(0 < hours <= MEMORY_H + 1e-9 and items >= 0 for hours, items in rhythm.cells.values())
    assert min(rhythm.rates) > 0


def steady(rate: float, *, weeks: int = 8) -> Rhythm:
    return Rhythm(dict.fromkeys(range(WEEK_H), (min(float(weeks), MEMORY_H), rate * min(float(weeks), MEMORY_H))))


@pytest.mark.parametrize("rate", [0.2, 1.0, 4.0])
def test_the_interval_of_a_steady_source_is_where_one_more_request_saves_as_much_waiting(rate: float) -> None:
    look = Look(at=MONDAY, before=MONDAY - HOUR, listed=50, new=1)
    hours = interval_after(steady(rate), look, "feed").total_seconds() / 3600
    assert hours == pytest.approx((2 * WAITING_H / rate) ** 0.5, rel=0.05)


def test_a_source_that_sleeps_is_looked_at_when_it_wakes() -> None:
    rhythm = Rhythm({hour: (6.0, 30.0 if 8 <= hour % 24 < 20 else 0.0) for hour in range(WEEK_H)})
    evening = Look(at=MONDAY + 20 * HOUR, before=MONDAY + 19 * HOUR, listed=20, new=0)
    noon = Look(at=MONDAY + 12 * HOUR, before=MONDAY + 11 * HOUR, listed=20, new=5)
    assert timedelta(hours=1) < interval_after(rhythm, evening, "feed") < timedelta(hours=12, minutes=30)
    assert interval_after(rhythm, noon, "feed") < timedelta(minutes=25)


def test_a_short_list_is_looked_at_before_it_is_full() -> None:
    long, short = (
        interval_after(steady(4.0), Look(at=MONDAY, before=MONDAY - HOUR, listed=listed, new=1), "feed")
        for listed in (100, 2)
    )
    assert short < long


def test_a_list_that_is_all_new_is_looked_at_in_half_the_time() -> None:
    look = Look(at=MONDAY, before=MONDAY - HOUR, listed=10, new=10)
    assert look.is_overflow
    assert interval_after(steady(0.1), look, "feed") <= HOUR / 2
    assert not Look(at=MONDAY, before=None, listed=10, new=10).is_overflow


def test_a_first_look_at_dated_entries_teaches_their_rate_and_one_without_dates_nothing() -> None:
    dates = tuple(MONDAY - number * HOUR / 4 for number in range(1, 21))
    rhythm = learned(Rhythm(), Look(at=MONDAY, before=None, listed=20, new=20, published=dates))
    assert sum(items for _, items in rhythm.cells.values()) == 20
    assert sum(hours for hours, _ in rhythm.cells.values()) == pytest.approx(5.0)
    plain = Look(at=MONDAY, before=None, listed=20, new=20)
    assert learned(Rhythm(), plain) == Rhythm()
    assert interval_after(Rhythm(), plain, "feed") == START


def test_entries_are_counted_in_the_hour_of_their_date_and_in_no_other() -> None:
    look = Look(
        at=MONDAY + 3 * HOUR, before=MONDAY, listed=20, new=2, published=(MONDAY + HOUR / 2, MONDAY + HOUR * 2.5)
    )
    found = learned(Rhythm(), look).cells
    assert {hour: items for hour, (_, items) in found.items()} == {0: 1.0, 1: 0.0, 2: 1.0}
    assert {hour: hours for hour, (hours, _) in found.items()} == {0: 1.0, 1: 1.0, 2: 1.0}


@given(st.integers(0, 40), st.integers(1, 100))
def test_entries_without_dates_are_counted_once_in_all(new: int, hours: int) -> None:
    look = Look(at=MONDAY, before=MONDAY - hours * HOUR, listed=50, new=new)
    assert sum(items for _, items in learned(Rhythm(), look).cells.values()) == pytest.approx(new)


def test_the_hour_of_the_week_is_that_of_utc() -> None:
    assert hour_of_week(MONDAY) == 0
    assert hour_of_week(datetime(2026, 3, 8, 23, 59, tzinfo=UTC)) == 167


def test_what_was_learned_fades() -> None:
    rhythm = steady(10.0)
    for week in range(30):
        at = MONDAY + timedelta(days=7 * week)
        rhythm = learned(rhythm, Look(at=at + HOUR, before=at, listed=20, new=0))
    assert rhythm.rates[0] < 3.0  # its neighbours were not looked at, and still speak for it


@pytest.mark.parametrize("kind", KINDS)
def test_a_source_that_never_brings_anything_is_asked_ever_less_often(kind: LinkKind) -> None:
    rhythm, before, gaps = Rhythm(), MONDAY, []
    at = MONDAY + HOUR
    for _ in range(20):
        look = Look(at=at, before=before, listed=1000, new=0)
        rhythm = learned(rhythm, look)
        before, at = at, at + interval_after(rhythm, look, kind)
        gaps.append(at - before)
    assert gaps == sorted(gaps)
    assert gaps[-1] == CEILING.get(kind, CEILING["index"])
    assert sum(gap < timedelta(days=1) for gap in gaps) < 10
