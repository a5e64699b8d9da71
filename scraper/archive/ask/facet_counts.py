"""Articles counted by site, month, region and kind from the tables `facets` and `article_facets`: exact however many there are.

`facets` holds each combination that articles have, with their number, so that counting all needs no article; `article_facets`
holds the combination of each article and nothing else, so that counting the hits of a search is one walk over two narrow tables.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.ask.filters import ALL, Filter
from scraper.text import storable

if TYPE_CHECKING:
    from sqlite_utils import Database

By = Literal["site", "month", "year", "region", "kind"]
# How each is spelled for a row `f` of facets.
VALUES: dict[By, str] = {
    "site": "nullif(f.site, '')",
    "month": "nullif(f.month, '')",
    "year": "nullif(substr(f.month, 1, 4), '')",
    "region": "nullif(f.region_code, '')",
    "kind": "f.kind",
}
_AT_ONCE = 4_000_000  # articles whose combinations are taken out in one text: some 30 MB
_NARROW = "FROM articles_fts AS h CROSS JOIN article_facets AS x ON x.article_id = h.rowid WHERE articles_fts MATCH ?"


def facet_condition(wanted: Filter) -> tuple[str, list[Any]] | None:
    """A filter as a condition on rows `f` of facets, with its values; None if it asks for more than they tell."""
    if replace(wanted, sites=(), kinds=(), regions=(), months=()) != ALL:
        return None
    conditions, values = ["f.articles > 0"], list[Any]()
    for column, several in (("site", wanted.sites), ("kind", wanted.kinds), ("month", wanted.months)):
        if several:
            conditions.append(f"f.{column} IN ({', '.join('?' * len(several))})")
            values += map(storable, several)
    if wanted.regions:  # the beginnings of codes; "~" comes after every digit and dot
        conditions.append(f"({' OR '.join(['f.region_code BETWEEN ? AND ?'] * len(wanted.regions))})")
        values += [bound for code in wanted.regions for bound in (code, f"{code}~")]
    return " AND ".join(conditions), values


def combinations_found(db: Database, match: str | None, wanted: Filter, columns: str) -> list[tuple[Any, ...]] | None:
    """(columns of a row `f` of facets …, articles) for each combination among what an FTS5 expression finds (None: among all).

    None if the filter asks for more than the combinations tell.
    """
    condition = facet_condition(wanted)
    if condition is None:
        return None
    sql = f"SELECT f.id, f.articles, {columns} FROM facets AS f WHERE {condition[0]}"  # noqa: S608
    rows = db.execute(sql, condition[1]).fetchall()
    if match is None:
        return [(*row[2:], row[1]) for row in rows]
    hits = of_hits(db, match)
    return [(*row[2:], hits[row[0]]) for row in rows if hits[row[0]]]


def of_hits(db: Database, match: str) -> Counter[int]:
    """How many hits have each combination."""
    last = int(db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchall()[0][0])
    found: Counter[int] = Counter()
    for start in range(0, last + 1, _AT_ONCE):
        sql = f"SELECT json_group_array(x.facet_id) {_NARROW} AND h.rowid BETWEEN ? AND ?"
        found.update(json.loads(db.execute(sql, [match, start, start + _AT_ONCE - 1]).fetchall()[0][0]))
    return found


def counts_by(db: Database, match: str | None, wanted: Filter, by: By) -> Counter[str | None] | None:
    """Articles by the values of one column; None as above."""
    rows = combinations_found(db, match, wanted, VALUES[by])
    if rows is None:
        return None
    found: Counter[str | None] = Counter()
    for value, number in rows:
        found[value] += number
    return found
