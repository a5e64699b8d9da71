"""The results of a search, counted: by site, region, section …, over time, and the search itself as SQL."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.ask.facet_counts import combinations_found
from scraper.archive.ask.filters import filter_sql
from scraper.archive.ask.search import CHOSEN, chooses_first
from scraper.archive.file.rows import json_list

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.archive.ask.filters import Filter
    from scraper.archive.ask.search import Understood

MAX_HITS = 5_000  # hits that are counted and split by facet; if there are more, the newest articles stand for all
MAX_VALUES = 12  # of a facet
NAMES = ("site", "region", "section", "author", "tag", "month")
_COMBINED = "f.site, f.region_code, f.month, f.kind"
_COUNTED = "SELECT a.id, a.site, a.region_code, a.section, a.month"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """How many articles a search found, by which values, and in which papers each month had some.

    `partial` names those of `values` that count the newest MAX_HITS hits (by number) only. `is_capped`: so does all the rest,
    since the filter asks for more than the archive keeps counted (a span of days, an author, a tag, a section).
    """

    hits: int
    is_capped: bool
    values: dict[str, list[tuple[str, int]]]
    papers: dict[str, set[str]]
    partial: tuple[str, ...] = ()


def facets(db: Database, asked: Understood, wanted: Filter, *, is_all: bool) -> Facets:
    """The hits of a search by site, region, section, author, tag and month. `is_all`: no query, only the filter."""
    if asked.match is None and not is_all:
        return Facets(hits=0, is_capped=False, values={}, papers={})
    condition, values = filter_sql(wanted)
    if asked.match is None:
        chosen = f"{_COUNTED} FROM articles AS a WHERE {condition} ORDER BY a.published_utc DESC LIMIT ?"
        rows = db.execute(chosen, [*values, MAX_HITS]).fetchall()
    elif chooses_first(db, asked.match, wanted):
        chosen = (
            f"WITH {CHOSEN.format(condition=condition)}, hits AS MATERIALIZED (SELECT rowid AS id FROM articles_fts WHERE articles_fts MATCH ?"
            f" AND +rowid IN chosen ORDER BY rowid DESC LIMIT ?) {_COUNTED} FROM hits CROSS JOIN articles AS a ON a.id = hits.id"
        )
        rows = db.execute(chosen, [*values, asked.match, MAX_HITS]).fetchall()
    else:  # walk the hits in the order of the index until enough of them match the filter
        chosen = (
            f"{_COUNTED} FROM articles_fts AS h CROSS JOIN articles AS a ON a.id = h.rowid"
            f" WHERE articles_fts MATCH ? AND {condition} ORDER BY h.rowid DESC LIMIT ?"
        )
        rows = db.execute(chosen, [asked.match, *values, MAX_HITS]).fetchall()
    found = _values(db, rows)
    is_capped = len(rows) >= MAX_HITS
    hits, combined = len(rows), Counter((site, region, month) for _, site, region, _, month in rows)
    if is_capped and (every := combinations_found(db, asked.match, wanted, _COMBINED)) is not None:
        is_capped = False
        combined = Counter()
        for site, region, month, _, number in every:
            combined[site, region, month] += number
        hits = combined.total()
    for place, name in enumerate(("site", "region", "month")):
        by_value: Counter[str] = Counter()
        for combination, number in combined.items():
            if combination[place]:
                by_value[combination[place]] += number
        found[name] = sorted(by_value.items(), reverse=True)[:MAX_VALUES] if name == "month" else _most(by_value)
    papers: dict[str, set[str]] = {}
    for site, _, month in combined:
        if site and month:
            papers.setdefault(month, set()).add(site)
    return Facets(
        hits=hits,
        is_capped=is_capped,
        values={name: found[name] for name in NAMES},
        papers=papers,
        partial=("section", "author", "tag") if hits > len(rows) else (),
    )


def _values(db: Database, rows: list[tuple[Any, ...]]) -> dict[str, list[tuple[str, int]]]:
    """The values of the sections in (id, site, region, section, month) rows and of their people and tags, with the number of articles
    for each.
    """
    listed = "[" + ",".join(str(row[0]) for row in rows) + "]"
    sections = Counter(name for row in rows for name in (json_list(row[3]) if row[3] != "[]" else ()))
    return {
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
    }


def _most(found: Counter[str]) -> list[tuple[str, int]]:
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_VALUES]


def _joined(db: Database, sql: str, listed: str) -> list[tuple[str, int]]:
    return [(str(value), number) for value, number in db.execute(sql, [listed, MAX_VALUES]).fetchall()]


def papers_by_month(db: Database) -> dict[str, set[str]]:
    """The papers that published in each month."""
    months = "SELECT DISTINCT site, month FROM articles INDEXED BY articles_site_month WHERE month IS NOT NULL AND site IS NOT NULL"
    found: dict[str, set[str]] = {}
    for site, month in db.execute(months).fetchall():
        found.setdefault(month, set()).add(site)
    return found


def carried(found: Facets, wanted: Filter, papers: dict[str, set[str]]) -> list[tuple[str, int, int]]:
    """(month, papers with a hit, papers that published at all): what share of the papers carried a story, from its
    first month to its last.

    Only papers that the filter names count. The first month of a capped search is left out, since only a part of it was
    counted.
    """
    months = sorted(found.papers)[found.is_capped :]
    if not months:
        return []
    chosen = set(wanted.sites)
    spanned = [month for month in sorted(papers) if months[0] <= month <= months[-1]]
    published = {month: len(papers[month] & chosen if chosen else papers[month]) for month in spanned}
    return [(month, len(found.papers.get(month, ())), published[month]) for month in spanned if published[month]]


def search_sql(asked: Understood, wanted: Filter, *, order: str) -> str:
    """A search as SQL that a reader can use in any SQLite shell: the same hits, with the values written out."""
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
