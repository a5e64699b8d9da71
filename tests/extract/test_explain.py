"""The explanation says what was read, what was tried and what was dropped, by the rules that extract() follows."""

from __future__ import annotations

from pathlib import Path

from scraper.cli.fixture_files import cases, load_capture, load_expected
from scraper.extract import explain, extract
from tests.extract.test_reader import SENTENCES, page, prose

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"


def test_a_generic_reading_is_explained() -> None:
    noise = "<div class='newsletter-box'><p>Dapatkan kabar desa setiap pagi di kotak surat Anda, gratis.</p></div><p>3 min read</p>"
    html = page(f"<div id='isi' class='teks'>{prose(*SENTENCES[:2])}{noise}{prose(*SENTENCES[2:])}</div>")
    found = explain(html, url="https://korandesa.id/berita/1")
    assert (found.site, found.layouts, found.containers) == (None, (), ("div#isi.teks",))
    assert found.candidates[0][0] == "div#isi.teks"
    assert [rule for rule, _ in found.dropped] == ["element div.newsletter-box", "note"]
    body = [block.text for block in extract(html, url="https://korandesa.id/berita/1").body]
    assert not {text for _, text in found.dropped} & set(body)


def test_the_layouts_tried_are_named() -> None:
    seen = set()
    for case in cases(FIXTURES):
        expected, capture = load_expected(case), load_capture(case)
        if "layout" not in expected or expected["layout"].startswith("generic"):
            continue
        found = explain(capture.body, url=capture.final_url, fetched_at=capture.fetched_at)
        assert found.layouts[-1] == (expected["layout"], None)
        seen |= {missing for _, missing in found.layouts}
    assert seen == {None, "signature"} or seen > {None, "signature"}


def test_a_page_that_is_refused_is_explained_too() -> None:
    found = explain("<html><body><p>x</p></body></html>")
    assert (found.headline, found.containers, found.candidates) == (None, (), ())
