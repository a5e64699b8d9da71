"""Fixtures as records: names, comparisons, and taking over fields; all pure."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fixtures import (
    MAX_SLUG,
    Difference,
    accepted,
    capture_facts,
    differences,
    directory_name,
    fixture_capture,
    fixture_name,
    short,
    whole,
)
from scraper.records import Capture, Redirect

ARTICLE = {"url": "https://muara.example/a", "headline": "Pasar", "tags": ["a"], "lede": None}
NONE = {"reason": "soft_404"}


@pytest.mark.parametrize("record", [NONE, ARTICLE])
def test_a_fixture_keeps_what_is_not_empty(record: dict[str, Any]) -> None:
    full = whole(record)
    assert short(full) == {name: value for name, value in record.items() if value is not None}
    assert whole(short(full)) == full
    assert ("page_count" in full) == (record is ARTICLE)


def capture(**changes: Any) -> Capture:
    facts: dict[str, Any] = {
        "url": "https://muara.example/lama",
        "final_url": "https://muara.example/2025/05/20/381/pasar-terapung-buka-lagi.html",
        "status": 200,
        "fetched_at": datetime(2025, 5, 21, 3, 4, 5, tzinfo=UTC),
        "body": b"<h1>Pasar</h1>",
        "headers": (("content-type", "text/html"), ("Set-Cookie", "id=1")),
        "request_headers": (("User-Agent", "kliping/1 (+mailto:me@example.org)"),),
        "redirects": (Redirect(url="https://muara.example/lama", status=301, location="https://muara.example/x"),),
    }
    return Capture(**facts | changes)


def test_a_capture_comes_back_from_its_json_without_who_asked() -> None:
    facts = json.loads(json.dumps(capture_facts(capture())))
    assert "example.org" not in json.dumps(facts)
    assert "id=1" not in json.dumps(facts)
    assert fixture_capture(facts, b"<h1>Pasar</h1>") == capture(
        headers=(("content-type", "text/html"),), request_headers=()
    )


@pytest.mark.parametrize("change", [{"fetched_at": "yesterday"}, {"status": None, "colour": "red"}, {"redirects": [{"a": 1}]}, {"headers": [["a"]]}])  # fmt: skip
def test_what_is_no_capture_is_said(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="no capture"):
        fixture_capture(capture_facts(capture()) | change, b"")


@pytest.mark.parametrize(
    ("record", "slug", "name"),
    [
        ({"headline": "X", "published_at": "2025-05-20T09:00:00+08:00"}, None, "muara.example/2025-05-20-pasar-terapung-buka-lagi"),
        ({"headline": "X", "published_at": None}, None, "muara.example/2025-05-21-pasar-terapung-buka-lagi"),
        (NONE, "Halaman yang Hilang!", "muara.example/2025-05-21-halaman-yang-hilang"),
    ],
)  # fmt: skip
def test_a_fixture_is_named_by_host_day_and_slug(record: dict[str, Any], slug: str | None, name: str) -> None:
    assert fixture_name(capture(), record, slug=slug) == name


def test_a_page_without_a_path_is_named_by_its_headline() -> None:
    front = capture(final_url="https://muara.example/")
    assert fixture_name(front, {"headline": "Pasar Buka"}) == "muara.example/2025-05-21-pasar-buka"
    assert fixture_name(front, NONE) == "muara.example/2025-05-21-page"


@given(st.text())
def test_a_slug_is_a_safe_name(text: str) -> None:
    slug = directory_name(text)
    assert len(slug) <= MAX_SLUG
    assert directory_name(slug) == slug
    assert all(char.isalnum() or char == "-" for char in slug)
    assert slug.isascii()
    assert not slug.startswith("-")
    assert not slug.endswith("-")


def test_differences_are_fields() -> None:
    assert differences(ARTICLE, ARTICLE) == []
    assert differences(ARTICLE, ARTICLE | {"tags": []}) == [Difference(field="tags", expected=["a"], actual=[])]
    assert differences({"headline": "A"}, {"headline": "A", "lede": None}) == [
        Difference(field="lede", expected=None, actual=None)
    ]
    assert differences(ARTICLE, NONE) == [Difference(field="reason", expected=None, actual="soft_404")]
    assert differences(NONE, {"reason": "not_article"}) == [
        Difference(field="reason", expected="soft_404", actual="not_article")
    ]


def test_accepting_touches_the_named_fields_only() -> None:
    now = ARTICLE | {"tags": ["b"], "lede": "Baru.", "headline": "Pasar!"}
    assert accepted(ARTICLE, now, ["tags"]) == ARTICLE | {"tags": ["b"]}
    assert list(accepted(ARTICLE, now, ["tags", "lede"])) == list(ARTICLE)
    assert accepted(NONE, ARTICLE, ["reason"]) == ARTICLE
    assert accepted(ARTICLE, NONE, ["reason"]) == NONE
    assert accepted({"headline": "A", "old": 1}, {"headline": "A"}, ["old"]) == {"headline": "A"}


@pytest.mark.parametrize(
    ("expected", "actual", "names"),
    [
        (ARTICLE, ARTICLE, ["colour"]),
        (ARTICLE, NONE, ["tags"]),
        (NONE, ARTICLE, ["headline"]),
        (ARTICLE, NONE, ["reason", "tags"]),
    ],
)
def test_what_cannot_be_accepted_is_said(expected: dict[str, Any], actual: dict[str, Any], names: list[str]) -> None:
    with pytest.raises(ValueError, match=r"not a field|only --field reason"):
        accepted(expected, actual, names)


_RECORDS = st.dictionaries(
    st.sampled_from(["headline", "tags", "lede", "body"]), st.integers() | st.lists(st.integers())
).map(lambda record: record | {"headline": 1})


@given(_RECORDS, _RECORDS)
def test_accepting_all_that_differs_leaves_no_difference(expected: dict[str, Any], actual: dict[str, Any]) -> None:
    names = [each.field for each in differences(expected, actual)]
    assert differences(accepted(expected, actual, names), actual) == []
    for kept in set(expected) - set(names):
        assert accepted(expected, actual, names)[kept] == expected[kept]
