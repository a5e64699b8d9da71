"""The blocks of an article body on any news page, without site rules and for any language.

In the elements that hold the text (scraper.extract.structure.container) every block has to stand on its own: links,
captions, share bars and teasers inside the body are removed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from itertools import takewhile
from typing import TYPE_CHECKING

from scraper.extract.structure.blocks import SKIPPED, RawBlock, is_hidden, read_blocks
from scraper.extract.structure.classes import is_apart
from scraper.extract.structure.container import TextPlace, find_text
from scraper.extract.structure.left_out import picture_boxes, why_left_out, without_doubles
from scraper.extract.structure.links import MANY_LINKS, MAX_LINKED, MIN_PROSE, LinkRules, is_prose, without_link_lists
from scraper.extract.structure.parts import hidden_parts, outside, parts_of
from scraper.extract.structure.pieces import between, like, of_the_text
from scraper.extract.text.related import (
    is_bulleted,
    is_labelled,
    is_related_block,
    mark_lists,
    opening_label,
    related_label,
)
from scraper.extract.trace import Removal
from scraper.html import matching, path, prose
from scraper.text import collapse, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.html import Node, Tree
    from scraper.language import Vocabulary

MIN_TITLE = 0.5  # of the headline that a heading repeats
# Class names and ids of "Baca juga" lines and boxes, on pages of many papers.
_RELATED_NAMES = (
    "baca",
    "lihatjg",
    "lihat-juga",
    "linksisip",
    "link-sisip",
    "terkait-isi",
    "readalso",
    "also-read",
    "read-also",
)
# Names that boxes beside and below a text also have: within it, with a heading that says so, they belong to it.
_RELATED_TOO = ("related", "terkait", "irp", "readmore", "read-more", "rekomendasi", "pilihan")
# Each has one of these.
_RELATED = ", ".join(
    f'[{name}*="{part}" i]' for name in ("class", "id") for part in ("baca", "lihat", "sisip", "also", *_RELATED_TOO)
)
_LABEL_IN_LINK = "[class~=ctaText]"  # of the plugin Inline Related Posts: the link around it has a random class
MAX_SET_IN = 3  # links in a box inside a text; more are a list beside it
MAX_RELATED = 800  # characters; a box of five headlines has some 400


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyContext:
    """What is known about a page whose body is looked for: `headline` and `base_url` (to recognise links to other
    sites) help to exclude what is not body; `embeds` also takes posts of social networks.
    """

    headline: str | None
    vocabulary: Vocabulary
    base_url: str | None = None
    embeds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GenericBody:
    """The blocks of the article body, and how they were found.

    `found` are the elements that were read, `left_out` the elements in them that were not, as (why, element), `removed`
    the blocks that do not stand on their own, `judged` all blocks in them.
    """

    blocks: tuple[RawBlock, ...]
    judged: tuple[RawBlock, ...]
    found: TextPlace
    left_out: tuple[tuple[str, Node], ...] = ()
    removed: tuple[Removal, ...] = ()
    hidden_parts: int = 0


def find_body(tree: Tree, page: BodyContext, *, witness: str | None = None) -> GenericBody:
    """Find the article's body; `witness` (the page's description) helps to recognise it."""
    texts: dict[int, str] = {}
    found = find_text(tree, page.headline, texts, witness=witness)
    parts = parts_of(found.boxes, hidden_parts(tree))
    body = read_boxes(found, parts, texts, page)
    if found.boxes and not body.blocks:  # class names have excluded everything: they must mean something else here
        body = read_boxes(found, parts, texts, page, by_names=False)
    return body


@dataclass(slots=True, kw_only=True)
class _Reader:
    """Reads the blocks of one element after the other; without `by_names`, regardless of their classes."""

    page: BodyContext
    texts: dict[int, str]
    by_names: bool
    is_commentary: bool
    related: frozenset[int]  # known to be links to other articles
    kept: frozenset[int]  # not excluded by any class or picture: the elements themselves and their ancestors
    shown: frozenset[int]  # parts of the article that were hidden
    pieces: set[int]
    blocks: list[RawBlock] = field(default_factory=list)
    left_out: list[tuple[str, Node]] = field(default_factory=list)

    def read(self, box: Node) -> list[RawBlock]:
        """The blocks of an element; none if it is hidden or excluded itself."""
        links = self.related | related_boxes(box, self.page.vocabulary)
        pictures = picture_boxes(box) - self.kept
        if pictures and links:  # the picture of a teaser, whose text is its link
            pictures -= _around((box,), links)
        skip = None
        if self.by_names:
            skip = partial(
                why_left_out,
                pictures,
                kept=self.kept,
                embeds=self.page.embeds,
                is_commentary=self.is_commentary,
                words=self.page.vocabulary.class_names,
            )
        if box.mem_id not in self.pieces and (
            box.tag in SKIPPED or is_hidden(box.attributes) or (skip and skip(box, box.attributes))
        ):
            return []
        return read_blocks(
            box,
            skip=skip,
            related=links,
            shown=self.shown,
            embeds=self.page.embeds,
            texts=self.texts,
            first=len(self.blocks),
            left_out=self.left_out,
        )


def read_boxes(
    found: TextPlace,
    parts: list[Node],
    texts: dict[int, str],
    page: BodyContext,
    *,
    by_names: bool = True,
    related: frozenset[int] = frozenset(),
) -> GenericBody:
    """The blocks of the elements found; without `by_names`, regardless of their classes. `related` are known to be
    links to other articles.
    """
    holders = (*found.boxes, *([found.core] if found.core is not None else ()))
    names = (f"{each.attributes.get('class') or ''} {each.attributes.get('id') or ''}" for each in holders)
    reader = _Reader(
        page=page,
        texts=texts,
        by_names=by_names,
        is_commentary=any(map(is_apart, names)),
        related=related,
        kept=_above(found) | _around(found.boxes, related),
        shown=frozenset(node.mem_id for node in parts),
        pieces={box.mem_id for box in found.boxes},
    )
    blocks = reader.blocks
    alike = like(found.boxes) if len(found.boxes) > 1 else frozenset()
    for number, box in enumerate(found.boxes):
        if number:
            gap = [block for node in between(found.boxes[number - 1], box) for block in reader.read(node)]
            blocks += of_the_text(gap, blocks[-1] if blocks else None, alike)
        blocks += reader.read(box)
    for part in outside(found.boxes, parts):
        reader.pieces.add(part.mem_id)
        blocks += reader.read(part)
    removed: list[Removal] = []
    marked = mark_lists(blocks, page.vocabulary)
    alone = _filter(marked, removed, page)
    return GenericBody(
        blocks=tuple(alone),
        judged=tuple(marked),
        found=found,
        left_out=tuple(reader.left_out),
        removed=tuple(removed),
        hidden_parts=len(parts),
    )


def related_boxes(box: Node, vocabulary: Vocabulary) -> frozenset[int]:
    """The mem_ids of the outermost elements in a box that are links to other articles, judging by their class and by
    their text.
    """
    found: set[int] = set()
    for node in matching(box, _RELATED):
        names = f"{node.attributes.get('class') or ''} {node.attributes.get('id') or ''}".lower()
        is_sure = any(name in names for name in _RELATED_NAMES)
        if not is_sure and not any(name in names for name in _RELATED_TOO):
            continue
        text = prose(node)
        if (
            not 0 < len(text) <= MAX_RELATED
            or is_hidden(node.attributes)
            or any(each.mem_id in found for each in path(node))
        ):
            continue
        links = [line for anchor in ([node] if node.tag == "a" else node.css("a[href]")) if (line := prose(anchor))]
        linked = sum(map(len, links))
        label = _label_of(node, text, vocabulary)
        if linked >= 0.7 * (len(text) - len(label)) and (
            is_sure or (label and len(links) <= MAX_SET_IN and _is_within_text(node, box))
        ):
            found.add(node.mem_id)
    for node in matching(box, _LABEL_IN_LINK):
        link = next((each for each in path(node) if each.tag == "a"), None)
        if link is not None and opening_label(prose(link), vocabulary):
            found.add(link.mem_id)
    return frozenset(found)


def _label_of(node: Node, text: str, vocabulary: Vocabulary) -> str:
    """The label that opens the text of a box; its heading may be joined to the first headline there."""
    apart = collapse(node.text(separator=" "))
    return related_label(text, vocabulary) or opening_label(text, vocabulary) or opening_label(apart, vocabulary) or ""


def _is_within_text(node: Node, box: Node) -> bool:
    """Whether paragraphs of the box's text are above and below an element in it."""
    found = {False: False, True: False}  # whether there is text above (False), and below (True)
    for inner in (node, *path(node)):
        outer = inner.parent
        if inner.mem_id == box.mem_id or outer is None:
            break
        is_passed = False
        for each in outer.iter(include_text=True):
            if each.mem_id == inner.mem_id:
                is_passed = True
            elif not found[is_passed]:
                found[is_passed] = _is_prose(each)
    return all(found.values())


def _is_prose(node: Node) -> bool:
    """Whether an element or a piece of text holds a paragraph that is not links."""
    if node.tag == "-text":
        return len(collapse(node.text_content or "")) >= MIN_PROSE
    text = prose(node)
    return len(text) >= MIN_PROSE and sum(len(prose(anchor)) for anchor in node.css("a")) <= MAX_LINKED * len(text)


def _around(boxes: Iterable[Node], related: frozenset[int]) -> frozenset[int]:
    """The mem_ids of these elements in the boxes and of their ancestors: a box with links to articles may be called
    furniture.
    """
    if not related:
        return related
    inside = (node for box in boxes for node in box.css("*") if node.mem_id in related)
    return frozenset(each.mem_id for node in inside for each in (node, *path(node)))


def _above(found: TextPlace) -> frozenset[int]:
    """The mem_ids of the element with the most text and of those between it and its box: never furniture."""
    if found.core is None:
        return frozenset()
    outer = {box.mem_id for box in found.boxes}
    between = takewhile(lambda node: node.mem_id not in outer, [found.core, *path(found.core)])
    return frozenset(node.mem_id for node in between)


def _filter(blocks: list[RawBlock], removed: list[Removal], page: BodyContext) -> list[RawBlock]:
    """Blocks that stand on their own as text of the article; the others are added to `removed`."""
    link_rules = LinkRules(blocks, page.base_url)
    kept: list[RawBlock] = []
    for place, found in enumerate(blocks):
        is_item = found.kind == "list_item" and not found.is_related and is_related_block(found, page.vocabulary)
        block = found._replace(is_related=True) if is_item else found
        is_other = block.link_share <= MANY_LINKS or block.is_related or is_labelled(block, page.vocabulary)
        if not is_other and is_bulleted(block) and any(map(is_prose, blocks[place + 1 :])):
            is_other = True  # in the middle of the text
        if not is_other and (rule := link_rules.why_no_text(place)):
            removed.append(Removal(rule, block.text, block.number, ("markup", "place")))
        else:
            kept.append(block)  # text.clean handles the links of labelled ones
    kept = without_link_lists(kept, removed, link_rules)
    title = fold(page.headline or "")
    while kept and _is_title(kept[0], title):
        removed.append(Removal("headline", kept[0].text, kept.pop(0).number, ("repetition", "place")))
    return without_doubles(kept, removed)


def _is_title(block: RawBlock, title: str) -> bool:
    """Whether a block is the headline again, or a heading that is most of it (without a kicker or the site's name)."""
    text = fold(block.text)
    return text == title or (block.kind == "subheading" and text in title and len(text) >= MIN_TITLE * len(title))
