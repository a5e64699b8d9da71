"""Every error in which a fetch can end, mapped to a reason, most specific first."""

from __future__ import annotations

import ssl

from scraper.errors import FetchError, NetworkDown, Reason, SystemLimit, is_out_of_files
from scraper.fetch.errors import (
    ConnectError,
    ConnectTimeout,
    InvalidURL,
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
from scraper.fetch.guard import GuardError

_REASONS: tuple[tuple[type[BaseException], Reason], ...] = (
    (UnsupportedProtocol, Reason.BLOCKED_SCHEME),
    (InvalidURL, Reason.BAD_URL),
    (ConnectTimeout, Reason.CONNECT),
    (ReadTimeout, Reason.DEADLINE),
    (TimeoutError, Reason.DEADLINE),
    (ConnectError, Reason.CONNECT),
    (ReadError, Reason.RESET),
    (ProxyRefused, Reason.PROXY),
    (ProxyError, Reason.CONNECT),
    (LocalProtocolError, Reason.BUG),  # a request that HTTP cannot express: our fault
    (RemoteProtocolError, Reason.PROTOCOL),
    (TransportError, Reason.PROTOCOL),
    (ssl.SSLError, Reason.TLS),
    (UnicodeError, Reason.BAD_URL),
    (ConnectionError, Reason.RESET),
    (OSError, Reason.CONNECT),
    (ValueError, Reason.BAD_URL),
    (ExceptionGroup, Reason.CONNECT),
)
# h11's words for a body that ends before its length, its last chunk or its headers do.
_CUT = ("peer closed connection without sending complete message body", "server disconnected")


def reason_of(error: BaseException) -> Reason | None:
    """The reason for an error; None for one that is a bug of ours."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and len(causes) < 10:
        causes.append(cause)
    for cause in causes:
        if isinstance(cause, GuardError):
            return cause.reason
        if isinstance(cause, ssl.SSLError):
            return Reason.TLS
    if isinstance(error, RemoteProtocolError) and str(error).lower().startswith(_CUT):
        return Reason.TRUNCATED if "body" in str(error) else Reason.RESET
    return next((reason for kind, reason in _REASONS if isinstance(error, kind)), None)


def as_fetch_error(url: str, error: Exception, *, bytes_seen: int | None = None) -> FetchError:
    """A foreign error as one of ours, since one bad page must not end a crawl. Raises SystemLimit if this machine is to
    blame.
    """
    if is_out_of_files(error):
        raise SystemLimit("no more files can be opened: raise `ulimit -n`") from error
    if isinstance(error, ProxyDown):
        raise NetworkDown(str(error)) from error
    guard = next((each for each in (error, error.__cause__, error.__context__) if isinstance(each, GuardError)), None)
    detail = str(guard or error) or type(error).__name__
    return FetchError(
        url,
        reason_of(error) or Reason.BUG,
        (detail if guard else f"{type(error).__name__}: {detail}")[:300],
        bytes_seen=bytes_seen,
    )
