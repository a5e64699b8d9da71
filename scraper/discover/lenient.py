"""Broken XML, read as feed readers do: by its tags, whatever is between them. Linear, and nothing is expanded."""

from __future__ import annotations

import html
import re
from itertools import islice
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 64
MAX_CHILDREN = 20_000  # elements in one entry: the protocol allows 1,000 images, each of several elements
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_MAX_TAG = 8_192
_MAX_ATTRIBUTES = 100
_NAME = re.compile(r"/?([A-Za-z_][^\s/<>=\"']{0,99})")
_ATTRIBUTE = re.compile(r"([A-Za-z_][\w:.-]{0,99})\s{0,20}=\s{0,20}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_ROOTS = frozenset({"rss", "feed", "rdf", "urlset", "sitemapindex"})
_FIELDS = frozenset(
    {"title", "link", "guid", "id", "pubdate", "published", "updated", "loc", "lastmod"}
)  # of text only
# Prefixes that feeds often use without declaring them.
_PREFIXES = {
    "media": "http://search.yahoo.com/mrss/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "video": "http://www.google.com/schemas/sitemap-video/1.1",
    "xml": "http://www.w3.org/XML/1998/namespace",
}


class Scan:
    """The elements of a text in the order in which they end: what `walk` gives for well-formed XML.

    An end tag closes the nearest open element of its name, and one without a partner is ignored; an entry that begins
    within another one ends that. Afterwards `is_whole` says whether the root of a feed or sitemap had its end tag.
    """

    def __init__(self, text: str, names: frozenset[str]) -> None:
        self._text = text
        self._names = names
        # Where each mark was last found, so that it is searched for once and not from every place.
        self._next: dict[str, int] = {}
        self._prefixes = dict(_PREFIXES)
        self.is_whole = False

    def __iter__(self) -> Iterator[tuple[str, Element]]:
        """("start" | "end", element), like ElementTree's iterparse; an element that never ended has no "end"."""
        opened: list[Element] = []
        children = 0
        texts: list[str] = []  # joined once: a million pieces, each appended to the others, would never end
        for kind, value in self._tokens():
            if kind == "text":
                texts.append(value)
                continue
            if opened and texts:
                _append(opened[-1], "".join(texts))
            texts.clear()
            name, attributes = self._tag(value)
            if kind == "close":
                at = next((i for i in range(len(opened) - 1, -1, -1) if opened[i].tag == name), None)
                if at is not None:
                    yield from _ended(opened, at)
                    self.is_whole |= _local(name) in _ROOTS
                continue
            entry = next((i for i, one in enumerate(opened) if self._is_entry(one)), None)
            if entry is None:
                children = 0
            elif opened[entry].tag == name:
                yield from _ended(opened, entry)
                children = 0
            if entry is not None and opened and _local(name) in _FIELDS and _local(opened[-1].tag) in _FIELDS:
                yield from _ended(opened, len(opened) - 1)  # a title without its end tag must not swallow the link
            children += 1
            if len(opened) >= MAX_DEPTH or children > MAX_CHILDREN:
                continue
            element = Element(name, attributes)
            if opened:
                opened[-1].append(element)
            opened.append(element)
            yield "start", element
            if value.endswith("/"):
                yield from _ended(opened, len(opened) - 1)

    def _is_entry(self, element: Element) -> bool:
        return _local(element.tag) in self._names

    def _tokens(self) -> Iterator[tuple[str, str]]:
        """("text" | "open" | "close", its text or what is between the brackets)."""
        text, at, end = self._text, 0, len(self._text)
        while at < end:
            start = self._find("<", at)
            if start > at:
                yield "text", _unescaped(text[at:start])
            if start >= end:
                return
            if text.startswith("<![CDATA[", start) and (close := self._find("]]>", start)) < end:
                yield "text", _CONTROL.sub("", text[start + 9 : close])
                at = close + 3
            elif text.startswith("<!--", start) and (close := self._find("-->", start)) < end:
                at = close + 3
            elif text.startswith("<![CDATA[", start):  # it never ends: its content is markup like the rest
                at = start + 9
            elif text.startswith(("<!", "<?"), start) and (close := self._find(">", start)) < end:
                at = close + 1
            elif (name := _NAME.match(text, start + 1)) and (close := self._find(">", name.end())) - start < _MAX_TAG:
                yield ("close" if text[start + 1] == "/" else "open"), text[start + 1 : close]
                at = close + 1
            else:
                yield "text", "<"
                at = start + 1

    def _find(self, mark: str, start: int) -> int:
        """The next position of a mark; the end of the text if there is none."""
        known = self._next.get(mark, -1)
        if known < start:
            found = self._text.find(mark, start)
            known = self._next[mark] = len(self._text) if found < 0 else found
        return known

    def _tag(self, inside: str) -> tuple[str, dict[str, str]]:
        """A tag's name and attributes, with their namespaces as ElementTree writes them."""
        name = _NAME.match(inside)
        assert name is not None  # noqa: S101  (a token has one)
        attributes = {
            found[1]: _unescaped(found[2] or found[3] or found[4] or "")
            for found in islice(_ATTRIBUTE.finditer(inside, name.end()), _MAX_ATTRIBUTES)
        }
        for key, value in attributes.items():
            if key.startswith("xmlns:"):
                self._prefixes[key[6:]] = value
        return self._full(name[1]), {self._full(key): value for key, value in attributes.items()}

    def _full(self, name: str) -> str:
        prefix, colon, local = name.partition(":")
        return f"{{{self._prefixes.get(prefix, prefix)}}}{local}" if colon else name


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2].lower()


def _ended(opened: list[Element], at: int) -> Iterator[tuple[str, Element]]:
    """Close the open elements down to one of them."""
    while len(opened) > at:
        yield "end", opened[-1]
        opened.pop()


def _append(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _unescaped(text: str) -> str:
    """Text with its character references resolved; entities of a DTD stay as they are written."""
    try:
        return _CONTROL.sub("", html.unescape(text))
    except ValueError:  # a reference of thousands of digits
        return text
