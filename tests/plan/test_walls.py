"""The verdict on a page, as a function of its evidence: no single sign decides, and more evidence never makes a wall an article."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.plan import endings, walls
from scraper.plan.walls import CONFIRMED_AFTER, STEADY, WallEvidence, headline_fits, judge, kept_share
from scraper.records import Capture
from tests.archive.made import NOW

COUNTS = st.integers(0, 5)
EVIDENCE = st.builds(
    WallEvidence,
    words=st.integers(0, 2_000),
    headline_fits=st.sampled_from([True, False, None]),
    is_claimed=st.booleans(),
    has_form=st.booleans(),
    same_text=COUNTS,
    same_headline=COUNTS,
    same_address=COUNTS,
    is_start_page=st.booleans(),
    before_words=st.none() | st.integers(0, 2_000),
    was_claimed=st.booleans(),
    kept_share=st.none() | st.floats(0, 1),
    same_since=st.none() | st.timedeltas(timedelta(0), timedelta(days=9)),
    suspected_since=st.none() | st.timedeltas(timedelta(0), timedelta(days=9)),
)
INNOCENT = WallEvidence(words=400, headline_fits=True, is_claimed=True)
# Each speaks against a page that nothing else speaks against.
SIGNS: dict[str, dict[str, Any]] = {
    "same_text": {"same_text": 5},
    "same_headline": {"same_headline": 5},
    "same_address": {"same_address": 5},
    "start_page": {"is_start_page": True},
    "form": {"has_form": True},
    "foreign": {"headline_fits": False},
    "other_text": {"before_words": 400, "kept_share": 0.0},
    "shrunk": {"before_words": 2_000},
    "little_text": {"words": 5},
    "unclaimed": {"is_claimed": False},
}


@given(EVIDENCE)
def test_every_verdict_that_is_not_page_rests_on_two_signs(evidence: WallEvidence) -> None:
    judgement = judge(evidence)
    if judgement.verdict != "page":
        assert len(judgement.signs) >= 2
        assert judgement.detail


@pytest.mark.parametrize("name", SIGNS)
@pytest.mark.parametrize("fits", [True, None])
def test_one_sign_alone_is_none(name: str, fits: Any) -> None:
    assert judge(replace(INNOCENT, **({"headline_fits": fits} | SIGNS[name]))).verdict == "page"


@given(EVIDENCE)
def test_a_headline_that_fits_makes_no_wall(evidence: WallEvidence) -> None:
    assert judge(replace(evidence, headline_fits=True)).verdict != "wall"


@given(EVIDENCE, COUNTS)
def test_more_urls_with_the_same_text_never_speak_for_a_page(evidence: WallEvidence, more: int) -> None:
    if judge(evidence).verdict == "wall":
        assert judge(replace(evidence, same_text=evidence.same_text + more)).verdict == "wall"


@given(EVIDENCE)
def test_without_an_earlier_version_nothing_is_suspect_and_waiting_alone_confirms(evidence: WallEvidence) -> None:
    assert judge(replace(evidence, before_words=None, kept_share=None)).verdict != "suspect"
    if judge(evidence).verdict == "suspect":
        # A text that says less than the one before must last longer: it may be a teaser, or the notice of a day.
        is_less = {"shrunk", "little_text"} & set(judge(evidence).signs)
        needed = STEADY if is_less else CONFIRMED_AFTER
        assert judge(replace(evidence, suspected_since=needed)).verdict == "page"
        assert judge(replace(evidence, suspected_since=needed / 2)).verdict == "suspect"


@given(EVIDENCE)
def test_a_wall_is_never_confirmed_by_waiting_where_something_was_read(evidence: WallEvidence) -> None:
    if evidence.before_words is not None and judge(replace(evidence, same_since=None)).verdict == "wall":
        waited = replace(evidence, same_since=None, suspected_since=timedelta(days=900))
        assert judge(waited).verdict == "wall"


@pytest.mark.parametrize(
    ("known", "is_wall"),
    [
        ({}, True),
        ({"headline_fits": None}, True),  # one word in common
        (
            {"words": 90, "was_expected": None, "whole_share": 0.2, "kept_share": 0.6},
            True,
        ),  # a start page with a sentence of each article
        ({"headline_fits": True}, False),
        ({"is_claimed": True}, False),
        ({"kept_share": 0.1, "whole_share": 0.1}, False),  # a first report of which a sentence stands
        ({"words": 90, "kept_share": 0.0}, False),  # its headline spoke of what was announced
        ({"words": 90, "was_expected": None, "whole_share": 0.7}, False),
        ({"kept_share": None}, False),
    ],
)
def test_what_came_before_an_article_was_a_wall_on_several_signs(known: dict[str, Any], *, is_wall: bool) -> None:
    signs = {
        "words": 30,
        "is_claimed": False,
        "headline_fits": False,
        "was_expected": True,
        "kept_share": 0.0,
        "whole_share": 0.0,
    }
    assert walls.was_wall(**(signs | known)) is is_wall


def test_a_block_stands_where_all_of_its_letters_do() -> None:
    before = ["Warga menutup jalan …", "Hujan turun."]
    assert walls.whole_share(before, ["Warga menutup jalan. Camat datang."]) == 4 / 6
    assert walls.whole_share(before, ["Warga membuka jalan."]) == 0
    assert walls.whole_share([], ["Hujan"]) == 1


URL = "https://koran.example/2026/11/20/gubernur-tinjau-tanggul-jebol-123.html"


@pytest.mark.parametrize(
    ("headline", "expected", "url", "fits"),
    [
        ("Gubernur Tinjau Tanggul yang Jebol", (), URL, True),
        ("Masuk untuk melanjutkan", (), URL, False),
        ("Koran Example: berita hari ini", (), URL, None),  # nothing but the site's name and common words
        ("Wali kota menengok tanggul", (), URL, None),  # one word
        ("Wali kota menengok warga", ("Wali kota menengok warga terdampak",), URL, True),
        ("Masuk untuk melanjutkan", (None, ""), "https://koran.example/read/4711", None),
        ("總理談水災重建", (), "https://koran.example/news/premier-flood-speech", None),
        ("總理談水災重建", ("總理談水災後的重建工作",), "https://koran.example/4711", True),
        ("請登入會員", ("總理談水災後的重建工作",), "https://koran.example/4711", False),
        ("Präsident eröffnet Brücke", (), "https://blatt.example/prasident-eroffnet-brucke", True),
        ("Президент открыл мост", ("Мост открыт президентом",), "https://gazeta.example/1", True),
    ],
)
def test_a_headline_is_compared_with_what_was_expected(
    headline: str, expected: tuple[str | None, ...], url: str, fits: Any
) -> None:
    assert headline_fits(headline, expected, url=url) is fits


@given(st.text(max_size=80), st.lists(st.none() | st.text(max_size=80), max_size=3))
def test_a_headline_never_raises_and_fits_itself(headline: str, expected: list[str | None]) -> None:
    assert headline_fits(headline, expected, url=URL) in (True, False, None)
    assert headline_fits(headline, [headline], url="https://k.example/1") is not False


@given(st.lists(st.text(max_size=200), max_size=6), st.lists(st.text(max_size=200), max_size=6))
def test_what_is_kept_is_a_share(before: list[str], after: list[str]) -> None:
    share = kept_share(before, after)
    assert share is None or 0 <= share <= 1
    assert kept_share(before, [*before, *after]) in (None, 1.0)
    assert kept_share([], after) is None


def page_of(body: bytes, **headers: str) -> Capture:
    return Capture(
        url=URL, final_url=URL, status=200, fetched_at=NOW, body=body,
        headers=tuple({"content-type": "text/html", **headers}.items()),
    )  # fmt: skip


WHOLE = (
    b"<!doctype html><html><body><p>" + b"Satu kalimat yang utuh. " * 200 + b"</p><script>1</script></body></html>\n"
)


@given(st.integers(40, len(WHOLE) - 9))
def test_every_cut_of_a_page_that_only_the_connection_ends_is_seen(length: int) -> None:
    part = page_of(WHOLE[:length])
    assert endings.why_cut(part, endings.ending_of(part.body), same_ending=0, is_all_there_is=False)
    assert endings.why_cut(part, endings.ending_of(part.body), same_ending=3, is_all_there_is=False) is None
    assert endings.why_cut(part, endings.ending_of(part.body), same_ending=0, is_all_there_is=True) is None


def test_a_whole_page_is_whole_unless_it_is_marked() -> None:
    page = page_of(WHOLE)
    assert endings.ending_of(page.body) is None
    assert endings.why_cut(page, None, same_ending=0, is_all_there_is=False) is None
    marked = replace(page, truncated="length")
    assert endings.why_cut(marked, None, same_ending=9, is_all_there_is=False) == "marked as cut (length)"
    assert endings.why_cut(marked, None, same_ending=0, is_all_there_is=True) is None


@given(st.binary(max_size=400))
def test_any_bytes_have_an_ending_or_none(body: bytes) -> None:
    found = endings.ending_of(body)
    assert found is None or len(found.text) <= 32


def test_a_sign_of_less_than_is_no_tag() -> None:
    ending = endings.ending_of(b"<html><body><p>jika a < b")
    assert ending is not None
    assert ending.inside is None
    assert walls.slug_of("https://k.example/a/-/") == "a"
