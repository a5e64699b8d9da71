"""Decisions about time: never in the past, ever longer after failures, soon after changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.plan import (
    AFTER,
    ARTICLE_AGES,
    INDEX_CEILING,
    INDEX_FLOOR,
    INDEX_START,
    LATER_CEILING,
    MAX_FAILURES,
    MIN_GAP,
    RETRY_CEILING,
    RETRY_FIRST,
    after_attempt,
    index_interval,
    index_page,
    index_pages,
    listed_day,
    paging_ends,
)
from scraper.reasons import Reason
from scraper.records import LinkKind

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WITA = timezone(timedelta(hours=8))
KINDS: tuple[LinkKind, ...] = get_args(LinkKind)
SOURCES = tuple(kind for kind in KINDS if kind != "article")

reasons = st.sampled_from(list(Reason))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.sampled_from([UTC, WITA]))
counters = st.integers(0, 60)


def test_every_outcome_is_decided() -> None:
    assert set(AFTER) == set(Reason)


@given(
    st.sampled_from(KINDS), reasons, moments, counters, counters, st.none() | st.integers(1, 10**7), st.none() | moments, st.booleans(),
    st.none() | st.floats(0, 1), st.none() | moments,
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
    known_share: float | None,
    not_before: datetime | None,
) -> None:
    following = after_attempt(
        kind, reason, now=now, failures=failures, unchanged=unchanged, interval_s=interval_s, published_at=published_at,
        is_changed=is_changed, known_share=known_share, not_before=not_before,
    )  # fmt: skip
    if following.due_at is not None:
        assert following.due_at.tzinfo is not None
        assert following.due_at >= now + min(RETRY_FIRST, MIN_GAP)
        if AFTER[reason] == "retry" and not_before is not None:
            assert following.due_at >= not_before
    assert following.interval_s is None or following.interval_s > 0


@pytest.mark.parametrize("reason", [reason for reason in Reason if AFTER[reason] in ("retry", "later")])
def test_waits_only_grow_and_an_article_is_given_up_in_the_end(reason: Reason) -> None:
    waits, failures = [], 0
    while (following := after_attempt("article", reason, now=NOW, failures=failures)).due_at is not None:
        waits.append(following.due_at - NOW)
        failures = following.failures
    assert waits == sorted(waits)
    assert len(waits) == MAX_FAILURES - 1
    assert waits[-1] == (RETRY_CEILING if AFTER[reason] == "retry" else LATER_CEILING)


@pytest.mark.parametrize("kind", SOURCES)
@pytest.mark.parametrize("reason", Reason)
def test_a_source_of_links_is_given_up_only_where_no_waiting_helps(kind: LinkKind, reason: Reason) -> None:
    following = after_attempt(kind, reason, now=NOW, failures=1000)
    if reason in (Reason.BAD_URL, Reason.BLOCKED_SCHEME, Reason.BLOCKED_ADDRESS):
        assert following.due_at is None
    else:
        assert following.due_at is not None
        assert following.due_at - NOW <= LATER_CEILING


def test_a_gone_article_is_never_asked_for_again() -> None:
    assert after_attempt("article", Reason.GONE, now=NOW).due_at is None


def test_what_the_server_asked_for_counts_if_it_is_later() -> None:
    asked = NOW + timedelta(hours=5)
    assert after_attempt("article", Reason.RATE_LIMITED, now=NOW, not_before=asked).due_at == asked
    assert after_attempt("article", Reason.RATE_LIMITED, now=NOW, not_before=NOW).due_at == NOW + RETRY_FIRST


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


@given(st.none() | st.integers(1, 10**7), st.none() | st.floats(0, 1))
def test_an_interval_stays_in_its_bounds(interval_s: int | None, known_share: float | None) -> None:
    assert INDEX_FLOOR <= index_interval(interval_s, known_share) <= INDEX_CEILING


def test_a_feed_is_asked_more_often_the_more_it_brings() -> None:
    shares = [index_interval(3600, share) for share in (0.0, 0.5, 0.8, 0.95, 1.0)]
    assert shares == sorted(shares)
    assert index_interval(3600, 0.0) < timedelta(hours=1) < index_interval(3600, 1.0) <= index_interval(3600, None)
    assert index_interval(None, 1.0) == INDEX_START


def test_a_quiet_feed_ends_at_a_day_and_a_busy_one_at_ten_minutes() -> None:
    for share, limit in ((1.0, INDEX_CEILING), (0.0, INDEX_FLOOR)):
        interval_s: int | None = None
        for _ in range(20):
            interval_s = after_attempt("feed", Reason.OK, now=NOW, interval_s=interval_s, known_share=share).interval_s
        assert interval_s == limit.total_seconds()


def test_the_index_of_a_day_past_is_settled_and_todays_is_not() -> None:
    assert after_attempt("index", Reason.OK, now=NOW, published_at=NOW - timedelta(days=30)).due_at is None
    assert after_attempt("index", Reason.OK, now=NOW, published_at=NOW - timedelta(days=1)).due_at is not None
    assert (
        after_attempt("index", Reason.GONE, now=NOW, published_at=NOW - timedelta(days=30), failures=9).due_at is None
    )


@given(st.dates(), st.integers(0, 40))
def test_each_day_has_its_index_newest_first(since: date, days: int) -> None:
    until = date.fromordinal(min(since.toordinal() + days, date.max.toordinal()))
    pages = list(
        index_pages("https://{host}/indeks?date={year}-{month:02d}-{day:02d}&page={page}", "contoh.id", since, until)
    )
    assert [day.toordinal() for day, _ in pages] == list(range(until.toordinal(), since.toordinal() - 1, -1))
    assert len({url for _, url in pages}) == len(pages)


def test_an_index_pattern_is_padded_or_not() -> None:
    day = date(2019, 9, 3)
    assert index_page("https://{host}/index-news?date={year}-{month}-{day}&page={page}", "contoh.id", day, 2).endswith(
        "date=2019-9-3&page=2"
    )
    assert (
        index_page("https://{host}/{year}/{month:02d}/{day:02d}/", "contoh.id", day, 1)
        == "https://contoh.id/2019/09/03/"
    )
    assert list(index_pages("{day}", "contoh.id", date(2020, 1, 2), date(2020, 1, 1))) == []


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://contoh.id/index-news?date=2019-9-3&page=2", date(2019, 9, 3)),
        ("https://contoh.id/?site=all&date=2019-09-03", date(2019, 9, 3)),
        ("https://contoh.id/indeks?date=09/30/2019", date(2019, 9, 30)),
        ("https://contoh.id/indeks?date=09%2F30%2F2019&page=1", date(2019, 9, 30)),
        ("https://contoh.id/indeks/0/20?t=2019-09-03", date(2019, 9, 3)),
        ("https://contoh.id/indeks/2019/9/3/10", date(2019, 9, 3)),
        ("https://contoh.id/indeks?date=2019-13-45", None),
        ("https://contoh.id/indeks?update=2019-09-03", None),
        ("https://contoh.id/indeks?page=2", None),
        ("", None),
    ],
)
def test_the_day_of_an_index_is_in_its_url(url: str, day: date | None) -> None:
    moment = listed_day(url)
    assert (moment.date() if moment else None) == day
    assert moment is None or moment.tzinfo is UTC


@given(st.text())
def test_any_url_lists_a_day_or_none(url: str) -> None:
    listed_day(url)
    listed_day(f"?date={url}")


def test_an_index_ends_where_it_is_empty_or_repeats_itself() -> None:
    assert paging_ends([], ["a"])
    assert paging_ends(["b", "a"], ["a", "b", "c"])
    assert not paging_ends(["b", "d"], ["a", "b"])
    assert not paging_ends(["a"], [])
