"""Plan files: an error is named by its place; every site gets its turn, and never in quiet hours."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.crawl import MAX_HOST_REQUESTS
from scraper.errors import PlanError
from scraper.plan.timetable import Crawl, Quiet, Turn, next_turn, parse_timetable, time_left, together, turns_of

NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)  # ten in the morning in Jakarta
PLAN = """
contact = "redaksi@contoh.id"
every = "20m"
quiet = "22:00-04:30"
delay = 3

[[crawls]]
name = "kalimantan"
targets = ["tribun-pontianak", "tribun-kaltim"]
every = "10m"

[[crawls]]
targets = ["https://contoh.id/feed"]
follow = ["Media.contoh.example"]
zone = "Asia/Makassar"
quiet = ["12:00-13:00", "23:00-24:00"]
max_pages = 20

[[crawls]]
name = "2019"
targets = ["tribun"]
since = 2019-01-01
until = 2019-12-31
quiet = []
"""

clocks = st.times().map(lambda at: at.replace(microsecond=0))
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(["Asia/Jakarta", "Asia/Jayapura", "UTC", "Europe/Berlin", "America/St_Johns"])
quiets = st.lists(
    st.tuples(clocks, clocks)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: Quiet(since=pair[0], until=pair[1])),
    max_size=2,
).map(tuple)


def turn(
    *, target: str = "a", zone: str = "Asia/Jakarta", quiet: tuple[Quiet, ...] = (), every: int = 15, **changes: object
) -> Turn:
    crawl = Crawl(name="c", targets=(target,), every=timedelta(minutes=every), quiet=quiet, **changes)  # type: ignore[arg-type]
    return Turn(target=target, crawl=crawl, zone=zone)


def test_a_plan_is_read_with_its_defaults() -> None:
    plan = parse_timetable(PLAN)
    assert [crawl.name for crawl in plan.crawls] == ["kalimantan", "https://contoh.id/feed", "2019"]
    first, second, third = plan.crawls
    assert (first.every, first.delay, first.quiet) == (
        timedelta(minutes=10),
        3.0,
        (Quiet(since=time(22), until=time(4, 30)),),
    )
    assert second.quiet == (Quiet(since=time(12), until=time(13)), Quiet(since=time(23), until=time(0)))
    assert (first.follow, second.follow) == ((), ("media.contoh.example",))
    assert (second.every, second.max_pages) == (timedelta(minutes=20), 20)
    assert (third.since, third.until, third.quiet) == (date(2019, 1, 1), date(2019, 12, 31), ())
    assert (plan.archive, plan.heartbeat) == ("kliping.db", None)
    assert first.max_host_requests == MAX_HOST_REQUESTS


def test_every_portal_of_a_network_has_its_turn_in_its_own_zone() -> None:
    turns = turns_of(parse_timetable(PLAN))
    zones = {each.key: each.zone for each in turns}
    assert zones["kalimantan", "tribun-pontianak"] == "Asia/Jakarta"
    assert zones["kalimantan", "tribun-kaltim"] == "Asia/Makassar"
    assert zones["https://contoh.id/feed", "https://contoh.id/feed"] == "Asia/Makassar"
    assert sum(name == "2019" for name, _ in zones) > 50


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("contact = ", "not TOML"),
        ("contact = " + "[" * 5_000, "not TOML"),
        ("", "contact is missing"),
        ("contact = 'a'", "crawls: none given"),
        ("contact = 'Universität'", "contact: 'Universität' cannot be sent"),
        ("contact = 'a'\nevry = '1h'\n[[crawls]]\ntargets=['tribun']", "evry: there is no such key"),
        ("contact = 'a'\n[[crawls]]\ntarget=['tribun']", "line 3: crawls[0].target: there is no such key"),
        ("contact = 'a'\n[[crawls]]\nname='x'", "crawls[0].targets: none given"),
        ("contact = 'a'\n[[crawls]]\ntargets='tribun'", "crawls[0].targets: it must be a list"),
        ("contact = 'a'\n[[crawls]]\ntargets=['tribun']\nevery=15", "crawls[0].every: 15 is not a duration"),
        ("contact = 'a'\n[[crawls]]\ntargets=['tribun']\nevery='1s'", "crawls[0].every: '1s' is not between"),
        ("contact = 'a'\n[[crawls]]\ntargets=['tribun']\nquiet='22-4'", "crawls[0].quiet: '22-4' is not a span"),
        ("contact = 'a'\n[[crawls]]\ntargets=['tribun']\nquiet='04:00-04:00'", "is the whole day"),
        ("contact = 'a'\n[[crawls]]\ntargets=['tribun']\nzone='Asia/Pontiank'", "crawls[0].zone: 'Asia/Pontiank' is not a time zone"),
        ("contact = 'a'\n[[crawls]]\ntargets=['tribun']\nsince='2019-01-01'", "crawls[0].since: '2019-01-01' is not a day"),
        ("contact = 'a'\n[[crawls]]\ntargets=['tribun']\nsince=2019-02-01\nuntil=2019-01-01", "crawls[0].since: it is after"),
        ("contact = 'a'\n[[crawls]]\ntargets=['tribun']\nfollow=['https://x.example/']", "crawls[0].follow: 'https://x.example/' is not a host"),
        ("contact = 'a'\n[[crawls]]\ntargets=['tribun']\nmax_pages=true", "crawls[0].max_pages: True is not a count"),
        ("contact = 'a'\ndelay=-1\n[[crawls]]\ntargets=['tribun']", "delay: -1 is not a number"),
        ("contact = 'a'\n[[crawls]]\ntargets=['tribun']\n[[crawls]]\ntargets=['tribun']", "two are called 'tribun'"),
        ("contact = 'a'\ncrawls=[1]", "crawls[0]: it must be a table"),
    ],
)  # fmt: skip
def test_the_first_thing_that_is_wrong_is_named_by_its_place(text: str, place: str) -> None:
    with pytest.raises(PlanError, match=r".") as error:
        parse_timetable(text)
    assert place in str(error.value)


@given(st.text())
def test_any_text_is_a_plan_or_a_plan_error(text: str) -> None:
    for candidate in (text, f"contact = 'a'\n[[crawls]]\ntargets = ['tribun']\n{text}"):
        with contextlib.suppress(PlanError):
            parse_timetable(candidate)


@pytest.mark.parametrize("target", ["tribun-tidakada", "ftp://contoh.id/", "https://"])
def test_a_target_that_nobody_knows_is_named(target: str) -> None:
    with pytest.raises(PlanError, match=target):
        turns_of(parse_timetable(f"contact = 'a'\n[[crawls]]\ntargets = [{target!r}]"))


@given(moments, st.none() | moments, zones, quiets, st.integers(1, 10_000))
def test_a_turn_is_never_in_the_past_nor_in_quiet_hours(
    now: datetime, last: datetime | None, zone: str, quiet: tuple[Quiet, ...], every: int
) -> None:
    one = turn(zone=zone, quiet=quiet, every=every)
    at = next_turn(one, {one.key: last} if last else {}, now)
    assert at >= now
    local = at.astimezone(ZoneInfo(zone)).time()
    loud_all_day = len(quiet) < 2 or not all(any(each.holds(time(hour)) for each in quiet) for hour in range(24))
    if loud_all_day:
        assert not any(each.holds(local) for each in quiet)
    if last is not None and last <= now:
        assert at >= last + timedelta(minutes=every)
    if not quiet:
        assert at <= now + timedelta(minutes=every), "also where the clock was set back"


def test_quiet_hours_go_over_midnight_in_the_papers_own_zone() -> None:
    night = (Quiet(since=time(22), until=time(4, 30)),)
    jakarta, jayapura = turn(quiet=night), turn(quiet=night, zone="Asia/Jayapura")
    at = datetime(2026, 3, 2, 14, tzinfo=UTC)  # 21:00 in Jakarta, 23:00 in Jayapura
    assert next_turn(jakarta, {}, at) == at
    assert next_turn(jayapura, {}, at) == datetime(2026, 3, 2, 19, 30, tzinfo=UTC)
    assert time_left([jakarta], at, timedelta(hours=9)) == timedelta(hours=1)
    assert time_left([turn()], at, timedelta(minutes=30)) == timedelta(minutes=30)


def test_quiet_hours_begin_and_end_by_the_clock_on_the_wall_when_it_changes() -> None:
    one = turn(zone="Europe/Berlin", quiet=(Quiet(since=time(1), until=time(6)),))
    spring, autumn = datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_turn(one, {}, spring) == datetime(2026, 3, 29, 4, tzinfo=UTC)
    assert next_turn(one, {}, autumn) == datetime(2026, 10, 25, 5, tzinfo=UTC)


def test_those_who_wait_longest_go_first_with_all_who_share_their_bounds() -> None:
    slow, fast, other = turn(target="a", delay=5.0), turn(target="b"), turn(target="c")
    apart = turn(target="d", follow=("x.example",))
    last = {slow.key: NOW - timedelta(hours=2), fast.key: NOW - timedelta(hours=1), other.key: NOW - timedelta(hours=1)}
    assert together([fast, slow, other], last, NOW) == (slow,)
    assert together([fast, slow, other], last | {slow.key: NOW}, NOW) == (fast, other)
    assert together([apart, fast], {}, NOW) in ((apart,), (fast,)), "what is taken in is a bound, too"
    assert together([slow], {slow.key: NOW}, NOW) == ()
