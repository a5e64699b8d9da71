"""Blocks that are hardly more than links: which lead away from the text, and which are the text (lists of places,
tools, papers).

That a block is links is one sign; where they lead and where the block is, the other. The figures beside the rules are
counts by benchmarks.rules over 830 pages with known truth: (not text, text), in blocks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.extract.trace import Removal
from scraper.text import word_count
from scraper.urls import host_of, same_domain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.structure.blocks import RawBlock

MANY_LINKS, ALL_LINKS = 0.6, 0.9  # shares of a block's characters
LONGEST_LINKS = 400  # characters
# Linked headings with text below them: fewer are teasers (17, 5), this many may be the sections of a list (14, 116).
MIN_HEADINGS = 4
MAX_ABOVE = 0.05  # of the text, above the first section of a list; above cards of other stories there is a story
MIN_PROSE, MAX_LINKED = 80, 0.3  # characters in a paragraph, and the share of them that may be links
_ENDS = re.compile(r"[.!?…。！？؟][\"'”’»)\]]*$")
MIN_SENTENCE = 4  # words
MIN_TOLD = 8  # words in a link to another site; with fewer it is a button to a shop
_COLON = (":", "：")


class LinkRules:
    """The rules for the blocks of one page, whose address is `base_url`: links to other pages of its site lead away
    from the text, those to other sites are its subject.
    """

    def __init__(self, blocks: Sequence[RawBlock], base_url: str | None) -> None:
        self.blocks = blocks
        self._base = base_url
        self._are_sections: bool | None = None

    def why_no_text(self, place: int) -> str | None:
        """The rule by which a block that is mostly links is not text; None if it is text."""
        block = self.blocks[place]
        below = self.blocks[place + 1] if place + 1 < len(self.blocks) else None
        if block.kind == "subheading":
            return self._why_no_heading(block, below) if block.link_share > ALL_LINKS else None
        if block.kind != "paragraph":
            return None  # lists are judged as such
        if len(block.links) == 1:
            return self._why_no_link(place, block, below) if block.link_share > ALL_LINKS else None
        # (2, 16) of sentences, (3, 23) between two paragraphs, (6, 54) that lead to other sites.
        is_text = len(block.text) >= LONGEST_LINKS or _ENDS.search(block.text) is not None
        is_among = place > 0 and below is not None and is_prose(self.blocks[place - 1]) and is_prose(below)
        if is_text or is_among or self._is_told_of(place):
            return None
        return "links"

    def _why_no_link(self, place: int, block: RawBlock, below: RawBlock | None) -> str | None:
        """The rule by which a paragraph that is one link is not text; None for a sentence of some words among others
        that are not links, and for an address, or some words, that lead to another site from the middle of the text.
        """
        above = self.blocks[place - 1] if place else None
        is_first = above is None or (place == 1 and above.kind == "subheading")  # the headline
        text = block.text
        is_sentence = len(text.split()) >= MIN_SENTENCE and _ENDS.search(text) is not None and not text.isupper()
        if above is None or is_first:  # a story may open with a link to the previous one
            is_among = len(text) >= MIN_PROSE and below is not None and is_prose(below)
        else:
            is_among = below is not None and is_prose(above) and not (_is_link(above) or _is_link(below))
        is_told_of = above is not None and (word_count(text) >= MIN_TOLD or "//" in text) and self._is_told_of(place)
        return None if is_told_of or (is_sentence and is_among) else "teaser"

    def _is_told_of(self, place: int) -> bool:
        """Whether a link is in the middle of the text and leads to another site."""
        return self._leads_out(self.blocks[place]) and any(map(is_prose, self.blocks[place + 1 :]))

    def _why_no_heading(self, block: RawBlock, below: RawBlock | None) -> str | None:
        if block.links[0].href.startswith("#"):  # (1, 199): it leads to itself
            return None
        if below is None or below.kind == "subheading":
            return "linked heading"  # (23, 3)
        if self._leads_out(block):
            return None
        if self._are_sections is None:
            self._are_sections = self._has_sections()
        return None if self._are_sections else "linked heading"

    def _has_sections(self) -> bool:
        """Whether the linked headings with text below are the sections of the text: there are some, and they are in the
        middle of it or are all of it. Cards of other stories come below a story, to the end.
        """
        pairs = enumerate(zip(self.blocks, self.blocks[1:], strict=False))
        places = [
            place
            for place, (one, two) in pairs
            if one.kind == "subheading" != two.kind and one.link_share > ALL_LINKS and not self._leads_out(one)
        ]
        if len(places) < MIN_HEADINGS:
            return False
        behind = iter(self.blocks[places[-1] + 1 :])
        is_followed = any(block.kind == "subheading" for block in behind) and any(map(is_prose, behind))
        above, whole = (sum(len(block.text) for block in blocks) for blocks in (self.blocks[: places[0]], self.blocks))
        return is_followed or above <= MAX_ABOVE * whole

    def _leads_out(self, block: RawBlock) -> bool:
        """Whether all of a block's links lead to other sites."""
        base = self._base
        return base is not None and all(host_of(link.href) and not same_domain(link.href, base) for link in block.links)

    def is_announced(self, blocks: Sequence[RawBlock], start: int, end: int) -> bool:
        """Whether a list of links in the middle of the text is its own: the paragraph above announces it ("Here are the
        courses:"; 3 lists to 29), or they lead to other sites (2, 18).
        """
        if not any(map(is_prose, blocks[end:])):
            return False
        above = blocks[start - 1] if start else None
        if above is not None and above.kind == "paragraph" and above.text.endswith(_COLON):
            return True
        return all(self._leads_out(block) for block in blocks[start:end])


def _is_link(block: RawBlock) -> bool:
    return block.link_share > ALL_LINKS


def is_prose(block: RawBlock) -> bool:
    """Whether a block is a paragraph of some length that is not links."""
    return block.kind == "paragraph" and len(block.text) >= MIN_PROSE and block.link_share <= MAX_LINKED


def without_link_lists(blocks: list[RawBlock], removed: list[Removal], rules: LinkRules) -> list[RawBlock]:
    """Remove lists in which nearly every item is one link, with the heading right above them; they are added to
    `removed`.
    """
    kept: list[RawBlock] = []
    position = 0
    while position < len(blocks):
        end = position
        while end < len(blocks) and blocks[end].kind == "list_item" and not blocks[end].is_related:
            end += 1
        run = blocks[position:end]
        if run and _are_links(run) and not rules.is_announced(blocks, position, end):
            heading = [kept.pop()] if kept and kept[-1].kind == "subheading" else []
            removed += [Removal("list of links", block.text, block.number, ("markup", "repetition")) for block in run]
            removed += [Removal("heading of links", block.text, block.number, ("markup", "place")) for block in heading]
        else:
            kept.extend(run)
        if end == position:
            kept.append(blocks[position])
            end += 1
        position = end
    return kept


def _are_links(items: list[RawBlock]) -> bool:
    """Whether a list consists of links: nearly every item is one, or, if dates are between them, nearly every letter."""
    if sum(block.link_share > 0.7 for block in items) >= 0.7 * len(items):
        return True
    letters = sum(len(block.text) for block in items)
    return len(items) > 2 and sum(block.link_share * len(block.text) for block in items) > 0.8 * letters
