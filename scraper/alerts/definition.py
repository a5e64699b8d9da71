"""The defined alerts: a TOML file beside the archive, `kliping.alerts.toml`, which people edit and only its owner can
read.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from datetime import timedelta
from typing import TYPE_CHECKING

from scraper.archive.ask.saved_searches import is_search_name, saved_search
from scraper.archive.ask.selection import Selection
from scraper.errors import AlertError
from scraper.plan.timetable import Notify
from scraper.typed import Data, Misfit, changed_fields, convert

if TYPE_CHECKING:
    from pathlib import Path


EVERY = {"crawl": timedelta(0), "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
_HEAD = """\
# Alerts of {archive}: `kliping alert --help`. query: words, or "@NAME" of a saved search. every: crawl, hour, day, week.
# Told by: email = ["…"] (with smtp, email_from), webhook = "https://…", command = ["…"], atom = "FILE.xml".
"""


class Alert(Data, frozen=True):
    """A search, how often its news is sent, and in which ways; `atom` is a file, relative to that of the archive."""

    query: str
    every: str = "day"
    email: tuple[str, ...] = ()
    email_from: str | None = None
    smtp: str = "localhost:25"
    webhook: str | None = None
    command: tuple[str, ...] = ()
    atom: str | None = None

    @property
    def notify(self) -> Notify:
        """The ways that send something; the feed is not one of them."""
        return Notify(
            command=self.command or None,
            email=self.email or None,
            email_from=self.email_from,
            smtp=self.smtp,
            webhook=self.webhook,
        )

    def selection(self, archive: Path) -> Selection:
        """The articles to watch. Raises SearchError for a saved search that does not exist."""
        if not self.query.startswith("@") or not is_search_name(self.query[1:]):
            return Selection(query=self.query)
        saved = saved_search(archive, self.query[1:])
        return Selection(wanted=saved.wanted, query=saved.query or None, exact=saved.exact)


def alerts_file(archive: Path) -> Path:
    """The file in which the alerts of an archive are defined."""
    return archive.with_name(f"{archive.stem}.alerts.toml")


def alerts_of(archive: Path) -> dict[str, Alert]:
    """All alerts by name, in the order of the file; empty if there is no file. Raises AlertError with the file and the place."""
    file = alerts_file(archive)
    try:
        found = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise AlertError(f"{file}: {error}") from error
    return {name: _read(f"{file}: {name}", name, value) for name, value in found.items()}


def add_alert(archive: Path, name: str, alert: Alert) -> Path:
    """Add an alert to the file, which it returns. Raises AlertError for an invalid one, or a name that is taken."""
    file = alerts_file(archive)
    _check(name, name, alert)
    if name in alerts_of(archive):
        raise AlertError(f"{file}: the alert {name!r} exists already; choose another name, or edit the file")
    old = file.read_text("utf-8") if file.exists() else _HEAD.format(archive=archive.name)
    _write(file, f"{old.rstrip()}\n\n{_written(name, alert)}")
    return file


def remove_alert(archive: Path, name: str) -> None:
    """Remove an alert from the file; everything else in it stays as it is. Raises AlertError if there is none, or its
    lines cannot be identified.
    """
    file = alerts_file(archive)
    if name not in alerts_of(archive):
        raise AlertError(f"{file}: there is no alert {name!r}")
    head = re.compile(
        rf"^\[\s*(?:{re.escape(name)}|\"{re.escape(name)}\"|'{re.escape(name)}')\s*\][^\n]*\n", re.MULTILINE
    )
    text = f"{file.read_text('utf-8')}\n"
    begin = head.search(text)
    if begin is None:
        raise AlertError(f"{file}: remove [{name}] by hand: it is not written as a separate table")
    end = re.compile(r"^\[", re.MULTILINE).search(text, begin.end())
    rest = f"{text[: begin.start()].rstrip()}\n\n{text[end.start() :] if end else ''}".rstrip() + "\n"
    _write(file, rest)


def _read(where: str, name: str, value: object) -> Alert:
    try:
        alert = convert(value, Alert)
    except Misfit as error:
        raise AlertError(f"{where}: {error}") from error
    _check(where, name, alert)
    return alert


def _check(where: str, name: str, alert: Alert) -> None:
    if not is_search_name(name):
        raise AlertError(
            f"{name!r} cannot name an alert: letters, digits, - and _, at most 60, a letter or digit first"
        )
    if alert.every not in EVERY:
        raise AlertError(f"{where}: every: {alert.every!r} is not one of {', '.join(EVERY)}")
    if not (alert.email or alert.webhook or alert.command or alert.atom):
        raise AlertError(f"{where}: it reaches nobody: it needs email, webhook, command or atom")
    if alert.webhook is not None and not alert.webhook.startswith(("http://", "https://")):
        raise AlertError(f"{where}: webhook: it is not an http or https URL")
    if not alert.query.strip():
        raise AlertError(f"{where}: query: it is empty")


def _written(name: str, alert: Alert) -> str:
    fields = {"query": alert.query, "every": alert.every, **changed_fields(alert)}
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
    return "\n".join([f"[{name if name.isascii() else json.dumps(name, ensure_ascii=False)}]", *lines, ""])


def _write(file: Path, text: str) -> None:
    """Write the whole file at once, readable by its owner alone: a web address in it may be a key."""
    made = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        made.touch(mode=0o600)
        made.write_text(text, "utf-8")
        made.replace(file)
    finally:
        made.unlink(missing_ok=True)
