"""Clusters of near-duplicates, as the archive stores them; scraper.duplicates computes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.file.connection import transaction
from scraper.archive.file.times import to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlite_utils import Database

QuoteOrder = Literal["papers", "newest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What is stored about a text to find its copies: `content_hash` as in `articles`, `signature` None for a text that
    is too short.
    """

    article_id: int
    content_hash: bytes
    method: str
    text_digest: bytes
    signature: bytes | None
    quotations: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two articles that are copies, the smaller id first; `is_form`: they differ like a form that is filled in twice."""

    one: int
    other: int
    similarity: float
    containment: float
    is_form: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCluster:
    """A cluster to store. `members` are (article, similarity with the central one, containment in it, kind)."""

    first: int
    central: int
    members: tuple[tuple[int, float, float, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article in a cluster; `similarity` (Jaccard) and `containment` are with the cluster's central article.

    `kind` is "same" for what a reader would call the same text (including shortened or extended ones), else "rewrite";
    None in clusters that an earlier version computed.
    """

    article_id: int
    site: str | None
    url: str
    headline: str
    published_at: str | None
    kind: str | None
    similarity: float
    containment: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Articles that are copies or rewrites of `central_article_id`, the first one first; `first_site` published it
    first.
    """

    cluster_id: int
    central_article_id: int | None
    first_site: str | None
    articles: int
    sites: int
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedQuote:
    """Words in quotation marks that occur in several articles which are not copies of each other, the first one first."""

    key: int
    text: str
    sites: int
    articles: tuple[Quoting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoting:
    """An article that contains a shared quotation."""

    article_id: int
    site: str | None
    url: str
    headline: str
    published_at: str | None


def clusters(db: Database, *, site: str | None = None, kind: str | None = None, limit: int = 20) -> list[Cluster]:
    """The largest clusters (with an article of `site`, and with one of `kind` besides the central one), with their
    members by date.
    """
    rows = db.execute(
        "SELECT id, central_article_id, first_site, articles, sites FROM clusters AS c WHERE (? IS NULL OR EXISTS (SELECT 1"
        " FROM cluster_members AS m JOIN articles AS a ON a.id = m.article_id WHERE m.cluster_id = c.id AND a.site = ?))"
        " AND (? IS NULL OR EXISTS (SELECT 1 FROM cluster_members AS m WHERE m.cluster_id = c.id AND m.kind = ?"
        " AND m.article_id IS NOT c.central_article_id)) ORDER BY articles DESC, id LIMIT ?",
        [site, site, kind, kind, limit],
    ).fetchall()
    return [
        Cluster(
            cluster_id=key,
            central_article_id=central,
            first_site=first_site,
            articles=articles,
            sites=sites,
            members=_members(db, key),
        )
        for key, central, first_site, articles, sites in rows
    ]


def _members(db: Database, cluster_id: int) -> tuple[Member, ...]:
    rows = db.query(
        "SELECT m.article_id, a.site, a.url, a.headline, a.published_at, m.kind, m.similarity, m.containment"
        " FROM cluster_members AS m JOIN articles AS a ON a.id = m.article_id JOIN clusters AS c ON c.id = m.cluster_id"
        " WHERE m.cluster_id = ? ORDER BY m.article_id <> c.first_article_id, a.published_utc IS NULL, a.published_utc, a.id",
        [cluster_id],
    )
    return tuple(Member(**row) for row in rows)


def quoted_keys(db: Database, *, site: str | None, limit: int, order: QuoteOrder = "papers") -> list[tuple[int, int]]:
    """(key, papers) of quotations that several papers (`site` among them) have, in articles that are not all copies of
    each other.

    Those in the most papers first, or those most recently taken up by an article.
    """
    first = "" if order == "papers" else "max(a.published_utc) DESC, "
    return [
        (int(key), int(sites))
        for key, sites in db.execute(
            "SELECT q.quote_key, count(DISTINCT coalesce(a.site, a.url)) AS sites FROM quotations AS q"  # noqa: S608  (two orders)
            " JOIN articles AS a ON a.id = q.article_id LEFT JOIN cluster_members AS m ON m.article_id = q.article_id"
            " GROUP BY q.quote_key HAVING sites > 1 AND count(DISTINCT coalesce(m.cluster_id, -q.article_id)) > 1"
            f" AND (? IS NULL OR max(a.site = ?)) ORDER BY {first}sites DESC, count(*) DESC, min(q.article_id), q.quote_key LIMIT ?",
            [site, site, limit],
        )
    ]


def quoting(db: Database, quote_key: int) -> list[tuple[Quoting, str]]:
    """The articles that contain a quotation, by date, with their texts."""
    rows = db.query(
        "SELECT a.id AS article_id, a.site, a.url, a.headline, a.published_at, a.body FROM quotations AS q"
        " JOIN articles AS a ON a.id = q.article_id WHERE q.quote_key = ? ORDER BY a.published_utc IS NULL, a.published_utc, a.id",
        [quote_key],
    )
    return [(Quoting(**row), body) for row in rows for body in [row.pop("body")]]


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
    """Store signatures that have not been compared yet.

    The clusters and pairs of their articles no longer hold and are removed; triggers mark all their members for
    comparison.
    """
    with transaction(db):
        for each in signatures:
            key = [each.article_id]
            db.execute(
                "DELETE FROM clusters WHERE id = (SELECT cluster_id FROM cluster_members WHERE article_id = ?)", key
            )
            db.execute("DELETE FROM near_pairs WHERE one = ?", key)
            db.execute("DELETE FROM near_pairs WHERE other = ?", key)
            db.execute("DELETE FROM quotations WHERE article_id = ?", key)
            db.execute(
                "INSERT INTO near_signatures (article_id, content_hash, method, text_digest, signature) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT (article_id) DO UPDATE SET content_hash = excluded.content_hash, method = excluded.method,"
                " text_digest = excluded.text_digest, signature = excluded.signature, is_compared = 0",
                [each.article_id, each.content_hash, each.method, each.text_digest, each.signature],
            )
            for quote_key in each.quotations:
                db.execute("INSERT INTO quotations (quote_key, article_id) VALUES (?, ?)", [quote_key, each.article_id])


def drop_broken_clusters(db: Database) -> None:
    """Remove clusters that have lost a member along with its article; the remaining members are compared again."""
    with transaction(db):
        db.execute(
            "DELETE FROM clusters WHERE articles <> (SELECT count(*) FROM cluster_members WHERE cluster_id = clusters.id)"
        )


def signatures(db: Database) -> list[tuple[int, bytes, bytes | None, bool]]:
    """(article id, text digest, signature, whether it is compared) of all, by article id."""
    rows = db.execute("SELECT article_id, text_digest, signature, is_compared FROM near_signatures ORDER BY article_id")
    return [(key, text, signature, bool(compared)) for key, text, signature, compared in rows]


def not_compared(db: Database) -> list[int]:
    """Articles whose clusters must be computed again."""
    rows = db.execute("SELECT article_id FROM near_signatures WHERE NOT is_compared ORDER BY article_id")
    return [int(row[0]) for row in rows]


def place_of(db: Database, article_id: int) -> tuple[str | None, str | None, str]:
    """(site, when it was published in UTC, when it was first seen) of an article."""
    sql = "SELECT site, published_utc, first_seen_at FROM articles WHERE id = ?"
    [(site, published, seen)] = db.execute(sql, [article_id]).fetchall()
    return site, published, seen


def save_pairs(db: Database, pairs: Iterable[Pair]) -> None:
    """Store how alike articles are."""
    with transaction(db):
        for each in pairs:
            db.execute(
                "INSERT OR REPLACE INTO near_pairs (one, other, similarity, containment, is_form) VALUES (?, ?, ?, ?, ?)",
                [each.one, each.other, each.similarity, each.containment, each.is_form],
            )


def pairs_of(db: Database, article_id: int) -> list[tuple[int, float, float, bool]]:
    """(other article, similarity, containment, is_form) of all pairs that contain an article."""
    rows = db.execute(
        "SELECT other, similarity, containment, is_form FROM near_pairs WHERE one = ?1"
        " UNION ALL SELECT one, similarity, containment, is_form FROM near_pairs WHERE other = ?1",
        [article_id],
    )
    return [(other, similarity, containment, bool(is_form)) for other, similarity, containment, is_form in rows]


def save_clusters(db: Database, found: Iterable[NewCluster], compared: Iterable[int], *, at: datetime) -> None:
    """Replace all clusters that contain any of the articles `compared` with these."""
    looked_at = list(compared)
    with transaction(db):
        for article_id in looked_at:
            db.execute(
                "DELETE FROM clusters WHERE id = (SELECT cluster_id FROM cluster_members WHERE article_id = ?)",
                [article_id],
            )
        for each in found:
            _save_cluster(db, each, to_text(at))
        for article_id in looked_at:
            db.execute("UPDATE near_signatures SET is_compared = 1 WHERE article_id = ?", [article_id])


def _save_cluster(db: Database, found: NewCluster, at: str) -> None:
    cluster_id = min(member[0] for member in found.members)
    sites: set[Any] = set()
    for article_id, *_ in found.members:
        sites |= set(db.execute("SELECT coalesce(site, url) FROM articles WHERE id = ?", [article_id]).fetchall())
    db.execute(
        "INSERT INTO clusters (id, first_article_id, central_article_id, first_site, articles, sites, updated_at)"
        " SELECT ?, id, ?, site, ?, ?, ? FROM articles WHERE id = ?",
        [cluster_id, found.central, len(found.members), len(sites), at, found.first],
    )
    for article_id, similarity, containment, kind in found.members:
        db.execute(
            "INSERT INTO cluster_members (article_id, cluster_id, similarity, containment, kind) VALUES (?, ?, ?, ?, ?)",
            [article_id, cluster_id, similarity, containment, kind],
        )
