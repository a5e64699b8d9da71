"""Lines that only say who wrote an article name its author."""

from __future__ import annotations

import pytest

import scraper

TEXTS = {
    "en": "The river rose by two metres during the night and the mayor asked families on the low bank to leave their homes before noon.",
    "de": "Der Fluss ist in der Nacht um zwei Meter gestiegen, und die Bürgermeisterin bat die Familien am Ufer, ihre Häuser zu verlassen.",
    "fr": "La rivière est montée de deux mètres pendant la nuit, et la maire a demandé aux familles de la rive de quitter leurs maisons.",
    "pt": "O rio subiu dois metros durante a noite e a prefeita pediu às famílias da margem baixa que deixassem as suas casas.",
    "sv": "Floden steg två meter under natten och borgmästaren bad familjerna på den låga stranden att lämna sina hus före klockan tolv.",
    "ko": "강물이 밤사이에 이 미터나 올라 시장은 낮은 강둑에 사는 가족들에게 정오 전에 집을 떠나 달라고 요청했다고 밝혔다.",
    "zh": "河水在夜间上涨了两米，市长要求住在低岸的家庭在中午之前离开他们的家，并且从海边调来了船只。",
}
ANNA = ["Anna Berg"]


def read(top: str, *, language: str = "en", head: str = "") -> scraper.Article:
    text = TEXTS[language]
    title = text[:40]
    html = f"<html lang={language}><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{top}<p>{text}</p><p>{text * 5}</p></body></html>"
    return scraper.extract(html, url="https://kelm.example/news/river")


def others(article: scraper.Article, language: str) -> list[str]:
    return [block.text for block in article.body if not block.text.startswith(TEXTS[language][:20])]


@pytest.mark.parametrize(
    ("language", "line", "names"),
    [
        ("en", "By Anna Berg for the Courier", ANNA),
        ("en", "By Anna Berg | Courier staff", ANNA),
        ("en", "By Anna Berg on January 7, 2023", ANNA),
        ("en", "Anna Berg · 5 min read · Jan 7, 2023", ANNA),
        ("en", "Written by <a href=/a/b>Anna Berg</a> · Medically reviewed by <a href=/a/c>Tom Lee, MD</a>", ANNA),
        ("en", "By <a href=/a/b>Anna Berg</a> Edited by <a href=/a/c>Tom Lee</a>", ANNA),
        ("en", "Anna Berg</p><p>Environment correspondent</p><p>7 January 2023", ANNA),
        ("en", "Story and photos by Anna Berg", ANNA),
        ("en", "By Md. Rahman", ["Md. Rahman"]),
        ("de", "Text: Anna Berg, Fotos: Tom Lee", ANNA),
        ("de", "Von Anna Berg und dpa", ANNA),
        ("de", "Eine Reportage von Anna Berg", ANNA),
        ("de", "Aktualisiert am 7.1.2023 von Anna Berg", ANNA),
        ("fr", "Publié le 7 janvier 2023 à 10h15 par Anna Berg", ANNA),
        ("pt", "Anna Berg, 7 de janeiro de 2023 às 10h15", ANNA),
        ("sv", "Publicerad 7 januari 2023 av Anna Berg", ANNA),
        ("ko", "김철수 기자", ["김철수"]),
        ("de", "<b class=author>dpa/lno</b>", ["dpa"]),
        ("zh", "来源：新华网 作者：王小明 2023-01-07 10:15", ["王小明"]),
    ],
)
def test_a_byline_in_the_text_names_the_author(language: str, line: str, names: list[str]) -> None:
    article = read(f"<p>{line}</p>", language=language)
    assert [author.name for author in article.authors] == names


@pytest.mark.parametrize(
    "top",
    [
        "<h2>Why Anna Berg left</h2>",
        "<p>Anna Berg knows the river as nobody else does, and she did not sleep.</p>",
        "<p>Families of Kelm wait</p>",
    ],
)
def test_other_lines_above_a_text_stay(top: str) -> None:
    article = read(top, head="<meta name=author content='Anna Berg'>")
    assert others(article, "en") == [top[top.index(">") + 1 : top.rindex("<")]]
