"""A paper's correction of its own article: "Ralat: …", "Correction (3 May): …", "In einer früheren Version dieses
Artikels …".

Two signs: its words, and its position at the head or foot of the text or in a separate element. It stays in the text,
since readers see it there; the record's field is a second copy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.html import prose
from scraper.text import collapse

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from scraper.extract.trace import Removal
    from scraper.html import Tree
    from scraper.language import Vocabulary
    from scraper.records import Block

_HEAD, _TAIL = 2, 3  # blocks of a text that are its edges
_FEWEST = 2  # blocks besides the notice: a page that is nothing else corrects another article
_LONGEST = 1500  # characters of a notice
_MOST_LINKS = 2  # in it; a notice with more is a list of other articles that were corrected
# Papers in any language name the element in English (seen on nytimes.com, theguardian.com, spiegel.de, 2019-2026).
_NAME = "correction"
_ELEMENTS = f'[class*="{_NAME}"], [id*="{_NAME}"]'
# The rules that remove lines at the edges of a text, one of which may be a notice.
_EDGE_RULES = frozenset({"after the end", "behind the sign-off", "note", "furniture"})


def correction_in(body: Sequence[Block], removed: Iterable[Removal], vocabulary: Vocabulary) -> str | None:
    """The notice at the edges of a text, or among the lines removed there; None if there is none."""
    edges = [place for place in range(len(body)) if place < _HEAD or place >= len(body) - _TAIL]
    found: dict[str, None] = {}
    for place in edges:
        text = body[place].text
        label = vocabulary.correction_label(text) if len(text) <= _LONGEST else None
        if label is not None and _is_bare(text, label) and place + 1 < len(body):
            text = f"{text} {body[place + 1].text}"  # a heading, and the notice below it
        if label is not None and not _is_bare(text, label):
            found.setdefault(text)
    if len(body) - len(found) < _FEWEST:
        found.clear()
    for each in removed:
        if each.rule in _EDGE_RULES and len(each.text) <= _LONGEST:
            label = vocabulary.correction_label(each.text)
            if label is not None and not _is_bare(each.text, label):
                found.setdefault(each.text)
    return " ".join(found) or None


def marked_correction(tree: Tree, markup: bytes | str, vocabulary: Vocabulary) -> str | None:
    """The notice in an element whose name says that it is one; None if there is none."""
    is_named = _NAME.encode() in markup if isinstance(markup, bytes) else _NAME in markup
    if not is_named:  # nearly always, and asking the engine costs much more
        return None
    for node in tree.search(_ELEMENTS):
        text = collapse(prose(node)).strip()
        label = vocabulary.correction_label(text) if len(text) <= _LONGEST else None
        if label is not None and not _is_bare(text, label) and len(node.css("a[href]")) <= _MOST_LINKS:
            return text
    return None


def _is_bare(text: str, label: str) -> bool:
    """Whether a text is hardly more than its label."""
    return len(text) <= len(label) + 4
