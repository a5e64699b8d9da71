"""A loopback HTTP server that makes the mistakes of real ones, byte by byte."""

from __future__ import annotations

import asyncio
import gzip
import threading
import time
import weakref
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable
    from types import TracebackType

    Answer = bytes | Callable[["Request", asyncio.StreamWriter], Awaitable[None]]

PAGE = (
    "<!DOCTYPE html><html lang='id'><head><title>Berita</title></head><body><article><h1>Judul berita uji</h1>"
    + "".join(
        f"<p>Paragraf nomor {number} berisi kalimat yang cukup panjang untuk dibaca sebagai teks berita.</p>"
        for number in range(6)
    )
    + "</article></body></html>"
).encode()


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for; header names are lower case."""

    path: str
    headers: dict[str, str]
    count: int  # how often this path was asked for, this time included
    address: str = "127.0.0.1"  # that was connected to
    at: float = 0.0  # monotonic seconds


def response(
    body: bytes = PAGE, *, status: str = "200 OK", headers: dict[str, str] | None = None, length: int | None = None
) -> bytes:
    """A whole answer; `length` lies about the body's."""
    fields = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Length": str(len(body) if length is None else length),
        "Connection": "close",
    }
    fields |= headers or {}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value != "")
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


def zipped(body: bytes = PAGE) -> bytes:
    return gzip.compress(body, mtime=0)


def redirect(location: str, status: str = "302 Found") -> bytes:
    return response(b"", status=status, headers={"Location": location})


async def hold(_request: Request, _writer: asyncio.StreamWriter) -> None:
    """Never answer."""
    await asyncio.sleep(3600)  # cancelled when the server stops


async def drip_headers(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\n")
    while not writer.is_closing():
        writer.write(b"X-Slow: 1\r\n")
        await flush(writer)
        await asyncio.sleep(0.01)


async def drip_body(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b".")
        await flush(writer)
        await asyncio.sleep(0.01)


async def endless(_request: Request, writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    while not writer.is_closing():
        writer.write(b"<p>lagi</p>" * 5000)
        await flush(writer)


async def flush(writer: asyncio.StreamWriter) -> None:
    try:
        await writer.drain()
    except ConnectionError:
        writer.close()


async def _turns() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def bomb(head: bytes = b"", *, wbits: int = 31) -> bytes:
    """60 MB of blanks behind a head, in 60 kB of gzip (or zlib: 15); nobody comes to its end, which is not there."""
    pack = zlib.compressobj(9, zlib.DEFLATED, wbits)
    first = pack.compress(head) + pack.flush(zlib.Z_FULL_FLUSH)
    again = pack.compress(b" " * 1_000_000) + pack.flush(zlib.Z_FULL_FLUSH)  # the same wherever it stands
    return first + again * 60


@dataclass(slots=True)
class FaultServer:
    """Serves `routes` on 127.0.0.1: path → the bytes of an answer, or a coroutine that writes one; "*" is any other path, 404 without it.

    `sites` are other loopback addresses with routes of their own, on the same port; those with `certificates` speak TLS.
    """

    routes: dict[str, Answer] = field(default_factory=dict)
    sites: dict[str, dict[str, Answer]] = field(default_factory=dict)
    certificates: dict[str, ssl.SSLContext] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    requests: list[Request] = field(default_factory=list)
    port: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def allowed(self) -> frozenset[tuple[str, int]]:
        return frozenset((address, self.port) for address in ("127.0.0.1", *self.sites))

    def __enter__(self) -> Self:
        ready = threading.Event()

        def run() -> None:
            self._loop = asyncio.new_event_loop()
            self._loop.run_until_complete(self._serve(ready))
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        ready.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._loop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _open: weakref.WeakSet[asyncio.WriteTransport] = field(default_factory=weakref.WeakSet)

    async def _serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = server.sockets[0].getsockname()[1]
        others = [
            await asyncio.start_server(self._connected, address, self.port, ssl=self.certificates.get(address))
            for address in self.sites
        ]
        ready.set()
        await self._stop.wait()
        # A connection that comes as the server closes is never made known, and its socket never closed (asyncio of Python 3.11):
        # those that wait are accepted first, and each needs some turns of the loop until its task is there to be cancelled.
        await _turns()
        for each in (server, *others):
            each.close()
        await _turns()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transport in list(self._open):
            transport.abort()  # close() waits until all is sent, which it never is where the peer reads no more
        await asyncio.sleep(0.01)  # transports close in the next turns of the loop

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Begin to answer; the connection is known from now on, also if the task is cancelled before its first step."""
        self._open.add(writer.transport)
        task = asyncio.get_running_loop().create_task(self._answer(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1]
            self.asked[path] += 1
            address = writer.get_extra_info("sockname")[0]
            headers = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)
            }
            request = Request(path, headers, self.asked[path], address, time.monotonic())
            self.requests.append(request)
            routes = self.sites.get(address, self.routes)
            missing = routes.get("*", response(b"<h1>404</h1>", status="404 Not Found"))
            answer = routes.get(path, missing)
            if isinstance(answer, bytes):
                writer.write(answer)
                await flush(writer)
            else:
                await answer(request, writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()
