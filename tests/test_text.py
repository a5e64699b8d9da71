"""Text from outside: comparable, storable and presentable, whatever it contains."""

from __future__ import annotations

import json
import sqlite3
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scraper.text import collapse, escaped, fold, shorten, storable, terminal_safe

# Hypothesis leaves surrogates out of text() unless asked.
texts = st.text(st.characters(exclude_categories=()))


@given(texts)
def test_collapsed_text_is_one_line_without_edges(text: str) -> None:
    collapsed = collapse(text)
    assert collapse(collapsed) == collapsed
    assert len(collapsed.splitlines()) <= 1
    assert "  " not in collapsed
    assert collapsed == collapsed.strip()


@given(texts)
@example("\u1e9e\u0345\u00b4´ﬁ")
def test_folding_twice_changes_nothing_and_ignores_case_and_form(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded
    assert fold(unicodedata.normalize("NFD", text)) == folded


@given(st.text(st.characters(max_codepoint=0x24F)))
def test_case_is_not_compared(text: str) -> None:
    assert fold(text.casefold()) == fold(text)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("“Kata”\u00a0–  DIA", '"kata" - dia'),
        ("Ju\u00admat", "jumat"),
        ("‘Jum’at´", "'jum'at'"),
        ("ﬁlm Ⅳ", "film iv"),
        ("\u202fRp\u20091", "rp 1"),
    ],
)
def test_typography_is_not_compared(one: str, two: str) -> None:
    assert fold(one) == fold(two) == two


@given(texts)
def test_shown_text_cannot_steer_a_terminal(text: str) -> None:
    for keep in (False, True):
        shown = terminal_safe(text, keep_newlines=keep)
        kinds = {unicodedata.category(char) for char in shown.replace("\n", "" if keep else "\n")}
        assert not kinds & {"Cc", "Cs", "Zl", "Zp"}
        assert not {unicodedata.bidirectional(char) for char in shown} & {
            "LRE",
            "RLE",
            "PDF",
            "LRO",
            "RLO",
            "LRI",
            "RLI",
            "FSI",
            "PDI",
        }
        assert terminal_safe(shown, keep_newlines=keep) == shown


def test_newlines_are_shown_only_if_asked_for() -> None:
    assert terminal_safe("satu\ndua\x1b[2J") == "satu dua[2J"
    assert terminal_safe("satu\ndua\r", keep_newlines=True) == "satu\ndua"


@given(texts)
def test_stored_text_comes_back_from_sqlite_and_is_found(text: str) -> None:
    stored = storable(text)
    assert storable(stored) == stored
    with_word = f"{stored} kata"
    database = sqlite3.connect(":memory:")
    try:
        row = database.execute("SELECT ?1, ?1 LIKE '% kata'", (with_word,)).fetchone()
    finally:
        database.close()
    assert row == (with_word, 1)


@given(texts, st.integers(1, 50))
def test_shortened_text_keeps_its_limit(text: str, limit: int) -> None:
    short = shorten(text, limit)
    assert len(short) <= limit
    assert short == text or short.endswith("…")


def test_json_for_a_terminal_is_the_same_value_and_steers_nothing() -> None:
    hostile = "".join(map(chr, [*range(0x20), 0x7F, *range(0x80, 0xA0), 0x61C, 0x200E, 0x2028, 0x202E, 0x2066, 0x2069]))
    line = escaped(json.dumps({"judul": hostile + "é漢 \\u202e"}, ensure_ascii=False))
    assert json.loads(line) == {"judul": hostile + "é漢 \\u202e"}
    assert line == terminal_safe(line)
    assert "é漢" in line
