"""sqlite_utils, loaded without the libraries that it would bring along.

It imports pandas and numpy where they are installed, to store their types, which no archive has: that is as much time
as all the rest of a command's start, and most of its memory.
"""

from __future__ import annotations

from scraper.lazy import without

with without("pandas", "numpy"):
    from sqlite_utils import Database

__all__ = ["Database"]
