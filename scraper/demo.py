"""A small newspaper on loopback, made from the fixtures: `kliping demo` and the crawl tests crawl it.

Every fixture (page.html with capture.json) answers at the path and query of its URL; what a site offers for discovery
(feed, sitemap, index, robots.txt) is in fixtures/HOST/_discovery/ and listed in its routes.json, as {"/path?query":
"file"}; an index answers for every day. The Host header distinguishes the sites.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from types import TracebackType

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".json": "application/json",
}


def fixtures_directory() -> Path:
    """Where the fixtures are: beside the package in a clone, inside it when it is installed."""
    here = Path(__file__).parent
    installed = here / "_fixtures"
    return installed if installed.is_dir() else here.parent / "fixtures"


@dataclass(frozen=True, slots=True)
class DemoResponse:
    """The answer for one path."""

    body: bytes
    content_type: str


@dataclass(slots=True)
class Newspaper:
    """A loopback HTTP server that answers for the hosts of the fixtures; `asked` counts requests by URL path and query."""

    routes: dict[tuple[str, str], DemoResponse]
    asked: Counter[str] = field(default_factory=Counter)
    _server: ThreadingHTTPServer | None = None

    @property
    def port(self) -> int:
        """The port it listens on; available only inside the `with` block."""
        if self._server is None:
            raise RuntimeError("the newspaper is closed")
        return int(self._server.server_address[1])

    @property
    def hosts(self) -> tuple[str, ...]:
        """The host names it answers for."""
        return tuple(sorted({host for host, _ in self.routes}))

    @property
    def allow_net(self) -> tuple[str, ...]:
        """The address that scraper.crawl() must be allowed to reach, ("127.0.0.1:8000",)."""
        return (f"127.0.0.1:{self.port}",)

    @property
    def replay(self) -> dict[str, str]:
        """The origins that it answers for, each mapped to its own origin."""
        return {f"https://{host}": f"http://127.0.0.1:{self.port}" for host in self.hosts}

    def answer(self, host: str, target: str) -> DemoResponse | None:
        """The page for a request target of a host, or else for its path with any query; None if there is none."""
        return self.routes.get((host, target)) or self.routes.get(
            (host, target.partition("?")[0]) if "/index" in target else ("", "")
        )

    def __enter__(self) -> Self:
        newspaper = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = self.headers.get("Host", "").partition(":")[0]
                newspaper.asked[self.path] += 1
                page = newspaper.answer(host, self.path)
                body = page.body if page else b"<!DOCTYPE html><title>404</title><h1>Halaman tidak ditemukan</h1>"
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", page.content_type if page else _TYPES[".html"])
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                """Say nothing: stdout and stderr are the command's."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


def newspaper(fixtures: Path | None = None) -> Newspaper:
    """The newspaper made from all fixtures captured with status 200, with each host's discovery files."""
    root = fixtures or fixtures_directory()
    routes = {}
    for capture in sorted(root.glob("*/*/capture.json")):
        facts = json.loads(capture.read_text("utf-8"))
        url = urlsplit(facts["final_url"])
        target = url.path + (f"?{url.query}" if url.query else "")
        body = capture.with_name("page.html").read_bytes()
        charset = f"; charset={facts['charset']}" if facts.get("charset") else ""
        routes[url.hostname or "", target] = DemoResponse(body, f"text/html{charset}")
    for listing in sorted(root.glob("*/_discovery/routes.json")):
        host = listing.parent.parent.name
        for target, name in json.loads(listing.read_text("utf-8")).items():
            file = listing.with_name(name)
            routes[host, target] = DemoResponse(file.read_bytes(), _TYPES[file.suffix])
    return Newspaper(routes)
