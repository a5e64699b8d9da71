"""The best hits of frequent words without ranking every hit: champion lists (Manning et al., Introduction to
Information Retrieval, 7.1.3).

For each frequent word the archive stores the articles that it ranks highest, with how often each has the word and how
long it is, and a bound that no other article exceeds. A search ranks the articles on the lists of its words, those that
changed since the lists were made, and those that have one of its rarer words. If the last requested hit ranks above the
sum of the words' bounds, no unranked article can be among the hits, and they are those of bm25. If not, FTS5 ranks all
of them. Hits of equal rank come in the order of their numbers.

FTS5's bm25 of a word in an article is idf · (k+1)·f / (f + k·(1-b + b·d/m)), with k = 1.2 and b = 0.75 (fts5_aux.c): f
counts the word, weighted by column, d is the number of the article's words, m the mean of d. With the density r = f /
(d + m/3) that is idf · 2.2·r / (r + 0.9/m): a list holds the articles with the highest r. m drifts as the archive
grows, which changes r by at most a known factor.
"""

from __future__ import annotations

import json
import math
import re
import sqlite3
import sys
import zlib
from array import array
from contextlib import closing
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.ask.terms import averages

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlite_utils import Database

FEW = 10_000  # hits that FTS5 ranks in some 10 ms
# A word is frequent if this many articles have it; in archives above a million, if a hundredth of them has it.
FREQUENT, FREQUENT_PART = 10_000, 100
# How many articles the lists of a word hold, from the shortest list on: at least this many, or one in this many of
# those that have the word.
LEVELS = ((500, 256), (2_000, 16))
TOKENIZER = "unicode61 remove_diacritics 2"  # of articles_fts
_SLACK = 1e-9  # of a score: floating point
_LEAST_IDF = 1e-6  # FTS5's value for words that more than half of the articles have
_EITHER = re.compile(r"[()\s]|\bOR\b")
_PHRASE = re.compile(r'((?:headline|lede|body) : )?"((?:[^"]|"")*)"(\*?)')
_SCORED = (
    "scored AS MATERIALIZED (SELECT rowid AS id, rank AS score FROM articles_fts WHERE articles_fts MATCH ? AND +rowid IN"
    " (SELECT value FROM json_each(?) UNION ALL SELECT article_id FROM champions_pending{rare}))"
)
_RARE = " UNION ALL SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?"
_RANKED = "SELECT rowid, -rank FROM articles_fts WHERE articles_fts MATCH ?"


class Best(NamedTuple):
    """Articles on a list, in the order of their numbers: how often each has the word, weighted by column, and its
    number of words.
    """

    numbers: Sequence[int] = ()
    frequencies: Sequence[int] = ()
    lengths: Sequence[int] = ()


class Champions(NamedTuple):
    """The articles with the highest density of a term; none of the others exceeded `bound` when the mean length was
    `mean_words`.

    `articles` is how many had the term when it was last counted.
    """

    articles: int
    mean_words: float
    bound: float
    best: Best


class _Choice(NamedTuple):
    """A condition on articles `a`, with its values."""

    condition: str
    values: Sequence[Any]


def best(
    db: Database, match: str, limit: int, *, condition: str = "TRUE", values: Sequence[Any] = ()
) -> list[int] | None:
    """The first `limit` hits of an FTS5 expression that fulfil a condition on articles `a`, by rank and number.

    None if the lists cannot prove which they are, or if ranking all hits is as fast.
    """
    words = words_of(match)
    if not words or not db.execute("SELECT 1 FROM champions LIMIT 1").fetchall():
        return None
    choice = _Choice(condition, values)
    for level in range(len(LEVELS)):
        lists = champions(db, words, level)
        if not lists:
            return None
        if len(lists) == 1 and words.count(*lists) == 1:
            found = _of_one(db, match, words, lists, limit, choice)
        elif level:  # several bounds together need the longer lists
            found = _of_several(db, match, words, lists, limit, choice)
        else:
            continue
        if found is not None:
            return found
    return None


def _of_one(
    db: Database, match: str, words: list[str], lists: dict[str, Champions], limit: int, choice: _Choice
) -> list[int] | None:
    """The hits of one frequent word, or of several words of which one is frequent; None if its list does not prove
    them.
    """
    ((word, known),) = lists.items()
    rare = " OR ".join(quoted(each) for each in words if each != word)
    if rare and _has(db, rare, FEW):
        return None
    articles, mean = _averages(db)
    changed = {number for (number,) in db.execute("SELECT DISTINCT article_id FROM champions_pending").fetchall()}
    weight = idf(articles, hit_count(db, quoted(word)) if changed else known.articles)
    scores = {
        number: weight * bm25(frequency, length, mean)
        for number, frequency, length in zip(*known.best, strict=True)
        if number not in changed
    }
    if rare:  # those that have a rare word, including those that also have the frequent one
        scores.update(db.execute(_RANKED, [rare]).fetchall())
        scores.update(db.execute(_RANKED, [f"{quoted(word)} AND ({rare})"]).fetchall())
    if changed:
        only = "AND rowid >= ? AND +rowid IN (SELECT article_id FROM champions_pending)"
        scores.update(db.execute(f"{_RANKED} {only}", [match, min(changed)]).fetchall())
    bound = weight * score_of(density_bound(known, mean), mean)
    numbers = _chosen(db, [number for number, score in scores.items() if score > bound * (1 + _SLACK)], choice)
    best = sorted((-scores[number], number) for number in numbers)[:limit]
    return [number for _, number in best] if len(best) == limit else None


def _chosen(db: Database, numbers: list[int], choice: _Choice) -> list[int]:
    """Those of the articles that fulfil a condition."""
    if choice.condition == "TRUE":
        return numbers
    sql = f"SELECT a.id FROM json_each(?) AS n CROSS JOIN articles AS a ON a.id = n.value WHERE {choice.condition}"  # noqa: S608
    return [number for (number,) in db.execute(sql, [json.dumps(numbers), *choice.values]).fetchall()]


def _of_several(
    db: Database, match: str, words: list[str], lists: dict[str, Champions], limit: int, choice: _Choice
) -> list[int] | None:
    """The hits of any of several frequent words, ranked by FTS5 in one walk over all; None if the lists do not prove
    them.
    """
    listed = sorted({number for known in lists.values() for number in known.best.numbers})
    waiting = int(db.execute("SELECT count(*) FROM champions_pending").fetchall()[0][0])
    rare = " OR ".join(quoted(word) for word in words if word not in lists)
    if max(known.articles for known in lists.values()) < 2 * (len(listed) + waiting) or (rare and _has(db, rare, FEW)):
        return None
    given = [match, json.dumps(listed, separators=(",", ":")), *([rare] if rare else [])]
    scored = _SCORED.format(rare=_RARE if rare else "")
    sql = (
        f"WITH {scored} SELECT a.id, scored.score FROM scored CROSS JOIN articles AS a ON a.id = scored.id"  # noqa: S608
        f" WHERE {choice.condition} ORDER BY scored.score, a.id LIMIT ?"
    )
    rows = db.execute(sql, [*given, *choice.values, limit]).fetchall()
    is_proven = len(rows) == limit and -rows[-1][1] > _bound(db, words, lists) * (1 + _SLACK)
    return [number for number, _ in rows] if is_proven else None


def _bound(db: Database, words: list[str], lists: dict[str, Champions]) -> float:
    """The highest possible score of an article that is on no list; a word that occurs twice in a query counts twice."""
    articles, mean = _averages(db)
    changed = "SELECT count(DISTINCT article_id) FROM champions_pending WHERE NOT is_new"
    lost = int(db.execute(changed).fetchall()[0][0])  # this many fewer may have a word by now
    return sum(
        idf(articles, max(known.articles - lost, 0)) * score_of(density_bound(known, mean), mean)
        for known in map(lists.get, words)
        if known is not None
    )


def _averages(db: Database) -> tuple[int, float]:
    articles, words = averages(db)
    return articles, words / articles if articles else 0.0


def _has(db: Database, match: str, count: int) -> bool:
    """Whether an expression has more than `count` hits."""
    sql = "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)"
    return bool(db.execute(sql, [match, count + 1]).fetchall()[0][0] > count)


def words_of(match: str) -> list[str]:
    """The words in an expression from query.match_expression that matches any of them; none if it asks for more than
    that.

    If all of several words are required, or a phrase, there are fewer hits and the bounds are loose, so FTS5 ranks as
    usual.
    """
    found = [(column, text.replace('""', '"'), star) for column, text, star in _PHRASE.findall(match)]
    terms = terms_of([text for _, text, _ in found])
    is_more = any(column or star or len(each) > 1 for (column, _, star), each in zip(found, terms, strict=True))
    if is_more or _EITHER.sub("", _PHRASE.sub("", match)):
        return []
    return [each[0] for each in terms if each]  # FTS5 makes no term of punctuation alone


def quoted(term: str) -> str:
    """A term as an FTS5 expression."""
    return '"' + term.replace('"', '""') + '"'


def hit_count(db: Database, match: str) -> int:
    """How many articles an FTS5 expression finds: some 30 ns each."""
    return int(db.execute("SELECT count(*) FROM articles_fts WHERE articles_fts MATCH ?", [match]).fetchall()[0][0])


def champions(db: Database, terms: Iterable[str], level: int) -> dict[str, Champions]:
    """The existing lists of these terms."""
    sql = (
        "SELECT term, articles, mean_words, bound, best FROM champions"
        " WHERE level = ? AND term IN (SELECT value FROM json_each(?))"
    )
    rows = db.execute(sql, [level, json.dumps(sorted(set(terms)))]).fetchall()
    return {term: Champions(count, mean, bound, unpacked(data)) for term, count, mean, bound, data in rows}


def idf(articles: int, having: int) -> float:
    """FTS5's inverse document frequency of a phrase that `having` of the articles have."""
    return max(math.log((articles - having + 0.5) / (having + 0.5)), _LEAST_IDF)


def bm25(frequency: float, length: int, mean_words: float) -> float:
    """FTS5's score of a word without its idf, to the last bit."""
    return (frequency * (1.2 + 1.0)) / (frequency + 1.2 * (1 - 0.75 + 0.75 * length / mean_words))


def score_of(density: float, mean_words: float) -> float:
    """The same for an article's density."""
    return 2.2 * density / (density + 0.9 / mean_words)


def density_of(score: float, mean_words: float) -> float:
    """The reverse of score_of."""
    return 0.9 / mean_words * score / (2.2 - score)


def density_bound(known: Champions, mean_words: float) -> float:
    """The bound for articles off a list, converted to another mean length."""
    return known.bound * max(1.0, known.mean_words / mean_words)


def packed(best: Best) -> bytes:
    """A list as it is stored: its three columns one after the other, deflated, as unsigned integers of 8 bytes, least
    significant first.

    Each number is stored as the distance to the previous one.
    """
    steps = [each - before for before, each in zip([0, *best.numbers], best.numbers, strict=False)]
    columns = array("Q", [*steps, *best.frequencies, *best.lengths])
    if sys.byteorder == "big":
        columns.byteswap()
    return zlib.compress(columns.tobytes())


def unpacked(data: bytes) -> Best:
    """The reverse of packed()."""
    columns = array("Q", zlib.decompress(data))
    if sys.byteorder == "big":
        columns.byteswap()
    size = len(columns) // 3
    return Best(list(accumulate(columns[:size])), columns[size : 2 * size], columns[2 * size :])


def terms_of(texts: Sequence[str]) -> list[list[str]]:
    """The index terms in each text, in order."""
    if all(text.isascii() and text.isalnum() for text in texts):
        return [[text.lower()] for text in texts]
    with closing(sqlite3.connect(":memory:")) as made:
        made.execute(f"CREATE VIRTUAL TABLE t USING fts5(x, content='', tokenize='{TOKENIZER}')")
        made.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
        made.executemany("INSERT INTO t (rowid, x) VALUES (?, ?)", enumerate(texts))
        found: list[list[str]] = [[] for _ in texts]
        for number, term in made.execute("SELECT doc, term FROM v ORDER BY doc, offset"):
            found[number].append(term)
    return found
