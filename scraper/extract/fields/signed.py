"""Who signs if no person is named: a paper, a body of people, an account, confirmed by two places on the page."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.extract.fields.byline_lines import signed_lines
from scraper.extract.fields.marked_bylines import MAX_LINE, marked_texts
from scraper.extract.sources.metadata import jsonld_names
from scraper.extract.structure.headline_lines import headline_places
from scraper.extract.text.people import MAX_CHARS, MAX_WORDS, is_account, is_address, is_nobody, is_person, unlabelled
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.sources.metadata import PageMetadata
    from scraper.extract.sources.paper import Paper
    from scraper.html import Tree
    from scraper.language import Vocabulary

_LINES_BELOW = 12  # of the headline
_ENOUGH = 2  # signs
_SHORTEST = 3  # letters
_MOST_ENTRIES = 20  # of a list of authors
_NO_NAME = re.compile(r"[:!?…\[\]{}<>=]|^\W|\d{4}|\.\s")


def read_signature(
    tree: Tree, metadata: PageMetadata, meta_names: tuple[str, ...], paper: Paper, vocabulary: Vocabulary
) -> tuple[str, str] | None:
    """(name, provenance) of whoever the page says wrote it, person or not; None if fewer than two signs say so.

    The signs: JSON-LD's author, an author in <meta>, its label "Written by", the marked byline, the name alone on a
    line below the headline; a line there that says "by" counts as two, words and place. An address that equals the name
    is one, if the name can be a person's.
    """
    signs: defaultdict[str, set[str]] = defaultdict(set)
    first: dict[str, tuple[str, str]] = {}
    said = [*_from_data(metadata, meta_names, vocabulary), *_from_page(tree, vocabulary)]
    for text, sign, source in said:
        name = _tidy(text, paper, vocabulary)
        if name:
            signs[fold(name)].add(sign)
            first.setdefault(fold(name), (name, source))
    below = {fold(line) for line in _below_headline(tree, vocabulary)} if signs else set()
    for key, (name, source) in first.items():
        own = signs[key]
        # A marked line that is only a name is that line; only for the paper's own name is it certain not to be a topic.
        is_alone = key in below and "by" not in own and (own != {"marked"} or paper.is_own(name))
        is_host = " " in name and is_person(name) and paper.bears(name)
        if len(own) + ("by" in own) + is_alone + is_host >= _ENOUGH:
            return name, source
    return None


def _from_data(
    metadata: PageMetadata, meta_names: tuple[str, ...], vocabulary: Vocabulary
) -> Iterator[tuple[str, str, str]]:
    """(text, sign, provenance) of each author in the page's data."""
    for value in metadata.values("author"):
        for entry in value[:_MOST_ENTRIES] if isinstance(value, list) else [value]:
            yield from ((text, "json-ld", "json-ld:author") for text in jsonld_names(entry))
    for name in meta_names:
        yield from ((text, "meta", f"meta:{name}") for text in metadata.meta.get(name, ()) if text)
    for name, labels in metadata.meta.items():
        if name.startswith("twitter:label") and labels and vocabulary.is_writer_label(labels[0]):
            data = name.replace("label", "data")
            yield from ((text, "label", f"meta:{data}") for text in metadata.meta.get(data, ()))


def _from_page(tree: Tree, vocabulary: Vocabulary) -> Iterator[tuple[str, str, str]]:
    """(text, sign, provenance) of each author that the page prints."""
    for text in signed_lines(tree, vocabulary):
        yield text, "by", "generic:text"
    for text, source in marked_texts(tree):
        yield text, "marked", source


def _below_headline(tree: Tree, vocabulary: Vocabulary) -> Iterator[str]:
    """The short lines below the headline, except what follows any label other than "By" ("Editor:", "Photo:")."""
    pieces = tree.pieces()
    for place in headline_places(tree):
        for before, line in pairwise(pieces[place : place + 1 + _LINES_BELOW]):
            if len(line) <= MAX_LINE and (before[-1:] != ":" or vocabulary.signature(before) is not None):
                yield line.strip(" ,|·•")


def _tidy(text: str, paper: Paper, vocabulary: Vocabulary) -> str | None:
    """A name without its label; None if it is not a name: a label, an address, a date, an administrator's account."""
    name = unlabelled(text).strip(" ,;|/·•–—-")
    if not _SHORTEST <= len(name) <= MAX_CHARS or len(name.split()) > MAX_WORDS or _NO_NAME.search(name):
        return None
    if not any(char.isalpha() for char in name) or is_nobody(name, vocabulary) or is_account(name):
        return None
    return None if is_address(name) and not paper.is_own(name) else name
