"""The origin of a selection of articles: sites, months, rules, runs, and every robots.txt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.archive.ask.selection import Selection


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Counts and evidence for the description of a published corpus; rows are JSON values."""

    articles: int
    words: int
    revisions: int
    first_published: str | None
    last_published: str | None
    first_seen: str | None
    last_seen: str | None
    sites: list[dict[str, Any]]
    months: list[dict[str, Any]]
    layouts: list[dict[str, Any]]
    runs: list[dict[str, Any]]
    robots: list[dict[str, Any]]


def provenance(db: Database, selection: Selection) -> Provenance:
    """What is known about the origin of the selected articles."""
    where, values = selection.sql(db)

    def rows(sql: str) -> list[dict[str, Any]]:
        return list(db.query(sql.format(where=where), values))

    total = rows(
        "SELECT count(*) AS articles, coalesce(sum(a.words), 0) AS words, coalesce(sum(a.revision - 1), 0) AS revisions,"
        " min(a.published_utc) AS first_published, max(a.published_utc) AS last_published,"
        " min(a.first_seen_at) AS first_seen, max(a.last_seen_at) AS last_seen FROM articles AS a WHERE {where}"
    )[0]
    return Provenance(
        **total,
        sites=rows(
            "SELECT a.site, s.name, s.network, s.host, s.province, count(*) AS articles FROM articles AS a"
            " LEFT JOIN sites AS s ON s.id = a.site_id WHERE {where} GROUP BY a.site ORDER BY articles DESC, a.site"
        ),
        months=rows("SELECT a.month, count(*) AS articles FROM articles AS a WHERE {where} GROUP BY 1 ORDER BY 1"),
        layouts=rows(
            "SELECT a.layout, count(*) AS articles FROM articles AS a WHERE {where} GROUP BY 1 ORDER BY 2 DESC, 1"
        ),
        runs=list(
            db.query(
                "SELECT kind, version, count(*) AS runs, min(started_at) AS first, max(started_at) AS last"
                " FROM runs GROUP BY 1, 2 ORDER BY 4"
            )
        ),
        robots=_robots(db, selection),
    )


def _robots(db: Database, selection: Selection) -> list[dict[str, Any]]:
    """Each robots.txt of the hosts from which the selected articles were fetched: its verdicts, in order of time."""
    where, values = selection.urls_sql(db, "u.id")
    hosts = f"SELECT DISTINCT u.host FROM urls AS u WHERE {where}"  # noqa: S608
    return list(
        db.query(
            "SELECT origin, verdict, status, fetched_at AS first, last_seen_at AS last FROM robots"  # noqa: S608
            f" WHERE substr(origin, instr(origin, '://') + 3) IN ({hosts}) ORDER BY origin, id",
            values,
        )
    )
