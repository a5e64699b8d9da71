from __future__ import annotations

from scraper.extract.multipage import join_pages
from scraper.records import Article, Block, RelatedLink


def page(number: int, *texts: str, links: tuple[tuple[str, int], ...] = (), sign_off: str | None = None) -> Article:
    return Article(
        url="https://contoh.id/berita/1",
        headline="Jembatan baru dibuka",
        layout="contoh/2024",
        body=tuple(Block(kind="paragraph", text=text) for text in texts),
        related_links=tuple(
            RelatedLink(label="Baca", text=url, url=f"https://contoh.id/{url}", after_block=after)
            for url, after in links
        ),
        page=number,
        page_count=2,
        next_page="https://contoh.id/berita/1?page=2" if number == 1 else None,
        sign_off=sign_off,
    )


def test_a_single_page_is_itself() -> None:
    only = page(1, "Satu.")
    assert join_pages([only]) is only


def test_pages_are_joined_in_order_with_their_links_in_place() -> None:
    joined = join_pages(
        [page(1, "Satu.", "Dua.", links=(("a", 1),)), page(2, "Tiga.", "Empat.", links=(("b", 1),), sign_off="(*)")]
    )
    assert [block.text for block in joined.body] == ["Satu.", "Dua.", "Tiga.", "Empat."]
    assert [(link.text, link.after_block) for link in joined.related_links] == [("a", 1), ("b", 3)]
    assert (joined.page, joined.page_count, joined.next_page, joined.sign_off) == (1, 2, None, "(*)")


def test_an_overlap_is_not_doubled() -> None:
    joined = join_pages([page(1, "Satu.", "Dua."), page(2, "Dua.", "Tiga.", links=(("c", 2),))])
    assert [block.text for block in joined.body] == ["Satu.", "Dua.", "Tiga."]
    assert [link.after_block for link in joined.related_links] == [3]


def test_a_link_seen_on_both_pages_is_kept_once() -> None:
    joined = join_pages([page(1, "Satu.", links=(("a", 1),)), page(2, "Dua.", links=(("a", 0),))])
    assert [link.text for link in joined.related_links] == ["a"]
