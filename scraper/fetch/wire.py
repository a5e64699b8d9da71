"""HTTP/1.1 on the wire: one request at a time on a connection, which is kept a while for the next one.

On h11 and asyncio, with httpx's way of writing URLs. httpx's own pool examines every connection for
every request, leaks a slot if a request is cancelled before it is sent, and costs more than the rest of a fetch; a
crawl requests one page at a time from an origin and needs none of that. Nothing is decoded, followed or retried here.
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h11

from scraper.fetch.errors import (
    ConnectError,
    ConnectTimeout,
    LocalProtocolError,
    ProxyDown,
    ProxyError,
    ProxyRefused,
    ReadError,
    ReadTimeout,
    RemoteProtocolError,
    TransportError,
    UnsupportedProtocol,
)
from scraper.fetch.target import PORTS, Target

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Callable, Iterable, Sequence

    from scraper.fetch.guard import Guard
    from scraper.fetch.settings import Proxy

IDLE_S = 15.0  # after which a connection is closed: many servers close theirs at about this time
MAX_HEAD_BYTES = 100 * 1024  # of status line and headers, or of trailers
_READ_BYTES = 256 * 1024
_END_OF_HEAD = re.compile(rb"\n\r?\n")
_TOKEN = rb"[-!#$%&'*+.^_`|~0-9A-Za-z]++"
# A head that h11 accepts as it is, as it does nearly all.
_SOUND = re.compile(
    rb"HTTP/[0-9]\.[0-9] [0-9]{3}(?: [^\x00-\x08\x0a-\x1f]*+)?\r?\n(?:" + _TOKEN + rb":[^\0\r\n\v\f]*+\r?\n)*+\r?\n"
)
_STATUS = re.compile(rb"[ \t]*HTTP/([0-9])(?:\.([0-9]))?[ \t]+([0-9]{3})(?![0-9])", re.IGNORECASE)
_INTERIM = re.compile(rb"HTTP/... 1")
_NAME = re.compile(_TOKEN)
# h11 checks a trailer with a pattern that is quadratic in its blanks: 100 kB of them took half a minute. The same,
# linear:
h11._readers.header_field_re = re.compile(  # noqa: SLF001
    rb"(?P<field_name>(?<![-!#$%&'*+.^_`|~0-9A-Za-z])"
    + _TOKEN
    + rb"):[ \t]*+(?P<field_value>(?:[^\0\s]++(?:[ \t]++[^\0\s]++)*+)?)[ \t]*+"
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request for a page: where it goes, and its headers in their order."""

    target: Target
    headers: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Response:
    """The head of an answer, header names in lower case, and its body still on the wire."""

    status: int
    headers: Sequence[tuple[str, str]]
    http_version: str
    body: Body

    def header(self, name: str) -> str | None:
        """A header's values, joined as in RFC 9110 §5.3; None if there are none."""
        values = [value for key, value in self.headers if key == name]
        return ", ".join(values) if values else None


Origin = tuple[str, str, int]
_UNKNOWN = "the proxy requires another name or password (HTTP 407)"


def mended(head: bytes) -> bytes:
    """The head of an answer as browsers accept it: lines that are not headers are ignored, and so is a blank before the
    colon.

    An answer that does not begin as HTTP is returned as it is.
    """
    first, *lines = head.lstrip(b"\r\n").splitlines()
    status = _STATUS.match(first)
    if status is None:
        return head
    kept = [b"HTTP/%s.%s %s " % (status[1], status[2] or b"1", status[3])]
    for line in lines:
        name, colon, value = line.partition(b":")
        if line[:1] in (b" ", b"\t") and len(kept) > 1:  # a continuation of the line before (RFC 9112 §5.2)
            kept[-1] += b" " + line.strip()
        elif colon and b"\0" not in value and _NAME.fullmatch(name := name.rstrip(b" \t")):
            kept.append(name + b": " + b" ".join(value.split()))
    return b"\r\n".join(kept) + b"\r\n\r\n"


class Connection:
    """One connection, and the state of h11 on it."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, proxy: Proxy | None = None
    ) -> None:
        self._reader = reader
        self._writer = writer
        self._proxy = proxy  # needs the complete URL in the request line
        self._http = h11.Connection(h11.CLIENT, max_incomplete_event_size=MAX_HEAD_BYTES)
        self._head = bytearray()  # of an answer, until it is complete
        self._has_head = False
        self._is_mended = False  # such a server is not trusted to end its answers where it says
        self.has_answered = False  # since the last request was sent
        self.timer: asyncio.TimerHandle | None = None

    @property
    def is_open(self) -> bool:
        """Whether it is open, as far as known."""
        return not self._reader.at_eof() and not self._writer.is_closing()

    def send(self, request: Request) -> None:
        """Write a request without a body. Raises LocalProtocolError for one that HTTP cannot express."""
        self.has_answered = self._has_head = False
        try:
            to = request.target
            target, headers = to.path, [(name.encode(), value.encode()) for name, value in request.headers]
            if self._proxy is not None:
                target = f"{to.scheme}://{to.netloc}".encode() + target
                headers += _told_to(self._proxy)
            head = self._http.send(h11.Request(method="GET", target=target, headers=headers))
            self._writer.write((head or b"") + (self._http.send(h11.EndOfMessage()) or b""))
        except h11.LocalProtocolError as error:
            raise LocalProtocolError(str(error)) from error

    async def next_event(self, read_s: float) -> Any:
        """The next event of the answer. Raises TransportError if the server is silent, the connection breaks, or the
        answer is not HTTP.
        """
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                async with asyncio.timeout(read_s):
                    data = await self._reader.read(_READ_BYTES)
                if not data and not self.has_answered:
                    raise RemoteProtocolError("server disconnected without an answer")
                self.has_answered = True
                self._receive(data)
        except h11.RemoteProtocolError as error:
            if self._has_head and str(error).startswith("illegal header line"):
                return h11.EndOfMessage()  # an invalid trailer: the body before it is complete
            raise RemoteProtocolError(str(error)) from error
        except TimeoutError as error:
            raise ReadTimeout(f"silent for {read_s:g} s") from error
        except OSError as error:
            raise ReadError(str(error)) from error
        return event

    def _receive(self, data: bytes) -> None:
        """Pass more bytes to h11, each head as a whole: it would reject the answer for one invalid header line."""
        rest = data
        while rest and self._http.their_state is h11.SEND_RESPONSE:
            if not self._head and not (rest := rest.lstrip(b"\r\n")):  # empty lines may precede an answer
                return
            searched = max(0, len(self._head) - 2)
            if self._head:
                self._head += rest
            whole = self._head or rest
            end = _END_OF_HEAD.search(whole, searched)
            if (end.end() if end else len(whole)) > MAX_HEAD_BYTES:
                raise RemoteProtocolError(f"a head of over {MAX_HEAD_BYTES} bytes")
            if end is None:
                self._head = self._head or bytearray(rest)
                return
            head, body = (
                bytes(whole[: end.end()]),
                memoryview(whole)[end.end() :],
            )  # not copied, since it may be a page
            self._head = bytearray()
            if _SOUND.fullmatch(head) is None:
                head, self._is_mended = mended(head), True
            self._http.receive_data(head)
            self._has_head = not _INTERIM.match(head)
            if not self._has_head:
                rest = bytes(body)
                continue
            if body:  # otherwise it would mean that the connection has ended
                self._http.receive_data(body)  # type: ignore[arg-type]  # any buffer will do
            return
        if rest:
            self._http.receive_data(rest)
        if not data:
            if self._head:
                self._http.receive_data(bytes(self._head))
            self._http.receive_data(b"")

    def rest(self) -> bool:
        """Make it ready for another request; False if it cannot take one."""
        if self._is_mended or self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return self.is_open

    def abort(self) -> None:
        """Close at once, without waiting for what the other side may still send."""
        if self.timer is not None:
            self.timer.cancel()
        self._writer.transport.abort()


class Transport:
    """Sends requests to what the guard allows; keeps one idle connection for each origin.

    `context` is called for the first connection that needs TLS: loading all certificates of the system takes as long as
    a page.
    """

    def __init__(
        self,
        guard: Guard,
        context: Callable[[], ssl.SSLContext],
        *,
        connect_s: float,
        read_s: float,
        proxy: Proxy | None = None,
    ) -> None:
        self._guard = guard
        self._proxy = proxy
        self._context = context
        self._connect_s = connect_s
        self._read_s = read_s
        self._idle: dict[Origin, Connection] = {}

    async def send(self, request: Request) -> Response:
        """The answer, with its body still on the wire. Raises GuardError and TransportError."""
        target = request.target
        if target.scheme not in PORTS:
            raise UnsupportedProtocol(target.scheme)
        origin = (target.scheme, target.host, target.port or PORTS[target.scheme])
        connection = self._rested(origin)
        if connection is not None:
            try:
                return await self._answer(origin, connection, request)
            except TransportError:
                if connection.has_answered:
                    raise
                # It was closed while it was idle, so the request has reached nobody.
        return await self._answer(origin, await self._connect(origin), request)

    async def try_out(self, scheme: str, host: str, port: int) -> None:
        """Connect, and close again. Raises GuardError and TransportError."""
        self._guard.forget(host, port)
        (await self._connect((scheme, host, port))).abort()
        await asyncio.sleep(0)  # as below

    async def aclose(self) -> None:
        """Close idle connections."""
        for connection in self._idle.values():
            connection.abort()
        self._idle.clear()
        await asyncio.sleep(0)  # a transport closes its socket in the next turn of the loop

    async def _connect(self, origin: Origin) -> Connection:
        if self._proxy is not None:
            return await self._connect_by(self._proxy, origin)
        scheme, host, port = origin
        context = self._context() if scheme == "https" else None
        failure: Exception | None = None
        for address in await self._guard.addresses(host, port):
            try:
                async with asyncio.timeout(self._connect_s):
                    return Connection(
                        *await asyncio.open_connection(
                            address,
                            port,
                            ssl=context,
                            server_hostname=host if context else None,  # the name of the URL, not the address
                            limit=_READ_BYTES,
                        )
                    )
            except TimeoutError:
                failure = ConnectTimeout(f"{address}: no connection in {self._connect_s:g} s")
            except OSError as error:  # try the next address of the name
                failure = ConnectError(str(error))
                failure.__cause__ = error
        raise failure or ConnectError(f"{host} has no address")

    async def _connect_by(self, proxy: Proxy, origin: Origin) -> Connection:
        """A connection through a proxy: to the server itself for https, to the proxy for http."""
        scheme, host, port = origin
        await self._guard.check_name(host, port)
        try:
            async with asyncio.timeout(self._connect_s):
                reader, writer = await asyncio.open_connection(proxy.host, proxy.port, limit=_READ_BYTES)
        except (TimeoutError, OSError) as error:
            detail = str(error) or f"no connection in {self._connect_s:g} s"
            raise ProxyDown(f"the proxy {proxy.host}:{proxy.port} is unreachable: {detail}") from error
        try:
            async with asyncio.timeout(self._connect_s):
                if scheme == "http":
                    return Connection(reader, writer, proxy=proxy)
                await _open_tunnel(reader, writer, proxy, f"[{host}]:{port}" if ":" in host else f"{host}:{port}")
                await writer.start_tls(self._context(), server_hostname=host)
                return Connection(reader, writer)
        except BaseException as error:
            writer.transport.abort()
            if isinstance(error, TimeoutError):
                raise ConnectTimeout(f"no connection through the proxy within {self._connect_s:g} s") from error
            if isinstance(error, OSError | EOFError):
                raise ConnectError(f"through the proxy {proxy.host}:{proxy.port}: {error}") from error
            raise

    async def _answer(self, origin: Origin, connection: Connection, request: Request) -> Response:
        try:
            connection.send(request)
            while type(head := await connection.next_event(self._read_s)) is not h11.Response:
                pass  # an interim answer (1xx)
        except BaseException:
            connection.abort()
            raise
        if head.status_code == 407:
            connection.abort()
            raise ProxyDown(_UNKNOWN)
        body = Body(self, origin, connection, self._read_s)
        return Response(head.status_code, _decoded(head.headers), f"HTTP/{head.http_version.decode('ascii')}", body)

    def _rested(self, origin: Origin) -> Connection | None:
        connection = self._idle.pop(origin, None)
        if connection is None:
            return None
        if connection.timer is not None:
            connection.timer.cancel()
        if connection.is_open:
            return connection
        connection.abort()
        return None

    def put_back(self, origin: Origin, connection: Connection) -> None:
        """Keep a connection whose answer has been read to its end; close any other."""
        if origin in self._idle or not connection.rest():
            connection.abort()
            return
        self._idle[origin] = connection
        connection.timer = asyncio.get_running_loop().call_later(IDLE_S, self._expire, origin)

    def _expire(self, origin: Origin) -> None:
        self._idle.pop(origin).abort()


async def _open_tunnel(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, proxy: Proxy, target: str) -> None:
    """Have a proxy connect to a server (RFC 9110 §9.3.6). Raises ProxyError if it does not."""
    lines = [f"CONNECT {target} HTTP/1.1".encode(), b"Host: " + target.encode()]
    lines += [name + b": " + value for name, value in _told_to(proxy)]
    writer.write(b"\r\n".join(lines) + b"\r\n\r\n")
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError) as error:
        raise ProxyError("the proxy's answer is not HTTP") from error
    status = _STATUS.match(head)
    if status is not None and status[3] == b"407":
        raise ProxyDown(_UNKNOWN)
    if status is None or status[3][:1] != b"2":
        said = f"HTTP {status[3].decode('ascii')}" if status else "what is not HTTP"
        kind = ProxyRefused if status is not None and status[3][:1] == b"4" else ProxyError
        raise kind(f"the proxy answered {said} when asked to connect to {target}")


def _told_to(proxy: Proxy) -> list[tuple[bytes, bytes]]:
    return [(b"Proxy-Authorization", proxy.authorization.encode("ascii"))] if proxy.authorization else []


def _decoded(headers: Iterable[tuple[bytes, bytes]]) -> Sequence[tuple[str, str]]:
    """Headers as text: in UTF-8 if all of them are valid, which includes ASCII, else byte by byte."""
    headers = list(headers)
    for encoding in ("utf-8", "iso-8859-1"):
        try:
            return [(name.decode(encoding), value.decode(encoding)) for name, value in headers]
        except UnicodeDecodeError:
            continue
    raise AssertionError("every byte is a character of ISO 8859-1")


class Body:
    """The bytes of an answer as they arrive; closing it returns the connection."""

    def __init__(self, transport: Transport, origin: Origin, connection: Connection, read_s: float) -> None:
        self._transport = transport
        self._origin = origin
        self._connection = connection
        self._read_s = read_s
        self._is_closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while type(event := await self._connection.next_event(self._read_s)) is h11.Data:
            yield bytes(event.data)

    async def aclose(self) -> None:
        if not self._is_closed:
            self._is_closed = True
            self._transport.put_back(self._origin, self._connection)
