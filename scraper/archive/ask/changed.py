"""What publishers changed after publication, over the whole archive: for a browsing page, its feed and its CSV."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.file.rows import json_list

if TYPE_CHECKING:
    from datetime import date

    from sqlite_utils import Database

ChangeOrder = Literal["silent", "newest", "size"]

MAX_CHANGES = 5_000  # the newest ones, which are counted and sorted
_FROM = (
    "FROM revisions AS r INDEXED BY revisions_replaced JOIN articles AS a ON a.id = r.article_id"
    " LEFT JOIN revisions AS n ON n.article_id = r.article_id AND n.revision = r.revision + 1 WHERE r.replaced_by = 'publisher'"
)
_ADDED = "length(coalesce(n.body, a.body)) - length(r.body)"
_SHOWN = (
    "SELECT r.article_id, a.site, a.url, r.revision, r.replaced_at, r.kinds, r.headline AS old_headline,"
    f" coalesce(n.headline, a.headline) AS new_headline, {_ADDED} AS characters_added"
)
_ORDERS: dict[ChangeOrder, str] = {
    "newest": "r.replaced_at DESC, r.article_id DESC",
    "silent": "r.kinds LIKE '%\"silent\"%' DESC, r.replaced_at DESC, r.article_id DESC",
    "size": f"abs({_ADDED}) DESC, r.replaced_at DESC, r.article_id DESC",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesAsked:
    """Which changes: of one site, of one kind (see changes.KINDS), detected from the first to the last day (UTC); None:
    any.
    """

    site: str | None = None
    kind: str | None = None
    since: date | None = None
    until: date | None = None

    def sql(self) -> tuple[str, list[Any]]:
        """A condition on revisions `r` of articles `a`, with its values."""
        terms, values = ["TRUE"], []
        for term, value in (
            ("a.site = ?", self.site),
            ("EXISTS (SELECT 1 FROM json_each(iif(json_valid(r.kinds), r.kinds, '[]')) WHERE value = ?)", self.kind),
            ("r.replaced_at >= ?", self.since and self.since.isoformat()),
            ("r.replaced_at < ?", self.until and f"{self.until.isoformat()}~"),  # after every time on that day
        ):
            if value:
                terms.append(term)
                values.append(value)
        return " AND ".join(terms), values


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """One page of changes.

    `total`, `kinds`, `sites` and `days` (UTC) count at most the newest MAX_CHANGES: `is_capped` if there are more.
    """

    rows: list[dict[str, Any]]
    total: int
    is_capped: bool
    kinds: list[tuple[str, int]]
    sites: list[tuple[str | None, int]]
    days: list[tuple[str, int]]


def changes_of(
    db: Database, asked: ChangesAsked, *, order: ChangeOrder = "newest", limit: int = 30, offset: int = 0
) -> Changes:
    """The changes asked for; any order except by time applies to the newest MAX_CHANGES only."""
    where, values = asked.sql()
    recent = db.execute(
        f"SELECT r.article_id, substr(r.replaced_at, 1, 10), a.site, r.kinds {_FROM} AND {where} ORDER BY r.replaced_at DESC LIMIT ?",
        [*values, MAX_CHANGES + 1],
    ).fetchall()
    is_capped = len(recent) > MAX_CHANGES
    counted = recent[:MAX_CHANGES]
    kinds = Counter(kind for row in counted for kind in json_list(row[3]))
    newest = f"SELECT * FROM (SELECT r.rowid {_FROM} AND {where} ORDER BY r.replaced_at DESC LIMIT {MAX_CHANGES})"  # noqa: S608
    rows = db.query(
        f"{_SHOWN} {_FROM} AND r.rowid IN ({newest}) ORDER BY {_ORDERS[order]} LIMIT ? OFFSET ?",
        [*values, limit, offset],
    )
    return Changes(
        rows=list(rows),
        total=len(counted),
        is_capped=is_capped,
        kinds=kinds.most_common(),
        sites=Counter(row[2] for row in counted).most_common(),
        days=sorted(Counter(row[1] for row in counted).items()),
    )
