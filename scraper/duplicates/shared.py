"""Quotations that several papers have, with the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive import near as store
from scraper.duplicates.quotes import quotations

if TYPE_CHECKING:
    from scraper.archive import Archive


def shared_quotes(db: Archive, *, site: str | None = None, limit: int = 20) -> list[store.SharedQuote]:
    """The quotations that most papers have (with an article of `site`), in articles that are not all copies of each other."""
    found = []
    for key, sites in store.quoted_keys(db, site=site, limit=limit):
        listed = store.quoting(db, key)
        # An article that changed since the last update may have lost the words.
        words = next((text for _, body in listed if (text := quotations(body).get(key))), None)
        if words is not None:
            found.append(store.SharedQuote(text=words, sites=sites, articles=tuple(article for article, _ in listed)))
    return found
