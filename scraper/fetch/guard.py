"""The address guard: no request leaves for an address that is not public, whatever its name resolves to.

Connections are made only to what it returns, so that a redirect, a rebinding name or an odd spelling of an address
(decimal, octal, v6-mapped) cannot pass: what is checked is what is connected to. Name and SNI stay those of the URL.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING

from scraper.clock import SYSTEM, Clock
from scraper.errors import Reason

if TYPE_CHECKING:
    from scraper.fetch.settings import FetchSettings

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052
# Not routed, although ipaddress calls them global: v4-compatible, site-local, SRv6 and documentation addresses.
_UNROUTED = tuple(ipaddress.IPv6Network(text) for text in ("::/96", "fec0::/10", "5f00::/16", "3fff::/20"))
# RFC 6761, 6762, 8375, and names used within institutions.
_INTERNAL = (".localhost", ".local", ".internal", ".intranet", ".lan", ".corp", ".home", ".home.arpa", ".invalid")
_KEPT_S = 300.0
_KEPT_NAMES = 5_000
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


async def system_addresses(host: str, port: int) -> tuple[str, ...]:
    """The addresses that this machine's resolver gives for a name. Raises OSError or UnicodeError if it has none."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


class Guard:
    """Resolves names and checks every answer; it is safe to connect to what it returns.

    An answer is kept for a few minutes, so that a publisher's address is known before the wait for its turn. If a name
    changes meanwhile, the connection goes to the address that was checked.
    """

    def __init__(self, settings: FetchSettings, *, clock: Clock = SYSTEM) -> None:
        self._settings = settings
        self._clock = clock
        self._known: dict[tuple[str, int], tuple[float, tuple[str, ...]]] = {}

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The addresses of a name, at least one. Raises GuardError if it has none or any of them is not allowed."""
        known = self._known.get((host, port))
        if known is not None and known[0] > self._clock.monotonic():
            if not known[1]:
                raise GuardError(Reason.DNS, f"{host} has no address here")
            return known[1]
        try:
            async with asyncio.timeout(self._settings.connect_s):
                found = await self._resolve(host, port)
        except TimeoutError as error:
            detail = f"{host}: no answer from the resolver in {self._settings.connect_s:g} s"
            raise GuardError(Reason.DNS, detail) from error
        if len(self._known) >= _KEPT_NAMES:
            self._known.clear()
        self._known[host, port] = (self._clock.monotonic() + _KEPT_S, found)
        return found

    async def check_name(self, host: str, port: int) -> None:
        """Check a name that a proxy will resolve. Raises GuardError if it is known not to be public.

        If this machine can resolve it, it is checked as for a connection from here. A name that only the proxy can
        resolve passes if it looks like one on the internet: what the proxy makes of it cannot be seen from here.
        """
        try:
            await self.addresses(host, port)
        except GuardError as error:
            if error.reason is not Reason.DNS:
                raise
            name = host.lower().rstrip(".")
            if "." not in name or f".{name}".endswith(_INTERNAL):
                raise GuardError(Reason.BLOCKED_ADDRESS, f"{host} is not a name of the internet") from error
            if port not in self._settings.ports:
                raise GuardError(Reason.BLOCKED_ADDRESS, f"port {port} is not one of the web's") from error
            self._known[host, port] = (self._clock.monotonic() + _KEPT_S, ())

    def forget(self, host: str, port: int) -> None:
        """Query the resolver the next time."""
        self._known.pop((host, port), None)

    async def _resolve(self, host: str, port: int) -> tuple[str, ...]:
        try:
            addresses = await (self._settings.resolve or system_addresses)(host, port)
        except (OSError, UnicodeError) as error:
            raise GuardError(Reason.DNS, f"{host}: {error}") from error
        for address in addresses:
            if (address.partition("%")[0], port) in self._settings.allow_net:
                continue
            if not is_public(address):  # one bad answer is enough: the name cannot be trusted
                raise GuardError(Reason.BLOCKED_ADDRESS, _not_public(host, address, port))
            if port not in self._settings.ports:
                detail = f"port {port} is not one of the web's (--allow-net {_at(address, port)} allows it)"
                raise GuardError(Reason.BLOCKED_ADDRESS, detail)
        if not addresses:
            raise GuardError(Reason.DNS, f"{host} has no address")
        return addresses


def _not_public(host: str, address: str, port: int) -> str:
    """What is wrong with an address that is not public, and the option that allows it."""
    what = (
        f"{host} is not a public address"
        if host == address
        else f"{host} has the address {address}, which is not public"
    )
    return f"{what} (--allow-net {_at(address, port)} allows it)"


def _at(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
