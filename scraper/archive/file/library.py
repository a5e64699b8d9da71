"""sqlite_utils, loaded without the libraries that it would load in turn.

If pandas and numpy are installed, it imports them in order to store their types, which no archive has: that takes as
much time as the whole rest of a command's start, and most of its memory.
"""

from __future__ import annotations

from scraper.lazy import without

with without("pandas", "numpy"):
    from sqlite_utils import Database as Archive

__all__ = ["Archive"]
