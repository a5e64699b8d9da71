"""Whether a line of a text may be removed: nothing is removed on one sign. All rules that recognise lines by their
words act through here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.extract.structure.classes import is_furniture
from scraper.text import fold, word_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.structure.blocks import RawBlock
    from scraper.extract.trace import Sign

MIN_SENTENCE = 6  # words; a shorter one may be a label with a full stop
MIN_SENTENCE_UNSPACED = 15  # characters in a script without blanks
MAX_LABEL = 7  # words in a paragraph that can be only a label
MAX_LABEL_UNSPACED = 16  # characters
MIN_LINKED = 0.5  # share of a line's characters, if it is there for its links
ENOUGH = 2  # signs
_ENDS = re.compile(r"[.!?…。！？।؟][\"'”’»)\]]*$")
_SET_APART = re.compile(r"\(.*\)|\[.*\]|©.*", re.DOTALL)
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uff00-\uffef]")


class KnownLine(NamedTuple):
    """The finding that a whole block is a line that a rule recognises.

    `is_open` says that the rule knows only how such lines begin or end and accepts any words besides: a sentence of the
    story may match it. `is_short` says that the rule knows short lines only, so that shortness is not another sign,
    `is_caption` that such lines accompany a picture.
    """

    rule: str
    is_open: bool = False
    is_short: bool = False
    is_caption: bool = False


class Verdict(NamedTuple):
    """Whether a recognised line is removed, and the signs for it."""

    is_removed: bool
    signs: tuple[Sign, ...]


def judge_line(
    known: KnownLine, block: RawBlock, blocks: Sequence[RawBlock], *, is_edge: bool, is_beside: bool = False
) -> Verdict:
    """Judge a line recognised by its words, among the `blocks` of the page.

    `is_edge` says that it is at the beginning or the end of the text, `is_beside` that another recognised line is right
    above or below it. A sentence that a rule recognises only in part is taken for the story's, unless it is beside such
    a line, at the edge with a link, in an element named furniture, or on the page again.
    """
    is_story_like = known.is_open and is_sentence(block.text)
    is_marked = (
        has_furniture_class(block)
        or (known.is_caption and block.by_picture)
        or (not known.is_short and has_markup(block))
    )
    signs: list[Sign] = ["words"]
    if is_story_like:
        if is_beside or (is_edge and block.links):
            signs.append("place")
        if has_furniture_class(block) or (is_edge and block.links):
            signs.append("markup")
    else:
        if is_edge or is_beside:
            signs.append("place")
        if is_marked:
            signs.append("markup")
    if len(signs) < ENOUGH and not known.is_short and _is_repeated(block, blocks):
        signs.append("repetition")
    return Verdict(len(signs) >= ENOUGH, tuple(signs))


def _is_repeated(block: RawBlock, blocks: Sequence[RawBlock]) -> bool:
    return block.is_repeated or sum(each.text == block.text for each in blocks) > 1


def has_markup(block: RawBlock) -> bool:
    """Whether a block looks different from the text: by its links, its class, bold type, brackets, or as a label that
    is not a heading.
    """
    text = block.text
    if block.link_share >= MIN_LINKED or has_furniture_class(block) or _SET_APART.fullmatch(text):
        return True
    if block.kind == "list_item":
        return ":" in text and is_label(text)
    return block.kind == "paragraph" and (is_label(text) or (bool(block.bold) and fold(block.bold) == fold(text)))


def has_furniture_class(block: RawBlock) -> bool:
    """Whether a block's class names it furniture."""
    return bool(block.classes) and is_furniture(block.classes)


def is_sentence(text: str) -> bool:
    """Whether a text ends like a sentence, and is long enough to be one."""
    if _ENDS.search(text) is None:
        return False
    return word_count(text) >= MIN_SENTENCE or (
        len(text) >= MIN_SENTENCE_UNSPACED and _UNSPACED.search(text) is not None
    )


def is_label(text: str) -> bool:
    """Whether a text is a few words that do not end like a sentence."""
    if _ENDS.search(text) is not None:
        return False
    return len(text) <= MAX_LABEL_UNSPACED if _UNSPACED.search(text) else word_count(text) <= MAX_LABEL
