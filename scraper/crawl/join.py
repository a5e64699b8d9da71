"""Multi-page articles: each page is a capture of its own, and the article is read again from all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.errors import ExtractError
from scraper.extract.multipage import join_known

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from scraper.records import Article, Capture


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """An article joined as far as its pages are captured; `parts` are (page, capture id) of the pages before this one."""

    article: Article
    parts: tuple[tuple[int, int], ...]


async def join_with_stored(
    page: Article, stored: Iterable[tuple[int, int, Capture]], read: Callable[[Capture], Awaitable[Article]]
) -> Joined:
    """Join a page just read with the stored captures (page, capture id, capture) of the same article.

    A stored page that can no longer be read counts as missing.
    """
    pages: dict[int, Article] = {page.page: page}
    ids: dict[int, int] = {}
    for number, capture_id, capture in stored:
        if number == page.page or number > max(page.page_count, page.page):
            continue
        try:
            pages[number] = await read(capture)
        except ExtractError:
            continue
        ids[number] = capture_id
    article, run = join_known(pages, page.page)
    return Joined(article=article, parts=tuple((number, ids[number]) for number in run if number in ids))
