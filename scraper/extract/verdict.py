"""Whether a page is an article at all; if not, what it is becomes a named outcome."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from scraper.errors import ExtractError, Reason

if TYPE_CHECKING:
    from scraper.extract.fields.chains import Fields
    from scraper.extract.sources.metadata import PageMetadata
    from scraper.language import Vocabulary
    from scraper.records import PageKind

Claim = Literal["json-ld", "meta"]
_PARTS = re.compile(r"(?<!\s)\s++[-–—|·•»:]\s++")  # between a page's title and the site's name
FEW_WORDS = 120  # on a page that says that there is no article, including what else it offers to read
MIN_WORDS = 25  # a shorter text needs other evidence that the page is an article


def refuse_no_article(
    metadata: PageMetadata,
    fields: Fields,
    vocabulary: Vocabulary,
    *,
    kind: PageKind,
    words: int,
    headline: str,
    url: str | None,
    has_layout: bool,
    is_other: bool,
) -> None:
    """Raise ExtractError if a page is not an article: gone, an index, or without text; `words` are those in its text.

    `is_other`: the site says that its address is not an article's. A page there that is one all the same (a gallery
    that is not crawled for) says so itself and has a date.
    """
    if words < FEW_WORDS and _is_gone(headline, vocabulary):
        raise ExtractError(url, Reason.SOFT_404, headline)
    if is_other and (claim_of(metadata) is None or fields.published_at is None):
        raise ExtractError(
            url, Reason.NOT_ARTICLE, "its site says that such an address is not an article's (other_path)"
        )
    if has_layout and (words or kind != "article"):
        return
    is_claimed = claim_of(metadata) is not None
    if vocabulary.fronts.fit(headline) or (url and _is_front(url) and not is_claimed):
        raise ExtractError(url, Reason.NOT_ARTICLE, "a front or index page")
    if words == 0 and kind == "article":
        raise ExtractError(url, Reason.NOT_ARTICLE, "no text")
    if words < MIN_WORDS and not is_claimed and fields.published_at is None and kind == "article":
        raise ExtractError(url, Reason.NOT_ARTICLE, f"{words} words, and nothing says that it is an article")


def _is_gone(headline: str, vocabulary: Vocabulary) -> bool:
    """Whether a title says that there is no such page, with or without the site's name before or after it."""
    parts = _PARTS.split(headline)
    first, last = parts[0], parts[-1]
    said = {headline, first} if len(parts) == 1 or not last[:1].isalpha() else {headline, first, last}
    return any(vocabulary.gone.fit(each) for each in said)


def claim_of(metadata: PageMetadata) -> Claim | None:
    """The evidence by which a page calls itself an article: JSON-LD about itself, or its Open Graph type; None if it
    does not.
    """
    return "json-ld" if metadata.articles else "meta" if _says_article(metadata) else None


def _is_front(url: str) -> bool:
    """Whether an address is a front page's: without a path, and without a number in its query ("?p=2895" is an
    article's).
    """
    parts = urlsplit(url)
    return parts.path in ("", "/") and not any(char.isdigit() for char in parts.query)


def _says_article(metadata: PageMetadata) -> bool:
    found = metadata.first("og:type")
    return (
        bool(found and found[0].lower() in ("article", "news", "newsarticle"))
        or "article:published_time" in metadata.meta
    )
