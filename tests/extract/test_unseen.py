"""Layouts that have not been compared with a page: what the generic reader is sure of takes precedence over each of
their selectors.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scraper.extract import extract
from scraper.extract.fields.unseen import without_own_labels
from scraper.extract.text.clean import CleanBody
from scraper.records import Block, RelatedLink
from scraper.sites.definition import parse_sites
from scraper.sites.registry import use_sites

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.records import Article

URL = "https://muara.example/berita/kapal-pinisi-terakhir"
PARAGRAPHS = [
    f"Kapal pinisi nomor {number} meluncur pagi itu dari galangan, dan puluhan warga menariknya dengan tali sampai air pasang datang menyentuh lunasnya."
    for number in ("satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan")
]
LEDE = "Galangan terakhir di muara itu meluncurkan kapal kayunya yang kedelapan tahun ini."
LAYOUT = {
    "headline": "h1.judul",
    "lede": ".ringkasan",
    "byline": ".penulis",
    "editors": ".redaktur",
    "tags": ".topik a",
    "section": ".remah a",
    "image": "img.utama@src",
    "body": "div.isi",
}


@pytest.fixture(autouse=True)
def _catalogue_again() -> Iterator[None]:
    yield
    use_sites(())


def read(confidence: str, extra: str = "", **selectors: str) -> Article:
    """The page read by a layout with these selectors in place of the right ones."""
    known = "".join(f'{key} = ["{value}"]\n' for key, value in (LAYOUT | selectors).items())
    if confidence == "corroborated":
        known += "scrapers = 2\nyears = [2020, 2024]\n"
    use_sites(
        parse_sites(
            'slug = "muara"\nbrand = "Muara"\nhosts = ["muara.example"]\narticle_path = "^/berita/"\n[[layouts]]\n'
            f'name = "muara/2024"\nconfidence = "{confidence}"\n{known}'
        )
    )
    return extract(page(extra), url=URL)


def page(extra: str = "") -> str:
    data = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "NewsArticle",
                "headline": "Kapal pinisi terakhir meluncur",
                "author": {"@type": "Person", "name": "Ratna Dewi"},
                "editor": {"@type": "Person", "name": "Bagus Hadi"},
                "image": "https://muara.example/foto/pinisi.jpg",
            },
            {
                "@type": "BreadcrumbList",
                "itemListElement": [{"name": "Beranda"}, {"name": "Daerah"}, {"name": "Pesisir"}],
            },
        ],
    }
    text = "".join(f"<p>{each}</p>" for each in PARAGRAPHS)
    return (
        f"<html lang='id'><head><title>Kapal pinisi terakhir meluncur | Muara</title><meta property='og:title' content='Kapal pinisi terakhir meluncur'>"
        f"<meta name='description' content='{LEDE}'><meta property='article:tag' content='Pinisi'><meta property='article:tag' content='Galangan'>"
        f"<meta property='og:image' content='https://muara.example/foto/pinisi.jpg'>"
        f"<script type='application/ld+json'>{json.dumps(data)}</script></head><body>"
        f"<div class='remah'><a>Daerah</a> <a>Pesisir</a></div><h1 class='judul'>Kapal pinisi terakhir meluncur</h1>"
        f"<p class='ringkasan'>{LEDE}</p><div class='penulis'>Ratna Dewi</div><div class='redaktur'>Editor: Bagus Hadi</div>"
        f"<img class='utama' src='/foto/pinisi.jpg'>{extra}<div class='isi'>{text}</div><div class='topik'><a>Pinisi</a><a>Galangan</a></div>"
        f"<div class='lain'><h2>Jadwal kapal feri pekan depan</h2><p class='teras'>Feri ke pulau seberang tidak berlayar hari Senin karena docking tahunan.</p>"
        f"<a class='nama'>Cuaca Laut</a> <a class='nama'>Lowongan</a><span class='orang'>Sari Wulandari</span><img src='/foto/iklan.jpg'></div></body></html>"
    )


def values(article: Article) -> dict[str, Any]:
    return {
        "headline": article.headline,
        "lede": article.lede,
        "byline": tuple(author.name for author in article.authors),
        "editors": article.editors,
        "tags": article.tags,
        "section": article.section,
        "image": article.image and article.image.url,
        "body": tuple(block.text for block in article.body),
    }


RIGHT = {
    "headline": "Kapal pinisi terakhir meluncur",
    "lede": LEDE,
    "byline": ("Ratna Dewi",),
    "editors": ("Bagus Hadi",),
    "tags": ("Pinisi", "Galangan"),
    "section": ("Daerah", "Pesisir"),
    "image": "https://muara.example/foto/pinisi.jpg",
    "body": tuple(PARAGRAPHS),
}
# A selector of another design meets something else on this page.
STRAY = {
    "headline": ".lain h2",
    "lede": ".teras",
    "byline": ".orang",
    "editors": ".orang",
    "tags": ".nama",
    "section": ".nama",
    "image": ".lain img@src",
    "body": "div.isi > p:first-child",
}


@pytest.mark.parametrize("confidence", ["seen", "corroborated", "reported", "inferred"])
def test_a_layout_that_is_right_is_read_whatever_is_known_of_it(confidence: str) -> None:
    article = read(confidence)
    assert values(article) == RIGHT
    assert article.layout == "muara/2024"
    assert article.provenance["authors"] == "layout:.penulis"


@pytest.mark.parametrize("field", RIGHT)
def test_a_stray_selector_of_an_unseen_layout_gives_way(field: str) -> None:
    assert values(read("reported", **{field: STRAY[field]})) == RIGHT
    assert values(read("seen", **{field: STRAY[field]}))[field] != RIGHT[field], "what was seen to fit is believed"


def test_the_editor_that_data_calls_the_author_is_no_sign_against_who_is_printed() -> None:
    stray = "<div class='tulisan'>Sari Wulandari</div><div class='sunting'>Ratna Dewi</div>"
    article = read("reported", stray, byline=".tulisan", editors=".sunting")
    assert [author.name for author in article.authors] == ["Sari Wulandari"]


def test_a_picture_with_a_caption_is_the_printed_one() -> None:
    figure = "<figure><img class='besar' src='/foto/dermaga.jpg'><figcaption>Dermaga tua pada pagi hari.</figcaption></figure>"
    article = read("reported", figure, image="img.besar@src", caption="figcaption")
    assert article.image is not None
    assert (article.image.url, article.image.caption) == (
        "https://muara.example/foto/dermaga.jpg",
        "Dermaga tua pada pagi hari.",
    )


def test_what_an_unseen_layout_does_not_drop_is_judged_as_on_any_page() -> None:
    box = (
        "<div class='share-bar'>Bagikan berita ini</div><p><a href='/berita/lain'>Feri ke pulau seberang batal</a></p>"
    )
    html = page().replace("<div class='isi'>", f"<div class='isi'>{box}")
    for confidence in ("reported", "seen"):
        read(confidence)
        texts = [block.text for block in extract(html, url=URL).body]
        assert texts[-len(PARAGRAPHS) :] == PARAGRAPHS
        assert ("Feri ke pulau seberang batal" in texts) is (confidence == "seen")


def test_a_guessed_layout_gives_up_short_lines_that_the_generic_reader_leaves_out() -> None:
    text = [Block(kind="paragraph", text=f"Kapal {number} meluncur ke laut pagi ini.") for number in range(16)]
    label = Block(kind="subheading", text="Ikuti kabar pesisir")
    more = Block(kind="paragraph", text="Galangan itu sudah berdiri sejak tahun lalu di muara.")
    link = RelatedLink(label=None, text="Feri batal", url=URL, after_block=6)
    own = CleanBody(body=(*text[:4], label, *text[4:], label, more), related_links=(link,))
    found = without_own_labels(own, CleanBody(body=tuple(text)))
    # The second heads a sentence that the generic reader missed.
    assert found.body == (*text, label, more)
    assert [each.after_block for each in found.related_links] == [5]
    assert [removal.text for removal in found.removed] == [label.text]
    assert without_own_labels(own, CleanBody(body=tuple(text[:4]))) is own, "two texts that hardly agree"
