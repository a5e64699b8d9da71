"""What the press as a whole is doing: a fall that other papers share is a holiday, not a break. Pure.

Idul Fitri, a day of election silence, a national network that is down: for days all papers print a third of their usual
number. A paper is then compared with what the others still print. That its own network falls with it says less, since
one change of its template may be the reason; so that explains a week at most, and nothing if the sisters fall silent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median

from scraper.health.baseline import expected_count
from scraper.health.chance import as_few

Days = Sequence[int | None]  # new articles, day 0 is the last; None for a day that was not watched

PAPERS = 3  # others that are large enough to count
LARGE = 5.0  # articles in the window, by what is usual
FELL = 0.8  # of its usual number: less is a fall
SILENT = 0.1  # less is not a holiday
CHANCE = 1e-3  # that all of them fall together by chance alone
_WINDOWS = (1, 3, 7, 14)
_WEEK = 7


def shares_left(counts: Mapping[str, Days], site: str, network_of: Callable[[str], str | None]) -> dict[int, float]:
    """Window (days) → the share of its usual number that the median other paper still printed, for windows in which
    they fell.
    """
    own = network_of(site)
    others = {name: days for name, days in counts.items() if name != site}
    strangers = [days for name, days in others.items() if own is None or network_of(name) != own]
    found = {}
    for window in _WINDOWS:
        share = _share(strangers, window)
        if share is None and window <= _WEEK:
            share = _share(list(others.values()), window)
        if share is not None and SILENT <= share <= FELL:
            found[window] = share
    return found


def _share(papers: Sequence[Days], window: int) -> float | None:
    """The median share of the usual number; 1 if the fall may be chance, None if there are too few papers."""
    shares, count, mean, variance = [], 0, 0.0, 0.0
    for days in papers:
        usual = expected_count(days, window)
        if usual is None or usual[0] < LARGE:
            continue
        printed = sum(each for each in days[:window] if each is not None)
        shares.append(printed / usual[0])
        count, mean, variance = count + printed, mean + usual[0], variance + usual[1]
    if len(shares) < PAPERS:
        return None
    return median(shares) if as_few(count, mean, variance) < CHANCE else 1.0
