"""Links to other articles inside a text: "Baca:", "Baca juga", "Simak", "• …", "Read more: …"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from scraper.extract.text.judge import KnownLine
from scraper.urls import absolute, same_domain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.extract.structure.blocks import RawBlock
    from scraper.language import Vocabulary

_LONGEST_LABELLED = 200  # characters
_LONGEST_HEADING = 80  # characters, including signs around it
_BULLET = re.compile(r"^[•►▶➡→»>]+\s*")
_ALL = 0.9  # of a block's characters: it contains nothing but links
_NEARLY_ALL = 0.8  # of the characters after the label
# What precedes a label within a paragraph: a finished sentence, or an opening bracket.
_BEFORE_LABEL = re.compile(r"(?:[.!?…][\"'”’»)\]]*\s+|[(\[]\s*)(?=\S)")
_BEHIND_LINK = ' .)]"”'
_GLUED = re.compile(r"[^\W\d_]+ [^\W\d_]{2,12}?(?<=[^\W\d_])(?=[A-Z0-9])")
_LONGEST_LABEL = 40  # characters
_MIN_TITLE = 20  # characters in a link that is a headline; "here" is not


class RelatedText(NamedTuple):
    """A related link as found; `url` is absolute."""

    label: str | None
    text: str
    url: str


def related_label(text: str, vocabulary: Vocabulary) -> str | None:
    """The label that opens a related-link line, as printed without its colon; None if there is none."""
    found = vocabulary.related_label(text)
    return " ".join(found.label.split()) if found else None


def heading_label(text: str, vocabulary: Vocabulary) -> str | None:
    """The label of a block that is only the heading of a list of links ("Jangan Lewatkan!"); None for any other."""
    is_heading = len(text) <= _LONGEST_HEADING and vocabulary.related_heading(text) is not None
    return " ".join(text.strip(" *-–—>•:!.…").split()) if is_heading else None


def opening_label(text: str, vocabulary: Vocabulary) -> str | None:
    """The heading that opens the text of a box of links, with or without a colon; None if there is none."""
    found = vocabulary.bare_related_label(text)
    return text[: found.end] if found else None


def mark_lists(blocks: list[RawBlock], vocabulary: Vocabulary) -> list[RawBlock]:
    """The blocks; those below such a heading that contain only links are marked as related, with the heading as their
    label.
    """
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
    """Whether a block is only a link to another article, by layout, label or bullet."""
    if block.is_related:
        return True
    if not block.links:
        return False
    if _is_bare(block, vocabulary) or _is_labelled_within(block, vocabulary):
        return True
    label, bullet = vocabulary.related_label(block.text), _BULLET.match(block.text)
    if label is None and bullet is None:
        return False
    start = label.end if label is not None else bullet.end() if bullet is not None else 0
    linked = sum(len(link.text) for link in block.links)
    return linked >= _NEARLY_ALL * max(1, len(block.text) - start)


def is_bulleted(block: RawBlock) -> bool:
    """Whether a paragraph is a bullet followed by a link, and nothing else."""
    bullet = _BULLET.match(block.text)
    return bullet is not None and len(block.links) == 1 and len(block.links[0].text) >= len(block.text) - bullet.end()


def set_apart(blocks: Sequence[RawBlock], base_url: str | None, vocabulary: Vocabulary) -> list[RawBlock]:
    """The blocks, with a labelled link that ends a paragraph ("… teluk itu. Baca juga: HEADLINE") as a separate related
    block.
    """
    found: list[RawBlock] = []
    for block in blocks:
        place = _closing_label(block, base_url, vocabulary) if block.links and block.kind == "paragraph" else None
        if place is None:
            found.append(block)
            continue
        text, behind = block.text[:place].rstrip(" (["), block.text[place:]
        own = block.links[-1]
        found.append(block._replace(text=text, lines=_lines_of(block.lines, len(text)), links=block.links[:-1]))
        found.append(
            block._replace(
                text=behind, lines=(behind,), links=(own,), is_related=True, label=related_label(behind, vocabulary)
            )
        )
    return found


def _closing_label(block: RawBlock, base_url: str | None, vocabulary: Vocabulary) -> int | None:
    """Where the label begins whose link ends a block, after a finished sentence or on a line of its own; None if there
    is none.
    """
    link = block.links[-1]
    text = block.text.rstrip(_BEHIND_LINK)
    title = link.text.rstrip(_BEHIND_LINK)
    if block.is_related or len(title) < _MIN_TITLE or not text.endswith(title):
        return None
    start = len(text) - len(title)
    url = absolute(link.href, base_url)
    if url is None or (base_url is not None and not same_domain(url, base_url)):
        return None
    first = max(0, start - _LONGEST_LABEL)
    places = [match.end() for match in _BEFORE_LABEL.finditer(block.text, first, start)]
    if len(block.lines) > 1 and len(block.lines[-1]) < len(block.text) - first:
        places.append(len(block.text) - len(block.lines[-1]))
    for place in places:
        label = vocabulary.bare_related_label(
            block.text[place:]
        )  # the position and the link are signs enough without a colon
        if label is not None and place and place + label.end >= start - 1:
            return place
    return None


def _lines_of(lines: tuple[str, ...], length: int) -> tuple[str, ...]:
    """The lines of a text that was cut at a length."""
    kept: list[str] = []
    for line in lines:
        if length <= 0:
            break
        kept.append(line[:length].rstrip())
        length -= len(line) + 1
    return tuple(kept)


def known_label(text: str, vocabulary: Vocabulary) -> KnownLine | None:
    """The rule that recognises a text as the heading of a list of links, or a label whose link is missing (a script
    would add it).
    """
    if len(text) >= _LONGEST_LABELLED:
        return None
    if heading_label(text, vocabulary):
        return KnownLine("related")
    is_line = not text.rstrip().endswith(".") and vocabulary.related_label(text)
    return KnownLine("related", is_open=True) if is_line else None


def is_labelled(block: RawBlock, vocabulary: Vocabulary) -> bool:
    """Whether a block with links opens with a label such as "Baca juga:"."""
    return bool(block.links) and (
        vocabulary.related_label(block.text) is not None
        or _is_bare(block, vocabulary)
        or _is_labelled_within(block, vocabulary)
    )


def _is_labelled_within(block: RawBlock, vocabulary: Vocabulary) -> bool:
    """Whether a block contains only links, the first of which opens with a label."""
    return block.link_share >= _ALL and _label_within(block.links[0].text, vocabulary) > 0


def _is_bare(block: RawBlock, vocabulary: Vocabulary) -> bool:
    """Whether a block is a label without a colon, followed only by its links."""
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
    """The links of a related block. One that leaves the publisher's domain is an advert, and is left out."""
    label = related_label(block.text, vocabulary) or block.label or _bare_label(block, vocabulary)
    found = []
    for link in block.links:
        url = absolute(link.href, base_url)
        text = link.text
        if own := vocabulary.related_label(text):  # the label is inside the link
            label, text = " ".join(own.label.split()), text[own.end :]
        elif label is None and (end := _label_within(text, vocabulary)):
            label, text = " ".join(text[:end].split()), text[end:]
        elif label is None and (glued := _glued_label(text, vocabulary)):
            label, text = glued, text[len(glued) :]
        text = _BULLET.sub("", text).strip()
        if url and text and (base_url is None or same_domain(url, base_url)):
            found.append(RelatedText(label, text, url.partition("#")[0]))
    return found


def _label_within(text: str, vocabulary: Vocabulary) -> int:
    """Where the headline begins after a label without a colon within a link ("BACA JUGA Jembatan Dibuka"); 0 if there
    is no such label.
    """
    own = vocabulary.bare_related_label(text)
    if own is None or own.has_colon or " " not in own.label:
        return 0
    title = text[own.end :].lstrip(" \"'“‘")
    return own.end if len(title) >= _MIN_TITLE and (title[0].isupper() or title[0].isdigit()) else 0


def _glued_label(text: str, vocabulary: Vocabulary) -> str | None:
    """The label at the beginning of a link whose headline is in a separate element ("Baca JugaHEADLINE")."""
    match = _GLUED.match(text)
    return match[0] if match and vocabulary.related_heading(match[0]) else None
