"""What alerts have found and sent, in a small separate file beside the archive: `kliping.db` has `kliping.alerts.db`.

News is on disk before anybody is notified, and each delivery is noted, one way at a time: a process that is killed in
between sends the rest the next time, under the same number.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from scraper.archive.file.connection import translated
from scraper.archive.file.times import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime, timedelta
    from pathlib import Path

    from sqlite_utils import Database

    from scraper.archive.ask.selection import Selection

NewsEvent = Literal["new", "changed", "withdrawn"]

_DDL = """
CREATE TABLE IF NOT EXISTS alerts (
  name TEXT PRIMARY KEY, begun_at TEXT NOT NULL, looked_at TEXT NOT NULL, last_article INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS news (
  alert TEXT NOT NULL, article_id INTEGER NOT NULL, event TEXT NOT NULL, revision INTEGER NOT NULL, found_at TEXT NOT NULL,
  digest INTEGER, PRIMARY KEY (alert, article_id, event, revision)
) STRICT;
CREATE INDEX IF NOT EXISTS news_digest ON news(digest);
CREATE TABLE IF NOT EXISTS digests (id INTEGER PRIMARY KEY, alert TEXT NOT NULL, made_at TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS owed (
  digest INTEGER NOT NULL, way TEXT NOT NULL, told_at TEXT, PRIMARY KEY (digest, way)
) STRICT;
"""
# The queries select from everything since the last look. A running crawl may still write what happened a little
# earlier, and what has been found is not found again: so looks overlap.
_OVERLAP_DAYS = 1
_FOUND: dict[NewsEvent, str] = {  # (article, revision), after an article's number or since a moment
    "new": "SELECT a.id, 1 FROM articles AS a WHERE a.id > ?",
    "changed": "SELECT a.id, r.revision + 1 FROM revisions AS r JOIN articles AS a ON a.id = r.article_id"
    " WHERE r.replaced_by = 'publisher' AND r.replaced_at >= ?",
    "withdrawn": "SELECT a.id, a.revision FROM articles AS a WHERE a.withdrawn_at >= ?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """Something that happened to an article: it appeared, its publisher changed it (`revision` is the version since),
    or withdrew it.
    """

    article_id: int
    event: NewsEvent
    revision: int
    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """News that is sent together, under its number; `owed` are the ways in which it has not been sent yet."""

    number: int
    alert: str
    made_at: datetime
    items: tuple[NewsItem, ...]
    owed: tuple[str, ...] = ()


class News:
    """The file of what alerts have found and sent. Every method leaves it intact, whenever the process is killed."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def look(self, db: Database, name: str, selection: Selection, *, at: datetime) -> int | None:
        """Note what has happened to the articles of a selection since the last look at an archive; returns how many
        events.

        None at the first look, which only sets the start: what is already there is not news.
        """
        last = db.execute("SELECT coalesce(max(id), 0) FROM articles").fetchall()[0][0]
        before = self._db.execute(
            "SELECT begun_at, date(looked_at, ?), last_article FROM alerts WHERE name = ?",
            [f"-{_OVERLAP_DAYS} days", name],
        ).fetchone()
        if before is None:
            with self._db:
                self._db.execute("INSERT INTO alerts VALUES (?, ?, ?, ?)", [name, to_text(at), to_text(at), last])
            return None
        where, values = selection.sql(db)
        since = max(before[0], before[1])
        rows = [
            (name, number, event, revision, to_text(at))
            for event, sql in _FOUND.items()
            for number, revision in db.execute(f"{sql} AND {where}", [before[2] if event == "new" else since, *values])
        ]
        with self._db:
            was = self._db.total_changes
            self._db.executemany(
                "INSERT OR IGNORE INTO news (alert, article_id, event, revision, found_at) VALUES (?, ?, ?, ?, ?)", rows
            )
            found = self._db.total_changes - was
            self._db.execute(
                "UPDATE alerts SET looked_at = ?, last_article = ? WHERE name = ?", [to_text(at), last, name]
            )
        return found

    def collect(self, name: str, ways: Iterable[str], *, every: timedelta, at: datetime) -> None:
        """Put what is in no digest yet into one, to be sent in these ways, if the last one (or the start) was `every`
        ago.
        """
        last = self._db.execute(
            "SELECT coalesce((SELECT max(made_at) FROM digests WHERE alert = :name), (SELECT begun_at FROM alerts WHERE name = :name))",
            {"name": name},
        ).fetchone()[0]
        waiting = self._db.execute("SELECT count(*) FROM news WHERE alert = ? AND digest IS NULL", [name]).fetchone()[0]
        if not waiting or (before := from_text(last)) is None or at - before < every:
            return
        with self._db:
            number = self._db.execute(
                "INSERT INTO digests (alert, made_at) VALUES (?, ?)", [name, to_text(at)]
            ).lastrowid
            self._db.execute("UPDATE news SET digest = ? WHERE alert = ? AND digest IS NULL", [number, name])
            self._db.executemany("INSERT INTO owed (digest, way) VALUES (?, ?)", [(number, way) for way in ways])

    def digests(self, name: str, *, last: int = 20) -> list[Digest]:
        """The last digests of an alert, and all earlier ones that are still owed, oldest first."""
        rows = self._db.execute(
            "SELECT id, made_at FROM digests WHERE alert = :name AND (id IN (SELECT digest FROM owed WHERE told_at IS NULL)"
            " OR id IN (SELECT id FROM digests WHERE alert = :name ORDER BY id DESC LIMIT :last)) ORDER BY id",
            {"name": name, "last": last},
        ).fetchall()
        return [
            Digest(
                number=number,
                alert=name,
                made_at=_moment(made_at),
                items=self._items("digest = ?", number),
                owed=self._owed(number),
            )
            for number, made_at in rows
        ]

    def waiting(self, name: str) -> tuple[NewsItem, ...]:
        """The news that is in no digest yet."""
        return self._items("digest IS NULL AND alert = ?", name)

    def note_told(self, digest: int, way: str, *, at: datetime) -> None:
        """Note that a digest was sent in a way."""
        with self._db:
            self._db.execute("UPDATE owed SET told_at = ? WHERE digest = ? AND way = ?", [to_text(at), digest, way])

    def forget(self, name: str) -> None:
        """Remove an alert with everything it found."""
        with self._db:
            self._db.execute("DELETE FROM owed WHERE digest IN (SELECT id FROM digests WHERE alert = ?)", [name])
            for table, column in (("digests", "alert"), ("news", "alert"), ("alerts", "name")):
                self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", [name])  # noqa: S608  (our own names)

    def _items(self, where: str, value: object) -> tuple[NewsItem, ...]:
        order = "ORDER BY article_id, event, revision"
        sql = f"SELECT article_id, event, revision, found_at FROM news WHERE {where} {order}"  # noqa: S608
        rows = self._db.execute(sql, [value]).fetchall()
        return tuple(
            NewsItem(article_id=article_id, event=event, revision=revision, found_at=_moment(found_at))
            for article_id, event, revision, found_at in rows
        )

    def _owed(self, digest: int) -> tuple[str, ...]:
        sql = "SELECT way FROM owed WHERE digest = ? AND told_at IS NULL ORDER BY way"
        return tuple(way for (way,) in self._db.execute(sql, [digest]))


@contextmanager
def open_news(archive: Path) -> Iterator[News]:
    """Open the file beside an archive, or create it. Raises ArchiveError, ArchiveLocked and the like."""
    path = archive.with_name(f"{archive.stem}.alerts.db")
    with translated(path), closing(sqlite3.connect(path, timeout=30.0)) as connection:
        connection.executescript(_DDL)
        yield News(connection)


def _moment(text: str) -> datetime:
    at = from_text(text)
    assert at is not None  # noqa: S101  (NOT NULL)
    return at
