"""The body of any news page, without site rules and without a language.

Text mass goes up from paragraphs to their ancestors; the element that holds most of it directly is
the start, and is widened as long as what it gains is text of the same sort. Then every block has to
stand on its own: links, captions, share bars and teasers inside the body go.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING

from scraper.extract.body import SKIPPED, RawBlock, is_embed, is_hidden, read_blocks
from scraper.extract.classes import holds_text, is_furniture
from scraper.extract.mass import STOPS, Mass, mass_of, weigh
from scraper.extract.related import is_labelled, mark_lists, opening_label, related_label
from scraper.html import prose
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scraper.html import Node, Tree

# Class names of "Baca juga" lines and boxes, on pages of many papers.
_RELATED = ", ".join(
    f'[class*="{name}" i]'
    for name in ("baca", "lihatjg", "lihat-juga", "linksisip", "link-sisip", "terkait-isi", "readalso")
)
MAX_RELATED = 800  # characters; a box of five headlines has some 400
MIN_LINKED = 500  # characters of links that make a sidebar
MAX_PICTURES = 200
MAX_CAPTION = 300  # characters; captions in the data are rarely longer, paragraphs rarely share a box with a picture
_PICTURE_BOXES = frozenset({"div", "td", "center", "table", "tr", "tbody", "figure"})
_BOXES = _PICTURE_BOXES | {"a", "span", "em", "i", "b", "strong", "font", "picture"}
FEW_CHARACTERS = 1_000  # of text; with less, a widget's may be the longest of the page
MIN_AROUND = 120  # characters around the headline that may be the text
MIN_BESIDE = 0.6  # of the longest text elsewhere
MIN_ADDED = 0.5  # of the text found that an element named after the text must hold besides
MAX_UP = 6  # levels between a text and the element that is named after it
_PLACE = re.compile(r"(?:^|[-_])(?:first|last|odd|even|\d+)$", re.IGNORECASE)
MIN_DOUBLE = 60  # characters; a shorter block may well say the same twice
MIN_FILLED = 0.8  # of the text around the pieces of one body is theirs
WIDEN_GAIN = 1.08  # a wider element must bring 8 % more text to be worth its furniture


@dataclass(frozen=True, slots=True, kw_only=True)
class GenericBody:
    """The blocks of the article body, and how they were found, for `--explain`.

    `boxes` are the elements that were read (a split body has several), `raw`
    the blocks in them before those that are no text were left out, `masses`
    all elements that hold text; `title` is the heading that prints the headline.
    """

    blocks: tuple[RawBlock, ...]
    boxes: tuple[Node, ...] = ()
    raw: tuple[RawBlock, ...] = ()
    masses: tuple[Mass, ...] = ()
    title: Node | None = None

    def candidates(self) -> tuple[tuple[str, float, float], ...]:
        """The five elements with most text, as (selector, characters weighed by how near they are, all characters)."""
        ranked = sorted(self.masses, key=lambda mass: -mass.direct)[:5]
        return tuple((describe(mass.node), mass.direct, mass.whole) for mass in ranked)


def find_body(tree: Tree, *, headline: str | None, embeds: bool = False) -> GenericBody:
    """Find the article's body; `headline` helps to know what is not body, `embeds` takes posts of social networks too."""
    texts: dict[int, str] = {}
    title = _title_of(tree, headline)
    masses = weigh(tree, texts, above=_ancestors(title))
    article = _ancestor(title, ("article",)) if title is not None else None
    best = _beside_title(title, _best(masses, article), masses)
    if best is None:
        return GenericBody(blocks=())
    boxes = [mass.node for mass in _chunks(_widen(best, masses), masses, article)]
    kept = _above(best.node, boxes)
    blocks = []
    for box in boxes:
        pictures = picture_boxes(box) - kept
        skip = partial(_is_left_out, pictures, kept=kept, embeds=embeds)
        blocks += read_blocks(box, skip=skip, related=related_boxes(box), embeds=embeds, texts=texts)
    return GenericBody(
        blocks=tuple(_filter(mark_lists(blocks), headline)),
        boxes=tuple(boxes),
        raw=tuple(blocks),
        masses=tuple(masses.values()),
        title=title,
    )


def related_boxes(box: Node) -> frozenset[int]:
    """The mem_ids of the outermost elements in a box that are links to other articles by their class and by their text."""
    found: set[int] = set()
    for node in box.css(_RELATED):
        text = prose(node)
        if (
            not 0 < len(text) <= MAX_RELATED
            or is_hidden(node.attributes)
            or any(_is_inside(node, each) for each in found)
        ):
            continue
        linked = sum(len(prose(anchor)) for anchor in ([node] if node.tag == "a" else node.css("a[href]")))
        label = related_label(text) or opening_label(text) or ""
        if linked >= 0.7 * (len(text) - len(label)):
            found.add(node.mem_id)
    return frozenset(found)


def _is_inside(node: Node, outer: int) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id == outer:
            return True
        parent = parent.parent
    return False


def left_out(box: Node) -> list[Node]:
    """The outermost elements of a box that are not read at all: furniture and pictures with their captions."""
    pictures = picture_boxes(box)
    found: list[Node] = []
    inside: set[int] = set()
    for node in box.css("*"):
        parent = node.parent
        if parent is not None and parent.mem_id in inside:
            inside.add(node.mem_id)
        elif (node.tag or "") in SKIPPED or _is_left_out(pictures, node, node.attributes):
            inside.add(node.mem_id)
            found.append(node)
    return found


def describe(node: Node) -> str:
    """An element as a selector: "div#main.article-body"."""
    attributes = node.attributes
    name = node.tag or ""
    name += f"#{attributes['id']}" if attributes.get("id") else ""
    return name + "".join(f".{token}" for token in (attributes.get("class") or "").split()[:3])


def _title_of(tree: Tree, headline: str | None) -> Node | None:
    """The heading that prints the headline."""
    title = fold(headline or "")
    return next((node for node in tree.tagged("h1", "h2")[:30] if fold(node.text()) == title), None) if title else None


def _ancestors(node: Node | None) -> frozenset[int]:
    found = set()
    parent = node.parent if node is not None else None
    while parent is not None:
        found.add(parent.mem_id)
        parent = parent.parent
    return frozenset(found)


def _best(masses: dict[int, Mass], article: int | None) -> Mass | None:
    if article is not None and article in masses and masses[article].whole >= 400:
        masses = {
            key: each for key, each in masses.items() if key == article or _is_within(each.node, masses[article].node)
        }

    def score(mass: Mass) -> float:
        bonus = 1.3 if holds_text(mass.names) or mass.attributes.get("itemprop") == "articleBody" else 1.0
        return mass.direct * bonus

    return max(masses.values(), key=score, default=None)


def _beside_title(title: Node | None, best: Mass | None, masses: dict[int, Mass]) -> Mass | None:
    """The element around the headline instead of a text elsewhere that is hardly longer: a widget's, on a page with little text."""
    scope = _around(title) if title is not None and (best is None or best.whole < FEW_CHARACTERS) else None
    if scope is None or title is None:
        return best
    if best is not None:
        common = next((node for node in _path(best.node) if _is_within(title, node)), None)
        if (
            common is None
            or common.tag in ("article", "main")
            or _is_within(best.node, scope)
            or scope.mem_id == best.node.mem_id
        ):
            return best
        if _plain_size(scope) - len(title.text()) < MIN_BESIDE * best.whole:
            return best
    return masses.get(scope.mem_id) or mass_of(scope)


def _around(title: Node) -> Node | None:
    """The nearest element around the headline that holds some plain text besides."""
    for node in _path(title):
        if node.tag in ("body", "html"):
            return None
        if _plain_size(node) - len(title.text()) >= MIN_AROUND:
            return node
    return None


def _path(node: Node) -> Iterator[Node]:
    """The ancestors of an element, nearest first."""
    parent = node.parent
    while parent is not None:
        yield parent
        parent = parent.parent


def _plain_size(node: Node) -> int:
    """Characters of an element that are in no link."""
    return len(prose(node)) - sum(len(prose(anchor)) for anchor in node.css("a"))


def _widen(best: Mass, masses: dict[int, Mass]) -> Mass:
    """The widest ancestor that still gains text of the same sort."""
    current = _named(best, masses)
    average = best.whole / max(1, best.paragraphs)
    node = current.node
    for _ in range(6):
        if node.tag in ("article", "main", "body") or holds_text(current.names):
            break
        parent = node.parent
        mass = masses.get(parent.mem_id) if parent is not None else None
        if parent is None or mass is None or parent.tag in STOPS:
            break
        node = parent
        gained = mass.whole - current.whole
        count = mass.paragraphs - current.paragraphs
        is_beside = mass.own >= average and _is_child(current.node, node)  # paragraphs that only a wall or an advert parts
        if gained < current.whole * (WIDEN_GAIN - 1) and not is_beside:
            continue
        if count and gained / count >= average * 0.45 and not _is_mostly_furniture(current, mass):
            current = mass
        else:
            break
    return current


def _is_child(node: Node, outer: Node) -> bool:
    parent = node.parent
    return parent is not None and parent.mem_id == outer.mem_id


def _named(best: Mass, masses: dict[int, Mass]) -> Mass:
    """The element around the text whose name says that the text is in it, if what it adds is not mostly links."""
    if holds_text(best.names):
        return best
    node = best.node.parent
    for _ in range(MAX_UP):
        mass = masses.get(node.mem_id) if node is not None else None
        if node is None or mass is None or mass.tag in ("article", "main", "body"):
            return best
        if holds_text(mass.names):
            return mass if _adds_text(best, mass) else best
        node = node.parent
    return best


def _adds_text(inner: Mass, outer: Mass) -> bool:
    """Whether a wider element adds a good deal of text, and more than links."""
    size = len(prose(inner.node))
    added = len(prose(outer.node)) - size
    linked = _link_size(outer.node) - _link_size(inner.node)
    return added > MIN_ADDED * size and linked < 0.5 * added


def _is_mostly_furniture(inner: Mass, outer: Mass) -> bool:
    """Whether what a wider element adds is links more than text: a sidebar with a paragraph in it."""
    linked = _link_size(outer.node) - _link_size(inner.node)
    return linked > MIN_LINKED and linked > 0.5 * (len(outer.node.text()) - len(inner.node.text()))


def _link_size(node: Node) -> int:
    return sum(len(anchor.text()) for anchor in node.css("a"))


def _chunks(container: Mass, masses: dict[int, Mass], article: int | None) -> list[Mass]:
    """The container, and its like elsewhere in the same article: a body that the page splits (same tag, same classes)."""
    if not container.names or container.tag in ("body", "main", "article"):
        return [container]
    alike = [
        mass
        for mass in masses.values()
        if mass.tag == container.tag
        and _are_alike(mass, container)
        and mass.whole >= min(200.0, container.whole * 0.1)
        and mass.node.mem_id != container.node.mem_id
    ]
    inside = [mass for mass in alike if not _is_within(mass.node, container.node)]
    if not inside or any(_is_within(container.node, mass.node) for mass in inside):
        return [container]
    scope = _scope(container.node, article)
    if scope is not None:
        inside = [mass for mass in inside if _scope(mass.node, article) == scope]
    is_near = scope is not None and scope == _ancestor(container.node, ("article", "main"))
    if not inside or not (is_near or _fill_their_place([container, *inside], masses)):
        return [container]
    chosen = {mass.node.mem_id for mass in (container, *inside)}
    return [mass for mass in masses.values() if mass.node.mem_id in chosen]


def _scope(node: Node, article: int | None) -> int | None:
    """The element that all pieces of a body are in: the article with the headline, else the outermost article or main."""
    found = None
    parent: Node | None = node
    while parent is not None:
        if parent.mem_id == article:
            return article
        if parent.tag in ("article", "main"):
            found = parent.mem_id
        parent = parent.parent
    return found


def _are_alike(first: Mass, second: Mass) -> bool:
    """Whether two elements have the same classes but for their place ("box" and "box box-first"), or share one that says "here is text"."""
    one, other = first.attributes.get("class") or "", second.attributes.get("class") or ""
    if one == other:
        return True
    ours, theirs = _kinds(one), _kinds(other)
    return ours == theirs or any(holds_text(name) for name in ours & theirs)


@lru_cache(maxsize=1024)
def _kinds(classes: str) -> frozenset[str]:
    """Class tokens without those that say which of several an element is."""
    return frozenset(name for name in classes.split() if not _PLACE.search(name))


def _fill_their_place(chunks: list[Mass], masses: dict[int, Mass]) -> bool:
    """Whether the nearest element around all chunks holds hardly any text but theirs; teasers in a list are no pieces."""
    node = chunks[0].node.parent
    while node is not None and not all(_is_within(mass.node, node) for mass in chunks):
        node = node.parent
    around = masses.get(node.mem_id) if node is not None else None
    if around is None or len({_ancestor(mass.node, ("li",)) for mass in chunks}) > 1:
        return False
    return sum(mass.whole for mass in chunks) >= MIN_FILLED * around.whole


def _ancestor(node: Node, tags: tuple[str, ...]) -> int | None:
    """The nearest of an element and its ancestors with one of these tags."""
    parent: Node | None = node
    while parent is not None:
        if parent.tag in tags:
            return parent.mem_id
        parent = parent.parent
    return None


def _is_within(node: Node, outer: Node) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id == outer.mem_id:
            return True
        parent = parent.parent
    return False


def picture_boxes(container: Node) -> frozenset[int]:
    """Elements that hold a picture and a short text, which is its caption: figures that are not marked up as such."""
    found = set()
    for image in container.css("img")[:MAX_PICTURES]:
        box = None
        node = image.parent
        while node is not None and node.tag in _BOXES and node.mem_id != container.mem_id:
            if len(node.text()) > MAX_CAPTION:
                break
            box = node if node.tag in _PICTURE_BOXES else box
            node = node.parent
        if box is not None:
            found.add(box.mem_id)
    return frozenset(found)


def _above(core: Node, boxes: list[Node]) -> frozenset[int]:
    """The mem_ids of the element with most text and of those between it and the box it is in: never furniture."""
    outer = {box.mem_id for box in boxes}
    found = {core.mem_id}
    node = core.parent if core.mem_id not in outer else None
    while node is not None and node.mem_id not in outer:
        found.add(node.mem_id)
        node = node.parent
    return frozenset(found)


def _is_left_out(
    pictures: frozenset[int],
    node: Node,
    attributes: Mapping[str, str | None],
    *,
    kept: frozenset[int] = frozenset(),
    embeds: bool = False,
) -> bool:
    key = node.mem_id
    return key in pictures or (
        _is_skipped(node, attributes) and key not in kept and not (embeds and is_embed(node.tag or "", attributes))
    )


def _is_skipped(node: Node, attributes: Mapping[str, str | None]) -> bool:
    """Whether an element inside the body is furniture."""
    names = attributes.get("class")
    own = attributes.get("id")
    if not names and not own:
        return attributes.get("role") in ("navigation", "complementary", "banner", "contentinfo")
    return is_furniture(f"{names or ''} {own or ''}") and not _is_bulk(node)


def _is_bulk(node: Node) -> bool:
    """Whether an element holds so much plain text that its name must mean something else."""
    text = sum(len(child.text()) for child in node.css("p"))
    return text > 1500 and sum(len(child.text()) for child in node.css("p a")) < text * 0.2


def _filter(blocks: list[RawBlock], headline: str | None) -> list[RawBlock]:
    """Blocks that stand on their own as text of the article."""
    kept = [block for block in blocks if _is_text(block)]
    kept = _without_link_lists(kept)
    title = fold(headline or "")
    while kept and (
        fold(kept[0].text) == title or (kept[0].kind == "subheading" and title and fold(kept[0].text) in title)
    ):
        kept.pop(0)
    return _without_doubles(kept)


def _is_text(block: RawBlock) -> bool:
    if block.is_related or is_labelled(block):
        return True  # clean.py takes its links
    share = block.link_share
    if block.kind == "paragraph" and share > 0.9 and len(block.links) == 1:
        return False  # a teaser
    if share > 0.6 and len(block.links) > 1 and len(block.text) < 400:
        return False
    return not (block.kind == "subheading" and share > 0.9)


def _without_link_lists(blocks: list[RawBlock]) -> list[RawBlock]:
    """Lists in which nearly every item is one link go, with the heading right above them."""
    kept: list[RawBlock] = []
    position = 0
    while position < len(blocks):
        end = position
        while end < len(blocks) and blocks[end].kind == "list_item" and not blocks[end].is_related:
            end += 1
        run = blocks[position:end]
        if run and _are_links(run):
            if kept and kept[-1].kind == "subheading":
                kept.pop()
        else:
            kept.extend(run)
        if end == position:
            kept.append(blocks[position])
            end += 1
        position = end
    return kept


def _are_links(items: list[RawBlock]) -> bool:
    """Whether a list is one of links: nearly every item is one, or, where dates stand between them, nearly every letter."""
    if sum(block.link_share > 0.7 for block in items) >= 0.7 * len(items):
        return True
    letters = sum(len(block.text) for block in items)
    return len(items) > 2 and sum(block.link_share * len(block.text) for block in items) > 0.8 * letters


def _without_doubles(blocks: list[RawBlock]) -> list[RawBlock]:
    """Without doubled blocks."""
    seen: dict[str, list[RawBlock]] = {}  # by their first characters: folding whole texts would cost more
    unique = []
    for block in blocks:
        if len(block.text) > MIN_DOUBLE:
            alike = seen.setdefault(block.text[:MIN_DOUBLE].casefold(), [])
            # A summary's bullet may well stand in the text again.
            if any(each.kind == block.kind and each.text.casefold() == block.text.casefold() for each in alike):
                continue
            alike.append(block)
        unique.append(block)
    return unique
