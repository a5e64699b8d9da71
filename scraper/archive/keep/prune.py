"""Removes captures, by a rule that somebody gives and for no other reason; their digests stay."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any

from scraper.archive.file.connection import transaction
from scraper.archive.file.times import to_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlite_utils import Database

    from scraper.records import LinkKind

_BATCH = 500
# What a capture `c` is still needed for: an article, one of its versions or a running reread needs to read it again.
_NEEDED = (
    "EXISTS (SELECT 1 FROM article_captures WHERE capture_id = c.id)",
    "EXISTS (SELECT 1 FROM revisions WHERE capture_id = c.id OR next_capture_id = c.id)",
    "EXISTS (SELECT 1 FROM reread_changes WHERE capture_id = c.id)",
    "EXISTS (SELECT 1 FROM suspects WHERE capture_id = c.id)",
)
# A body `b` on which another body, a capture or a template depends.
_BODY_USED = (
    "EXISTS (SELECT 1 FROM captures WHERE body_id = b.id)",
    "EXISTS (SELECT 1 FROM bodies WHERE base_id = b.id)",
    "EXISTS (SELECT 1 FROM templates WHERE candidate_id = b.id)",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrunePolicy:
    """Captures fetched before a moment, of these kinds of link (feeds, sitemaps, index pages, articles) and hosts; ()
    is any host.
    """

    before: datetime
    kinds: Sequence[LinkKind]
    hosts: Sequence[str] = ()

    def text(self) -> str:
        """The rule in words, as it is stored with what it removed."""
        where = f" of {', '.join(self.hosts)}" if self.hosts else ""
        return f"{', '.join(self.kinds)} captures before {to_text(self.before)}{where}"

    def sql(self) -> tuple[str, list[Any]]:
        """The condition on captures `c` and urls `u`, with its values."""
        terms = ["c.captured_at < ?", f"u.kind IN ({', '.join('?' * len(self.kinds))})"]
        values: list[Any] = [to_text(self.before), *self.kinds]
        if self.hosts:
            terms.append(f"u.host IN ({', '.join('?' * len(self.hosts))})")
            values += self.hosts
        return " AND ".join(terms), values


@dataclass(slots=True, kw_only=True)
class Pruned:
    """The effect of a rule: captures it removes, by kind; those it names that stay because something needs them; bytes
    freed.
    """

    going: Counter[str] = field(default_factory=Counter)
    needed: int = 0
    bodies: int = 0
    stored_bytes: int = 0


def plan_prune(db: Database, policy: PrunePolicy) -> Pruned:
    """What a rule would remove; nothing is changed. `bodies` and `stored_bytes` are upper bounds."""
    where, values = policy.sql()
    needed = " OR ".join(_NEEDED)
    found = Pruned()
    for kind, is_needed, count in db.execute(
        f"SELECT u.kind, ({needed}), count(*) FROM captures AS c JOIN urls AS u ON u.id = c.url_id WHERE {where} GROUP BY 1, 2",  # noqa: S608
        values,
    ).fetchall():
        if is_needed:
            found.needed += count
        else:
            found.going[kind] += count
    found.bodies, found.stored_bytes = db.execute(
        "SELECT count(*), coalesce(sum(length(b.data)), 0) FROM bodies AS b WHERE b.id IN (SELECT c.body_id FROM captures AS c"  # noqa: S608
        f" JOIN urls AS u ON u.id = c.url_id WHERE {where} AND NOT ({needed})) AND NOT EXISTS (SELECT 1 FROM captures AS c"
        f" JOIN urls AS u ON u.id = c.url_id WHERE c.body_id = b.id AND (NOT ({where}) OR {needed}))"
        f" AND NOT ({' OR '.join(_BODY_USED[1:])})",
        [*values, *values],
    ).fetchall()[0]
    return found


def prune(db: Database, policy: PrunePolicy, *, at: datetime) -> Pruned:
    """Remove what a rule names and nothing needs; every batch is complete or has not happened, and a rerun continues.

    The URL, time, status and SHA-256 of each capture stay (table `pruned`), and so does its row in `fetches`. The file
    does not shrink; freed space is used again.
    """
    found = Pruned(needed=plan_prune(db, policy).needed)
    for batch in _batches(db, policy):
        with transaction(db):
            for number, kind in batch:
                _take_away(db, number, policy, at)
                found.going[kind] += 1
            for count, size in _free_bodies(db):
                found.bodies += count
                found.stored_bytes += size
    return found


def _batches(db: Database, policy: PrunePolicy) -> Iterator[list[tuple[int, str]]]:
    where, values = policy.sql()
    while rows := db.execute(
        "SELECT c.id, u.kind FROM captures AS c JOIN urls AS u ON u.id = c.url_id"  # noqa: S608
        f" WHERE {where} AND NOT ({' OR '.join(_NEEDED)}) ORDER BY c.id LIMIT {_BATCH}",
        values,
    ).fetchall():
        yield rows


def _take_away(db: Database, number: int, policy: PrunePolicy, at: datetime) -> None:
    db.execute(
        "INSERT INTO pruned (url_id, sha256, raw_bytes, captured_at, status, content_type, pruned_at, policy)"
        " SELECT c.url_id, b.sha256, b.raw_bytes, c.captured_at, c.status, c.content_type, ?, ?"
        " FROM captures AS c JOIN bodies AS b ON b.id = c.body_id WHERE c.id = ?",
        [to_text(at), policy.text(), number],
    )
    # By URL, since there is no index on a fetch's capture.
    db.execute(
        "UPDATE fetches SET capture_id = NULL WHERE url_id = (SELECT url_id FROM captures WHERE id = ?) AND capture_id = ?",
        [number, number],
    )
    db.execute("DELETE FROM capture_origins WHERE capture_id = ?", [number])
    db.execute("DELETE FROM record_names WHERE capture_id = ?", [number])
    body_id = db.execute("DELETE FROM captures WHERE id = ? RETURNING body_id", [number]).fetchall()[0][0]
    db.execute("CREATE TEMP TABLE IF NOT EXISTS loose (id INTEGER PRIMARY KEY)")
    db.execute("INSERT OR IGNORE INTO loose VALUES (?)", [body_id])


def _free_bodies(db: Database) -> Iterator[tuple[int, int]]:
    """Delete the bodies that nothing needs any more, and then those that only they needed; (count, stored bytes) of
    each round.
    """
    while True:
        rows = db.execute(
            "DELETE FROM bodies AS b WHERE b.id IN (SELECT id FROM loose)"  # noqa: S608
            f" AND NOT ({' OR '.join(_BODY_USED)}) RETURNING coalesce(base_id, 0), length(data)"
        ).fetchall()
        if not rows:
            db.execute("DELETE FROM loose")
            return
        for base_id, _ in rows:
            if base_id:
                db.execute("INSERT OR IGNORE INTO loose VALUES (?)", [base_id])
        yield len(rows), sum(size for _, size in rows)
