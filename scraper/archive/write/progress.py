"""What the crawler has learned and reached: rhythms of sources, coverage of archives by date, turns of a schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.file.connection import transaction
from scraper.archive.file.times import from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from sqlite_utils import Database

CoverageState = Literal["waiting", "walking", "done", "empty", "limit", "blocked", "failed"]
Cells = dict[int, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageRow:
    """One page of a day's archive: the state of the walk through that day after it. `site` is a slug, or a host without
    rules.
    """

    site: str
    host: str
    day: date
    state: CoverageState
    reason: str | None = None
    pages: int = 0
    links: int = 0
    new_links: int = 0


def rhythm(db: Database, source: str) -> Cells:
    """What was observed of a source, for each hour of the week: (hours watched, articles that appeared)."""
    rows = db.execute("SELECT hour, hours, items FROM rhythm WHERE source = ?", [source]).fetchall()
    return {hour: (hours, items) for hour, hours, items in rows}


def save_rhythm(db: Database, source: str, cells: Mapping[int, tuple[float, float]]) -> None:
    """Store these hours of a source's rhythm. Call inside a transaction."""
    db.conn.executemany(
        "INSERT INTO rhythm (source, hour, hours, items) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (source, hour) DO UPDATE SET hours = excluded.hours, items = excluded.items",
        [(source, hour, round(hours, 4), round(items, 4)) for hour, (hours, items) in cells.items()],
    )


def looked_at(db: Database, url_id: int) -> datetime | None:
    """When a link last answered well; None if it never did, or if not everything that it listed then was accepted."""
    rows = db.execute(
        "SELECT iif(left_out, NULL, at) FROM fetches WHERE url_id = ? AND reason IN ('ok', 'unchanged')"
        " ORDER BY id DESC LIMIT 1",
        [url_id],
    ).fetchall()
    return from_text(rows[0][0]) if rows else None


def looked_at_urls(db: Database, urls: Iterable[str]) -> dict[str, datetime]:
    """When each of these URLs last answered well, for those that ever did."""
    found = {}
    for url in urls:
        rows = db.execute(
            "SELECT f.at FROM urls AS u JOIN fetches AS f ON f.url_id = u.id"
            " WHERE u.url = ? AND f.reason IN ('ok', 'unchanged') ORDER BY f.id DESC LIMIT 1",
            [url],
        ).fetchall()
        if rows and (at := from_text(rows[0][0])):
            found[url] = at
    return found


def read_in_another_scope(db: Database, urls: Iterable[str], scope: str, *, may_be_covered: bool) -> set[str]:
    """Those of these listings that were last read by a run with another scope, which ignored links that this one
    accepts.

    A run without a scope accepts every link on a listing, of any day, but it does not continue to older pages and other
    listings: `may_be_covered` says that there are none after these.
    """
    is_covered = "r.scope IS NULL AND f.left_out IS NULL" if may_be_covered and "+" not in scope else "FALSE"
    found = set()
    for url in urls:
        rows = db.execute(
            f"SELECT r.scope IS NOT ? AND NOT ({is_covered}) FROM urls AS u"  # noqa: S608  (one of the two texts above)
            " JOIN fetches AS f ON f.url_id = u.id JOIN runs AS r ON r.id = f.run_id"
            " WHERE u.url = ? AND f.reason IN ('ok', 'unchanged') ORDER BY f.id DESC LIMIT 1",
            [scope, url],
        ).fetchall()
        if rows and rows[0][0]:
            found.add(url)
    return found


def ask_days(db: Database, days: Iterable[tuple[str, str, date]], *, at: datetime) -> None:
    """Note the days (site, host, day) that a crawl is to walk; what is known about them stays."""
    with transaction(db):
        db.conn.executemany(
            "INSERT INTO coverage (site, day, host, state, asked_at) VALUES (?, ?, ?, 'waiting', ?)"
            " ON CONFLICT (site, day) DO NOTHING",
            [(site, day.isoformat(), host, to_text(at)) for site, host, day in days],
        )


def save_coverage(db: Database, row: CoverageRow, *, at: datetime) -> None:
    """Add one page to a day's account; a first page begins it anew. Call inside a transaction."""
    db.execute(
        "INSERT INTO coverage (site, day, host, state, reason, pages, links, new_links, asked_at, walked_at)"
        " VALUES (:site, :day, :host, :state, :reason, :pages, :links, :new_links, :at, :at)"
        " ON CONFLICT (site, day) DO UPDATE SET"
        # As long as later pages of the day exist, an earlier one says nothing about the end.
        " state = CASE WHEN :state = 'walking' AND pages > :pages THEN state ELSE :state END, walked_at = :at,"
        # That its first page listed other days applies to the whole day.
        " reason = CASE WHEN :pages > 1 AND reason = 'other_days' THEN coalesce(:reason, reason) ELSE :reason END,"
        " links = CASE WHEN :pages = 1 THEN max(links, :links) ELSE links + :links END,"
        " pages = max(pages, :pages), new_links = new_links + :new_links",
        {
            "site": row.site,
            "day": row.day.isoformat(),
            "host": row.host,
            "state": row.state,
            "reason": row.reason,
            "pages": row.pages,
            "links": row.links,
            "new_links": row.new_links,
            "at": to_text(at),
        },
    )


def day_counts(db: Database, site: str, day: date) -> tuple[int, int] | None:
    """(pages, links) of a day as far as it was walked; None for a day that was never requested."""
    rows = db.execute(
        "SELECT pages, links FROM coverage WHERE site = ? AND day = ?", [site, day.isoformat()]
    ).fetchall()
    return (int(rows[0][0]), int(rows[0][1])) if rows else None


def coverage(db: Database, site: str | None = None) -> list[dict[str, Any]]:
    """How far the walks through archives by date got, by site and month, oldest first."""
    where, values = ("WHERE site = ? ", [site]) if site else ("", [])
    return list(db.query(f"SELECT * FROM coverage_by_month {where}ORDER BY site, month", values))  # noqa: S608


def coverage_of_run(db: Database, run_id: int) -> list[dict[str, Any]]:
    """How far the archives by date were walked, for the sites whose index pages a run requested."""
    return list(
        db.query(
            "SELECT c.site, count(*) AS days, sum(c.state IN ('done', 'empty', 'limit')) AS reached,"
            " min(CASE WHEN c.links THEN c.day END) AS first_day, max(CASE WHEN c.links THEN c.day END) AS last_day"
            " FROM coverage AS c WHERE c.host IN (SELECT u.host FROM fetches AS f JOIN urls AS u ON u.id = f.url_id"
            " WHERE f.run_id = ? AND u.kind = 'index') GROUP BY c.site ORDER BY c.site",
            [run_id],
        )
    )


def coverage_days(db: Database, site: str, month: str) -> list[dict[str, Any]]:
    """The days of a month that did not end well, or have not ended yet."""
    return list(
        db.query(
            "SELECT day, state, reason, pages, links FROM coverage WHERE site = ? AND day BETWEEN ? AND ?"
            " AND state NOT IN ('done', 'empty') ORDER BY day",
            [site, f"{month}-01", f"{month}-31"],
        )
    )


def turns(db: Database) -> dict[tuple[str, str], datetime]:
    """When each (crawl, target) of a schedule last had its turn."""
    rows = db.execute("SELECT crawl, target, begun_at FROM turns").fetchall()
    return {(crawl, target): at for crawl, target, text in rows if (at := from_text(text)) is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The run in which a target had its last turn; `targets` shared it. `finished_at` None: it was killed."""

    run_id: int
    started_at: datetime | None
    finished_at: datetime | None
    exit_code: int | None
    targets: int


def last_runs(db: Database) -> dict[tuple[str, str], LastRun]:
    """The last run of each (crawl, target) of a schedule; a target whose turn had nothing due has none."""
    rows = db.execute(
        "SELECT t.crawl, t.target, r.id, r.started_at, r.finished_at, r.exit_code, count(*) OVER (PARTITION BY r.id)"
        " FROM turns AS t JOIN runs AS r ON r.id = t.run_id"
    ).fetchall()
    return {
        (crawl, target): LastRun(
            run_id=number,
            started_at=from_text(started),
            finished_at=from_text(finished),
            exit_code=code,
            targets=targets,
        )
        for crawl, target, number, started, finished, code, targets in rows
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRun:
    """A crawl that has not ended, so far. It may have been killed: `crawler_of` knows whether somebody is crawling."""

    run_id: int
    started_at: datetime | None
    arguments: str
    attempts: int
    new_articles: int


def open_run(db: Database) -> OpenRun | None:
    """The newest crawl if it has not ended; otherwise None."""
    newest = "SELECT id, started_at, arguments, finished_at FROM runs WHERE kind = 'crawl' ORDER BY id DESC LIMIT 1"
    for number, started, arguments, finished in db.execute(newest).fetchall():
        if finished is None:
            attempts = db.execute("SELECT count(*) FROM fetches WHERE run_id = ?", [number]).fetchall()[0][0]
            new = db.execute("SELECT count(*) FROM articles WHERE first_seen_at >= ?", [started]).fetchall()[0][0]
            return OpenRun(
                run_id=number,
                started_at=from_text(started),
                arguments=arguments,
                attempts=attempts,
                new_articles=new,
            )
    return None


def save_turns(db: Database, keys: Iterable[tuple[str, str]], *, at: datetime, run_id: int | None) -> None:
    """Note that these (crawl, target) had their turn, in a run or because nothing was due."""
    with transaction(db):
        db.conn.executemany(
            "INSERT INTO turns (crawl, target, begun_at, run_id) VALUES (?, ?, ?, ?) ON CONFLICT (crawl, target)"
            " DO UPDATE SET begun_at = excluded.begun_at, run_id = excluded.run_id",
            [(crawl, target, to_text(at), run_id) for crawl, target in keys],
        )
