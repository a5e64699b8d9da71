"""What is queued, what failed, what each run did, and everything known about one URL."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.file.connection import transaction
from scraper.archive.file.lookup import ARTICLE_AT_SQL
from scraper.archive.file.times import to_text
from scraper.urls import canonical_url, origin_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlite_utils import Database

# Outcomes that need nobody's attention.
_GOOD = ("ok", "unchanged", "not_article")
_LAST = "(SELECT max(id) FROM fetches WHERE url_id = u.id)"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which URLs: these hosts, kinds and last reasons, or these URLs; () means any."""

    urls: Sequence[str] = ()
    hosts: Sequence[str] = ()
    kinds: Sequence[str] = ()
    reasons: Sequence[str] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it would select every URL."""
        return not (self.urls or self.hosts or self.kinds or self.reasons)

    def sql(self) -> tuple[str, list[str]]:
        """A condition on urls `u` and their last fetch `l`, with its parameters."""
        terms = ["1"]
        values: list[str] = []
        known = [canonical_url(url) or url for url in self.urls]
        columns = (("u.url", known), ("u.host", self.hosts), ("u.kind", self.kinds), ("l.reason", self.reasons))
        for column, wanted in columns:
            if wanted:
                terms.append(f"{column} IN ({', '.join('?' * len(wanted))})")
                values += wanted
        return " AND ".join(terms), values


def queue(db: Database, chosen: QueueFilter, *, limit: int) -> list[dict[str, Any]]:
    """What is queued, the next to be requested first."""
    where, values = chosen.sql()
    return list(
        db.query(
            "SELECT u.url, u.host, u.kind, f.due_at, f.priority, f.failures, f.interval_s, l.reason AS last_reason, l.at AS last_at,"  # noqa: S608
            " f.leased_by AS run FROM frontier AS f JOIN urls AS u ON u.id = f.url_id"
            f" LEFT JOIN fetches AS l ON l.id = {_LAST} WHERE {where} ORDER BY f.due_at, f.priority DESC, u.id LIMIT ?",
            [*values, limit],
        )
    )


def failures(db: Database, chosen: QueueFilter, *, limit: int) -> list[dict[str, Any]]:
    """URLs whose last attempt did not end well, newest first; `due_at` is None for those given up.

    An index page that turned out not to exist (a day without articles, the page past the last) is not a failure.
    """
    where, values = chosen.sql()
    return list(
        db.query(
            "SELECT u.url, u.host, u.kind, l.at, l.reason, l.status, l.detail, l.capture_id, f.failures, f.due_at,"  # noqa: S608
            " u.given_up_at, u.given_up_why"
            f" FROM fetches AS l CROSS JOIN urls AS u ON u.id = l.url_id AND l.id = {_LAST} LEFT JOIN frontier AS f ON f.url_id = u.id"
            f" WHERE {where} AND l.reason NOT IN ({', '.join('?' * len(_GOOD))})"
            " AND NOT (u.kind <> 'article' AND f.url_id IS NULL AND l.reason = 'gone') ORDER BY l.id DESC LIMIT ?",
            [*values, *_GOOD, limit],
        )
    )


def retry(db: Database, chosen: QueueFilter, *, at: datetime) -> int:
    """Make URLs due now and forget their failures, including URLs that had left the queue; returns how many."""
    where, values = chosen.sql()
    with transaction(db):
        cursor = db.execute(
            "INSERT INTO frontier (url_id, host, due_at) SELECT u.id, u.host, ? FROM urls AS u"  # noqa: S608
            f" LEFT JOIN fetches AS l ON l.id = {_LAST} WHERE {where}"
            " ON CONFLICT (url_id) DO UPDATE SET due_at = min(due_at, excluded.due_at), failures = 0",
            [to_text(at), *values],
        )
        count = int(cursor.rowcount)
        db.execute(
            "UPDATE urls SET given_up_at = NULL, given_up_why = NULL"
            " WHERE given_up_at IS NOT NULL AND id IN (SELECT url_id FROM frontier)"
        )
        return count


def drop(db: Database, chosen: QueueFilter) -> int:
    """Remove URLs from the queue, except those in flight; they stay known, so nothing queues them again. Returns how
    many.
    """
    where, values = chosen.sql()
    with transaction(db):
        cursor = db.execute(
            "DELETE FROM frontier WHERE leased_by IS NULL AND url_id IN (SELECT u.id FROM urls AS u"  # noqa: S608
            f" LEFT JOIN fetches AS l ON l.id = {_LAST} WHERE {where})",
            values,
        )
        return int(cursor.rowcount)


def runs(db: Database, *, limit: int) -> list[dict[str, Any]]:
    """The runs, newest first, each with its attempts by outcome and the limits that hosts reached; without an exit code
    it was killed or is running.
    """
    rows = list(
        db.query(
            "SELECT id, kind, started_at, finished_at, exit_code, version, arguments, limits, note FROM runs ORDER BY id DESC LIMIT ?",
            [limit],
        )
    )
    for row in rows:
        counts = db.execute(
            "SELECT reason, count(*) FROM fetches WHERE run_id = ? GROUP BY reason ORDER BY 2 DESC, 1", [row["id"]]
        ).fetchall()
        row["outcomes"] = dict(counts)
        row["limits"] = json.loads(row["limits"] or "{}")
    return rows


def why(db: Database, url: str) -> dict[str, Any] | None:
    """Everything known about a URL: where it was found, every attempt with its robots verdict, when it is due; None if
    unknown.
    """
    # An address as a page wrote it has no index: all are searched only for one that is not known otherwise.
    rows = _known_as(db, "u.url IN (?, ?)", [url, canonical_url(url) or url]) or _known_as(db, "u.raw_url = ?", [url])
    if not rows:
        return None
    known = rows[0]
    queued = list(
        db.query(
            "SELECT due_at, priority, failures, unchanged, interval_s, leased_by AS run FROM frontier WHERE url_id = ?",
            [known["id"]],
        )
    )
    attempts = list(
        db.query(
            "SELECT at, run_id AS run, reason, status, detail, attempts, final_url, redirects, wire_bytes, elapsed_s, capture_id,"
            " robots_id, robots_tags, tdm_reservation, tdm_policy, left_out, fresh_s FROM fetches WHERE url_id = ? ORDER BY id",
            [known["id"]],
        )
    )
    for attempt in attempts:
        attempt["redirects"] = json.loads(attempt["redirects"]) if attempt["redirects"] else []
        attempt["robots"] = _robots(db, known["url"], attempt["at"], attempt.pop("robots_id"))
    names = ("url", "raw_url", "kind", "site", "found_on", "found_at", "depth", "title_hint", "published_hint", "named_at",
             "named_on", "given_up_at", "given_up_why")  # fmt: skip
    return {name: known[name] for name in names} | {
        "attempts": attempts,
        "queued": queued[0] if queued else None,
        "articles": _articles(db, known["id"]),
        "elsewhere": _elsewhere(db, known["id"]),
    }


def _known_as(db: Database, condition: str, values: list[str]) -> list[dict[str, Any]]:
    sql = (
        "SELECT u.*, p.url AS found_on, n.url AS named_on, s.slug AS site FROM urls AS u"  # noqa: S608
        " LEFT JOIN urls AS p ON p.id = u.found_on_id LEFT JOIN urls AS n ON n.id = u.named_on_id"
        f" LEFT JOIN sites AS s ON s.id = u.site_id WHERE {condition} LIMIT 1"
    )
    return list(db.query(sql, values))


def _elsewhere(db: Database, url_id: int) -> dict[str, Any] | None:
    """Where the article of an address that no longer answers well continues: the newest good answer of another address;
    otherwise None.
    """
    rows = list(
        db.query(
            f"SELECT o.url, l.at FROM urls AS u JOIN articles AS a ON a.id = {ARTICLE_AT_SQL}"  # noqa: S608
            " JOIN urls AS o ON o.id <> u.id AND (o.url = a.url OR o.url IN (SELECT url FROM addresses WHERE article_id = a.id))"
            " JOIN fetches AS l ON l.id = (SELECT max(id) FROM fetches WHERE url_id = o.id AND reason IN ('ok', 'unchanged', 'paywalled'))"
            " WHERE u.id = ?1 AND l.at > (SELECT max(at) FROM fetches WHERE url_id = ?1 AND reason IN ('ok', 'unchanged', 'paywalled'))"
            " ORDER BY l.at DESC LIMIT 1",
            [url_id],
        )
    )
    return rows[0] if rows else None


def _robots(db: Database, url: str, at: str, version: int | None) -> dict[str, Any] | None:
    """The robots.txt that decided, or else (for an attempt of format 1) the one that was in force then; None if there
    is none.
    """
    condition, values = (
        ("id = ?", [version]) if version is not None else ("origin = ? AND fetched_at <= ?", [origin_of(url), at])
    )
    sql = (
        f"SELECT id, origin, fetched_at, status, verdict, detail FROM robots WHERE {condition} ORDER BY id DESC LIMIT 1"  # noqa: S608
    )
    rows = list(db.query(sql, values))
    return rows[0] if rows else None


def _articles(db: Database, url_id: int) -> list[int]:
    rows = db.execute(
        "SELECT DISTINCT a.article_id FROM captures AS c JOIN article_captures AS a ON a.capture_id = c.id WHERE c.url_id = ?",
        [url_id],
    ).fetchall()
    return [article_id for (article_id,) in rows]
