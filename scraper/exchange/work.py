"""Where an export is made: beside its target, with a manifest that says how far it has got, and moved into place once
complete.
"""

from __future__ import annotations

import json
import os
import shutil
from typing import IO, TYPE_CHECKING, Any, Self

from scraper.errors import ExchangeError
from scraper.exchange.output_marks import not_ours

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_MANIFEST = "manifest.json"


class Work:
    """The directory TARGET.partial with what has been made so far.

    `state` is what the last `save` stored, {} at the beginning. An export that was killed continues from there when it
    is run again with the same `identity` (format, filters, the archive's state); with another identity it starts anew.
    """

    def __init__(self, target: Path, identity: dict[str, Any], *, replace: bool = False) -> None:
        """Raise ExchangeError if the target exists and may not be replaced."""
        refuse_existing(target, replace=replace)
        self.target = target
        self.directory = target.with_name(f"{target.name}.partial")
        self._identity = json.loads(json.dumps(identity))
        self.state: dict[str, Any] = self._load()
        self.is_resumed = bool(self.state)
        if not self.is_resumed and self.directory.exists():
            if any(self.directory.iterdir()) and not (self.directory / _MANIFEST).is_file():
                raise ExchangeError(f"{self.directory}: is in the way, and is not an unfinished export")
            shutil.rmtree(self.directory)
        self.directory.mkdir(parents=True, exist_ok=True)
        if not self.is_resumed:
            self.save()

    def _load(self) -> dict[str, Any]:
        try:
            kept = json.loads((self.directory / _MANIFEST).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        state: dict[str, Any] = kept["state"] if kept.get("identity") == self._identity else {}
        return state

    def save(self, **state: Any) -> None:
        """Store how far the export has got; the files it refers to must be on disk (see Growing.keep)."""
        self.state = state
        replace_file(
            self.directory / _MANIFEST, json.dumps({"identity": self._identity, "state": state}, ensure_ascii=False)
        )

    def finish(self, name: str | None = None) -> None:
        """Move the file `name`, or the whole directory, to the target's name in one step."""
        (self.directory / _MANIFEST).unlink(missing_ok=True)
        made = self.directory / name if name else self.directory
        move_in_place(made, self.target)
        if name:
            shutil.rmtree(self.directory)


def refuse_existing(target: Path, *, replace: bool) -> None:
    """Raise ExchangeError if something exists under a name that must be free, or that no export may replace."""
    if target.name in ("", ".."):
        raise ExchangeError(f"{target}: is not a name for an export")
    if not target.exists():
        return
    if not replace:
        raise ExchangeError(f"{target}: exists already (--replace replaces it)")
    if (why := not_ours(target)) is not None:
        raise ExchangeError(f"{target}: {why}, so it is kept; choose another name or remove it")


def move_in_place(made: Path, target: Path) -> None:
    """Give a finished file or directory its name, replacing what has the name. Only a file replaces another in one
    step.
    """
    old = target.with_name(f"{target.name}.{os.getpid()}.old")  # a unique name
    if target.exists() and (target.is_dir() or made.is_dir()):
        target.replace(old)
    made.replace(target)
    if old.is_dir():
        shutil.rmtree(old)
    else:
        old.unlink(missing_ok=True)


class Growing:
    """A file that grows from the size its manifest knows; anything after that was never acknowledged."""

    def __init__(self, path: Path, size: int) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.file: IO[bytes] = path.open("r+b" if path.exists() else "w+b")
        self.file.truncate(size)
        self.file.seek(size)

    def keep(self) -> int:
        """Flush everything to disk; returns the size of the file."""
        self.file.flush()
        os.fsync(self.file.fileno())
        return self.file.tell()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.keep()
        self.file.close()


def replace_file(path: Path, text: str) -> None:
    """Write a small file so that it is the old one or the new one, never half of it."""
    unfinished = path.with_name(f"{path.name}.new")
    with unfinished.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
