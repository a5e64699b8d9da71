"""No regular expression of the package needs more than about one pass over its input, whatever the input is."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.patterns.attack import ALLOWED, LIMIT, allowed, growth
from benchmarks.patterns.find import Found, patterns
from benchmarks.patterns.matcher import Counter

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", autouse=True)
def deep() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    yield
    sys.setrecursionlimit(before)


@pytest.fixture(scope="module")
def found() -> list[Found]:
    return patterns()


PARTS = 4  # of the patterns, so that two processes share the work
SAMPLED = (
    3  # of the lines of the language packs, which are alike, one in so many; `python -m benchmarks.patterns` tries all
)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_pattern_grows_faster_than_its_input(found: list[Found], part: int) -> None:
    """Steps are counted by a matcher of the benchmark's own, so that a busy machine changes nothing."""
    tried = [each for number, each in enumerate(found) if number % SAMPLED == 0 or "vocabulary()" not in each.name]
    slow = [
        f"{grown.exponent:.2f} {each.name}: {grown.attack}"
        for each in tried[part::PARTS]
        if (grown := growth(each, enough=LIMIT)).exponent > allowed(each)
    ]
    assert slow == []


def test_every_place_where_patterns_are_is_looked_at(found: list[Found]) -> None:
    names = [each.name for each in found]
    for place in (
        "scraper.changes._COUNTER",  # a module
        "scraper.dates.read._URL_DATES[",  # a table
        "scraper.extract.text.sign_off._FORMS()",  # made of the catalogue when it is first asked for
        "scraper.language.vocabulary.vocabulary()",  # made of the language packs
        "scraper.extract.text.captions.captionforms().in_text",
        "scraper.cli.site_check.SITES[",  # records
        "scraper.urls:",  # written where it is used
    ):
        assert any(name.startswith(place) for name in names), place
    assert len(found) > 1_500
    assert all(any(name.startswith(each) for name in names) for each in ALLOWED), (
        "an exception that nothing needs any more"
    )


def _of(pattern: str, *ways: str, flags: int = 0) -> float:
    return growth(Found("scraper.x", re.compile(pattern, flags), ways or ("search",))).exponent


@pytest.mark.parametrize(
    "pattern",
    [
        "a", "a+", "[a-z]+ [a-z]+$", r"(?<!\s)\s++(?:a|b)", r"<!--(?:[^-]|-(?!->))*+(?:-->|\Z)", "(?>a+)b?", r"(a|b)\1", "a{2,5}b", "(?i)x(?=y)",
    ],
)  # fmt: skip
def test_what_is_linear_is_found_so(pattern: str) -> None:
    assert _of(pattern, "match" if pattern == "[a-z]+ [a-z]+$" else "search") <= LIMIT


@pytest.mark.parametrize(
    ("pattern", "way"),
    [
        (r"\s+$", "search"), ("<!--.*?-->", "search"), (r"a*a*b", "match"), (r"(\w+)=(\w+)", "search"), ("(?:a|aa)+$", "match"), ("(a*)*b", "fullmatch"),
        (r"^(?P<caption>.+?)[\s.]*(?:foto)\s*[:.]", "match"), (r"(?:\d+\s*)+", "fullmatch"), ("[A-Z][a-z]*(?:[ -]?[a-z]+){0,2}x", "match"),
    ],
)  # fmt: skip
def test_what_is_not_linear_is_found_out(pattern: str, way: str) -> None:
    """The kinds of the patterns that once held a crawl, or cost an article."""
    assert _of(pattern, way, flags=re.DOTALL) > 1.8


@pytest.mark.parametrize("text", ["", "a", "aab", "abab b", "foo=bar x=1", "2024-05-06", "aaaa", "<!-- x --> <!--"])
@pytest.mark.parametrize("pattern", [r"a*b", r"(a|b)+$", r"\b\w+\b", r"(\w+)=(\w+)", r"\d{4}-(\d\d)", r"(?=a)a(?!b)", r"(?<=a)b", r"(a)\1", r"<!--.*?-->", r"(?>a+)a", r"a++b", r"[^a-c]+"])  # fmt: skip
def test_the_matcher_that_counts_matches_what_re_does(pattern: str, text: str) -> None:
    compiled = re.compile(pattern)
    for way in ("search", "match", "fullmatch"):
        counter = Counter(compiled)
        counter.run(text, way)
        spans = [each.span() for each in compiled.finditer(text)] if way == "search" else []
        one = getattr(compiled, way)(text)
        assert counter.spans == (spans if way == "search" else [one.span()] if one else []), way
