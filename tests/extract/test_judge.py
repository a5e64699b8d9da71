"""No line is removed on one sign: its words must agree with its place, its markup or its repetition."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scraper
from scraper.cli.fixture_files import cases, load_capture
from scraper.extract import explain
from scraper.extract.structure.blocks import RawBlock, RawLink
from scraper.extract.text.judge import KnownLine, judge_line
from tests.extract.makers import SENTENCES, page, prose

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
AROUND = (*SENTENCES, *(f"Sehari kemudian {sentence[0].lower()}{sentence[1:]}" for sentence in SENTENCES))
LINE = "Follow us on Facebook and Instagram for more news about the village."
URL = "https://kabar.example/2026/05/panen"


def read(html: str) -> tuple[list[str], tuple[str, ...]]:
    article = scraper.extract(html, url=URL)
    return [block.text for block in article.body], article.warnings


@pytest.mark.parametrize(
    ("line", "beside", "is_kept"),
    [
        (f"<p>{LINE}</p>", "", True),  # words alone
        (f"<p>{LINE}</p><p>{AROUND[0]}</p><p>{LINE}</p>", "", False),  # again on the page
        (f"<p>{LINE}</p>", "<p>3 min read</p>", False),  # beside a line of the kind
        (f"<p class='post-share'>{LINE}</p>", "", False),  # named furniture
        ("<p>Advertisement</p>", "", False),  # a label that is not a heading
        ("<h2>Advertisement</h2>", "", True),  # a heading of the story's
        ("<h2>Advertisement</h2><h3><a href='/b'>Panen raya di hulu sungai</a></h3>", "", False),  # of links that went
        (f"<p>{AROUND[0][:60]} Foto: Sari Lestari</p>", "", True),
        (f"<p>{AROUND[0][:60]} Foto: Sari Lestari</p>", "<img src='/a.jpg'>", False),  # by a picture
        ("<p>May 3, 2026</p>", "", True),  # a day in a chronicle
    ],
)
def test_a_line_in_the_middle_goes_on_two_signs(line: str, beside: str, *, is_kept: bool) -> None:
    half = len(AROUND) // 2
    texts, warnings = read(page(f"<article>{prose(*AROUND[:half])}{beside}{line}{prose(*AROUND[half:])}</article>"))
    kept = [text for text in texts if text not in AROUND]
    assert bool(kept) == is_kept
    assert ("block_doubtful" in warnings) == is_kept


@pytest.mark.parametrize(
    "line", ["Follow us on Facebook", "Baca selengkapnya di sini", "By signing up you agree to our terms."]
)
def test_the_edge_of_the_text_is_a_sign(line: str) -> None:
    texts, warnings = read(page(f"<article>{prose(*AROUND, line)}</article>"))
    assert texts == list(AROUND)
    assert "block_doubtful" not in warnings


def test_a_sentence_at_the_edge_needs_a_link_too() -> None:
    whole = LINE.replace("Facebook", "<a href='https://facebook.example/desa'>Facebook</a>")
    assert read(page(f"<article>{prose(*AROUND)}<p>{whole}</p></article>"))[0] == list(AROUND)
    texts, warnings = read(page(f"<article>{prose(*AROUND, LINE)}</article>"))
    assert texts == [*AROUND, LINE]
    assert "block_doubtful" in warnings


def test_rules_that_leave_nothing_are_undone() -> None:
    """A page of nothing but lines that rules know is still read: they were made for other pages."""
    lines = (
        "Sign up for our harbour newsletter and you will know when the ferry sails, the notice on the door said.",
        "Follow the boats on Instagram instead of waiting here, wrote the fishermen below it on the same evening.",
        "Contact the office at pier@harbour.example, someone had added in pencil.",
    )
    found = explain(page(f"<article>{prose(*lines)}</article>"), url=URL)
    assert found.article is not None
    assert [block.text for block in found.article.body]
    assert set(lines) & {block.text for block in found.article.body}
    assert "block_doubtful" in found.article.warnings


def test_every_removal_of_a_line_has_two_signs() -> None:
    """On all fixtures; what is left out as an element or a list of links is judged by its markup."""
    seen = set()
    for case in cases(FIXTURES):
        capture = load_capture(case)
        for removal in explain(capture.body, url=capture.final_url, fetched_at=capture.fetched_at).removals:
            if removal.block is not None and removal.rule not in ("teaser", "links", "linked heading"):
                assert len(set(removal.signs)) >= 2, (case, removal)
                seen.add(removal.rule)
    assert len(seen) > 5


@given(
    text=st.sampled_from([LINE, "Advertisement", "3 min read", "Iklan", "Share this story"]),
    is_open=st.booleans(),
    is_edge=st.booleans(),
    is_beside=st.booleans(),
    kind=st.sampled_from(["paragraph", "subheading", "list_item", "quote"]),
    linked=st.booleans(),
    copies=st.integers(1, 3),
)
def test_a_verdict_is_never_of_one_sign(
    *, text: str, is_open: bool, is_edge: bool, is_beside: bool, kind: str, linked: bool, copies: int
) -> None:
    block = RawBlock(kind, text, (text,), (RawLink("/x", text),) if linked else ())  # type: ignore[arg-type]
    verdict = judge_line(KnownLine("any", is_open), block, [block] * copies, is_edge=is_edge, is_beside=is_beside)
    assert verdict.is_removed == (len(set(verdict.signs)) >= 2)
    assert len(verdict.signs) == len(set(verdict.signs))
    if verdict.is_removed and copies > 1:
        assert judge_line(KnownLine("any", is_open), block, [block], is_edge=True, is_beside=True).is_removed
