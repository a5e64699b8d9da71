"""What a schedule reports: every event goes to its watchers, which are the log, the heartbeat file and the metrics."""

from __future__ import annotations

import contextlib
import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scraper.text import terminal_safe

if TYPE_CHECKING:
    from pathlib import Path

QUIET = frozenset({"alive"})  # for the heartbeat only
BEAT = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something that happened at a moment; `fields` are JSON values."""

    at: datetime
    name: str
    fields: Mapping[str, Any] = field(default_factory=dict)


Watcher = Callable[[Happening], None]


def json_lines(write: Callable[[str], None]) -> Watcher:
    """One JSON object per line: at, event, and its fields."""

    def tell(happening: Happening) -> None:
        if happening.name not in QUIET:
            record = {"at": _text(happening.at), "event": happening.name, **happening.fields}
            write(json.dumps(record, ensure_ascii=False, separators=(",", ":")))

    return tell


def text_lines(write: Callable[[str], None]) -> Watcher:
    """One line for people for each run, failure and trouble; not for each page."""

    def tell(happening: Happening) -> None:
        fields = happening.fields
        if happening.name in QUIET or (happening.name == "attempt" and fields["is_good"]):
            return
        if happening.name == "attempt":
            fields = {key: fields[key] for key in ("reason", "url", "detail") if fields[key]}
        words = " ".join(f"{key}={_word(value)}" for key, value in fields.items() if value not in (None, {}, []))
        write(terminal_safe(f"{_text(happening.at)} {happening.name} {words}".rstrip()))

    return tell


def heartbeat(path: Path) -> Watcher:
    """Keep a small JSON file fresh, so that a monitor can tell by its age and content whether the crawler is alive."""
    last: list[datetime] = []

    def beat(happening: Happening) -> None:
        if last and happening.name in ("attempt", "alive") and timedelta(0) <= happening.at - last[0] < BEAT:
            return
        last[:] = [happening.at]
        record = {"at": _text(happening.at), "pid": os.getpid(), "event": happening.name, **happening.fields}
        unfinished = path.with_name(f"{path.name}.{os.getpid()}")  # a reader never sees half a file
        with contextlib.suppress(OSError):  # it then grows old, which is what a monitor looks at
            unfinished.write_text(json.dumps(record, ensure_ascii=False) + "\n", encoding="utf-8")
            unfinished.replace(path)

    return beat


def _text(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _word(value: object) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{key}:{each}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return ",".join(str(each) for each in value)
    text = str(value)
    return json.dumps(text, ensure_ascii=False) if " " in text else text


class _Handler(logging.Handler):
    def __init__(self, watchers: Sequence[Watcher]) -> None:
        super().__init__(logging.WARNING)
        self._watchers = watchers
        self._logger = logging.getLogger("kliping")
        self._logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """An error of ours while reading a page, with its traceback."""
        fields = {"message": record.getMessage(), "trace": self.format(record) if record.exc_info else None}
        name = "bug" if record.levelno >= logging.ERROR else "warning"
        happening = Happening(at=datetime.fromtimestamp(record.created, UTC), name=name, fields=fields)
        for watch in self._watchers:
            watch(happening)

    def close(self) -> None:
        """Stop listening."""
        self._logger.removeHandler(self)
        super().close()


def log_handler(watchers: Sequence[Watcher]) -> logging.Handler:
    """Pass kliping's log (its own errors, with their traceback) to the watchers, until it is closed."""
    return _Handler(watchers)
