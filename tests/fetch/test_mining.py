"""tdmrep.json: which rule applies to which path, whatever the file contains."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.fetch.mining import reservation_of, tdm_file
from scraper.records import Rights

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def said(rules: Any, path: str) -> Rights:
    file = tdm_file("https://koran.example", NOW, 200, json.dumps(rules).encode())
    return reservation_of(file, f"https://koran.example{path}")


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("/", ["/", "/berita/1", "/?p=1"], []),
        ("/berita/", ["/berita/1"], ["/foto/1", "/Berita/1"]),
        ("/*.pdf$", ["/a/b.pdf", "/.pdf"], ["/a.pdf?x", "/a.pdf/b"]),
        ("/berita/*/foto", ["/berita/2026/foto", "/berita//foto/1"], ["/berita/foto"]),
        ("/persis$", ["/persis"], ["/persis/", "/persis?x"]),
        ("/a*b*c$", ["/abc", "/aXbbYc"], ["/abcd", "/acb"]),
        ("/a*a$", ["/aa"], ["/a"]),
        ("*", ["/", "/x"], []),
        ("*.jpg", ["/x.jpg", "/x.jpg?w=1"], ["/x.png"]),
        ("/caf%C3%A9", ["/caf%c3%a9"], ["/cafe"]),
        ("/%62erita", ["/berita", "/b%65rita"], []),
        ("/harga-%24", ["/harga-%24"], ["/harga-"]),
        ("", ["/"], []),
    ],
)
def test_patterns(pattern: str, matching: list[str], other: list[str]) -> None:
    rules = [{"location": pattern, "tdm-reservation": 1}]
    assert {path: said(rules, path).tdm_reservation for path in matching + other} == dict.fromkeys(
        matching, 1
    ) | dict.fromkeys(other)


def test_the_first_rule_that_matches_holds() -> None:
    rules = [
        {"location": "/bebas/", "tdm-reservation": 0},
        {"location": "/", "tdm-reservation": 1, "tdm-policy": "https://koran.example/izin.json"},
    ]
    assert said(rules, "/bebas/1") == Rights(tdm_reservation=0)
    assert said(rules, "/1") == Rights(tdm_reservation=1, tdm_policy="https://koran.example/izin.json")
    assert said(rules[:1], "/1") == Rights()


@pytest.mark.parametrize("value", [2, "1", True, None, 1.0, [1]])
def test_a_reservation_that_is_none_is_none(value: object) -> None:
    assert said([{"location": "/", "tdm-reservation": value}], "/").tdm_reservation is None


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b"<!DOCTYPE html><title>Beranda</title>"), (200, b"{}"), (200, b""), (200, b"[" * 100_000), (404, b"[]"), (503, b"[]"), (None, b"[]"), (200, b'"\xff"')],
)  # fmt: skip
def test_what_is_no_such_file_is_not_kept_and_says_nothing(status: int | None, body: bytes) -> None:
    file = tdm_file("https://koran.example", NOW, status, body)
    assert (file.body, file.status) == (None, status)
    assert reservation_of(file, "https://koran.example/") == Rights()


values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2) | st.floats() | st.text("/*$%ab", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["location", "tdm-reservation", "tdm-policy", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(values, max_size=4), st.text("/ab*$%?é", max_size=9).map("/{}".format))
def test_any_file_gives_an_answer(rules: list[Any], path: str) -> None:
    assert said(rules, path).tdm_reservation in (None, 0, 1)
