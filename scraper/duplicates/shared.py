"""Quotations that several papers have, with the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.archive.write import clusters as store
from scraper.duplicates.quotes import quotations

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.archive.file.library import Archive


def shared_quotes(
    db: Archive,
    *,
    site: str | None = None,
    limit: int = 20,
    order: store.QuoteOrder = "papers",
    on_progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> list[store.SharedQuote]:
    """The quotations that the most papers have (with an article of `site`), in articles that are not all copies of each
    other.

    With `order` "newest" those that an article took up last. `on_progress` is called with what is being processed, how
    many are done, and of how many.
    """
    found = []
    keys = store.quoted_keys(db, site=site, limit=limit, order=order)
    for done, (key, sites) in enumerate(keys):
        on_progress("quotations read", done, len(keys))
        listed = store.quoting(db, key)
        # An article that changed since the last update may have lost the words.
        words = next((text for _, body in listed if (text := quotations(body).get(key))), None)
        if words is not None:
            found.append(
                store.SharedQuote(key=key, text=words, sites=sites, articles=tuple(article for article, _ in listed))
            )
    return found
