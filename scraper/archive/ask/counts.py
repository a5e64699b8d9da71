"""What an archive holds, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Stats:
    """Counts over the whole archive; `reasons` counts fetches by outcome, `sites` articles by portal (None: no known site)."""

    articles: int
    revisions: int
    captures: int
    bodies_raw_bytes: int
    bodies_stored_bytes: int
    file_bytes: int
    queued: int
    runs: int
    first_published: str | None
    last_published: str | None
    sites: tuple[tuple[str | None, int], ...]
    reasons: tuple[tuple[str, int], ...]
    months: tuple[tuple[str | None, int], ...]


def span(db: Database) -> tuple[str | None, str | None]:
    """When the first and the last article were published, by the dates on their pages; None if there are none."""
    dated = "SELECT published_at FROM articles WHERE published_utc IS NOT NULL ORDER BY published_utc"
    first, last = (db.execute(f"{dated} {order} LIMIT 1").fetchall() for order in ("ASC", "DESC"))
    return (first[0][0], last[0][0]) if first else (None, None)


def stats(db: Database) -> Stats:
    """Counts for `kliping stats`."""

    def one(sql: str) -> Any:
        return db.execute(sql).fetchall()[0][0]

    first, last = span(db)
    raw, stored = db.execute(
        "SELECT coalesce(sum(raw_bytes), 0), coalesce(sum(length(data)), 0) FROM bodies"
    ).fetchall()[0]
    return Stats(
        articles=one("SELECT count(*) FROM articles"),
        revisions=one("SELECT count(*) FROM revisions"),
        captures=one("SELECT count(*) FROM captures"),
        bodies_raw_bytes=raw,
        bodies_stored_bytes=stored,
        file_bytes=one("PRAGMA page_count") * one("PRAGMA page_size"),
        queued=one("SELECT count(*) FROM frontier"),
        runs=one("SELECT count(*) FROM runs"),
        first_published=first,
        last_published=last,
        sites=_pairs(db, "SELECT site, count(*) FROM articles GROUP BY site ORDER BY 2 DESC, 1"),
        reasons=_pairs(db, "SELECT reason, count(*) FROM fetches GROUP BY reason ORDER BY 2 DESC, 1"),
        months=_pairs(db, "SELECT month, count(*) FROM articles GROUP BY month ORDER BY month"),
    )


def _pairs(db: Database, sql: str) -> tuple[tuple[Any, int], ...]:
    return tuple((key, count) for key, count in db.execute(sql).fetchall())
