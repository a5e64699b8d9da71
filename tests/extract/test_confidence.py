"""How likely a field is to be right: weak sources say that they are weak."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scraper
from benchmarks.confidence import Trial, counted, said
from scraper.confidence import WEAK, confidence_of, shares, weak_fields
from scraper.extract.multipage import join_pages
from tests.extract.makers import page, prose

if TYPE_CHECKING:
    from scraper.records import Article

URL = "https://korandesa.id/berita/1"
PUBLISHED = "<meta property='article:published_time' content='2024-05-02T08:00:00+07:00'>"


def read(body: str = "", head: str = "") -> Article:
    return scraper.extract(page(body + prose(), head), url=URL)


def test_a_headline_of_a_heading_is_surer_than_one_of_a_title_alone() -> None:
    printed = read()
    guessed = scraper.extract(f"<title>Jembatan gantung kini diresmikan warga desa</title>{prose()}", url=URL)
    assert guessed.confidence["headline"] < WEAK < printed.confidence["headline"]
    assert "headline_weak" in guessed.warnings
    assert "headline_weak" not in printed.warnings


@pytest.mark.parametrize(
    ("beside", "disagrees"),
    [
        ("2 Mei 2024 08:00", False),
        ("1 Mei 2024", False),  # the day of another zone
        ("17 Maret 2024 08:00", True),
        ("Diperbarui 17 Juni 2024 08:00", False),
        ("", False),
    ],
)
def test_a_date_that_the_page_contradicts_is_counted_by_itself(beside: str, disagrees: bool) -> None:  # noqa: FBT001
    article = read(f"<p>{beside}</p>", PUBLISHED)
    assert article.published_at is not None
    assert ("dates_disagree" in article.warnings) == disagrees
    plain = confidence_of(article.provenance, ())["published_at"]
    assert (article.confidence["published_at"] != plain) == disagrees


def test_a_body_of_people_is_marked_as_unsure() -> None:
    article = read("<div class='author'>By The Village Team</div>", "<html lang='en'>")
    assert article.provenance["authors"].endswith("(unsure)")
    assert read("<div class='author'>By Ana Putri</div>").provenance["authors"] == "generic:[class~=author]"


def test_joined_pages_have_the_confidence_of_what_they_say_together() -> None:
    first = read("<p>2 Mei 2024 08:00</p>", PUBLISHED)
    second = read("<p>17 Maret 2024 08:00</p>", PUBLISHED)
    joined = join_pages([first, second])
    assert joined.confidence == confidence_of(joined.provenance, joined.warnings)
    assert joined.confidence["published_at"] != first.confidence["published_at"]


@pytest.mark.parametrize("field", ["headline", "authors", "published_at", "body"])
def test_every_source_has_a_confidence_and_no_more_than_one(field: str) -> None:
    assert 0 <= min(shares()[field].values()) <= max(shares()[field].values()) <= 1
    assert 0 < confidence_of({field: "a source that nobody has seen"}, ())[field] < 1
    assert field not in confidence_of({field: "earlier"}, ())


def test_only_what_is_below_the_level_is_weak() -> None:
    assert weak_fields({"headline": WEAK, "authors": WEAK - 0.01}) == ("authors_weak",)


def trials(source: str, right: int, of: int) -> list[Trial]:
    return [Trial("headline", f"{source}{number % 7}.example", (source, "any"), number < right) for number in range(of)]


@given(st.integers(0, 60), st.integers(0, 60))
def test_a_source_that_is_right_more_often_is_surer(first: int, second: int) -> None:
    found = counted([*trials("one", first, 60), *trials("two", second, 60)])["headline"]
    assert (found["one"][2] > found["two"][2]) == (first > second)


def test_a_source_of_few_pages_or_sites_has_no_row_of_its_own() -> None:
    rare = [Trial("headline", "one.example", ("rare", "any"), is_right=False) for _ in range(50)]
    found = counted([*trials("one", 60, 60), *rare])
    assert set(found["headline"]) == {"any", "one"}
    assert said(found, rare[0]) == found["headline"]["any"][2]
