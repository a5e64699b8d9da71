"""The target of a request, from a URL: as httpx writes it, computed directly if nothing in it has to be rewritten."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scraper.fetch.errors import InvalidURL
from scraper.lazy import without

PORTS = {"http": 80, "https": 443}
_BYTE = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
# A URL that is sent as it is written, as nearly all are that a crawl requests, since they are canonical.
_WRITTEN = re.compile(
    r"(?P<scheme>https?)://(?P<host>(?:[a-z0-9-]++\.)+[a-z][a-z0-9-]*+|"
    rf"{_BYTE}(?:\.{_BYTE}){{3}}"
    r")(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<target>/(?:[-A-Za-z0-9._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*+(?:\?(?:[-A-Za-z0-9._~!$&()*+,;=:@/?]|%[0-9A-Fa-f]{2})++)?)"
)


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes: the host in ASCII, the port (None: the scheme's own), and path with query as they are sent."""

    scheme: str
    host: str
    port: int | None
    path: bytes

    @property
    def netloc(self) -> str:
        """Host and port as in a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port is None else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """The target of a URL. Raises InvalidURL if it cannot be requested."""
    found = _WRITTEN.fullmatch(url)
    if found is None:
        return _by_httpx(url)
    port = int(found["port"]) if found["port"] else None
    port = None if port == PORTS[found["scheme"]] else port
    return Target(found["scheme"], found["host"], port, found["target"].encode("ascii"))


def _by_httpx(url: str) -> Target:
    with without("httpx._main"):  # its own command
        import httpx  # noqa: PLC0415  (which takes as long to load as the archive, and hardly any crawl needs)

    try:
        other = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise InvalidURL(str(error)) from error
    return Target(other.scheme, other.raw_host.decode("ascii"), other.port, other.raw_path)
