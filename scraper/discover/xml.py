"""Bounded, safe reading of XML, well-formed or broken: no DTD, no entities, no network, flat memory."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from scraper.discover.lenient import MAX_CHILDREN, MAX_DEPTH, XML_BASE, Scan
from scraper.errors import DiscoverError, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

# Elements of these vocabularies describe a picture or a podcast, not the entry.
_ASIDE = ("search.yahoo.com/mrss", "itunes.com", "google.com/schemas/sitemap-image", "google.com/schemas/sitemap-video")


@dataclass(frozen=True, slots=True)
class ListingEntry:
    """An item, entry or URL: its element, the base address of its relative links, and the site that the feed names."""

    element: Element
    base: str
    site: str | None


def entries(data: bytes, url: str, *, names: frozenset[str]) -> Iterator[ListingEntry]:
    """Finished outermost elements with one of these local names; the tree never holds more than one of them.

    `data` is the result of markup(). Raises DiscoverError `unparsable` where the XML breaks; what came before has been
    yielded.
    """
    try:
        yield from _walk(iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True), url, names)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise DiscoverError(url, Reason.UNPARSABLE, f"{type(error).__name__}: {error}"[:200]) from error


class Lenient:
    """The same for broken XML. Afterwards `is_whole` says whether it was read to its end."""

    def __init__(self, data: bytes, url: str, *, names: frozenset[str]) -> None:
        self._scan = Scan(data.decode("utf-8", "replace"), names)
        self._url, self._names = url, names

    def __iter__(self) -> Iterator[ListingEntry]:
        yield from _walk(self._scan, self._url, self._names)

    @property
    def is_whole(self) -> bool:
        return self._scan.is_whole


def _walk(events: Iterable[tuple[str, Element]], url: str, names: frozenset[str]) -> Iterator[ListingEntry]:
    opened: list[Element] = []
    bases = [url]
    entry_depth = 0  # depth at which the current entry begins; 0 outside of entries
    children = 0
    site = None
    for event, element in events:
        if event == "start":
            opened.append(element)
            base = element.get(XML_BASE)
            bases.append(resolved(bases[-1], base) if base else bases[-1])
            if not entry_depth and local(element.tag) in names:
                entry_depth, children = len(opened), 0
            children += 1
            if len(opened) > MAX_DEPTH or (children > MAX_CHILDREN and entry_depth):
                raise DiscoverError(url, Reason.UNPARSABLE, "nested too deep, or one entry of too many parts")
            continue
        if entry_depth == len(opened):
            entry_depth = 0
            has_base = bases[-1] != url
            yield ListingEntry(element, bases[-1] if has_base or site is None else site, site)
        elif (
            site is None and not entry_depth and local(element.tag) == "link" and (text := (element.text or "").strip())
        ):
            site = text if text.lower().startswith(("http://", "https://")) else None  # of an RSS channel
        opened.pop()
        bases.pop()
        if not entry_depth:
            element.clear()
            if opened:
                opened[-1].remove(element)


def resolved(base: str, href: str) -> str:
    """An address resolved against another one; the other one if the first is invalid."""
    try:
        return urljoin(base, href.strip())
    except ValueError:
        return base


def local(tag: object) -> str:
    """A tag without its namespace, in lower case."""
    return str(tag).rpartition("}")[2].lower()


def child(element: Element, name: str) -> Element | None:
    """The first direct child with this local name, in the vocabularies that describe the entry."""
    return next((one for one in element if local(one.tag) == name and not is_aside(one)), None)


def is_aside(element: Element) -> bool:
    """Whether an element describes a picture or a podcast, not its entry."""
    return any(aside in str(element.tag) for aside in _ASIDE)


def child_text(element: Element, *names: str) -> str | None:
    """The text of the first direct child that has any, in the order of the names."""
    for name in names:
        for one in element:
            if local(one.tag) == name and not is_aside(one) and (text := "".join(one.itertext()).strip()):
                return text
    return None
