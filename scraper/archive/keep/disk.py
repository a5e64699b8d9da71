"""Where the bytes of an archive are: by table and index, by packing, by host."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scraper.archive.file.connection import log_bytes, path_of

if TYPE_CHECKING:
    from sqlite_utils import Database

_HOSTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Packing:
    """Bodies packed in one way: how many, their bytes as received and as stored."""

    codec: str
    bodies: int
    raw_bytes: int
    stored_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostBytes:
    """The captures of a host and the stored bytes of their bodies (one shared by two hosts counts for both)."""

    host: str
    captures: int
    stored_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskUse:
    """Bytes of the file, of its log (-wal) and free inside it; by table and index (None if SQLite cannot tell), packing
    and host.
    """

    file_bytes: int
    log_bytes: int
    free_bytes: int
    objects: tuple[tuple[str, int], ...] | None
    packings: tuple[Packing, ...]
    hosts: tuple[HostBytes, ...]
    dictionary_bytes: int


def disk_use(db: Database) -> DiskUse:
    """Measure the archive; reads every page of the file."""

    def one(sql: str) -> int:
        return int(db.execute(sql).fetchall()[0][0])

    path = path_of(db)
    page = one("PRAGMA page_size")
    packings = db.query(
        "SELECT codec, count(*) AS bodies, sum(raw_bytes) AS raw_bytes, sum(length(data)) AS stored_bytes FROM bodies"
        " GROUP BY codec ORDER BY stored_bytes DESC"
    )
    hosts = db.query(
        "SELECT u.host, count(*) AS captures, sum(length(b.data)) AS stored_bytes FROM captures AS c"
        " JOIN urls AS u ON u.id = c.url_id JOIN bodies AS b ON b.id = c.body_id"
        " GROUP BY u.host ORDER BY stored_bytes DESC, u.host LIMIT ?",
        [_HOSTS],
    )
    return DiskUse(
        file_bytes=one("PRAGMA page_count") * page,
        log_bytes=log_bytes(path),
        free_bytes=one("PRAGMA freelist_count") * page,
        objects=_objects(db),
        packings=tuple(Packing(**row) for row in packings),
        hosts=tuple(HostBytes(**row) for row in hosts),
        dictionary_bytes=one("SELECT coalesce(sum(length(data)), 0) FROM dictionaries"),
    )


def _objects(db: Database) -> tuple[tuple[str, int], ...] | None:
    """Bytes of each table with its indexes and of each index table, the largest first; None without SQLite's dbstat."""
    try:
        rows = db.execute(
            "SELECT coalesce(s.tbl_name, d.name), sum(d.pgsize) FROM dbstat AS d LEFT JOIN sqlite_schema AS s ON s.name = d.name"
            " WHERE d.aggregate = TRUE GROUP BY 1 ORDER BY 2 DESC, 1"
        ).fetchall()
    except sqlite3.OperationalError:
        return None
    return tuple((name, size) for name, size in rows)
