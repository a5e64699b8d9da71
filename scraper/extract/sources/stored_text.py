"""The text according to a page's data, for pages that show next to nothing of it: schema.org's articleBody, or markup
in a script.
"""

from __future__ import annotations

import html as entities
import json
import re
from typing import TYPE_CHECKING

from scraper.errors import ExtractError
from scraper.extract.structure.blocks import RawBlock, read_blocks
from scraper.html import parse, prepare
from scraper.text import collapse, fold, storable, word_count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.sources.metadata import PageMetadata
    from scraper.html import Tree

FEW_WORDS = 60  # shown; a page whose text waits for a script or behind a wall hardly shows more
MAX_MARKUP = 4 << 20  # characters of a page that are searched
MIN_STRING, MAX_STRING = 600, 1 << 20  # characters in a text of three paragraphs, and in a page's whole state
MAX_STRINGS = 6  # that are tried
MIN_PARAGRAPHS = 3
MIN_DESCRIBED = 0.4  # of the runs in a page's title and description; other news in its language has up to 0.37
# It does not backtrack, and an unclosed string is taken to the end, so no page can make it slow.
_STRING = re.compile(r'"((?:[^"\\]++|\\.?)*+)(?P<end>"|\Z)', re.DOTALL)
_PARAGRAPH = re.compile(r"(?:<|(?<!\\)\\++u003[cC])p\b")
_PLACEHOLDER = re.compile(r"[$%#{[]{1,3}[\w-]+[$%#}\]]{1,3}")  # "$$ARTICLEAD$$"
_NO_LETTER = re.compile(r"[\W_]+")
_FIRST_SYLLABLE = "\u2e80"  # in scripts whose letters are syllables or words: Chinese, Japanese, Korean
LETTERS, SYLLABLES = 5, 2  # in a run
MIN_GAIN = 2.0  # times as many words must be stored as are shown


def article_body(metadata: PageMetadata, words: int) -> list[RawBlock]:
    """The blocks of articleBody if the page shows next to nothing of a longer text; [] if it shows its text.

    `words` is how many words the page shows.
    """
    if words >= FEW_WORDS:
        return []
    text = next((value for value in metadata.values("articleBody") if isinstance(value, str)), "")
    if word_count(collapse(text)) < max(FEW_WORDS, MIN_GAIN * words):
        return []
    if "</p>" in text:
        tree = _tree(text)
        return read_blocks(tree.body) if tree is not None and tree.body is not None else []
    lines = (collapse(storable(line)) for line in entities.unescape(text).splitlines())
    return [RawBlock("paragraph", line, (line,)) for line in lines if line]


def stored_markup(markup: bytes | str, metadata: PageMetadata, words: int) -> Tree | None:
    """The text that a page keeps as markup in a script, if it waits for that to run, parsed; None if it shows its text.

    The page's own title and description show which of a script's strings is the text: much of them recurs in it.
    """
    if words >= FEW_WORDS or len(markup) > MAX_MARKUP:
        return None
    described = _runs(f"{metadata.title or ''} {(metadata.first('description', 'og:description') or ('',))[0]}")
    if not described:
        return None
    page = markup if isinstance(markup, str) else markup.decode("utf-8", "replace")
    for text in sorted(_markup_in(page), key=len, reverse=True)[:MAX_STRINGS]:
        tree = _tree(text)
        if tree is None or tree.body is None:
            continue
        told = tree.body.text(separator=" ")
        said = len(described & _runs(told)) / len(described)
        if said >= MIN_DESCRIBED and word_count(told) >= max(FEW_WORDS, MIN_GAIN * words):
            return tree
    return None


def is_placeholder(text: str) -> bool:
    """Whether a stored paragraph only marks where a script would put something ("$$ARTICLEAD$$")."""
    return _PLACEHOLDER.fullmatch(text) is not None


def _runs(text: str) -> set[str]:
    """All runs of a few letters in a text, with or without blanks: what two texts have in common in any language."""
    letters = _NO_LETTER.sub("", fold(text))
    length = SYLLABLES if 2 * sum(char >= _FIRST_SYLLABLE for char in letters) > len(letters) else LETTERS
    return {letters[at : at + length] for at in range(len(letters) - length + 1)}


def _markup_in(text: str, *, is_inner: bool = False) -> Iterator[str]:
    """The strings in a script that are markup of several paragraphs, including those in a string that itself holds
    JSON.
    """
    for match in _STRING.finditer(text):
        if not match["end"] or not MIN_STRING <= len(match[1]) <= MAX_STRING or not _PARAGRAPH.search(match[1]):
            continue
        try:
            value = json.loads(match[0], strict=False)
        except ValueError:
            continue
        if value.count("<p") >= MIN_PARAGRAPHS and value.count("</p>") >= MIN_PARAGRAPHS:
            yield value
        elif not is_inner:
            yield from _markup_in(value, is_inner=True)


def _tree(text: str) -> Tree | None:
    try:
        tree = parse(storable(text))
    except ExtractError:
        return None
    prepare(tree)
    return tree
