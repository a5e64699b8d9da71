"""The archive that pages are made from: its connection, and what was found out once for a snapshot."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper import archive

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scraper.serve.app import Served

NAME = "kliping"  # the database's name in addresses
LIVE_S = 30.0  # how long a figure of a live archive stands
MAX_KEPT = 500
LIMIT_S = 20.0


@dataclass(slots=True)
class Source:
    """The archive as served. `taken_at` is the moment of the snapshot, None for the live archive.

    Figures of a snapshot never change, so each is found out once (`kept`).
    """

    taken_at: datetime | None
    kept: dict[tuple[object, ...], tuple[float, Any]] = field(default_factory=dict)


def source_of(datasette: Any) -> Source | None:
    """The archive that a Datasette serves for us; None for one that `kliping serve` did not start."""
    source = getattr(datasette, "source", None)
    return source if isinstance(source, Source) else None


async def ask(
    datasette: Served, function: Callable[..., Any], *values: object, limit_s: float | None = None, **options: object
) -> Any:
    """What a reading function of the archive gives, run in a thread of Datasette's with a connection of its own.

    Raises ArchiveSlow when it is still at it after `limit_s`: one reader's question must not keep the others waiting.
    """

    def read(connection: Any) -> Any:
        db = archive.attach(connection)
        with archive.time_limit(db, limit_s or LIMIT_S):
            return function(db, *values, **options)

    return await datasette.get_database(NAME).execute_fn(read)


async def ask_once(
    datasette: Served, function: Callable[..., Any], *values: object, limit_s: float | None = None
) -> Any:
    """The same, remembered: for ever for a snapshot, for half a minute for the live archive."""
    source = datasette.source
    key = (getattr(function, "func", function).__name__, *values)
    known = source.kept.get(key)
    now = time.monotonic()
    if known is not None and (source.taken_at is not None or now - known[0] < LIVE_S):
        return known[1]
    found = await ask(datasette, function, *values, limit_s=limit_s)
    if len(source.kept) >= MAX_KEPT:
        source.kept.clear()
    source.kept[key] = (now, found)
    return found
