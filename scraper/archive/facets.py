"""What a search found, counted: by site, region, section …, over time, and the search itself as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.filters import filter_sql

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.archive.filters import Filter
    from scraper.archive.search import Understood

MAX_HITS = 10_000  # hits that are counted and split by facet; of more, the newest articles stand for all
MAX_VALUES = 12  # of a facet
_FACETS = {
    "site": ("a.site", ""),
    "region": ("a.region_code", ""),
    "section": ("s.value", "JOIN json_each(a.section) AS s"),
    "author": (
        "p.name",
        "JOIN bylines AS b ON b.article_id = a.id AND b.role <> 'editor' JOIN people AS p ON p.id = b.person_id",
    ),
    "tag": ("t.tag", "JOIN tags AS t ON t.article_id = a.id"),
    "month": ("a.month", ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many articles a search found, and by which values; `is_capped` when only the first MAX_HITS were counted."""

    hits: int
    is_capped: bool
    values: dict[str, list[tuple[str, int]]]


def facets(db: Database, asked: Understood, wanted: Filter, *, is_all: bool) -> Facets:
    """The hits of a search by site, region, section, author, tag and month. `is_all`: no query, only the filter."""
    condition, values = filter_sql(wanted)
    if asked.match is None and not is_all:
        return Facets(hits=0, is_capped=False, values={})
    if asked.match is None:
        chosen = f"SELECT a.id FROM articles AS a WHERE {condition} ORDER BY a.published_utc DESC LIMIT ?"
        values = [*values, MAX_HITS]
    else:
        # Hits first, in the order of the index; then the filter, which is cheap on so many rows.
        chosen = (
            "SELECT a.id FROM (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT ?) AS h"
            f" CROSS JOIN articles AS a ON a.id = h.rowid WHERE {condition}"
        )
        values = [asked.match, MAX_HITS, *values]
    ids = [row[0] for row in db.execute(chosen, values).fetchall()]
    total = len(ids)
    is_capped = total >= MAX_HITS if asked.match is None else len(_ids(db, asked.match)) >= MAX_HITS
    listed = "[" + ",".join(map(str, ids)) + "]"
    counted = {
        name: [
            (str(value), number)
            for value, number in db.execute(
                f"SELECT {column}, count(*) FROM json_each(?) AS h CROSS JOIN articles AS a ON a.id = h.value {join}"
                f" WHERE {column} IS NOT NULL GROUP BY 1 ORDER BY {'1 DESC' if name == 'month' else '2 DESC, 1'} LIMIT ?",
                [listed, MAX_VALUES],
            ).fetchall()
        ]
        for name, (column, join) in _FACETS.items()
    }
    return Facets(hits=total, is_capped=is_capped, values=counted)


def _ids(db: Database, match: str) -> list[int]:
    sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?"
    return [row[0] for row in db.execute(sql, [match, MAX_HITS]).fetchall()]


def carried(db: Database, match: str, wanted: Filter) -> list[tuple[str, int, int]]:
    """(month, papers with a hit, papers that published at all): what share of the papers carried a story."""
    condition, values = filter_sql(wanted)
    hits = dict(
        db.execute(
            "SELECT a.month, count(DISTINCT a.site) FROM (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT ?) AS h"
            f" CROSS JOIN articles AS a ON a.id = h.rowid WHERE {condition} AND a.month IS NOT NULL GROUP BY 1",
            [match, MAX_HITS, *values],
        ).fetchall()
    )
    if not hits:
        return []
    papers = db.execute(
        "SELECT month, count(*) FROM (SELECT DISTINCT site, month FROM articles INDEXED BY articles_site_month WHERE month BETWEEN ? AND ?) GROUP BY 1 ORDER BY 1",
        [min(hits), max(hits)],
    ).fetchall()
    return [(month, hits.get(month, 0), number) for month, number in papers]


def search_sql(asked: Understood, wanted: Filter, *, order: str) -> str:
    """A search as SQL that a reader may take to any SQLite shell: the same hits, values written out."""
    condition, values = filter_sql(wanted)
    for value in values:
        condition = condition.replace("?", _literal(value), 1)
    source, by = "articles AS a", "a.published_utc DESC"
    if asked.match is not None:
        source = "articles_fts JOIN articles AS a ON a.id = articles_fts.rowid"
        condition = f"articles_fts MATCH {_literal(asked.match)} AND {condition}"
        by = "rank" if order == "relevance" else by
    return f"SELECT a.id, a.site, a.published_at, a.headline FROM {source} WHERE {condition} ORDER BY {by} LIMIT 20"


def _literal(value: Any) -> str:
    return "'" + str(value).replace("'", "''").replace("?", "' || char(63) || '") + "'"
