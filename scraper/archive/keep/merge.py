"""Merges one archive into another: the same URL, bytes and visit become one, and both histories are kept.

Everything is identified by what it is (a URL, a digest, a moment), never by its number, so that merging the same
archive twice changes nothing. It is one transaction: a merge is complete or has not happened.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from scraper.archive.ask.selection import Selection, Unreadable, read_capture, selected_articles
from scraper.archive.file.connection import open_archive, path_of, reading_uri, snapshot, transaction
from scraper.archive.file.rows import columns, insert, translated_columns
from scraper.archive.file.soundness import first_problem
from scraper.archive.file.store import store_body
from scraper.archive.file.times import from_text
from scraper.archive.file.watch import limited
from scraper.archive.write.joining import join_articles
from scraper.errors import ArchiveDamaged, ArchiveRefused
from scraper.urls import host_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlite_utils import Database

# What is not merged, and why.
LEFT_BEHIND = {
    "dictionaries": "made anew where the bodies go",
    "templates": "made anew where the bodies go",
    "template_changes": "made anew where the bodies go",
    "bodies": "repacked one by one, with their captures",
    "near_signatures": "made anew by `kliping clusters`",
    "clusters": "made anew by `kliping clusters`",
    "cluster_members": "made anew by `kliping clusters`",
    "near_pairs": "made anew by `kliping clusters`",
    "quotations": "made anew by `kliping clusters`",
    "articles_fts": "kept by triggers",
    "articles_vocab": "a view of the index",
    "facets": "kept by triggers",
    "article_facets": "kept by triggers",
    "champions": "made anew by `kliping pack`",
    "champions_pending": "kept by triggers",
    "descriptions": "the same everywhere",
    "regions": "the same everywhere",
    "checks": "of the file itself",
    "rereads": "work on the archive it was begun in",
    "reread_changes": "work on the archive it was begun in",
    "rejudged": "work on the archive it was begun in",
    "turns": "the schedule of the archive's own crawls",
    "health_checks": "of the archive's own crawls",
    "alarms": "of the archive's own crawls",
    "followed": "found again by the archive's own crawls",
    "host_days": "how hosts answered the archive's own crawls",
    "rhythm": "learned again by the archive's own crawls",
}
_MAPS = ("sites", "runs", "urls", "captures", "robots", "tdmrep", "people", "articles", "imports")
_BATCH = 500
_SAME_RUN = "t.kind = s.kind AND t.started_at = s.started_at AND t.version = s.version AND t.arguments = s.arguments"


@dataclass(slots=True, kw_only=True)
class Merged:
    """What was new, by table, and which captures of the source could not be read."""

    counts: Counter[str] = field(default_factory=Counter)
    unreadable: list[Unreadable] = field(default_factory=list)


def merge(db: Database, source: Path, *, on_capture: Callable[[Counter[str]], None] = lambda _counts: None) -> Merged:
    """Merge another archive's content into this one.

    Single rows that cannot be read or lead nowhere are left out and named. Raises ArchiveRefused if `source` is this
    archive, ArchiveError if it is of another format, and ArchiveDamaged if it cannot be merged completely.
    """
    if source.resolve() == path_of(db).resolve():
        raise ArchiveRefused(f"{source}: is the archive itself")
    done = Merged()
    limit: AbstractContextManager[None]
    with open_archive(source) as old:
        # In a file with a broken structure, a step may never end; what is lost is named, and the rest merged.
        if (problem := first_problem(old)) is not None:
            done.unreadable.append(Unreadable(kind="structure", key=0, detail=problem))
            limit = limited(db, str(source), 600 + source.stat().st_size / 1_000_000)
        else:
            limit = nullcontext()
        db.execute("ATTACH ? AS source", [reading_uri(source)])
        try:
            with limit, transaction(db):
                db.execute("SELECT 1 FROM source.urls LIMIT 1").fetchall()  # from here on both are seen as of now
                with snapshot(old):
                    _merge(db, old, done, on_capture)
        except sqlite3.IntegrityError as error:
            raise ArchiveDamaged(f"{source}: {error} (`kliping verify` names what is damaged)") from error
        finally:
            db.execute("DETACH source")
    return done


def _merge(db: Database, old: Database, done: Merged, on_capture: Callable[[Counter[str]], None]) -> None:
    for name in _MAPS:
        db.execute(f"CREATE TEMP TABLE m_{name} (old INTEGER PRIMARY KEY, new INTEGER NOT NULL)")
    db.execute("CREATE TEMP TABLE m_unread (old INTEGER PRIMARY KEY)")
    for table, rowid, parent, _ in old.execute("PRAGMA foreign_key_check").fetchall():
        detail = f"refers to a missing row of {parent}"
        done.unreadable.append(Unreadable(kind=f"row of {table}", key=rowid or 0, detail=detail))
    _plain(db, done, "sites", "t.slug = s.slug")
    _plain(db, done, "runs", _SAME_RUN)
    db.execute(
        "UPDATE runs SET (finished_at, exit_code, limits, note) = (SELECT s.finished_at, s.exit_code, s.limits, s.note"
        " FROM source.runs AS s JOIN m_runs AS m ON m.old = s.id WHERE m.new = runs.id)"
        " WHERE finished_at IS NULL AND id IN (SELECT new FROM m_runs)"
    )
    _urls(db, done)
    _plain(db, done, "robots", "t.origin = s.origin AND t.fetched_at = s.fetched_at AND t.verdict = s.verdict")
    _plain(db, done, "tdmrep", "t.origin = s.origin AND t.fetched_at = s.fetched_at")
    for table in ("robots", "tdmrep"):
        db.execute(
            f"UPDATE {table} SET last_seen_at = max(last_seen_at, (SELECT max(s.last_seen_at) FROM source.{table} AS s"  # noqa: S608
            f" JOIN m_{table} AS m ON m.old = s.id WHERE m.new = {table}.id)) WHERE id IN (SELECT new FROM m_{table})"
        )
    _captures(db, old, done, on_capture)
    _fetches(db, done)
    _plain(db, done, "people", "t.name = s.name")
    _unread_articles(db, old, done)
    done.counts.update(join_articles(db))
    _addresses(db, done)
    _suspects(db, done)
    _frontier(db, done)
    _rest(db, done)
    for name in (*_MAPS, "unread"):
        db.execute(f"DROP TABLE temp.m_{name}")


def _unread_articles(db: Database, old: Database, done: Merged) -> None:
    """Name the articles whose rows are not as an archive writes them; they are left out."""
    for found in selected_articles(old, Selection()):
        if isinstance(found, Unreadable):
            done.unreadable.append(found)
            db.execute("INSERT INTO m_unread VALUES (?)", [found.key])


def _plain(
    db: Database, done: Merged, table: str, same: str, *, mapped: dict[str, str] | None = None, has_map: bool = True
) -> None:
    """Insert the rows that are missing here according to the condition `same` (of t, here, and s, there), and map the
    numbers of all.

    `mapped` are the columns that hold numbers, with their maps; a number that leads nowhere becomes NULL.
    """
    before = db.execute(f"SELECT count(*) FROM main.{table}").fetchall()[0][0]  # noqa: S608
    names = columns(db, table)
    mapped = mapped or {}
    values = translated_columns(names, mapped)
    for name, value in zip(names, values, strict=True):
        if name in mapped:
            same = same.replace(f"s.{name}", value)
    needed = [f"{values[names.index(name)]} IS NOT NULL" for name in mapped if name in _NEEDED.get(table, ())]
    db.execute(
        f"INSERT INTO main.{table} ({', '.join(names)}) SELECT {', '.join(values)} FROM source.{table} AS s"  # noqa: S608
        f" WHERE {' AND '.join((*needed, 'TRUE'))} AND NOT EXISTS (SELECT 1 FROM main.{table} AS t WHERE {same}) ORDER BY s.id"
    )
    if has_map:
        db.execute(
            f"INSERT INTO m_{table} SELECT s.id, min(t.id) FROM source.{table} AS s JOIN main.{table} AS t ON {same} GROUP BY s.id"  # noqa: S608
        )
    done.counts[table] += db.execute(f"SELECT count(*) FROM main.{table}").fetchall()[0][0] - before  # noqa: S608


# Columns without which a row is meaningless.
_NEEDED = {
    "capture_origins": ("capture_id", "import_id"),
    "waiting_revisits": ("import_id",),
    "pruned": ("url_id",),
    "suspects": ("article_id", "url_id", "capture_id"),
    "fetches": ("url_id", "run_id"),
}


def _urls(db: Database, done: Merged) -> None:
    last = db.execute("SELECT coalesce(max(id), 0) FROM urls").fetchall()[0][0]
    names = columns(db, "urls", but=("id", "site_id", "found_on_id", "named_on_id"))
    db.execute(
        f"INSERT INTO urls ({', '.join(names)}, site_id) SELECT {', '.join(f's.{name}' for name in names)}, m.new"  # noqa: S608
        " FROM source.urls AS s LEFT JOIN m_sites AS m ON m.old = s.site_id"
        " WHERE s.url NOT IN (SELECT url FROM main.urls) ORDER BY s.id"
    )
    db.execute("INSERT INTO m_urls SELECT s.id, t.id FROM source.urls AS s JOIN main.urls AS t ON t.url = s.url")
    db.execute(
        "UPDATE urls SET found_on_id = (SELECT m.new FROM source.urls AS s JOIN m_urls AS m ON m.old = s.found_on_id"
        " WHERE s.url = urls.url) WHERE id > ?",
        [last],
    )
    done.counts["urls"] += db.execute("SELECT count(*) FROM urls WHERE id > ?", [last]).fetchall()[0][0]


def _captures(db: Database, old: Database, done: Merged, on_capture: Callable[[Counter[str]], None]) -> None:
    """Map the captures that are here by URL and bytes; copy the others, with each body unpacked, checked and packed
    again.
    """
    db.execute(
        "INSERT INTO m_captures SELECT c.id, t.id FROM source.captures AS c JOIN source.bodies AS b ON b.id = c.body_id"
        " JOIN m_urls AS u ON u.old = c.url_id JOIN main.bodies AS own ON own.sha256 = b.sha256"
        " JOIN main.captures AS t ON t.url_id = u.new AND t.body_id = own.id"
    )
    names = columns(db, "captures", but=("id", "url_id", "body_id"))
    last = 0
    while rows := list(
        db.query(
            f"SELECT id, body_id, url_id, {', '.join(names)} FROM source.captures AS s"  # noqa: S608
            f" WHERE id > ? AND NOT EXISTS (SELECT 1 FROM m_captures WHERE old = s.id) ORDER BY id LIMIT {_BATCH}",
            [last],
        )
    ):
        last = rows[-1]["id"]
        for row in rows:
            found = read_capture(old, row["id"])
            if isinstance(found, Unreadable):
                done.unreadable.append(found)
                continue
            _take_capture(db, old, row, found.body)
            done.counts["captures"] += 1
            on_capture(done.counts)


def _take_capture(db: Database, old: Database, row: dict[str, Any], body: bytes) -> None:
    number, url_id = row.pop("id"), db.execute("SELECT new FROM m_urls WHERE old = ?", [row["url_id"]]).fetchall()[0][0]
    previous = db.execute("SELECT body_id FROM captures WHERE url_id = ? ORDER BY id DESC LIMIT 1", [url_id]).fetchall()
    looks = old.execute(
        "SELECT coalesce((SELECT a.layout || ' ' || a.kind FROM article_captures AS ac JOIN articles AS a ON a.id = ac.article_id"
        " WHERE ac.capture_id = ? LIMIT 1), u.kind) FROM urls AS u WHERE u.id = ?",
        [number, row["url_id"]],
    ).fetchall()[0][0]
    body_id = store_body(
        db,
        body,
        host=host_of(row["final_url"]),
        template=looks,
        at=from_text(row["captured_at"]) or datetime.min.replace(tzinfo=UTC),
        previous_id=previous[0][0] if previous else None,
    )
    new = insert(db, "captures", row | {"url_id": url_id, "body_id": body_id})
    db.execute("INSERT INTO m_captures VALUES (?, ?)", [number, new])


def _fetches(db: Database, done: Merged) -> None:
    """Copy the visits; those of a URL that both know are put in order of time, which their numbers stand for."""
    last = db.execute("SELECT coalesce(max(id), 0) FROM fetches").fetchall()[0][0]
    mapped = {"url_id": "urls", "run_id": "runs", "capture_id": "captures", "robots_id": "robots"}
    # A page that came here through an export and an import belongs to another run, but is the same visit. It is looked
    # up by its URL, and the "+" keeps SQLite from searching all visits of a run or of a second instead.
    same = "t.url_id = s.url_id AND +t.at = s.at AND +t.reason = s.reason AND (+t.run_id = s.run_id OR +t.capture_id = s.capture_id)"
    _plain(db, done, "fetches", same, mapped=mapped, has_map=False)
    db.execute(
        "CREATE TEMP TABLE moved AS WITH shared AS (SELECT url_id FROM fetches GROUP BY url_id HAVING min(id) <= ? AND max(id) > ?),"
        " ordered AS (SELECT id, url_id, row_number() OVER (PARTITION BY url_id ORDER BY at, id) AS place,"
        " row_number() OVER (PARTITION BY url_id ORDER BY id) AS number FROM fetches WHERE url_id IN shared)"
        " SELECT o.id AS old, n.id AS new FROM ordered AS o JOIN ordered AS n ON n.url_id = o.url_id AND n.number = o.place"
        " WHERE o.id <> n.id",
        [last, last],
    )
    db.execute("UPDATE fetches SET id = -(SELECT new FROM moved WHERE old = id) WHERE id IN (SELECT old FROM moved)")
    db.execute("UPDATE fetches SET id = -id WHERE id < 0")
    db.execute("DROP TABLE temp.moved")


def _addresses(db: Database, done: Merged) -> None:
    """Copy an article's other addresses, unless a different article is stored there."""
    before = db.execute("SELECT count(*) FROM addresses").fetchall()[0][0]
    db.execute(
        "INSERT INTO addresses (url, article_id, since, why) SELECT s.url, m.new, s.since, s.why FROM source.addresses AS s"
        " JOIN m_articles AS m ON m.old = s.article_id WHERE s.url NOT IN (SELECT url FROM main.articles)"
        " ON CONFLICT (url) DO NOTHING"
    )
    done.counts["addresses"] += db.execute("SELECT count(*) FROM addresses").fetchall()[0][0] - before


def _suspects(db: Database, done: Merged) -> None:
    """Copy the versions that wait for confirmation, and those that were decided; only the older one of a URL keeps
    waiting.
    """
    mapped = {"article_id": "articles", "url_id": "urls", "capture_id": "captures"}
    waits = "t.state = 'waiting' AND s.state = 'waiting' AND t.url_id = s.url_id"
    db.execute(
        "DELETE FROM main.suspects AS t WHERE EXISTS (SELECT 1 FROM source.suspects AS s JOIN m_urls AS m ON m.old = s.url_id"
        " JOIN m_captures AS c ON c.old = s.capture_id JOIN m_articles AS a ON a.old = s.article_id WHERE m.new = t.url_id"
        " AND t.state = 'waiting' AND s.state = 'waiting' AND s.first_seen_at < t.first_seen_at)"
    )
    same = f"(({waits}) OR (t.url_id = s.url_id AND t.first_seen_at = s.first_seen_at))"
    _plain(db, done, "suspects", same, mapped=mapped, has_map=False)
    db.execute(  # the other archive may know that the article came back
        "UPDATE suspects SET state = 'dropped', decided_at = (SELECT last_seen_at FROM articles WHERE id = article_id)"
        " WHERE state = 'waiting' AND last_seen_at < (SELECT last_seen_at FROM articles WHERE id = article_id)"
    )


def _frontier(db: Database, done: Merged) -> None:
    """Copy what is queued there, unless this archive has looked at the URL since; what both have queued stays as it is
    here.
    """
    before = db.execute("SELECT count(*) FROM frontier").fetchall()[0][0]
    names = columns(db, "frontier", but=("url_id", "leased_by", "leased_at"))
    db.execute(
        f"INSERT INTO frontier (url_id, {', '.join(names)}) SELECT m.new, {', '.join(f's.{name}' for name in names)}"  # noqa: S608
        " FROM source.frontier AS s JOIN m_urls AS m ON m.old = s.url_id WHERE m.new NOT IN (SELECT url_id FROM main.frontier)"
        " AND coalesce((SELECT max(at) FROM source.fetches WHERE url_id = s.url_id), '')"
        " >= coalesce((SELECT max(at) FROM main.fetches WHERE url_id = m.new), '')"
    )
    db.execute(
        "UPDATE urls SET given_up_at = NULL, given_up_why = NULL"
        " WHERE given_up_at IS NOT NULL AND id IN (SELECT url_id FROM frontier)"
    )
    done.counts["frontier"] += db.execute("SELECT count(*) FROM frontier").fetchall()[0][0] - before


def _rest(db: Database, done: Merged) -> None:
    same = "t.kind = s.kind AND t.fingerprint = s.fingerprint AND t.chosen = s.chosen"
    _plain(db, done, "imports", same, mapped={"run_id": "runs"})
    origins = {"capture_id": "captures", "import_id": "imports"}
    same = "t.import_id = s.import_id AND t.member = s.member AND t.offset = s.offset"
    _plain(db, done, "capture_origins", same, mapped=origins, has_map=False)
    db.execute(
        "INSERT OR IGNORE INTO main.record_names SELECT s.name, m.new FROM source.record_names AS s"
        " JOIN m_captures AS m ON m.old = s.capture_id"
    )
    same = "t.import_id = s.import_id AND t.url = s.url AND t.at = s.at"
    _plain(db, done, "waiting_revisits", same, mapped={"import_id": "imports"}, has_map=False)
    same = "t.url_id = s.url_id AND t.sha256 = s.sha256 AND t.captured_at = s.captured_at"
    _plain(db, done, "pruned", same, mapped={"url_id": "urls"}, has_map=False)
    # What was learned later applies.
    walked = "coalesce(excluded.walked_at, excluded.asked_at) > coalesce(coverage.walked_at, coverage.asked_at)"
    _newest(db, "coverage", ("site", "day"), walked)
    _newest(db, "publishers", ("publisher",), "excluded.seen_at > publishers.seen_at")
    _newest(db, "moves", ("host",), "excluded.last_seen_at > moves.last_seen_at")


def _newest(db: Database, table: str, key: tuple[str, ...], is_newer: str) -> None:
    names = columns(db, table)
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name not in key)
    db.execute(
        f"INSERT INTO main.{table} ({', '.join(names)}) SELECT {', '.join(names)} FROM source.{table} WHERE TRUE"  # noqa: S608
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes} WHERE {is_newer}"
    )
