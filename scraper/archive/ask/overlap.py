"""Who has which articles: those that another archive's files brought, those that our own crawls found, and those of
both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """For a host and a month of publication ("YYYY-MM"): articles of both, and the URLs that only one side has."""

    host: str
    month: str
    both: int
    only_theirs: tuple[str, ...]
    only_ours: tuple[str, ...]


def overlap(db: Database, *, source: str, hosts: Sequence[str], months: Sequence[str]) -> list[Overlap]:
    """Compare what was imported from files whose names begin with `source` with what was crawled, by host and month.

    An article counts in its month of publication; `hosts` include everything below them.
    """
    rows = db.execute(
        "WITH wanted AS (SELECT a.id, a.url, a.month, u.host, u.id AS url_id FROM articles AS a"
        "  JOIN article_captures AS ac ON ac.article_id = a.id JOIN captures AS c ON c.id = ac.capture_id"
        "  JOIN urls AS u ON u.id = c.url_id WHERE a.month >= ? AND a.month <= ?),"
        " sides AS (SELECT w.id, min(w.url) AS url, w.month, min(w.host) AS host,"
        "  max(EXISTS (SELECT 1 FROM captures AS c JOIN capture_origins AS o ON o.capture_id = c.id"
        "   JOIN imports AS i ON i.id = o.import_id WHERE c.url_id = w.url_id AND substr(i.source, 1, length(?3)) = ?3)) AS theirs,"
        "  max(EXISTS (SELECT 1 FROM fetches AS f JOIN runs AS r ON r.id = f.run_id"
        "   WHERE f.url_id = w.url_id AND f.capture_id IS NOT NULL AND r.kind = 'crawl')) AS ours"
        "  FROM wanted AS w GROUP BY w.id)"
        " SELECT host, month, url, theirs, ours FROM sides WHERE theirs OR ours ORDER BY host, month, url",
        [min(months, default=""), max(months, default=""), source],
    ).fetchall()
    found: dict[tuple[str, str], tuple[list[str], list[str], list[str]]] = {}
    for host, month, url, theirs, ours in rows:
        if month in months and any(host == each or host.endswith(f".{each}") for each in hosts):
            both, only_theirs, only_ours = found.setdefault((host, month), ([], [], []))
            (both if theirs and ours else only_theirs if theirs else only_ours).append(url)
    return [
        Overlap(host=host, month=month, both=len(both), only_theirs=tuple(theirs), only_ours=tuple(ours))
        for (host, month), (both, theirs, ours) in found.items()
    ]
