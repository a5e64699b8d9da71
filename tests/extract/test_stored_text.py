"""Texts that are only in the page's data: JSON-LD, or a script that would show them."""

from __future__ import annotations

import json

import pytest

import scraper
from scraper.errors import ExtractError
from tests.extract.makers import SENTENCES, page, prose


@pytest.mark.parametrize("told", ["\n".join(SENTENCES * 2), "".join(f"<p>{each}</p>" for each in SENTENCES * 2)])
def test_a_text_that_only_the_data_tell_is_read_there(told: str) -> None:
    """Where a script would show it, or a wall stands before it; not where the page shows a text of its own."""
    data = json.dumps({"@type": "NewsArticle", "headline": "Jembatan gantung diresmikan warga", "articleBody": told})
    head = f"<script type='application/ld+json'>{data}</script>"
    article = scraper.extract(
        page(f"<div class='isi'><p>{SENTENCES[0]}</p></div>", head), url="https://korandesa.id/berita/1"
    )
    assert [block.text for block in article.body] == SENTENCES * 2
    assert article.provenance["body"] == "json-ld:articleBody"
    whole = scraper.extract(
        page(f"<div class='isi'>{prose(*SENTENCES, *(f'Lalu {each}' for each in SENTENCES))}</div>", head)
    )
    assert whole.provenance["body"] == "generic"


STORED = "<div><p>$$IKLAN$$</p>" + "".join(f"<p>{each}</p>" for each in SENTENCES * 3) + "</div>"


@pytest.mark.parametrize(
    "script",
    [
        json.dumps({"berita": {"isi": STORED}}),
        json.dumps({"berita": {"isi": STORED}}).replace("<", "\\u003c"),
        f"self.__next_f.push([1,{json.dumps(STORED)}])",
        f"self.__next_f.push([1,{json.dumps('5:' + json.dumps({'isi': STORED}).replace('<', chr(92) + 'u003c'))}])",
    ],
)
def test_a_text_that_waits_in_a_script_is_read_there(script: str) -> None:
    head = f"<meta name='description' content='{SENTENCES[1]}'>"
    found = scraper.extract(
        page(f"<div id='app'></div><script>{script}</script>", head), url="https://korandesa.id/berita/1"
    )
    assert [block.text for block in found.body][: len(SENTENCES)] == SENTENCES
    assert found.provenance["body"] == "generic:script"


@pytest.mark.parametrize(
    "script",
    [
        json.dumps({"izin": "<p>Kami memakai kuki supaya situs ini berjalan dan untuk menghitung pembaca.</p>" * 12}),
        json.dumps({"isi": STORED})[:-40],
        '"' * 2001,
        '"' + chr(92) * 2001,
    ],
)
def test_what_else_a_script_holds_is_no_text(script: str) -> None:
    head = f"<meta name='description' content='{SENTENCES[1]}'>"
    with pytest.raises(ExtractError):
        scraper.extract(
            page(f"<div id='app'></div><script>{script}</script>", head), url="https://korandesa.id/berita/1"
        )
