"""Clusters of near-duplicates, as the archive keeps them; scraper.duplicates finds them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any

from scraper.archive.connection import transaction
from scraper.archive.times import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What is kept of a text to find its copies: `content_hash` as in `articles`, `signature` None for a text that is too short."""

    article_id: int
    content_hash: bytes
    method: str
    text_digest: bytes
    signature: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a cluster; `similarity` (Jaccard) and `containment` are with the cluster's first article."""

    article_id: int
    site: str | None
    url: str
    headline: str
    published_at: str | None
    similarity: float
    containment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Articles that are copies or rewrites of each other, the first one first; `first_site` is where it was first published."""

    cluster_id: int
    first_site: str | None
    articles: int
    sites: int
    members: tuple[Member, ...]


def clusters(db: Database, *, site: str | None = None, limit: int = 20) -> list[Cluster]:
    """The largest clusters (with an article of `site`), with their members by date."""
    rows = db.execute(
        "SELECT id, first_site, articles, sites FROM clusters AS c WHERE ? IS NULL OR EXISTS (SELECT 1 FROM cluster_members AS m"
        " JOIN articles AS a ON a.id = m.article_id WHERE m.cluster_id = c.id AND a.site = ?)"
        " ORDER BY articles DESC, id LIMIT ?",
        [site, site, limit],
    ).fetchall()
    return [
        Cluster(cluster_id=key, first_site=first_site, articles=articles, sites=sites, members=_members(db, key))
        for key, first_site, articles, sites in rows
    ]


def _members(db: Database, cluster_id: int) -> tuple[Member, ...]:
    rows = db.query(
        "SELECT m.article_id, a.site, a.url, a.headline, a.published_at, m.similarity, m.containment"
        " FROM cluster_members AS m JOIN articles AS a ON a.id = m.article_id JOIN clusters AS c ON c.id = m.cluster_id"
        " WHERE m.cluster_id = ? ORDER BY m.article_id <> c.first_article_id, a.published_utc IS NULL, a.published_utc, a.id",
        [cluster_id],
    )
    return tuple(Member(**row) for row in rows)


def unsigned_articles(db: Database, method: str) -> list[int]:
    """Articles without a signature of their present text by this method."""
    rows = db.execute(
        "SELECT a.id FROM articles AS a LEFT JOIN near_signatures AS s ON s.article_id = a.id"
        " WHERE s.article_id IS NULL OR s.content_hash <> a.content_hash OR s.method <> ? ORDER BY a.id",
        [method],
    )
    return [int(row[0]) for row in rows]


def bodies_of(db: Database, ids: Sequence[int]) -> Iterator[tuple[int, bytes, str]]:
    """(id, content_hash, body) of articles."""
    for article_id in ids:
        yield from db.execute("SELECT id, content_hash, body FROM articles WHERE id = ?", [article_id]).fetchall()


def save_signatures(db: Database, signatures: Iterable[Signature]) -> None:
    """Keep signatures that have not been compared yet.

    The clusters of their articles no longer hold, and go; a trigger marks all that was in them as to be compared.
    """
    with transaction(db):
        for each in signatures:
            db.execute(
                "DELETE FROM clusters WHERE id = (SELECT cluster_id FROM cluster_members WHERE article_id = ?)",
                [each.article_id],
            )
            db.execute(
                "INSERT INTO near_signatures (article_id, content_hash, method, text_digest, signature) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (article_id) DO UPDATE SET content_hash = excluded.content_hash, method = excluded.method,"
                " text_digest = excluded.text_digest, signature = excluded.signature, is_compared = 0",
                [each.article_id, each.content_hash, each.method, each.text_digest, each.signature],
            )


def drop_broken_clusters(db: Database) -> None:
    """Remove clusters that have lost a member with its article; what is left of them is compared again."""
    with transaction(db):
        db.execute(
            "DELETE FROM clusters WHERE articles <> (SELECT count(*) FROM cluster_members WHERE cluster_id = clusters.id)"
        )


def signatures(db: Database) -> list[tuple[int, bytes, bytes | None, int | None, bool]]:
    """(article id, text digest, signature, cluster, whether it is compared) of all, by article id."""
    rows = db.execute(
        "SELECT s.article_id, s.text_digest, s.signature, m.cluster_id, s.is_compared FROM near_signatures AS s"
        " LEFT JOIN cluster_members AS m ON m.article_id = s.article_id ORDER BY s.article_id"
    )
    return [(key, text, signature, cluster, bool(compared)) for key, text, signature, cluster, compared in rows]


def first_of(db: Database, ids: Sequence[int]) -> int:
    """The article that was published first; one without a date is later than all others."""
    moments = []
    for article_id in ids:
        sql = "SELECT published_utc IS NULL, published_utc, first_seen_at, id FROM articles WHERE id = ?"
        moments += db.execute(sql, [article_id]).fetchall()
    return int(min(moments, key=lambda moment: (moment[0], moment[1] or "", *moment[2:]))[3])


def save_clusters(
    db: Database, found: Iterable[tuple[int, list[tuple[int, float, float]]]], compared: Iterable[int], *, at: datetime
) -> None:
    """Replace the clusters that any of these members are in. `found` are (first article, [(article, similarity, containment)])."""
    with transaction(db):
        for first, members in found:
            for article_id, _, _ in members:
                db.execute(
                    "DELETE FROM clusters WHERE id = (SELECT cluster_id FROM cluster_members WHERE article_id = ?)",
                    [article_id],
                )
            _save_cluster(db, first, members, to_text(at))
        for article_id in compared:
            db.execute("UPDATE near_signatures SET is_compared = 1 WHERE article_id = ?", [article_id])


def _save_cluster(db: Database, first: int, members: list[tuple[int, float, float]], at: str) -> None:
    cluster_id = min(article_id for article_id, _, _ in members)
    sites: set[Any] = set()
    for article_id, _, _ in members:
        sites |= set(db.execute("SELECT coalesce(site, url) FROM articles WHERE id = ?", [article_id]).fetchall())
    db.execute(
        "INSERT INTO clusters (id, first_article_id, first_site, articles, sites, updated_at)"
        " SELECT ?, id, site, ?, ?, ? FROM articles WHERE id = ?",
        [cluster_id, len(members), len(sites), at, first],
    )
    for article_id, similarity, containment in members:
        db.execute(
            "INSERT INTO cluster_members (article_id, cluster_id, similarity, containment) VALUES (?, ?, ?, ?)",
            [article_id, cluster_id, similarity, containment],
        )
        db.execute("UPDATE near_signatures SET is_compared = 1 WHERE article_id = ?", [article_id])
