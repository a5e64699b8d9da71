"""Stories that several articles carry (the clusters of scraper.duplicates), sorted for a browsing page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import date

    from sqlite_utils import Database

CopiesOrder = Literal["newest", "papers", "articles"]

MAX_COPIES = 5_000  # the newest stories, which are counted and sorted
SHOWN_MEMBERS = 12  # of a story
_FROM = "FROM clusters AS c JOIN articles AS f ON f.id = c.first_article_id"
_ORDERS: dict[CopiesOrder, str] = {
    "newest": "f.published_utc DESC, c.id DESC",
    "papers": "c.sites DESC, c.articles DESC, f.published_utc DESC, c.id DESC",
    "articles": "c.articles DESC, f.published_utc DESC, c.id DESC",
}
_MEMBERS = (
    "SELECT a.id AS article_id, a.site, a.url, a.headline, a.published_at, m.kind, m.similarity, m.containment,"
    " round((julianday(a.published_utc) - julianday(f.published_utc)) * 24, 2) AS hours_after_first"
    " FROM cluster_members AS m JOIN articles AS a ON a.id = m.article_id JOIN clusters AS c ON c.id = m.cluster_id"
    " JOIN articles AS f ON f.id = c.first_article_id WHERE m.cluster_id = ?"
    " ORDER BY a.id <> c.first_article_id, a.published_utc IS NULL, a.published_utc, a.id LIMIT ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiesAsked:
    """Which stories: with an article of a site, with one of this kind besides the central one (same, rewrite), whose
    first article was published on these days (UTC, both inclusive), in several papers only.
    """

    site: str | None = None
    kind: str | None = None
    since: date | None = None
    until: date | None = None
    across: bool = False

    def sql(self) -> tuple[str, list[Any]]:
        """A condition on clusters `c` with their first articles `f`, and its values."""
        terms, values = (["c.sites > 1"] if self.across else ["TRUE"]), []
        for term, value in (
            (
                "EXISTS (SELECT 1 FROM cluster_members AS o JOIN articles AS oa ON oa.id = o.article_id"
                " WHERE o.cluster_id = c.id AND oa.site = ?)",
                self.site,
            ),
            (
                "EXISTS (SELECT 1 FROM cluster_members AS k WHERE k.cluster_id = c.id AND k.kind = ?"
                " AND k.article_id IS NOT c.central_article_id)",
                self.kind,
            ),
            ("f.published_utc >= ?", self.since and self.since.isoformat()),
            ("f.published_utc < ?", self.until and f"{self.until.isoformat()}~"),  # after every time on that day
        ):
            if value:
                terms.append(term)
                values.append(value)
        return " AND ".join(terms), values


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """A page of stories, each with its first SHOWN_MEMBERS articles as `members`; beyond MAX_COPIES only the newest
    count.
    """

    rows: list[dict[str, Any]]
    total: int
    is_capped: bool


def copies_of(
    db: Database, asked: CopiesAsked, *, order: CopiesOrder = "newest", limit: int = 20, offset: int = 0
) -> Copies:
    """The stories asked for, with their articles: the first one first, the others by time."""
    where, values = asked.sql()
    newest = f"SELECT c.id {_FROM} WHERE {where} ORDER BY f.published_utc DESC LIMIT {MAX_COPIES + 1}"
    total = len(db.execute(newest, values).fetchall())
    rows = db.query(
        f"SELECT c.id, c.articles, c.sites, f.headline, f.published_at {_FROM}"  # noqa: S608
        f" WHERE c.id IN (SELECT id FROM ({newest}) LIMIT {MAX_COPIES}) ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )
    return Copies(
        rows=[{**row, "members": list(db.query(_MEMBERS, [row["id"], SHOWN_MEMBERS]))} for row in list(rows)],
        total=min(total, MAX_COPIES),
        is_capped=total > MAX_COPIES,
    )
