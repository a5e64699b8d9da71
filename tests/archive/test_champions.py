"""Champion lists: the hits of frequent words are those that FTS5 ranks first, no matter what was written after the
lists were made.
"""

from __future__ import annotations

import itertools
import math
import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.archive.ask import champions, search
from scraper.archive.ask.champions import Best, packed, terms_of, unpacked
from scraper.archive.ask.filters import ALL, Filter
from scraper.archive.ask.terms import averages
from scraper.archive.file.library import Archive
from scraper.archive.keep import champion_lists
from scraper.archive.migrations import ddl

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = ("air", "banjir", "café", "desa", "jalan", "kota", "Éta", "straße", "naik")
INSERT = (
    "INSERT INTO articles (id, url, site, headline, lede, published_at, published_utc, body, blocks, words, content_hash,"
    " record_hash, kind, section, page, page_count, access, layout, provenance, warnings, first_seen_at, last_seen_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00Z', ?6, '[]', 1, x'00', x'00', 'article', '[]',"
    " 1, 1, 'free', 'x/1', '{}', '[]', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"
)
TEXT = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
ROW = st.tuples(TEXT, st.none() | TEXT, TEXT)
CHANGE = st.one_of(
    st.tuples(st.just("new"), ROW), st.tuples(st.just("gone"), st.integers(1, 60)), st.tuples(st.integers(1, 60), ROW)
)
QUERY = st.lists(st.sampled_from((*WORDS, "tidakada")), min_size=1, max_size=3).map(" OR ".join)


def put(db: Any, number: int | None, row: tuple[str, str | None, str]) -> None:
    number = number or 1 + (db.execute("SELECT max(id) FROM articles").fetchall()[0][0] or 0)
    db.execute(INSERT, [number, f"https://contoh.id/{number}", f"koran-{number % 3}", *row])


@contextmanager
def made() -> Iterator[Any]:
    """An archive in memory."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.executescript(ddl())
        yield Archive(connection, execute_plugins=False)


def change(db: Any, what: Any, row: Any) -> None:
    """A new article, one that goes (its number may be given again), another text for one."""
    if what == "new":
        put(db, None, row)
    elif what == "gone":
        db.execute("DELETE FROM articles WHERE id = ?", [row])
    else:
        db.execute("UPDATE articles SET headline = ?, lede = ?, body = ? WHERE id = ?", [*row, what])


def plain(db: Any, match: str, limit: int, wanted: Filter) -> list[tuple[int, float]]:
    site = f"AND rowid % 3 = {wanted.sites[0][-1]}" if wanted.sites else ""
    sql = f"SELECT rowid, rank FROM articles_fts WHERE articles_fts MATCH ? {site} ORDER BY +rank, rowid LIMIT ?"
    return [(number, score) for number, score in db.execute(sql, [match, limit]).fetchall()]


def assert_same(db: Any, query: str, limit: int, wanted: Filter = ALL) -> None:
    """The same articles in the same order, but for those whose scores differ in the last bits of a sum."""
    asked = search.understand(db, query, exact=True)
    assert asked.match is not None
    ours, theirs = search.search_ids(db, asked, wanted, limit=limit), plain(db, asked.match, limit + 1, wanted)
    is_apart = all(not math.isclose(one[1], two[1], rel_tol=1e-12) or one[1] == two[1] for one, two in itertools.pairwise(theirs))  # fmt: skip
    if is_apart:
        assert ours == [number for number, _ in theirs[:limit]]
    assert len(ours) == min(limit, len(theirs))


def assert_bounded(db: Any) -> None:
    """No article off a list, but for those that changed since, is denser than the list's bound says."""
    articles, words = averages(db)
    pending = {number for (number,) in db.execute("SELECT article_id FROM champions_pending").fetchall()}
    for (term,) in db.execute("SELECT DISTINCT term FROM champions").fetchall():
        rows = db.execute("SELECT rowid, -rank FROM articles_fts WHERE articles_fts MATCH ?", [f'"{term}"']).fetchall()
        for level in range(2):
            known = champions.champions(db, [term], level)[term]
            bound = champions.density_bound(known, words / articles)
            off = [score for number, score in rows if number not in pending and number not in known.best.numbers]
            weight = champions.idf(articles, len(rows))
            assert all(champions.density_of(score / weight, words / articles) <= bound * (1 + 1e-9) for score in off)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words are frequent, and lists full, with a few articles already."""
    monkeypatch.setattr(champions, "FREQUENT", 4)
    monkeypatch.setattr(champions, "FEW", 30)
    monkeypatch.setattr(champions, "LEVELS", ((3, 100), (8, 100)))
    monkeypatch.setattr(champion_lists, "LEVELS", ((3, 100), (8, 100)))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(ROW, min_size=20, max_size=60),
    rounds=st.lists(st.lists(CHANGE, max_size=8), max_size=3),
    after=st.lists(CHANGE, max_size=5),
    queries=st.lists(QUERY, min_size=2, max_size=5),
    limit=st.integers(1, 6),
)
@pytest.mark.usefixtures("small")
def test_hits_are_those_of_bm25_after_any_changes(
    rows: Any, rounds: Any, after: Any, queries: list[str], limit: int
) -> None:
    with made() as db:
        for row in rows:
            put(db, None, row)
        for changes in [*rounds, []]:
            for each in changes:
                change(db, *each)
            for _ in champion_lists.update(db):
                pass
        for each in after:
            change(db, *each)
        assert_bounded(db)
        for query in queries:
            assert_same(db, query, limit)
            assert_same(db, query, limit, Filter(sites=("koran-1",)))


@pytest.mark.usefixtures("small")
def test_the_lists_answer_and_an_unproven_question_does_not() -> None:
    with made() as db:
        for number in range(1, 41):
            put(
                db, number, ("", None, " ".join(["banjir"] * (number % 9 + 1) + ["desa"] * (number % 4) + ["kota"] * 6))
            )
        assert champion_lists.is_round_due(db)
        assert champions.best(db, '"banjir"', 3) is None, "no lists yet"
        steps = list(champion_lists.update(db))
        assert steps[-1].done == steps[-1].of == 3
        assert not champion_lists.is_round_due(db)
        assert not list(champion_lists.update(db)), "nothing has changed"
        assert champions.best(db, '"banjir"', 2) == [number for number, _ in plain(db, '"banjir"', 2, ALL)]
        assert champions.best(db, '("banjir" OR "tidakada")', 2) == champions.best(db, '"banjir"', 2)
        assert champions.best(db, '"kota"', 9) is None, "more is asked for than any list has"
        for match in (
            '"banj"*',
            'headline : "banjir"',
            '"banjir desa"',
            '("banjir" AND "desa")',
            '("banjir") NOT ("desa")',
        ):
            assert champions.best(db, match, 2) is None
        # An interrupted round leaves what changed as changed.
        put(db, 41, ("banjir banjir banjir", None, "banjir"))
        next(iter(champion_lists.update(db)))
        assert champions.best(db, '"banjir"', 1) == [41]
        assert db.execute("SELECT article_id FROM champions_pending").fetchall() == [(41,)]


def test_terms_are_those_of_the_index() -> None:
    assert terms_of(["Banjir", "café-Bar", "ÉTA", "—", "straße"]) == [
        ["banjir"],
        ["cafe", "bar"],
        ["eta"],
        [],
        ["straße"],
    ]


@given(
    st.lists(
        st.tuples(st.integers(1, 2**40), st.integers(0, 2**33), st.integers(0, 2**33)), unique_by=lambda row: row[0]
    )
)
def test_a_list_is_stored_whole(rows: list[tuple[int, int, int]]) -> None:
    columns = Best(*map(list, zip(*sorted(rows), strict=True))) if rows else Best([], [], [])
    assert Best(*map(list, unpacked(packed(columns)))) == columns
