"""Articles of several pages, on sites without a definition: their addresses, their warnings, their text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.extract import extract
from scraper.records import Article  # noqa: TC001

HOST = "https://koran.example"
TEXT = "".join(
    f"<p>Alinea nomor {n} bercerita tentang warga yang membangun jembatan di atas sungai kecil itu.</p>"
    for n in range(6)
)


def page(
    *links: str,
    holder: str = "div class='pages'",
    canonical: str | None = None,
    words: str = "Laman:",
) -> bytes:
    named = f"<link rel='canonical' href='{canonical}'>" if canonical else ""
    return (
        f"<html lang='id'><head><title>Jembatan dibuka</title>{named}<meta property='og:type' content='article'></head><body>"
        f"<a href='/berita'>Berita</a><article><h1>Jembatan dibuka untuk umum</h1>{TEXT}<{holder}>{words} {' '.join(links)}</{holder.split(maxsplit=1)[0]}>"
        f"</article></body></html>"
    ).encode()


def a(href: str, text: str) -> str:
    return f"<a href='{href}'>{text}</a>"


FORMS = [
    ("/berita/jembatan/", "/berita/jembatan/{}/"),
    ("/berita/jembatan", "/berita/jembatan/{}"),
    ("/berita/jembatan/", "/berita/jembatan/{}"),
    ("/berita/jembatan.html", "/berita/jembatan-{}.html"),
    ("/berita/jembatan.html", "/berita/jembatan_{}.html"),
    ("/berita/jembatan", "/berita/jembatan/page/{}/"),
    ("/berita/jembatan", "/berita/jembatan/seite-{}"),
    ("/?p=4711", "/?p=4711&page={}"),
    *(("/berita/jembatan", "/berita/jembatan?" + name + "={}") for name in ("page", "hal", "halaman", "p", "showpage")),
]


@pytest.mark.parametrize(("own", "form"), FORMS)
def test_pages_are_followed_whatever_their_address_looks_like(own: str, form: str) -> None:
    numbers = (2, 3)
    first = extract(page("<b>1</b>", *(a(form.format(n), str(n)) for n in numbers)), url=HOST + own)
    assert (first.page, first.page_count, first.next_page) == (1, 3, HOST + form.format(2))
    assert all("Laman" not in block.text for block in first.body)
    at = HOST + form.format(2)
    second = extract(page(a(own, "1"), "<b>2</b>", a(form.format(3), "3"), canonical=at), url=at)
    assert (second.page, second.page_count, second.next_page) == (2, 3, HOST + form.format(3))
    assert second.url == first.url
    last = extract(page(a(own, "1"), a(form.format(2), "2"), "<b>3</b>"), url=HOST + form.format(3))
    assert (last.url, last.page, last.page_count, last.next_page) == (first.url, 3, 3, None)


@pytest.mark.parametrize(
    "links",
    [
        [
            a("/berita/jembatan-2/", "Berikutnya"),
            "<link rel='next' href='/berita/jembatan-2/'>",
        ],  # the next post of a blog
        [a("/berita/lain/2/", "2"), a("/berita/lain/3/", "3")],
        [a("/berita?page=2", "2"), a("/berita?page=3", "3")],  # a list beside the article
        [a("/berita/jembatan/2/", "3")],  # the words say something else
        [a("/berita/jembatan/2/#comments", "2")],
        [a("/berita/jembatan/99", "99 komentar")],
        [a("https://lain.example/berita/jembatan/2/", "2")],
    ],
)
def test_what_only_looks_like_a_page_is_none(links: list[str]) -> None:
    article = extract(page(*links), url=f"{HOST}/berita/jembatan/")
    assert (article.page, article.page_count, article.next_page) == (1, 1, None)


def test_a_next_link_is_enough_where_the_address_says_page() -> None:
    article = extract(page(a("/berita/jembatan/page/2/", "Halaman selanjutnya")), url=f"{HOST}/berita/jembatan/")
    assert (article.page_count, article.next_page) == (2, f"{HOST}/berita/jembatan/page/2/")


@pytest.mark.parametrize("own", ["/berita/jembatan?page=all", "/berita/jembatan?showall=1", "/berita/jembatan/all"])
def test_an_address_of_all_pages_is_one_page(own: str) -> None:
    article = extract(page(a("/berita/jembatan?page=2", "2"), a("/berita/jembatan?page=3", "3")), url=HOST + own)
    assert (article.page, article.page_count, article.next_page) == (1, 1, None)


def test_paging_that_is_not_understood_is_a_warning() -> None:
    seen = page(a("/ganti?hlm=x2", "2"), a("/ganti?hlm=x3", "3"), holder="div class='page-links'")
    assert "paging_unread" in extract(seen, url=f"{HOST}/berita/jembatan").warnings
    announced = page(words="2 dari 8 halaman")
    assert (
        "paging_unread"
        in extract(announced.replace(b"2 dari 8", b"</p><p>1 dari 8"), url=f"{HOST}/berita/jembatan").warnings
    )
    assert "paging_unread" not in extract(page(), url=f"{HOST}/berita/jembatan").warnings


@pytest.mark.parametrize("step", [5, 10, 20])
def test_pages_are_followed_by_addresses_that_count_what_stood_before(step: int) -> None:
    """/slug, /slug/10 and /slug/20: what the links say is the page, what their addresses say is not."""
    own = f"{HOST}/read/881234/15/jembatan-dibuka-1634"
    at = [own, f"{own}/{step}", f"{own}/{2 * step}"]
    first = extract(page("<b>1</b>", a(at[1], "2"), a(at[2], "3")), url=own)
    assert (first.page, first.page_count, first.next_page) == (1, 3, at[1])
    second = extract(page(a(own, "1"), "<b>2</b>", a(at[2], "3")), url=at[1])
    assert (second.url, second.page, second.page_count, second.next_page) == (first.url, 2, 3, at[2])
    last = extract(page(a(own, "1"), a(at[1], "2"), "<b>3</b>"), url=at[2])
    assert (last.url, last.page, last.page_count, last.next_page) == (first.url, 3, 3, None)
    assert all("Laman" not in block.text for block in (*first.body, *second.body))
    alone = extract(page(a(at[1], "2")), url=own)
    assert (alone.page_count, alone.next_page) == (1, None), "one link says nothing"
    odd = extract(page(a(f"{own}/10", "2"), a(f"{own}/33", "3")), url=own)
    assert odd.page_count == 1
    assert "paging_unread" in odd.warnings, "there is a list of pages, and it was not understood"


@pytest.mark.parametrize("end", ["/", ""])
def test_the_pages_of_a_paper_whose_layout_knows_them_have_one_address(end: str) -> None:
    """A WordPress paper of the catalogue, with and without a slash behind the number."""
    own = f"https://www.suarakalbar.co.id/2021/03/jembatan-dibuka{end}"
    stem = own.rstrip("/")

    def at(number: int) -> str:
        return own if number == 1 else f"{stem}/{number}{end}"

    def read(number: int) -> Article:
        links = "".join(
            f'<a class="post-page-numbers" href="{at(each)}">{each}</a> ' for each in (1, 2, 3) if each != number
        )
        html = (
            f"<html lang='id'><head><title>Jembatan dibuka</title><link rel='canonical' href='{at(number)}'></head><body><article class='post'>"
            "<header class='entry-header'><h1 class='entry-title'>Jembatan dibuka untuk umum</h1><time class='entry-date published'"
            " datetime='2021-03-04T10:00:00+07:00'>4 Maret 2021</time></header><div class='entry-content'>"
            f"{TEXT}<div class='page-links'>Halaman: {links}</div></div></article></body></html>"
        )
        return extract(html, url=at(number))

    assert [read(number).url for number in (1, 2, 3)] == [own] * 3
    assert [read(number).page for number in (1, 2, 3)] == [1, 2, 3]


def test_links_by_number_that_lead_elsewhere_are_no_unread_pages() -> None:
    other = page(a("/berita?page=2", "2"), a("/berita?page=3", "3"))
    assert "paging_unread" not in extract(other, url=f"{HOST}/berita/jembatan").warnings
    comments = page(a("/berita/jembatan?page=1", "2"), a("/berita/jembatan?page=2", "3"), holder="div id='comments'")
    assert "paging_unread" not in extract(comments, url=f"{HOST}/berita/jembatan").warnings
    notes = page(a("/berita/jembatan#fn2", "2"), a("/berita/jembatan#fn3", "3"))
    assert "paging_unread" not in extract(notes, url=f"{HOST}/berita/jembatan").warnings


PARTS = [
    "<p>Bagian kedua menceritakan tukang kayu dari hulu yang memasang papan lantai jembatan itu satu demi satu setiap sore.</p>",
    "<p>Bagian ketiga menyebut biaya yang dikumpulkan warga selama empat musim panen tanpa bantuan dari pemerintah daerah.</p>",
]


def hidden(attributes: str, parts: list[str] = PARTS) -> list[str]:
    """The blocks of a page whose text has these parts hidden behind it."""
    boxes = "".join(f"<div {attributes.format(n=number)}>{part}</div>" for number, part in enumerate(parts, 2))
    body = page(words="").decode().replace(TEXT, f"<div class='isi'>{TEXT}</div>{boxes}")
    return [block.text for block in extract(body, url=f"{HOST}/berita/jembatan").body]


@pytest.mark.parametrize(
    "attributes",
    [
        "class='isi paging-content' data-paging_num='{n}' style='display:none'",
        "class='isi' id='detail_paging_{n}' style='display: none;'",
        "class='isi halaman-{n}' hidden",
    ],
)
def test_pages_that_stand_hidden_in_the_page_are_the_articles(attributes: str) -> None:
    found = hidden(attributes)
    assert len(found) == 8
    assert found[6].startswith("Bagian kedua")
    assert found[7].startswith("Bagian ketiga")


def test_the_first_page_may_stand_around_the_hidden_ones() -> None:
    boxes = "".join(
        f"<div class='isi paging' data-paging_num='{n}' style='display:none'>{part}</div>"
        for n, part in enumerate(PARTS, 2)
    )
    body = page(words="").decode().replace(TEXT, f"<div class='isi'>{TEXT}{boxes}</div>")
    assert [block.text[:7] for block in extract(body, url=f"{HOST}/berita/jembatan").body][6:] == ["Bagian "] * 2


@pytest.mark.parametrize(
    "attributes",
    [
        "class='isi tab-pane' style='display:none'",  # the text in another language, behind a tab
        "class='isi' data-slide='{n}' hidden",
        "class='kotak' data-page='{n}' hidden",  # nothing of its kind is shown
        "class='isi' data-page='7' hidden",  # not one after the other
    ],
)
def test_what_is_hidden_for_another_reason_stays_out(attributes: str) -> None:
    assert len(hidden(attributes)) == 6


def test_a_sentence_that_counts_pages_stays() -> None:
    body = page().replace(b"Alinea nomor 3", b"Laman: 1 2 3 disebut warga sebagai tanda, lalu alinea nomor 3")
    assert any("Laman: 1 2 3" in block.text for block in extract(body, url=f"{HOST}/berita/jembatan").body)


@given(
    st.lists(st.tuples(st.sampled_from(["", "/", "/2", "-2.html", "?page=2", "?p=9", "/2021/3/4"]), st.text("0123 ab›", max_size=4)), max_size=6),
    st.sampled_from(["/berita/jembatan", "/berita/2", "/2021/03/04/x-2.html", "/?p=12", "/"]),
)  # fmt: skip
def test_any_links_give_pages_in_order(links: list[tuple[str, str]], own: str) -> None:
    stem = own.partition("?")[0].removesuffix(".html").rstrip("/")
    article = extract(page(*(a(stem + tail, text) for tail, text in links)), url=HOST + own + "x" * (own == "/"))
    assert 1 <= article.page <= article.page_count <= 60
    assert article.next_page is None or article.page < article.page_count
    assert len(article.body) >= 6
