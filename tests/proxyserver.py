"""A real HTTP proxy on loopback: CONNECT, and requests with the whole URL."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import weakref
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit


@dataclass(slots=True)
class ProxyServer:
    """`names` are (host, port) that only this proxy can resolve, with the address and port that answer; `asked` its request heads.

    `wants` is the Proxy-Authorization that it insists on, `says` an answer that it gives instead of its service.
    """

    names: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    wants: str | None = None
    says: bytes | None = None
    asked: list[str] = field(default_factory=list)
    port: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)
    _open: weakref.WeakSet[asyncio.WriteTransport] = field(default_factory=weakref.WeakSet)

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

    def __exit__(self, *_error: object) -> None:
        assert self._loop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    async def _serve(self, ready: threading.Event) -> None:
        server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        await self._stop.wait()
        server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for transport in list(self._open):
            transport.abort()
        await asyncio.sleep(0)

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer.transport)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            try:
                await self._served(reader, writer)
            finally:
                writer.close()

    async def _served(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.asked.append(head)
        if self.says is not None or (self.wants is not None and f"Proxy-Authorization: {self.wants}\r\n" not in head):
            writer.write(self.says or b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
            return
        method, target, _ = head.split(" ", 2)
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        asked = (parts.hostname or "", parts.port or 80)
        far_reader, far_writer = await asyncio.open_connection(*self.names.get(asked, asked))
        self._open.add(far_writer.transport)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        else:
            lines = [line for line in head.split("\r\n")[1:] if not line.startswith("Proxy-")]
            first = f"{method} {parts.path or '/'}{'?' + parts.query if parts.query else ''} HTTP/1.1"
            far_writer.write("\r\n".join([first, *lines]).encode("latin-1"))
        try:
            await asyncio.gather(_pipe(reader, far_writer), _pipe(far_reader, writer))
        finally:
            far_writer.close()


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
        writer.close()
