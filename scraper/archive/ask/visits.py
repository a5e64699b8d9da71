"""Every visit that a page answered, in order: the basis of an export to WARC."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.ask.selection import Selection, Unreadable, last_number
from scraper.archive.file.times import from_text
from scraper.records import RobotsFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlite_utils import Database

_BATCH = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One row of `fetches` that found a capture new, or found it again.

    `fetch_id` is None for a capture without a row of its own. `is_first` says that the capture was made on this visit;
    otherwise it had been made before and the page still was as in `capture_id`. `is_304` distinguishes an unchanged
    answer without a body from the same bytes sent again.
    """

    fetch_id: int | None
    capture_id: int
    url: str
    kind: str
    at: str
    reason: str
    is_first: bool
    is_304: bool = False
    found_on: str | None = None
    etag: str | None = None
    last_modified: str | None = None


def last_visit(db: Database) -> int:
    """The number of the newest fetch."""
    return last_number(db, "fetches")


def visits(db: Database, selection: Selection, *, after: int = 0, until: int) -> Iterator[Visit | Unreadable]:
    """The visits of the selected articles' URLs, or of all, in the order they were made."""
    where, values = selection.urls_sql(db, "f.url_id")
    sql = (
        "SELECT f.id, f.url_id, f.capture_id, u.url, u.kind, f.at, f.reason, f.status, p.url, f.etag, f.last_modified"  # noqa: S608
        " FROM fetches AS f JOIN urls AS u ON u.id = f.url_id LEFT JOIN urls AS p ON p.id = u.found_on_id"
        f" WHERE f.id > ? AND f.id <= ? AND (f.capture_id IS NOT NULL OR f.reason = 'unchanged') AND {where}"
        f" ORDER BY f.id LIMIT {_BATCH}"
    )
    last = after
    while True:
        try:
            rows = db.execute(sql, [last, until, *values]).fetchall()
        except sqlite3.DatabaseError as error:
            yield Unreadable(kind="fetches after", key=last, detail=str(error))
            return
        for row in rows:
            try:
                if visit := _visit(db, row):
                    yield visit
            except sqlite3.DatabaseError as error:
                yield Unreadable(kind="fetch", key=row[0], detail=str(error))
        if len(rows) < _BATCH:
            return
        last = rows[-1][0]


def _visit(db: Database, row: tuple[Any, ...]) -> Visit | None:
    fetch_id, url_id, capture_id, url, kind, at, reason, status, found_on, etag, last_modified = row
    is_304 = capture_id is None
    if is_304:
        before = db.execute(
            "SELECT capture_id FROM fetches WHERE url_id = ? AND id < ? AND capture_id IS NOT NULL ORDER BY id DESC LIMIT 1",
            [url_id, fetch_id],
        ).fetchall()
        if not before or status not in (304, None):
            return None
        capture_id = before[0][0]
    first = db.execute(
        "SELECT min(id) FROM fetches WHERE url_id = ? AND capture_id = ?", [url_id, capture_id]
    ).fetchall()[0][0]
    return Visit(
        fetch_id=fetch_id,
        capture_id=capture_id,
        url=url,
        kind=kind,
        at=at,
        reason=reason,
        is_first=first == fetch_id,
        is_304=is_304,
        found_on=found_on,
        etag=etag,
        last_modified=last_modified,
    )


def unvisited(db: Database, selection: Selection) -> Iterator[Visit | Unreadable]:
    """Captures without a row in `fetches` (a damaged archive), so that they are not forgotten."""
    where, values = selection.urls_sql(db, "c.url_id")
    last = 0
    while True:
        try:
            rows = db.execute(
                "SELECT c.id, u.url, u.kind, c.captured_at FROM captures AS c JOIN urls AS u ON u.id = c.url_id"  # noqa: S608
                f" WHERE c.id > ? AND {where} AND NOT EXISTS"
                " (SELECT 1 FROM fetches AS f WHERE f.url_id = c.url_id AND f.capture_id = c.id)"
                f" ORDER BY c.id LIMIT {_BATCH}",
                [last, *values],
            ).fetchall()
        except sqlite3.DatabaseError as error:
            yield Unreadable(kind="captures after", key=last, detail=str(error))
            return
        for number, url, kind, at in rows:
            yield Visit(fetch_id=None, capture_id=number, url=url, kind=kind, at=at, reason="ok", is_first=True)
        if len(rows) < _BATCH:
            return
        last = rows[-1][0]


def robots_of(db: Database, origin: str) -> list[tuple[RobotsFile, str]] | Unreadable:
    """Every version of an origin's robots.txt, each with its last sighting."""
    try:
        rows = db.execute(
            "SELECT fetched_at, last_seen_at, status, verdict, body, detail FROM robots WHERE origin = ? ORDER BY id",
            [origin],
        ).fetchall()
    except sqlite3.DatabaseError as error:
        return Unreadable(kind="robots", key=0, detail=f"{origin}: {error}")
    found = []
    for at, last_seen_at, status, verdict, body, detail in rows:
        fetched_at = from_text(at)
        assert fetched_at is not None  # noqa: S101  (NOT NULL)
        robots = RobotsFile(
            origin=origin, fetched_at=fetched_at, status=status, verdict=verdict, body=body, detail=detail
        )
        found.append((robots, last_seen_at))
    return found


def headline_of(db: Database, capture_id: int) -> str | None:
    """The headline of the article in a capture; None if it holds none."""
    try:
        rows = db.execute(
            "SELECT a.headline FROM article_captures AS ac JOIN articles AS a ON a.id = ac.article_id"
            " WHERE ac.capture_id = ? LIMIT 1",
            [capture_id],
        ).fetchall()
    except sqlite3.DatabaseError:  # a title is no reason to lose the page
        return None
    return str(rows[0][0]) if rows else None
