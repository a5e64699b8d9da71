"""The archive behind the pages: its connection, and results computed once per snapshot."""

from __future__ import annotations

import asyncio
import functools
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from scraper.archive.ask import reader_sql
from scraper.serve.answering import PROCESSES, Answerers, Call
from scraper.serve.counting import AnswerCache, LongQuestions

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable
    from datetime import datetime
    from pathlib import Path

    from scraper.serve.app import Served

NAME = "kliping"  # the database's name in addresses
LIVE_S = 30.0  # how long a figure from a live archive stays valid
LIMIT_S = 20.0
GRACE_S = 3.0  # for the last step of a query


class Source:
    """The archive as served. `taken_at` is the moment of the snapshot, None for the live archive.

    Figures of a snapshot never change, so each is computed once (`kept`), even if many ask at the same time. What
    Datasette and its readers ask (`sql`), and what takes long (`questions`), has processes of its own, so that our
    pages do not wait. `searches` is the archive beside which searches are saved.
    """

    def __init__(self, path: Path, *, taken_at: datetime | None, searches: Path | None = None) -> None:
        self.path = path
        self.taken_at = taken_at
        self.searches = searches
        self.answerers, self.sql = Answerers(path), Answerers(path)
        self.threads, self.sql_threads = (ThreadPoolExecutor(max_workers=PROCESSES) for _ in range(2))
        self.kept = AnswerCache()
        self.questions = LongQuestions(path, self.kept)
        self.under_way: dict[tuple[object, ...], Future[Any]] = {}

    def known(self, key: tuple[object, ...]) -> tuple[Any] | None:
        """An answer that is still valid, wrapped in a tuple; None if there is none."""
        found = self.kept.get(key, within_s=None if self.taken_at is not None else LIVE_S)
        return None if found is None else (found.value,)

    def close(self, *, at_once: bool = False) -> None:
        """End the processes; busy ones end after their answer, or with `at_once` without it."""
        for each in (self.answerers, self.sql, self.questions):
            each.close(at_once=at_once)

    def shut(self) -> None:
        """Wait for the running answers."""
        for threads in (self.threads, self.sql_threads):
            threads.shutdown(wait=True)
        self.questions.shut()


def source_of(datasette: Any) -> Source | None:
    """The archive that a Datasette serves for us; None if `kliping serve` did not start it."""
    source = getattr(datasette, "source", None)
    return source if isinstance(source, Source) else None


async def ask(
    datasette: Served,
    function: Callable[..., Any],
    *values: object,
    limit_s: float | None = None,
    **options: Any,
) -> Any:
    """The result of a reading function of the archive, run in a process that is ended if it takes too long.

    Raises ArchiveSlow if it is not done after `limit_s` seconds: one reader's question must not keep the others
    waiting.
    """
    source = datasette.source
    call = functools.partial(source.answerers.ask, function, *values, limit_s=limit_s or LIMIT_S, **options)
    return await asyncio.get_running_loop().run_in_executor(source.threads, call)


async def ask_sql(datasette: Served, sql: str, values: Any, *, limit_s: float, most: int | None) -> Any:
    """The result of archive.read_sql, from a process that is killed if the time limit itself fails to stop it."""
    source = datasette.source
    ending = limit_s + GRACE_S
    call = functools.partial(
        source.sql.ask, reader_sql.read_sql, sql, values, limit_s=ending, within_s=limit_s, most=most
    )
    return await asyncio.get_running_loop().run_in_executor(source.sql_threads, call)


async def ask_once(
    datasette: Served,
    function: Callable[..., Any],
    *values: object,
    limit_s: float | None = None,
    also: Hashable = None,
) -> Any:
    """The same, remembered: for good for a snapshot, for half a minute for the live archive; whoever asks meanwhile
    also waits for it.

    The key consists of the function's name, its values and `also`, which must determine any other arguments of a
    partial function.
    """
    source, key = datasette.source, _key(function, values, also)
    if (known := source.known(key)) is not None:
        return known[0]
    future = source.under_way.get(key)
    if future is None:
        future = source.threads.submit(_found_out, source, key, function, values, limit_s or LIMIT_S)
        source.under_way[key] = future
        future.add_done_callback(lambda _: source.under_way.pop(key, None))
    return await asyncio.shield(asyncio.wrap_future(future))


def _found_out(
    source: Source, key: tuple[object, ...], function: Callable[..., Any], values: tuple[object, ...], limit_s: float
) -> Any:
    call = Call()
    found = source.answerers.ask(function, *values, limit_s=limit_s, call=call)
    source.kept.put(key, found, call.size)
    return found


async def ask_counted(
    datasette: Served,
    function: Callable[..., Any],
    *values: object,
    also: Hashable = None,
    to_the_end: bool = False,
) -> Any:
    """The same for what may take long (scraper.serve.counting): `function` also gets `on_progress`.

    Raises StillCounting if the answer is not there after a moment, unless asked `to_the_end`; TooManyQuestions;
    ArchiveSlow.
    """
    source, key = datasette.source, _key(function, values, also)
    if (known := source.known(key)) is not None:
        return known[0]
    return await source.questions.answer(key, function, values, to_the_end=to_the_end)


def _key(function: Callable[..., Any], values: tuple[object, ...], also: Hashable) -> tuple[object, ...]:
    return (getattr(function, "func", function).__name__, *values, also)
