"""How far the rules in use read pages in agreement with what is known about them. Pure."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from scraper.errors import ExtractError
from scraper.extract import extract_capture
from scraper.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.health.suggest import TemplatePage
    from scraper.records import Article


def field_agreement(pages: Sequence[TemplatePage]) -> dict[str, tuple[int, int]]:
    """How the rules in use read these pages: for each field (pages that agree with what is known, pages for which
    anything is known).
    """
    found: dict[str, tuple[int, int]] = {}
    for page in pages:
        try:
            read: Article | None = extract_capture(page.capture)
        except ExtractError:
            read = None
        for key, value in _compared(page.truth).items():
            if not value:
                continue
            is_same = read is not None and _compared(read)[key] == value
            if key == "body" and read is not None:
                is_same = _overlap(page.truth, read) >= 0.9
            before = found.get(key, (0, 0))
            found[key] = before[0] + is_same, before[1] + 1
    return found


def _compared(article: Article) -> dict[str, Any]:
    return {
        "headline": fold(article.headline),
        "lede": fold(article.lede or ""),
        "published_at": article.published_at,
        "authors": tuple(sorted(fold(author.name) for author in article.authors)),
        "editors": tuple(sorted(map(fold, article.editors))),
        "body": bool(article.body),
        "image": article.image.url if article.image else None,
        "tags": tuple(sorted(map(fold, article.tags))),
        "section": tuple(map(fold, article.section)),
    }


def _overlap(truth: Article, read: Article) -> float:
    """Words of both texts over words of either (with repetition)."""
    a, b = (Counter(word for block in each.body for word in fold(block.text).split()) for each in (truth, read))
    return (a & b).total() / max((a | b).total(), 1)
