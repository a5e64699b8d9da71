"""The text as a page's structured data tells it (schema.org articleBody), for pages that show only its beginning."""

from __future__ import annotations

import html as entities
from typing import TYPE_CHECKING

from scraper.errors import ExtractError
from scraper.extract.body import RawBlock, read_blocks
from scraper.html import parse, prepare
from scraper.text import collapse, storable, word_count

if TYPE_CHECKING:
    from scraper.extract.metadata import PageMetadata

FEW_WORDS = 60  # shown; a page whose text waits for a script or behind a wall shows hardly more
MIN_GAIN = 2.0  # times as many words must be told as are shown


def told_body(metadata: PageMetadata, words: int) -> list[RawBlock]:
    """The blocks of articleBody where the page shows next to nothing of a longer text; [] where it shows its text.

    `words` is how many words the page shows.
    """
    if words >= FEW_WORDS:
        return []
    text = next((value for value in metadata.values("articleBody") if isinstance(value, str)), "")
    if word_count(collapse(text)) < max(FEW_WORDS, MIN_GAIN * words):
        return []
    if "</p>" in text:
        try:
            tree = parse(storable(text))
        except ExtractError:
            return []
        prepare(tree)
        return read_blocks(tree.body) if tree.body is not None else []
    lines = (collapse(storable(line)) for line in entities.unescape(text).splitlines())
    return [RawBlock("paragraph", line, (line,)) for line in lines if line]
