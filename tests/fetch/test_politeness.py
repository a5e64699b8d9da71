"""Publishers are requested at the pace that they set, across servers and runs; what they say about use is recorded."""

from __future__ import annotations

import asyncio
import math
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.circuit import DOWN_FAILURES, FRESH_FAILURES, RETRY_FAILURES, Lane
from scraper.fetch.hosts import SLOWEST, Hosts
from scraper.fetch.rights import rights_of
from scraper.records import Capture, Rights
from tests.fetch.makers import Store
from tests.virtualtime import VirtualClock

NOW = datetime(2026, 3, 1, tzinfo=UTC)
A, B = "https://satu.example/x", "https://dua.example/y"
NEW, OLD = Lane(is_article=True, is_retry=False), Lane(is_article=True, is_retry=True)
LISTING = Lane(is_article=False, is_retry=False)


def starts(hosts: Hosts, clock: VirtualClock, asked: list[tuple[str, str | None]]) -> dict[str, list[float]]:
    """When the requests to each address begin; all are asked for at once."""
    found: dict[str, list[float]] = {}

    async def ask(url: str, address: str | None) -> None:
        async with hosts.turn(url, address):
            found.setdefault(address or url, []).append(clock.monotonic())
            await clock.sleep(0.01)

    async def run() -> None:
        await asyncio.gather(*(ask(url, address) for url, address in asked))

    asyncio.run(run())
    return found


def test_publishers_on_one_server_wait_for_each_other() -> None:
    clock = VirtualClock()
    hosts = Hosts(2.0, clock=clock)
    found = starts(hosts, clock, [(A, "198.51.100.7"), (B, "198.51.100.7")] * 3)["198.51.100.7"]
    assert len(found) == 6
    assert min(after - before for before, after in zip(sorted(found), sorted(found)[1:], strict=False)) >= 2.0


def test_a_slow_publisher_does_not_hold_up_its_server() -> None:
    clock = VirtualClock()
    hosts = Hosts(2.0, clock=clock)
    hosts.crawl_delay(A, 3_600.0)
    starts(hosts, clock, [(A, "198.51.100.7")])
    began = clock.monotonic()
    starts(hosts, clock, [(B, "198.51.100.7")])
    assert clock.monotonic() - began < 10


@given(st.lists(st.sampled_from([(A, "1"), (B, "1"), (A, "2"), (B, None)]), max_size=12), st.floats(0, 20))
def test_no_two_requests_to_a_server_or_publisher_begin_too_close(
    asked: list[tuple[str, str | None]], delay_s: float
) -> None:
    clock = VirtualClock()
    hosts = Hosts(delay_s, clock=clock)
    for times in starts(hosts, clock, asked).values():
        assert all(b - a >= delay_s - 1e-6 for a, b in zip(sorted(times), sorted(times)[1:], strict=False))


def test_a_publisher_that_asked_to_be_left_alone_is_left_alone_by_the_next_run() -> None:
    store = Store()
    first = Hosts(2.0, clock=VirtualClock(NOW), store=store)
    first.troubled(A, retry_after_s=1_800, is_overload=True)
    later = Hosts(2.0, clock=VirtualClock(NOW + timedelta(minutes=10)), store=store)
    assert later.parked_s("https://www.satu.example/other") == pytest.approx(1_200)
    assert later.parked_s(B) == 0


def test_the_circuit_opens_longer_each_time_also_in_later_runs() -> None:
    store, waits = Store(), []
    for run in range(4):
        now = NOW + timedelta(hours=7 * run)
        hosts = Hosts(2.0, clock=VirtualClock(now), store=store)
        for _ in range(DOWN_FAILURES):
            hosts.failed(A, NEW, is_down=True)
        waits.append(hosts.parked_s(A))
    assert waits == pytest.approx([900, 1_800, 3_600, 7_200])


def test_dead_links_close_their_lane_and_leave_the_others_open() -> None:
    hosts = Hosts(2.0, clock=VirtualClock(NOW))
    for _ in range(RETRY_FAILURES):
        assert OLD not in hosts.closed(A)
        hosts.failed(A, OLD, is_down=False)
    assert hosts.closed(A) == (OLD,)
    for number in range(FRESH_FAILURES):
        assert NEW not in hosts.closed(A), number
        hosts.failed(A, NEW, is_down=False)
    assert set(hosts.closed(A)) == {OLD, NEW}
    assert hosts.parked_s(A) == 0, "listings are asked yet"
    assert hosts.of(A).interval_s == 2.0 * SLOWEST
    hosts.succeeded(A, LISTING)
    hosts.remember()
    assert hosts.parked_s(A) == 0


def test_a_publisher_of_which_nothing_answers_is_left_alone_after_the_run_and_forgiven_what_was_not_its_fault() -> None:
    store = Store()
    for retries, is_parked in ((False, True), (True, False)):
        hosts = Hosts(2.0, clock=VirtualClock(NOW), store=store)
        for _ in range(FRESH_FAILURES):
            hosts.failed(B, OLD if retries else NEW, is_down=False)
        hosts.remember()
        assert (hosts.parked_s(B) > 0) == is_parked, "what fails again and again says little of its publisher"
        hosts.forgive([B])
        assert hosts.parked_s(B) == Hosts(2.0, clock=VirtualClock(NOW), store=store).parked_s(B) == 0
    hosts.troubled(B, retry_after_s=900)
    hosts.forgive([B])
    assert hosts.parked_s(B) == 900, "what it asked for stays"


def test_a_pace_that_trouble_made_is_kept_and_one_that_was_asked_for_is_not() -> None:
    store = Store()
    hosts = Hosts(2.0, clock=VirtualClock(NOW), store=store)
    starts(hosts, VirtualClock(), [(A, None), (B, None)])
    hosts.troubled(A, is_overload=True)
    hosts.remember()
    again = Hosts(0.0, clock=VirtualClock(NOW + timedelta(hours=1)), store=store)
    assert (again.of(A).interval_s, again.of(B).interval_s) == (4.0, 0.0)
    assert Hosts(0.0, clock=VirtualClock(NOW + timedelta(days=2)), store=store).of(A).interval_s == 0.0


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=-1), timedelta(days=1), timedelta(days=4_000)])
def test_a_clock_that_jumps_parks_nobody_for_years(jump: timedelta) -> None:
    store = Store()
    Hosts(2.0, clock=VirtualClock(NOW), store=store).troubled(A, retry_after_s=600)
    after = Hosts(2.0, clock=VirtualClock(NOW + jump), store=store)
    assert 0 <= after.parked_s(A) <= 86_400
    assert after.of(A).interval_s <= 300


@given(st.lists(st.floats(0, 1e6), max_size=30), st.floats(0, 100))
def test_latency_slows_and_never_hurries(latencies: list[float], delay_s: float) -> None:
    hosts = Hosts(delay_s)
    for latency in latencies:
        hosts.answered(A, latency)
        assert delay_s <= hosts.of(A).interval_s <= 300.0
        assert math.isfinite(hosts.of(A).interval_s)


def page(body: str = "", **headers: str) -> Capture:
    pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Capture(url=A, final_url=A, status=200, fetched_at=NOW, body=body.encode(), headers=pairs)


@pytest.mark.parametrize(
    ("capture", "rights"),
    [
        (page(), Rights()),
        (page(x_robots_tag="noarchive, NoSnippet"), Rights(robots_tags=("noarchive", "nosnippet"))),
        (page(x_robots_tag="googlebot: noindex, noarchive"), Rights()),
        (page(x_robots_tag="kliping: noarchive"), Rights(robots_tags=("noarchive",))),
        (
            page(x_robots_tag="unavailable_after: 25 Jun 2027 15:00:00 GMT"),
            Rights(robots_tags=("unavailable_after: 25 jun 2027 15:00:00 gmt",)),
        ),
        (page("<meta name='robots' content='noindex,noarchive'>"), Rights(robots_tags=("noarchive", "noindex"))),
        (page('<META CONTENT="noarchive" NAME=Robots />'), Rights(robots_tags=("noarchive",))),
        (page('<meta name="description" content="noarchive">'), Rights()),
        (
            page(tdm_reservation="1", tdm_policy="https://satu.example/p.json"),
            Rights(tdm_reservation=1, tdm_policy="https://satu.example/p.json"),
        ),
        (page('<meta name="tdm-reservation" content="0">', tdm_reservation="1"), Rights(tdm_reservation=0)),
        (page(tdm_reservation="perhaps"), Rights()),
        (page("<meta name=robots content='" + "x" * 5_000 + "'>"), Rights()),
    ],
)
def test_what_a_publisher_says_about_use_is_recorded(capture: Capture, rights: Rights) -> None:
    assert rights_of(capture) == rights


@given(st.binary(max_size=400), st.text(max_size=100))
def test_any_bytes_have_rights(body: bytes, header: str) -> None:
    capture: Any = page(x_robots_tag=header)
    assert isinstance(
        rights_of(Capture(url=A, final_url=A, status=200, fetched_at=NOW, body=body, headers=capture.headers)), Rights
    )
