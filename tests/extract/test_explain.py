"""The explanation is the reading itself: what was tried, what was read, and every text that is not in the body."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.cli.fixture_files import cases, load_capture, load_expected
from scraper.errors import ExtractError, Reason
from scraper.extract import explain, extract
from scraper.extract.structure.blocks import RawBlock, RawLink
from scraper.extract.text.clean import clean_blocks
from scraper.language import vocabulary
from tests.extract.makers import SENTENCES, page, prose

WORDS = vocabulary("id", "en")
FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
CASES = tuple(cases(FIXTURES))


def test_a_generic_reading_is_explained() -> None:
    noise = "<div class='newsletter-box'><p>Dapatkan kabar desa setiap pagi di kotak surat Anda, gratis.</p></div><p>3 min read</p>"
    html = page(f"<div id='isi' class='teks'>{prose(*SENTENCES[:2])}{noise}{prose(*SENTENCES[2:])}</div>")
    found = explain(html, url="https://korandesa.id/berita/1")
    assert (found.site, found.layouts, found.containers) == (None, (), ("div#isi.teks",))
    assert found.candidates[0][0] == "div#isi.teks"
    assert [rule for rule, _ in found.dropped] == ["class newsletter: div.newsletter-box", "furniture"]
    body = [block.text for block in extract(html, url="https://korandesa.id/berita/1").body]
    assert not {text for _, text in found.dropped} & set(body)


def test_the_layouts_tried_are_named() -> None:
    seen = set()
    for case in CASES:
        expected, capture = load_expected(case), load_capture(case)
        if "layout" not in expected or expected["layout"].startswith("generic"):
            continue
        found = explain(capture.body, url=capture.final_url, fetched_at=capture.fetched_at)
        assert found.layouts[-1] == (expected["layout"], None)
        seen |= {missing for _, missing in found.layouts}
    assert seen == {None, "signature"} or seen > {None, "signature"}


def test_a_page_that_is_refused_is_explained_too() -> None:
    found = explain("<html><body><p>x</p></body></html>")
    assert (found.headline, found.containers, found.candidates, found.article) == (None, (), (), None)
    assert found.refusal is not None
    assert found.decisions[-1] == ("verdict", Reason.NOT_ARTICLE, "no headline")


def test_the_explanation_is_the_run_of_extract() -> None:
    """The same record and the same refusal on every fixture, and no text both in the body and removed."""
    for case in CASES:
        capture = load_capture(case)
        known: dict[str, Any] = {"url": capture.final_url, "fetched_at": capture.fetched_at, "charset": capture.charset}
        found = explain(capture.body, **known)
        if found.refusal is not None:
            with pytest.raises(ExtractError) as refused:
                extract(capture.body, **known)
            assert (refused.value.reason, refused.value.detail) == (found.refusal.reason, found.refusal.detail), case
            continue
        article = extract(capture.body, **known)
        assert found.article == article, case
        assert ("body", article.provenance.get("body")) in {each[:2] for each in found.decisions} or not article.body
        assert all(removal.text and removal.signs for removal in found.removals), case


def test_a_text_that_is_read_from_data_is_explained_as_such() -> None:
    """Where a second pipeline looked only at the elements, it named a box that the record is not from."""
    data = json.dumps(
        {
            "@type": "NewsArticle",
            "headline": "Jembatan gantung diresmikan warga",
            "articleBody": "\n".join(SENTENCES * 2),
        }
    )
    teaser = f"<div class='isi'><p>{SENTENCES[0]}</p><p>Baca selengkapnya</p></div>"
    found = explain(page(teaser, f"<script type='application/ld+json'>{data}</script>"))
    assert found.decisions[-1][:2] == ("body", "json-ld:articleBody")
    assert (found.containers, found.removals) == ((), ())


def test_embedded_posts_are_explained_as_they_are_read() -> None:
    post = "<blockquote class='twitter-tweet'><p>Panen raya dimulai pukul enam pagi.</p></blockquote>"
    html = page(f"<div class='isi'>{prose(*SENTENCES)}{post}</div>")
    out = explain(html).removals
    assert [removal.text for removal in out] == ["Panen raya dimulai pukul enam pagi."]
    assert explain(html, embeds=True).removals == ()


def test_the_standfirst_of_a_layout_is_explained() -> None:
    """What a layout reads as the lede, or marks as a list of links, goes in the reading of extract(): so it is explained."""
    seen = set()
    for case in CASES:
        capture = load_capture(case)
        found = explain(capture.body, url=capture.final_url, fetched_at=capture.fetched_at)
        seen |= {removal.rule.split()[0] for removal in found.removals}
    assert {"related", "headline", "layout", "credit", "furniture", "tag"} <= seen


LINES = (
    *SENTENCES,
    "Baca juga:",
    "Advertisement",
    "3 min read",
    "Editor: Rini",
    "(ant/jpnn)",
    "Komentar",
    "***",
    "JAKARTA - Hujan turun.",
)


@given(
    texts=st.lists(st.sampled_from(LINES), max_size=14),
    kinds=st.lists(st.sampled_from(["paragraph", "subheading", "list_item"]), min_size=14, max_size=14),
    linked=st.lists(st.booleans(), min_size=14, max_size=14),
)
def test_no_block_is_lost_in_silence(texts: list[str], kinds: list[str], linked: list[bool]) -> None:
    """Each block is in the body, in a removal, or what was taken off it is in a field of its own."""
    blocks = [
        RawBlock(kind, text, (text,), (RawLink("/x", text),) if is_linked else (), number=number)  # type: ignore[arg-type]
        for number, (text, kind, is_linked) in enumerate(zip(texts, kinds, linked, strict=False))
    ]
    found = clean_blocks(blocks, base_url="https://korandesa.id/", headline="Panen raya", vocabulary=WORDS)
    removed = [removal.block for removal in found.removed]
    assert len(removed) == len(set(removed))
    kept = [block for block in blocks if block.number not in removed]
    if kept and kept[-1].text == found.sign_off:
        kept.pop()
    assert len(kept) == len(found.body)
    assert all(block.text in raw.text for block, raw in zip(found.body, kept, strict=True))
