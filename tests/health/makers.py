"""What tests of health share: counts as sources have them, readings, and what a check of them finds."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scraper.archive.ask.health_sources import HealthReading
from scraper.archive.write.alarms import Alarm
from scraper.health.check import Facts, Known, check

if TYPE_CHECKING:
    import random


def events(rng: random.Random, mean: float, spread: float) -> int:
    """A count of a day: gamma-Poisson, so that its variance is `spread` times its mean."""
    rate = rng.gammavariate(mean / (spread - 1), spread - 1) if spread > 1 and mean else mean
    if rate > 50:
        return max(round(rng.gauss(rate, math.sqrt(rate))), 0)
    count, left = 0, rng.random()
    while left > math.exp(-rate) and rate:
        left *= rng.random()
        count += 1
    return count


NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


SITES = tuple(f"kecil-{number}" for number in range(6))


KNOWN = Known(sites=len(SITES), network_of=lambda _: "kecil", has_rules=lambda _: True)


def reading(site: str, day: int, **changes: Any) -> HealthReading:
    found = HealthReading(
        site=site, network="kecil", day=day, url=f"https://{site}.example/{day}", capture_id=None, kind="article", layout="kecil/2020",
        headline=f"{site} {day}", lede=f"{day} {site}", byline="Ratna", published_at=f"2026-{day}", published_utc=None, hint=None,
        image=f"{day}.jpg", tags=2, section='["Daerah"]', dateline=None, words=200 + day % 7, is_whole=True,
    )  # fmt: skip
    return replace(found, **changes)


def found_by(facts: Facts, known: Known = KNOWN) -> dict[tuple[str, str, str, str], Alarm]:
    return {(each.scope, each.name, each.kind, each.field): each for each in check(facts, known, NOW).alarms}


ALARM = Alarm(
    alarm_id=7, scope="site", name="kecil", kind="generic", level="alarm", opened_at=NOW, last_seen_at=NOW, days=1, cases=7,
    expected=0.0, observed=1.0, chance=1e-9, detail="100% articles …", layout="generic/1", url="https://kecil.example/7",
)  # fmt: skip
