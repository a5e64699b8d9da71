"""sqlite_utils, loaded without the libraries that it would bring along.

It imports pandas and numpy where they are installed, to store their types, which no archive has: that is as much time
as all the rest of a command's start, and most of its memory.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def _without(*names: str) -> Iterator[None]:
    """Let the import of libraries fail that are not loaded yet, as if they were not installed."""
    absent = [name for name in names if name not in sys.modules]
    modules: dict[str, Any] = sys.modules
    modules.update(dict.fromkeys(absent))  # None stands for a module that there is not
    try:
        yield
    finally:
        for name in absent:
            modules.pop(name, None)


with _without("pandas", "numpy"):
    from sqlite_utils import Database

__all__ = ["Database"]
