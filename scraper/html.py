"""The only importer of selectolax: guarded parsing, and text that reads as prose."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar, cast

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode, SelectolaxError

from scraper import native
from scraper.bombs import bomb_in
from scraper.errors import ExtractError, Reason
from scraper.selectors import alternatives, compounds
from scraper.text import collapse
from scraper.walk import LINE_BREAK, PlainWalk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from scraper.selectors import Compound
    from scraper.walk import Walk

Node = LexborNode
T = TypeVar("T")
__all__ = [
    "LAST_TAG",
    "LINE_BREAK",
    "Node",
    "Tree",
    "among",
    "ancestor",
    "children",
    "css",
    "css_first",
    "descendants",
    "has_text",
    "is_child",
    "is_longer",
    "is_within",
    "lines",
    "links_in",
    "matching",
    "parse",
    "path",
    "prepare",
    "prose",
    "split_selector",
    "tag_number",
    "text_of",
]

MAX_MARK = 3  # characters of the mark of a note
# Words for screen readers only ("opens in a new window").
_SPOKEN = frozenset({"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "u-visually-hidden"})
_UNSEEN = "span[hidden], span[class*=only], span[class*=hidden], span[class*=reader], span[style*=none]"
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_UNREAD = ("script", "style", "noscript", "template", "iframe", "svg", "object", "embed", "math")
# Elements that can hold others, by lexbor's numbers.
_HOLDER_NUMBERS = frozenset(
    node.tag_id
    for node in LexborHTMLParser(
        "<noscript><p></noscript><template></template><svg></svg><object></object><embed><math></math>"
    ).css("noscript, template, svg, object, embed, math")
)

# The largest that HTML defines; the number of any other tag ("amp-img") is an address, different on each page.
LAST_TAG = 0xFFFF

MAX_HTML_BYTES = 10 * 1024 * 1024
MAX_ELEMENTS = 300_000  # anything else that costs too much is detected before parsing (scraper.bombs)
_FEW = 30  # elements that can be checked one by one faster than the engine walks the page


class Tree(LexborHTMLParser):
    """A parsed page, with the results of one walk through it: each search by selector would walk the whole page again."""

    _walked: Walk | None = None
    _by_id: dict[str, list[Node]] | None = None
    _answers: dict[str, list[Node]] | None = None
    _words: str | None = None
    _pieces: list[str] | None = None
    _links: list[tuple[Node, str]] | None = None
    headline_places: list[int] | None = None  # cached by its only user (structure.headline_lines)
    _marked: dict[str, list[tuple[Node, Mapping[str, str | None]]]] | None = None

    def tagged(self, *tags: str) -> list[Node]:
        """All elements with one of these tags, tag by tag, each in document order, without those that are never text
        (<svg>, <noscript>).
        """
        walk = self._walked if self._walked is not None else self.walk()
        if len(tags) == 1:
            return walk.tagged(tags[0])
        return [node for tag in tags for node in walk.tagged(tag)]

    def search(self, selector: str) -> list[Node]:
        """All matches in document order, from the walk if it can answer. Raises ValueError for a selector that does not
        compile.
        """
        if self._answers is None:
            self._answers = {}
        found = self._answers.get(selector)
        if found is None:
            found = self._answers[selector] = self._search(selector)
        return found

    def words(self) -> str:
        """The text of the page with a line break before each element; of a prepared tree."""
        if self._words is None:
            body = self.body
            self._words = "\n" + body.text(separator="\n", skip_empty=True) if body is not None else ""
        return self._words

    def pieces(self) -> list[str]:
        """The lines of words() without empty ones."""
        if self._pieces is None:
            body = self.body
            if native.compiled is not None and body is not None:
                self._pieces = native.compiled.pieces(body)
            else:
                self._pieces = list(filter(None, map(str.strip, self.words().split("\n"))))
        return self._pieces

    def links(self) -> list[tuple[Node, str]]:
        """All <a> with an address, in document order, each with its address."""
        if self._links is None:
            self._links = self.walk().links()
        return self._links

    def matching(self, selector: str, root: Node | None = None) -> list[Node]:
        """All matches in document order, in the page or in an element and its descendants; an element that matches two
        selectors of a list is there twice, as the engine gives it.
        """
        found = self.walk().matching(selector, root)
        return css(self if root is None else root, selector) if found is None else found

    def marked(self, selector: str) -> list[tuple[Node, Mapping[str, str | None]]]:
        """All matches in document order with their attributes, cached: for callers that search with the same list and
        so share one walk.
        """
        if self._marked is None:
            self._marked = {}
        found = self._marked.get(selector)
        if found is None:
            every = {node.mem_id: node for node in self.matching(selector)}
            found = self._marked[selector] = [(node, node.attributes) for node in every.values()]
        return found

    def take(self, *tags: str) -> list[Node]:
        """The elements with these tags, removed from the walk, for callers that remove them from the tree."""
        walk = self.walk()
        return [node for tag in tags for node in walk.take(tag)]

    def remove(self, nodes: Sequence[Node], kept: frozenset[int] = frozenset()) -> None:
        """Remove elements, given in document order, from the tree with all their descendants except these elements
        (mem_ids).
        """
        if not nodes:
            return
        walk, links, marked = self._walked, self._links, self._marked
        gone = walk.inside(list(nodes)) if walk is not None else None
        for node in reversed(nodes):  # inner ones before what contains them
            _take_out(node, kept)
        self.changed()
        if walk is None or gone is None or not kept.isdisjoint(every := set().union(*gone.values())):
            return
        walk.leave_out(gone)
        self._walked = walk
        self._links = links and _without(links, every)
        self._marked = marked and {selector: _without(found, every) for selector, found in marked.items()}

    def changed(self) -> None:
        """Note that elements were removed from the tree: the walk is repeated when it is next needed."""
        self._walked = self._by_id = self._answers = None
        self._words = self._pieces = self._links = self._marked = self.headline_places = None

    def walk(self) -> Walk:
        """The walk through the tree in its present state."""
        if self._walked is None:
            self._walked = walk_of(self)
            if len(self._walked) > MAX_ELEMENTS:
                raise ExtractError(None, Reason.UNPARSABLE, f"over {MAX_ELEMENTS} elements")
        return self._walked

    def _search(self, selector: str) -> list[Node]:
        parts = compounds(selector)
        if parts is None:
            return self.matching(selector)
        first = parts[0]
        few = None
        if first.id is not None:
            few = self._with_id(first.id)
        elif first.tag is not None and len(tagged := self.tagged(first.tag)) <= _FEW:
            few = tagged
        if few is not None:
            found = [
                node for node in few if (first.tag is None or node.tag == first.tag) and first.accepts(node.attributes)
            ]
        elif len(parts) == 1:
            return self.matching(selector)
        else:
            found = self.search(first.text)
        if len(found) > 1 and any(part.is_child for part in parts):  # children of several elements are out of order
            return css(self, selector)
        return _below(found, parts[1:])

    def _with_id(self, name: str) -> list[Node]:
        if self._by_id is None:
            self._by_id = self.walk().by_id()
        return self._by_id.get(name, [])


_NAMES = (
    native.compiled.Names(alternatives=alternatives, holders=_HOLDER_NUMBERS) if native.compiled is not None else None
)


def walk_of(tree: Tree) -> Walk:
    """One walk through a page in its present state: the compiled one if there is one."""
    if _NAMES is not None and native.compiled is not None:
        walk: Walk = native.compiled.Walk(_NAMES, tree.root)
        return walk
    return PlainWalk(tree, _HOLDER_NUMBERS, _FEW)


def _without(found: list[tuple[Node, T]], gone: set[int]) -> list[tuple[Node, T]]:
    return [each for each in found if each[0].mem_id not in gone]


def _take_out(node: Node, kept: frozenset[int]) -> None:
    """Remove an element from the tree, except these elements in it: a box that is dropped may hold links to articles."""
    holders = (
        {each.mem_id for found in node.css("*") if found.mem_id in kept for each in path(found)} if kept else set()
    )
    if node.mem_id not in holders:
        node.decompose(recursive=True)
        return
    for child in list(node.iter(include_text=True)):
        if child.mem_id in kept:
            continue
        if child.mem_id in holders:
            _take_out(child, kept)
        else:
            child.decompose(recursive=True)


def among(candidates: Iterable[tuple[Node, Mapping[str, str | None]]], selector: str) -> list[Node]:
    """The matches of a selector whose outermost element is one of these, each given with its attributes.

    For a selector of attributes and descendants only (scraper.selectors), any tag.
    """
    parts = compounds(selector) or ()
    return _below([node for node, attributes in candidates if parts[0].accepts(attributes)], parts[1:])


def _below(found: list[Node], parts: Sequence[Compound]) -> list[Node]:
    """The descendants of these elements that match the compounds, in document order."""
    for part in parts:
        inner: dict[int, Node] = {}
        for outer in found:
            key = outer.mem_id
            for node in outer.css(part.text):
                if node.mem_id != key and (not part.is_child or _is_child(node, key)):
                    inner[node.mem_id] = node
        found = list(inner.values())
    return found


def _is_child(node: Node, outer: int) -> bool:
    parent = node.parent
    return parent is not None and parent.mem_id == outer


def parse(text: str | bytes, *, url: str | None = None) -> Tree:
    """Parse a page (bytes are taken for UTF-8), refusing markup that would cost more than an article can be worth.

    Raises ExtractError `unparsable` over the limits that docs/contract.md names.
    """
    if len(text) > MAX_HTML_BYTES:
        raise ExtractError(url, Reason.UNPARSABLE, f"over {MAX_HTML_BYTES} characters")
    if bomb := bomb_in(text if isinstance(text, bytes) else text.encode("utf-8", "replace")):
        raise ExtractError(url, Reason.UNPARSABLE, bomb)
    try:
        tree = _tree(text)
        if any("</noscript" in node.text().lower() for node in tree.tagged("iframe", "noscript")):
            tree = _tree(_with_open_frames_renamed(text))
    except (SelectolaxError, MemoryError) as error:
        raise ExtractError(url, Reason.UNPARSABLE, str(error)) from error
    return tree


def _tree(text: str | bytes) -> Tree:
    return Tree(text, options=LexborDocumentOptions.WO_EVENTS)  # with events, 16k <option> took 1.4 s


def _with_open_frames_renamed(page: Any) -> Any:
    """A page (bytes or str) in which no <iframe> inside <noscript> is left open.

    A browser that runs scripts never looks into <noscript>. The parser does, and takes everything after an <iframe> up
    to its end tag for its text: one written as <iframe … /> would swallow the rest of the page.
    """
    is_bytes = isinstance(page, bytes)
    opening, closing, frame, frame_end, name = (
        (each.encode() if is_bytes else each)
        for each in ("<noscript", "</noscript", "<iframe", "</iframe", "<x-iframe")
    )
    lowered = page
    if (
        opening.upper() in page or frame.upper() in page
    ):  # hardly ever; in a text, some letters have no lower-case form of the same length
        lowered = page.lower() if len(page.lower()) == len(page) else page
    if opening not in lowered or frame not in lowered:
        return page
    parts: list[Any] = []
    done = 0
    start = lowered.find(opening)
    while start >= 0 and (end := lowered.find(closing, start)) >= 0:
        inner = lowered[start:end]
        if inner.count(frame) > inner.count(frame_end):
            parts += [page[done:start], inner.replace(frame, name)]
            done = end
        start = lowered.find(opening, end)
    return type(page)().join([*parts, page[done:]]) if parts else page


def tag_number(tag: str) -> int:
    """Lexbor's number for a tag: faster to get from an element than its name."""
    return LexborHTMLParser("").create_node(tag).tag_id


def css(root: Tree | Node, selector: str) -> list[Node]:
    """All matches in document order. Raises ValueError, with the selector, if it does not compile."""
    try:
        return root.css(selector)
    except SelectolaxError as error:
        raise ValueError(f"{selector!r} is not a CSS selector") from error


def css_first(root: Tree | Node, selector: str) -> Node | None:
    """The first match in document order. Raises ValueError, with the selector, if it does not compile."""
    try:
        return root.css_first(selector)
    except SelectolaxError as error:
        raise ValueError(f"{selector!r} is not a CSS selector") from error


def matching(root: Node, selector: str) -> list[Node]:
    """All matches among an element of a Tree and its descendants, as in Tree.matching: for lists by attributes in large
    elements.
    """
    return cast("Tree", root.parser).matching(selector, root)


def split_selector(selector: str) -> tuple[str, str | None]:
    """A selector and the attribute it asks for: "img.lead@src" → ("img.lead", "src"); None means the text."""
    head, mark, attribute = selector.rpartition("@")
    return (head, attribute) if mark and attribute.replace("-", "").isalnum() else (selector, None)


def prepare(tree: Tree) -> None:
    """Remove what is never text and make <br> visible to text(); once, after the metadata has been read.

    text() joins the words around a <br>, includes scripts, and merges <rt>, the pronunciation of the characters beside
    it, into them.
    """
    for node in tree.take(*_UNREAD):
        node.decompose(recursive=True)
    readings = [
        node
        for node in tree.take("rt")
        if node.parent is None or node.parent.css_first("rp") is None  # brackets set other readings apart
    ]
    if readings:
        tree.remove(readings)
    if marks := [node for node in tree.tagged("sup") if _is_note_mark(node)]:
        tree.remove(marks)
    for node in tree.take("br"):
        node.insert_before(LINE_BREAK)
    if spoken := [node for node in _perhaps_unseen(tree) if (given := node.attributes) and _is_unseen(given)]:
        tree.remove(spoken)


def _perhaps_unseen(tree: Tree) -> list[Node]:
    """The elements for which _is_unseen may hold, by part of its signs, or all of their tag."""
    found = tree.walk().matching(_UNSEEN)
    return tree.tagged("span") if found is None else list({node.mem_id: node for node in found}.values())


def _is_unseen(attributes: Mapping[str, str | None]) -> bool:
    """Whether an inline element is not shown: hidden by its markup, or for screen readers by its classes.

    A page may have thousands; part of a class's name settles most of them sooner.
    """
    names, style = attributes.get("class"), attributes.get("style")
    if names and ("only" in names or "hidden" in names or "reader" in names) and not _SPOKEN.isdisjoint(names.split()):
        return True
    return "hidden" in attributes or (style is not None and "none" in style and _NOT_SHOWN.search(style) is not None)


def _is_note_mark(raised: Node) -> bool:
    """Whether a raised number or sign is a link to a note on the same page, and so not a word of its sentence."""
    mark = raised.text().strip(" []()\n\xa0")
    if not mark or len(mark) > MAX_MARK or not (mark.isdecimal() or len(mark) == 1):
        return False
    around = raised.parent
    links = [around] if around is not None and around.tag == "a" else raised.css("a")
    return len(links) == 1 and (links[0].attributes.get("href") or "").startswith("#")


def _prose(node: Node) -> str:
    """Text of a node on one line; in a prepared tree a <br> becomes a blank."""
    return collapse(node.text().replace(LINE_BREAK, " "))


def lines(node: Node) -> list[str]:
    """Text of a node in a prepared tree, cut at <br>, without empty lines."""
    return [line for part in text_of(node).split(LINE_BREAK) if (line := collapse(part))]


def path(node: Node) -> Iterator[Node]:
    """The ancestors of an element, nearest first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _descendants(node: Node, tag: str) -> list[Node]:
    """An element, if it has the tag, and its descendants that do: for small elements faster than css(), which parses
    its selector each time.
    """
    return [each for each in node.traverse() if each.tag == tag]


def _children(node: Node) -> list[tuple[str, Any]]:
    """(tag, element) of an element's direct children; ("-text", its words) for a piece of text."""
    found = ((child.tag or "", child) for child in node.iter(include_text=True))
    return [(tag, (child.text_content or "") if tag == "-text" else child) for tag, child in found]


def _links_in(node: Node) -> list[tuple[str, str]]:
    """(address, text on one line) of an element, if it is a link, and of the links in it; an address may be empty."""
    found = ((anchor, anchor.attributes) for anchor in _descendants(node, "a"))
    return [(given["href"] or "", _prose(anchor)) for anchor, given in found if "href" in given]


def _is_longer(node: Node, limit: int) -> bool:
    """Whether the text of an element has more than so many characters."""
    return len(node.text()) > limit


def _has_text(node: Node, wanted: bytes) -> bool:
    """Whether a piece of an element's text has these ASCII characters."""
    text = wanted.decode()
    return any(text in (each.text_content or "") for each in node.traverse(include_text=True) if each.tag == "-text")


def is_within(node: Node, outer: Node) -> bool:
    """Whether an element is below another one."""
    key = outer.mem_id
    return any(each.mem_id == key for each in path(node))


def is_child(node: Node, outer: Node) -> bool:
    """Whether an element is a direct child of another one."""
    parent = node.parent
    return parent is not None and parent.mem_id == outer.mem_id


def ancestor(node: Node, tags: tuple[str, ...]) -> int | None:
    """The mem_id of the nearest among an element and its ancestors with one of these tags."""
    if node.tag in tags:
        return node.mem_id
    return next((each.mem_id for each in path(node) if each.tag in tags), None)


# Questions about many elements of each page, answered in C if possible.
text_of: Callable[[Node], str]
prose: Callable[[Node], str]
descendants: Callable[[Node, str], list[Node]]
children: Callable[[Node], list[tuple[str, Any]]]
links_in: Callable[[Node], list[tuple[str, str]]]
is_longer: Callable[[Node, int], bool]
has_text: Callable[[Node, bytes], bool]
if native.compiled is not None:
    text_of, prose, descendants = native.compiled.text, native.compiled.prose, native.compiled.descendants
    children, links_in = native.compiled.children, native.compiled.links
    is_longer, has_text = native.compiled.is_longer, native.compiled.has_text
else:
    text_of, prose, descendants, children, links_in = Node.text, _prose, _descendants, _children, _links_in
    is_longer, has_text = _is_longer, _has_text
