"""Bounded, safe reading of XML: no DTD, no entities, no network, flat memory."""

from __future__ import annotations

import html
import io
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from scraper.errors import DiscoverError, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

MAX_XML_BYTES = 50 << 20  # the sitemap protocol's limit (CONTRACT L14)
MAX_DEPTH = 64
MAX_CHILDREN = 20_000  # elements in one entry: the protocol allows 1,000 images, each of several elements
_GZIP_MAGIC = b"\x1f\x8b"
# RSS 0.91 names its DTD; without an internal subset it declares nothing, and nobody fetches it.
_DOCTYPE = re.compile(rb"<!DOCTYPE\s[^\[\]<>]{0,500}>", re.IGNORECASE)
# What breaks feeds most often: HTML's entities, bare ampersands, control characters. CDATA is left as it is.
_BROKEN = re.compile(
    rb"<!\[CDATA\[.*?\]\]>|&(?:#[0-9]{1,7};|#x[0-9a-fA-F]{1,6};|([A-Za-z][A-Za-z0-9]{1,31};))?|[\x00-\x08\x0b\x0c\x0e-\x1f]",
    re.DOTALL,
)
_XML_ENTITIES = frozenset({b"amp;", b"lt;", b"gt;", b"quot;", b"apos;"})
# Elements of these vocabularies describe a picture or a podcast, not the entry.
_ASIDE = ("search.yahoo.com/mrss", "itunes.com", "google.com/schemas/sitemap-image", "google.com/schemas/sitemap-video")


@dataclass(frozen=True, slots=True)
class Plain:
    """A body without its gzip; `is_cut` says that the stream ended early."""

    data: bytes
    is_cut: bool = False


def plain(body: bytes, url: str, *, limit: int = MAX_XML_BYTES) -> Plain:
    """The body, gunzipped if it is gzip; of a cut stream what is there.

    Raises DiscoverError `too_big` over `limit` bytes and `bad_encoding` for
    what is no gzip after all.
    """
    if len(body) > limit:
        raise DiscoverError(url, Reason.TOO_BIG, f"over {limit} bytes")
    if not body.startswith(_GZIP_MAGIC):
        return Plain(body)
    data = b""
    while body.startswith(_GZIP_MAGIC):  # a file may hold several members (RFC 1952 §2.2)
        unpack = zlib.decompressobj(wbits=31)
        try:
            data += unpack.decompress(body, limit + 1 - len(data))
        except zlib.error as error:
            if data:
                return Plain(data, is_cut=True)
            raise DiscoverError(url, Reason.BAD_ENCODING, str(error)) from error
        if len(data) > limit:
            raise DiscoverError(url, Reason.TOO_BIG, f"over {limit} bytes unpacked")
        if not unpack.eof:
            return Plain(data, is_cut=True)
        body = unpack.unused_data
    return Plain(data)


def elements(body: bytes, url: str, *, names: frozenset[str]) -> Iterator[Element]:
    """Finished outermost elements with one of these local names; the tree never holds more than one of them.

    Raises DiscoverError `unparsable` where the XML breaks; what came before
    has been given.
    """
    given = 0
    try:
        for element in _walk(body.lstrip(), url, names):
            given += 1
            yield element
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise DiscoverError(url, Reason.UNPARSABLE, f"{type(error).__name__}: {error}"[:200]) from error


def _walk(body: bytes, url: str, names: frozenset[str]) -> Iterator[Element]:
    opened: list[Element] = []
    entry_depth = 0  # how deep the entry begins that is being read; 0 outside of entries
    children = 0
    for event, element in iterparse(io.BytesIO(body), events=("start", "end"), forbid_dtd=True):
        if event == "start":
            opened.append(element)
            if not entry_depth and local(element.tag) in names:
                entry_depth, children = len(opened), 0
            children += 1
            if len(opened) > MAX_DEPTH or (children > MAX_CHILDREN and entry_depth):
                raise DiscoverError(url, Reason.UNPARSABLE, "nested too deep, or one entry of too many parts")
            continue
        if entry_depth == len(opened):
            entry_depth = 0
            yield element
        opened.pop()
        if not entry_depth:
            element.clear()
            if opened:
                opened[-1].remove(element)


def mended(body: bytes) -> bytes:
    """The body with what most often breaks feeds put right; it is read a second time then."""

    def one(found: re.Match[bytes]) -> bytes:
        text = found[0]
        if text.startswith((b"<", b"&#")) or found[1] in _XML_ENTITIES:
            return text
        if found[1]:
            char = html.unescape(text.decode("ascii"))
            return (
                "".join(f"&#{ord(c)};" for c in char).encode("ascii")
                if char != text.decode("ascii")
                else b"&amp;" + text[1:]
            )
        return b"&amp;" if text == b"&" else b""

    return _BROKEN.sub(one, _DOCTYPE.sub(b"", body, count=1))


def local(tag: object) -> str:
    """A tag without its namespace, lower case."""
    return str(tag).rpartition("}")[2].lower()


def child(element: Element, name: str) -> Element | None:
    """The first direct child with this local name, of the vocabularies that describe the entry."""
    return next(
        (one for one in element if local(one.tag) == name and not any(aside in str(one.tag) for aside in _ASIDE)), None
    )


def child_text(element: Element, *names: str) -> str | None:
    """The text of the first direct child that has any, in the order of the names."""
    for name in names:
        for one in element:
            if (
                local(one.tag) == name
                and not any(aside in str(one.tag) for aside in _ASIDE)
                and (text := "".join(one.itertext()).strip())
            ):
                return text
    return None
