"""Holidays: when all papers print less, none is reported; a paper or a network that breaks during them is."""

from __future__ import annotations

import random

import pytest

from scraper.health.baseline import Departure, judge_count
from scraper.health.check import Known
from scraper.health.press import shares_left
from tests.health.makers import events

PAPERS = {f"{network}-{number}": mean for network in ("a", "b", "c") for number, mean in enumerate((8, 20, 60, 250))}
ALPHA = Known(sites=len(PAPERS)).alpha
YEAR, BEFORE = 365, 84
# First day, days: Idul Fitri with the days around it, the end of the year, two single days.
HOLIDAYS = ((BEFORE + 60, 10), (BEFORE + 200, 1), (BEFORE + 290, 7), (BEFORE + 330, 1))


def network_of(name: str) -> str:
    return name[0]


def years(names: dict[str, int], seed: int = 29) -> dict[str, list[int]]:
    """A year of each paper, oldest day first; on holidays each prints a share of its own, from a quarter to over a half."""
    rng = random.Random(seed)
    found = {}
    for name, mean in names.items():
        shares: dict[int, float] = {}
        for first, days in HOLIDAYS:
            shares |= dict.fromkeys(range(first, first + days), rng.uniform(0.25, 0.55))
        found[name] = [events(rng, mean * shares.get(day, 1.0), 1.3) for day in range(BEFORE + YEAR)]
    return found


def judged(year: dict[str, list[int]], name: str, end: int) -> Departure | None:
    """As a check judges a paper on the evening before day `end`."""
    known = {each: days[max(end - BEFORE, 0) : end][::-1] for each, days in year.items()}
    if judge_count(known[name], alpha=ALPHA) is None:
        return None
    return judge_count(known[name], alpha=ALPHA, shares=shares_left(known, name, network_of))


def alarms(year: dict[str, list[int]]) -> list[tuple[str, int]]:
    return [(name, end) for name in year for end in range(BEFORE, BEFORE + YEAR) if judged(year, name, end)]


def test_a_year_with_holidays_raises_no_alarm() -> None:
    assert alarms(years(PAPERS)) == []


def test_papers_of_one_network_explain_a_week_and_no_more() -> None:
    year = years({name: mean for name, mean in PAPERS.items() if name[0] == "a"})
    assert all(end > HOLIDAYS[0][0] + 7 for _, end in alarms(year))
    start = BEFORE + 120
    for days in year.values():
        days[start:] = [day // 3 for day in days[start:]]
    assert all(any(judged(year, name, start + day) for day in range(8, 15)) for name in year), "a listing cut short"


def test_alone_a_paper_cannot_know() -> None:
    year = years({"a-2": 60})
    assert alarms(year), "so the rule is what the others show"


@pytest.mark.parametrize("name", ["a-0", "a-1", "a-2", "a-3"])
def test_a_silence_is_found_as_soon_as_without_the_others(name: str) -> None:
    year = years(PAPERS)
    start = BEFORE + 120
    year[name][start:] = [0] * len(year[name][start:])
    alone = {name: year[name]}
    soonest = [next(day for day in range(30) if judged(of, name, start + day)) for of in (year, alone)]
    assert soonest[0] == soonest[1] <= 7


@pytest.mark.parametrize("name", ["a-1", "a-2", "a-3"])
def test_a_silence_in_a_holiday_is_found_within_it(name: str) -> None:
    year = years(PAPERS)
    start = HOLIDAYS[0][0] + 1
    year[name][start:] = [0] * len(year[name][start:])
    assert any(judged(year, name, start + day) for day in range(1, 10))


def test_a_network_that_loses_most_of_its_articles_is_found_as_soon_as_alone() -> None:
    year = years(PAPERS)
    start = BEFORE + 120
    for name, days in year.items():
        days[start:] = [day // 3 if name[0] == "a" else day for day in days[start:]]
    for name in ("a-0", "a-1", "a-2", "a-3"):
        soonest = [next(day for day in range(30) if judged(of, name, start + day)) for of in (year, {name: year[name]})]
        assert soonest[0] == soonest[1]


def test_a_network_that_falls_silent_is_no_holiday() -> None:
    year = years(PAPERS)
    start = BEFORE + 120
    for name in [name for name in PAPERS if name[0] == "a"]:
        year[name][start:] = [0] * len(year[name][start:])
        assert judged(year, name, start + 7)
    only = {name: days for name, days in year.items() if name[0] == "a"}
    assert all(judged(only, name, start + 7) for name in only)
