"""Words: the formulas compared with their sources, and the counts with counting by hand."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import scraper
from scraper.analysis import words as asking
from scraper.analysis.measures import (
    Contingency,
    log_dice,
    log_likelihood,
    log_ratio,
    most_surprising,
    mutual_information,
)
from scraper.analysis.tokens import words
from scraper.analysis.words import neighbours
from scraper.archive.ask import passages, terms
from scraper.archive.ask.filters import Filter
from scraper.archive.ask.passages import Passage
from scraper.archive.file.connection import open_archive
from scraper.cli import cli
from tests.analysis.made import Story, made

if TYPE_CHECKING:
    from pathlib import Path

STORIES = [
    Story("a", "2026-01-01", "Banjir bandang merendam sawah. Petani rugi."),
    Story("a", "2026-01-02", "Banjir bandang merendam pasar.\n\nPetani menunggu bantuan."),
    Story("a", "2026-01-03", "Banjir bandang dan longsor di desa; warga menunggu."),
    Story("b", "2026-01-04", "Harga beras naik di pasar. Petani rugi."),
    Story("b", "2026-01-05", "Harga cabai naik, warga menunggu harga turun."),
    Story("b", "2026-01-06", "Harga emas naik."),
]


@pytest.mark.parametrize(
    ("cells", "g2"),
    [  # Dunning 1993, table 1: the first bigrams of a text of 31,777 words
        ((110, 2442, 111, 29114), 270.72),
        ((29, 13, 123, 31612), 263.90),
        ((31, 23, 139, 31584), 256.84),
        ((10, 0, 3, 31764), 167.23),
    ],
)
def test_log_likelihood_is_dunnings(cells: tuple[int, int, int, int], g2: float) -> None:
    here, not_here, there, not_there = cells
    assert log_likelihood(Contingency(here, here + not_here, there, there + not_there)) == pytest.approx(g2, abs=0.01)


_CELLS = st.integers(0, 10_000)


@given(_CELLS, _CELLS, _CELLS, _CELLS)
def test_log_likelihood_is_symmetric_and_nothing_where_the_use_is_the_same(a: int, b: int, c: int, d: int) -> None:
    assert log_likelihood(Contingency(a, a + b, c, c + d)) == pytest.approx(
        log_likelihood(Contingency(c, c + d, a, a + b)), abs=1e-6
    )
    assert log_likelihood(Contingency(a, a + b, 3 * a, 3 * (a + b))) == pytest.approx(0, abs=1e-6)


@given(st.integers(1, 500), st.integers(500, 10_000), st.integers(1, 10**6), st.integers(0, 10**6))
def test_no_word_is_more_surprising_than_one_that_stands_only_here(
    here: int, size: int, there_size: int, there: int
) -> None:
    """What lets the search for key words end early: also, more of such a word is more surprising than less."""
    table = Contingency(here, size, min(there, there_size), there_size)
    if log_ratio(table) > 0:
        assert log_likelihood(table) <= most_surprising(here, size, there_size) + 1e-6
    assert (
        most_surprising(here, size, there_size) <= most_surprising(here + 1, size + 1, there_size) + 1e-6
        or size < 2 * here
    )


def test_effects() -> None:
    assert log_ratio(Contingency(20, 1000, 10, 1000)) == 1  # twice as often
    assert log_ratio(Contingency(4, 1000, 0, 1000)) == 3  # none counts as half of one
    assert mutual_information(8, 2) == 2
    assert log_dice(5, 5, 5) == 14  # never apart
    assert log_dice(5, 10, 10) == 13


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("words") / "a.db", STORIES)


def of(site: str | None) -> Counter[str]:
    stories = [f"Berita {number} {story.text}" for number, story in enumerate(STORIES, 1) if site in (None, story.site)]
    return Counter(word for text in stories for word in words(text))


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--archive", str(path)])


def rows(path: Path, *arguments: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(path, *arguments, "--json").stdout.splitlines()]


def test_top_words_by_the_index_and_by_the_texts_are_the_same(path: Path) -> None:
    everything = rows(path, "words", "--function-words")
    assert {row["word"]: row["count"] for row in everything} == of(None)
    assert everything == rows(path, "words", "--function-words", "--since", "2026-01-01")
    assert everything[0] == {
        "word": "berita",
        "count": 6,
        "articles": 6,
        "per_million": round(6e6 / of(None).total(), 1),
    }
    with open_archive(path) as db:
        assert terms.word_total(db) == of(None).total()
    left_out = run(path, "words", "banjir")
    assert "di" not in left_out.stdout.split()
    assert "function words (id; --function-words keeps them)" in left_out.stderr


def test_a_sample_is_read_said_and_the_same_again(path: Path) -> None:
    def told(*arguments: str) -> tuple[list[dict[str, Any]], str]:
        done = CliRunner().invoke(cli, ["words", "--least", "1", "--json", "--archive", str(path), *arguments])
        return [json.loads(line) for line in done.stdout.splitlines()], done.stderr

    everything, _ = told()
    few, said = told("--sample", "2")
    assert "a sample: 2 of" in said
    assert (few, said) == told("--sample", "2")
    assert max(row["articles"] for row in few) <= 2
    counts = {row["word"]: row["count"] for row in everything}
    assert all(row["count"] <= counts.get(row["word"], row["count"]) for row in few)
    assert told("--sample", "1000")[0] == everything
    with scraper.open(path) as db:
        assert [row["word"] for row in db.words(sample=2)] == [row["word"] for row in few]


def test_key_words_are_compared_with_the_rest(path: Path) -> None:
    here, there = of("a"), of("b")
    found = rows(path, "words", "--site", "a", "--key")
    assert [row["word"] for row in found[:2]] == ["banjir", "bandang"][:: 1 if found[0]["word"] == "banjir" else -1]
    for row in found:
        word = str(row["word"])
        table = Contingency(here[word], here.total(), there[word], there.total())
        assert (row["count"], row["rest"]) == (here[word], there[word])
        assert row["g2"] == round(log_likelihood(table), 2)
        assert row["log_ratio"] == round(log_ratio(table), 2)
    # "berita" is as common there; "merendam" stands in too few articles.
    assert {row["word"] for row in found} == {"banjir", "bandang"}
    assert "merendam" in {row["word"] for row in rows(path, "words", "--site", "a", "--key", "--least", "2")}
    assert run(path, "words", "--key").exit_code == 3


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
def test_ending_early_changes_nothing(path: Path, limit: int) -> None:
    everything = rows(path, "words", "--site", "a", "--key", "--least", "1", "--limit", "1000")
    assert rows(path, "words", "--site", "a", "--key", "--least", "1", "--limit", str(limit)) == everything[:limit]


def test_runs_stay_within_a_sentence(path: Path) -> None:
    found = {row["words"]: row["count"] for row in rows(path, "words", "--run", "2", "--least", "1", "--limit", "1000")}
    assert found["banjir bandang"] == 3
    assert "sawah petani" not in found  # a sentence ends between them
    assert not any("di" in str(run).split() for run in found)
    [pair] = [row for row in rows(path, "words", "--run", "2") if row["words"] == "banjir bandang"]
    assert (pair["log_dice"], pair["articles"]) == (14, 3)
    # From the texts as they are: of 3 words behind "banjir" all are "bandang", of the others none.
    assert pair["g2"] == round(log_likelihood(Contingency(3, 3, 0, of(None).total() - 3)), 2)


def test_collocations_are_compared_with_the_whole_archive(path: Path) -> None:
    options = ("--window", "2", "--least", "1", "--exact", "--function-words")
    found = {str(row["word"]): row for row in rows(path, "collocations", "menunggu", *options)}
    # "petani menunggu bantuan", "desa; warga menunggu", "naik, warga menunggu harga turun"
    near, total = 8, of(None).total()
    assert set(found) == {"petani", "bantuan", "desa", "warga", "naik", "harga", "turun"}
    warga = found["warga"]
    assert (warga["count"], warga["left"], warga["articles"], warga["total"]) == (2, 2, 2, 2)
    assert warga["g2"] == round(log_likelihood(Contingency(2, near, 0, total - near)), 2)
    assert warga["pmi"] == round(mutual_information(2, 2 * near / total), 2)
    assert warga["log_dice"] == round(log_dice(2, 3, 2), 2)
    done = run(path, "collocations", "menunggu", "--least", "9")
    assert done.exit_code == 3
    assert "menunggu occurs 3 times" in done.stderr


def passage(text: str, *spans: tuple[int, int]) -> Passage:
    return Passage(1, "", None, None, "", "body", text, spans)


def test_neighbours() -> None:
    assert neighbours(passage("a b X c d", (4, 5)), 1) == (["b"], ["c"])
    assert neighbours(passage("a b X Y c d", (4, 7)), 2) == (["a", "b"], ["c", "d"])  # a phrase is one hit
    assert neighbours(passage("a X b X c", (2, 3), (6, 7)), 2) == (["a"], ["b", "c"])  # each word once
    assert neighbours(passage("a b\n\nX c\n\nd", (5, 6)), 3) == ([], ["c"])  # not beyond the paragraph
    assert neighbours(passage("X X", (0, 1), (2, 3)), 3) == ([], [])


def test_bad_questions(path: Path) -> None:
    assert "cannot be combined" in run(path, "words", "--key", "--run", "2").stderr
    assert "there is no site" in run(path, "collocations", "banjir", "--site", "nosuch").stderr
    assert "give at least one word" in run(path, "collocations", "").stderr
    with open_archive(path) as db:
        assert asking.key_words(db, asking.count_words(db, []), limit=5) == []
        assert passages.chosen_articles(db, None, Filter(sites=("b",))) == [4, 5, 6]
