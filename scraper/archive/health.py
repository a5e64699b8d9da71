"""How crawling goes: how fetches ended lately, and papers that have gone quiet."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scraper.archive.times import from_text, to_text

if TYPE_CHECKING:
    from sqlite_utils import Database

LATELY = "-7 days"
RHYTHM = timedelta(days=60)  # of a paper, up to its newest article
MIN_ARTICLES = 10  # in that time: fewer are no rhythm
MIN_SILENCE = timedelta(days=3)
TIMES_LONGER = 5  # than usual is a silence that somebody should look at
MAX_RUNS = 10
MAX_ALARMS = 20

# The plus keeps SQLite at the index by time: there are always more fetches of a host than of a week.
_RECENT = f"f.at >= (SELECT strftime('%Y-%m-%dT%H:%M:%S', max(at), '{LATELY}') FROM fetches)"


def outcomes(db: Database, host: str | None = None) -> list[tuple[str, int]]:
    """Fetches of the last seven days that there were any, by how they ended, the most frequent first."""
    source, values = "fetches AS f", []
    if host is not None:
        source, values = "fetches AS f JOIN urls AS u ON u.id = f.url_id AND +u.host = ?", [host]
    sql = f"SELECT f.reason, count(*) FROM {source} WHERE {_RECENT} GROUP BY 1 ORDER BY 2 DESC, 1"
    return [(reason, number) for reason, number in db.execute(sql, values).fetchall()]


def runs_of(db: Database, host: str) -> list[dict[str, Any]]:
    """The last runs that asked a host in those seven days, newest first, each with what it did there: {id, kind, started_at, outcomes}."""
    rows = db.execute(
        "SELECT r.id, r.kind, r.started_at, f.reason, count(*) FROM fetches AS f JOIN urls AS u ON u.id = f.url_id"
        f" JOIN runs AS r ON r.id = f.run_id WHERE {_RECENT} AND +u.host = ? GROUP BY r.id, f.reason ORDER BY r.id DESC, 5 DESC",
        [host],
    ).fetchall()
    found: dict[int, dict[str, Any]] = {}
    for number, kind, started_at, reason, fetches in rows:
        run = found.setdefault(number, {"id": number, "kind": kind, "started_at": started_at, "outcomes": {}})
        run["outcomes"][reason] = fetches
    return list(found.values())[:MAX_RUNS]


def quiet(db: Database, sites: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of the papers (browse.sites) that have been silent far longer than they use to be, with `days` of silence, the longest first.

    Silent until the last fetch of the archive, not until today: one that nobody adds to any more has no quiet papers.
    """
    now = from_text(db.execute("SELECT max(at) FROM fetches").fetchall()[0][0])
    found = []
    for site in sites:
        last = from_text(site["last"])
        if now is None or last is None or site["site"] is None or now - last < MIN_SILENCE:
            continue
        sql = "SELECT count(*) FROM articles WHERE site = ? AND published_utc >= ?"
        articles = int(db.execute(sql, [site["site"], to_text(last - RHYTHM)]).fetchall()[0][0])
        first = from_text(site["first"]) or last
        if articles >= MIN_ARTICLES and now - last > TIMES_LONGER * min(RHYTHM, last - first) / articles:
            found.append(site | {"days": (now - last).days})
    return sorted(found, key=lambda row: -row["days"])


def open_alarms(db: Database, site: str | None = None) -> list[dict[str, Any]]:
    """Alarms that are open (docs/health.md), of all or one site, the gravest and newest first: {id, scope, name, level, opened_at, detail}."""
    where, values = ("", []) if site is None else (" AND name = ?", [site])
    sql = (
        f"SELECT id, scope, name, level, opened_at, detail FROM alarms WHERE closed_at IS NULL{where}"
        " ORDER BY level, opened_at DESC, id DESC LIMIT ?"
    )
    return list(db.query(sql, [*values, MAX_ALARMS]))
