"""The archive that pages are made from: its connection, and what was found out once for a snapshot."""

from __future__ import annotations

import asyncio
import functools
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scraper import archive
from scraper.serve.answering import PROCESSES

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime
    from pathlib import Path

    from scraper.serve.answering import Answerers
    from scraper.serve.app import Served

NAME = "kliping"  # the database's name in addresses
LIVE_S = 30.0  # how long a figure of a live archive stands
MAX_KEPT = 500
LIMIT_S = 20.0
GRACE_S = 3.0  # for the last step of a query


@dataclass(slots=True)
class Source:
    """The archive as served. `taken_at` is the moment of the snapshot, None for the live archive.

    Figures of a snapshot never change, so each is found out once (`kept`).
    """

    taken_at: datetime | None
    answerers: Answerers
    sql: Answerers  # for what Datasette and its readers ask: however long that takes, our pages have their own
    searches: Path | None = None  # the archive beside which searches are saved
    threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=PROCESSES))
    sql_threads: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(max_workers=PROCESSES))
    kept: dict[tuple[object, ...], tuple[float, Any]] = field(default_factory=dict)

    def close(self, *, at_once: bool = False) -> None:
        """End the processes; those that work end with their answer, or `at_once` without."""
        for each in (self.answerers, self.sql):
            each.close(at_once=at_once)


def source_of(datasette: Any) -> Source | None:
    """The archive that a Datasette serves for us; None for one that `kliping serve` did not start."""
    source = getattr(datasette, "source", None)
    return source if isinstance(source, Source) else None


async def ask(
    datasette: Served,
    function: Callable[..., Any],
    *values: object,
    limit_s: float | None = None,
    reads_much: bool = False,
    **options: object,
) -> Any:
    """What a reading function of the archive gives, run in a process that is ended when it takes too long.

    One that `reads_much` shares the processes that SQL has, so that pages which answer at once need not wait for it.
    Raises ArchiveSlow when it is still at it after `limit_s`: one reader's question must not keep the others waiting.
    """
    source = datasette.source
    answerers, threads = (source.sql, source.sql_threads) if reads_much else (source.answerers, source.threads)
    call = functools.partial(answerers.ask, function, *values, limit_s=limit_s or LIMIT_S, **options)
    return await asyncio.get_running_loop().run_in_executor(threads, call)


async def ask_sql(datasette: Served, sql: str, values: Any, *, limit_s: float, most: int | None) -> Any:
    """What archive.read_sql gives, from a process that is ended when the limit could not."""
    source = datasette.source
    ending = limit_s + GRACE_S
    call = functools.partial(source.sql.ask, archive.read_sql, sql, values, limit_s=ending, within_s=limit_s, most=most)
    return await asyncio.get_running_loop().run_in_executor(source.sql_threads, call)


async def ask_once(
    datasette: Served,
    function: Callable[..., Any],
    *values: object,
    limit_s: float | None = None,
    reads_much: bool = False,
    also: Hashable = None,
) -> Any:
    """The same, remembered: for ever for a snapshot, for half a minute for the live archive.

    It is known by the function's name, its values and `also`, from which must follow whatever else a partial function is given.
    """
    source = datasette.source
    key = (getattr(function, "func", function).__name__, *values, also)
    known = source.kept.get(key)
    now = time.monotonic()
    if known is not None and (source.taken_at is not None or now - known[0] < LIVE_S):
        return known[1]
    found = await ask(datasette, function, *values, limit_s=limit_s, reads_much=reads_much)
    if len(source.kept) >= MAX_KEPT:
        source.kept.clear()
    source.kept[key] = (now, found)
    return found
