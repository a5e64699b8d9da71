"""No spelling of a private address is taken for a public one."""

from __future__ import annotations

import asyncio
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import Reason
from scraper.fetch.guard import Guard, GuardError, is_public
from scraper.fetch.settings import FetchSettings
from tests.virtualtime import VirtualClock

PRIVATE = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.2.0/24",
        "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
)  # fmt: skip
PRIVATE6 = tuple(IPv6Network(text) for text in ("fc00::/7", "fe80::/10", "ff00::/8", "2001:db8::/32", "fec0::/10"))

private = st.sampled_from(PRIVATE).flatmap(lambda network: st.ip_addresses(network=network)).map(str).map(IPv4Address)


def spellings(inner: IPv4Address) -> dict[str, str]:
    """The v6 addresses that carry a v4 one."""
    number = int(inner)
    return {
        "mapped": f"::ffff:{inner}",
        "compatible": str(IPv6Address(number)),
        "6to4": str(IPv6Address(0x2002 << 112 | number << 80 | 1)),
        "teredo": str(IPv6Address(0x20010000 << 96 | 0x0808_0808 << 64 | number ^ 0xFFFFFFFF)),
        "NAT64": str(IPv6Address(0x0064_FF9B << 96 | number)),
        "local NAT64": str(IPv6Address(0x0064_FF9B_0001 << 80 | number)),
    }


@given(private)
def test_a_private_address_is_not_public_in_any_spelling(address: IPv4Address) -> None:
    assert not is_public(str(address))
    assert not [name for name, text in spellings(address).items() if is_public(text)]


@given(st.sampled_from(PRIVATE6).flatmap(lambda network: st.ip_addresses(network=network)), st.sampled_from(["", "%1"]))
def test_a_private_v6_address_is_not_public(address: IPv6Address, zone: str) -> None:
    assert not is_public(f"{address}{zone}")


@given(st.ip_addresses(v=4))
def test_a_carried_address_is_at_most_as_public_as_itself(address: IPv4Address) -> None:
    assert not any(is_public(text) for text in spellings(address).values()) or is_public(str(address))


@given(st.text(max_size=50))
def test_any_text_is_judged(text: str) -> None:
    assert is_public(text) in (True, False)


def refused(host: str, port: int, allow_net: frozenset[tuple[str, int]] = frozenset()) -> Reason:
    guard = Guard(FetchSettings(user_agent="kliping-test/0", allow_net=allow_net, connect_s=2.0))

    async def connect() -> Reason:
        with pytest.raises(GuardError) as caught:
            await guard.addresses(host, port)
        return caught.value.reason

    return asyncio.run(connect())


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "localhost", "0", "::1", "::ffff:10.0.0.1"],
)
def test_what_an_odd_spelling_resolves_to_is_judged(host: str) -> None:
    assert refused(host, 80) is Reason.BLOCKED_ADDRESS


def test_an_allowed_address_is_allowed_at_its_port_only() -> None:
    allowed = frozenset({("127.0.0.1", 8000)})
    assert refused("127.0.0.1", 8001, allow_net=allowed) is Reason.BLOCKED_ADDRESS
    assert refused("127.0.0.2", 8000, allow_net=allowed) is Reason.BLOCKED_ADDRESS


@pytest.mark.parametrize("port", [22, 25, 3306, 6379])
def test_a_public_address_is_asked_at_the_webs_ports_only(port: int) -> None:
    assert refused("8.8.8.8", port) is Reason.BLOCKED_ADDRESS


def test_a_name_that_cannot_be_is_a_dns_failure() -> None:
    assert refused("a" * 70 + ".invalid", 80) is Reason.DNS
    assert refused("", 80) in (Reason.DNS, Reason.BLOCKED_ADDRESS)


def test_a_name_is_resolved_again_after_some_minutes() -> None:
    """A rebinding name is connected to at the address that was checked, and checked again when that is old."""
    answers = ["93.184.216.34", "127.0.0.1"]
    clock = VirtualClock()

    async def resolve(_host: str, _port: int) -> tuple[str, ...]:
        return (answers.pop(0),)

    async def ask() -> None:
        guard = Guard(FetchSettings(user_agent="x", resolve=resolve), clock=clock)
        assert await guard.addresses("ganti.example", 80) == ("93.184.216.34",)
        assert await guard.addresses("ganti.example", 80) == ("93.184.216.34",)
        clock.seconds = 1_000.0
        with pytest.raises(GuardError):
            await guard.addresses("ganti.example", 80)

    asyncio.run(ask())
