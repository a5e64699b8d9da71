"""Articles by day of publication, of one search and of all, and on which days anybody looked: the basis of hits over
time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from scraper.archive.ask.filters import filter_sql

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlite_utils import Database

    from scraper.archive.ask.filters import Filter
    from scraper.archive.ask.search import Understood

TallyBy = Literal["site", "region", "province"]
Span = Literal["day", "month", "year"]
_LETTERS: dict[Span, int] = {"day": 10, "month": 7, "year": 4}  # of a date
# With more hits than one article in this many, walking an index of all is cheaper than looking up each hit (measured on
# 100,000 articles: 20,000 hits cost the same both ways, 87,000 a third less by walking, 2,000 half by looking up).
WALK = 5
# It contains everything that is counted, so that no article's text is read.
_BY_SITE = "articles AS a INDEXED BY articles_site_published"
_BY_REGION = (
    "(SELECT id, region_code AS region FROM articles INDEXED BY articles_region WHERE region_code IS NOT NULL) AS r"
    " JOIN articles AS a ON a.id = r.id"
)
_LOOKED = (
    "SELECT 1 FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE f.at >= ? AND f.at < ? || '~'"
    " AND u.host = ? AND u.kind <> 'article' AND f.reason IN ('ok', 'unchanged') LIMIT 1"
)


class Tally(NamedTuple):
    """The number of articles on this day (YYYY-MM-DD, in the paper's zone), month or year; `group` is a site or a
    region code, None: none.
    """

    group: str | None
    span: str
    articles: int


def tallies(
    db: Database, wanted: Filter, asked: Understood | None = None, *, by: TallyBy = "site", span: Span = "day"
) -> list[Tally]:
    """The dated articles of a filter, or those of them that a query finds, by site (region, province) and day (month,
    year).

    A query without a word finds nothing. By region, only those whose region is known are counted.
    """
    if asked is not None and asked.match is None:
        return []
    condition, values = _condition(wanted)
    group, source = ("a.site" if by == "site" else "a.region_code"), "articles AS a"
    head, given = "", []
    walks = asked is None or is_walked(db, asked)
    if by != "site" and walks:
        group, source = "r.region", _BY_REGION
    elif walks and _is_plain(wanted):
        source = _BY_SITE
    if asked is not None:
        head = "WITH hits AS MATERIALIZED (SELECT rowid AS id FROM articles_fts WHERE articles_fts MATCH ?)"
        given = [asked.match]
        if walks:
            condition += " AND +a.id IN (SELECT id FROM hits)"
        else:
            source = "hits CROSS JOIN articles AS a ON a.id = hits.id"
    if by != "site":
        condition += f" AND {group} IS NOT NULL"
    group = f"substr({group}, 1, 2)" if by == "province" else group
    sql = (
        f"{head} SELECT {group}, substr(a.published_at, 1, {_LETTERS[span]}), count(*) FROM {source}"  # noqa: S608
        f" WHERE {condition} GROUP BY 1, 2 ORDER BY 1, 2"
    )
    return [Tally(*row) for row in db.execute(sql, [*given, *values]).fetchall()]


def _condition(wanted: Filter) -> tuple[str, list[Any]]:
    """A filter's condition whose span uses only the printed date, which the index has."""
    condition, values = filter_sql(replace(wanted, since=None, until=None))
    condition += " AND a.published_at IS NOT NULL"
    if wanted.since:
        condition, values = f"{condition} AND a.published_at >= ?", [*values, wanted.since.isoformat()]
    if wanted.until:
        condition, values = f"{condition} AND substr(a.published_at, 1, 10) <= ?", [*values, wanted.until.isoformat()]
    return condition, values


def _is_plain(wanted: Filter) -> bool:
    """Whether the index by site and date answers a filter alone."""
    return wanted == replace(wanted, regions=(), authors=(), tags=(), sections=(), kinds=(), months=())


def is_walked(db: Database, asked: Understood) -> bool:
    """Whether a query finds so many articles that walking an index of all is cheaper than looking up each."""
    most = int(db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchall()[0][0]) // WALK
    sql = "SELECT count(*) FROM (SELECT 1 FROM articles_fts WHERE articles_fts MATCH ? LIMIT ?)"
    return int(db.execute(sql, [asked.match, most + 1]).fetchall()[0][0]) > most


def days_walked(db: Database, sites: Iterable[str]) -> dict[str, set[str]]:
    """By site, the days whose index was walked to its end, including those that list nothing."""
    found: dict[str, set[str]] = defaultdict(set)
    for site in sites:
        sql = "SELECT day FROM coverage WHERE site = ? AND state IN ('done', 'empty')"
        found[site] = {day for (day,) in db.execute(sql, [site]).fetchall()}
    return found


def days_looked(db: Database, site: str, days: Iterable[str]) -> set[str]:
    """Those of the days (UTC) on which a feed, sitemap or index page of a site answered a crawl well."""
    hosts = [host for (host,) in db.execute("SELECT host FROM sites WHERE slug = ?", [site]).fetchall()]
    found: set[str] = set()
    for host in hosts:
        sql = "SELECT day FROM host_days WHERE host = ? AND well > 0"
        well = {day for (day,) in db.execute(sql, [host]).fetchall()}
        found |= {day for day in well.intersection(days) if db.execute(_LOOKED, [day, day, host]).fetchall()}
    return found


def sites_of(db: Database) -> set[str]:
    """The sites that have articles, by skipping through the index from one to the next."""
    sql = (
        "WITH RECURSIVE s(site) AS (SELECT min(site) FROM articles UNION ALL"
        " SELECT (SELECT min(site) FROM articles WHERE site > s.site) FROM s WHERE s.site IS NOT NULL) SELECT site FROM s"
    )
    return {site for (site,) in db.execute(sql).fetchall() if site is not None}


def has_articles(db: Database) -> bool:
    """Whether there is any article yet."""
    return bool(db.execute("SELECT 1 FROM articles LIMIT 1").fetchall())


def undated(db: Database, wanted: Filter) -> int:
    """How many articles of a filter have no date, and so belong to no span of time."""
    condition, values = filter_sql(replace(wanted, since=None, until=None))
    sql = f"SELECT count(*) FROM articles AS a WHERE a.published_utc IS NULL AND {condition}"  # noqa: S608
    return int(db.execute(sql, values).fetchall()[0][0])
