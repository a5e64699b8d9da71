"""Blocks of text from a container: the input of both site layouts and the generic reader."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from scraper import native
from scraper.html import LAST_TAG, LINE_BREAK, Node, children, links_in, prose, tag_number, text_of
from scraper.text import collapse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from scraper.records import BlockKind

    Skip = Callable[[Node, Mapping[str, str | None]], str | None]
    LeftOut = list[tuple[str, Node]]

SUBHEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# Never part of the text: pictures and players, controls, page furniture.
SKIPPED = frozenset(
    (
        "script style noscript template iframe svg object embed figure figcaption picture img video audio canvas map"
        " aside nav footer button select input textarea label dialog menu head title link meta amp-img amp-ad"
        " amp-iframe amp-video amp-embed"
    ).split()
)
_INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i kbd mark q rp rt ruby s samp small span strike"
        " strong sub sup time tt u var wbr nobr"
    ).split()
)
# What matters about an element's descendants, as bits.
_BLOCKS, _NESTED, _ODD, _PARAGRAPHS, _CONTROLS, _LINKS, _BOLD, _FIGURED, _PICTURES = (
    1 << number for number in range(9)
)
_INSIDE: dict[str, int] = {}
for _bit, _tags in (
    (_BLOCKS, "p div ul ol table blockquote section article h2 h3 h4 figure aside"),  # no inline element contains them
    (_NESTED, "p div ul ol table blockquote h2 h3 h4"),  # make a list item more than one block
    (_ODD, "table ul ol div blockquote"),  # a paragraph cannot contain them in valid markup
    (_PARAGRAPHS, "p"),
    (_CONTROLS, "figure figcaption button select textarea"),
    (_LINKS, "a"),
    (_BOLD, "b strong"),
    (_FIGURED, "table blockquote pre"),  # a figure that shows these is text (WordPress always wraps tables in one)
    (_PICTURES, "img figure picture amp-img"),
):
    for _tag in _tags.split():
        _INSIDE[_tag] = _INSIDE.get(_tag, 0) | _bit
_INSIDE_OF = {number: bits for tag, bits in _INSIDE.items() if (number := tag_number(tag)) <= LAST_TAG}
_BITS = native.compiled.Bits(_INSIDE) if native.compiled is not None else None
# What is one block, unless it contains what these bits stand for.
_WHOLE: dict[str, tuple[BlockKind, int]] = {
    "p": ("paragraph", _ODD),
    "li": ("list_item", _NESTED),
    **dict.fromkeys(("pre", "dt", "dd", "summary", "address"), ("paragraph", 0)),
    **dict.fromkeys(SUBHEADINGS, ("subheading", 0)),
}
_PARAGRAPH_BREAK = re.compile(f"{LINE_BREAK}\\s*(?:{LINE_BREAK}\\s*)+")
_EMBED = re.compile(
    r"\b(?:twitter-tweet|twitter-video|instagram-media|tiktok-embed|fb-post|bluesky-embed|reddit-embed)"
)
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
LONGEST_HEADING = 300  # characters in one that contains elements of its own
MAX_BLOCKS = 10_000  # a book has fewer paragraphs
MAX_DEPTH = 200  # nesting below a container; deeper markup is not an article's


class RawLink(NamedTuple):
    """A link inside a block, as printed (`href` may be relative)."""

    href: str
    text: str


class RawBlock(NamedTuple):
    """One block as found, before bylines, datelines and boilerplate are separated.

    `text` is on one line; `lines` is the same text split at <br>. `bold` is the text of the bold run that opens the
    block ("" if none). `classes` are the class tokens of the block element, lower-cased. `is_related` marks what a
    layout's `related` selectors matched, `label` is the heading of its list. `number` counts the blocks of a page in
    reading order, from 0. `by_picture` says that a picture is in its element, or right above it, `is_repeated` that the
    same text is on the page again. `box` is the `mem_id` of the element that contains the block (for an item, its
    list), 0 for loose text.
    """

    kind: BlockKind
    text: str
    lines: tuple[str, ...]
    links: tuple[RawLink, ...] = ()
    bold: str = ""
    classes: str = ""
    is_related: bool = False
    label: str | None = None
    number: int = 0
    by_picture: bool = False
    is_repeated: bool = False
    box: int = 0

    @property
    def link_share(self) -> float:
        """Share of the text's characters that are links, 0.0–1.0."""
        if not self.links:
            return 0.0
        return min(1.0, sum(len(link.text) for link in self.links) / max(1, len(self.text)))


def read_blocks(
    container: Node,
    *,
    skip: Skip | None = None,
    related: frozenset[int] = frozenset(),
    shown: frozenset[int] = frozenset(),
    embeds: bool = False,
    texts: Mapping[int, str] | None = None,
    first: int = 0,
    left_out: LeftOut | None = None,
) -> list[RawBlock]:
    """The blocks of a container of a prepared tree, in document order.

    `skip` says why an element, given with its attributes, is not read with its descendants, None if it is read;
    `related` are the `mem_id`s of elements with links to other articles, `shown` those of hidden ones that are read all
    the same. `embeds` takes posts of social networks as quotes. `texts` are texts that were read before
    (structure.mass.weigh). `first` is the number of the first block. What was not read is added to `left_out`, as (why,
    element).
    """
    reader = _Reader(
        skip=skip,
        related=related,
        shown=shown,
        embeds=embeds,
        inside=_inside(container),
        texts=texts or {},
        left_out=[] if left_out is None else left_out,
        first=first,
    )
    tag = container.tag or ""
    if tag in SUBHEADINGS or tag in ("p", "li", "blockquote", "pre"):
        reader.element(container, 0, tag)
    else:
        reader.walk(container, 0)
        reader.flush()
    for number in reader.by_picture:
        if number < reader.next_number:
            reader.blocks[number - first] = reader.blocks[number - first]._replace(by_picture=True)
    return reader.blocks


@dataclass(slots=True)
class _Reader:
    skip: Skip | None
    related: frozenset[int]
    shown: frozenset[int]
    embeds: bool
    inside: dict[int, int]  # mem_id → bits for what an element contains
    texts: Mapping[int, str]
    left_out: LeftOut
    first: int
    blocks: list[RawBlock] = field(default_factory=list)
    run: list[str] = field(default_factory=list)  # text directly in a container, not yet a block
    run_links: list[RawLink] = field(default_factory=list)
    run_bold: str = ""
    by_picture: set[int] = field(default_factory=set)  # numbers of blocks

    @property
    def next_number(self) -> int:
        """The number of the next block."""
        return self.first + len(self.blocks)

    def walk(self, node: Node, depth: int) -> None:
        """Read the children of a container; loose text between blocks becomes paragraphs."""
        if depth > MAX_DEPTH or len(self.blocks) > MAX_BLOCKS:
            self.left_out.append(("limit", node))
            return
        for tag, child in children(node):
            if len(self.blocks) > MAX_BLOCKS:
                self.left_out.append(("limit", node))
                return
            if tag == "-text":
                if self.run or not child.isspace() or LINE_BREAK in child:  # most of it is white space between blocks
                    self.run.append(child)
            elif tag in SKIPPED and not (tag == "figure" and self.inside.get(child.mem_id, 0) & _FIGURED):
                self.left_out.append(("tag", child))
                if _INSIDE.get(tag, 0) & _PICTURES:
                    self.by_picture.add(self.next_number)
            elif tag == "br" or tag.startswith("-"):
                continue
            elif tag in _INLINE and not self.inside.get(child.mem_id, 0) & _BLOCKS:
                self._inline(child, tag)
            else:
                if self.run:
                    self.flush()
                self.element(child, depth + 1, tag)
                if self.run:
                    self.flush()

    def element(self, node: Node, depth: int, tag: str) -> None:
        """Read one block-level element."""
        attributes = node.attributes
        key = node.mem_id
        inside = self.inside.get(key, 0)
        if key in self.related:
            self._emit("paragraph", node, attributes, is_related=True)
            return
        if why := self._why_not(node, tag, attributes, inside):
            self.left_out.append((why, node))
            if inside & _PICTURES:
                self.by_picture.add(self.next_number)
            return
        kind, parts = _WHOLE.get(tag, (None, 0))
        if kind is not None and not inside & parts and not (inside & _NESTED and self._is_text(tag, node)):
            self._emit(kind, node, attributes)
        elif tag == "li":
            self._as("list_item", node, depth)
        elif tag == "blockquote":
            if not self.embeds and is_embed(tag, attributes):
                self.left_out.append(("embed", node))
            else:
                self._as("quote", node, depth)
        elif tag == "table":
            self._table(node, depth)
        else:
            self.walk(node, depth)

    @staticmethod
    def _is_text(tag: str, node: Node) -> bool:
        """Whether a heading that contains elements is not one: some systems put a whole text into one."""
        return tag in SUBHEADINGS and len(node.text()) > LONGEST_HEADING

    def _why_not(self, node: Node, tag: str, attributes: Mapping[str, str | None], inside: int) -> str | None:
        """Why a block-level element is not read; None if it is."""
        if node.mem_id in self.shown:
            return None
        if self.skip and (why := self.skip(node, attributes)):
            return why
        if attributes and is_hidden(attributes):
            return None if _is_opened_by_heading(node) else "hidden"
        return "form" if tag == "form" and not inside & _PARAGRAPHS else None  # some servers wrap the whole page in one

    def flush(self) -> None:
        """End a run of loose text: <br><br> ends a paragraph, a single <br> a line."""
        if not self.run:
            return
        text = "".join(self.run)
        links, bold = self.run_links, self.run_bold
        self.run, self.run_links, self.run_bold = [], [], ""
        if text.isspace():  # usually between blocks
            return
        self.blocks += _paragraphs("paragraph", text, links, bold, "", self.next_number)

    def _inline(self, node: Node, tag: str) -> None:
        """Read one element within a run of loose text."""
        if node.mem_id in self.related:
            self._emit("paragraph", node, node.attributes, is_related=True)
            return
        if self.skip and (why := self.skip(node, node.attributes)):
            self.left_out.append((why, node))
            return
        text = text_of(node)
        if tag in ("b", "strong") and not self.run_bold and not "".join(self.run).strip():
            self.run_bold = collapse(text.replace(LINE_BREAK, " "))
        self.run.append(text)
        has_links = self.inside.get(node.mem_id, 0) & _LINKS
        if tag == "a" or has_links:
            self.run_links += [RawLink(href, text) for href, text in links_in(node) if href]

    def _emit(
        self, kind: BlockKind, node: Node, attributes: Mapping[str, str | None], *, is_related: bool = False
    ) -> None:
        if self.run:
            self.flush()
        key = node.mem_id
        inside = self.inside.get(key, 0)
        line = self.texts.get(key) if not inside & _CONTROLS else None
        text = line or text_of(node)
        if not text or text.isspace():
            return
        for child in node.css("figure, figcaption, button, select, textarea") if inside & _CONTROLS else ():
            if child.mem_id != key and not (kind == "subheading" and is_opener(child, text)):
                text = text.replace(text_of(child), " ", 1)
                self.left_out.append(("tag", child))
        if inside & _PICTURES:
            self.by_picture.add(self.next_number)
        links = _links(node) if inside & _LINKS or node.tag == "a" else []
        if kind == "subheading" and links and (mark := _anchor_mark(links)):
            text, line = text.strip().removeprefix(mark).removesuffix(mark), None
            links = [link for link in links if link.text != mark]
        classes = (attributes.get("class") or "").lower()
        bold = _bold_head(node) if inside & _BOLD else ""
        box = _box_of(kind, node)
        if line:
            known = (line, (line,), tuple(links), bold, classes, is_related, None, self.next_number)
            self.blocks.append(RawBlock(kind, *known, box=box))
            return
        blocks = _paragraphs(kind, text, links, bold, classes, self.next_number, box)
        if inside & _BOLD and LINE_BREAK in text:
            blocks = _with_bold_heads(blocks, node)
        for block in blocks:
            self.blocks.append(block._replace(is_related=True) if is_related else block)

    def _as(self, kind: BlockKind, node: Node, depth: int) -> None:
        """Read an element with blocks of its own; its paragraphs get that kind."""
        start = len(self.blocks)
        self.walk(node, depth)
        self.flush()
        for position in range(start, len(self.blocks)):
            if self.blocks[position].kind == "paragraph":
                self.blocks[position] = self.blocks[position]._replace(kind=kind)

    def _table(self, node: Node, depth: int) -> None:
        rows = [row for row in node.css("tr")[:MAX_BLOCKS] if row.css_first("tr table") is None]
        if node.css_first("table table, td p + p, td div p") is not None or all(_cells(row) < 2 for row in rows):
            self.walk(node, depth)  # a table used only for layout
            return
        for row in rows:
            cells = [text for cell in row.iter() if cell.tag in ("td", "th") and (text := prose(cell))]
            if cells:
                text = " | ".join(cells)
                links = tuple(_links(row))
                classes = (node.attributes.get("class") or "").lower()
                self.blocks.append(
                    RawBlock("table_row", text, (text,), links, classes=classes, number=self.next_number)
                )


def _inside(container: Node) -> dict[int, int]:
    """What the elements of a container contain, by `mem_id`: one walk instead of a search in every element."""
    if _BITS is not None:
        found: dict[int, int] = _BITS.inside(container)
        return found
    top = container.mem_id
    found = {}
    for node in container.css("*"):
        number = node.tag_id
        bits = _INSIDE_OF.get(number)
        if bits is None and not (number > LAST_TAG and (bits := _INSIDE.get(node.tag or ""))):
            continue
        parent = node.parent if node.mem_id != top else None
        while parent is not None:
            key = parent.mem_id
            known = found.get(key, 0)
            if known & bits == bits:
                break
            found[key] = known | bits
            parent = parent.parent if key != top else None
    return found


def _anchor_mark(links: Sequence[RawLink]) -> str | None:
    """The sign with which a heading links to itself ("¶", "#"); None if there is none."""
    return next((link.text for link in links if link.href.startswith("#") and len(link.text) == 1), None)


def is_embed(tag: str, attributes: Mapping[str, str | None]) -> bool:
    """Whether an element is a post of a social network, as that network's script recognises it
    (blockquote.twitter-tweet).
    """
    return tag == "blockquote" and _EMBED.search(attributes.get("class") or "") is not None


def _links(node: Node) -> list[RawLink]:
    return [RawLink(href, text) for href, text in links_in(node)]


def is_opener(button: Node, heading: str) -> bool:
    """Whether a button is the whole text of a heading, and opens and closes what is below it (an accordion)."""
    return button.tag == "button" and "aria-expanded" in button.attributes and button.text().strip() == heading.strip()


def _is_opened_by_heading(node: Node) -> bool:
    """Whether a hidden element is the one that the heading right above it opens."""
    above = node.prev
    while above is not None and above.tag == "-text":
        above = above.prev
    if above is None or above.tag not in SUBHEADINGS:
        return False
    button = above.css_first("button")
    return button is not None and is_opener(button, above.text())


def is_hidden(attributes: Mapping[str, str | None]) -> bool:
    """Whether an element with these attributes is not shown: hidden, or an inline style that says so."""
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


def _with_bold_heads(blocks: Iterable[RawBlock], node: Node) -> Iterator[RawBlock]:
    """The paragraphs of one element, each with the bold run that opens it."""
    runs = [run for child in node.css("b, strong") if (run := prose(child))]
    for block in blocks:
        head = next((run for run in runs if block.text.startswith(run)), "")
        yield block._replace(bold=head) if head and not block.bold else block


def _box_of(kind: BlockKind, node: Node) -> int:
    """The `mem_id` of the element that contains a block; for an item, that of the element that contains its list."""
    box = node.parent
    if kind == "list_item" and box is not None:
        box = box.parent
    return box.mem_id if box is not None else 0


def _paragraphs(
    kind: BlockKind, text: str, links: list[RawLink], bold: str, classes: str, first: int, box: int = 0
) -> Iterator[RawBlock]:
    """One block, or several if <br><br> separates them, numbered; each gets the links whose text it contains."""
    if LINE_BREAK not in text:
        if whole := collapse(text):
            yield RawBlock(kind, whole, (whole,), tuple(links), bold, classes, number=first, box=box)
        return
    parts = _PARAGRAPH_BREAK.split(text)
    for number, part in enumerate(parts):
        cut = tuple(line for piece in part.split(LINE_BREAK) if (line := collapse(piece)))
        if not cut:
            continue
        whole = " ".join(cut)
        own = tuple(link for link in links if len(parts) == 1 or (link.text and link.text in whole))
        head = bold if number == 0 or whole.startswith(bold) else ""
        yield RawBlock(kind, whole, cut, own, head, classes, number=first, box=box)
        first += 1
