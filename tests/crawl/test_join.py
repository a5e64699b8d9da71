"""Articles of several pages: the page read last decides how many there are, and each kind of change is recognised."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from scraper.crawl.join import Joined, join_with_stored
from scraper.records import Article, Block, Capture
from tests.archive.made import NOW

URL = "https://contoh.id/2026/03/01/jembatan"


def page(number: int, count: int) -> Article:
    following = f"{URL}?page={number + 1}" if number < count else None
    body = (Block(kind="paragraph", text=f"Halaman {number} dari {count}."),)
    return Article(
        url=URL, headline="Jembatan", layout="t/1", page=number, page_count=count, next_page=following, body=body
    )


def join(fresh: Article, stored: dict[int, Article]) -> Joined:
    def capture(number: int) -> Capture:
        return Capture(url=URL, final_url=f"{URL}?page={number}", status=200, fetched_at=NOW, body=b"")

    async def read(kept: Capture) -> Article:
        return stored[int(kept.final_url.rsplit("=", 1)[1])]

    kept = [(number, number, capture(number)) for number in stored]
    return asyncio.run(join_with_stored(fresh, kept, read))


def texts(joined: Joined) -> list[str]:
    return [block.text for block in joined.article.body]


def test_a_shrunken_article_does_not_get_its_last_page_back() -> None:
    old = {number: page(number, 3) for number in (1, 2, 3)}
    joined = join(page(1, 2), old)
    assert texts(joined) == ["Halaman 1 dari 2.", "Halaman 2 dari 3."]
    assert (joined.article.page_count, joined.article.next_page, joined.parts) == (2, None, ((2, 2),))
    second = join(page(2, 2), {1: page(1, 2), 3: page(3, 3)})
    assert texts(second) == ["Halaman 1 dari 2.", "Halaman 2 dari 2."]
    assert (second.article.page_count, second.article.next_page) == (2, None)


def test_a_grown_article_waits_for_its_new_page() -> None:
    joined = join(page(1, 3), {number: page(number, 2) for number in (1, 2)})
    assert joined.article.page_count == 3
    assert len(joined.parts) == 1


@given(st.integers(1, 5), st.integers(1, 5), st.sets(st.integers(1, 6)))
def test_the_page_just_read_says_how_many_there_are(number: int, count: int, stored: set[int]) -> None:
    fresh = replace(page(min(number, count), count))
    joined = join(fresh, {each: page(each, 6) for each in stored})
    assert joined.article.page_count == count
    assert all(part <= count for part, _ in joined.parts)
    if len(joined.article.body) == count:
        assert joined.article.next_page is None
