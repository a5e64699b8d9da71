"""What a page is that was fetched well and still holds no whole article: a shell for scripts, a teaser. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.errors import Reason
from scraper.markup import UNSEEN, few_words

if TYPE_CHECKING:
    from scraper.records import Article

# The element that React, Next, Vue, Nuxt, Angular, Svelte and Ember fill, with nothing in it.
_EMPTY = re.compile(rb"<(?:div|main|(app-root))\b([^<>]*+)>\s*+</(?:div|main|app-root)\b", re.IGNORECASE)
_ROOT = re.compile(rb"""\bid\s?=\s?["']?(?:root|app|__next|__nuxt|svelte|main-app|ember-app)(?![\w-])""", re.IGNORECASE)
_LONGEST_TAG = 2_000
_UNSEEN = UNSEEN | {b"head", b"title"}
_SHELL_WORDS = 40  # "You need to enable JavaScript to run this app" and a footer
_TEASER_WORDS = 150  # shorter than nearly every whole article that is sold


def is_js_shell(body: bytes) -> bool:
    """Whether a page is an empty frame that scripts fill: its application's root is empty, and nothing else is said."""
    is_framed = any(found[1] or _ROOT.search(found[2], 0, _LONGEST_TAG) for found in _EMPTY.finditer(body))
    return is_framed and few_words(body, _SHELL_WORDS, unseen=_UNSEEN) < _SHELL_WORDS


def reason_of(article: Article) -> Reason:
    """OK, or PAYWALLED where the page says that it is sold and only a teaser is there."""
    words = sum(len(block.text.split()) for block in article.body)
    return Reason.PAYWALLED if article.access == "premium" and words < _TEASER_WORDS else Reason.OK
