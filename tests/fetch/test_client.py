"""Each fault has its reason, and never harms its neighbours."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from scraper.errors import FetchError, Reason
from scraper.fetch import Fetcher
from scraper.records import Capture, RobotsFile
from tests.faultserver import (
    PAGE,
    FaultServer,
    Request,
    bomb,
    drip_body,
    drip_headers,
    endless,
    hold,
    redirect,
    response,
    zipped,
)
from tests.fetch.makers import MemoryStore, get, run, settings


def fails(server: FaultServer, path: str, store: MemoryStore | None = None, **changes: Any) -> FetchError:
    """The error of a faulty path; and a good page of the same server still comes, by the same client."""
    server.routes.setdefault("/good", response())

    async def job(fetcher: Fetcher) -> FetchError:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(server.origin + path)
        if caught.value.reason not in (Reason.ROBOTS, Reason.ROBOTS_UNREACHABLE) and not fetcher.hosts.parked_s(
            server.origin
        ):
            assert (await fetcher.fetch(server.origin + "/good")).body == PAGE
        return caught.value

    error: FetchError = run(server, job, store, **changes)
    return error


def test_a_page_comes_with_its_evidence() -> None:
    with FaultServer({"/a": response(headers={"ETag": '"1"', "Set-Cookie": "id=7"})}) as server:
        capture = get(server, "/a")
    assert (capture.status, capture.body, capture.content_type, capture.charset) == (200, PAGE, "text/html", "utf-8")
    assert capture.final_url == capture.url == f"{server.origin}/a"
    assert dict(capture.headers)["etag"] == '"1"'
    assert dict(capture.headers)["set-cookie"] == ""
    assert capture.wire_bytes == len(PAGE)
    assert capture.http_version == "HTTP/1.1"
    sent = server.requests[-1].headers
    assert sent["user-agent"] == "kliping-test/0"
    assert sent["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in sent


def test_no_cookie_is_ever_sent_back() -> None:
    with FaultServer({"/a": response(headers={"Set-Cookie": "id=7"}), "/b": response()}) as server:

        async def job(fetcher: Fetcher) -> None:
            await fetcher.fetch(f"{server.origin}/a")
            await fetcher.fetch(f"{server.origin}/b")

        run(server, job)
        assert all("cookie" not in request.headers for request in server.requests)


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("404 Not Found", Reason.GONE),
        ("410 Gone", Reason.GONE),
        ("403 Forbidden", Reason.DENIED),
        ("401 Unauthorized", Reason.DENIED),
        ("451 Unavailable For Legal Reasons", Reason.DENIED),
        ("418 I'm a teapot", Reason.CLIENT_ERROR),
        ("500 Internal Server Error", Reason.SERVER_ERROR),
        ("304 Not Modified", Reason.BAD_304),
        ("204 No Content", Reason.PROTOCOL),
    ],
)
def test_status_has_its_reason(status: str, reason: Reason) -> None:
    with FaultServer({"/x": response(b"", status=status)}) as server:
        assert fails(server, "/x").reason is reason


def test_server_errors_are_asked_again_and_others_are_not() -> None:
    with FaultServer({"/500": response(b"", status="500 Oops"), "/404": response(b"", status="404 No")}) as server:
        assert fails(server, "/500", attempts=3).attempts == 3
        assert fails(server, "/404", attempts=3).attempts == 1
        assert (server.asked["/500"], server.asked["/404"]) == (3, 1)


def test_a_flapping_page_comes_at_the_second_attempt() -> None:
    async def flap(request: Request, writer: asyncio.StreamWriter) -> None:
        writer.write(response() if request.count > 1 else response(b"", status="503 Busy"))

    with FaultServer({"/flap": flap}) as server:
        assert get(server, "/flap").body == PAGE


@pytest.mark.parametrize(
    "value", ["7200", format_datetime(datetime.now(UTC) + timedelta(hours=2))], ids=["seconds", "date"]
)
def test_a_long_retry_after_is_left_to_a_later_run(value: str) -> None:
    with FaultServer({"/x": response(b"", status="429 Slow down", headers={"Retry-After": value})}) as server:
        error = fails(server, "/x", attempts=3)
    assert (error.reason, error.attempts) == (Reason.RATE_LIMITED, 1)
    assert error.not_before is not None
    assert error.not_before > datetime.now(UTC) + timedelta(hours=1)


def test_not_modified_is_an_answer_when_it_was_asked_for() -> None:
    async def conditional(request: Request, writer: asyncio.StreamWriter) -> None:
        known = request.headers.get("if-none-match") == '"1"'
        writer.write(response(b"", status="304 Not Modified") if known else response())

    with FaultServer({"/x": conditional}) as server:
        capture = run(server, lambda fetcher: fetcher.fetch(f"{server.origin}/x", etag='"1"'))
    assert (capture.status, capture.body) == (304, b"")


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (response(zipped(), headers={"Content-Encoding": "gzip"})[:-30], Reason.TRUNCATED),
        (response(zipped()[:-30], headers={"Content-Encoding": "gzip"}), Reason.TRUNCATED),
        (response(length=len(PAGE) + 500), Reason.TRUNCATED),
        (response(b"5\r\nhello\r\n9\r\nwor", headers={"Transfer-Encoding": "chunked", "Content-Length": ""}), Reason.TRUNCATED),
        (response(b"no gzip at all", headers={"Content-Encoding": "gzip"}), Reason.BAD_ENCODING),
        (response(headers={"Content-Encoding": "br"}), Reason.BAD_ENCODING),
        (response(zipped(zipped()), headers={"Content-Encoding": "gzip, br"}), Reason.BAD_ENCODING),
        (response(bomb(), headers={"Content-Encoding": "gzip"}), Reason.TOO_BIG),
        (response(length=1 << 30), Reason.TOO_BIG),
        (endless, Reason.TOO_BIG),
        (response(b"\x89PNG\r\n\x1a\n" + bytes(100)), Reason.NOT_HTML),
        (response(b"%PDF-1.7", headers={"Content-Type": "application/pdf"}), Reason.NOT_HTML),
        (response(headers={"cf-mitigated": "challenge"}, status="403 Forbidden"), Reason.BLOCKED),
        (response(b"", headers={"Server": "AkamaiGHost"}, status="403 Forbidden"), Reason.BLOCKED),
        (b"", Reason.RESET),
        (b"this is not HTTP\r\n\r\n", Reason.PROTOCOL),
        (hold, Reason.DEADLINE),
        (drip_headers, Reason.DEADLINE),
        (drip_body, Reason.DEADLINE),
        (redirect(""), Reason.BAD_REDIRECT),
        (redirect("ftp://127.0.0.1/x"), Reason.BLOCKED_SCHEME),
        (redirect("javascript:alert(1)"), Reason.BLOCKED_SCHEME),
        (redirect("http://10.0.0.1/"), Reason.BLOCKED_ADDRESS),
        (redirect("http://2130706433:9/"), Reason.BLOCKED_ADDRESS),
        (redirect("http://[::ffff:127.0.0.1]:9/"), Reason.BLOCKED_ADDRESS),
        (redirect("/loop"), Reason.REDIRECT_LOOP),
    ],
)  # fmt: skip
def test_fault_has_its_reason(answer: Any, reason: Reason) -> None:
    with FaultServer({"/loop": answer}) as server:
        assert (
            fails(server, "/loop", deadline_s=0.3, attempts=1, max_body_bytes=1 << 20, max_wire_bytes=1 << 20).reason
            is reason
        )


def test_an_address_that_is_not_public_is_never_connected_to() -> None:
    with FaultServer() as inner, FaultServer({"/x": redirect(f"http://127.0.0.1:{inner.port}/secret")}) as server:
        error = fails(server, "/x")
        assert "127.0.0.1" in error.detail
        assert not inner.asked


def test_gzip_of_several_members_is_read_whole() -> None:
    half = len(PAGE) // 2
    body = zipped(PAGE[:half]) + zipped(PAGE[half:])
    with FaultServer({"/x": response(body, headers={"Content-Encoding": "gzip"})}) as server:
        capture = get(server, "/x")
    assert capture.body == PAGE
    assert capture.wire_bytes == len(body)


def test_redirects_are_followed_by_hand_and_kept() -> None:
    with FaultServer({"/1": redirect("/2", "301 Moved"), "/2": redirect("3#part"), "/3": response()}) as server:
        capture = get(server, "/1")
    assert capture.final_url == f"{server.origin}/3"
    assert [(hop.status, hop.location.removeprefix(server.origin)) for hop in capture.redirects] == [
        (301, "/2"),
        (302, "/3"),
    ]


def test_more_redirects_than_allowed_are_given_up() -> None:
    with FaultServer({f"/{number}": redirect(f"/{number + 1}") for number in range(9)}) as server:
        error = fails(server, "/0")
    assert error.reason is Reason.REDIRECT_LIMIT
    assert len(error.redirects) == 6


def test_robots_is_asked_first_and_obeyed() -> None:
    store = MemoryStore()
    robots = response(
        b"User-agent: kliping\nDisallow: /private\nAllow: /private/open\nSitemap: https://example.org/s.xml\n",
        headers={"Content-Type": "text/plain"},
    )
    with FaultServer({"/robots.txt": robots, "/private/x": response(), "/private/open": response()}) as server:
        assert fails(server, "/private/x", store).reason is Reason.ROBOTS
        assert get(server, "/private/open").status == 200
        assert server.asked["/private/x"] == 0
        assert run(server, lambda fetcher: fetcher.robots_sitemaps(server.origin)) == ("https://example.org/s.xml",)
    assert (store.saved[0].verdict, store.saved[0].status) == ("rules", 200)


@pytest.mark.parametrize("answer", [response(b"", status="500 Oops"), response(b"", status="429 Slow"), b"", hold])
def test_robots_that_cannot_be_reached_forbid(answer: Any) -> None:
    store = MemoryStore()
    with FaultServer({"/robots.txt": answer, "/x": response()}) as server:
        assert fails(server, "/x", store, deadline_s=0.3, attempts=1).reason is Reason.ROBOTS_UNREACHABLE
        assert server.asked["/x"] == 0
    assert store.saved[0].verdict == "disallow_all"


def test_the_last_good_robots_bridges_a_failure() -> None:
    with FaultServer({"/robots.txt": response(b"", status="500 Oops"), "/x": response(), "/no": response()}) as server:
        good = RobotsFile(
            origin=server.origin,
            fetched_at=datetime.now(UTC) - timedelta(days=2),
            status=200,
            verdict="rules",
            body=b"User-agent: *\nDisallow: /no",
        )
        assert get(server, "/x", MemoryStore(last_good=good), attempts=1).status == 200
        assert fails(server, "/no", MemoryStore(last_good=good), attempts=1).reason is Reason.ROBOTS


def test_a_missing_robots_allows() -> None:
    store = MemoryStore()
    with FaultServer({"/x": response()}) as server:
        assert get(server, "/x", store).status == 200
    assert store.saved[0].verdict == "allow_all"


def test_nobody_listens() -> None:
    with FaultServer() as server:
        port = server.port
    with FaultServer() as other:
        error = None
        try:
            run(
                other,
                lambda fetcher: fetcher.fetch(f"http://127.0.0.1:{port}/"),
                allow_net=frozenset({("127.0.0.1", port)}),
                attempts=1,
            )
        except FetchError as caught:
            error = caught
    assert error is not None
    assert error.reason is Reason.CONNECT
    assert json.dumps(error.detail)


def test_a_replayed_origin_keeps_its_name() -> None:
    with FaultServer({"/x": response()}) as server:
        capture = run(
            server,
            lambda fetcher: fetcher.fetch("https://contoh.invalid/x"),
            replay={"https://contoh.invalid": server.origin},
        )
        assert capture.final_url == "https://contoh.invalid/x"
        assert server.requests[-1].headers["host"] == "contoh.invalid"


def test_a_robots_txt_of_any_size_is_read_to_its_limit() -> None:
    store = MemoryStore()
    body = b"User-agent: *\nDisallow: /no\n" + b"# x\n" * 3_000_000
    with FaultServer({"/robots.txt": response(body), "/x": response(), "/no": response()}) as server:
        assert get(server, "/x", store).status == 200
        assert fails(server, "/no").reason is Reason.ROBOTS
    assert store.saved[0].verdict == "rules"
    assert len(store.saved[0].body or b"") == 512_000


def test_a_host_that_is_left_alone_says_nothing_about_its_robots_txt() -> None:
    store = MemoryStore()

    async def job(fetcher: Fetcher) -> FetchError:
        fetcher.hosts.troubled(server.origin, retry_after_s=900)
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(f"{server.origin}/x")
        return caught.value

    with FaultServer({"/x": response()}) as server:
        error = run(server, job, store, attempts=3)
        assert not server.asked
    assert (error.reason, error.attempts) == (Reason.RATE_LIMITED, 1)
    assert error.not_before is not None
    assert not store.saved


def test_waiting_for_a_turn_is_no_part_of_the_deadline() -> None:
    routes: dict[str, Any] = {f"/{number}": redirect(f"/{number + 1}") for number in range(4)}
    with FaultServer(routes | {"/4": response()}) as server:

        async def job() -> Capture:
            async with Fetcher(settings(server, deadline_s=0.5, delay_s=0.3), robots=MemoryStore()) as fetcher:
                return await fetcher.fetch(f"{server.origin}/0")

        assert asyncio.run(job()).status == 200


def test_the_page_of_a_bot_wall_comes_with_the_refusal() -> None:
    page = b"<title>Just a moment</title><script>window._cf_chl_opt={}</script>"
    with FaultServer({"/x": response(page, status="403 Forbidden")}) as server:
        error = fails(server, "/x")
    assert error.reason is Reason.BLOCKED
    assert error.capture is not None
    assert error.capture.body == page


def test_a_sitemap_may_be_larger_than_a_page() -> None:
    with FaultServer({"/s.xml": response(b" " * 3_000_000)}) as server:
        assert fails(server, "/s.xml", max_body_bytes=1 << 20).reason is Reason.TOO_BIG
        capture = run(
            server, lambda fetcher: fetcher.fetch(f"{server.origin}/s.xml", kind="sitemap"), max_body_bytes=1 << 20
        )
        assert len(capture.body) == 3_000_000


def test_a_resolver_that_does_not_answer_is_dns() -> None:
    async def silent(_host: str, _port: int) -> tuple[str, ...]:
        await asyncio.sleep(3600)
        return ()

    async def job() -> FetchError:
        silenced = settings(FaultServer(), connect_s=0.05, attempts=1, resolve=silent)
        async with Fetcher(silenced, robots=MemoryStore()) as fetcher:
            with pytest.raises(FetchError) as caught:
                await fetcher.fetch("http://contoh.invalid/")
            return caught.value

    assert asyncio.run(job()).reason is Reason.DNS
