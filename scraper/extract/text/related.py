"""Links to other articles set into a text: "Baca:", "Baca juga", "Simak", "• …", "Read more: …"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.extract.text.judge import KnownLine
from scraper.urls import absolute, same_domain

if TYPE_CHECKING:
    from scraper.extract.structure.blocks import RawBlock
    from scraper.language import Vocabulary

_LONGEST_LABELLED = 200  # characters
_LONGEST_HEADING = 80  # characters, with signs around it
_BULLET = re.compile(r"^[•►▶➡→»>]+\s*")
_ALL = 0.9  # of a block's characters: nothing stands in it but links
_NEARLY_ALL = 0.8  # of the characters behind the label


class RelatedText(NamedTuple):
    """A related link as found; `url` is absolute."""

    label: str | None
    text: str
    url: str


def related_label(text: str, vocabulary: Vocabulary) -> str | None:
    """The label that opens a related-link line, as printed without its colon; None if it opens otherwise."""
    found = vocabulary.related_label(text)
    return " ".join(found.label.split()) if found else None


def heading_label(text: str, vocabulary: Vocabulary) -> str | None:
    """The label of a block that is nothing but the heading of a link list ("Jangan Lewatkan!"); None for any other."""
    is_heading = len(text) <= _LONGEST_HEADING and vocabulary.related_heading(text) is not None
    return " ".join(text.strip(" *-–—>•:!.…").split()) if is_heading else None


def opening_label(text: str, vocabulary: Vocabulary) -> str | None:
    """The heading that opens the text of a box of links, with or without a colon; None if it opens otherwise."""
    found = vocabulary.bare_related_label(text)
    return text[: found.end] if found else None


def mark_lists(blocks: list[RawBlock], vocabulary: Vocabulary) -> list[RawBlock]:
    """The blocks, those that are nothing but links below such a heading marked as related, with the heading as their label."""
    label: str | None = None
    marked: list[RawBlock] = []
    for block in blocks:
        if not block.links and len(block.text) <= _LONGEST_HEADING and (found := heading_label(block.text, vocabulary)):
            label = found
        elif label and block.links and block.link_share >= _ALL:
            marked.append(block._replace(is_related=True, label=label))
            continue
        else:
            label = None
        marked.append(block)
    return marked


def is_related_block(block: RawBlock, vocabulary: Vocabulary) -> bool:
    """Whether a block is nothing but a link to another article, by layout, label or bullet."""
    if block.is_related:
        return True
    if not block.links:
        return False
    if _is_bare(block, vocabulary):
        return True
    label, bullet = vocabulary.related_label(block.text), _BULLET.match(block.text)
    if label is None and bullet is None:
        return False
    start = label.end if label is not None else bullet.end() if bullet is not None else 0
    linked = sum(len(link.text) for link in block.links)
    return linked >= _NEARLY_ALL * max(1, len(block.text) - start)


def known_label(text: str, vocabulary: Vocabulary) -> KnownLine | None:
    """The rule that knows a text as the heading of a list of links, or a label whose link is lost (a script would set it)."""
    if len(text) >= _LONGEST_LABELLED:
        return None
    if heading_label(text, vocabulary):
        return KnownLine("related")
    is_line = not text.rstrip().endswith(".") and vocabulary.related_label(text)
    return KnownLine("related", is_open=True) if is_line else None


def is_labelled(block: RawBlock, vocabulary: Vocabulary) -> bool:
    """Whether a block with links opens with a label such as "Baca juga:"."""
    return bool(block.links) and (vocabulary.related_label(block.text) is not None or _is_bare(block, vocabulary))


def _is_bare(block: RawBlock, vocabulary: Vocabulary) -> bool:
    """Whether a block is a label without a colon and behind it nothing but its links."""
    return _bare_label(block, vocabulary) is not None


def _bare_label(block: RawBlock, vocabulary: Vocabulary) -> str | None:
    start = block.text.find(block.links[0].text) if block.links else 0
    if start <= 0 or start > _LONGEST_HEADING:
        return None
    linked = "".join(link.text for link in block.links).replace(" ", "")
    if block.text[start:].replace(" ", "") != linked:
        return None
    return heading_label(block.text[:start], vocabulary)


def related_of(block: RawBlock, base_url: str | None, vocabulary: Vocabulary) -> list[RelatedText]:
    """The links of a related block. One that leaves the publisher's domain is an advert, and left out."""
    label = related_label(block.text, vocabulary) or block.label or _bare_label(block, vocabulary)
    found = []
    for link in block.links:
        url = absolute(link.href, base_url)
        text = link.text
        if own := vocabulary.related_label(text):  # the label stands inside the link
            label, text = " ".join(own.label.split()), text[own.end :]
        text = _BULLET.sub("", text).strip()
        if url and text and (base_url is None or same_domain(url, base_url)):
            found.append(RelatedText(label, text, url.partition("#")[0]))
    return found
