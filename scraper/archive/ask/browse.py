"""What the pages of `kliping serve` show: figures and lists, each answered by an index, so that a million articles take
no time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.archive.ask import health_summary as health
from scraper.archive.ask.counts import span
from scraper.archive.ask.history import runs
from scraper.archive.write.progress import coverage

if TYPE_CHECKING:
    from sqlite_utils import Database

Row = dict[str, Any]

NEWEST = 12
RECENT = 1_000  # newest articles of a site over which its rates are counted
MAX_LINES = 60  # of a network
_TEASER = "a.id, a.site, a.headline, a.published_at, substr(coalesce(a.lede, a.body), 1, 240) AS teaser"
_RATES = (
    ("lede", "lede IS NOT NULL"),
    ("byline", "byline IS NOT NULL"),
    ("dateline", "dateline IS NOT NULL"),
    ("published_at", "published_at IS NOT NULL"),
    ("body", "words > 0"),
    ("image", "EXISTS (SELECT 1 FROM images AS i WHERE i.article_id = r.id)"),
    ("tags", "EXISTS (SELECT 1 FROM tags AS t WHERE t.article_id = r.id)"),
    ("related_links", "EXISTS (SELECT 1 FROM related_links AS l WHERE l.article_id = r.id)"),
)


# Like related_graph, but starting from the addresses of the article: the view would look up the target of every link in
# the archive.
_LINKED_FROM = (
    "SELECT DISTINCT l.article_id AS id, a.headline FROM related_links AS l JOIN articles AS a ON a.id = l.article_id"
    " WHERE l.target_url IN (SELECT url FROM articles WHERE id = ?1 UNION SELECT u.url FROM article_captures AS ac"
    " JOIN captures AS c ON c.id = ac.capture_id JOIN urls AS u ON u.id = c.url_id WHERE ac.article_id = ?1)"
    " AND coalesce((SELECT id FROM articles WHERE url = l.target_url), (SELECT ac.article_id FROM urls AS u"
    " JOIN captures AS c ON c.url_id = u.id JOIN article_captures AS ac ON ac.capture_id = c.id WHERE u.url = l.target_url"
    " ORDER BY c.id DESC LIMIT 1)) = ?1 LIMIT 50"
)


def overview(db: Database) -> Row:
    """The front page: counts, span, newest articles, articles per day and month, how the last fetches ended."""
    first, last = span(db)
    return {
        "articles": _one(db, "SELECT count(*) FROM articles")[0],
        "captures": _one(db, "SELECT count(*) FROM captures")[0],
        "revisions": _one(db, "SELECT count(*) FROM revisions WHERE replaced_by = 'publisher'")[0],
        "people": _one(db, "SELECT count(*) FROM people")[0],
        "first": first,
        "last": last,
        "sites": sites(db),
        "newest": _rows(db, f"SELECT {_TEASER} FROM articles AS a ORDER BY a.published_utc DESC LIMIT ?", NEWEST),
        "days": _days(db),
        "months": _pairs(
            db,
            "SELECT month, sum(articles) FROM (SELECT month, count(*) AS articles FROM articles INDEXED BY articles_site_month"
            " GROUP BY site, month) WHERE month IS NOT NULL GROUP BY month ORDER BY month",
        ),
        "outcomes": health.outcomes(db),
        "last_run": next(iter(runs(db, limit=1)), None),
        "checked_at": health.checked_at(db),
        "alarms": health.open_alarms(db),
    }


def sites(db: Database) -> list[Row]:
    """Every site with its number of articles and their span; `site` is None for articles of sites without rules."""
    return _rows(
        db,
        "SELECT a.site, s.name, s.network, s.host, s.zone, s.province, a.articles, a.first, a.last FROM (SELECT site, count(*) AS articles,"
        " min(published_at) AS first, max(published_at) AS last FROM articles GROUP BY site) AS a LEFT JOIN sites AS s ON s.slug = a.site"
        " ORDER BY a.articles DESC, a.site",
    )


def display_names(db: Database) -> dict[str, dict[str, str]]:
    """The names of papers and regions: {"sites": {slug: name}, "regions": {code: name}}."""
    return {
        "sites": dict(db.execute("SELECT slug, name FROM sites").fetchall()),
        "regions": dict(db.execute("SELECT code, name FROM regions").fetchall()),
    }


def _days(db: Database, days: int = 90) -> list[tuple[str, int]]:
    """Articles per day over the last days that had any."""
    return _pairs(
        db,
        "SELECT substr(published_at, 1, 10), count(*) FROM articles"
        " WHERE published_utc >= (SELECT strftime('%Y-%m-%d', max(published_utc), ?) FROM articles) GROUP BY 1 ORDER BY 1",
        f"-{days} days",
    )


def around(db: Database, article_id: int) -> Row:
    """The surroundings of an article: links to and from it, its copies in other papers, revisions, captures, people."""
    return {
        "links": {
            position: (to_id, to_headline)
            for position, to_id, to_headline in db.execute(
                "SELECT position, to_id, to_headline FROM related_graph WHERE from_id = ?", [article_id]
            ).fetchall()
            if to_id is not None
        },
        "linked_from": _rows(
            db,
            _LINKED_FROM,
            article_id,
        ),
        "copies": _rows(
            db,
            "SELECT m.article_id AS id, m.site, m.headline, a.published_at, m.kind, m.similarity, m.hours_after_first,"
            " m.article_id = m.first_article_id AS is_first FROM cluster_members AS own JOIN copies AS m ON m.cluster_id = own.cluster_id"
            " JOIN articles AS a ON a.id = m.article_id WHERE own.article_id = ? ORDER BY NOT is_first, m.published_utc LIMIT 50",
            article_id,
        ),
        "revisions": _rows(
            db,
            "SELECT revision, seen_at, replaced_at, replaced_by, kinds, headline FROM revisions WHERE article_id = ? ORDER BY revision",
            article_id,
        ),
        "captures": _rows(
            db,
            "SELECT DISTINCT c.id, c.captured_at, c.status, c.content_type, b.raw_bytes, u.url, ac.page IS NOT NULL AS is_read"
            " FROM captures AS c JOIN urls AS u ON u.id = c.url_id JOIN bodies AS b ON b.id = c.body_id"
            " LEFT JOIN article_captures AS ac ON ac.capture_id = c.id AND ac.article_id = ?1 WHERE c.url_id IN"
            " (SELECT c2.url_id FROM article_captures AS x JOIN captures AS c2 ON c2.id = x.capture_id WHERE x.article_id = ?1)"
            " ORDER BY c.id DESC LIMIT 50",
            article_id,
        ),
        "fetches": _rows(
            db,
            "SELECT f.at, f.reason, f.status, f.capture_id, f.robots_tags, f.tdm_reservation, f.tdm_policy FROM fetches AS f WHERE f.url_id IN"
            " (SELECT c2.url_id FROM article_captures AS x JOIN captures AS c2 ON c2.id = x.capture_id WHERE x.article_id = ?1)"
            " ORDER BY f.id DESC LIMIT 50",
            article_id,
        ),
        "people": _rows(
            db,
            "SELECT p.id, p.name, b.role FROM bylines AS b JOIN people AS p ON p.id = b.person_id WHERE b.article_id = ? ORDER BY b.position",
            article_id,
        ),
        "withdrawn_at": _one(db, "SELECT max(withdrawn_at) FROM articles WHERE id = ?", article_id)[0],
        "region": next(
            iter(
                _rows(
                    db,
                    "SELECT r.code, r.name, r.level, a.region_source FROM articles AS a JOIN regions AS r ON r.code = a.region_code WHERE a.id = ?",
                    article_id,
                )
            ),
            None,
        ),
    }


def site(db: Database, slug: str) -> Row | None:
    """A site: its portal, designs over time, how often each field is filled, articles per day, how its fetches ended."""
    known = next(iter(_rows(db, "SELECT * FROM sites WHERE slug = ?", slug)), None)
    if known is None:
        return None
    rates = ", ".join(f"avg({condition}) AS {name}" for name, condition in _RATES)
    recent = f"(SELECT * FROM articles WHERE site = ? ORDER BY published_utc DESC LIMIT {RECENT}) AS r"
    filled = _rows(db, f"SELECT count(*) AS articles, {rates}, avg(words) AS words FROM {recent}", slug)[0]
    return known | {
        "rates": [(name, filled[name]) for name, _ in _RATES],
        "counted": filled["articles"],
        "words": filled["words"],
        "layouts": _rows(
            db,
            "SELECT layout, count(*) AS articles, min(month) AS first, max(month) AS last FROM articles WHERE site = ?"
            " GROUP BY layout ORDER BY first, layout",
            slug,
        ),
        "days": _pairs(
            db,
            "SELECT published_on, count(*) FROM articles WHERE site = ?1 AND published_utc >="
            " (SELECT strftime('%Y-%m-%d', max(published_utc), '-370 days') FROM articles WHERE site = ?1) GROUP BY 1 ORDER BY 1",
            slug,
        ),
        "months": _pairs(
            db, "SELECT month, count(*) FROM articles WHERE site = ? AND month IS NOT NULL GROUP BY 1 ORDER BY 1", slug
        ),
        "outcomes": health.outcomes(db, known["host"]),
        "runs": health.runs_of(db, known["host"]),
        "coverage": coverage(db, slug),
        "alarms": health.open_alarms(db, slug),
        "newest": _rows(
            db,
            f"SELECT {_TEASER} FROM articles AS a WHERE a.site = ? ORDER BY a.published_utc DESC LIMIT ?",
            slug,
            NEWEST,
        ),
        "authors": _rows(
            db,
            "SELECT p.id, p.name, count(*) AS articles FROM (SELECT id FROM articles WHERE site = ? ORDER BY published_utc DESC LIMIT ?) AS a"
            " JOIN bylines AS b ON b.article_id = a.id AND b.role <> 'editor' JOIN people AS p ON p.id = b.person_id"
            " GROUP BY p.id ORDER BY 3 DESC, 2 LIMIT 15",
            slug,
            RECENT,
        ),
    }


def author(db: Database, person_id: int, *, limit: int, offset: int) -> Row | None:
    """A person: roles, sites and months of the articles that name them, and those articles, newest first."""
    known = next(iter(_rows(db, "SELECT id, name FROM people WHERE id = ?", person_id)), None)
    if known is None:
        return None
    named = "FROM bylines AS b JOIN articles AS a ON a.id = b.article_id WHERE b.person_id = ?"
    return known | {
        "roles": _pairs(db, f"SELECT b.role, count(*) {named} GROUP BY 1 ORDER BY 2 DESC", person_id),
        "sites": _pairs(db, f"SELECT a.site, count(*) {named} GROUP BY 1 ORDER BY 2 DESC LIMIT 20", person_id),
        "months": _pairs(
            db, f"SELECT a.month, count(*) {named} AND a.month IS NOT NULL GROUP BY 1 ORDER BY 1", person_id
        ),
        "affiliations": _pairs(
            db,
            f"SELECT b.affiliation, count(*) {named} AND b.affiliation IS NOT NULL GROUP BY 1 ORDER BY 2 DESC LIMIT 5",
            person_id,
        ),
        "articles": _rows(
            db,
            f"SELECT {_TEASER}, b.role {named} ORDER BY a.published_utc DESC LIMIT ? OFFSET ?",
            person_id,
            limit,
            offset,
        ),
        "total": _one(db, f"SELECT count(*) {named}", person_id)[0],
    }


def authors(db: Database, *, limit: int = 200) -> list[Row]:
    """The people named most often as writers."""
    return _rows(
        db,
        "SELECT p.id, p.name, n.articles FROM (SELECT person_id, count(*) AS articles FROM bylines WHERE role <> 'editor'"
        " GROUP BY person_id ORDER BY 2 DESC LIMIT ?) AS n JOIN people AS p ON p.id = n.person_id ORDER BY 3 DESC, 2",
        limit,
    )


def regions_with_articles(db: Database) -> list[Row]:
    """Every province with its number of articles, including those of its regencies and cities."""
    return _rows(
        db,
        "SELECT r.code, r.name, coalesce(n.articles, 0) AS articles FROM regions AS r LEFT JOIN"
        " (SELECT substr(region_code, 1, 2) AS code, count(*) AS articles FROM articles WHERE region_code IS NOT NULL GROUP BY 1) AS n"
        " ON n.code = r.code WHERE r.level = 'province' ORDER BY 1",
    )


def region(db: Database, code: str) -> Row | None:
    """A region with the regions inside it, its articles by month, and the newest of them."""
    known = next(iter(_rows(db, "SELECT code, name, level, parent, province FROM regions WHERE code = ?", code)), None)
    if known is None:
        return None
    inside = "a.region_code >= ?1 AND a.region_code < ?1 || ':'"  # ':' sorts right after the digits
    return known | {
        "inside": _rows(
            db,
            "SELECT r.code, r.name, count(a.id) AS articles FROM regions AS r LEFT JOIN articles AS a ON a.region_code = r.code"
            " WHERE r.parent = ? GROUP BY r.code ORDER BY 3 DESC, 1",
            code,
        ),
        "months": _pairs(
            db,
            f"SELECT a.month, count(*) FROM articles AS a WHERE {inside} AND a.month IS NOT NULL GROUP BY 1 ORDER BY 1",
            code,
        ),
        "newest": _rows(
            db,
            f"SELECT {_TEASER} FROM articles AS a WHERE {inside} ORDER BY a.published_utc DESC LIMIT ?2",
            code,
            NEWEST,
        ),
    }


def tables(db: Database) -> list[Row]:
    """The tables and views that the archive describes, each with its columns: {name, about, columns: [(name, text)]}."""
    found: dict[str, Row] = {}
    for table, column, text in db.execute(
        "SELECT table_name, column_name, text FROM descriptions ORDER BY id"
    ).fetchall():
        row = found.setdefault(table, {"name": table, "about": "", "columns": []})
        if column is None:
            row["about"] = text
        else:
            row["columns"].append((column, text))
    return list(found.values())


def network(db: Database) -> Row:
    """Which papers link to which ("Baca" links), and which print the texts of which (first publisher → copy)."""
    return {
        "links": db.execute(
            "SELECT f.site, t.site, count(*) FROM related_links AS l JOIN articles AS f ON f.id = l.article_id"
            " JOIN articles AS t ON t.url = l.target_url WHERE f.site IS NOT t.site GROUP BY 1, 2 ORDER BY 3 DESC LIMIT ?",
            [MAX_LINES],
        ).fetchall(),
        "copies": db.execute(
            "SELECT c.first_site, a.site, count(*) FROM cluster_members AS m JOIN clusters AS c ON c.id = m.cluster_id"
            " JOIN articles AS a ON a.id = m.article_id WHERE a.site IS NOT c.first_site GROUP BY 1, 2 ORDER BY 3 DESC LIMIT ?",
            [MAX_LINES],
        ).fetchall(),
    }


def _rows(db: Database, sql: str, *values: Any) -> list[Row]:
    return list(db.query(sql, list(values)))


def _pairs(db: Database, sql: str, *values: Any) -> list[tuple[Any, int]]:
    return [(key, number) for key, number in db.execute(sql, list(values)).fetchall()]


def _one(db: Database, sql: str, *values: Any) -> Any:
    return db.execute(sql, list(values)).fetchall()[0]
