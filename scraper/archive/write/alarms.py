"""Alarms and the history of health checks: what a check found, kept, closed, reported."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from scraper.archive.file.connection import transaction
from scraper.archive.file.rows import insert, to_json
from scraper.archive.file.times import from_text, to_text
from scraper.text import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlite_utils import Database

HealthScope = Literal["site", "network", "layout"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """An alarm as the archive keeps it; schemas/README.md describes each field. `alarm_id` is 0 for one that is not
    stored yet.
    """

    alarm_id: int = 0
    scope: HealthScope
    name: str
    kind: str
    field: str = ""
    level: Literal["warn", "alarm"]
    opened_at: datetime
    last_seen_at: datetime
    closed_at: datetime | None = None
    closed_by: Literal["recovered", "accepted"] | None = None
    days: int
    cases: int
    expected: float
    observed: float
    chance: float
    detail: str
    layout: str | None = None
    url: str | None = None
    capture_id: int | None = None
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthCheck:
    """The meters of one site, network or layout over the last seven days; counts that do not apply to the scope are
    None.
    """

    at: datetime
    scope: HealthScope
    name: str
    level: Literal["learning", "well", "warn", "alarm"]
    discovered: int | None = None
    expected: float | None = None
    attempted: int | None = None
    fetched: int | None = None
    read: int | None = None
    articles: int = 0
    complete: int = 0
    fields: dict[str, Any] = field(default_factory=dict)


_ALARM = (
    "id, scope, name, kind, field, level, opened_at, last_seen_at, closed_at, closed_by, days, cases, expected, observed, chance,"
    " detail, layout, url, capture_id, told_at"
)


def _alarm(row: Sequence[Any]) -> Alarm:
    moments = {6, 7, 8, 19}
    values: list[Any] = [from_text(value) if number in moments else value for number, value in enumerate(row)]
    names = ["alarm_id", *_ALARM.replace(" ", "").split(",")[1:]]
    known: dict[str, Any] = dict(zip(names, values, strict=True))
    return Alarm(**known)


def alarms(db: Database, *, is_open: bool | None = True, sites: Iterable[str] = ()) -> list[Alarm]:
    """Alarms, newest first: open ones, closed ones (False), or all (None); only those of the given names, if there are
    any.
    """
    wanted = tuple(sites)
    terms = {True: "closed_at IS NULL", False: "closed_at IS NOT NULL", None: "1"}[is_open]
    if wanted:
        terms += f" AND name IN ({', '.join('?' * len(wanted))})"
    rows = db.execute(f"SELECT {_ALARM} FROM alarms WHERE {terms} ORDER BY opened_at DESC, id DESC", [*wanted])  # noqa: S608
    return [_alarm(row) for row in rows]


def alarm(db: Database, alarm_id: int) -> Alarm | None:
    """One alarm; None for an unknown number."""
    rows = db.execute(f"SELECT {_ALARM} FROM alarms WHERE id = ?", [alarm_id]).fetchall()  # noqa: S608
    return _alarm(rows[0]) if rows else None


def accepted_at(db: Database) -> dict[tuple[str, str, str, str], datetime]:
    """(scope, name, kind, field) → when a person last accepted the present state as normal."""
    rows = db.execute(
        "SELECT scope, name, kind, field, max(closed_at) FROM alarms WHERE closed_by = 'accepted' GROUP BY 1, 2, 3, 4"
    )
    return {(row[0], row[1], row[2], row[3]): datetime.fromisoformat(row[4]) for row in rows}


def accept_alarm(db: Database, alarm_id: int, *, at: datetime) -> bool:
    """Close an open alarm: what it shows is the new normal. Returns whether there was such an alarm."""
    with transaction(db):
        return bool(
            db.execute(
                "UPDATE alarms SET closed_at = ?, closed_by = 'accepted' WHERE id = ? AND closed_at IS NULL RETURNING id",
                [to_text(at), alarm_id],
            ).fetchall()
        )


def save_health(
    db: Database, checks: Iterable[HealthCheck], found: Iterable[Alarm], recovered: Iterable[int], *, at: datetime
) -> list[Alarm]:
    """Store a check: its meters, alarms that are new or seen again, alarms that are over. Returns the new alarms, with
    their numbers.
    """
    opened = []
    with transaction(db):
        for number in recovered:
            db.execute(
                "UPDATE alarms SET closed_at = ?, closed_by = 'recovered' WHERE id = ? AND closed_at IS NULL",
                [to_text(at), number],
            )
        for each in found:
            number = _save_alarm(db, each)
            if not each.alarm_id:
                opened.append(number)
        for check in checks:
            db.execute(
                "INSERT OR REPLACE INTO health_checks (at, scope, name, level, discovered, expected, attempted, fetched, read,"
                " articles, complete, fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    to_text(check.at), check.scope, storable(check.name), check.level, check.discovered, check.expected,
                    check.attempted, check.fetched, check.read, check.articles, check.complete, to_json(check.fields),
                ],
            )  # fmt: skip
    return [kept for number in opened if (kept := alarm(db, number)) is not None]


def _save_alarm(db: Database, each: Alarm) -> int:
    row = {
        "level": each.level, "last_seen_at": to_text(each.last_seen_at), "days": each.days, "cases": each.cases,
        "observed": each.observed, "chance": each.chance, "detail": storable(each.detail),
    }  # fmt: skip
    if each.alarm_id:
        pairs = ", ".join(f"{name} = ?" for name in row)
        db.execute(f"UPDATE alarms SET {pairs} WHERE id = ?", [*row.values(), each.alarm_id])  # noqa: S608
        return each.alarm_id
    row |= {
        "scope": each.scope, "name": storable(each.name), "kind": each.kind, "field": each.field, "opened_at": to_text(each.opened_at),
        "expected": each.expected, "layout": each.layout, "url": each.url, "capture_id": each.capture_id,
    }  # fmt: skip
    return insert(db, "alarms", row)


def untold_alarms(db: Database) -> list[Alarm]:
    """Open alarms that nobody has been notified of."""
    return [each for each in alarms(db) if each.told_at is None]


def alarms_told(db: Database, numbers: Iterable[int], *, at: datetime) -> None:
    """Note that somebody was notified of these alarms."""
    with transaction(db):
        for number in numbers:
            db.execute("UPDATE alarms SET told_at = ? WHERE id = ?", [to_text(at), number])


def last_checks(db: Database) -> dict[tuple[str, str], datetime]:
    """(scope, name) → the time of its last check."""
    rows = db.execute("SELECT scope, name, max(at) FROM health_checks GROUP BY 1, 2")
    return {(row[0], row[1]): datetime.fromisoformat(row[2]) for row in rows}


def health_history(db: Database, scope: str, name: str, *, limit: int = 90) -> list[HealthCheck]:
    """The stored checks of one scope, newest first."""
    rows = db.execute(
        "SELECT at, scope, name, level, discovered, expected, attempted, fetched, read, articles, complete, fields"
        " FROM health_checks WHERE scope = ? AND name = ? ORDER BY at DESC LIMIT ?",
        [scope, name, limit],
    )
    names = "at, scope, name, level, discovered, expected, attempted, fetched, read, articles, complete, fields".split(
        ", "
    )
    return [
        HealthCheck(**dict(zip(names, row, strict=True)) | {"at": from_text(row[0]), "fields": json.loads(row[11])})
        for row in rows
    ]
