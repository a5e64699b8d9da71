"""What is left out of the elements that hold a text: furniture, pictures with their captions, duplicates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract.structure.blocks import SUBHEADINGS, RawBlock, is_embed
from scraper.extract.structure.classes import (
    furniture_word,
    is_apart,
    is_furniture,
    is_listing,
    is_no_text,
    is_pictured,
)
from scraper.extract.trace import Removal
from scraper.html import is_longer, prose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from scraper.html import Node

MAX_PICTURES = 200
MAX_CAPTION = 300  # characters; captions in the data are rarely longer, paragraphs rarely share a box with a picture
_PICTURE_BOXES = frozenset({"div", "td", "center", "table", "tr", "tbody", "figure"})
_BOXES = _PICTURE_BOXES | {"a", "span", "em", "i", "b", "strong", "font", "picture"}
# Similar boxes with a heading and a sentence (text, not text): 35, 3 if there are three of them, 38, 56 with a heading
# alone.
MIN_SECTIONS = 3
MIN_SECTION = 60  # characters below the heading; a product's price and shop have fewer
MAX_LINKED = 0.3  # of the characters
# Boxes without links whose name does not suggest pictures (not text, text): 0, 9 with three sentences, 5, 11 with such
# a paragraph, 88, 13 with one sentence.
MIN_BESIDE, MIN_SENTENCES = 120, 3  # characters of a paragraph, sentences
HEADINGS = "h2, h3, h4, h5, h6"
_SENTENCE = re.compile(r"\w{2}[.!?…。！？।؟](?:[\s\"'”’»)\]]|$)")
_TEASERS = frozenset({"teaser", "teasers"})
_PLAYERS = "iframe, video, audio, form, input, button, blockquote"
MIN_TABLE = 0.7  # of the characters of an embedded element
EDGE = 4  # blocks at the beginning or the end of the text
_ENDS = re.compile(r"[.!?…。！？।؟][\"'”’»)\]]*$")
MIN_DOUBLE = 60  # characters; a shorter block may well be repeated on purpose


def selector_of(node: Node) -> str:
    """An element as a selector: "div#main.article-body"."""
    attributes = node.attributes
    name = node.tag or ""
    name += f"#{attributes['id']}" if attributes.get("id") else ""
    return name + "".join(f".{token}" for token in (attributes.get("class") or "").split()[:3])


def picture_boxes(container: Node) -> frozenset[int]:
    """Elements that hold a picture and a short text, which is its caption: figures that are not marked up as such.

    Several similar ones, each with a heading and a sentence that is not a link, are the sections of a text.
    """
    found: dict[int, Node] = {}
    for image in container.css("img")[:MAX_PICTURES]:
        box = None
        node = image.parent
        while node is not None and node.tag in _BOXES and node.mem_id != container.mem_id:
            if is_longer(node, MAX_CAPTION):
                break
            box = node if node.tag in _PICTURE_BOXES else box
            node = node.parent
        if box is not None:
            found[box.mem_id] = box
    return frozenset(key for key, box in found.items() if not _is_text(box)) - _sections(found.values())


def _is_text(box: Node) -> bool:
    """Whether a box with a picture is a piece of the text: not named after a picture and without links, it has a long
    paragraph that is a sentence, or several sentences.
    """
    if not is_longer(box, MIN_BESIDE - 1) or any(map(is_pictured, _names(box))):
        return False
    text = prose(box)
    if len(text) < MIN_BESIDE or box.css_first("a, figcaption") is not None:
        return False
    return _has_paragraph(box) or len(_SENTENCE.findall(text)) >= MIN_SENTENCES


def _has_paragraph(box: Node) -> bool:
    """Whether a box has a long paragraph that is a sentence."""
    return any(len(line) >= MIN_BESIDE and _ENDS.search(line) for each in box.css("p") if (line := prose(each)))


def _names(box: Node) -> tuple[str, ...]:
    return tuple(f"{box.attributes.get('class') or ''} {box.attributes.get('id') or ''}".split())


def _sections(boxes: Iterable[Node]) -> set[int]:
    """The mem_ids of boxes with a picture that are sections of a text."""
    alike: dict[tuple[str, str], set[int]] = {}  # by tag and classes, without those that number them
    for box in boxes:
        if _is_section(box):
            names = " ".join(name for name in (box.attributes.get("class") or "").split() if not name[-1].isdigit())
            alike.setdefault((box.tag or "", names), set()).add(box.mem_id)
    return {key for keys in alike.values() if len(keys) >= MIN_SECTIONS for key in keys}


def _is_section(box: Node) -> bool:
    """Whether a box has a heading and a sentence, and few links."""
    heading = box.css(HEADINGS)
    if not heading:
        return False
    text = prose(box)
    rest = len(text) - len(prose(heading[0]))
    linked = sum(len(prose(anchor)) for anchor in box.css("a"))
    return rest >= MIN_SECTION and linked <= MAX_LINKED * len(text) and _SENTENCE.search(text) is not None


def why_left_out(
    pictures: frozenset[int],
    node: Node,
    attributes: Mapping[str, str | None],
    *,
    kept: frozenset[int] = frozenset(),
    embeds: bool = False,
    is_commentary: bool = False,
    words: frozenset[str] = frozenset(),
) -> str | None:
    """Why an element inside a text is not read: "picture" or "class"; None if it is.

    `pictures` are the mem_ids of picture_boxes, `kept` those of elements that are read whatever their names say.
    `is_commentary`: the text itself is in an element called comments, so those are not a reader's. `words` are those in
    class names that mean "no text" in the page's languages.
    """
    key = node.mem_id
    if key in pictures:
        return "picture"
    if not attributes:
        return None
    is_out = (
        _is_skipped(node, attributes, words, is_commentary=is_commentary)
        and key not in kept
        and not (embeds and is_embed(node.tag or "", attributes))
    )
    return "class" if is_out else None


def _is_skipped(
    node: Node, attributes: Mapping[str, str | None], words: frozenset[str], *, is_commentary: bool
) -> bool:
    """Whether an element inside the body is furniture."""
    names = attributes.get("class")
    own = attributes.get("id")
    if not names and not own:
        return attributes.get("role") in ("navigation", "complementary", "banner", "contentinfo")
    if node.tag in SUBHEADINGS:  # its id consists of its words, or says that a table of contents lists it
        classes = " ".join(name for name in (names or "").split() if not is_listing(name))
        return is_furniture(classes) or is_apart(own or "")
    own_names = f"{names or ''} {own or ''}"
    if not is_no_text(own_names, words):
        return False
    if is_apart(own_names):  # a long comment is not text either
        return not is_commentary
    return not _is_bulk(node) and not _belies(node, furniture_word(own_names))


def _belies(node: Node, word: str | None) -> bool:
    """Whether the content of an element contradicts the word that names it furniture: a teaser leads elsewhere, and an
    embed is a player, a post or a form.
    """
    if word in _TEASERS:  # (0, 5 on five sites) with a sentence and neither link nor picture
        text = prose(node)
        return len(text) >= MIN_SECTION and node.css_first("a, img") is None and _SENTENCE.search(text) is not None
    if word != "embed":
        return False
    return _is_table(node) or (node.css_first(_PLAYERS) is None and _is_section(node) and _has_paragraph(node))


def _is_table(node: Node) -> bool:
    """Whether an element contains hardly anything but a table: one written as markup is embedded like a player."""
    table = node.css_first("table")
    return table is not None and len(prose(table)) >= MIN_TABLE * len(prose(node))


def _is_bulk(node: Node) -> bool:
    """Whether an element holds so much plain text that its name must mean something else."""
    text = sum(len(child.text()) for child in node.css("p"))
    return text > 1500 and sum(len(child.text()) for child in node.css("p a")) < text * 0.2


def without_doubles(blocks: list[RawBlock], removed: list[Removal]) -> list[RawBlock]:
    """The blocks without duplicates; these are added to `removed`, and the one that stays is marked as repeated.

    That a text is on the page again is one sign. The other is that it is at an edge, beside another duplicate (a copy
    for another screen width), right below the first, or not a sentence: one that stands alone within the text was
    repeated on purpose.
    """
    firsts: dict[str, list[int]] = {}  # places by the first characters: folding whole texts would cost more
    doubles: dict[int, int] = {}  # place → place of the first
    for place, block in enumerate(blocks):
        # Timetables and recipes repeat items and rows.
        if len(block.text) > MIN_DOUBLE and block.kind not in ("list_item", "table_row"):
            alike = firsts.setdefault(block.text[:MIN_DOUBLE].casefold(), [])
            # A summary's bullet may well recur in the text.
            first = next((each for each in alike if _are_same(blocks[each], block)), None)
            if first is not None:
                doubles[place] = first
            else:
                alike.append(place)
        elif block.kind == "subheading" and place and _are_same(blocks[place - 1], block):
            doubles[place] = place - 1  # one for each screen width
    repeated = frozenset(doubles.values())
    kept: list[RawBlock] = []
    for place, block in enumerate(blocks):
        if place not in doubles:
            kept.append(block._replace(is_repeated=True) if place in repeated else block)
        elif _is_copy(blocks, place, doubles):
            removed.append(Removal("double", block.text, block.number, ("place", "repetition")))
        else:
            kept.append(block._replace(is_repeated=True))
    return kept


def _is_copy(blocks: Sequence[RawBlock], place: int, doubles: Mapping[int, int]) -> bool:
    """Whether more than its words shows that a repetition is a duplicate."""
    first, text = doubles[place], blocks[place].text
    if place - first == 1 or place - 1 in doubles or place + 1 in doubles:
        return True
    if first < EDGE or len(blocks) - place <= EDGE or blocks[place].kind == "subheading":
        return True
    return _ENDS.search(text) is None or text[0] in "([*"


def _are_same(one: RawBlock, other: RawBlock) -> bool:
    return one.kind == other.kind and one.text.casefold() == other.text.casefold()
