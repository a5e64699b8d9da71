"""What origins said about themselves: every version of their robots.txt and tdmrep.json, with its first and last
sighting.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from scraper.archive.file.connection import transaction
from scraper.archive.file.times import from_text, to_text
from scraper.records import RobotsFile, TdmFile

if TYPE_CHECKING:
    from sqlite_utils import Database


def save_robots(db: Database, robots: RobotsFile) -> RobotsFile:
    """Store a robots.txt: a row for each version, whose last sighting moves while it stays the same; returns it with
    its version.
    """
    with transaction(db):
        rows = db.execute(
            "SELECT id, verdict, body, status FROM robots WHERE origin = ? ORDER BY id DESC LIMIT 1", [robots.origin]
        ).fetchall()
        at = to_text(robots.fetched_at)
        if rows and rows[0][1:] == (robots.verdict, robots.body, robots.status):
            db.execute("UPDATE robots SET last_seen_at = ? WHERE id = ?", [at, rows[0][0]])
            return replace(robots, version=rows[0][0])
        made = db.execute(
            "INSERT INTO robots (origin, fetched_at, last_seen_at, status, verdict, body, detail) VALUES (?, ?, ?, ?, ?, ?, ?)"
            " RETURNING id",
            [robots.origin, at, at, robots.status, robots.verdict, robots.body, robots.detail],
        ).fetchall()
        return replace(robots, version=made[0][0])


def load_robots(db: Database, origin: str) -> RobotsFile | None:
    """The newest robots.txt that answered (rules, or none there); None if none ever did."""
    rows = db.execute(
        "SELECT id, last_seen_at, status, verdict, body, detail FROM robots"
        " WHERE origin = ? AND verdict <> 'disallow_all' ORDER BY last_seen_at DESC LIMIT 1",
        [origin],
    ).fetchall()
    if not rows:
        return None
    version, at, status, verdict, body, detail = rows[0]
    seen = from_text(at)
    assert seen is not None  # noqa: S101  (NOT NULL)
    return RobotsFile(
        origin=origin, fetched_at=seen, status=status, verdict=verdict, body=body, detail=detail, version=version
    )


def save_tdm(db: Database, file: TdmFile) -> None:
    """Store a tdmrep.json: a row for each version, whose last sighting moves while it stays the same."""
    with transaction(db):
        rows = db.execute(
            "SELECT id, status, body FROM tdmrep WHERE origin = ? ORDER BY id DESC LIMIT 1", [file.origin]
        ).fetchall()
        at = to_text(file.fetched_at)
        if rows and rows[0][1:] == (file.status, file.body):
            db.execute("UPDATE tdmrep SET last_seen_at = ? WHERE id = ?", [at, rows[0][0]])
            return
        db.execute(
            "INSERT INTO tdmrep (origin, fetched_at, last_seen_at, status, body) VALUES (?, ?, ?, ?, ?)",
            [file.origin, at, at, file.status, file.body],
        )


def load_tdm(db: Database, origin: str) -> TdmFile | None:
    """The newest answer for an origin's tdmrep.json, as of its last sighting; None if it was never requested."""
    rows = db.execute(
        "SELECT last_seen_at, status, body FROM tdmrep WHERE origin = ? ORDER BY id DESC LIMIT 1", [origin]
    ).fetchall()
    if not rows or (seen := from_text(rows[0][0])) is None:
        return None
    return TdmFile(origin=origin, fetched_at=seen, status=rows[0][1], body=rows[0][2])
