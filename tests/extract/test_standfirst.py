"""The standfirst that a page prints between its headline and its text."""

from __future__ import annotations

import pytest

import scraper

TEXT = "".join(
    f"<p>Petugas ke-{n} menghitung lampu jalan yang menyala sampai pagi hari di sepanjang jalan itu.</p>"
    for n in range(30)
)
STANDFIRST = "Lampu di tiga kelurahan kembali menyala setelah enam malam gelap."
DESCRIPTION = "Kabar lampu jalan dari tiga kelurahan, dengan foto dan daftar lengkap."


def page(between: str, *, description: str = DESCRIPTION) -> str:
    return (
        f"<html><head><title>Lampu jalan menyala</title><meta name=description content='{description}'></head><body><main>"
        f"<header><h1>Lampu jalan menyala</h1>{between}</header><div class='isi'>{TEXT}</div></main></body></html>"
    )


def lede_of(html: str) -> tuple[str | None, str | None]:
    article = scraper.extract(html)
    return article.lede, article.provenance.get("lede")


@pytest.mark.parametrize(
    "between",
    [
        f"<p class='intro'>{STANDFIRST}</p>",
        f"<div><div class='article-teaser'><h2>{STANDFIRST}</h2></div></div>",
        f"<p>Oleh: Sari Wulandari</p><time>3 Mei 2024, 10.15 WIB</time><p>{STANDFIRST}</p>",
        f"<p>Jumat | 3 Mei 2024 | 10.15 WIB di kota</p><p>{STANDFIRST}</p>",
        f"<div><img src='/a.jpg'><span>Seorang petugas memeriksa lampu jalan di depan pasar.</span></div><p>{STANDFIRST}</p>",
        f"<h2>Kota: Lampu jalan menyala</h2><p>{STANDFIRST}</p>",
        f"<h3>Enam malam gelap di tiga kelurahan kota</h3><p>{STANDFIRST}</p>",
        f"<ul><li>Bagikan ke teman Anda lewat pesan singkat sekarang</li></ul><p>{STANDFIRST}</p>",
    ],
)
def test_it_is_the_sentence_between_headline_and_text(between: str) -> None:
    assert lede_of(page(between)) == (STANDFIRST, "generic:standfirst")


def test_it_is_known_in_a_script_without_blanks() -> None:
    line = "停電していた三つの地区で、六日ぶりに街灯がともった。"
    assert lede_of(page(f"<p class='lead'>{line}</p>")) == (line, "generic:standfirst")


@pytest.mark.parametrize(
    "between",
    [
        "",
        "<p>Lampu jalan</p>",
        "<p>Diperbarui 3 Mei 2024 pukul 10:15 oleh redaksi kota</p>",
        "<p><a href='/a'>Baca juga kabar lain dari tiga kelurahan di kota ini</a></p>",
        f"<p hidden>{STANDFIRST}</p>",
    ],
)
def test_without_one_the_description_is_the_lede(between: str) -> None:
    assert lede_of(page(between)) == (DESCRIPTION, "meta:description")


def test_a_standfirst_that_stands_before_the_text_in_a_box_of_its_own() -> None:
    html = (
        f"<html><head><title>Lampu jalan menyala</title></head><body><main><h1>Lampu jalan menyala</h1>"
        f"<section><div class='abstract'><p>{STANDFIRST}</p></div><div class='isi'>{TEXT}</div></section></main></body></html>"
    )
    assert lede_of(html) == (STANDFIRST, "generic:standfirst")


def test_text_of_many_paragraphs_above_the_box_is_no_standfirst() -> None:
    between = "".join(f"<p>{STANDFIRST} {n} {STANDFIRST} {STANDFIRST}</p>" for n in range(6))
    assert lede_of(page(f"<div>{between}</div>"))[1] != "generic:standfirst"


@pytest.mark.parametrize(
    ("description", "is_kept"),
    [
        ("Portal resmi federasi olahraga nasional dengan jadwal pertandingan terbaru", False),
        ("Deretan petugas memeriksa jaringan yang rusak, lampu menyala lagi", True),
        ("Gelap enam malam, kini terang", True),  # too short to tell
    ],
)
def test_a_description_of_the_site_is_no_lede(description: str, is_kept: bool) -> None:  # noqa: FBT001
    assert (lede_of(page("", description=description))[0] == description) is is_kept
