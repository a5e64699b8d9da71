"""Requests through a proxy given by the user: what is sent to it, what it must not pass on, and what it cannot do."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from click.testing import CliRunner

from scraper.cli import cli
from scraper.errors import FetchError, Reason
from scraper.fetch import Fetcher, FetchSettings, Proxy, RobotsMemory, client, parse_proxy
from scraper.plan import UrlHistory
from scraper.plan.evidence import conclusion
from scraper.records import Sighting
from tests.faultserver import PAGE, FaultServer, response
from tests.proxyserver import ProxyServer

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.records import Capture

NAME = "koran-contoh.example"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def nobody(host: str, _port: int) -> tuple[str, ...]:
    """A machine that resolves addresses and its own name only."""
    if host == "localhost" or host[0].isdigit():
        return ("127.0.0.1",) if host == "localhost" else (host,)
    raise OSError("no such name here")


def fetched(proxy: ProxyServer, *urls: str, server: FaultServer | None = None, **changes: Any) -> list[Capture]:
    settings = FetchSettings(
        user_agent="kliping-test/0", delay_s=0.0, attempts=1, resolve=nobody,
        proxy=Proxy(host="127.0.0.1", port=proxy.port, authorization=proxy.wants),
        allow_net=server.allowed if server else frozenset(), **changes,
    )  # fmt: skip

    async def all_urls() -> list[Capture]:
        async with Fetcher(settings, robots=RobotsMemory()) as fetcher:
            return [await fetcher.fetch(url) for url in urls]

    return asyncio.run(all_urls())


def test_pages_come_through_the_proxy_and_its_password_goes_no_further() -> None:
    with FaultServer({"/a?b=1": response(), "/c": response()}) as server:
        with ProxyServer(
            names={(NAME, 80): ("127.0.0.1", server.port)}, wants=parse_proxy("http://me:s%40cret@h:1").authorization
        ) as proxy:
            first, second = fetched(proxy, f"http://{NAME}/a?b=1", f"http://{NAME}/c")
        assert first.body == second.body == PAGE
        assert [head.split("\r\n")[0] for head in proxy.asked[:2]] == [f"GET http://{NAME}/robots.txt HTTP/1.1", f"GET http://{NAME}/a?b=1 HTTP/1.1"]  # fmt: skip
        told = [request.headers for request in server.requests] + [dict(first.request_headers)]
        assert not [headers for headers in told if any(name.lower().startswith("proxy") for name in headers)]
        assert {request.headers["host"] for request in server.requests} == {NAME}


def test_https_is_between_us_and_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(NAME).configure_cert(context)
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    monkeypatch.setattr(client, "_tls", lambda: trusting)
    with (
        FaultServer(sites={"127.7.0.1": {"*": response()}}, certificates={"127.7.0.1": context}) as server,
        ProxyServer(names={(NAME, 443): ("127.7.0.1", server.port)}, wants="Basic bWU6MQ==") as proxy,
    ):
        first, second = fetched(proxy, f"https://{NAME}/a", f"https://{NAME}/b")
        assert first.body == second.body == PAGE
        assert [head.split("\r\n")[0] for head in proxy.asked] == [f"CONNECT {NAME}:443 HTTP/1.1"] * len(proxy.asked)
        assert not [each for each in server.requests if "proxy-authorization" in each.headers]
        assert [each.path for each in server.requests if each.path != "/robots.txt"] == ["/a", "/b"]


PRIVATE = ["http://127.0.0.1/", "http://10.1.2.3/", "http://localhost/", "http://intranet/", "http://printer.local/", "http://[::1]/", "http://koran.example:22/"]  # fmt: skip


@pytest.mark.parametrize("url", PRIVATE)
def test_names_are_checked_before_they_are_handed_on(url: str) -> None:
    with ProxyServer() as proxy:
        with pytest.raises(FetchError) as error:
            fetched(proxy, url)
        assert error.value.reason in (Reason.BLOCKED_ADDRESS, Reason.BAD_URL)
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("says", "scheme", "word"),
    [
        (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", "https", "502"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "https", "not HTTP"),
        (b"", "https", "not HTTP"),
    ],
)
def test_what_the_proxy_cannot_do_is_told(says: bytes, scheme: str, word: str) -> None:
    with ProxyServer(says=says or b"\r") as proxy, pytest.raises(FetchError, match=word) as error:
        fetched(proxy, f"{scheme}://{NAME}/a")
    assert error.value.is_transient


def test_a_host_that_the_proxy_refuses_is_not_blamed_for_it() -> None:
    """A rule of the proxy: nobody is left alone for it, nothing is concluded of the page, and others go on through it."""
    with ProxyServer(says=b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") as proxy:
        with pytest.raises(FetchError, match="answered HTTP 403 when asked to connect") as error:
            fetched(proxy, f"https://{NAME}/a")
        assert error.value.reason is Reason.PROXY
        assert not error.value.is_transient
        assert len(proxy.asked) == 1, "asked once, for robots.txt"
    looks = [Sighting(at=NOW + timedelta(days=day), reason=Reason.PROXY, status=None) for day in range(0, 200, 2)]
    assert conclusion(UrlHistory(looks=looks), NOW + timedelta(days=200)) is None


def test_a_proxy_is_written_as_a_url_and_its_password_is_never_repeated() -> None:
    assert parse_proxy("proxy.kampus.example:3128") == Proxy(host="proxy.kampus.example", port=3128)
    assert "s3cret" not in repr(parse_proxy("http://me:s3cret@proxy:3128"))
    for wrong in (
        "http://proxy",
        "https://me:s3cret@proxy:1",
        "socks5://proxy:1080",
        "http://proxy:99999",
        "http://p:1/path",
    ):
        with pytest.raises(ValueError, match="HOST:PORT") as error:
            parse_proxy(wrong)
        assert "s3cret" not in str(error.value)


def test_an_import_goes_through_the_proxy_and_the_environment_stays_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    path = tmp_path / "a.db"
    with FaultServer({"*": response(b"[]", headers={"Content-Type": "application/json"})}) as server:
        line = ["import", "wayback", "koran-contoh.id", "--delay", "0", "--server", server.origin, "--allow-net", f"127.0.0.1:{server.port}", "--archive", str(path)]  # fmt: skip
        assert CliRunner().invoke(cli, line).exit_code == 0
        with ProxyServer(wants=parse_proxy("http://me:s3cret@h:1").authorization) as proxy:
            line += ["--proxy", f"http://me:s3cret@127.0.0.1:{proxy.port}"]
            monkeypatch.setattr("sys.argv", ["kliping", *line])
            done = CliRunner().invoke(cli, line)
        assert done.exit_code == 0, done.stderr
        assert len(proxy.asked) == 2
    assert b"s3cret" not in b"".join(each.read_bytes() for each in tmp_path.iterdir())
