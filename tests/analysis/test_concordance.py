"""Keyword in context: the places for which FTS5 found the article, their exact positions, and their order."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.analysis.concordance import concordance
from scraper.analysis.tokens import word_spans, words
from scraper.archive.ask import search
from scraper.archive.ask.filters import ALL, Filter
from scraper.archive.ask.passages import unmarked
from scraper.archive.ask.search import HIT_END, HIT_START
from scraper.archive.file.connection import open_archive
from scraper.cli import cli
from scraper.text import collapse
from tests.analysis.made import Story, made

if TYPE_CHECKING:
    from pathlib import Path

STORIES = [
    Story("b", "2026-01-03", "Warga lari. Air banjir naik.\n\nKabut  asap tebal, asap pekat.", {"headline": "Banjir!"}),
    Story("a", "2026-01-01", "Kata wali: banjir surut. Kebanjiran lagi, “café” tutup.", {"lede": "Kabut asap datang."}),
    Story("a", None, "Tidak ada apa-apa selain bánjir."),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("concordance") / "a.db", STORIES)


def places(
    path: Path, query: str, wanted: Filter = ALL, *, exact: bool = True, **options: Any
) -> list[tuple[int, str, str]]:
    """(article, field, match) in order; and each place is where it says."""
    with open_archive(path) as db:
        found = list(concordance(db, search.understand(db, query, exact=exact), wanted, **options))
        for line in found:
            [(text,)] = db.execute(f"SELECT {line.field} FROM articles WHERE id = ?", [line.article_id]).fetchall()
            assert text[line.start : line.end] == line.match
            assert collapse(text[: line.start]).endswith(line.left.rstrip())
            assert collapse(text[line.end :]).startswith(line.right.lstrip())
    return [(line.article_id, line.field, line.match) for line in found]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("banjir", [(2, "body", "banjir"), (1, "headline", "Banjir"), (1, "body", "banjir"), (3, "body", "bánjir")]),
        ("cafe", [(2, "body", "café")]),
        ('"kabut asap"', [(2, "lede", "Kabut asap"), (1, "body", "Kabut  asap")]),
        ("sur*", [(2, "body", "surut")]),
        ('"asap te"*', [(1, "body", "asap tebal")]),
        ("headline:banjir", [(1, "headline", "Banjir")]),
        ("banjir NOT asap", [(3, "body", "bánjir")]),
        ("asap OR nihil", [(2, "lede", "asap"), (1, "body", "asap"), (1, "body", "asap")]),
    ],
)
def test_the_places_are_those_that_the_search_finds(path: Path, query: str, found: list[tuple[int, str, str]]) -> None:
    assert places(path, query) == found


def test_other_forms_stand_for_a_word(path: Path) -> None:
    assert ("Kebanjiran") in {match for _, _, match in places(path, "banjir", exact=False)}


def test_orders(path: Path) -> None:
    by_left = [(2, "body"), (1, "headline"), (1, "body"), (3, "body")]
    assert [each[:2] for each in places(path, "banjir", sort="left")] == [
        (1, "headline"),
        (1, "body"),
        (3, "body"),
        (2, "body"),
    ]
    assert [each[:2] for each in places(path, "banjir", sort="date")] == by_left
    assert [each[:2] for each in places(path, "banjir", sort="right")] == [
        (1, "headline"),
        (3, "body"),
        (1, "body"),
        (2, "body"),
    ]
    assert [each[0] for each in places(path, "banjir", sort="site", limit=2)] == [2, 3]
    assert places(path, "banjir", sort="right", limit=2) == places(path, "banjir", sort="right")[:2]
    assert [each[0] for each in places(path, "banjir", Filter(sites=("b",)))] == [1, 1]


def test_context_ends_with_the_paragraph(path: Path) -> None:
    with open_archive(path) as db:
        line = next(concordance(db, search.understand(db, "pekat"), width=60))
    assert (line.left, line.match, line.right) == ("Kabut asap tebal, asap ", "pekat", ".")


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["concordance", *arguments, "--archive", str(path)])


def test_the_command(path: Path) -> None:
    done = run(path, "surut", "--width", "12")
    assert done.stdout == "      2  2026-01-01  a                   ali: banjir surut. Kebanjiran\n"
    line = json.loads(run(path, "surut", "--json").stdout)
    assert list(line) == [
        "article_id",
        "url",
        "site",
        "published_at",
        "headline",
        "field",
        "start",
        "end",
        "left",
        "match",
        "right",
    ]
    assert run(path, "banjir", "--csv", "--all").stdout.splitlines()[0].startswith("article_id,url,site,")
    assert run(path, "atlantis").exit_code == 3
    assert "give at least one word" in run(path, "").stderr


@given(st.lists(st.tuples(st.text("ab \n"), st.text("cd ", min_size=1))), st.text("ab"))
def test_spans_are_where_the_signs_were(parts: list[tuple[str, str]], end: str) -> None:
    text, spans = unmarked("".join(f"{plain}{HIT_START}{hit}{HIT_END}" for plain, hit in parts) + end)
    assert text == "".join(plain + hit for plain, hit in parts) + end
    assert [text[start:end] for start, end in spans] == [hit for _, hit in parts]


_LETTERS = (
    st.characters(min_codepoint=32, max_codepoint=0x17F)
    | st.characters(min_codepoint=0x1EA0, max_codepoint=0x1EF9)
    | st.characters(min_codepoint=0x391, max_codepoint=0x4FF, exclude_categories=["Cn"])
    | st.sampled_from("\u0301\u0308\u4e2d\u6587\u0e01ไทย")
)


@given(st.lists(st.text(_LETTERS, max_size=30), min_size=1, max_size=20))
@settings(deadline=None)
def test_words_are_those_of_the_index(texts: list[str]) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize = 'unicode61 remove_diacritics 2')")
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
        db.executemany("INSERT INTO t (x) VALUES (?)", [(text,) for text in texts])
        rows = db.execute("SELECT doc, term FROM v ORDER BY doc, offset").fetchall()
    for number, text in enumerate(texts, 1):
        assert words(text) == [term for row, term in rows if row == number]
        assert [word for word, _, _ in word_spans(text)] == words(text)
