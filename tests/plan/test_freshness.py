"""What publishers say about how long a listing stays unchanged: read exactly, believed for up to an hour, and never so
that something is missed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.plan import Look, Rhythm, fresh_for, interval_after
from scraper.plan.freshness import LONGEST
from scraper.plan.rhythm import FLOOR, MAX_FRESH, WEEK_H

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
IN_AN_HOUR = "Mon, 02 Mar 2026 13:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({}, None),
        ({"cache-control": "max-age=600"}, 10),
        ({"cache-control": 'public, MAX-AGE = "600" , must-revalidate'}, 10),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "max-age=600", "age": "120"}, 8),
        ({"cache-control": "max-age=600", "age": "900"}, None),
        ({"cache-control": "max-age=600", "age": "lama"}, 10),
        ({"cache-control": "max-age=0"}, None),
        ({"cache-control": "max-age=-5"}, None),
        ({"cache-control": "max-age=besok"}, None),
        ({"cache-control": "no-cache, max-age=600"}, None),
        ({"cache-control": "no-store"}, None),
        ({"cache-control": 'no-cache="set-cookie", max-age=600'}, 10),
        ({"cache-control": "max-age=600", "expires": IN_AN_HOUR}, 10),
        ({"expires": IN_AN_HOUR}, 60),
        ({"expires": IN_AN_HOUR, "date": "Mon, 02 Mar 2026 12:45:00 GMT"}, 15),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({"expires": "Mon, 02 Mar 1998 13:00:00 GMT"}, None),
        ({"cache-control": "max-age=9999999999"}, LONGEST / timedelta(minutes=1)),
    ],
)
def test_headers(headers: dict[str, str], minutes: float | None) -> None:
    fresh = fresh_for(headers.items(), None, NOW)
    assert (fresh / timedelta(minutes=1) if fresh else None) == minutes


@given(
    st.dictionaries(st.sampled_from(["cache-control", "expires", "date", "age"]), st.text(max_size=30)),
    st.none() | st.timedeltas(),
)
def test_any_header_gives_an_answer(headers: dict[str, str], stated: timedelta | None) -> None:
    fresh = fresh_for(headers.items(), stated, NOW)
    assert fresh is None or timedelta(0) < fresh <= LONGEST


def test_the_longer_of_header_and_feed_holds() -> None:
    headers = [("cache-control", "max-age=600")]
    assert fresh_for(headers, HOUR, NOW) == HOUR
    assert fresh_for(headers, timedelta(minutes=1), NOW) == timedelta(minutes=10)
    assert fresh_for([], timedelta(0), NOW) is None


def interval(rate: float, fresh: timedelta | None, *, listed: int = 50, new: int = 1) -> timedelta:
    """Of a source with so many articles an hour."""
    rhythm = Rhythm(dict.fromkeys(range(WEEK_H), (6.0, 6.0 * rate)))
    return interval_after(rhythm, Look(at=NOW, before=NOW - HOUR, listed=listed, new=new, fresh=fresh), "feed")


def test_what_is_said_only_ever_puts_a_look_off_and_by_an_hour_at_most() -> None:
    assert interval(10, None) < timedelta(minutes=20)
    assert interval(10, timedelta(minutes=5)) == interval(10, None)
    assert interval(10, timedelta(minutes=40)) == timedelta(minutes=40)
    assert interval(10, timedelta(days=30)) == MAX_FRESH
    assert interval(0.1, timedelta(minutes=40)) == interval(0.1, None) > MAX_FRESH


def test_a_list_that_would_run_over_meanwhile_is_looked_at_before() -> None:
    assert interval(30, HOUR, listed=20) == pytest.approx(timedelta(minutes=20), abs=timedelta(seconds=1)), (
        "ten of twenty"
    )
    assert interval(600, HOUR, listed=20) == FLOOR
    assert interval(2, HOUR, listed=50, new=50) == timedelta(minutes=30), "it has run over already"
