"""The texts of selected articles one by one, and where a query's words are in them, as FTS5 itself finds them."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from scraper.archive.ask.filters import ALL, Filter, filter_sql
from scraper.archive.ask.search import CHOSEN, HIT_END, HIT_START, chooses_first
from scraper.archive.ask.tallies import is_walked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlite_utils import Database

    from scraper.archive.ask.search import Understood

By = Literal["number", "date", "newest", "site"]
_ORDERS: dict[By, str] = {
    "number": "a.id",
    "date": "a.published_utc IS NULL, a.published_utc, a.id",
    "newest": "a.published_utc IS NULL, a.published_utc DESC, a.id DESC",
    "site": "a.site IS NULL, a.site, a.published_utc IS NULL, a.published_utc, a.id",
}
_BY_TIME = ("date", "newest")  # orders that an index has, so that no article is read for them
_BATCH = 500  # articles per statement, when each statement would collect all words with a prefix anew
FIELDS = ("headline", "lede", "body")
_HEAD = "a.id, a.url, a.site, a.published_at, a.headline"


class Text(NamedTuple):
    """An article's words. `language` is what its page declares."""

    article_id: int
    site: str | None
    headline: str
    lede: str | None
    body: str
    language: str | None


class Passage(NamedTuple):
    """A field of an article in which a query's words occur: `spans` are (start, end) in characters of `text`."""

    article_id: int
    url: str
    site: str | None
    published_at: str | None
    headline: str
    field: str
    text: str
    spans: tuple[tuple[int, int], ...]


def chosen_articles(db: Database, asked: Understood | None, wanted: Filter = ALL, *, by: By = "number") -> list[int]:
    """The numbers of the wanted articles that a query finds, in order; all wanted ones if `asked` is None."""
    condition, values = filter_sql(wanted)
    order = _ORDERS[by]
    if asked is None:
        sql = f"SELECT a.id FROM articles AS a WHERE {condition} ORDER BY {order}"  # noqa: S608
        return [number for (number,) in db.execute(sql, values).fetchall()]
    if asked.match is None:
        return []
    found = "SELECT rowid AS id FROM articles_fts WHERE articles_fts MATCH ?"
    if wanted == ALL and by == "number":
        return [number for (number,) in db.execute(f"{found} ORDER BY rowid", [asked.match]).fetchall()]
    if chooses_first(db, asked.match, wanted):
        head, given = (
            f"WITH {CHOSEN.format(condition=condition)}, hits AS MATERIALIZED ({found} AND +rowid IN chosen)",
            [*values, asked.match],
        )
        condition = "TRUE"
    else:
        head, given = f"WITH hits AS MATERIALIZED ({found})", [asked.match, *values]
        if by in _BY_TIME and wanted == Filter(since=wanted.since, until=wanted.until) and is_walked(db, asked):
            sql = (
                f"{head} SELECT a.id FROM articles AS a INDEXED BY articles_time"  # noqa: S608
                f" WHERE +a.id IN (SELECT id FROM hits) AND {condition} ORDER BY {order}"
            )
            return [number for (number,) in db.execute(sql, given).fetchall()]
    sql = f"{head} SELECT a.id FROM hits CROSS JOIN articles AS a ON a.id = hits.id WHERE {condition} ORDER BY {order}"  # noqa: S608
    return [number for (number,) in db.execute(sql, given).fetchall()]


_DESCRIBED = {
    "site": "site",
    "day": "substr(published_at, 1, 10)",
    "month": "substr(published_at, 1, 7)",
    "year": "substr(published_at, 1, 4)",
    "region": "region_code",
    "province": "substr(region_code, 1, 2)",
    "kind": "kind",
    "language": "language",
}


def described(
    db: Database, numbers: Iterable[int], by: Sequence[str]
) -> Iterator[tuple[int, str, tuple[str | None, ...]]]:
    """(number, URL, values) of articles: site, day, month, year, region, province, kind or language; None if it is not
    known.
    """
    columns = "".join(f", {_DESCRIBED[each]}" for each in by)
    sql = f"SELECT id, url{columns} FROM articles WHERE id = ?"  # noqa: S608
    for number in numbers:
        for key, url, *values in db.execute(sql, [number]).fetchall():
            yield key, url, tuple(values)


def texts(db: Database, numbers: Sequence[int]) -> Iterator[Text | int]:
    """The words of these articles; for one lost to damage, its number."""
    sql = "SELECT id, site, headline, lede, body, language FROM articles WHERE id = ?"
    for number in numbers:
        try:
            rows = db.execute(sql, [number]).fetchall()
        except sqlite3.DatabaseError:
            yield number
            continue
        for row in rows:
            yield Text(*row)


def passages(db: Database, asked: Understood, numbers: Sequence[int]) -> Iterator[Passage]:
    """Where a query's words occur in these articles: every word, phrase or prefix that made FTS5 find the article.

    One passage for each field that has any, in the order of `numbers`. Overlapping phrases of one query are one span.
    """
    marked = ", ".join(
        f"highlight(articles_fts, {column}, '{HIT_START}', '{HIT_END}')" for column in range(len(FIELDS))
    )
    sql = (
        f"SELECT {_HEAD}, {marked} FROM articles_fts JOIN articles AS a ON a.id = articles_fts.rowid"  # noqa: S608
        " WHERE articles_fts MATCH ? AND "
    )
    if asked.match and '"*' in asked.match:
        for start in range(0, len(numbers), _BATCH):
            batch = numbers[start : start + _BATCH]
            listed = ",".join(map(str, batch))
            rows = {row[0]: row for row in db.execute(f"{sql} +articles_fts.rowid IN ({listed})", [asked.match])}
            for number in batch:
                yield from _passages(rows[number])
        return
    for number in numbers:
        for row in db.execute(f"{sql} articles_fts.rowid = ?", [asked.match, number]).fetchall():
            yield from _passages(row)


def _passages(row: Sequence[Any]) -> Iterator[Passage]:
    number, url, site, published_at, headline, *fields = row
    for field, marked in zip(FIELDS, fields, strict=True):
        if marked and HIT_START in marked:
            yield Passage(number, url, site, published_at, headline, field, *unmarked(marked))


def unmarked(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A text without the marks around the matches, and the positions of the matches. (Stored text has no such marks of
    its own.)
    """
    pieces: list[str] = []
    spans = []
    at = 0
    for number, part in enumerate(marked.split(HIT_START)):
        found, end, rest = part.partition(HIT_END) if number else ("", "", part)
        if end:
            spans.append((at, at + len(found)))
        pieces += (found, rest)
        at += len(found) + len(rest)
    return "".join(pieces), tuple(spans)
