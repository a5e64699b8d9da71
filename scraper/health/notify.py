"""Telling somebody: a command, a mail, a web address."""

from __future__ import annotations

import json
import smtplib
import subprocess
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scraper.fetch import post_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scraper.archive import Alarm
    from scraper.plan.timetable import Notify

WAIT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """A way of telling that failed, and why."""

    way: str
    why: str


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


def tell(notify: Notify, alarms: Sequence[Alarm]) -> list[Untold]:
    """Tell of alarms in every way that the plan names; the ways that failed."""
    failed = []
    for way, send in (("command", _run), ("email", _mail), ("webhook", _post)):
        if getattr(notify, way) is not None:
            try:
                send(notify, alarms)
            except (OSError, ValueError, smtplib.SMTPException, subprocess.SubprocessError) as error:
                failed.append(Untold(way=way, why=_why(error)))
    return failed


def _why(error: Exception) -> str:
    """Why a way failed; a command is named by its program, since its arguments may hold a key."""
    if isinstance(error, subprocess.CalledProcessError):
        return f"{error.cmd[0]}: exit status {error.returncode}"
    if isinstance(error, subprocess.TimeoutExpired):
        return f"{error.cmd[0]}: no end after {error.timeout:g} s"
    return f"{type(error).__name__}: {error}"[:300]


def _lines(alarms: Sequence[Alarm]) -> str:
    return "".join(f"{as_line(alarm)}\n" for alarm in alarms)


def _run(notify: Notify, alarms: Sequence[Alarm]) -> None:
    """The command gets one JSON value a line on its standard input."""
    given = "".join(f"{json.dumps(as_value(alarm), ensure_ascii=False)}\n" for alarm in alarms)
    assert notify.command is not None  # noqa: S101  (the caller asked)
    subprocess.run(list(notify.command), input=given.encode(), timeout=WAIT_S, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (the user's own)


def _mail(notify: Notify, alarms: Sequence[Alarm]) -> None:
    assert notify.email is not None  # noqa: S101
    message = EmailMessage()
    names = ", ".join(dict.fromkeys(alarm.name for alarm in alarms))
    message["Subject"] = f"kliping: {names}"[:150].replace("\n", " ")
    message["From"] = notify.email_from or notify.email[0]
    message["To"] = ", ".join(notify.email)
    message.set_content(_lines(alarms))
    server = urlsplit(f"//{notify.smtp}")
    with smtplib.SMTP(server.hostname or "localhost", server.port or 25, timeout=WAIT_S) as connection:
        connection.send_message(message)


def _post(notify: Notify, alarms: Sequence[Alarm]) -> None:
    assert notify.webhook is not None  # noqa: S101
    value = {"text": _lines(alarms).rstrip(), "alarms": [as_value(alarm) for alarm in alarms]}
    post_json(notify.webhook, value, timeout_s=WAIT_S)
