"""Notify people and programs: by a command, a mail, or a web address, as the user chose."""

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
    from collections.abc import Callable, Iterable, Sequence

    from scraper.plan.timetable import Notify

WAIT_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """A way of notifying that failed, and why."""

    way: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """The notification: a subject and a text for people, JSON values for programs, which a web address gets under
    `key`.

    `number` is the same each time the message is sent, so that whoever gets it twice can recognise it; None for a
    message without one.
    """

    subject: str
    text: str
    key: str
    values: Sequence[dict[str, Any]]
    number: str | None = None


def ways_of(notify: Notify) -> tuple[str, ...]:
    """The ways that are configured."""
    return tuple(way for way in _WAYS if getattr(notify, way) is not None)


def tell(notify: Notify, message: Message, *, ways: Iterable[str] | None = None) -> tuple[list[str], list[Untold]]:
    """Send it in all configured ways, or in those among `ways`: the ways that succeeded, and those that failed."""
    told, failed = [], []
    for way in ways_of(notify):
        if ways is not None and way not in ways:
            continue
        send = _WAYS[way]
        try:
            send(notify, message)
            told.append(way)
        except (OSError, ValueError, smtplib.SMTPException, subprocess.SubprocessError) as error:
            failed.append(Untold(way=way, why=_why(error)))
    return told, failed


def _why(error: Exception) -> str:
    """Why a way failed; a command is named by its program, since its arguments may hold a key."""
    if isinstance(error, subprocess.CalledProcessError):
        return f"{error.cmd[0]}: exit status {error.returncode}"
    if isinstance(error, subprocess.TimeoutExpired):
        return f"{error.cmd[0]}: no end after {error.timeout:g} s"
    return f"{type(error).__name__}: {error}"[:300]


def _run(notify: Notify, message: Message) -> None:
    """The command gets one JSON value per line on its standard input."""
    given = "".join(f"{json.dumps(value, ensure_ascii=False)}\n" for value in message.values)
    assert notify.command is not None  # noqa: S101  (the caller asked)
    subprocess.run(list(notify.command), input=given.encode(), timeout=WAIT_S, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  (the user's own)


def _mail(notify: Notify, message: Message) -> None:
    assert notify.email is not None  # noqa: S101
    mail = EmailMessage()
    mail["Subject"] = " ".join(message.subject.split())[:150]
    mail["From"] = notify.email_from or notify.email[0]
    mail["To"] = ", ".join(notify.email)
    if message.number is not None:
        mail["Message-ID"] = f"<{message.number}@kliping.invalid>"
    mail.set_content(message.text)
    server = urlsplit(f"//{notify.smtp}")
    with smtplib.SMTP(server.hostname or "localhost", server.port or 25, timeout=WAIT_S) as connection:
        connection.send_message(mail)


def _post(notify: Notify, message: Message) -> None:
    assert notify.webhook is not None  # noqa: S101
    number = {"number": message.number} if message.number is not None else {}
    value = {"text": message.text.rstrip(), **number, message.key: list(message.values)}
    post_json(notify.webhook, value, timeout_s=WAIT_S)


_WAYS: dict[str, Callable[[Notify, Message], None]] = {"command": _run, "email": _mail, "webhook": _post}
