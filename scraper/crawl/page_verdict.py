"""What a successfully fetched page is that holds no complete article: a shell for scripts, a teaser. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scraper.errors import Reason
from scraper.markup import UNSEEN, few_words

if TYPE_CHECKING:
    from scraper.extract.verdict import Claim
    from scraper.records import Article

# The element that React, Next, Vue, Nuxt, Angular, Svelte and Ember fill, still empty.
_EMPTY = re.compile(rb"<(?:div|main|(app-root))\b([^<>]*+)>\s*+</(?:div|main|app-root)\b", re.IGNORECASE)
_ROOT = re.compile(rb"""\bid\s?=\s?["']?(?:root|app|__next|__nuxt|svelte|main-app|ember-app)(?![\w-])""", re.IGNORECASE)
_LONGEST_TAG = 2_000
# For a page that nobody called an article. Measured on the open sets: docs/benchmarks.md, "Pages given by hand".
_CLAIMED_WORDS = 25  # a short report that says what it is
_SIGNED_WORDS, _SIGNED_PROSE = 80, 20  # with a date or an author, and a paragraph of a sentence or two
_LONG_WORDS = 150
_MANY_BLOCKS, _TEASER_MEAN, _PROSE_WORDS = 12, 22, 30  # teasers: many, short, and hardly one as long as a paragraph
_UNSEEN = UNSEEN | {b"head", b"title"}
_SHELL_WORDS = 40  # "You need to enable JavaScript to run this app" and a footer
_TEASER_WORDS = 150  # shorter than nearly every complete article that is sold


def is_js_shell(body: bytes) -> bool:
    """Whether a page is an empty frame that scripts fill: its application's root is empty, and it says nothing else."""
    is_framed = any(found[1] or _ROOT.search(found[2], 0, _LONGEST_TAG) for found in _EMPTY.finditer(body))
    return is_framed and few_words(body, _SHELL_WORDS, unseen=_UNSEEN) < _SHELL_WORDS


def reads_as_article(article: Article, claim: Claim | None) -> bool:
    """Whether a page that nobody called an article is one: it says so itself and has a text, or it reads like one.

    A page whose text is many short pieces is a list of teasers, whatever its Open Graph type says; so a front page is
    not an article.
    """
    if urlsplit(article.url).path in ("", "/") and not urlsplit(article.url).query:
        return False
    if article.kind != "article" and claim is not None:
        return True
    sizes = sorted((_words(block.text) for block in article.body), reverse=True)
    words, longest = sum(sizes), sizes[0] if sizes else 0
    is_signed = article.published_at is not None or bool(article.authors)
    if len(sizes) >= _MANY_BLOCKS and words < _TEASER_MEAN * len(sizes) and sizes[4] < _PROSE_WORDS:
        return claim == "json-ld"
    if claim is not None:
        return words >= _CLAIMED_WORDS or is_signed
    return longest >= _SIGNED_PROSE and (words >= _LONG_WORDS or (words >= _SIGNED_WORDS and is_signed))


def _words(text: str) -> float:
    """Words, also in scripts without blanks."""
    counted = len(text.split())
    return counted if counted >= len(text) / 15 else len(text) / 3


def reason_of_article(article: Article) -> Reason:
    """OK, or PAYWALLED if the page says that it is sold and only a teaser is there."""
    if article.access != "premium":
        return Reason.OK
    return Reason.PAYWALLED if sum(len(block.text.split()) for block in article.body) < _TEASER_WORDS else Reason.OK
