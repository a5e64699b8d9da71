"""The figures in the docs about giving up, waiting and believing, each tested on both sides of its limit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest

from scraper.plan import (
    CLAIMS,
    Look,
    Rhythm,
    UrlHistory,
    after_attempt,
    conclusion,
    fresh_for,
    interval_after,
    is_short,
    learned,
)
from scraper.plan.endings import ending_of, why_cut
from scraper.plan.evidence import CEILING_READ
from scraper.plan.host_shards import Shard
from scraper.plan.network import our_fault
from scraper.plan.timetable import Crawl, Quiet, Turn, next_turn, time_left, together
from scraper.plan.walls import WallEvidence, judge, was_wall
from scraper.reasons import Reason
from scraper.records import Capture, Sighting

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


def looks(*days: float, reason: Reason = Reason.GONE, untrusted: tuple[int, ...] = ()) -> list[Sighting]:
    """Looks with the same outcome, so many days after NOW."""
    return [
        Sighting(at=NOW + day * DAY, reason=reason, status=404, is_trusted=number not in untrusted)
        for number, day in enumerate(days)
    ]


def is_concluded(given: list[Sighting], *, named_days_ago: float | None = None, was_read: bool = False) -> bool:
    named = None if named_days_ago is None else given[-1].at - named_days_ago * DAY
    return conclusion(UrlHistory(looks=given, named_at=named, was_read=was_read), given[-1].at) is not None


def test_a_404_is_given_up_after_four_looks_on_four_days_in_a_week_or_more() -> None:
    assert is_concluded(looks(0, 1, 3, 8))
    assert not is_concluded(looks(0, 4, 8)), "three looks"
    assert not is_concluded(looks(0, 1, 3, 6)), "six days"
    assert not is_concluded(looks(0, 0.5, 0.75, 8)), "looks of one day are one"
    assert not is_concluded(looks(0, 1, 3, 8), was_read=True)


def test_days_of_trouble_are_no_evidence_and_nothing_is_concluded_on_one() -> None:
    assert is_concluded(looks(0, 1, 3, 5, 8, untrusted=(2,)))
    assert not is_concluded(looks(0, 1, 3, 8, untrusted=(1,)))
    assert not is_concluded(looks(0, 1, 3, 8, 9, untrusted=(4,)))


def test_what_a_listing_named_is_named_for_ten_days() -> None:
    assert not is_concluded(looks(0, 1, 3, 8), named_days_ago=9)
    assert is_concluded(looks(0, 1, 3, 8), named_days_ago=11)


@pytest.mark.parametrize(
    ("reason", "claim"),
    [(Reason.TRUNCATED, "unreachable"), (Reason.BUG, "ours"), (Reason.WALL, "no_article"), (Reason.BLOCKED, "refused")],
)
def test_what_an_outcome_says_of_a_url(reason: Reason, claim: str) -> None:
    assert CLAIMS[reason] == claim


def test_an_article_that_has_long_gone_is_looked_at_twice_a_year() -> None:
    gone = looks(*(30 * number for number in range(20)))
    history = UrlHistory(looks=gone, was_read=True)
    after = after_attempt("article", Reason.GONE, now=gone[-1].at, failures=40, history=history)
    assert after.due_at is not None
    assert after.due_at - gone[-1].at == CEILING_READ == 180 * DAY


def test_a_date_in_the_future_is_not_believed() -> None:
    """The first look again is then an hour later, as without a date, and not when that day has come."""
    after = after_attempt("article", Reason.OK, now=NOW, published_at=NOW + 400 * DAY)
    assert after.due_at == NOW + HOUR


@pytest.mark.parametrize(("age", "days"), [(1, 2), (3, 1), (10, 1), (40, 1)])
def test_a_late_change_is_looked_at_on_another_day_too(age: int, days: int) -> None:
    """A cache's old copy lasts for hours: the look soon after it finds the same. Where an age is near, that is look enough."""
    published = NOW - age * DAY
    look = partial(after_attempt, "article", published_at=published)
    changed = look(Reason.OK, now=NOW, is_changed=True)
    assert changed.due_at == NOW + HOUR
    same = look(Reason.UNCHANGED, now=NOW + HOUR, unchanged=changed.unchanged, interval_s=changed.interval_s)
    assert same.due_at is not None
    assert round((same.due_at - NOW) / DAY) == days
    last = look(Reason.UNCHANGED, now=same.due_at, unchanged=same.unchanged, interval_s=same.interval_s)
    assert last.due_at is None or last.due_at - same.due_at > 2 * DAY, "one look more, not one a day"


def test_a_text_that_changes_at_every_look_is_looked_at_half_as_soon_each_time() -> None:
    first = after_attempt("article", Reason.OK, now=NOW, published_at=NOW - 3 * DAY, is_changed=True)
    assert first.interval_s == 3_600
    again = after_attempt(
        "article", Reason.OK, now=NOW, published_at=NOW - 3 * DAY, is_changed=True, interval_s=first.interval_s
    )
    assert again.interval_s == 7_200
    last = after_attempt("article", Reason.OK, now=NOW, published_at=NOW - 3 * DAY, is_changed=True, interval_s=10**8)
    assert last.interval_s == 30 * 86_400


def cut(body: bytes, *, same: int, truncated: str | None = None) -> bool:
    capture = Capture(
        url="", final_url="", status=200, fetched_at=NOW, body=body, headers=(("server", "x"),), truncated=truncated
    )
    return why_cut(capture, ending_of(body), same_ending=same, is_all_there_is=False) is not None


def test_a_site_of_which_three_other_pages_end_alike_always_ends_so() -> None:
    page = b"<!DOCTYPE html><html><body><p>Warga menanam padi.</p>"
    assert [cut(page, same=number) for number in (0, 2, 3)] == [True, True, False]
    assert cut(page, same=9, truncated="length"), "what is marked as cut is cut"
    assert not cut(b"<!DOCTYPE html><html><body><p>Selesai.</p></body></html>", same=0)


def test_one_sign_cuts_no_page() -> None:
    page = b"<!DOCTYPE html><html><body><p>Warga menanam padi.</p>"
    measured = Capture(
        url="", final_url="", status=200, fetched_at=NOW, body=page, headers=(("content-length", str(len(page))),)
    )
    assert why_cut(measured, ending_of(page), same_ending=0, is_all_there_is=False) is None


SUSPECT = WallEvidence(words=300, is_claimed=True, headline_fits=False, before_words=400, kept_share=0.2)


def test_a_suspect_version_is_confirmed_after_six_hours_and_half_of_the_text_makes_one() -> None:
    waits = [judge(replace(SUSPECT, suspected_since=span)).verdict for span in (None, 5 * HOUR, 6 * HOUR)]
    assert waits == ["suspect", "suspect", "page"]
    shares = [judge(replace(SUSPECT, kept_share=share)).verdict for share in (0.4, 0.6)]
    assert shares == ["suspect", "page"]


def test_two_other_urls_with_the_same_text_make_a_wall_and_one_does_not() -> None:
    poor = WallEvidence(words=300, headline_fits=None, is_claimed=False)
    assert [judge(replace(poor, same_text=number)).verdict for number in (0, 1, 2)] == ["page", "page", "wall"]
    assert judge(replace(poor, same_text=9, headline_fits=True)).verdict == "page"


def test_a_poor_page_that_lasts_three_days_is_its_page() -> None:
    poor = WallEvidence(words=20, headline_fits=False, is_claimed=False)
    lasting = [judge(replace(poor, same_since=span)).verdict for span in (None, 2 * DAY, 4 * DAY)]
    assert lasting == ["wall", "wall", "page"]


def test_a_version_of_which_something_is_left_was_no_wall() -> None:
    kept = [
        was_wall(words=10, was_expected=True, is_claimed=False, headline_fits=False, kept_share=share)
        for share in (0.0, 0.1, None)
    ]
    assert kept == [True, False, False]


def test_three_publishers_that_fail_alike_are_our_network_and_two_are_not() -> None:
    failing = {f"koran{number}.example": Reason.DNS for number in range(3)}
    assert our_fault(failing, asked=9) is not None
    assert our_fault(dict(list(failing.items())[:2]), asked=9) is None
    assert our_fault(failing, asked=3, known=5) is not None
    assert our_fault(failing, asked=3, known=5, reached=1) is None, "who answered before can be connected to"


def test_a_feed_is_looked_at_every_ten_minutes_at_most_and_a_publishers_word_holds_for_an_hour() -> None:
    cells = dict.fromkeys(range(168), (6.0, 6000.0))
    busy = Look(at=NOW, before=NOW - HOUR, listed=10_000, new=500)
    assert interval_after(Rhythm(cells), busy, "feed") == 10 * MINUTE
    calm = replace(busy, listed=10_000_000)
    assert interval_after(Rhythm(cells), replace(calm, fresh=30 * MINUTE), "feed") == 30 * MINUTE
    assert interval_after(Rhythm(cells), replace(calm, fresh=9 * HOUR), "feed") == HOUR


def test_a_list_that_ran_over_is_looked_at_in_half_the_time() -> None:
    cells = dict.fromkeys(range(168), (6.0, 0.01))
    over = Look(at=NOW, before=NOW - 4 * HOUR, listed=20, new=20)
    assert interval_after(Rhythm(cells), over, "feed") <= 2 * HOUR


def test_of_an_hour_of_the_week_six_hours_are_remembered() -> None:
    rhythm = Rhythm()
    for week in range(40):
        at = NOW + week * 7 * DAY
        rhythm = learned(rhythm, Look(at=at, before=at - HOUR, listed=30, new=3))
    assert max(hours for hours, _ in rhythm.cells.values()) == pytest.approx(6.0)


def test_a_cache_is_believed_for_a_year_less_the_age_that_it_tells() -> None:
    def said(**headers: str) -> timedelta | None:
        return fresh_for([(name.replace("_", "-"), value) for name, value in headers.items()], None, NOW)

    assert said(cache_control="max-age=3600", age="600") == 50 * MINUTE
    assert said(cache_control="max-age=9999999999") == timedelta(days=366)


def test_a_short_page_is_the_last_only_behind_a_full_one() -> None:
    assert [is_short(2, before) for before in (2, 4, 5, 30)] == [False, False, True, True]


def test_all_hosts_of_a_publisher_are_one_crawlers() -> None:
    names = [f"{name}.koran.co.id" for name in "abcdefghijklmnop"]
    owners = {next(number for number in range(1, 8) if Shard(number=number, count=7).owns(name)) for name in names}
    assert len(owners) == 1


def turn(*quiet: tuple[int, int], delay: float = 2.0) -> Turn:
    hours = tuple(Quiet(since=time(since), until=time(until)) for since, until in quiet)
    return Turn(target="x", crawl=Crawl(name=f"a{delay}", targets=("x",), quiet=hours, delay=delay), zone="UTC")


def test_quiet_hours_go_over_midnight_and_follow_each_other() -> None:
    def at(hour: int, *quiet: tuple[int, int]) -> datetime:
        return next_turn(turn(*quiet), {}, NOW.replace(hour=hour))

    assert at(2, (22, 5)) == NOW.replace(hour=5)
    assert at(23, (22, 5)) == NOW.replace(hour=5) + DAY
    assert at(12, (22, 5)) == NOW
    assert at(2, (1, 3), (3, 6)) == NOW.replace(hour=6)
    assert time_left([turn((13, 14))], NOW, 3 * HOUR) == HOUR


def test_a_clock_that_was_set_back_puts_no_target_off() -> None:
    each = turn()
    assert next_turn(each, {each.key: NOW + 90 * DAY}, NOW) == NOW + each.crawl.every


def test_only_targets_of_the_same_bounds_share_a_run() -> None:
    both = (turn(delay=2.0), turn(delay=9.0))
    assert len(together(both, {}, NOW)) == 1
