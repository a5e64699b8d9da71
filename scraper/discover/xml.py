"""Bounded, safe reading of XML: no DTD, no entities, no network, flat memory."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from scraper.errors import DiscoverError, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

MAX_XML_BYTES = 50 << 20  # the sitemap protocol's limit (CONTRACT L14)
_GZIP_MAGIC = b"\x1f\x8b"


def plain(body: bytes, url: str) -> bytes:
    """The body, gunzipped if it is gzip. Raises DiscoverError over the limit or for a cut stream."""
    if not body.startswith(_GZIP_MAGIC):
        return body
    unpack = zlib.decompressobj(wbits=31)
    try:
        data = unpack.decompress(body, MAX_XML_BYTES)
    except zlib.error as error:
        raise DiscoverError(url, Reason.BAD_ENCODING, str(error)) from error
    if unpack.unconsumed_tail:
        raise DiscoverError(url, Reason.TOO_BIG, f"over {MAX_XML_BYTES} bytes unpacked")
    if not unpack.eof:
        raise DiscoverError(url, Reason.TRUNCATED, "the gzip stream is cut")
    return data


def elements(body: bytes, url: str, *, names: frozenset[str]) -> Iterator[Element]:
    """Finished elements with one of these local names, each freed after it was looked at.

    Raises DiscoverError `unparsable` where the XML breaks; what came before
    has been given.
    """
    opened: list[Element] = []
    try:
        for event, element in iterparse(io.BytesIO(body.lstrip()), events=("start", "end"), forbid_dtd=True):
            if event == "start":
                opened.append(element)
                if len(opened) > 64:
                    raise DiscoverError(url, Reason.UNPARSABLE, "nested too deep")
                continue
            opened.pop()
            if local(element.tag) in names:
                yield element
                element.clear()
                if opened:
                    opened[-1].remove(element)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise DiscoverError(url, Reason.UNPARSABLE, f"{type(error).__name__}: {error}"[:200]) from error


def local(tag: object) -> str:
    """A tag without its namespace, lower case."""
    return str(tag).rpartition("}")[2].lower()


def child_text(element: Element, *names: str) -> str | None:
    """The text of the first child with one of these local names, in the order of the names."""
    for name in names:
        for child in element.iter():
            if child is not element and local(child.tag) == name and child.text and child.text.strip():
                return child.text.strip()
    return None
