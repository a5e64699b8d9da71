"""A failure of our own network is nobody's fault: the run stops requesting, says so, and no schedule changes."""

from __future__ import annotations

import asyncio
import socket
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.file.connection import open_archive
from scraper.crawl import CrawlOptions, Summary, crawl
from scraper.fetch import FetchSettings, Proxy
from scraper.plan import our_fault, our_gate
from scraper.reasons import Reason
from tests.crawl.makers import ARTICLES, routes
from tests.faultserver import FaultServer, redirect, response
from tests.proxyserver import ProxyServer
from tests.virtualtime import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faultserver import Answer

    Resolve = Callable[[str], tuple[str, ...]]

PAPERS = {f"{name}.example": f"127.2.0.{number}" for number, name in enumerate(("satu", "dua", "tiga", "empat"), 1)}


def refuse(_host: str) -> tuple[str, ...]:
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


# What a resolver says in its bad hour.
WRONG: dict[str, Resolve] = {
    "0.0.0.0": lambda _host: ("0.0.0.0",),
    "127.0.0.1": lambda _host: ("127.0.0.9", "::1"),
    "a captive portal": lambda _host: ("192.168.1.1",),
    "no answer": refuse,
    "a dead end": lambda _host: ("127.2.0.250",),  # nobody listens there
}


class World:
    """Papers on loopback, a resolver that can go wrong, and a clock."""

    def __init__(self, path: Path, server: FaultServer) -> None:
        self.path, self.server, self.clock = path, server, VirtualClock()
        self.wrong: Resolve | None = None

    async def resolve(self, host: str, _port: int) -> tuple[str, ...]:
        await asyncio.sleep(0)
        return self.wrong(host) if self.wrong else (PAPERS[host],)

    def run(self, *papers: str, after: timedelta = timedelta(0), **options: Any) -> Summary:
        self.clock.seconds += after.total_seconds()
        allowed = self.server.allowed | {("127.2.0.250", self.server.port)}
        setup = FetchSettings(
            user_agent="kliping-test/0", delay_s=2.0, allow_net=allowed, resolve=self.resolve, connect_s=2.0
        )
        targets = [f"http://{paper}:{self.server.port}/feed.xml" for paper in papers or PAPERS]
        with open_archive(self.path, mode="crawl", min_free_bytes=0) as db:
            return crawl(
                db,
                setup,
                CrawlOptions(targets=targets, version="0", **options),
                on_event=lambda _e: None,
                clock=self.clock,
            )

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with open_archive(self.path) as db:
            return db.execute(sql).fetchall()

    def state(self) -> list[tuple[Any, ...]]:
        """What a schedule is made of."""
        queue = "SELECT url_id, due_at, failures, unchanged, interval_s, last_reason FROM frontier ORDER BY url_id"
        return self.query(queue) + self.query(
            "SELECT publisher, failures, not_before FROM publishers ORDER BY publisher"
        )


@pytest.fixture
def world(tmp_path: Path) -> Any:
    with FaultServer(sites={address: {} for address in PAPERS.values()}) as server:
        for host, address in PAPERS.items():
            server.sites[address] = routes(host, server.port)
        yield World(tmp_path / "a.db", server)


@pytest.mark.parametrize("wrong", WRONG)
def test_an_hour_of_a_wrong_resolver_changes_nobodys_schedule_and_then_all_is_crawled(world: World, wrong: str) -> None:
    world.wrong = WRONG[wrong]
    first = world.run()
    before = world.state()
    for again in (False, True, False):
        summary = world.run(after=timedelta(minutes=15), again=again)
        assert (summary.exit_code, first.exit_code) == (69, 69)
        assert summary.network is not None
        assert summary.reasons.total() <= len(PAPERS), "it stops asking"
        assert world.state() == before
    assert "network of this machine" in world.query("SELECT note FROM runs ORDER BY id DESC LIMIT 1")[0][0]
    world.wrong = None
    assert world.run(after=timedelta(minutes=15)).exit_code == 0
    assert world.query("SELECT count(*) FROM articles") == [(ARTICLES * len(PAPERS),)]


@pytest.mark.parametrize("wrong", ["0.0.0.0", "127.0.0.1", "a captive portal"])
def test_it_is_known_from_a_single_paper_too(world: World, wrong: str) -> None:
    world.wrong = WRONG[wrong]
    assert world.run("satu.example").exit_code == 69
    world.wrong = None
    assert world.run("satu.example", after=timedelta(minutes=5)).exit_code == 0
    assert world.query("SELECT count(*) FROM articles") == [(ARTICLES,)]


def test_a_network_that_fails_during_a_run_costs_no_page_its_turn(world: World) -> None:
    served = 0

    async def resolve(host: str, _port: int) -> tuple[str, ...]:
        nonlocal served
        served += 1
        return refuse(host) if served > 12 else (PAPERS[host],)

    world.clock = VirtualClock()
    world.resolve = resolve  # type: ignore[method-assign]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scraper.fetch.guard._KEPT_S", 0.0)
        patch.setattr("scraper.fetch.wire.IDLE_S", 0.0)
        summary = world.run()
    assert summary.network is not None
    assert world.query("SELECT max(failures), count(*) > 0 FROM frontier") == [(0, 1)]
    assert world.query("SELECT count(*) FROM publishers WHERE not_before IS NOT NULL") == [(0,)]


def test_dead_papers_among_living_ones_are_their_own_fault(world: World) -> None:
    """Also when they are all that a run is left with."""
    dead = {"dua.example", "tiga.example", "empat.example"}
    world.wrong = lambda host: refuse(host) if host in dead else (PAPERS[host],)
    first = world.run()
    assert (first.exit_code, first.network) == (3, None)
    assert world.query("SELECT count(*) FROM articles") == [(ARTICLES,)]
    alone = world.run(*sorted(dead), after=timedelta(minutes=30))
    assert alone.network is None, "one that answered before can be connected to"
    assert world.query("SELECT count(*) FROM frontier WHERE failures > 1") == [(3,)]


def test_an_address_that_a_person_gives_is_no_answer_of_a_resolver(world: World) -> None:
    with open_archive(world.path, mode="crawl", min_free_bytes=0) as db:
        setup = FetchSettings(user_agent="kliping-test/0", delay_s=0.0)
        options = CrawlOptions(targets=["http://127.9.9.9/feed.xml"], version="0")
        summary = crawl(db, setup, options, on_event=lambda _e: None)
    assert (summary.network, summary.exit_code) == (None, 3)
    (detail,) = world.query("SELECT detail FROM fetches")[0]
    assert detail == "for robots.txt: 127.9.9.9 is not a public address (--allow-net 127.9.9.9:80 allows it)"


GATE_PAGE = (
    b"<!DOCTYPE html><html><head><title>Jaringan kampus</title></head><body><h1>Selamat datang di jaringan kampus</h1><p>Masukkan nomor induk"
    b" dan kata sandi untuk memakai internet di gedung ini. Dengan masuk Anda menyetujui tata tertib penggunaan komputer.</p><form><input"
    b" name='u'><input type='password' name='p'></form></body></html>"
)
GATES: dict[str, dict[str, Answer]] = {
    "a page for everything": {"*": response(GATE_PAGE)},
    "a redirect to its own host": {"/gerbang": response(GATE_PAGE), "*": redirect("http://gerbang.example/gerbang?dari=1")},
    "a redirect on the spot": {"/gerbang": response(GATE_PAGE), "*": redirect("/gerbang")},
}  # fmt: skip


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("is_known", [True, False])
def test_a_gate_that_answers_for_everybody_with_status_200_is_our_network(
    world: World, gate: str, *, is_known: bool
) -> None:
    """A captive portal on plain HTTP: nothing becomes an article, nobody's schedule or robots.txt changes, and then all is there."""
    world.server.sites["127.2.0.200"] = GATES[gate]
    if is_known:
        world.run()
        before = world.state()
    world.wrong = lambda _host: ("127.2.0.200",)
    for hours in (1, 8):
        summary = world.run(after=timedelta(hours=hours))
        assert (summary.exit_code, bool(summary.network)) == (69, True)
        assert world.query("SELECT count(*) FROM articles") == [(ARTICLES * len(PAPERS) if is_known else 0,)]
        assert world.state() == before if is_known else world.query("SELECT max(failures) FROM frontier") == [(0,)]
    world.wrong = None
    assert world.run(after=timedelta(minutes=15)).exit_code == 0
    assert world.query("SELECT count(*) FROM articles") == [(ARTICLES * len(PAPERS),)]
    assert world.query("SELECT count(*) FROM suspects WHERE state = 'waiting'") == [(0,)]


@pytest.mark.parametrize("wants", [None, "Basic bWU6MQ=="])
def test_a_proxy_that_is_not_there_or_does_not_know_us_costs_nobody_anything(world: World, wants: str | None) -> None:
    with ProxyServer(wants=wants) as proxy:
        port = proxy.port if wants else 9  # where nobody listens
        setup = FetchSettings(user_agent="kliping-test/0", delay_s=0.0, proxy=Proxy(host="127.0.0.1", port=port))
        with open_archive(world.path, mode="crawl", min_free_bytes=0) as db:
            options = CrawlOptions(targets=[f"http://{paper}/feed.xml" for paper in PAPERS], version="0")
            summary = crawl(db, setup, options, on_event=lambda _e: None, clock=world.clock)
    assert (summary.exit_code, summary.reasons.total()) == (69, 0)
    assert "proxy" in (summary.network or "")
    assert world.query("SELECT count(*), max(failures), max(last_reason), max(leased_by) FROM frontier") == [
        (len(PAPERS), 0, None, None)
    ]
    assert world.query("SELECT count(*) FROM publishers WHERE not_before IS NOT NULL OR failures > 0") == [(0,)]


def test_papers_of_one_company_that_are_parked_together_are_not_our_network(world: World) -> None:
    """The others answer; and alone, those that answered before do."""
    parked = {host: PAPERS[host] for host in ("dua.example", "tiga.example", "empat.example")}
    world.run("satu.example")
    for address in parked.values():
        world.server.sites[address] = {"*": response(GATE_PAGE.replace(b"kampus", b"parkir"))}
    for papers in (PAPERS, parked):
        summary = world.run(*papers, after=timedelta(hours=2), again=True)
        assert summary.network is None
    assert world.query("SELECT count(*) FROM frontier WHERE failures > 0")[0][0] >= len(parked)


def test_two_signs_are_needed() -> None:
    assert our_gate(3, asked=3)
    assert our_gate(3, asked=4) is None, "one gave something of its own"
    assert our_gate(2, asked=2) is None
    assert our_gate(2, asked=2, well=1)
    assert our_gate(2, asked=9, known=3)
    assert our_gate(5, asked=5, known=3, others=1) is None
    assert our_gate(1, asked=1, well=1, known=3) is None
    many = {f"koran-{number}.example": Reason.DNS for number in range(3)}
    assert our_fault(many, asked=9)
    assert our_fault(many, asked=9, known=2)
    assert our_fault(many, asked=9, known=2, reached=1) is None
    two = dict(list(many.items())[:2])
    assert our_fault(two, asked=2)
    assert our_fault(two, asked=3) is None
    assert our_fault(two, asked=3, known=3)
    assert our_fault({"koran.example": Reason.BLOCKED_ADDRESS}, asked=1)
    assert our_fault({"koran.example": Reason.DNS}, asked=1) is None
    assert our_fault({}, asked=1, known=3) is None
