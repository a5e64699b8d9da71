"""Making and updating champion lists: slowly, one word at a time, and interruptible at will."""

from __future__ import annotations

import heapq
import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from scraper.archive.ask import champions
from scraper.archive.ask.champions import LEVELS, Best, Champions, density_bound, density_of, idf, packed
from scraper.archive.ask.terms import averages, lengths_of
from scraper.archive.file.connection import transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlite_utils import Database

SAMPLE = 2_000  # articles whose words are examined to find the frequent ones
_SURE = 0.5  # of the expected number in the sample: a word that is rarer there is hardly frequent
_ROOM = 2  # a list that has grown to this many times its size is cut again
# How many changed articles are worth a round, which walks over every hit of every frequent word.
WORTH, WORTH_PART = 1_000, 50
_PENDING = "SELECT article_id FROM champions_pending WHERE id <= ?"


class Round(NamedTuple):
    """The progress of a round: words done, of how many."""

    done: int
    of: int


def is_round_due(db: Database) -> bool:
    """Whether enough articles are new or changed since the lists were made to make a round worthwhile."""
    articles, _ = averages(db)
    if articles < _frequent(articles):
        return False
    waiting = int(db.execute("SELECT count(*) FROM champions_pending").fetchall()[0][0])
    return _is_first(db) or waiting > max(WORTH, articles // WORTH_PART)


def _is_first(db: Database) -> bool:
    """Whether no list has been made yet."""
    return not db.execute("SELECT 1 FROM champions LIMIT 1").fetchall()


def update(db: Database, *, seed: int = 0) -> Iterator[Round]:
    """Update every list, and make those of words that have become frequent.

    Each word is a separate transaction. Until the last one is done, changed articles count as changed, so that a search
    is right at any moment; the next round repeats what an interrupted one did, except for the new lists. The first
    round takes about a microsecond for each frequent word of each article.
    """
    last = int(db.execute("SELECT coalesce(max(id), 0) FROM champions_pending").fetchall()[0][0])
    articles, _ = averages(db)
    if not last and not _is_first(db):
        return
    known = [term for (term,) in db.execute("SELECT DISTINCT term FROM champions ORDER BY 1").fetchall()]
    terms = list(dict.fromkeys([*known, *_candidates(db, articles, seed)]))
    for done, term in enumerate(terms, 1):
        with transaction(db):
            _update(db, term, last)
        yield Round(done, len(terms))
    with transaction(db):
        db.execute("DELETE FROM champions_pending WHERE id <= ?", [last])


def _frequent(articles: int) -> int:
    return max(champions.FREQUENT, articles // champions.FREQUENT_PART)


def _candidates(db: Database, articles: int, seed: int) -> list[str]:
    """Words that are frequent in a random sample of the articles; a word that the sample misses is ranked as usual."""
    if articles < _frequent(articles):
        return []
    highest = int(db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchall()[0][0])
    chance = random.Random(seed)  # noqa: S311  (a sample, no secret)
    chosen = sorted({chance.randint(1, highest) for _ in range(SAMPLE)})
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute(f"CREATE VIRTUAL TABLE t USING fts5(x, content='', tokenize='{champions.TOKENIZER}')")
        made.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, row)")
        count = 0
        for number in chosen:
            sql = "SELECT headline || ' ' || ifnull(lede, '') || ' ' || body FROM articles WHERE id = ?"
            for (text,) in db.execute(sql, [number]).fetchall():
                made.execute("INSERT INTO t (rowid, x) VALUES (?, ?)", [number, text])
                count += 1
        least = _SURE * count * _frequent(articles) / articles
        terms = [term for (term,) in made.execute("SELECT term FROM v WHERE doc >= ? ORDER BY doc DESC, term", [least])]
    # A word that FTS5 would not parse as itself cannot be searched for.
    return [term for term, read in zip(terms, champions.terms_of(terms), strict=True) if read == [term]]


def _update(db: Database, term: str, last: int) -> None:
    """Make or update the lists of a word, or remove those of a word that is no longer frequent."""
    match = champions.quoted(term)
    articles, words = averages(db)
    having = champions.hit_count(db, match)
    if having < _frequent(articles) // (2 if champions.champions(db, [term], 0) else 1):
        db.execute("DELETE FROM champions WHERE term = ?", [term])
        return
    mean, weight = words / articles, idf(articles, having)

    def scored(only: str = "", values: Iterable[int | str] = ()) -> list[tuple[float, int]]:
        sql = f"SELECT -rank, rowid FROM articles_fts WHERE articles_fts MATCH ? {only}"  # noqa: S608
        rows = db.execute(sql, [match, *values]).fetchall()
        return [(density_of(score / weight, mean), number) for score, number in rows]

    changed: list[tuple[float, int]] | None = None
    every: list[tuple[float, int]] | None = None
    gone = {number for (number,) in db.execute(_PENDING, [last]).fetchall()}
    for level, (least, part) in enumerate(LEVELS):
        size = max(least, having // part)
        known = champions.champions(db, [term], level).get(term)
        if known is None:
            every = scored() if every is None else every
            made = _cut(db, every, size, mean, having)
        else:
            changed = scored(f"AND +rowid IN ({_PENDING})", [last]) if changed is None else changed
            made = _with(db, known, changed, mean, having, gone)
            if len(made.best.numbers) > _ROOM * size:
                listed = scored("AND +rowid IN (SELECT value FROM json_each(?))", [str(made.best.numbers)])
                cut = _cut(db, listed, size, mean, having)
                made = cut._replace(bound=max(cut.bound, density_bound(made, mean)))
        db.execute(
            "INSERT INTO champions (term, level, articles, mean_words, bound, best) VALUES (?, ?, ?, ?, ?, ?)"
            " ON CONFLICT (term, level) DO UPDATE SET articles = excluded.articles, mean_words = excluded.mean_words,"
            " bound = excluded.bound, best = excluded.best",
            [term, level, made.articles, made.mean_words, made.bound, packed(made.best)],
        )


def _cut(db: Database, found: list[tuple[float, int]], size: int, mean: float, having: int) -> Champions:
    """The list of the densest of these (density, article); the next one is its bound."""
    highest = heapq.nlargest(size + 1, found)
    bound = highest[size][0] if len(highest) > size else 0.0
    return Champions(having, mean, bound, _listed(db, highest[:size], mean))


def _with(
    db: Database, known: Champions, changed: list[tuple[float, int]], mean: float, having: int, gone: set[int]
) -> Champions:
    """A list without the changed articles, except for those that may exceed its bound."""
    at_most = max(1.0, mean / known.mean_words)
    more = _listed(db, [each for each in changed if each[0] * at_most >= known.bound], mean)
    kept = [row for row in zip(*known.best, strict=True) if row[0] not in gone]
    return known._replace(articles=having, best=_columns([*kept, *zip(*more, strict=True)]))


def _listed(db: Database, found: list[tuple[float, int]], mean: float) -> Best:
    """Articles by their density in the form of a list."""
    lengths = lengths_of(db, [number for _, number in found])
    return _columns(
        [(number, round(density * (lengths[number] + mean / 3)), lengths[number]) for density, number in found]
    )


def _columns(rows: list[tuple[int, int, int]]) -> Best:
    return Best(*map(list, zip(*sorted(rows), strict=True))) if rows else Best()
