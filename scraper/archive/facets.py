"""What a search found, counted: by site, region, section …, over time, and the search itself as SQL."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.filters import filter_sql

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.archive.filters import Filter
    from scraper.archive.search import Understood

MAX_HITS = 5_000  # hits that are counted and split by facet; of more, the newest articles stand for all
MAX_VALUES = 12  # of a facet


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many articles a search found, and by which values; `is_capped` when only the first MAX_HITS were counted."""

    hits: int
    is_capped: bool
    values: dict[str, list[tuple[str, int]]]


def facets(db: Database, asked: Understood, wanted: Filter, *, is_all: bool) -> Facets:
    """The hits of a search by site, region, section, author, tag and month. `is_all`: no query, only the filter."""
    columns = "SELECT a.id, a.site, a.region_code, a.section, a.month"
    condition, values = filter_sql(wanted)
    if asked.match is None and not is_all:
        return Facets(hits=0, is_capped=False, values={})
    if asked.match is None:
        chosen = f"{columns} FROM articles AS a WHERE {condition} ORDER BY a.published_utc DESC LIMIT ?"
        values = [*values, MAX_HITS]
    else:
        # Hits first, in the order of the index; then the filter, which is cheap on so many rows.
        chosen = (
            f"{columns} FROM (SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? ORDER BY rowid DESC LIMIT ?) AS h"
            f" CROSS JOIN articles AS a ON a.id = h.rowid WHERE {condition}"
        )
        values = [asked.match, MAX_HITS, *values]
    rows = db.execute(chosen, values).fetchall()
    is_capped = len(rows) >= MAX_HITS if asked.match is None else len(_ids(db, asked.match)) >= MAX_HITS
    return Facets(hits=len(rows), is_capped=is_capped, values=_values(db, rows))


def _values(db: Database, rows: list[tuple[Any, ...]]) -> dict[str, list[tuple[str, int]]]:
    """The values of (id, site, region, section, month) rows and of their people and tags, with how many articles have each."""
    listed = "[" + ",".join(str(row[0]) for row in rows) + "]"
    months = Counter(row[4] for row in rows if row[4])
    sections = Counter(name for row in rows for name in (json.loads(row[3]) if row[3] != "[]" else ()))
    return {
        "site": _most(Counter(row[1] for row in rows if row[1])),
        "region": _most(Counter(row[2] for row in rows if row[2])),
        "section": _most(sections),
        "author": _joined(
            db,
            "SELECT p.name, count(*) FROM json_each(?) AS h JOIN bylines AS b ON b.article_id = h.value AND b.role <> 'editor'"
            " JOIN people AS p ON p.id = b.person_id GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
            listed,
        ),
        "tag": _joined(
            db,
            "SELECT t.tag, count(*) FROM json_each(?) AS h JOIN tags AS t ON t.article_id = h.value GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
            listed,
        ),
        "month": sorted(months.items(), reverse=True)[:MAX_VALUES],
    }


def _most(found: Counter[str]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_VALUES]


def _joined(db: Database, sql: str, listed: str) -> list[tuple[str, int]]:
    return [(str(value), number) for value, number in db.execute(sql, [listed, MAX_VALUES]).fetchall()]


def _ids(db: Database, match: str) -> list[int]:
    sql = "SELECT rowid FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?"
    return [row[0] for row in db.execute(sql, [match, MAX_HITS]).fetchall()]


def papers_by_month(db: Database) -> dict[str, int]:
    """How many papers published in each month."""
    months = "SELECT DISTINCT site, month FROM articles INDEXED BY articles_site_month WHERE month IS NOT NULL"
    return dict(db.execute(f"SELECT month, count(*) FROM ({months}) GROUP BY 1").fetchall())


def carried(db: Database, match: str, wanted: Filter, papers: dict[str, int]) -> list[tuple[str, int, int]]:
    """(month, papers with a hit, papers that published at all): what share of the papers carried a story, from its first month to its last."""
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
    return [(month, hits.get(month, 0), papers[month]) for month in sorted(papers) if min(hits) <= month <= max(hits)]


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
