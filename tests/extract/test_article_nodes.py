"""Whom a page's data describes: this article, another story or the site; and who signs if data and page disagree."""

from __future__ import annotations

import json

import pytest

from scraper import extract
from scraper.extract.sources.article_nodes import OwnPage, article_nodes

URL = "https://koran.example/berita/jembatan-sungai-ditutup-7781"
TITLE = "Jembatan Sungai Ditutup Selama Sepekan"
PAGE = OwnPage.of([URL, "https://koran.example/"], [TITLE, f"{TITLE} - Koran"])
TEXT = "".join(
    f"<p>{sentence}</p>"
    for sentence in (
        "Pemerintah kota menutup jembatan itu mulai Senin karena dua tiangnya retak setelah banjir pekan lalu.",
        "Kendaraan berat dialihkan ke jalan lingkar, sedangkan pejalan kaki menyeberang dengan perahu yang disediakan.",
        "Petugas memperkirakan perbaikan selesai dalam tujuh hari apabila cuaca tidak kembali memburuk seperti kemarin.",
    )
)


def node(**values: object) -> dict[str, object]:
    return {"@type": "NewsArticle", **values}


@pytest.mark.parametrize(
    ("values", "is_kept"),
    [
        ({"url": f"{URL}?utm_source=x", "headline": TITLE}, True),
        ({"mainEntityOfPage": {"@id": URL + "/amp"}, "headline": "Ditulis ulang untuk mesin pencari"}, True),
        ({"url": "https://koran.example/lama/123", "headline": TITLE}, True),  # it moved
        ({"headline": "Ditulis ulang untuk mesin pencari"}, True),  # one sign
        ({"url": "https://koran.example/berita/pasar-terbakar", "headline": "{{ headline }}"}, True),
        ({"url": "https://koran.example/", "headline": "Pasar Lama Terbakar"}, True),  # a front page says nothing
        ({"url": "https://koran.example/berita/pasar-terbakar", "headline": "Pasar Lama Terbakar"}, False),
        ({"@id": "https://koran.example/berita/pasar-terbakar#article", "headline": "Pasar Lama Terbakar"}, False),
    ],
)
def test_a_node_is_another_storys_on_two_signs(values: dict[str, object], *, is_kept: bool) -> None:
    assert bool(article_nodes([node(**values)], PAGE)) is is_kept


def test_beside_this_pages_own_node_one_sign_is_enough() -> None:
    own = node(headline=TITLE)
    other = node(headline="Pasar Lama Terbakar", datePublished="2024-01-01")
    assert article_nodes([other, own], PAGE) == [own]


def test_stories_of_one_script_are_told_apart_by_their_query() -> None:
    page = OwnPage.of(["https://koran.example/baca.php?id=17"], [TITLE])
    assert page.about(node(url="https://koran.example/baca.php?id=18"))[0] == "other"
    assert page.about(node(url="https://koran.example/baca.php?id=17"))[0] == "same"


def test_headlines_without_blanks_are_compared_by_their_characters() -> None:
    page = OwnPage.of([], ["暴雨致多条道路积水 市民出行受阻"])
    assert page.about(node(headline="暴雨致多条道路积水，市民出行受阻"))[1] == "same"
    assert page.about(node(headline="新图书馆下月开放"))[1] == "other"


def signed(byline: str, **data: object) -> list[str]:
    nodes = json.dumps({"@context": "https://schema.org", "@graph": [node(headline=TITLE), *data.get("nodes", [])]})  # type: ignore[misc]
    if author := data.get("author"):
        nodes = json.dumps(node(headline=TITLE, author=author))
    page = f"""<html lang="en"><head><title>{TITLE}</title><meta property="og:type" content="article">
      <script type="application/ld+json">{nodes}</script></head>
      <body><main><article><h1>{TITLE}</h1>{byline}<div>{TEXT}</div></article></main></body></html>"""
    return [author.name for author in extract(page, url=URL).authors]


PERSON = {"@type": "Person", "name": "Isabel Caro"}


@pytest.mark.parametrize(
    ("byline", "author", "names"),
    [
        ('<p class="byline">By Isabel Caro, Rocio Latorre and Miguel Wilson</p>', PERSON, ["Isabel Caro", "Rocio Latorre", "Miguel Wilson"]),
        ('<p class="byline">By Jessica Holly, Gail Levy</p>', PERSON, ["Jessica Holly", "Gail Levy"]),  # who typed it in
        ('<p class="byline">By Todd Bates</p>', {"@type": "Person", "name": "Todd"}, ["Todd Bates"]),
        ('<p class="byline">Isabel Caro</p>', PERSON, ["Isabel Caro"]),
        ("", PERSON, ["Isabel Caro"]),
        ('<p class="author">Rocio Latorre</p>', PERSON, ["Isabel Caro"]),  # no word says that it is by her: data stands
        ('<p class="byline">By Isabel Caro</p><p class="byline">Fact Checked</p>', PERSON, ["Isabel Caro"]),
    ],
)  # fmt: skip
def test_names_beside_the_headline_against_the_data(byline: str, author: object, names: list[str]) -> None:
    assert signed(byline, author=author) == names


def test_a_person_of_the_site_is_not_the_author_unless_the_page_prints_the_name() -> None:
    owner = {"@type": "Person", "name": "Paul Soldan"}
    page = f"""<html><head><title>{TITLE}</title><meta property="og:type" content="article">
      <script type="application/ld+json">{json.dumps(owner)}</script></head>
      <body><main><article><h1>{TITLE}</h1>%s<div>{TEXT}</div></article></main></body></html>"""
    assert not extract(page % "", url=URL).authors
    assert [each.name for each in extract(page % "<p>Paul Soldan</p>", url=URL).authors] == ["Paul Soldan"]
