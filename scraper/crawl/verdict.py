"""What a page is that was fetched well and still holds no whole article: a shell for scripts, a teaser. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from scraper.errors import Reason

if TYPE_CHECKING:
    from scraper.records import Article

_UNSEEN = re.compile(
    rb"<head\b.*?</head\s*>|<(script|style|noscript|template|title)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
# The element that React, Next, Vue, Nuxt, Angular, Svelte and Ember fill, with nothing in it.
_EMPTY_ROOT = re.compile(
    rb"""<(?:div|main)[^<>]*\bid=["']?(?:root|app|__next|__nuxt|svelte|main-app|ember-app)["']?[^<>]*>\s*</(?:div|main)>"""
    rb"|<app-root[^<>]*>\s*</app-root>",
    re.IGNORECASE,
)
_SHELL_WORDS = 40  # "You need to enable JavaScript to run this app" and a footer
_TEASER_WORDS = 150  # shorter than nearly every whole article that is sold


def is_js_shell(body: bytes) -> bool:
    """Whether a page is an empty frame that scripts fill: its application's root is empty, and nothing else is said."""
    return bool(_EMPTY_ROOT.search(body)) and len(_UNSEEN.sub(b" ", body).split()) < _SHELL_WORDS


def reason_of(article: Article) -> Reason:
    """OK, or PAYWALLED where the page says that it is sold and only a teaser is there."""
    words = sum(len(block.text.split()) for block in article.body)
    return Reason.PAYWALLED if article.access == "premium" and words < _TEASER_WORDS else Reason.OK
