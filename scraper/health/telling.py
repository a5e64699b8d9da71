"""Alarms in the form in which they are reported: a line for people, JSON values for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scraper.notify import Message, Untold, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.archive.write.alarms import Alarm
    from scraper.plan.timetable import Notify


def as_value(alarm: Alarm) -> dict[str, Any]:
    """An alarm as JSON values, for programs."""
    return {
        "alarm": alarm.alarm_id,
        "level": alarm.level,
        "scope": alarm.scope,
        "name": alarm.name,
        "kind": alarm.kind,
        "field": alarm.field or None,
        "layout": alarm.layout,
        "opened_at": alarm.opened_at.isoformat(),
        "last_seen_at": alarm.last_seen_at.isoformat(),
        "closed_at": alarm.closed_at.isoformat() if alarm.closed_at else None,
        "closed_by": alarm.closed_by,
        "days": alarm.days,
        "cases": alarm.cases,
        "expected": alarm.expected,
        "observed": alarm.observed,
        "chance": alarm.chance,
        "detail": alarm.detail,
        "url": alarm.url,
        "capture_id": alarm.capture_id,
    }


def as_line(alarm: Alarm) -> str:
    """An alarm on one line, for a person."""
    where = f", e.g. {alarm.url}" if alarm.url and alarm.url not in alarm.detail else ""
    by = f" [{alarm.layout}]" if alarm.layout and alarm.layout != alarm.name else ""
    return f"{alarm.level} {alarm.alarm_id}: {alarm.name}{by}: {alarm.detail}{where}"


def tell_alarms(notify: Notify, alarms: Sequence[Alarm]) -> list[Untold]:
    """Report alarms in every way that the plan names; returns the ways that failed."""
    message = Message(
        subject=f"kliping: {', '.join(dict.fromkeys(alarm.name for alarm in alarms))}",
        text="".join(f"{as_line(alarm)}\n" for alarm in alarms),
        key="alarms",
        values=[as_value(alarm) for alarm in alarms],
    )
    return tell(notify, message)[1]
