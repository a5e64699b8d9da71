"""Which elements contain the text: dialogs, widgets and notes on the author are longer than many a short report."""

from __future__ import annotations

import pytest

import scraper
from scraper.extract.structure.classes import is_apart, is_furniture

SENTENCE = "Warga menunggu perahu kedua karena arus sungai masih terlalu deras untuk diseberangi. "
REPORT = "Perahu motor yang membawa sembilan penumpang kembali ke dermaga pada sore hari."


def body_of(html: str) -> str:
    return "\n".join(block.text for block in scraper.extract(html).body)


def page(inside: str, *, title: str = "Perahu kembali ke dermaga") -> str:
    return f"<html><head><title>{title}</title><meta property='og:type' content='article'></head><body>{inside}</body></html>"


def test_a_dialog_longer_than_the_text_is_not_the_text() -> None:
    html = page(
        f"<div class='site'><h1>Perahu kembali ke dermaga</h1><div class='isi'><p>{REPORT}</p><p>{REPORT[:-1]} juga.</p></div></div>"
        f"<div class='cookie-consent'><div class='cookie-text'><p>{SENTENCE * 8}</p></div></div>"
    )
    assert body_of(html) == f"{REPORT}\n{REPORT[:-1]} juga."


def test_a_note_on_the_author_longer_than_the_text_is_not_the_text() -> None:
    html = page(
        f"<main><h1>Perahu kembali ke dermaga</h1><div class='entry-content'><p>{REPORT}</p></div>"
        f"<div class='author-bio'><div class='author-description'><p>{SENTENCE * 6}</p></div></div></main>"
    )
    assert body_of(html) == REPORT


def test_comments_longer_than_the_text_do_not_bring_back_teasers() -> None:
    html = page(
        f"<article><h1>Perahu kembali ke dermaga</h1><div class='column main-article-corpus'><p>{SENTENCE * 3}</p><p>{REPORT}</p></div></article>"
        f"<ul class='comments-list'><li class='comment'><p>{SENTENCE * 20}</p></li></ul>"
    )
    assert body_of(html) == f"{(SENTENCE * 3).strip()}\n{REPORT}"


def test_a_widget_hardly_longer_than_a_short_post_is_not_the_text() -> None:
    lines = "".join(f"<p>Foto ke-{number}: perahu di dermaga, {number} orang.</p>" for number in range(1, 8))
    html = page(
        f"<div id='wrapper'><div id='post-12' class='post'><h1>Perahu kembali ke dermaga</h1>{lines}</div>"
        f"<div id='sidebar-kanan'><div class='textwidget'><p>{SENTENCE * 4}</p></div></div></div>"
    )
    assert body_of(html).startswith("Foto ke-1")
    assert "arus sungai" not in body_of(html)


def test_an_element_named_after_the_text_is_taken_whole() -> None:
    lines = "".join(f"<div>Baris ke-{number} dari cerita ini.</div>" for number in range(1, 40))
    html = page(
        f"<div class='kolom'><h1>Perahu kembali ke dermaga</h1><div class='post-body entry-content'>{lines}<div>{SENTENCE * 3}</div></div></div>"
    )
    assert body_of(html).startswith("Baris ke-1")
    assert body_of(html).count("\n") == 39


def test_paragraphs_beside_a_wall_belong_to_the_text_behind_it() -> None:
    html = page(
        f"<div class='bacaan'><h1>Perahu kembali ke dermaga</h1><p>{REPORT} Pagi.</p><p>{REPORT} Siang.</p>"
        f"<div class='tembok'>{f'<p>{SENTENCE}</p>' * 30}</div></div>"
    )
    assert body_of(html).startswith(f"{REPORT} Pagi.\n{REPORT} Siang.\n")


def test_pieces_that_only_their_place_tells_apart_are_one_text() -> None:
    teasers = "".join(
        f"<p><a href='/{n}'>Kabar ke-{n} dari dermaga lain yang juga ramai sore itu.</a></p>" for n in range(30)
    )
    html = page(
        "<main><h1>Perahu kembali ke dermaga</h1>"
        f"<div class='kotak kotak-first'><p>Pertama. {SENTENCE * 3}</p></div><div class='lain'>{teasers}</div>"
        f"<div class='kotak'><p>{SENTENCE * 9}</p><p>{SENTENCE * 8}</p></div><div class='lain'>{teasers}</div>"
        f"<div class='kotak kotak-last'><p>{SENTENCE * 4}Terakhir, dermaga ditutup.</p></div></main>"
    )
    assert body_of(html).startswith("Pertama.")
    assert body_of(html).endswith("Terakhir, dermaga ditutup.")


def test_what_stands_around_most_of_the_text_is_no_furniture() -> None:
    html = page(
        "<section class='content-main'><h1>Perahu kembali ke dermaga</h1>"
        f"<div class='sharing-container'><div class='teks'><p>{SENTENCE * 2}</p><p>{REPORT}</p></div></div>"
        f"<div class='teks'><p>{REPORT} Kedua.</p></div></section>"
    )
    assert REPORT in body_of(html)


def test_a_badly_named_box_of_the_article_is_not_lost_to_a_text_elsewhere() -> None:
    html = page(
        f"<div class='story-page'><h1>Perahu kembali ke dermaga</h1><div class='social-box'><p>{SENTENCE * 9}</p><p>{REPORT}</p></div></div>"
        f"<div class='lain'><p>{'Kabar lain dari kota yang juga panjang dan tidak ada hubungannya. ' * 6}</p></div>"
    )
    assert REPORT in body_of(html)
    assert "Kabar lain" not in body_of(html)


def test_a_whole_text_with_its_headline_is_not_widened_to_the_column_beside_it() -> None:
    column = "".join(
        f"<p>Kabar singkat ke-{n} dari kota, dengan harga dan jadwal yang baru diumumkan.</p>" for n in range(8)
    )
    html = page(
        f"<div id='semua'><div class='isi'><div class='kotak'><h1>Perahu kembali ke dermaga</h1><div class='teks'>{f'<p>{SENTENCE}</p>' * 10}"
        f"<p>{SENTENCE * 6}</p></div></div></div><div id='kiri'>{column}</div></div>"
    )
    assert "Kabar singkat" not in body_of(html)
    assert body_of(html).startswith(SENTENCE.strip())


def test_a_wider_element_must_be_worth_its_furniture() -> None:
    text = "".join(f"<p>Hari ke-{number}: {SENTENCE * 2}</p>" for number in range(14))
    html = page(
        f"<div class='kolom'><h1>Perahu kembali ke dermaga</h1><div class='a'>{text}</div><div class='b'><p>{SENTENCE}Redaksi menerima surat.</p></div></div>"
    )
    assert body_of(html).count("Hari ke-") == 14
    assert "surat" not in body_of(html)


@pytest.mark.parametrize(
    ("names", "says_furniture", "says_apart"),
    [
        ("has-sidebar", False, False), ("post comments-open", False, False), ("content no-sidebar", False, False), ("main-article-corpus", False, False),
        ("in-article-promo", True, False), ("sidebar", True, False), ("comments-area", True, True), ("cookie-notice", True, True),
        ("author-bio", True, True), ("commentlist", True, True), ("lightbox-wrapper", True, False),
        ("map-and-related", False, False),
        ("comments-and-related", True, True),
    ],
)  # fmt: skip
def test_what_a_name_says(names: str, says_furniture: bool, says_apart: bool) -> None:  # noqa: FBT001
    assert (is_furniture(names), is_apart(names)) == (says_furniture, says_apart)


def test_what_a_heading_is_called_is_made_of_its_words_or_says_that_it_is_listed() -> None:
    parts = "".join(
        f"<h2 class='judul toc' id='{slug}'>{title}</h2><p>{SENTENCE * 2}{number}</p>"
        for number, (slug, title) in enumerate(
            (("popular-boats", "Perahu"), ("toc-2", "Arus"), ("share-of-fares", "Tarif"))
        )
    )
    html = page(f"<article><h1>Perahu kembali ke dermaga</h1><p>{SENTENCE * 4}</p>{parts}</article>")
    assert [text for text in body_of(html).splitlines() if len(text) < 20] == ["Perahu", "Arus", "Tarif"]


@pytest.mark.parametrize(
    ("inside", "is_text"),
    [
        ("<table><tr><th>Perahu</th><th>Kursi</th></tr><tr><td>Camar</td><td>9</td></tr></table>", True),
        ("<iframe src='https://peta.example/'></iframe><p>Perahu Camar di peta.</p>", False),
        (f"<h3>Perahu Camar</h3><p>{REPORT} {SENTENCE}</p>", True),
        (f"<h3>Perahu Camar</h3><p>{REPORT} {SENTENCE}</p><form><input name=surel></form>", False),
        ("<h3>Perahu Camar</h3><p>Harga Rp 90.000</p>", False),
    ],
)
def test_a_table_or_a_section_that_is_set_in_as_markup_is_text(inside: str, *, is_text: bool) -> None:
    around = f"<p>{SENTENCE * 4}</p>"
    html = page(
        f"<article><h1>Perahu kembali ke dermaga</h1>{around}<div class='w-embed'>{inside}</div><p>{REPORT}</p></article>"
    )
    assert ("Camar" in body_of(html)) is is_text


@pytest.mark.parametrize(
    ("inside", "is_text"),
    [
        ("<p>Nelayan menunggu angin reda sampai lewat tengah hari, lalu pulang.</p>", True),
        ("<p>Nelayan menunggu angin reda sampai <a href=/lain>lewat tengah hari</a>, lalu pulang.</p>", False),
        ("<img src=a.jpg><p>Nelayan menunggu angin reda sampai lewat tengah hari, lalu pulang.</p>", False),
        ("<p>Nelayan menunggu angin reda sampai lewat tengah hari</p>", False),
    ],
)
def test_a_teaser_leads_elsewhere_or_is_none(inside: str, *, is_text: bool) -> None:
    html = page(
        f"<article><h1>Perahu kembali</h1><p>{REPORT}</p><div class='story-teaser'>{inside}</div><p>{SENTENCE * 4}</p></article>"
    )
    assert ("Nelayan menunggu" in body_of(html)) is is_text


def test_headings_that_open_and_close_are_read_with_what_they_open() -> None:
    def fold(question: str, answer: str, state: str = "aria-expanded=false") -> str:
        return f"<h3><button {state}>{question}</button></h3><div hidden><p>{answer}</p></div>"

    inside = fold("Kapan perahu berangkat?", "Setiap pagi.") + fold("Berapa tarifnya?", "Lima ribu.", "")
    found = body_of(page(f"<article><h1>Perahu kembali</h1><p>{REPORT}</p>{inside}<p>{SENTENCE * 4}</p></article>"))
    assert "Kapan perahu berangkat?\nSetiap pagi.\n" in found
    assert "tarifnya" not in found  # a plain button, and what it has not opened
    assert "Lima ribu" not in found


def test_the_article_of_the_headline_is_before_a_longer_text_that_no_article_holds() -> None:
    notice = (
        "<p>Kami menyimpan data di perangkat Anda agar halaman ini bisa diukur dan tetap gratis untuk semua orang.</p>"
        * 4
    )
    report = f"<h1>Jembatan dibuka lagi</h1><p>{REPORT} Jembatan itu dibuka lagi pada Kamis sore.</p>"
    for tag, is_found in (("article", True), ("div", False)):
        html = page(f"<div class=x2>{notice}</div><{tag}>{report}</{tag}>", title="Jembatan dibuka lagi")
        assert ("perangkat Anda" not in body_of(html)) is is_found
