"""The only importer of selectolax: decoding, guarded parsing, and text that reads as prose."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import webencodings
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from scraper.errors import ExtractError, Reason
from scraper.text import collapse, utf16_without_mark

if TYPE_CHECKING:
    from scraper.records import CharsetSource

Node = LexborNode
__all__ = [
    "LINE_BREAK",
    "Decoded",
    "Node",
    "Tree",
    "css",
    "css_first",
    "decode",
    "lines",
    "parse",
    "prepare",
    "prose",
    "split_selector",
]

# Stands for <br> in the text of a prepared tree; as a control character it cannot be part of a page's words.
LINE_BREAK = "\x1f"
# Words for screen readers only ("opens in a new window").
_SPOKEN = ", ".join(
    f"span.{name}"
    for name in ("sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "u-visually-hidden")
)
# What more than one reader asks for.
_INDEXED = "p, pre, blockquote, div, td, section, article, main, h1, h2, h3, figure, time"
_UNREAD = ["script", "style", "noscript", "template", "iframe", "svg", "object", "embed", "math"]

MAX_HTML_BYTES = 10 * 1024 * 1024
# Lexbor's tree builder is quadratic in open block elements: 10k <div> took 0.25 s, 100k took 23 s.
MAX_OPEN_BLOCKS = 2_000
MAX_ELEMENTS = 300_000
FEW_TAGS = 8_000  # as many blocks cost 0.2 s at worst, and few news pages have as many tags: the others need no count
_BLOCK_TAG = re.compile(rb"<(/?(?:div|ul|ol|section|article|blockquote|aside|main|nav|dl|figure))\b", re.IGNORECASE)
_META_CHARSET = re.compile(rb"""<meta[^>]+?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]+)""", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xfe\xff", "utf-16be"), (b"\xff\xfe", "utf-16le"))


class Tree(LexborHTMLParser):
    """A parsed page."""

    _by_tag: dict[str, list[Node]] | None = None

    def tagged(self, *tags: str) -> list[Node]:
        """All elements with one of these tags (of _INDEXED), tag by tag, each in document order.

        Every search by selector walks the whole page and costs a fifth of its
        parse; this walks it once. Ask only when no element will be taken out
        of the tree any more.
        """
        if self._by_tag is None:
            self._by_tag = {}
            for node in self.css(_INDEXED):
                self._by_tag.setdefault(node.tag or "", []).append(node)
        return [node for tag in tags for node in self._by_tag.get(tag, ())]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """A page as text, with the evidence for its charset; `replaced` counts U+FFFD put in.

    `utf8` are its bytes where they are flawless UTF-8: parsing them spares encoding the text again.
    """

    text: str
    utf8: bytes | None
    charset: str
    source: CharsetSource
    replaced: int


def _whatwg(label: bytes | str | None) -> webencodings.Encoding | None:
    """The encoding a browser would use for this label (WHATWG Encoding §4.2), None for an unknown one."""
    if not label:
        return None
    text = label.decode("ascii", "replace") if isinstance(label, bytes) else label
    return webencodings.lookup(text)


def decode(body: bytes, http_charset: str | None = None) -> Decoded:
    """Decode a page as browsers do: BOM, then the HTTP charset, then <meta>, then UTF-8.
    UTF-16 without a BOM shows by its NULs.

    Labels are looked up in the WHATWG table only, since Python's codecs would
    accept "base64" or "punycode" from a hostile page.
    """
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return _decoded(body[len(mark) :], webencodings.lookup(charset), "bom")
    if unmarked := utf16_without_mark(body):  # no other charset of the web has NULs between its letters
        return _decoded(body, webencodings.lookup(unmarked), "default")
    if encoding := _whatwg(http_charset):
        return _decoded(body, encoding, "header")
    # The standard looks at 1,024 bytes; news pages put scripts first, so we look further.
    if (found := _META_CHARSET.search(body, 0, 8192)) and (encoding := _whatwg(found[1])):
        # A <meta> that can be read as ASCII is not in UTF-16; and bytes that are valid UTF-8 are hardly anything
        # else: pages that were converted when they were saved keep their old <meta>.
        if encoding.name.startswith("utf-16") or (encoding is not webencodings.UTF8 and _is_utf8(body)):
            encoding = webencodings.UTF8
        return _decoded(body, encoding, "meta")
    return _decoded(body, webencodings.UTF8, "default")


def _is_utf8(body: bytes) -> bool:
    if body.isascii():
        return False
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(body: bytes, encoding: webencodings.Encoding, source: CharsetSource) -> Decoded:
    text, _ = encoding.codec_info.decode(body, "replace")
    replaced = text.count("\ufffd")
    utf8 = body if encoding is webencodings.UTF8 and not replaced else None
    return Decoded(text=text, utf8=utf8, charset=encoding.name, source=source, replaced=replaced)


def parse(text: str | bytes, *, url: str | None = None) -> Tree:
    """Parse a page (bytes are UTF-8), refusing markup that would cost more than an article can be worth.

    Raises ExtractError `unparsable` over the limits of CONTRACT.md L1 and L11.
    """
    if len(text) > MAX_HTML_BYTES:
        raise ExtractError(url, Reason.UNPARSABLE, f"over {MAX_HTML_BYTES} characters")
    if _open_blocks(text) > MAX_OPEN_BLOCKS:
        raise ExtractError(url, Reason.UNPARSABLE, f"over {MAX_OPEN_BLOCKS} unclosed blocks of a kind")
    try:
        return Tree(text)
    except (SelectolaxError, MemoryError) as error:
        raise ExtractError(url, Reason.UNPARSABLE, str(error)) from error


def _open_blocks(text: str | bytes) -> int:
    """How many elements of one kind of block are not closed, at most; 0 where there cannot be enough to matter."""
    markup = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
    if markup.count(b"<") <= FEW_TAGS:
        return 0
    tags = Counter(tag.lower() for tag in _BLOCK_TAG.findall(markup))
    return max((count - tags[b"/" + tag] for tag, count in tags.items() if tag[0] != ord("/")), default=0)


def css(root: Tree | Node, selector: str) -> list[Node]:
    """All matches in document order. Raises ValueError, with the selector, if it does not compile."""
    try:
        return root.css(selector)
    except SelectolaxError as error:
        raise ValueError(f"{selector!r} is no CSS selector") from error


def css_first(root: Tree | Node, selector: str) -> Node | None:
    """The first match in document order. Raises ValueError, with the selector, if it does not compile."""
    try:
        return root.css_first(selector)
    except SelectolaxError as error:
        raise ValueError(f"{selector!r} is no CSS selector") from error


def split_selector(selector: str) -> tuple[str, str | None]:
    """A selector and the attribute it asks for: "img.lead@src" → ("img.lead", "src"); None means the text."""
    head, mark, attribute = selector.rpartition("@")
    return (head, attribute) if mark and attribute.replace("-", "").isalnum() else (selector, None)


def prepare(tree: Tree) -> None:
    """Take out what is never text and make <br> visible to text(); once, after the metadata has been read.

    text() glues the words around a <br> together and includes scripts.
    """
    tree.strip_tags(_UNREAD, recursive=True)
    spoken = []
    for node in tree.css(f"br, {_SPOKEN}"):
        if node.tag == "br":
            node.insert_before(LINE_BREAK)
        else:
            spoken.append(node)
    for node in reversed(spoken):  # inner ones before what holds them
        node.decompose()


def prose(node: Node) -> str:
    """Text of a node on one line; in a prepared tree a <br> is a blank."""
    return collapse(node.text().replace(LINE_BREAK, " "))


def lines(node: Node) -> list[str]:
    """Text of a node in a prepared tree, cut at <br>, without empty lines."""
    return [line for part in node.text().split(LINE_BREAK) if (line := collapse(part))]
