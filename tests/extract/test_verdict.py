"""A page that says that there is no such page, as opposed to a story about many houses, in the page's language."""

from __future__ import annotations

import pytest

import scraper
from scraper.errors import ExtractError, Reason

STORIES = (
    ("id", "404 Kepala Keluarga Mengungsi", "Sebanyak 404 kepala keluarga mengungsi pada Senin malam. Kata bupati, bantuan akan tiba."),
    ("id", "Halaman Rumah Warga Tergenang", "Halaman rumah warga di tiga desa tergenang pada Senin, dan bantuan belum tiba."),
    ("en", "404 houses flooded after dam break", "The river rose on Monday and 404 houses were flooded, the mayor said."),
    ("en", "Page from lost Bible found in attic wall", "A page of the Bible that was not found for years lay in the wall of a house."),
    ("en", "Archive of secret police opens", "The archive is open to the public and will be read for years, the minister said."),
    ("de", "404 Menschen evakuiert", "Am Montag wurden 404 Menschen aus ihren Häusern geholt, sagte der Bürgermeister und dankte den Helfern."),
    ("de", "Start der Rakete verschoben", "Der Start der Rakete ist auf Montag verschoben worden, wie die Firma am Abend mitgeteilt hat."),
    ("es", "Inicio de clases se aplaza", "El inicio de las clases se aplaza hasta el lunes por la lluvia, según dijo el alcalde."),
)  # fmt: skip
GONE = (
    ("id", "Halaman tidak ditemukan"), ("id", "Maaf, halaman yang Anda cari tidak ditemukan - Koran Desa"), ("en", "404 Not Found"),
    ("en", "Error 404 | The Daily"), ("en", "The Daily | Page not found"), ("en", "Sorry, the page you requested could not be found"),
    ("de", "Seite nicht gefunden"), ("es", "Página no encontrada"), ("fr", "Page introuvable"), ("it", "Pagina non trovata"), ("pt", "Página não encontrada"),
    ("nl", "Pagina niet gevonden"), ("ru", "Страница не найдена"), ("ja", "お探しのページは見つかりません"), ("zh", "页面不存在"), ("ko", "페이지를 찾을 수 없습니다"),
)  # fmt: skip


def page(language: str, headline: str, text: str) -> str:
    return f"<html lang={language}><title>{headline}</title><h1>{headline}</h1><article><p>{text}</p><p>{text[::-1]}</p></article></html>"


@pytest.mark.parametrize(("language", "headline", "text"), STORIES)
def test_a_story_is_read_whatever_number_its_headline_begins_with(language: str, headline: str, text: str) -> None:
    assert scraper.extract(page(language, headline, text), url="https://koran.example/2024/x").headline == headline


@pytest.mark.parametrize(("language", "title"), GONE)
def test_a_page_that_says_that_it_is_none_is_a_soft_404(language: str, title: str) -> None:
    with pytest.raises(ExtractError) as caught:
        scraper.extract(page(language, title, "x."), url="https://koran.example/2024/x")
    assert caught.value.reason is Reason.SOFT_404


@pytest.mark.parametrize(
    ("head", "url", "is_article"),
    [
        ('<meta property="og:type" content="article">', "/tag/pasar-kota", False),
        ('<meta property="article:published_time" content="2024-05-02T08:00:00+07:00">', "/foto/2024/05/02/lomba", True),
        ("", "/2024/05/02/lomba-sampan", True),
        ('<link rel=canonical href="https://bali.tribunnews.com/2024/05/02/lomba">', "/topic/lomba", True),
    ],
)  # fmt: skip
def test_an_address_that_a_site_calls_no_articles_is_one_only_if_the_page_says_so(
    head: str,
    url: str,
    is_article: bool,  # noqa: FBT001
) -> None:
    text = "".join(f"<p>Kalimat nomor {n} tentang sampan hias di tepi sungai kota lama.</p>" for n in range(9))
    html = f"<html lang=id><head>{head}</head><h1>Lomba Sampan Hias</h1><div class='txt-article'>{text}</div></html>"
    if is_article:
        assert scraper.extract(html, url=f"https://bali.tribunnews.com{url}").headline == "Lomba Sampan Hias"
        return
    with pytest.raises(ExtractError) as caught:
        scraper.extract(html, url=f"https://bali.tribunnews.com{url}")
    assert caught.value.reason is Reason.NOT_ARTICLE
