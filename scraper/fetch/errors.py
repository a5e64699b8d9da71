"""What may go wrong on the wire. The names are httpx's: they stand in the details of outcomes, also of earlier ones."""

from __future__ import annotations


class InvalidURL(Exception):
    """An address that leads nowhere."""


class TransportError(Exception):
    """A request that got no answer, or not a whole one."""


class UnsupportedProtocol(TransportError):
    """A scheme other than http and https."""


class ConnectTimeout(TransportError):
    """No connection in time."""


class ConnectError(TransportError):
    """No connection."""


class ReadTimeout(TransportError):
    """Silence."""


class ReadError(TransportError):
    """A connection that broke."""


class LocalProtocolError(TransportError):
    """A request that HTTP cannot express."""


class RemoteProtocolError(TransportError):
    """An answer that is not HTTP."""


class ProxyError(TransportError):
    """A proxy that does not connect us."""


class ProxyDown(ProxyError):
    """The proxy itself cannot be used for any request."""


class ProxyRefused(ProxyError):
    """The proxy works, but does not let us reach a host: that is its rule, and says nothing about the host."""
