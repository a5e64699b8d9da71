"""Multi-page articles: each page is its own capture, the article is read again from all of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scraper.errors import ExtractError
from scraper.extract.pages import join_pages

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

    Pages are joined from the first one up to the first gap: text after a
    missing page would stand in the wrong place. A stored page that can no
    longer be read counts as missing. How many pages there are is what the page
    just read says: a paper may have made its article shorter.
    """
    pages: dict[int, Article] = {page.page: page}
    ids: dict[int, int] = {}
    count = max(page.page_count, page.page)
    for number, capture_id, capture in stored:
        if number == page.page or number > count:
            continue
        try:
            pages[number] = await read(capture)
        except ExtractError:
            continue
        ids[number] = capture_id
    run: list[int] = []
    while len(run) + 1 in pages:
        run.append(len(run) + 1)
    if page.page not in run:
        return Joined(article=page, parts=())
    parts = tuple((number, ids[number]) for number in run if number in ids)
    article = join_pages([pages[number] for number in run])
    is_whole = run[-1] == count
    return Joined(
        article=replace(article, page_count=count, next_page=None if is_whole else article.next_page), parts=parts
    )
