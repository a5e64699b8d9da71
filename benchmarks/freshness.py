"""How fresh an archive is for how many requests: a year of invented newspapers, watched with several policies.

    python -m benchmarks.freshness [--days N]

A pure simulation on a virtual clock, with chance from a fixed seed: newsrooms that sleep, quiet Sundays, a holiday
week, days of big news, a feed of limited length, articles that are edited after they appear. `kliping` is the crawler's
own decision (scraper.plan); `every …` uses a fixed interval; `equal cost` is the fixed interval that costs as many
requests as kliping did on that paper, which nobody could know in advance.
"""

from __future__ import annotations

import argparse
import math
import random
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scraper.plan import Look, Rhythm, after_attempt, interval_after, learned
from scraper.reasons import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR_S = 3600.0
# How a newsroom's day is spread over the hours, in its own zone (UTC+7): little at night, most before noon and in the
# evening.
DAY = (1, 0.3, 0.2, 0.2, 0.5, 2, 4, 6, 8, 9, 9, 8, 7, 7, 8, 8, 7, 7, 8, 8, 7, 5, 4, 2)
WEEK = (1.1, 1.1, 1.1, 1.1, 1.0, 0.8, 0.6)
FEED_LENGTH = 20


@dataclass(frozen=True, slots=True)
class Paper:
    """A newspaper: seconds since START at which its articles appeared, in order."""

    name: str
    days: int
    appeared: tuple[float, ...]


def paper(name: str, per_day: float, *, days: int, seed: int) -> Paper:
    """A paper with about this many articles a day; few in one week of the year, three times as many on some days."""
    chance = random.Random(seed)
    mean = sum(DAY) / 24
    appeared = []
    for hour in range(days * 24):
        local = START + timedelta(hours=hour + 7)
        rate = per_day / 24 * DAY[local.hour] / mean * WEEK[local.weekday()]
        if hour // 24 % 365 in range(79, 86):
            rate *= 0.3
        if random.Random(seed * 1000 + hour // 24).random() < 0.02:
            rate *= 3
        at = hour * HOUR_S
        while rate > 0:
            at += chance.expovariate(rate) * HOUR_S
            if at >= (hour + 1) * HOUR_S:
                break
            appeared.append(at)
    return Paper(name, days, tuple(appeared))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The result of a policy on a paper: requests per day, minutes from publication to capture, articles never seen."""

    policy: str
    requests_a_day: float
    mean_min: float
    median_min: float
    p95_min: float
    missed: int


def kliping(*, has_dates: bool) -> Callable[[Look], float]:
    """The crawler's own decision, as in a crawl: what a look taught, and when the next is worthwhile."""
    state = [Rhythm()]

    def following(look: Look) -> float:
        state[0] = learned(state[0], look)
        interval = interval_after(state[0], look, "feed")
        due_at = after_attempt("feed", Reason.OK, now=look.at, interval=interval).due_at
        assert due_at is not None
        return (due_at - look.at).total_seconds()

    following.__name__ = "kliping" if has_dates else "kliping, feed without dates"
    return following


def every(seconds: float) -> Callable[[Look], float]:
    """A fixed interval."""

    def following(_look: Look) -> float:
        return seconds

    following.__name__ = f"every {seconds / 60:.0f} min"
    return following


def simulate(source: Paper, policy: Callable[[Look], float], *, has_dates: bool = True) -> Result:
    """Look at a paper's feed on all its days."""
    at, before, seen, looks, missed = 0.0, None, 0, 0, 0
    delays: list[float] = []
    while at < source.days * 24 * HOUR_S:
        out = bisect_right(source.appeared, at)
        first = max(seen, out - FEED_LENGTH)
        if before is not None:
            missed += first - seen
            delays += [at - moment for moment in source.appeared[first:out]]
        fresh = source.appeared[first:out]
        look = Look(
            at=START + timedelta(seconds=at),
            before=None if before is None else START + timedelta(seconds=before),
            listed=min(out, FEED_LENGTH),
            new=len(fresh),
            published=tuple(START + timedelta(seconds=moment) for moment in fresh) if has_dates else (),
        )
        seen, before, looks = out, at, looks + 1
        at += policy(look)
    delays.sort()
    return Result(
        policy=policy.__name__,
        requests_a_day=looks / source.days,
        mean_min=sum(delays) / max(len(delays), 1) / 60,
        median_min=delays[len(delays) // 2] / 60 if delays else math.nan,
        p95_min=delays[int(len(delays) * 0.95)] / 60 if delays else math.nan,
        missed=missed,
    )


def compare(source: Paper) -> list[Result]:
    """kliping's decision compared with fixed intervals, and with the fixed interval of the same cost."""
    own = simulate(source, kliping(has_dates=True))
    blind = simulate(source, kliping(has_dates=False), has_dates=False)
    equal = simulate(source, every(86_400 / own.requests_a_day))
    fixed = [simulate(source, every(minutes * 60)) for minutes in (15, 60, 360)]
    return [own, blind, *fixed, equal]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditResult:
    """How often articles were looked at, and which share of their edits was seen as a separate version."""

    policy: str
    looks: float
    seen: float


def edits(count: int, *, seed: int) -> list[list[float]]:
    """For each article the seconds after publication at which its text changed: most never, the others mostly on the same day."""
    chance = random.Random(seed)
    found: list[list[float]] = []
    for _ in range(count):
        changes = chance.choices((0, 1, 2, 3), (80, 14, 4, 2))[0]
        found.append(sorted(chance.lognormvariate(math.log(3 * HOUR_S), 1.6) for _ in range(changes)))
    return found


def look_at_articles(articles: Sequence[Sequence[float]], days: Sequence[float] | None = None) -> EditResult:
    """Look again at articles first seen when 20 minutes old: by kliping's decision, or at fixed ages in days."""
    looks = seen = total = 0
    for changes in articles:
        total += len(changes)
        at, ages = 1200.0, list(days or ())
        last = bisect_right(changes, at)
        interval_s, unchanged, is_changed = None, 0, False
        seen += min(last, 1)
        while True:
            if days is None:
                following = after_attempt(
                    "article", Reason.OK, now=START + timedelta(seconds=at), published_at=START,
                    interval_s=interval_s, unchanged=unchanged, is_changed=is_changed,
                )  # fmt: skip
                if following.due_at is None:
                    break
                at = (following.due_at - START).total_seconds()
                interval_s, unchanged = following.interval_s, following.unchanged
            elif ages:
                at = ages.pop(0) * 86_400
            else:
                break
            looks += 1
            version = bisect_right(changes, at)
            is_changed = version > last
            seen += is_changed
            last = version
    return EditResult(
        policy="kliping" if days is None else f"{len(days)} looks, {days[0]:g} to {days[-1]:g} days",
        looks=looks / len(articles),
        seen=seen / total,
    )


def papers(days: int) -> list[Paper]:
    """A national daily, a regional paper and a town's."""
    return [
        paper("national, 300 a day", 300, days=days, seed=1),
        paper("regional, 40 a day", 40, days=days, seed=2),
        paper("town, 2 a day", 2, days=days, seed=3),
    ]


def one_for_all(sources: Sequence[Paper]) -> list[Result]:
    """kliping's decision on each of several papers, and one fixed interval for all of them with the same total number
    of requests.
    """
    own = [simulate(source, kliping(has_dates=True)) for source in sources]
    interval = every(86_400 * len(own) / sum(result.requests_a_day for result in own))
    fixed = [simulate(source, interval) for source in sources]
    return [result for pair in zip(own, fixed, strict=True) for result in pair]


def table(results: Sequence[Result]) -> list[str]:
    """Lines of a Markdown table."""
    lines = ["| policy | requests a day | mean | median | p95 | never seen |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {one.policy} | {one.requests_a_day:.1f} | {one.mean_min:.0f} min | {one.median_min:.0f} min"
        f" | {one.p95_min:.0f} min | {one.missed} |"
        for one in results
    ]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=365)
    days = parser.parse_args().days
    for each in papers(days):
        print(f"\n{each.name}: {len(each.appeared)} articles in {days} days\n")
        print("\n".join(table(compare(each))))
    print("\nall three, with one interval that costs as many requests in all\n")
    print("\n".join(table(one_for_all(papers(days)))))
    changed = edits(20_000, seed=4)
    print("\n| articles looked at again | looks an article | edits seen |\n|---|---|---|")
    for policy in (None, [1.0], [1.0, 7.0, 30.0], [float(day) for day in range(1, 31)]):
        one = look_at_articles(changed, policy)
        print(f"| {one.policy} | {one.looks:.2f} | {one.seen:.0%} |")


if __name__ == "__main__":
    main()
