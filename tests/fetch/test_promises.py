"""What kliping promises to publishers and to the archive, one promise in each test, with the figures in the docs."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

from scraper.errors import FetchError, Reason
from scraper.fetch import Fetcher
from scraper.fetch.circuit import Lane
from scraper.fetch.hosts import Hosts
from scraper.fetch.ranges import fetch_part
from scraper.fetch.retry import retry_after_s
from scraper.fetch.robots import rules_of, verdict_of
from scraper.records import RobotsFile
from tests.faultserver import PAGE, FaultServer, redirect, response
from tests.fetch.makers import Hurried, MemoryStore, MemoryTdm, Store, get, run, settings
from tests.virtualtime import START, VirtualClock

if TYPE_CHECKING:
    import asyncio as aio

    from tests.faultserver import Request

URL = "https://satu.example/x"
NEW = Lane(is_article=True, is_retry=False)


def slow_robots(seconds: int) -> bytes:
    return response(f"User-agent: *\nCrawl-delay: {seconds}\n".encode(), headers={"Content-Type": "text/plain"})


def caught(server: FaultServer, path: str, store: MemoryStore | None = None, **changes: Any) -> FetchError:
    with pytest.raises(FetchError) as error:
        get(server, path, store, **changes)
    return error.value


def test_robots_txt_that_fails_is_asked_again_after_an_hour_and_bridged_for_a_week() -> None:
    at = datetime(2026, 3, 1, tzinfo=UTC)
    good = RobotsFile(
        origin="https://a.id", fetched_at=at, status=200, verdict="rules", body=b"User-agent: *\nDisallow:"
    )
    for days, is_bridged in ((6.9, True), (7.1, False)):
        failed_at = at + timedelta(days=days)
        failed = RobotsFile(origin="https://a.id", fetched_at=failed_at, status=429, verdict="disallow_all")
        found = rules_of(failed, good)
        assert found.allows("https://a.id/x") is is_bridged
        assert found.expires_at == failed_at + timedelta(hours=1)


def test_a_robots_txt_from_the_future_is_asked_for_again() -> None:
    """An earlier run's clock was ahead: what it kept must not hold until that time comes."""
    ahead = datetime.now(UTC) + timedelta(days=30)
    with FaultServer({"/robots.txt": response(b"User-agent: *\nDisallow: /"), "/x": response()}) as server:
        kept = RobotsFile(origin=server.origin, fetched_at=ahead, status=404, verdict="allow_all")
        assert caught(server, "/x", MemoryStore(last_good=kept)).reason is Reason.ROBOTS


@pytest.mark.parametrize(("asked", "kept"), [(7_200, 7_200), (10**9, 86_400)])
def test_a_crawl_delay_counts_up_to_a_day_and_a_pause_of_hours_is_left_for_a_later_run(asked: int, kept: int) -> None:
    with FaultServer({"/robots.txt": slow_robots(asked), "/x": response()}) as server:

        async def job(fetcher: Fetcher) -> tuple[float, FetchError]:
            with pytest.raises(FetchError) as error:
                await fetcher.fetch(f"{server.origin}/x")
            return fetcher.hosts.of(server.origin).interval_s, error.value

        interval_s, error = run(server, job)
        assert server.asked["/x"] == 0
    assert (interval_s, error.reason, error.attempts) == (kept, Reason.RATE_LIMITED, 1)
    assert error.not_before is not None
    assert abs(error.not_before - datetime.now(UTC) - timedelta(seconds=kept)) < timedelta(minutes=5)


def test_tdmrep_is_not_asked_of_a_publisher_whose_pages_would_have_to_wait_for_it() -> None:
    for delay, asked in ((0, 1), (90, 0)):
        with FaultServer({"/robots.txt": slow_robots(delay), "/x": response()}) as server:

            async def job(server: FaultServer = server) -> None:
                tdm = MemoryTdm()
                async with Fetcher(settings(server), robots=MemoryStore(), tdm=tdm, clock=VirtualClock()) as fetcher:
                    await fetcher.tdm_file(f"{server.origin}/x")

            asyncio.run(job())
            assert server.asked["/.well-known/tdmrep.json"] == asked


async def _nowhere(_host: str, _port: int) -> tuple[str, ...]:
    raise OSError("no such name")


def test_a_request_that_was_not_sent_is_neither_retried_nor_held_against_anybody() -> None:
    """robots.txt of a name that does not resolve is asked for, with its retries; then each page ends without another word."""
    asked = 0

    async def resolve(host: str, port: int) -> tuple[str, ...]:
        nonlocal asked
        asked += 1
        return await _nowhere(host, port)

    async def job() -> list[int]:
        changed = settings(FaultServer(), attempts=3, resolve=resolve)
        async with Fetcher(changed, robots=MemoryStore(), clock=Hurried()) as fetcher:
            seen = []
            for number in range(4):
                with pytest.raises(FetchError) as error:
                    await fetcher.fetch(f"http://hilang.example/{number}")
                assert (error.value.reason, error.value.attempts) == (Reason.DNS, 1)
                seen.append(fetcher.hosts.of("http://hilang.example/").circuit.failures)
            return seen

    failures = asyncio.run(job())
    assert failures[0] == failures[-1], "only the request for robots.txt counts"


def test_a_publisher_that_fails_is_left_alone_for_six_hours_at_most() -> None:
    clock, store = VirtualClock(), Store()
    hosts = Hosts(2.0, clock=clock, store=store)
    waits = []
    for _ in range(8):
        while not hosts.parked_s(URL):
            hosts.failed(URL, NEW, is_down=True)
        waits.append(hosts.parked_s(URL))
        clock.seconds += 30_000
    assert waits == pytest.approx([900, 1_800, 3_600, 7_200, 14_400, 21_600, 21_600, 21_600])


def test_the_pause_of_a_publisher_holds_between_two_runs() -> None:
    store = Store()

    async def ask(hosts: Hosts, clock: VirtualClock) -> float:
        async with hosts.turn(URL):
            return clock.monotonic()

    first = VirtualClock()
    hosts = Hosts(60.0, clock=first, store=store)
    asyncio.run(ask(hosts, first))
    hosts.remember()
    later = VirtualClock(START + timedelta(seconds=20))
    assert asyncio.run(ask(Hosts(60.0, clock=later, store=store), later)) == pytest.approx(40)


def test_two_publishers_on_one_server_never_have_two_requests_there_at_once() -> None:
    clock = VirtualClock()
    hosts = Hosts(0.0, clock=clock)
    inside = most = 0

    async def ask(url: str) -> None:
        nonlocal inside, most
        async with hosts.turn(url, "198.51.100.7"):
            inside += 1
            most = max(most, inside)
            for _ in range(5):
                await asyncio.sleep(0)
            inside -= 1

    async def all_at_once() -> None:
        await asyncio.gather(*(ask(url) for url in (URL, "https://dua.example/y") * 3))

    asyncio.run(all_at_once())
    assert most == 1


def test_heads_have_a_limit() -> None:
    """A head of 80 kB is read; one of 300 kB is not, and it is not what came of it that is kept."""
    for size, is_read in ((80, True), (300, False)):
        head = "".join(f"X-Isi-{number}: {'a' * 1_000}\r\n" for number in range(size))
        answer = (
            f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{head}Content-Length: {len(PAGE)}\r\n\r\n".encode() + PAGE
        )
        with FaultServer({"/x": answer}) as server:
            if is_read:
                assert get(server, "/x").body == PAGE
            else:
                assert caught(server, "/x").reason is Reason.PROTOCOL


def test_part_of_a_page_is_no_page() -> None:
    part = response(PAGE[:200], status="206 Partial Content", headers={"Content-Range": f"bytes 0-199/{len(PAGE)}"})
    with FaultServer({"/x": part}) as server:
        assert caught(server, "/x").reason is Reason.PROTOCOL


def test_all_hops_of_a_redirect_share_one_deadline() -> None:
    async def late(request: Request, writer: aio.StreamWriter) -> None:
        await asyncio.sleep(0.25)
        writer.write(redirect(f"/{int(request.path[1:]) + 1}") if request.path < "/4" else response())

    with FaultServer({f"/{number}": late for number in range(5)}) as server:
        assert caught(server, "/0", deadline_s=0.6, attempts=1).reason is Reason.DEADLINE
        assert server.asked["/4"] == 0


class Kept:
    """Answers on one connection, one after the other; it counts connections, and closes one after `closes_after` answers.

    With `crosses` a connection is closed as the next request arrives.
    """

    def __init__(self, *answers: bytes, closes_after: int = 99, crosses: bool = False) -> None:
        self.answers, self.closes_after, self.crosses = list(answers), closes_after, crosses
        self.connections = self.open = 0

    async def __call__(self, reader: aio.StreamReader, writer: aio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        for number in range(self.closes_after):
            try:
                head = await reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                break
            is_robots = b" /robots.txt " in head
            writer.write(response(b"", headers={"Connection": ""}) if is_robots else self.answers.pop(0))
            await writer.drain()
            if number == self.closes_after - 1:
                if self.crosses:
                    await reader.read(1)
                break
        writer.close()
        await writer.wait_closed()
        self.open -= 1

    def pages(self, count: int, **changes: Any) -> list[bytes]:
        async def job() -> list[bytes]:
            server = await asyncio.start_server(self, "127.0.0.1", 0)
            port = server.sockets[0].getsockname()[1]
            allowed = settings(FaultServer(), allow_net=frozenset({("127.0.0.1", port)}), **changes)
            async with server, Fetcher(allowed, robots=MemoryStore(), clock=Hurried()) as fetcher:
                found = []
                for number in range(count):
                    found.append((await fetcher.fetch(f"http://127.0.0.1:{port}/{number}")).body)
                    await asyncio.sleep(0.01)  # what the server closes is heard of
            while self.open:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            return found

        return asyncio.run(job())


KEEP = {"Connection": ""}


@pytest.mark.parametrize("crosses", [False, True])
def test_a_connection_that_was_closed_while_it_rested_costs_no_attempt(*, crosses: bool) -> None:
    server = Kept(*[response(headers=KEEP)] * 3, closes_after=2, crosses=crosses)
    assert server.pages(3, attempts=1) == [PAGE] * 3
    assert server.connections == 2


def test_a_server_whose_heads_are_broken_is_not_trusted_with_another_request() -> None:
    broken = response(headers=KEEP | {"Bukan kepala": "x"})
    server = Kept(broken, broken, response(headers=KEEP), response(headers=KEEP))
    assert server.pages(4) == [PAGE] * 4
    assert server.connections == 3, "one each after the broken ones"


def test_429_slows_a_publisher_down() -> None:
    with FaultServer({"/x": response(b"", status="429 Too Many Requests")}) as server:

        async def job(fetcher: Fetcher) -> float:
            with pytest.raises(FetchError):
                await fetcher.fetch(f"{server.origin}/x")
            return fetcher.hosts.of(server.origin).interval_s

        assert run(server, job, attempts=1) >= 1.0


def test_a_wait_of_years_is_believed_for_a_day() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert retry_after_s("99999999", now) == 86_400
    assert retry_after_s("Sun, 01 Mar 2099 00:00:00 GMT", now) == 86_400


def test_robots_txt_is_asked_at_every_hop() -> None:
    other = "127.8.0.9"
    with FaultServer(sites={other: {}}) as server:
        closed = f"http://{other}:{server.port}/tutup"
        server.routes |= {"/x": redirect(closed)}
        server.sites[other] = {"/robots.txt": response(b"User-agent: *\nDisallow: /tutup"), "/tutup": response()}
        assert caught(server, "/x").reason is Reason.ROBOTS
        assert server.asked["/tutup"] == 0


def test_a_redirect_to_a_host_of_another_crawler_is_left_to_it() -> None:
    with FaultServer({"/x": redirect("http://tetangga.example/y")}) as server:
        error = caught(server, "/x", may_follow=lambda host: host != "tetangga.example")
    assert (error.reason, "shard" in error.detail) == (Reason.BAD_REDIRECT, True)


def test_of_two_locations_none_is_followed() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /a\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n"
    with FaultServer({"/x": head, "/a": response(), "/b": response()}) as server:
        assert caught(server, "/x").reason is Reason.BAD_REDIRECT
        assert server.asked["/a"] == server.asked["/b"] == 0


@pytest.mark.parametrize("bad", ['"kopi-é"', '"satu"\r\nX-Lain: 1', "\x07", "Kém, 05 Mar 2026"])
def test_a_validator_that_no_header_can_hold_is_left_out(bad: str) -> None:
    with FaultServer({"/x": response()}) as server:
        run(server, lambda fetcher: fetcher.fetch(f"{server.origin}/x", etag=bad, last_modified="kemarin"))
        sent = server.requests[-1].headers
        assert ("if-none-match" in sent, sent["if-modified-since"], "x-lain" in sent) == (False, "kemarin", False)
        run(server, lambda fetcher: fetcher.fetch(f"{server.origin}/x", etag='"satu"', last_modified=bad))
        sent = server.requests[-1].headers
        assert (sent["if-none-match"], "if-modified-since" in sent, "x-lain" in sent) == ('"satu"', False, False)


def test_a_retry_waits_as_long_as_the_server_said() -> None:
    class Noted(Hurried):
        waited: ClassVar[list[float]] = []

        async def sleep(self, seconds: float) -> None:
            self.waited.append(seconds)
            await super().sleep(seconds)

    answers = [response(b"", status="503 Later", headers={"Retry-After": "50"}), response()]

    async def in_turn(request: Request, writer: aio.StreamWriter) -> None:
        writer.write(answers[request.count - 1])

    with FaultServer({"/x": in_turn}) as server:

        async def job() -> bytes:
            async with Fetcher(settings(server), robots=MemoryStore(), clock=Noted()) as fetcher:
                return (await fetcher.fetch(f"{server.origin}/x")).body

        assert asyncio.run(job()) == PAGE
    assert max(Noted.waited) >= 49


def test_five_connections_in_a_row_that_fail_close_a_publisher_and_four_do_not() -> None:
    hosts = Hosts(2.0, clock=VirtualClock())
    for _ in range(4):
        hosts.failed(URL, NEW, is_down=True)
    assert not hosts.parked_s(URL)
    hosts.failed(URL, NEW, is_down=True)
    assert hosts.parked_s(URL)


@pytest.mark.parametrize(
    ("status", "named", "body", "reason"),
    [
        ("206 Partial Content", "bytes 100-199/500", b"x" * 100, None),
        ("206 Partial Content", "bytes 100-199/500", b"x" * 60, Reason.TRUNCATED),
        ("206 Partial Content", "bytes 0-99/500", b"x" * 100, Reason.TRUNCATED),
        ("200 OK", "bytes 100-199/500", b"x" * 100, Reason.PROTOCOL),
    ],
)
def test_a_piece_of_a_file_is_what_was_asked_for_or_none(
    status: str, named: str, body: bytes, reason: Reason | None
) -> None:
    with FaultServer({"/f": response(body, status=status, headers={"Content-Range": named})}) as server:

        async def job(fetcher: Fetcher) -> Reason | None:
            try:
                part = await fetch_part(fetcher, f"{server.origin}/f", 100, 100)
            except FetchError as error:
                return error.reason
            assert (part.data, part.size) == (body, 500)
            return None

        assert run(server, job) is reason


def test_429_on_robots_txt_forbids_everything() -> None:
    with FaultServer({"/robots.txt": response(b"", status="429 Too Many Requests"), "/x": response()}) as server:
        assert caught(server, "/x").reason is Reason.ROBOTS_UNREACHABLE
        assert server.asked["/x"] == 0
    assert verdict_of(429) == "disallow_all"
