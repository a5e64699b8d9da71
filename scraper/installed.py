"""The installed package as it was when a run began: modules loaded later must be from the same version.

An upgrade under a running program replaces its files one by one. Modules loaded after that would be from another
version than those already loaded, and no page is to blame for the result.
"""

from __future__ import annotations

import os
import sys
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from scraper.errors import PackageChanged

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

_HOME = Path(__file__).parent
_NOT_OURS = "__pycache__"
_MESSAGE = "kliping itself was changed on this machine while it was at work (an upgrade?): start it again"
_began: dict[str, tuple[int, int]] = {}  # path of a file → when it was last written, and its size in bytes


class _Gate(MetaPathFinder):
    """Refuses to load a module of the package whose file is not the original one."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:  # noqa: ARG002
        if fullname.startswith("scraper."):
            for folder in path or ():
                place = Path(folder, fullname.rpartition(".")[2])
                for file in (place.with_suffix(".py"), place / "__init__.py"):
                    if str(file) in _began or file.exists():
                        _check(str(file), _look(file))


def begin() -> None:
    """Note the files as they are, once in a process; modules loaded later must match them."""
    if not _began:
        _began.update(_files())
        sys.meta_path.insert(0, _Gate())


def check_unchanged() -> None:
    """Raise PackageChanged if the package is not the one that a run began with; do nothing if no run has begun."""
    if _began and _files() != _began:
        raise PackageChanged(_MESSAGE)


def _check(name: str, found: tuple[int, int] | None) -> None:
    if _began.get(name) != found:
        raise PackageChanged(_MESSAGE)


def _files() -> dict[str, tuple[int, int]]:
    found = {}
    for folder, folders, names in os.walk(_HOME):
        folders[:] = [name for name in folders if name != _NOT_OURS]
        for name in names:
            file = os.path.join(folder, name)  # noqa: PTH118  (of seven hundred files)
            if (look := _look(file)) is not None:
                found[file] = look
    return found


def _look(file: str | Path) -> tuple[int, int] | None:
    """None for a file that does not exist."""
    try:
        stat = os.stat(file)  # noqa: PTH116
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size
