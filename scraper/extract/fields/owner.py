"""Whose site it is, if it is one person's: such a site names its author in its own name, and nowhere else."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.extract.fields.byline_lines import WHOLE_NAME
from scraper.extract.sources.article_nodes import types_of
from scraper.extract.text.people import is_nobody, is_person
from scraper.html import prose
from scraper.text import collapse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.extract.sources.metadata import PageMetadata
    from scraper.extract.sources.paper import Paper
    from scraper.html import Tree
    from scraper.language import Vocabulary

SOURCE = "generic:site owner"
_ENOUGH = 3  # signs, one of them printed at the top of the page
_PRINTED = frozenset({"home", "top"})
_FIRST_LINES, _FIRST_LINKS = 3, 40
_WORDS = 2  # of a person's name; of more words are the names of papers and shops
_SHORTEST = 4  # letters of a word that is in an address on purpose
_LONGEST = 40
_BEFORE_SITE = re.compile(r"\s[|•·–—-]\s")
_TITLE_OF_PERSON = re.compile(r"^(?:Dr|Prof)\.? ")


def read_owner(
    tree: Tree, metadata: PageMetadata, paper: Paper, vocabulary: Vocabulary, url: str | None
) -> tuple[str, str] | None:
    """(name, provenance) of the person whose site this is, by three signs; None if it is a paper's, a company's, or anybody's.

    The signs: the name is the text of the link to the front page, it is one of the page's first lines, the <title> ends
    with it, it is the site's name, the host holds a part of it. None for a site whose data names an organisation, and for a
    name whose words are also ordinary words of the page ("Bread Dad").
    """
    if url is None or paper.is_listed or any("Organization" in "".join(types_of(node)) for node in metadata.nodes):
        return None
    host = (urlsplit(url).hostname or "").lower()
    signs: dict[str, set[str]] = {}
    for text, sign in _names_of_site(tree, metadata, host):
        name = _TITLE_OF_PERSON.sub("", collapse(text))
        if len(name) <= _LONGEST and WHOLE_NAME.fullmatch(name):
            signs.setdefault(name, set()).add(sign)
    for name, own in signs.items():
        words = name.lower().split()
        if any(len(word) >= _SHORTEST and word in host for word in words):
            own.add("host")
        if len(own) < _ENOUGH or _PRINTED.isdisjoint(own) or len(words) != _WORDS:
            continue
        if is_person(name) and not name.isupper() and not is_nobody(name, vocabulary) and not _are_words(words, tree):
            return name, SOURCE
    return None


def _names_of_site(tree: Tree, metadata: PageMetadata, host: str) -> Iterator[tuple[str, str]]:
    """(text, sign) of everything that may name the site."""
    for node, href in islice(tree.links(), _FIRST_LINKS):
        if href.strip() in ("/", "./") or (href.startswith("http") and _is_front(href, host)):
            yield prose(node), "home"
    yield from ((line, "top") for line in tree.pieces()[:_FIRST_LINES])
    yield from ((text, "title") for text in _BEFORE_SITE.split(metadata.title or "")[1:][-1:])
    yield from ((text, "site") for text in metadata.meta.get("og:site_name", ()))


def _is_front(href: str, host: str) -> bool:
    try:
        parts = urlsplit(href)
        return (parts.hostname or "").lower() == host and parts.path in ("", "/")
    except ValueError:
        return False


def _are_words(words: list[str], tree: Tree) -> bool:
    """Whether a word of a name is an ordinary word in the page's text."""
    text = tree.words()
    return any(re.search(rf"(?<![\w./@:-]){re.escape(word)}(?![\w./@-])", text) for word in words)
