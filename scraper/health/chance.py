"""How likely a count is by chance alone: predictive tails of counting statistics, with the spread seen in the past.

Pure. A paper with three articles a day has days without any; a binomial or Poisson law with an estimated rate is too
sure of itself. So the rate is as uncertain as the past leaves it (beta-binomial, gamma-Poisson), and days that scatter
more than independent events would count for less (quasi-likelihood).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CASES = 400  # more are scaled down: the tail is decided long before
_MOST_SPREAD = 25.0


def at_least(count: float, cases: float, before: tuple[float, float], *, spread: float = 1.0) -> float:
    """The chance of `count` or more out of `cases`, after (count, cases) before: a beta-binomial tail.

    `spread` is the dispersion; both samples count for that much less.
    """
    scale = max(spread, 1.0, cases / MOST_CASES)
    n = max(int(cases / scale), 0)
    k = min(math.ceil(count / scale - 1e-9) if scale == 1.0 else int(count / scale), n)
    if k <= 0:
        return 1.0
    a = before[0] / max(spread, 1.0) + 0.5
    b = (before[1] - before[0]) / max(spread, 1.0) + 0.5
    start = _log_beta(a, b)
    terms = [_log_choose(n, each) + _log_beta(each + a, n - each + b) - start for each in range(k, n + 1)]
    top = max(terms)
    return min(1.0, math.exp(top) * math.fsum(math.exp(term - top) for term in terms))


def at_most(count: float, cases: float, before: tuple[float, float], *, spread: float = 1.0) -> float:
    """The chance of `count` or fewer out of `cases`."""
    return at_least(cases - count, cases, (before[1] - before[0], before[1]), spread=spread)


def as_few(count: int, mean: float, variance: float) -> float:
    """The chance of `count` or fewer events if `mean` are expected: a negative binomial tail, or Poisson for a variance
    no larger.
    """
    if mean <= 0:
        return 1.0
    if variance <= mean * 1.000001:
        terms = [each * math.log(mean) - mean - math.lgamma(each + 1) for each in range(count + 1)]
    else:
        size = mean * mean / (variance - mean)
        share = size / (size + mean)
        terms = [
            math.lgamma(each + size) - math.lgamma(size) - math.lgamma(each + 1)
            + size * math.log(share) + each * math.log1p(-share)
            for each in range(count + 1)
        ]  # fmt: skip
    top = max(terms)
    return min(1.0, math.exp(top) * math.fsum(math.exp(term - top) for term in terms))


def spread_of_rates(days: Sequence[tuple[int, int]]) -> float:
    """The dispersion of daily (count, cases): 1 for independent cases, more if whole days differ (Pearson's chi² per
    day).
    """
    used = [(count, cases) for count, cases in days if cases]
    total, cases_in_all = sum(count for count, _ in used), sum(cases for _, cases in used)
    if len(used) < 3 or not 0 < total < cases_in_all:
        return 1.0
    rate = total / cases_in_all
    chi = sum((count - cases * rate) ** 2 / (cases * rate * (1 - rate)) for count, cases in used)
    return min(max(chi / (len(used) - 1), 1.0), _MOST_SPREAD)


def spread_of_counts(days: Sequence[tuple[int, float]]) -> float:
    """The dispersion of daily (count, expected): 1 for a Poisson process."""
    used = [(count, mean) for count, mean in days if mean > 0]
    if len(used) < 8:
        return 1.5
    chi = sum((count - mean) ** 2 / mean for count, mean in used)
    return min(max(chi / max(len(used) - 7, 1), 1.0), _MOST_SPREAD)


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _log_choose(n: int, k: int) -> float:
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
