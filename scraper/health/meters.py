"""What is measured: the three meters of a site, and one share for each way in which a field can go wrong. Pure.

Every meter is a share of cases or a count of events for each day, so that one method of judgement (baseline.py) serves
all; with the newest case that shows the trouble, for the alarm to name.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles
from typing import TYPE_CHECKING

from scraper.archive.ask.health_sources import FRESH
from scraper.reasons import Reason
from scraper.schema import watched

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from scraper.archive.ask.health_sources import HealthAttempts, HealthReading

HISTORY_DAYS = 84  # counts: 28 days against 56
READING_DAYS = 42  # articles: 14 days against 28
GENERIC = "generic/"
PRECEDING = 20  # articles among which a value counts as repeated
SHORT_PART = 10  # a body is short if it would have been among the shortest tenth

# Outcomes that brought a page, whatever was on it.
GOT = frozenset(
    {
        Reason.OK, Reason.UNCHANGED, Reason.NOT_ARTICLE, Reason.SOFT_404, Reason.PAYWALLED, Reason.JS_SHELL,
        Reason.SUSPECT, Reason.EXTRACT_FAILED, Reason.NOT_HTML, Reason.UNPARSABLE, Reason.BUG, Reason.DAMAGED,
    }
)  # fmt: skip
READ = frozenset({Reason.OK, Reason.UNCHANGED})
WALLS = frozenset({Reason.BLOCKED, Reason.WALL, Reason.DENIED, Reason.RATE_LIMITED})
# Warnings that have no meter of their own.
WARNINGS = (
    "charset_guessed", "date_after_capture", "dates_disagree", "json_ld_broken", "lede_truncated", "paging_unread",
    "replacement_characters", "text_cut", "weekday_disagrees", "author_is_editor", "date_only",
)  # fmt: skip


@dataclass(slots=True)
class Case:
    """The newest case that shows a trouble."""

    url: str | None = None
    capture_id: int | None = None
    layout: str | None = None


@dataclass(slots=True)
class Rate:
    """Daily (count, cases), day 0 first; `is_high_bad` distinguishes a share of troubles from a share of successes."""

    kind: str
    field: str
    is_high_bad: bool
    days: list[tuple[int, int]]
    newest: Case = dataclasses.field(default_factory=Case)

    def add(self, day: int, count: int, cases: int) -> None:
        """Count cases of a day."""
        before = self.days[day]
        self.days[day] = (before[0] + count, before[1] + cases)


class Rates:
    """The rates of one scope, created as they occur."""

    def __init__(self, days: int) -> None:
        self._days = days
        self.all: dict[tuple[str, str], Rate] = {}

    def add(
        self, day: int, kind: str, field: str = "", *, is_high_bad: bool = False, count: int, cases: int = 1
    ) -> Rate:
        """Count cases of one rate; the caller decides whether the newest shows the trouble."""
        rate = self.all.get((kind, field))
        if rate is None:
            rate = self.all[kind, field] = Rate(kind, field, is_high_bad, [(0, 0)] * self._days)
        rate.add(day, count, cases)
        return rate


def of_attempts(rates: Rates, attempts: Iterable[HealthAttempts]) -> None:
    """discovered → fetched → read, and how a site treats those who request it."""
    for each in sorted(attempts, key=lambda each: -each.day):  # the newest last
        reason, case = Reason(each.reason), Case(each.url, each.capture_id)
        is_article = each.kind == "article"
        wall = rates.add(each.day, "blocked", is_high_bad=True, count=each.count * (reason in WALLS), cases=each.count)
        if reason in WALLS:
            wall.newest = case
        if is_article:
            got = rates.add(each.day, "fetched", count=each.count * (reason in GOT), cases=each.count)
            if reason not in GOT:
                got.newest = case
            else:
                read = rates.add(each.day, "read", count=each.count * (reason in READ), cases=each.count)
                if reason not in READ:
                    read.newest = case
        else:
            listed = rates.add(each.day, "listing", count=each.count * (reason in READ), cases=each.count)
            if reason not in READ:
                listed.newest = case
            if reason is Reason.OK:
                missed = rates.add(each.day, "missed", is_high_bad=True, count=each.missed, cases=each.count)
                if each.missed:
                    missed.newest = case


def of_readings(rates: Rates, readings: Sequence[HealthReading], *, has_rules: Callable[[str], bool]) -> None:
    """Articles, oldest first: whether they are complete, and each field on its own."""
    short = _short_body(readings)
    before: dict[tuple[str, str], deque[str]] = defaultdict(lambda: deque(maxlen=PRECEDING))
    for each in readings:
        case = Case(each.url, each.capture_id, each.layout)

        def note(
            kind: str, field: str = "", *, is_bad: bool, is_high_bad: bool, day: int = each.day, case: Case = case
        ) -> None:
            rate = rates.add(day, kind, field, is_high_bad=is_high_bad, count=is_bad == is_high_bad)
            if is_bad:
                rate.newest = case

        is_text = each.kind in ("article", "live")
        note("complete", is_bad=not is_complete(each), is_high_bad=False)
        for name, value in filled_fields(each).items():
            note("filled", name, is_bad=not value, is_high_bad=False)
        if is_text and short is not None:
            note("short", "body", is_bad=each.words < short, is_high_bad=True)
        for name, text in repeatable(each).items():
            seen = before[each.site, name]
            note("repeated", name, is_bad=text in seen, is_high_bad=True)
            seen.append(text)
        if (is_off := date_is_off(each)) is not None:
            note("wrong", "published_at", is_bad=is_off, is_high_bad=True)
        if has_rules(each.site):
            is_generic = each.layout.startswith(GENERIC)
            note("generic", is_bad=is_generic, is_high_bad=True)
            if not is_generic:
                for name in watched("fallback"):
                    if source := each.provenance.get(name):
                        note("fallback", name, is_bad=not source.startswith("layout"), is_high_bad=True)
        for name in WARNINGS:
            note("warning", name, is_bad=name in each.warnings, is_high_bad=True)


def is_complete(each: HealthReading) -> bool:
    """Whether an article has a headline, a date, its complete text, and all its pages."""
    is_short = "body_short" in each.warnings or "body_empty" in each.warnings
    has_text = not is_short or each.kind in ("gallery", "video")
    return bool(each.headline and each.published_at and each.is_whole and has_text)


def filled_fields(each: HealthReading) -> dict[str, bool]:
    """Which fields an article has."""
    return {name: _has(each, name) for name in watched("filled")}


def _has(each: HealthReading, name: str) -> bool:
    if name == "body":
        return each.words > 0
    return getattr(each, name) not in (None, "", 0, "[]")


def repeatable(each: HealthReading) -> dict[str, str]:
    """Values that a paper rarely prints twice in a row."""
    return {name: value for name in watched("repeated") if (value := getattr(each, name))}


def date_is_off(each: HealthReading) -> bool | None:
    """Whether an article's date is days away from the date given where it was found; None if no date was given there."""
    if each.published_utc is None or each.hint is None:
        return None
    return abs(each.published_utc - each.hint) > max(FRESH, timedelta(days=2))


def _short_body(readings: Sequence[HealthReading]) -> float | None:
    """The number of words that a tenth of past bodies fall short of; None if too little is known."""
    texts = [each for each in readings if each.kind in ("article", "live")]
    # A break must not move its own threshold: the last week does not count if there is more.
    older = [each.words for each in texts if each.day >= 7]
    words = older if len(older) >= 2 * SHORT_PART else [each.words for each in texts if each.day >= 1]
    return quantiles(words, n=SHORT_PART)[0] if len(words) >= 2 * SHORT_PART else None
