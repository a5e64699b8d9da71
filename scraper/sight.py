"""What a page looks like as a whole, apart from what was read: its text, whether it asks for input, the names in its
markup. Pure.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.charsets import readable
from scraper.html import Tree, parse, prepare
from scraper.text import collapse, fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scraper.records import Article

MAX_TEXT = 400_000  # characters of a page that are looked at
MAX_NAMES = 2_000  # class names
_CODES = ("captcha", "turnstile", "challenge-form", "challenge-running")
_CHOICES = ("password", "checkbox", "radio")
_SOLD = re.compile(
    r"pay-?wall|reg-?wall|piano-|premium-(?:content|offer)|subscri(?:be|ption)-(?:wall|offer|box)|berlangganan",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A page as a whole: its title (preceded by its first heading), all its text folded, and the number of its words.

    `said` is the text with the page's descriptions of itself (its title, metadata). `has_form`: it asks for a password,
    a code or a choice; `names` are the class names in its markup, which distinguish two designs.
    """

    title: str
    text: str
    said: str
    words: int
    has_form: bool
    names: frozenset[str]

    @property
    def is_sold(self) -> bool:
        """Whether its markup has a place for an offer to sell the rest."""
        return any(_SOLD.search(name) for name in self.names)


def look(body: bytes, charset: str | None) -> Sight:
    """Look at a page. Raises ExtractError `unparsable` as html.parse does."""
    tree = parse(readable(body, charset))
    titles = [*tree.tagged("h1"), *tree.tagged("title")]
    title = next((text for node in titles if (text := collapse(node.text()))), "")
    has_form, names = _asks(tree), _names(tree)
    about = [node.text() for node in tree.tagged("title")]
    about += [node.attributes.get("content") or "" for node in tree.tagged("meta")]
    prepare(tree)
    text = collapse(tree.words())[:MAX_TEXT]
    folded = fold(text)
    said = f"{fold(' '.join(about)[:MAX_TEXT])} {folded}"
    return Sight(title=title, text=folded, said=said, words=len(text.split()), has_form=has_form, names=names)


def _asks(tree: Tree) -> bool:
    """Whether a page demands something before it shows a text: a password, a code, a choice, or to wait."""
    if any((node.attributes.get("type") or "").lower() in _CHOICES for node in tree.tagged("input")):
        return True
    if any((node.attributes.get("http-equiv") or "").lower() == "refresh" for node in tree.tagged("meta")):
        return True
    places = (*tree.tagged("div", "form", "iframe"), *tree.tagged("script"))
    told = ("class", "id", "src", "action")
    return any(code in (node.attributes.get(name) or "").lower() for node in places for name in told for code in _CODES)


def _names(tree: Tree) -> frozenset[str]:
    found: set[str] = set()
    for node in tree.search("[class]"):
        found.update((node.attributes.get("class") or "").split())
        if len(found) > MAX_NAMES:
            break
    return frozenset(found)


def text_key(texts: Iterable[str]) -> int | None:
    """A number that equal texts share; words with a digit (a time, a request's code) do not count, nor does case.

    None for a text without words.
    """
    words = [word for word in fold(" ".join(texts))[:MAX_TEXT].split() if word.isalpha() or not _DIGIT.search(word)]
    if not words:
        return None
    return int.from_bytes(hashlib.sha256(" ".join(words).encode()).digest()[:8], "big", signed=True)


def key_of(article: Article) -> int | None:
    """The text_key of the text that was read."""
    return text_key((article.headline, *(block.text for block in article.body)))


def is_claimed(article: Article) -> bool:
    """Whether a page itself says that it is an article: by a date that is not only in its URL, an author, its site's
    own layout, or by selling the rest of it.
    """
    has_date = article.published_at is not None and article.provenance.get("published_at") != "url"
    is_known = not article.layout.startswith("generic/") and "layout_missed" not in article.warnings
    return has_date or bool(article.authors) or is_known or article.access == "premium"
