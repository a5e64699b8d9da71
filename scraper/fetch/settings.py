"""What a fetcher may do, and its limits; the defaults are those of docs/contract.md."""

from __future__ import annotations

import base64
import ipaddress
from collections.abc import Awaitable, Callable, Mapping  # noqa: TC003
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from scraper.text import is_header

MIB = 1 << 20
PRODUCT = "kliping"  # the token that robots.txt groups name


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """An HTTP proxy for all requests; `authorization` is sent with each, None for nothing."""

    host: str
    port: int
    authorization: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchSettings:
    """How a fetcher works. Sizes are bytes, times seconds.

    `allow_net` are the only (address, port) pairs outside the public internet that it may connect to. `replay` answers
    an origin from another one ("https://a.id" → "http://127.0.0.1:8000"), to read fixtures or an archive as if it were
    the site; URLs, robots.txt and records keep the first. If several crawlers share the publishers, `may_follow` says
    to which hosts a redirect may lead (None: any), and `waits_first` also puts the pause before the first request to a
    publisher, since another crawler may have made one a moment ago. `resolve` gives the addresses of a name and a port
    instead of the system's resolver, and raises OSError like it; its answers are checked like any address. With a
    `proxy`, the proxy connects: names are checked before they are passed on to it.
    """

    user_agent: str
    contact: str | None = None
    delay_s: float = 2.0
    allow_net: frozenset[tuple[str, int]] = frozenset()
    replay: Mapping[str, str] = field(default_factory=dict)
    max_wire_bytes: int = 10 * MIB
    max_body_bytes: int = 10 * MIB
    max_sitemap_bytes: int = 50 * MIB
    deadline_s: float = 45.0
    connect_s: float = 10.0
    read_s: float = 15.0
    max_redirects: int = 5
    attempts: int = 3
    max_retry_after_s: float = 60.0
    may_follow: Callable[[str], bool] | None = None
    resolve: Callable[[str, int], Awaitable[tuple[str, ...]]] | None = None
    waits_first: bool = False
    proxy: Proxy | None = None
    ports: frozenset[int] = frozenset({80, 443, 8080, 8443})


def user_agent(version: str, contact: str | None) -> str:
    """Our own name, and how to reach the person who runs this crawl. Raises ValueError for a contact that no header can
    hold.
    """
    if contact and not is_header(contact):
        raise ValueError(f"{contact[:80]!r} cannot be sent in a header: it must be short, on one line, and ASCII")
    return f"{PRODUCT}/{version} (+{contact})" if contact else f"{PRODUCT}/{version}"


def parse_proxy(text: str) -> Proxy:
    """ "http://user:password@host:port" as a proxy. Raises ValueError, without the password in its text."""
    try:
        parts = urlsplit(text if "://" in text else f"http://{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.scheme != "http" or parts.path.strip("/") or parts.query:
        raise ValueError("write a proxy as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT")
    authorization = None
    if parts.username is not None:
        named = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = "Basic " + base64.b64encode(named.encode()).decode("ascii")
    return Proxy(host=host, port=port, authorization=authorization)


def parse_allow_net(text: str) -> tuple[str, int]:
    """ "127.0.0.1:8080" or "[::1]:8080" as an (address, port) pair. Raises ValueError."""
    address, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError(f"{text!r} is not ADDRESS:PORT")
    try:
        return str(ipaddress.ip_address(address.removeprefix("[").removesuffix("]"))), int(port)
    except ValueError as error:
        raise ValueError(f"{text!r} is not ADDRESS:PORT: {error}") from error
