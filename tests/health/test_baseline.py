"""Counting statistics: no false alarm in a healthy year of papers of every size, and how soon silence raises one."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.health.baseline import judge_count, judge_rate
from scraper.health.chance import as_few, at_least, at_most, spread_of_rates
from scraper.health.check import Known
from tests.health.makers import events

ALPHA = Known(sites=20).alpha
YEAR = 365


def year_of(mean: float, *, sunday: float, spread: float) -> list[int]:
    rng = random.Random(f"{mean} {sunday} {spread}")
    return [events(rng, mean * (sunday if day % 7 == 6 else 1.0), spread) for day in range(YEAR + 84)]


SIZES = [
    (mean, sunday, spread) for mean in (1, 3, 8, 20, 60, 250) for sunday, spread in ((1.0, 1.0), (0.0, 1.0), (0.3, 2.5))
]


@pytest.mark.parametrize(("mean", "sunday", "spread"), SIZES)
def test_a_healthy_year_raises_no_alarm(mean: float, sunday: float, spread: float) -> None:
    days = year_of(mean, sunday=sunday, spread=spread)
    for end in range(84, len(days)):
        assert judge_count(days[end - 84 : end][::-1], alpha=ALPHA) is None


@pytest.mark.parametrize(("mean", "most"), [(2, 28), (3, 14), (8, 7), (20, 3), (60, 2), (250, 2)])
def test_how_soon_a_silence_is_an_alarm(mean: float, most: int) -> None:
    days = year_of(mean, sunday=1.0, spread=1.0)
    for end in range(84, len(days), 40):
        known = days[end - 84 : end][::-1]
        soonest = next(delay for delay in range(1, 60) if judge_count([0] * delay + known, alpha=ALPHA))
        assert soonest <= most


@pytest.mark.parametrize("rate", [0.0, 0.02, 0.3, 0.95, 1.0])
@pytest.mark.parametrize("mean", [1, 3, 20, 250])
def test_a_field_that_is_as_it_was_raises_no_alarm_in_a_year(mean: float, rate: float) -> None:
    rng = random.Random(f"{mean} {rate}")
    days = []
    for _ in range(YEAR + 42):
        cases = events(rng, mean, 1.5)
        days.append((sum(rng.random() < rate for _ in range(cases)), cases))
    for end in range(42, len(days)):
        for is_high_bad in (False, True):
            assert judge_rate(days[end - 42 : end][::-1], alpha=ALPHA, is_high_bad=is_high_bad) is None


def test_a_field_that_is_lost_is_an_alarm_after_a_few_articles() -> None:
    past = [(3, 3)] * 28
    assert judge_rate([(0, 3), *past], alpha=ALPHA, is_high_bad=False) is None
    found = judge_rate([(0, 3)] * 3 + past, alpha=ALPHA, is_high_bad=False)
    assert found is not None
    assert (found.level, found.days, found.cases, found.observed) == ("alarm", 3, 9, 0.0)


def test_days_without_a_look_are_no_days_without_news() -> None:
    assert judge_count([*[None] * 28, *[20] * 56], alpha=ALPHA) is None


def test_a_walk_through_an_archive_does_not_become_the_usual_day() -> None:
    assert judge_count([*[20] * 5, *[900] * 6, *[20] * 60], alpha=ALPHA) is None


@settings(max_examples=60)
@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 300), st.integers(1, 300))
def test_tails_are_chances(count: int, more: int, good: int, bad: int) -> None:
    cases, before = count + more, (good, good + bad)
    high, low = at_least(count, cases, before), at_most(count, cases, before)
    assert 0 <= high <= 1
    assert 0 <= low <= 1
    assert high + low >= 1 - 1e-9  # both hold the case itself
    assert at_least(count + 1, cases + 1, before) <= high + 1e-9


def test_tails_are_those_of_the_textbook() -> None:
    assert as_few(0, 3.0, 3.0) == pytest.approx(math.exp(-3))
    assert as_few(2, 3.0, 6.0) > as_few(2, 3.0, 3.0)
    # After 1 of 1 (and half a case each way), the chance of another is (1 + 1/2) / 2.
    assert at_least(1, 1, (1, 1)) == pytest.approx(0.75)
    assert spread_of_rates([(5, 10)] * 10) == 1.0
    assert spread_of_rates([(0, 10), (10, 10)] * 5) > 5
