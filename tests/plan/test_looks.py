"""Decisions about time: never in the past, ever longer after failures, soon after changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.plan import CLAIMS, after_attempt
from scraper.plan.looks import ARTICLE_AGES, DAY_LOOKS, MIN_GAP
from scraper.plan.rhythm import START
from scraper.reasons import Reason
from scraper.records import LinkKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WITA = timezone(timedelta(hours=8))
KINDS: tuple[LinkKind, ...] = get_args(LinkKind)
SOURCES = tuple(kind for kind in KINDS if kind != "article")

reasons = st.sampled_from(list(Reason))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.sampled_from([UTC, WITA]))
counters = st.integers(0, 60)


@given(
    st.sampled_from(KINDS), reasons, moments, counters, counters, st.none() | st.integers(1, 10**7), st.none() | moments, st.booleans(),
    st.booleans(), st.none() | st.timedeltas(timedelta(minutes=10), timedelta(days=7)), st.none() | moments,
)  # fmt: skip
def test_no_decision_lies_in_the_past(
    kind: LinkKind,
    reason: Reason,
    now: datetime,
    failures: int,
    unchanged: int,
    interval_s: int | None,
    published_at: datetime | None,
    is_changed: bool,  # noqa: FBT001
    is_led: bool,  # noqa: FBT001
    interval: timedelta | None,
    not_before: datetime | None,
) -> None:
    following = after_attempt(
        kind, reason, now=now, failures=failures, unchanged=unchanged, interval_s=interval_s, published_at=published_at,
        is_changed=is_changed, is_led=is_led, interval=interval, not_before=not_before,
    )  # fmt: skip
    if following.due_at is not None:
        assert following.due_at.tzinfo is not None
        assert following.due_at >= now + timedelta(minutes=10)
        if CLAIMS[reason] != "well" and reason is not Reason.NOT_ARTICLE and not_before is not None:
            assert following.due_at >= not_before
    assert following.interval_s is None or following.interval_s > 0


def test_what_the_server_asked_for_counts_if_it_is_later() -> None:
    asked = NOW + timedelta(hours=5)
    assert after_attempt("article", Reason.RATE_LIMITED, now=NOW, not_before=asked).due_at == asked
    assert after_attempt("article", Reason.RATE_LIMITED, now=NOW, not_before=NOW).due_at == NOW + timedelta(minutes=10)


@given(moments)
def test_an_article_is_looked_at_at_its_ages_and_then_never(published_at: datetime) -> None:
    now, seen = published_at, []
    while (due_at := after_attempt("article", Reason.OK, now=now, published_at=published_at).due_at) is not None:
        seen.append(due_at - published_at)
        now = due_at
    assert tuple(seen) == ARTICLE_AGES


@pytest.mark.parametrize("published_at", [None, NOW + timedelta(days=4000)])
def test_an_article_without_a_believable_date_is_not_looked_at_for_ever(published_at: datetime | None) -> None:
    now, unchanged, looks = NOW, 0, 0
    while (
        following := after_attempt("article", Reason.UNCHANGED, now=now, unchanged=unchanged, published_at=published_at)
    ).due_at:
        now, unchanged, looks = following.due_at, following.unchanged, looks + 1
    assert looks == len(ARTICLE_AGES)


def test_two_looks_are_not_close_together_because_an_age_is_near() -> None:
    published_at = NOW - timedelta(minutes=59)
    assert after_attempt("article", Reason.OK, now=NOW, published_at=published_at).due_at == NOW + MIN_GAP


def test_a_changed_article_is_looked_at_soon_but_one_that_flaps_ever_less_soon() -> None:
    published_at = NOW - timedelta(days=400)
    interval_s, gaps = None, []
    for _ in range(12):
        following = after_attempt(
            "article", Reason.OK, now=NOW, published_at=published_at, is_changed=True, interval_s=interval_s
        )
        assert following.due_at is not None
        gaps.append(following.due_at - NOW)
        interval_s = following.interval_s
    assert gaps[0] == ARTICLE_AGES[0]
    assert gaps == sorted(gaps)
    assert gaps[-1] == ARTICLE_AGES[-1]
    settled = after_attempt("article", Reason.OK, now=NOW, published_at=published_at, interval_s=interval_s)
    assert (settled.due_at, settled.interval_s) == (None, interval_s)


@pytest.mark.parametrize("kind", SOURCES)
def test_a_source_is_looked_at_after_its_interval(kind: LinkKind) -> None:
    following = after_attempt(kind, Reason.OK, now=NOW, interval=timedelta(minutes=47))
    assert (following.due_at, following.interval_s) == (NOW + timedelta(minutes=47), 47 * 60)
    assert after_attempt(kind, Reason.OK, now=NOW).due_at == NOW + START


def test_a_later_page_of_an_index_waits_for_the_page_before_it() -> None:
    assert after_attempt("index", Reason.OK, now=NOW, is_led=True).due_at is None
    assert after_attempt("index", Reason.RESET, now=NOW, is_led=True).due_at is not None


@pytest.mark.parametrize(("is_led", "looks"), [(False, DAY_LOOKS), (True, DAY_LOOKS[:1])])
def test_the_index_of_a_day_is_looked_at_when_the_day_is_over_and_then_never(
    is_led: bool,  # noqa: FBT001
    looks: tuple[timedelta, ...],
) -> None:
    day = NOW + timedelta(hours=3)
    at, seen = NOW + timedelta(hours=4), []
    while (due_at := after_attempt("index", Reason.OK, now=at, published_at=day, is_led=is_led).due_at) is not None:
        seen.append(due_at - day)
        at = due_at
    assert tuple(seen) == looks


def test_the_index_of_a_day_past_is_settled_and_todays_is_not() -> None:
    assert after_attempt("index", Reason.OK, now=NOW, published_at=NOW - timedelta(days=30)).due_at is None
    assert after_attempt("index", Reason.OK, now=NOW, published_at=NOW - timedelta(days=1)).due_at is not None
