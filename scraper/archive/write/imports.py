"""Importing what no crawl of ours fetched: how far each file has been imported, and where in it every capture is."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from scraper.archive.file.bodies import digest
from scraper.archive.file.connection import transaction
from scraper.archive.file.lookup import capture
from scraper.archive.file.rows import clean
from scraper.archive.file.store import body_of
from scraper.archive.file.times import from_text, to_text
from scraper.archive.write.frontier import QueuedLink, insert_url
from scraper.archive.write.save import save_page
from scraper.text import storable

if TYPE_CHECKING:
    from sqlite_utils import Database

    from scraper.archive.write.pageresult import PageResult, Saved
    from scraper.records import Capture, Link, RobotsFile

ImportKind = Literal["warc", "html", "urls"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file or folder being imported: everything before `position` in `member` is done, `outcomes` counts it."""

    import_id: int
    source: str
    member: str
    position: int
    outcomes: Counter[str]
    is_finished: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPosition:
    """A position in an import: a member of a package or folder ("" if it has none), and an offset.

    `digest` is that of the payload, in the one spelling by which revisits are looked up.
    """

    member: str = ""
    offset: int = 0
    record_id: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRevisit:
    """A visit that found a page unchanged from another place or time, whose page is not here; `about` is what our own
    export says about it.
    """

    place: ImportPosition
    url: str
    at: datetime
    is_unmodified: bool
    refers_to: str | None = None
    refers_to_url: str | None = None
    refers_to_at: datetime | None = None
    about: str = "{}"
    import_id: int = 0
    number: int = 0


def begin_import(
    db: Database, *, run_id: int, kind: ImportKind, source: str, fingerprint: bytes, chosen: str
) -> Import:
    """The import of these bytes with this selection: a new one, or the one that was begun (or finished) before."""
    with transaction(db):
        db.execute(
            "INSERT INTO imports (run_id, kind, source, fingerprint, chosen) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (kind, fingerprint, chosen) DO NOTHING",
            [run_id, kind, storable(source), fingerprint, chosen],
        )
        number = db.execute(
            "SELECT id FROM imports WHERE kind = ? AND fingerprint = ? AND chosen = ?", [kind, fingerprint, chosen]
        ).fetchall()[0][0]
    return known_import(db, number)


def known_import(db: Database, import_id: int) -> Import:
    """An import in the state in which it was left."""
    source, member, position, outcomes, finished_at = db.execute(
        "SELECT source, member, position, outcomes, finished_at FROM imports WHERE id = ?", [import_id]
    ).fetchall()[0]
    return Import(
        import_id=import_id,
        source=source,
        member=member,
        position=position,
        outcomes=Counter(json.loads(outcomes)),
        is_finished=finished_at is not None,
    )


def note_import(
    db: Database,
    import_id: int,
    outcomes: Counter[str],
    *,
    done: ImportPosition | None = None,
    at: datetime | None = None,
) -> None:
    """Store how far an import has got (everything before `done`), or with `at` that it is finished; on its own or
    inside a transaction.
    """
    with transaction(db):
        db.execute("UPDATE imports SET outcomes = ? WHERE id = ?", [json.dumps(outcomes), import_id])
        if done is not None:
            db.execute(
                "UPDATE imports SET member = ?, position = ? WHERE id = ?",
                [storable(done.member), done.offset, import_id],
            )
        if at is not None:
            db.execute("UPDATE imports SET finished_at = ? WHERE id = ?", [to_text(at), import_id])


def known_for_import(db: Database, link: Link, *, at: datetime) -> QueuedLink:
    """The URL of a link, made known without being queued."""
    with transaction(db):
        found_on = db.execute("SELECT id FROM urls WHERE url = ?", [link.found_on or ""]).fetchall()
        insert_url(db, link, found_at=at, found_on_id=found_on[0][0] if found_on else None)
        url_id, url, kind, host, depth = db.execute(
            "SELECT id, url, kind, host, depth FROM urls WHERE url = ?", [storable(link.url)]
        ).fetchall()[0]
    return QueuedLink(
        url_id=url_id,
        url=url,
        kind=kind,
        host=host,
        depth=depth,
        failures=0,
        unchanged=0,
        interval_s=None,
        published_hint=None,
        etag=None,
        last_modified=None,
    )


def import_page(db: Database, import_id: int, result: PageResult, place: ImportPosition) -> Saved:
    """Save a page as a crawl does, and where it came from. Call in the transaction that stores how far the import has
    got.
    """
    saved = save_page(db, result)
    if saved.capture_id is not None:
        db.execute(
            "INSERT INTO capture_origins (capture_id, import_id, member, offset, record_id) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (import_id, member, offset) DO NOTHING",
            [saved.capture_id, import_id, storable(place.member), place.offset, clean(place.record_id)],
        )
        _name(db, saved.capture_id, place)
    return saved


def name_visit(db: Database, url: str, at: datetime, place: ImportPosition) -> None:
    """Store the names by which a record refers to a visit that is already known."""
    rows = db.execute(
        "SELECT f.capture_id FROM fetches AS f JOIN urls AS u ON u.id = f.url_id"
        " WHERE u.url = ? AND f.at = ? AND f.capture_id IS NOT NULL LIMIT 1",
        [storable(url), to_text(at)],
    ).fetchall()
    if rows:
        with transaction(db):
            _name(db, rows[0][0], place)


def _name(db: Database, capture_id: int, place: ImportPosition) -> None:
    for name in (place.record_id, place.digest):
        if name:
            db.execute("INSERT OR IGNORE INTO record_names VALUES (?, ?)", [_key(name), capture_id])


def _key(name: str) -> bytes:
    return hashlib.sha256(name.encode("utf-8", "replace")).digest()[:16]


def capture_named(db: Database, name: str) -> Capture | None:
    """The capture of a record with this id or payload digest; None if it is not here."""
    rows = db.execute(
        "SELECT capture_id FROM record_names WHERE name = ? ORDER BY capture_id LIMIT 1", [_key(name)]
    ).fetchall()
    return capture(db, rows[0][0]) if rows else None


def is_named(db: Database, capture: Capture, name: str) -> bool:
    """Whether an imported capture belongs to a record with this id or payload digest."""
    rows = db.execute(
        "SELECT 1 FROM record_names AS n JOIN captures AS c ON c.id = n.capture_id JOIN bodies AS b ON b.id = c.body_id"
        " WHERE n.name = ? AND b.sha256 = ? LIMIT 1",
        [_key(name), digest(capture.body)],
    ).fetchall()
    return bool(rows)


def keep_waiting(db: Database, revisit: WaitingRevisit) -> bool:
    """Keep a revisit until its original arrives; returns whether it is new."""
    place = revisit.place
    cursor = db.execute(
        "INSERT OR IGNORE INTO waiting_revisits (import_id, member, offset, record_id, url, at, is_unmodified,"
        " refers_to, refers_to_url, refers_to_at, digest, about) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            revisit.import_id, storable(place.member), place.offset, clean(place.record_id), storable(revisit.url),
            to_text(revisit.at), int(revisit.is_unmodified), clean(revisit.refers_to), clean(revisit.refers_to_url),
            to_text(revisit.refers_to_at) if revisit.refers_to_at else None, clean(place.digest), storable(revisit.about),
        ],
    )  # fmt: skip
    return bool(cursor.rowcount > 0)


def waiting_revisits(db: Database, *, after: int = 0, limit: int = 500) -> list[WaitingRevisit]:
    """Revisits whose original has not arrived yet, in the order of their numbers, after the number `after`."""
    rows = db.query(
        "SELECT * FROM waiting_revisits WHERE id > ? ORDER BY id LIMIT ?",
        [after, limit],
    )
    return [
        WaitingRevisit(
            place=ImportPosition(
                member=row["member"], offset=row["offset"], record_id=row["record_id"], digest=row["digest"]
            ),
            url=row["url"],
            at=datetime.fromisoformat(row["at"]),
            is_unmodified=bool(row["is_unmodified"]),
            refers_to=row["refers_to"],
            refers_to_url=row["refers_to_url"],
            refers_to_at=from_text(row["refers_to_at"]),
            about=row["about"],
            import_id=row["import_id"],
            number=row["id"],
        )
        for row in rows
    ]


def waits_no_longer(db: Database, number: int) -> None:
    """Remove a revisit from those that wait."""
    db.execute("DELETE FROM waiting_revisits WHERE id = ?", [number])


def has_visit(db: Database, url: str, *, at: datetime) -> bool:
    """Whether an attempt on this URL at this second is known: the same visit, from an earlier import or our own crawl."""
    rows = db.execute(
        "SELECT 1 FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE u.url = ? AND f.at = ? LIMIT 1",
        [storable(url), to_text(at)],
    ).fetchall()
    return bool(rows)


def newest_version_at(db: Database, article_url: str) -> str | None:
    """When the stored text of an article was last seen (UTC, as stored); None if it is not stored."""
    rows = db.execute("SELECT last_seen_at FROM articles WHERE url = ?", [storable(article_url)]).fetchall()
    return str(rows[0][0]) if rows else None


def body_by_digest(db: Database, sha256: bytes) -> bytes | None:
    """A body by its SHA-256; None if it is not here."""
    rows = db.execute("SELECT id FROM bodies WHERE sha256 = ?", [sha256]).fetchall()
    return body_of(db, rows[0][0]) if rows else None


def capture_of_visit(db: Database, url: str, *, at: datetime | None = None) -> Capture | None:
    """The capture with which a URL answered at a time, or before it; the newest if no time is given; None if there is
    none.
    """
    rows = db.execute(
        "SELECT f.capture_id FROM fetches AS f JOIN urls AS u ON u.id = f.url_id"
        " WHERE (u.url = ? OR f.final_url = ?) AND f.at <= ? AND f.capture_id IS NOT NULL ORDER BY f.at DESC, f.id DESC LIMIT 1",
        [storable(url), storable(url), to_text(at) if at else "9"],
    ).fetchall()
    return capture(db, rows[0][0]) if rows else None


def imported_by_month(db: Database, import_id: int) -> list[tuple[str, int, int]]:
    """(month of capture "YYYY-MM", captures, articles read from them) of an import."""
    return db.execute(
        "SELECT substr(c.captured_at, 1, 7), count(DISTINCT c.id), count(DISTINCT a.article_id)"
        " FROM capture_origins AS o JOIN captures AS c ON c.id = o.capture_id"
        " LEFT JOIN article_captures AS a ON a.capture_id = c.id WHERE o.import_id = ? GROUP BY 1 ORDER BY 1",
        [import_id],
    ).fetchall()


def keep_robots(db: Database, robots: RobotsFile, *, last_seen_at: datetime) -> bool:
    """Store a version of a robots.txt found elsewhere; returns whether it is new."""
    with transaction(db):
        known = db.execute(
            "SELECT 1 FROM robots WHERE origin = ? AND fetched_at = ? AND verdict = ?",
            [robots.origin, to_text(robots.fetched_at), robots.verdict],
        ).fetchall()
        if known:
            return False
        db.execute(
            "INSERT INTO robots (origin, fetched_at, last_seen_at, status, verdict, body, detail) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                robots.origin,
                to_text(robots.fetched_at),
                to_text(last_seen_at),
                robots.status,
                robots.verdict,
                robots.body,
                robots.detail,
            ],
        )
    return True


def origin_digest(db: Database, import_id: int, member: str) -> bytes | None:
    """The SHA-256 of what was imported from a file in a folder; None if nothing was."""
    rows = db.execute(
        "SELECT b.sha256 FROM capture_origins AS o JOIN captures AS c ON c.id = o.capture_id"
        " JOIN bodies AS b ON b.id = c.body_id WHERE o.import_id = ? AND o.member = ? ORDER BY o.id DESC LIMIT 1",
        [import_id, storable(member)],
    ).fetchall()
    return bytes(rows[0][0]) if rows else None
