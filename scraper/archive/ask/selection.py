"""Which articles and captures are selected, and iterating over them one by one, past damaged ones."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from scraper.archive.ask.filters import ALL, Filter, filter_sql
from scraper.archive.ask.search import understand
from scraper.archive.file.lookup import StoredArticle, article, articles_of, capture
from scraper.archive.file.watch import limited
from scraper.errors import ArchiveDamaged, ArchiveSlow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlite_utils import Database

    from scraper.records import Capture

_BATCH = 1000
_TOGETHER = 200  # articles read in one query: some megabytes
_PROBED = 50_000_000  # numbers tried one by one: a damaged row may claim any
_HIDDEN = (1 << 63) - 1
# A URL from which one of the articles `a` was read, now or in an earlier version; the inserted condition binds `a`.
_OF_ARTICLE = (
    "EXISTS (SELECT 1 FROM captures AS oc JOIN article_captures AS oa ON oa.capture_id = oc.id"
    " JOIN articles AS a ON a.id = oa.article_id WHERE oc.url_id = {url} AND {where})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The articles of a filter that contain the words of `query`, as a search understands it (`exact`: as written);
    without both, all.
    """

    wanted: Filter = ALL
    query: str | None = None
    exact: bool = False

    @property
    def is_all(self) -> bool:
        """Whether nothing is excluded."""
        return self.wanted == ALL and self.query is None

    def sql(self, db: Database) -> tuple[str, list[Any]]:
        """A condition on articles `a`, with its values; a query without a word selects nothing."""
        where, values = filter_sql(self.wanted)
        if self.query is None:
            return where, values
        match = understand(db, self.query, exact=self.exact).match
        if match is None:
            return "FALSE", []
        return f"{where} AND a.id IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ?)", [*values, match]  # noqa: S608

    def urls_sql(self, db: Database, url_column: str) -> tuple[str, list[Any]]:
        """A condition on a column of URL ids: those from which the selected articles were read, or any."""
        if self.is_all:
            return "TRUE", []
        where, values = self.sql(db)
        return _OF_ARTICLE.format(url=url_column, where=where), values


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """A row or body lost to damage; `key` says which (an article's number, a capture's number)."""

    kind: str
    key: int
    detail: str


def selected_articles(
    db: Database, selection: Selection, *, after: int = 0, month: str | None = "any"
) -> Iterator[StoredArticle | Unreadable]:
    """The articles in the order of their numbers, one in memory at a time; `month` is "any", or that of publication."""
    where, values = selection.sql(db)
    if month != "any":
        where, values = f"{where} AND a.month IS ?", [*values, month]
    yield from articles(db, _ids(db, "articles", where, values, after=after))


def articles(db: Database, numbers: Iterable[int]) -> Iterator[StoredArticle | Unreadable]:
    """The articles with these numbers in this order, few in memory at a time; missing ones are left out."""
    left = iter(numbers)
    while batch := list(islice(left, _TOGETHER)):
        try:
            with limited(db, f"articles {batch[0]} to {batch[-1]}"):
                found: dict[int, StoredArticle | ArchiveDamaged] = articles_of(db, batch)
        except (sqlite3.DatabaseError, ArchiveDamaged, ArchiveSlow):
            found = {number: stored for number in batch if (stored := _alone(db, number)) is not None}
        for number in batch:
            stored = found.get(number)
            if isinstance(stored, Exception):
                yield Unreadable(kind="article", key=number, detail=str(stored))
            elif stored is not None:
                yield stored


def _alone(db: Database, number: int) -> StoredArticle | ArchiveDamaged | None:
    """An article read on its own after reading it with others failed: to see whether it is the damaged one."""
    try:
        with limited(db, f"article {number}"):
            return article(db, number)
    except ArchiveDamaged as error:
        return error
    except (sqlite3.DatabaseError, ArchiveSlow) as error:
        return ArchiveDamaged(str(error))


def selected_months(db: Database, selection: Selection) -> list[str | None]:
    """The months of publication that have selected articles, None for those without a date."""
    where, values = selection.sql(db)
    rows = db.execute(f"SELECT DISTINCT a.month FROM articles AS a WHERE {where} ORDER BY 1", values).fetchall()  # noqa: S608
    return [month for (month,) in rows]


def count_articles(db: Database, selection: Selection) -> int:
    """How many articles are selected."""
    where, values = selection.sql(db)
    return int(db.execute(f"SELECT count(*) FROM articles AS a WHERE {where}", values).fetchall()[0][0])  # noqa: S608


def selected_captures(
    db: Database, selection: Selection, *, after: int = 0, until: int | None = None
) -> Iterator[tuple[int, Capture | Unreadable]]:
    """The captures in the order of their numbers, up to `until`; with filters, those of the articles' URLs, including
    earlier ones.
    """
    where, values = selection.urls_sql(db, "x.url_id")
    for number in _ids(db, "captures", where, values, after=after, alias="x"):
        if until is not None and number > until:
            return
        yield number, read_capture(db, number)


def read_capture(db: Database, number: int) -> Capture | Unreadable:
    """A capture with its body, or what is wrong with it."""
    try:
        with limited(db, f"capture {number}"):
            return capture(db, number)
    except (sqlite3.DatabaseError, ArchiveDamaged, ArchiveSlow, KeyError) as error:
        return Unreadable(kind="capture", key=number, detail=str(error))


def _ids(db: Database, table: str, where: str, values: Sequence[Any], *, after: int, alias: str = "a") -> Iterator[int]:
    """Row numbers in order; if the table's tree is damaged, every number is tried."""
    last = after
    while True:
        try:
            rows = db.execute(
                f"SELECT {alias}.id FROM {table} AS {alias} WHERE {alias}.id > ? AND {where} ORDER BY {alias}.id LIMIT {_BATCH}",  # noqa: S608
                [last, *values],
            ).fetchall()
        except sqlite3.DatabaseError:
            yield from _probed(db, table, where, values, after=last, alias=alias)
            return
        for (number,) in rows:
            if number <= last:  # a tree that leads back to itself
                yield from _probed(db, table, where, values, after=last, alias=alias)
                return
            last = number
            yield number
        if len(rows) < _BATCH:
            return


def _probed(db: Database, table: str, where: str, values: Sequence[Any], *, after: int, alias: str) -> Iterator[int]:
    for number in range(after + 1, min(_last_id(db, table), after + _PROBED) + 1):
        try:
            sql = f"SELECT {alias}.id FROM {table} AS {alias} WHERE {alias}.id = ? AND {where}"  # noqa: S608
            is_meant = bool(db.execute(sql, [number, *values]).fetchall())
        except sqlite3.DatabaseError:
            is_meant = True  # reading it names the damage
        if is_meant:
            yield number


def _last_id(db: Database, table: str) -> int:
    """The highest row number that the table, or anything that refers to it, still knows."""
    column = "capture_id" if table == "captures" else "article_id"
    known = 0
    for sql in (
        f"SELECT max(id) FROM {table}",  # noqa: S608
        f"SELECT max({column}) FROM article_captures",  # noqa: S608
        "SELECT max(capture_id) FROM fetches" if table == "captures" else "SELECT max(id) FROM articles_fts_docsize",
    ):
        try:
            known = max(known, db.execute(sql).fetchall()[0][0] or 0)
        except sqlite3.DatabaseError:
            continue
    return known


def first_of_body(db: Database, selection: Selection, capture_id: int) -> int:
    """The first selected capture with the same bytes as this one; itself if it is the first or nothing can be read."""
    where, values = selection.urls_sql(db, "x.url_id")
    sql = (
        "SELECT min(x.id) FROM captures AS x WHERE x.body_id = (SELECT body_id FROM captures WHERE id = ?)"  # noqa: S608
        f" AND {where}"
    )
    try:
        return int(db.execute(sql, [capture_id, *values]).fetchall()[0][0] or capture_id)
    except sqlite3.DatabaseError:
        return capture_id


def fingerprint(db: Database) -> list[int]:
    """Numbers that change as soon as a crawl, an import or a reread has written to the archive."""
    return [last_number(db, table) for table in ("runs", "fetches", "articles", "captures")]


def last_number(db: Database, table: str) -> int:
    """The highest number of a table; if damage hides it, a number higher than all."""
    try:
        return int(db.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchall()[0][0])  # noqa: S608
    except sqlite3.DatabaseError:
        return _HIDDEN


def kind_of_capture(db: Database, number: int) -> str:
    """What a capture's URL was taken for: article, index, feed, sitemap."""
    return str(
        db.execute(
            "SELECT u.kind FROM captures AS c JOIN urls AS u ON u.id = c.url_id WHERE c.id = ?", [number]
        ).fetchall()[0][0]
    )
