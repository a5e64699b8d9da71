"""Errors of HTTP connections. They have httpx's names, which the stored details of outcomes use, old ones too."""

from __future__ import annotations


class InvalidURL(Exception):
    """A URL that cannot be requested."""


class TransportError(Exception):
    """A request without an answer, or with an incomplete one."""


class UnsupportedProtocol(TransportError):
    """A scheme other than http and https."""


class ConnectTimeout(TransportError):
    """The connection was not made in time."""


class ConnectError(TransportError):
    """The connection could not be made."""


class ReadTimeout(TransportError):
    """The server sent nothing for too long."""


class ReadError(TransportError):
    """The connection broke while an answer was read."""


class LocalProtocolError(TransportError):
    """A request that HTTP cannot express."""


class RemoteProtocolError(TransportError):
    """An answer that is not HTTP."""


class ProxyError(TransportError):
    """A proxy that does not connect us."""


class ProxyDown(ProxyError):
    """The proxy itself cannot be used for any request."""


class ProxyRefused(ProxyError):
    """The proxy works but does not let us reach a host: that is the proxy's rule and says nothing about the host."""
