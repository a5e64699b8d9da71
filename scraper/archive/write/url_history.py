"""What was seen of a URL and its host: the evidence on which it is requested again, or given up."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from scraper.archive.file.times import from_text, to_text
from scraper.reasons import Reason
from scraper.records import Sighting, Standing
from scraper.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from scraper.records import LinkKind

_LOOKS = 200  # the newest of a URL that has been failing for years
NAMED_TO = timedelta(days=1)  # the precision of `named_at`: a feed is read a hundred times a day
_WELL = (Reason.OK, Reason.UNCHANGED, Reason.PAYWALLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the archive knows about a URL.

    `looks` are the attempts since it last answered well, oldest first, each with how its host did on that day (None:
    not known). `is_only` says that nothing else is known about its host. `named_at` is when a listing last named it,
    including looks at which that listing had not changed; None if none did.
    """

    looks: tuple[tuple[Sighting, Standing | None], ...]
    was_read: bool
    is_only: bool
    named_at: datetime | None


def was_read(db: Database, url_id: int) -> bool:
    """Whether an article was once read from a URL, or is stored under it.

    Its stored text may be from another of its addresses by now; the URL's attempts still show that it gave it.
    """
    return bool(
        db.execute(
            "SELECT 1 FROM captures AS c JOIN article_captures AS a ON a.capture_id = c.id WHERE c.url_id = ?1"
            " UNION ALL SELECT 1 FROM urls AS u JOIN articles AS a ON a.url = u.url WHERE u.id = ?1"
            " UNION ALL SELECT 1 FROM urls AS u JOIN fetches AS f ON f.url_id = u.id AND f.reason IN ('ok', 'paywalled')"
            " WHERE u.id = ?1 AND u.kind = 'article' LIMIT 1",
            [url_id],
        ).fetchall()
    )


def seen(db: Database, url_id: int, host: str, kind: LinkKind) -> Seen:
    """What is known of a URL."""
    is_read = was_read(db, url_id)
    # A page that was never read and has not changed is still what it was.
    well = [reason.value for reason in _WELL if is_read or kind != "article" or reason is not Reason.UNCHANGED]
    rows = db.execute(
        "SELECT f.at, f.reason, f.status, d.asked, d.well, d.fresh, d.fresh_well FROM fetches AS f"  # noqa: S608
        " LEFT JOIN host_days AS d ON d.host = ? AND d.day = substr(f.at, 1, 10)"
        " WHERE f.url_id = ? AND f.id > coalesce((SELECT max(id) FROM fetches WHERE url_id = ?"
        f" AND reason IN ({', '.join('?' * len(well))})), 0) ORDER BY f.id DESC LIMIT {_LOOKS}",
        [host, url_id, url_id, *well],
    ).fetchall()
    looks: list[tuple[Sighting, Standing | None]] = []
    for text, reason, status, *counts in reversed(rows):
        at = from_text(text)
        assert at is not None  # noqa: S101  (NOT NULL)
        said = looks[-1][0].reason if reason == Reason.UNCHANGED and looks else Reason(reason)
        standing = _standing(counts) if counts[0] is not None else None
        looks.append((Sighting(at=at, reason=said, status=status), standing))
    only = db.execute("SELECT 1 FROM urls WHERE host = ? AND id <> ? LIMIT 1", [host, url_id]).fetchall()
    return Seen(looks=tuple(looks), was_read=is_read, is_only=not only, named_at=_named_at(db, url_id))


def standing(db: Database, host: str, at: datetime) -> Standing | None:
    """How a host is doing on a day so far; None if it was not requested."""
    rows = db.execute(
        "SELECT asked, well, fresh, fresh_well FROM host_days WHERE host = ? AND day = ?", [host, to_text(at)[:10]]
    ).fetchall()
    return _standing(rows[0]) if rows else None


def _standing(row: Sequence[int]) -> Standing:
    return Standing(asked=row[0], well=row[1], fresh=row[2], fresh_well=row[3])


def _named_at(db: Database, url_id: int) -> datetime | None:
    """When a listing last named a URL; a listing that has not changed since then still names it."""
    at, looked = db.execute(
        "SELECT u.named_at, (SELECT max(at) FROM fetches WHERE url_id = u.named_on_id AND reason IN ('ok', 'unchanged'))"
        " FROM urls AS u WHERE u.id = ?",
        [url_id],
    ).fetchall()[0]
    return from_text(max(filter(None, (at, looked)), default=None))


def answered_before(db: Database, *, but: Iterable[str], count: int) -> list[str]:
    """One URL from each of `count` hosts that answered well on the newest days, other than these."""
    hosts = [
        host
        for (host,) in db.execute(
            "SELECT host FROM host_days WHERE well > 0 GROUP BY host ORDER BY max(day) DESC"
        ).fetchall()
        if host not in set(but)
    ]
    found = (db.execute("SELECT url FROM urls WHERE host = ? LIMIT 1", [host]).fetchall() for host in hosts[:count])
    return [rows[0][0] for rows in found if rows]


def hosts_well_before(db: Database, *, at: datetime) -> set[str]:
    """The hosts that answered well on an earlier day."""
    rows = db.execute("SELECT DISTINCT host FROM host_days WHERE well > 0 AND day < ?", [to_text(at)[:10]]).fetchall()
    return {host for (host,) in rows}


def count_day(db: Database, host: str, at: datetime, reason: Reason, *, was_failing: bool) -> None:
    """Add an attempt to its host's account for the day. Call inside a transaction."""
    well, fresh = int(reason in _WELL), int(not was_failing)
    db.execute(
        "INSERT INTO host_days (host, day, asked, well, fresh, fresh_well) VALUES (?, ?, 1, ?, ?, ?)"
        " ON CONFLICT (host, day) DO UPDATE SET asked = asked + 1, well = well + excluded.well,"
        " fresh = fresh + excluded.fresh, fresh_well = fresh_well + excluded.fresh_well",
        [host, to_text(at)[:10], well, fresh, well * fresh],
    )


def name_links(db: Database, urls: Iterable[str], *, at: datetime, listing_id: int) -> int:
    """Note which URLs a listing names, and which it no longer names; queue again those that had been given up. Returns
    how many.

    Call inside a transaction.
    """
    text, before, back = to_text(at), to_text(at - NAMED_TO), 0
    named = {storable(url) for url in urls}
    named_now = json.dumps(sorted(named))
    db.execute(
        "UPDATE urls SET named_on_id = NULL WHERE named_on_id = ? AND url NOT IN (SELECT value FROM json_each(?))",
        [listing_id, named_now],
    )
    rows = db.execute(
        "SELECT u.id, u.host, u.named_at, u.given_up_at FROM json_each(?) AS n JOIN urls AS u ON u.url = n.value",
        [named_now],
    ).fetchall()
    for url_id, host, named_at, given_up_at in rows:
        if named_at is None or named_at < before or given_up_at is not None:
            db.execute(
                "UPDATE urls SET named_at = ?, named_on_id = ?, given_up_at = NULL, given_up_why = NULL WHERE id = ?",
                [text, listing_id, url_id],
            )
        if given_up_at is not None:
            db.execute(
                "INSERT INTO frontier (url_id, host, due_at, priority) VALUES (?, ?, ?, 0) ON CONFLICT (url_id) DO NOTHING",
                [url_id, host, text],
            )
            back += 1
    return back


def give_up(db: Database, url_id: int, *, at: datetime, why: str) -> None:
    """Store the evidence on which a URL left the queue. Call inside a transaction."""
    db.execute("UPDATE urls SET given_up_at = ?, given_up_why = ? WHERE id = ?", [to_text(at), why, url_id])
