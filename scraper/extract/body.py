"""Blocks of text out of a container: what both site layouts and the generic reader work on."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from scraper.html import LINE_BREAK, Node, prose
from scraper.text import collapse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.records import BlockKind

SUBHEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Never part of the text: pictures and players, controls, page furniture.
SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "iframe",
        "svg",
        "object",
        "embed",
        "figure",
        "figcaption",
        "picture",
        "img",
        "video",
        "audio",
        "canvas",
        "map",
        "aside",
        "nav",
        "footer",
        "button",
        "select",
        "input",
        "textarea",
        "label",
        "dialog",
        "menu",
        "head",
        "title",
        "link",
        "meta",
        "amp-img",
        "amp-ad",
        "amp-iframe",
        "amp-video",
        "amp-embed",
    ]
)
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "kbd",
        "mark",
        "q",
        "rp",
        "rt",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "nobr",
    ]
)
_BLOCKS_INSIDE = "p, div, ul, ol, table, blockquote, section, article, h2, h3, h4, figure, aside"
_ODD_PARAGRAPHS = "p table, p ul, p ol, p div, p blockquote"
_CONTROLS = "figure, figcaption, button, select, textarea"
_PARAGRAPH_BREAK = re.compile(f"{LINE_BREAK}\\s*(?:{LINE_BREAK}\\s*)+")
_EMBED = re.compile(
    r"\b(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|bluesky-embed|reddit-embed)"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
MAX_DEPTH = 200  # nesting below a container; deeper markup is no article's


class RawLink(NamedTuple):
    """A link inside a block, as printed (`href` may be relative)."""

    href: str
    text: str


class RawBlock(NamedTuple):
    """One block as found, before bylines, datelines and boilerplate are told apart.

    `text` is on one line; `lines` is the same text cut at <br>. `bold` is the
    text of the bold run that opens the block ("" if none). `classes` are the
    class tokens of the block element, lower-cased. `is_related` marks what a
    layout's `related` selectors matched.
    """

    kind: BlockKind
    text: str
    lines: tuple[str, ...]
    links: tuple[RawLink, ...] = ()
    bold: str = ""
    classes: str = ""
    is_related: bool = False

    @property
    def link_share(self) -> float:
        """Share of the text's characters that are links, 0.0–1.0."""
        return min(1.0, sum(len(link.text) for link in self.links) / max(1, len(self.text)))


def read_blocks(
    container: Node,
    *,
    skip: Callable[[Node], bool] | None = None,
    related: frozenset[int] = frozenset(),
    embeds: bool = False,
) -> list[RawBlock]:
    """The blocks of a container of a prepared tree, in document order.

    `skip` says of an element that it and all in it is not read; `related` are
    the `mem_id`s of elements with links to other articles. `embeds` takes
    posts of social networks as quotes.
    """
    reader = _Reader(
        skip=skip,
        related=related,
        embeds=embeds,
        has_odd_paragraphs=container.css_first(_ODD_PARAGRAPHS) is not None,
        with_controls=_holders(container, _CONTROLS),
        with_links=_holders(container, "a[href]"),
        with_bold=_holders(container, "b, strong"),
    )
    tag = container.tag or ""
    if tag in SUBHEADINGS or tag in ("p", "li", "blockquote", "pre"):
        reader.element(container, 0)
    else:
        reader.walk(container, 0)
        reader.flush()
    return reader.blocks


@dataclass(slots=True)
class _Reader:
    skip: Callable[[Node], bool] | None
    related: frozenset[int]
    embeds: bool
    has_odd_paragraphs: (
        bool  # whether any <p> holds blocks; asked once, since asking each one costs more than reading it
    )
    with_controls: set[int]  # the mem_ids of what holds pictures or controls, links, bold runs
    with_links: set[int]
    with_bold: set[int]
    blocks: list[RawBlock] = field(default_factory=list)
    run: list[str] = field(default_factory=list)  # text directly in a container, not yet a block
    run_links: list[RawLink] = field(default_factory=list)
    run_bold: str = ""

    def walk(self, node: Node, depth: int) -> None:
        """Read the children of a container; loose text between blocks is paragraphs."""
        if depth > MAX_DEPTH:
            return
        for child in list(node.iter(include_text=True)):
            tag = child.tag or ""
            if tag == "-text":
                self.run.append(child.text_content or "")
            elif tag in SKIPPED or tag == "br" or tag.startswith("-"):
                continue
            elif tag in _INLINE and child.css_first(_BLOCKS_INSIDE) is None:
                if not (child.mem_id in self.related or (self.skip and self.skip(child))):
                    self._inline(child, tag)
                elif child.mem_id in self.related:
                    self.flush()
                    self._emit("paragraph", child, is_related=True)
            else:
                self.flush()
                self.element(child, depth + 1)
                self.flush()

    def element(self, node: Node, depth: int) -> None:
        """Read one block-level element."""
        tag = node.tag or ""
        if node.mem_id in self.related:
            self._emit("paragraph", node, is_related=True)
            return
        if (self.skip and self.skip(node)) or is_hidden(node):
            return
        if tag == "form" and node.css_first("p") is None:  # some servers wrap the whole page in one
            return
        if tag == "p":
            if not (self.has_odd_paragraphs and node.css_first("table, ul, ol, div, blockquote") is not None):
                self._emit("paragraph", node)
            else:
                self.walk(node, depth)
        elif tag in SUBHEADINGS:
            self._emit("subheading", node)
        elif tag in ("pre", "dt", "dd", "summary", "address"):
            self._emit("paragraph", node)
        elif tag == "li":
            self._item(node, depth)
        elif tag == "blockquote":
            self._quote(node, depth)
        elif tag == "table":
            self._table(node, depth)
        else:
            self.walk(node, depth)

    def flush(self) -> None:
        """End a run of loose text: <br><br> ends a paragraph, a single <br> a line."""
        if not self.run:
            return
        text = "".join(self.run)
        links, bold = self.run_links, self.run_bold
        self.run, self.run_links, self.run_bold = [], [], ""
        for block in _paragraphs("paragraph", text, links, bold, ""):
            self.blocks.append(block)

    def _inline(self, node: Node, tag: str) -> None:
        text = node.text()
        if tag in ("b", "strong") and not self.run_bold and not "".join(self.run).strip():
            self.run_bold = collapse(text.replace(LINE_BREAK, " "))
        self.run.append(text)
        for anchor in [node] if tag == "a" else node.css("a[href]"):
            if href := anchor.attributes.get("href"):
                self.run_links.append(RawLink(href, prose(anchor)))

    def _emit(self, kind: BlockKind, node: Node, *, is_related: bool = False) -> None:
        self.flush()
        text = node.text()
        if not text or text.isspace():
            return
        key = node.mem_id
        for child in node.css("figure, figcaption, button, select, textarea") if key in self.with_controls else ():
            if child.mem_id != node.mem_id:
                text = text.replace(child.text(), " ", 1)
        links = (
            [RawLink(a.attributes.get("href") or "", prose(a)) for a in node.css("a[href]")]
            if key in self.with_links
            else []
        )
        classes = (node.attributes.get("class") or "").lower()
        bold = _bold_head(node) if key in self.with_bold else ""
        for block in _paragraphs(kind, text, links, bold, classes):
            self.blocks.append(block._replace(is_related=True) if is_related else block)

    def _item(self, node: Node, depth: int) -> None:
        nested = node.css_first("p, div, ul, ol, table, blockquote, h2, h3, h4")
        if nested is None:
            self._emit("list_item", node)
            return
        start = len(self.blocks)
        self.walk(node, depth)
        self.flush()
        for position in range(start, len(self.blocks)):
            if self.blocks[position].kind == "paragraph":
                self.blocks[position] = self.blocks[position]._replace(kind="list_item")

    def _quote(self, node: Node, depth: int) -> None:
        if not self.embeds and is_embed(node):
            return
        start = len(self.blocks)
        self.walk(node, depth)
        self.flush()
        for position in range(start, len(self.blocks)):
            if self.blocks[position].kind == "paragraph":
                self.blocks[position] = self.blocks[position]._replace(kind="quote")

    def _table(self, node: Node, depth: int) -> None:
        rows = [row for row in node.css("tr") if row.css_first("tr table") is None]
        if node.css_first("table table, td p + p, td div p") is not None or all(_cells(row) < 2 for row in rows):
            self.walk(node, depth)  # a table that only lays out the page
            return
        for row in rows:
            cells = [text for cell in row.iter() if cell.tag in ("td", "th") and (text := prose(cell))]
            if cells:
                text = " | ".join(cells)
                links = tuple(RawLink(a.attributes.get("href") or "", prose(a)) for a in row.css("a[href]"))
                self.blocks.append(
                    RawBlock("table_row", text, (text,), links, "", (node.attributes.get("class") or "").lower())
                )


def _holders(container: Node, selector: str) -> set[int]:
    """The mem_ids of all elements up to the container that hold a match: one walk instead of a search in every block."""
    found: set[int] = set()
    for node in container.css(selector):
        parent = node.parent
        while parent is not None and parent.mem_id not in found:
            found.add(parent.mem_id)
            if parent.mem_id == container.mem_id:
                break
            parent = parent.parent
    return found


def is_embed(node: Node) -> bool:
    """Whether an element is a post of a social network, as its script finds it (blockquote.twitter-tweet)."""
    return node.tag == "blockquote" and _EMBED.search(node.attributes.get("class") or "") is not None


def is_hidden(node: Node) -> bool:
    """Whether an element is not shown: hidden attribute, or an inline style that says so."""
    attributes = node.attributes
    return "hidden" in attributes or bool((style := attributes.get("style")) and _HIDDEN_STYLE.search(style))


def _cells(row: Node) -> int:
    return sum(1 for cell in row.iter() if cell.tag in ("td", "th"))


def _bold_head(node: Node) -> str:
    """The text of the bold run that opens a block, looking through one wrapper; "" if it opens otherwise."""
    for _ in range(3):
        first = next(
            (
                child
                for child in node.iter(include_text=True)
                if child.tag != "-text" or (child.text_content or "").strip()
            ),
            None,
        )
        if first is None or first.tag == "-text":
            return ""
        if first.tag in ("b", "strong"):
            return prose(first)
        node = first
    return ""


def _paragraphs(kind: BlockKind, text: str, links: list[RawLink], bold: str, classes: str) -> Iterator[RawBlock]:
    """One block, or several where <br><br> stands between them; each gets the links whose text it holds."""
    if LINE_BREAK not in text:
        if whole := collapse(text):
            yield RawBlock(kind, whole, (whole,), tuple(links), bold, classes)
        return
    parts = _PARAGRAPH_BREAK.split(text)
    for number, part in enumerate(parts):
        cut = tuple(line for piece in part.split(LINE_BREAK) if (line := collapse(piece)))
        if not cut:
            continue
        whole = " ".join(cut)
        own = tuple(link for link in links if len(parts) == 1 or (link.text and link.text in whole))
        yield RawBlock(kind, whole, cut, own, bold if number == 0 or whole.startswith(bold) else "", classes)
