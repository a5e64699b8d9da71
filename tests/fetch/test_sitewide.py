"""What applies to a whole origin: where its robots.txt leads, at whose pace, never into a private network; and its
tdmrep.json.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from scraper.errors import FetchError, Reason
from scraper.fetch import Fetcher, reservation_of
from scraper.records import Rights, TdmFile
from tests.faultserver import FaultServer, hold, redirect, response
from tests.fetch.makers import MemoryStore, MemoryTdm, get, settings
from tests.pacing import assert_paced, recorded_starts

if TYPE_CHECKING:
    from tests.faultserver import Answer

OTHER = "127.8.0.2"
CLOSED = response(b"User-agent: *\nDisallow: /tutup\n")


def hops(count: int) -> dict[str, Answer]:
    """A chain of so many redirects that begins at /robots.txt and ends at rules."""
    paths = ["/robots.txt", *(f"/r{number}.txt" for number in range(count))]
    chain: dict[str, Answer] = {path: redirect(after) for path, after in pairwise(paths)}
    return chain | {paths[-1]: CLOSED}


def test_five_redirects_are_followed_and_six_mean_that_there_is_none() -> None:
    for count, verdict in ((5, "rules"), (6, "allow_all")):
        store = MemoryStore()
        with FaultServer(hops(count) | {"/x": response()}) as server:
            get(server, "/x", store)
            assert sum(number for path, number in server.asked.items() if path != "/x") == 6
        assert store.saved[0].verdict == verdict


def test_another_host_is_asked_in_its_own_pace_and_with_its_own_rules() -> None:
    """Pages of the other host and this one's robots.txt, which it holds: a gap before each, wherever they come from."""
    delay = 0.3
    with FaultServer(sites={OTHER: {}}) as server:
        other = f"http://{OTHER}:{server.port}"
        server.routes |= {
            "/robots.txt": redirect(f"{other}/punya-tetangga.txt"),
            "/x": response(),
            "/tutup": response(),
        }
        server.sites[OTHER] = {"/robots.txt": response(b""), "/punya-tetangga.txt": CLOSED, "*": response()}

        async def job() -> list[str]:
            async with Fetcher(settings(server, delay_s=delay), robots=MemoryStore()) as fetcher:
                urls = (f"{other}/1", f"{server.origin}/x", f"{other}/2", f"{server.origin}/tutup")
                ends = await asyncio.gather(*(fetcher.fetch(url) for url in urls), return_exceptions=True)
            return [each.reason.value if isinstance(each, FetchError) else "ok" for each in ends]

        with recorded_starts() as starts:
            assert asyncio.run(job()) == ["ok", "ok", "ok", "robots"]
        assert server.asked["/punya-tetangga.txt"] == 1
    assert_paced(starts, server.requests, delay)


@pytest.mark.parametrize(
    "target", ["http://10.0.0.1/robots.txt", "http://127.0.0.2/robots.txt", "http://2130706434/", "http://[::1]/"]
)
def test_no_redirect_of_it_reaches_a_private_address(target: str) -> None:
    """It counts as unreachable, so that the site is asked again; `blocked_address` is for a site that is itself private."""
    store = MemoryStore()
    with FaultServer({"/robots.txt": redirect(target), "/x": response()}) as server:
        with pytest.raises(FetchError) as caught:
            get(server, "/x", store)
        assert server.asked["/x"] == 0
    assert caught.value.reason is Reason.ROBOTS_UNREACHABLE
    assert "blocked_address" in caught.value.detail
    assert store.saved[0].verdict == "disallow_all"


def test_a_redirect_out_of_the_web_means_that_there_is_none() -> None:
    for target in ("ftp://koran.example/robots.txt", ""):
        store = MemoryStore()
        with FaultServer({"/robots.txt": redirect(target), "/x": response()}) as server:
            assert get(server, "/x", store).status == 200
        assert store.saved[0].verdict == "allow_all"


def reserved(server: FaultServer, tdm: MemoryTdm, *paths: str, robots: MemoryStore | None = None) -> list[Rights]:
    async def job() -> list[Rights]:
        async with Fetcher(settings(server, deadline_s=0.5), robots=robots or MemoryStore(), tdm=tdm) as fetcher:
            files = [(await fetcher.tdm_file(server.origin + path), server.origin + path) for path in paths]
            return [reservation_of(file, url) if file else Rights() for file, url in files]

    return asyncio.run(job())


def test_tdmrep_is_asked_once_a_day_also_over_redirects() -> None:
    rules = response(b'[{"location": "/arsip/", "tdm-reservation": 1, "tdm-policy": "https://k.example/p"}]')
    tdm = MemoryTdm()
    with FaultServer({"/.well-known/tdmrep.json": redirect("/tdm.json"), "/tdm.json": rules}) as server:
        for _ in range(2):
            assert reserved(server, tdm, "/arsip/1", "/2", "/arsip/3?x=1") == [
                Rights(tdm_reservation=1, tdm_policy="https://k.example/p"),
                Rights(),
                Rights(tdm_reservation=1, tdm_policy="https://k.example/p"),
            ]
        assert server.asked["/tdm.json"] == 1
        tdm.saved = [TdmFile(origin=server.origin, fetched_at=datetime.now(UTC) - timedelta(hours=25), status=404)]
        assert reserved(server, tdm, "/arsip/1")[0].tdm_reservation == 1
        assert server.asked["/tdm.json"] == 2


@pytest.mark.parametrize(
    ("answer", "status"),
    [(response(b"", status="404 No"), 404), (response(b"", status="500 Oops"), 500), (hold, None), (response(), 200)],
)
def test_a_tdmrep_that_cannot_be_had_says_nothing_and_stops_nothing(answer: Answer, status: int | None) -> None:
    tdm = MemoryTdm()
    with FaultServer({"/.well-known/tdmrep.json": answer, "/x": response()}) as server:
        assert reserved(server, tdm, "/x", "/y") == [Rights(), Rights()]
        assert server.asked["/.well-known/tdmrep.json"] == 1
        assert get(server, "/x").status == 200
    assert [(file.status, file.body) for file in tdm.saved] == [(status, None)]


def test_robots_txt_may_forbid_asking_for_it() -> None:
    tdm = MemoryTdm()
    with FaultServer({"/robots.txt": response(b"User-agent: *\nDisallow: /.well-known/\n")}) as server:
        assert reserved(server, tdm, "/x") == [Rights()]
        assert server.asked["/.well-known/tdmrep.json"] == 0
    assert tdm.saved[0].status is None
