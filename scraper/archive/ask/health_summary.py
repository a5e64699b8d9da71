"""How crawling is going: how fetches ended lately, and what health checks found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlite_utils import Database

LATELY = "-7 days"
MAX_RUNS = 10
MAX_ALARMS = 20

# The plus keeps SQLite on the index by time: there are always more fetches of a host than of a week.
_RECENT = f"f.at >= (SELECT strftime('%Y-%m-%dT%H:%M:%S', max(at), '{LATELY}') FROM fetches)"


def outcomes(db: Database, host: str | None = None) -> list[tuple[str, int]]:
    """Fetches of the last seven days that had any, by how they ended, the most frequent first."""
    source, values = "fetches AS f", []
    if host is not None:
        source, values = "fetches AS f JOIN urls AS u ON u.id = f.url_id AND +u.host = ?", [host]
    sql = f"SELECT f.reason, count(*) FROM {source} WHERE {_RECENT} GROUP BY 1 ORDER BY 2 DESC, 1"
    return [(reason, number) for reason, number in db.execute(sql, values).fetchall()]


def runs_of(db: Database, host: str) -> list[dict[str, Any]]:
    """The last runs that requested a host in those seven days, newest first, each with what it did there: {id, kind,
    started_at, outcomes}.
    """
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


def checked_at(db: Database) -> str | None:
    """When `kliping health`, or a schedule, last checked the archive; None if never."""
    rows = db.execute("SELECT at FROM health_checks ORDER BY id DESC LIMIT 1").fetchall()
    return str(rows[0][0]) if rows else None


def open_alarms(db: Database, site: str | None = None) -> list[dict[str, Any]]:
    """Open alarms (docs/health.md), of all sites or one, the most serious and newest first: {id, scope, name, level,
    opened_at, detail}.
    """
    where, values = ("", []) if site is None else (" AND name = ?", [site])
    sql = (
        f"SELECT id, scope, name, level, opened_at, detail FROM alarms WHERE closed_at IS NULL{where}"
        " ORDER BY level, opened_at DESC, id DESC LIMIT ?"
    )
    return list(db.query(sql, [*values, MAX_ALARMS]))
