"""Where reading processes come from: copies of one that has loaded the reader, or, if the system cannot fork, each
started anew.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import os
import signal
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import scraper
from scraper import installed
from scraper.processes import STATUS

# -P: files in the current directory are not ours to run. Nothing that is loaded is garbage, so there is no collection
# until then.
COMMAND = ("-P", "-c", "import gc; gc.disable(); from scraper.worker import main; main()")
KILLED = -int(getattr(signal, "SIGKILL", 9))
_END_S = 2.0  # for the system to end a killed process, and for the nursery to report it
_BUFFER = 1 << 20


class Child(Protocol):
    """A process that can be watched and killed."""

    @property
    def pid(self) -> int: ...

    def kill(self) -> None:
        """End it; does nothing if it has ended."""


@dataclass(slots=True, eq=False)
class Forked:
    """A reading process that the nursery has made."""

    pid: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    _news: socket.socket
    _code: int | None = None

    def kill(self) -> None:
        if self._code is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)

    async def ended(self) -> int:
        """Its exit code, negative for a signal, once it has ended."""
        if self._code is None:
            code = await _number(self._news)
            self._code = KILLED if code is None else code  # the nursery itself is gone
        return self._code

    async def close(self) -> None:
        """Release the resources of a process that was killed or has ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_END_S):
                await self.ended()
        self._news.close()
        self.writer.close()
        with contextlib.suppress(OSError):
            await self.writer.wait_closed()


@dataclass(slots=True, eq=False)
class Spawned:
    """A reading process that was started on its own."""

    process: asyncio.subprocess.Process
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def ended(self) -> int:
        return await self.process.wait()

    async def close(self) -> None:
        self.writer.close()
        await self.process.wait()


@dataclass(slots=True)
class Nursery:
    """The process that makes reading processes, and the socket on which they are ordered."""

    process: subprocess.Popen[bytes]
    orders: socket.socket
    command: tuple[str, ...]

    @property
    def pid(self) -> int:
        return self.process.pid

    def kill(self) -> None:
        self.process.kill()

    def end(self) -> int:
        """End it and return its exit code; the processes it has made go on."""
        self.orders.close()
        try:
            return self.process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


_running: dict[int, Nursery] = {}  # keyed by the owning process: a fork of ours has none yet


def running() -> Nursery:
    """The nursery of this process, started if there is none. Raises OSError, PackageChanged."""
    found = _running.get(os.getpid())
    if found is not None and found.command == COMMAND and found.process.poll() is None:
        return found
    end_nursery()
    installed.check_unchanged()  # otherwise the new one might be of another version than this process
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603  (ourselves)
            [sys.executable, *COMMAND],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # the crawl handles Ctrl-C
        )
    _running[os.getpid()] = Nursery(process=process, orders=ours, command=COMMAND)
    return _running[os.getpid()]


def end_nursery() -> int | None:
    """End the nursery of this process; returns its exit code, None if there is none."""
    nursery = _running.pop(os.getpid(), None)
    return nursery.end() if nursery is not None else None


atexit.register(end_nursery)


async def order(nursery: Nursery) -> Forked:
    """A new reading process. Raises OSError or EOFError if the nursery ends instead."""
    frames, theirs = socket.socketpair()
    news, told = socket.socketpair()
    try:
        with theirs, told:
            socket.send_fds(nursery.orders, [b"+"], [theirs.fileno(), told.fileno()])
        news.setblocking(False)
        pid = await _number(news)
        if pid is None:
            raise EOFError
        reader, writer = await asyncio.open_connection(sock=frames, limit=_BUFFER)
    except BaseException:
        frames.close()
        news.close()
        raise
    return Forked(pid=pid, reader=reader, writer=writer, _news=news)


async def spawn() -> Spawned:
    """A new reading process on systems without fork. Raises OSError, PackageChanged."""
    installed.check_unchanged()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=_environment(),
    )
    assert process.stdout is not None  # noqa: S101  (both are pipes)
    assert process.stdin is not None  # noqa: S101
    return Spawned(process=process, reader=process.stdout, writer=process.stdin)


async def _number(news: socket.socket) -> int | None:
    """The next number that the nursery sends; None if it is gone."""
    told = await asyncio.get_running_loop().sock_recv(news, STATUS.size)
    return int(STATUS.unpack(told)[0]) if len(told) == STATUS.size else None


def _environment() -> dict[str, Any]:
    home = str(Path(scraper.__file__).parent.parent)
    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))}
