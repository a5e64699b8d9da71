"""A year of invented newspapers: the results of the crawler's decisions compared with fixed intervals
(benchmarks/freshness.py).
"""

from __future__ import annotations

import pytest

from benchmarks.freshness import Result, compare, edits, look_at_articles, one_for_all, paper, papers, table


@pytest.mark.parametrize(
    ("name", "per_day", "days", "seed"),
    [("national", 300, 60, 1), ("regional", 40, 365, 2), ("town", 2, 365, 3)],
)
def test_a_paper_is_seen_sooner_than_by_a_fixed_interval_of_the_same_cost(
    name: str, per_day: float, days: int, seed: int
) -> None:
    source = paper(f"{name}, {per_day} a day", per_day, days=days, seed=seed)
    results = compare(source)
    print("\n".join(["", source.name, *table(results)]))  # noqa: T201  (shown with pytest -s)
    own, blind, equal = results[0], results[1], results[-1]
    assert own.requests_a_day == pytest.approx(equal.requests_a_day, rel=0.01)
    assert own.mean_min < equal.mean_min * 0.95
    assert own.median_min < equal.median_min
    assert own.missed <= equal.missed
    assert blind.mean_min < equal.mean_min * 1.05, "dates in a feed help, and are not needed"


def test_papers_of_all_sizes_together_are_seen_sooner_than_by_one_interval_for_all() -> None:
    sources = papers(42)
    results = one_for_all(sources)
    own, fixed = results[0::2], results[1::2]
    articles = [len(source.appeared) for source in sources]

    def mean(results: list[Result]) -> float:
        waits = (count * result.mean_min for count, result in zip(articles, results, strict=True))
        return sum(waits) / sum(articles)

    assert sum(one.requests_a_day for one in own) == pytest.approx(sum(one.requests_a_day for one in fixed), rel=0.02)
    assert mean(own) < 0.7 * mean(fixed)
    assert sum(one.missed for one in own) * 20 < sum(one.missed for one in fixed)


def test_edits_are_seen_with_fewer_looks_than_by_daily_ones() -> None:
    changed = edits(3_000, seed=4)
    own, daily = look_at_articles(changed), look_at_articles(changed, [float(day) for day in range(1, 31)])
    assert own.looks < 7
    assert own.seen > 0.9
    assert daily.seen < own.seen
