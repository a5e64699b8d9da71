"""What is to be fetched and when: known URLs, due times, leases, runs."""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from scraper.archive.file.connection import transaction
from scraper.archive.file.rows import clean, to_json
from scraper.archive.file.times import from_text, to_text
from scraper.archive.write.doubts import ASIDE_SQL, take_back
from scraper.sites.registry import find_portal
from scraper.text import storable
from scraper.typed import Struct
from scraper.urls import host_of, origin_of, without_userinfo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlite_utils import Database

    from scraper.records import Link, LinkKind


log = logging.getLogger("kliping")

LONGEST_WAIT = timedelta(days=14)  # twice the longest interval ever chosen for a feed, sitemap or index page
LONGEST_WAIT_ARTICLE = timedelta(days=200)  # the same for an article
AHEAD = timedelta(hours=1)  # by which an earlier run's clock may have been ahead
CONTINUOUS = timedelta(days=14)  # since the newest past attempt, for the present time to be believed


# Whether a listing was last read in a scope other than that of the current run, so that links for this run were
# ignored.
_IS_OF_ANOTHER_SCOPE = (
    "EXISTS (SELECT 1 FROM runs AS n JOIN runs AS l ON l.id = fetches.run_id"
    " WHERE n.id = :run AND n.scope IS NOT NULL AND n.scope IS NOT l.scope)"
)
# Whether the article of a URL has its text from another of that URL's captures.
_IS_ASIDE = (
    "(NOT EXISTS (SELECT 1 FROM article_captures WHERE capture_id = fetches.capture_id) AND EXISTS (SELECT 1 FROM captures AS o"
    " JOIN article_captures AS ac ON ac.capture_id = o.id WHERE o.url_id = fetches.url_id))"
)


class QueuedLink(Struct, frozen=True, kw_only=True):
    """A leased link, with what earlier fetches of it left: validators, failures in a row, the last interval.

    `due_at` and `last_reason` are as they were in the queue.
    """

    url_id: int
    url: str
    kind: LinkKind
    host: str
    depth: int
    failures: int
    unchanged: int
    interval_s: int | None
    published_hint: datetime | None
    etag: str | None
    last_modified: str | None
    due_at: datetime | None = None
    last_reason: str | None = None
    is_captured: bool = True  # whether an earlier fetch kept its answer


def start_run(
    db: Database,
    *,
    kind: str,
    version: str,
    arguments: str,
    at: datetime,
    agent: str | None = None,
    scope: str | None = None,
) -> int:
    """Open a run, which identifies itself as `agent`; links that a wrong clock postponed for years come back.

    `scope` says what limits or widens its targets ("2019-10-01/2019-10-07 +host"); None for a run that looks for what is new.

    Leases of dead runs return to the queue: the crawl lock proves that none is alive.
    """
    with transaction(db):
        db.execute("UPDATE frontier SET leased_by = NULL, leased_at = NULL WHERE leased_by IS NOT NULL")
        _mend_times(db, at)
        cursor = db.execute(
            "INSERT INTO runs (kind, started_at, version, arguments, agent, scope) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
            [kind, to_text(at), version, storable(without_userinfo(arguments)), clean(agent), scope],
        )
        return int(cursor.fetchall()[0][0])


def _mend_times(db: Database, now: datetime) -> None:
    """Undo what an earlier run decided with a clock that was ahead, keeping its intervals so that nothing is due at
    once.

    If everything known lies ahead, it is the present clock that is wrong, and nothing is changed.
    """
    ahead, text = to_text(now + AHEAD), to_text(now)
    newest = from_text(db.execute("SELECT max(at) FROM fetches WHERE at <= ?", [ahead]).fetchall()[0][0])
    last = db.execute("SELECT max(at) FROM fetches WHERE at > ?", [ahead]).fetchall()[0][0]
    if last is not None:
        is_believed = newest is not None and now - newest < CONTINUOUS
        log.warning(
            "the clock says %s, and the archive knows of %s: %s",
            text,
            last,
            "it was ahead then; what it postponed is due again"
            if is_believed
            else "is the clock of this machine right?",
        )
        if not is_believed:
            return
        db.execute(
            "UPDATE frontier SET due_at = strftime('%Y-%m-%dT%H:%M:%SZ', julianday(due_at) - julianday(l.at) + julianday(?))"
            " FROM (SELECT url_id, max(at) AS at FROM fetches WHERE at > ? GROUP BY url_id) AS l"
            " WHERE l.url_id = frontier.url_id AND frontier.due_at > ?",
            [text, ahead, ahead],
        )
    for kinds, longest in (("<>", LONGEST_WAIT), ("=", LONGEST_WAIT_ARTICLE)):
        db.execute(
            f"UPDATE frontier SET due_at = ? WHERE due_at > ? AND (SELECT kind FROM urls WHERE id = url_id) {kinds} 'article'",  # noqa: S608
            [to_text(now + LONGEST_WAIT), to_text(now + longest)],
        )


def queued_count(db: Database) -> int:
    """Links in the queue."""
    return int(db.execute("SELECT count(*) FROM frontier").fetchall()[0][0])


def leased_count(db: Database) -> int:
    """Links in flight: at the start of a run, those that a killed run left."""
    return int(db.execute("SELECT count(*) FROM frontier WHERE leased_by IS NOT NULL").fetchall()[0][0])


def finish_run(
    db: Database,
    run_id: int,
    *,
    at: datetime,
    exit_code: int,
    limits: Mapping[str, Sequence[str]] | None = None,
    note: str | None = None,
) -> None:
    """Close a run and return the links it still holds; `limits` are the hosts that reached a limit, with its name."""
    with transaction(db):
        db.execute("UPDATE frontier SET leased_by = NULL, leased_at = NULL WHERE leased_by = ?", [run_id])
        db.execute(
            "UPDATE runs SET finished_at = ?, exit_code = ?, limits = ?, note = ? WHERE id = ?",
            [to_text(at), exit_code, to_json(limits) if limits else None, note, run_id],
        )


def _site_id(db: Database, url: str) -> int | None:
    """The portal in the catalogue to which a URL belongs; None for a site without rules."""
    site, portal = find_portal(url)
    if site is None or portal is None:
        return None
    db.execute(
        "INSERT INTO sites (slug, network, name, host, zone, province) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (slug) DO NOTHING",
        [portal.slug, site.name, portal.brand, portal.hosts[0], portal.zone, portal.province],
    )
    return int(db.execute("SELECT id FROM sites WHERE slug = ?", [portal.slug]).fetchall()[0][0])


def add_links(
    db: Database,
    links: Iterable[Link],
    *,
    due_at: datetime,
    priority: int | Mapping[LinkKind, int] = 0,
    depth: int = 0,
    found_on_id: int | None = None,
) -> int:
    """Add links to the queue; returns how many were new. A known URL stays as it is.

    `priority` may differ by kind; kinds it does not name have 0.
    """
    with transaction(db):
        return sum(
            _add_link(
                db,
                link,
                due_at,
                priority if isinstance(priority, int) else priority.get(link.kind, 0),
                depth,
                found_on_id,
            )
            for link in links
        )


def _add_link(db: Database, link: Link, due_at: datetime, priority: int, depth: int, found_on_id: int | None) -> bool:
    url_id = insert_url(db, link, found_at=due_at, depth=depth, found_on_id=found_on_id)
    if url_id is not None:
        db.execute(
            "INSERT INTO frontier (url_id, host, due_at, priority) VALUES (?, ?, ?, ?)",
            [url_id, host_of(link.url), to_text(due_at), priority],
        )
    return url_id is not None


def insert_url(
    db: Database, link: Link, *, found_at: datetime, depth: int = 0, found_on_id: int | None = None
) -> int | None:
    """Make a URL known without queueing it; returns its id, or None if it was known."""
    raw_url = storable(without_userinfo(link.raw_url))
    rows = db.execute(
        "INSERT INTO urls (url, raw_url, host, kind, found_on_id, found_at, depth, title_hint, published_hint)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (url) DO NOTHING RETURNING id",
        [
            storable(link.url),
            raw_url if raw_url != link.url else None,
            host_of(link.url),
            link.kind,
            found_on_id,
            to_text(found_at),
            depth,
            storable(link.title) if link.title else None,
            to_text(link.published_at) if link.published_at else None,
        ],
    ).fetchall()
    if rows and (site_id := _site_id(db, link.url)) is not None:
        db.execute("UPDATE urls SET site_id = ? WHERE id = ?", [site_id, rows[0][0]])
    return int(rows[0][0]) if rows else None


def make_due(db: Database, urls: Iterable[str], *, at: datetime) -> int:
    """Request known URLs again, whatever their next time was; returns how many there were."""
    done = 0
    with transaction(db):
        for url in urls:
            rows = db.execute("SELECT id, host FROM urls WHERE url = ?", [storable(url)]).fetchall()
            for url_id, host in rows:
                db.execute(
                    "INSERT INTO frontier (url_id, host, due_at, priority) VALUES (?, ?, ?, 0)"
                    " ON CONFLICT (url_id) DO UPDATE SET due_at = min(due_at, excluded.due_at)",
                    [url_id, host, to_text(at)],
                )
                db.execute(
                    "UPDATE urls SET given_up_at = NULL, given_up_why = NULL WHERE id = ? AND given_up_at IS NOT NULL",
                    [url_id],
                )
            done += len(rows)
    return done


def lease(
    db: Database,
    run_id: int,
    *,
    host: str,
    now: datetime,
    kinds: Sequence[LinkKind] = (),
    closed: Iterable[tuple[bool, bool]] = (),
) -> QueuedLink | None:
    """The most urgent due link of a host, leased to this run; None if nothing is due. `kinds` () means any.

    No link is taken from the `closed` lanes (articles or not, failed before or not).
    """
    only = f" AND u.kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
    for is_article, is_retry in closed:
        only += f" AND NOT (u.kind {'=' if is_article else '<>'} 'article' AND f.failures {'>' if is_retry else '='} 0)"
    with transaction(db):
        rows = db.execute(
            "SELECT u.id, u.url, u.kind, u.host, u.depth, f.failures, f.unchanged, f.interval_s, u.published_hint,"  # noqa: S608
            " f.due_at, f.last_reason"
            " FROM frontier AS f JOIN urls AS u ON u.id = f.url_id"
            f" WHERE f.host = ? AND f.leased_by IS NULL AND f.due_at <= ?{only}"
            " ORDER BY f.priority DESC, f.due_at, f.url_id LIMIT 1",
            [host, to_text(now), *kinds],
        ).fetchall()
        if not rows:
            return None
        row = rows[0]
        db.execute("UPDATE frontier SET leased_by = ?, leased_at = ? WHERE url_id = ?", [run_id, to_text(now), row[0]])
        last = db.execute(
            # What was not all taken in, or did not become the article's text, is asked for as a whole: "unchanged" would
            # leave it out for ever.
            f"SELECT left_out OR {_IS_ASIDE} OR (:kind <> 'article' AND {_IS_OF_ANOTHER_SCOPE}), etag, last_modified"  # noqa: S608
            " FROM fetches WHERE url_id = :url_id AND capture_id IS NOT NULL"
            f" AND reason NOT IN ({ASIDE_SQL}) ORDER BY id DESC LIMIT 1",
            {"url_id": row[0], "kind": row[2], "run": run_id},
        ).fetchall()
    is_whole = bool(last) and not last[0][0]
    return QueuedLink(
        url_id=row[0],
        url=row[1],
        kind=row[2],
        host=row[3],
        depth=row[4],
        failures=row[5],
        unchanged=row[6],
        interval_s=row[7],
        published_hint=from_text(row[8]),
        due_at=from_text(row[9]),
        last_reason=row[10],
        etag=last[0][1] if is_whole else None,
        last_modified=last[0][2] if is_whole else None,
        is_captured=bool(last),
    )


def release(db: Database, url_id: int) -> None:
    """Give a leased link back unchanged."""
    with transaction(db):
        db.execute("UPDATE frontier SET leased_by = NULL, leased_at = NULL WHERE url_id = ?", [url_id])


def restore(db: Database, links: Iterable[QueuedLink]) -> None:
    """Restore links in the queue to their state when they were leased."""
    with transaction(db):
        for link in links:
            db.execute(
                "UPDATE frontier SET due_at = ?, failures = ?, unchanged = ?, interval_s = ?, last_reason = ? WHERE url_id = ?",
                [
                    to_text(link.due_at) if link.due_at else None,
                    link.failures,
                    link.unchanged,
                    link.interval_s,
                    link.last_reason,
                    link.url_id,
                ],
            )


def unsay(db: Database, links: Sequence[QueuedLink], urls: Iterable[str], *, since: datetime, why: str) -> None:
    """Retract what was concluded about links in a run that began at `since`, because our own network gave the answers.

    Their attempts and captures stay as evidence; articles read from them are removed, their place in the queue is
    restored, and the robots.txt answers attributed to the origins of `urls` no longer count.
    """
    moment = to_text(since)
    with transaction(db):
        for link in links:
            rows = db.execute(
                "SELECT DISTINCT a.id FROM captures AS c JOIN article_captures AS ac ON ac.capture_id = c.id"
                " JOIN articles AS a ON a.id = ac.article_id WHERE c.url_id = ? AND a.revision = 1 AND a.first_seen_at >= ?",
                [link.url_id, moment],
            ).fetchall()
            for (article_id,) in rows:
                take_back(db, article_id, why, due_at=since)
            db.execute(
                "UPDATE fetches SET reason = 'wall', detail = ? WHERE url_id = ? AND at >= ? AND capture_id IS NOT NULL",
                [storable(f"found out later: {why}"), link.url_id, moment],
            )
            db.execute("DELETE FROM suspects WHERE url_id = ? AND first_seen_at >= ?", [link.url_id, moment])
        for origin in {origin_of(url) for url in urls}:
            db.execute(
                "UPDATE robots SET verdict = 'disallow_all', detail = ? WHERE origin = ? AND fetched_at >= ?",
                [storable(why), origin, moment],
            )
            db.execute("DELETE FROM tdmrep WHERE origin = ? AND fetched_at >= ?", [origin, moment])
    restore(db, reversed(links))  # of a link that was requested twice, the first state is applied last


def due_hosts(db: Database, *, now: datetime) -> dict[str, int]:
    """Hosts with links that are due and free, and how many."""
    rows = db.execute(
        "SELECT host, count(*) FROM frontier WHERE due_at <= ? AND leased_by IS NULL GROUP BY host ORDER BY host",
        [to_text(now)],
    ).fetchall()
    return dict(rows)


def is_due(db: Database, host: str, *, now: datetime) -> bool:
    """Whether a host has a link that is due and free."""
    rows = db.execute(
        "SELECT 1 FROM frontier WHERE host = ? AND leased_by IS NULL AND due_at <= ? LIMIT 1", [host, to_text(now)]
    ).fetchall()
    return bool(rows)


def next_due_at(db: Database) -> datetime | None:
    """When the next link is due; None if the queue is empty."""
    return from_text(db.execute("SELECT min(due_at) FROM frontier").fetchall()[0][0])


def known_urls(db: Database, urls: Iterable[str]) -> set[str]:
    """Those of these URLs that the archive already knows."""
    asked = {url: storable(url) for url in urls}
    rows = db.execute(
        "SELECT n.value FROM json_each(?) AS n WHERE EXISTS (SELECT 1 FROM urls WHERE url = n.value)",
        [json.dumps([*asked.values()])],
    ).fetchall()
    known = {url for (url,) in rows}
    return {url for url, stored in asked.items() if stored in known}
