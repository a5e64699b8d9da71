"""The address guard: no request leaves for an address that is not public, whatever its name resolves to.

It stands where the connection is made, so that a redirect, a rebinding name
or an odd spelling of an address (decimal, octal, v6-mapped) cannot pass: what
is checked is what is connected to. Name and SNI stay those of the URL.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from scraper.errors import Reason

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from scraper.fetch.settings import FetchSettings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
# Not routed, though ipaddress calls them global: v4-compatible, site-local, SRv6 and documentation addresses.
_UNROUTED = tuple(ipaddress.IPv6Network(text) for text in ("::/96", "fec0::/10", "5f00::/16", "3fff::/20"))
_NAT64_LOCAL = ipaddress.ip_network("64:ff9b:1::/48")  # RFC 8215


class GuardError(OSError):
    """A connection that was not made; `reason` says why."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


def is_public(text: str) -> bool:
    """Whether an address is globally routable, looking through the forms that carry another address."""
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if address in _NAT64_LOCAL or any(address in network for network in _UNROUTED):
            return False
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves, checks every answer, and connects to a checked address."""

    def __init__(self, settings: FetchSettings) -> None:
        self._settings = settings
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's interface)
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises GuardError for a name that does not resolve or an address that is not allowed."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except TimeoutError as error:
            raise GuardError(Reason.DNS, f"{host}: no answer from the resolver in {timeout:g} s") from error
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:  # try the next address of the name
                failure = error
        raise failure or GuardError(Reason.DNS, f"{host} has no address")

    async def connect_unix_socket(self, path: str, timeout: float | None = None, socket_options: Any = None) -> Any:  # noqa: ARG002, ASYNC109
        raise GuardError(Reason.BLOCKED_ADDRESS, "unix sockets are never connected to")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _resolve(self, host: str, port: int) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise GuardError(Reason.DNS, f"{host}: {error}") from error
        addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
        for address in addresses:
            if (address.partition("%")[0], port) in self._settings.allow_net:
                continue
            if not is_public(address):  # one bad answer is enough: the name is not to be trusted
                raise GuardError(Reason.BLOCKED_ADDRESS, f"{host} is {address}, which is not public")
            if port not in self._settings.ports:
                raise GuardError(Reason.BLOCKED_ADDRESS, f"port {port} is not one of the web's")
        return addresses


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's transport on a pool without slots (its own limit leaks them on cancellation) and with the guard."""

    def __init__(self, settings: FetchSettings, context: ssl.SSLContext) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=None,
            max_keepalive_connections=100,
            keepalive_expiry=15.0,
            http1=True,
            http2=False,
            network_backend=GuardedBackend(settings),
        )
