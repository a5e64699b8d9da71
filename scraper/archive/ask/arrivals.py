"""When each paper had a text that others also have: the members of clusters with their times."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from sqlite_utils import Database

_BATCH = 10_000  # clusters whose members are queried at once


class Arrival(NamedTuple):
    """An article in a cluster. `published_at` and `published_utc` are None if it has no date; `is_day_only`: the page
    gives no time.
    """

    cluster_id: int
    article_id: int
    site: str | None
    url: str
    headline: str
    published_at: str | None
    published_utc: str | None
    is_day_only: bool
    similarity: float


def clusters_of(db: Database, numbers: Collection[int] | None) -> list[int]:
    """The clusters across several papers that contain any of these articles (None: all such clusters), in order."""
    if numbers is None:
        return [key for (key,) in db.execute("SELECT id FROM clusters WHERE sites > 1 ORDER BY id").fetchall()]
    wanted = set(numbers)
    sql = "SELECT m.article_id, m.cluster_id FROM clusters AS c JOIN cluster_members AS m ON m.cluster_id = c.id WHERE c.sites > 1"
    return sorted({cluster for article, cluster in db.execute(sql).fetchall() if article in wanted})


def arrivals(db: Database, clusters: Collection[int]) -> Iterator[list[Arrival]]:
    """The articles of each cluster, by time; those without a date come last."""
    listed = list(clusters)
    for start in range(0, len(listed), _BATCH):
        among = ",".join(map(str, listed[start : start + _BATCH]))
        rows = db.execute(
            "SELECT m.cluster_id, a.id, a.site, a.url, a.headline, a.published_at, a.published_utc,"  # noqa: S608
            " instr(a.warnings, '\"date_only\"') > 0, m.similarity"
            f" FROM cluster_members AS m CROSS JOIN articles AS a ON a.id = m.article_id WHERE m.cluster_id IN ({among})"
            " ORDER BY m.cluster_id, a.published_utc IS NULL, a.published_utc, a.id"
        )
        found = (
            Arrival(cluster, number, site, url, headline, at, utc, bool(is_day), similarity)
            for cluster, number, site, url, headline, at, utc, is_day, similarity in rows
        )
        for _, members in groupby(found, key=lambda each: each.cluster_id):
            yield list(members)


def uncompared_count(db: Database) -> int:
    """How many articles have not been examined for copies, or not since they changed."""
    rows = db.execute(
        "SELECT (SELECT count(*) FROM articles) - (SELECT count(*) FROM near_signatures WHERE is_compared = 1)"
    ).fetchall()
    return max(int(rows[0][0]), 0)
