"""Questions that take longer than a reader waits: each is computed once for everyone who asks it, and reports its
progress.

A page with such a question gets its answer or, after a moment, the progress; it then reloads by itself until the answer
is there. So no connection is held open, and no script is needed. A question that nobody comes back for is ended.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import threading
import time
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from scraper.archive.file import lookup
from scraper.errors import KlipingError
from scraper.serve.answering import Answerers, Call

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PROCESSES = 2
MOST = 8  # questions at once: running ones and waiting ones
PATIENCE_S = 1.0  # how long a page waits for the answer before it shows the progress
LIMIT_S = 300.0  # the longest that a question may take
ABANDONED_S = 60.0  # without anybody coming back for it
STOPPED_S = 8.0  # after one reader has stopped it: by then any other reader who is waiting has come back (PAUSES_S)
PAUSES_S = (1, 5)  # between two reloads: the first and the longest pause
WATCHED_S = 1.0  # between two checks of what is still wanted
FAILED_S = 60.0  # how long a failed question is not retried
MAX_KEPT = 500
MAX_KEPT_BYTES = 128 << 20  # of the answers in the size in which they were sent

Key = tuple[object, ...]


class TooManyQuestions(KlipingError):
    """The maximum number of long questions is already under way."""


class StillCounting(Exception):
    """The answer is not there yet; carries the progress."""

    def __init__(self, question: LongQuestion, before: int) -> None:
        super().__init__(question.name)
        self.name = question.name
        self.far = question.call.far
        self.before = before  # questions that will be started first
        self.is_running = question.call.started_at is not None
        self.seconds = int(time.monotonic() - question.asked_at)
        first, longest = PAUSES_S
        self.pause = min(first + self.seconds // 5, longest)
        self.limit = int(LIMIT_S)


class _Entry(NamedTuple):
    at: float  # monotonic seconds
    value: Any
    size: int


class AnswerCache:
    """Answers by question, the most recently used ones; safe to use from several threads."""

    def __init__(self, most_bytes: int = MAX_KEPT_BYTES) -> None:
        self.entries: OrderedDict[Key, _Entry] = OrderedDict()
        self._most = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: Key, *, within_s: float | None) -> _Entry | None:
        """An answer that is at most this old (None: of any age)."""
        with self._lock:
            found = self.entries.get(key)
            if found is None or (within_s is not None and time.monotonic() - found.at >= within_s):
                return None
            self.entries.move_to_end(key)
            return found

    def put(self, key: Key, value: object, size: int) -> None:
        """Keep an answer; the least recently used ones are dropped, but never this one."""
        with self._lock:
            old = self.entries.pop(key, None)
            self.entries[key] = _Entry(time.monotonic(), value, size)
            self._bytes += size - (old.size if old else 0)
            while len(self.entries) > 1 and (len(self.entries) > MAX_KEPT or self._bytes > self._most):
                self._bytes -= self.entries.popitem(last=False)[1].size


@dataclass(slots=True, kw_only=True)
class LongQuestion:
    """A question that is running or has failed. Only those who were shown `name` know it; times are monotonic seconds."""

    key: Key
    call: Call
    asked_at: float
    seen_at: float
    future: Future[Any] = field(init=False)
    name: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    stopped_at: float | None = None
    failed_at: float | None = None

    def is_wanted(self, now: float) -> bool:
        """Whether somebody has come back for it lately, and since it was stopped."""
        if self.stopped_at is not None and self.seen_at <= self.stopped_at:
            return now - self.stopped_at < STOPPED_S
        return now - self.seen_at < ABANDONED_S


class LongQuestions:
    """The long questions of one archive, and the processes that answer them."""

    def __init__(self, path: Path, kept: AnswerCache) -> None:
        self.answerers = Answerers(path, count=PROCESSES)
        self._kept = kept
        self._threads = ThreadPoolExecutor(max_workers=PROCESSES)
        self._lock = threading.RLock()  # guards what follows
        self._under_way: dict[Key, LongQuestion] = {}
        self._watching: threading.Thread | None = None

    def start(self) -> None:
        """Start the processes before anybody asks."""
        asked = [self._threads.submit(self.answerers.ask, lookup.article, 0, limit_s=LIMIT_S) for _ in range(PROCESSES)]
        for each in asked:
            each.result()

    async def answer(
        self, key: Key, function: Callable[..., Any], values: tuple[object, ...], *, to_the_end: bool
    ) -> Any:
        """The result of `function(archive, *values, on_progress=…)`, which is also kept under the key.

        Raises StillCounting if that takes longer than a moment (never if `to_the_end`), TooManyQuestions, and whatever
        the question raised, even if somebody else asked it a moment ago.
        """
        question = self._of(key, function, values)
        while not await _is_done(question.future, PATIENCE_S):
            if not to_the_end:
                raise StillCounting(question, self._before(question))
            question.seen_at = time.monotonic()
        return question.future.result()

    def _of(self, key: Key, function: Callable[..., Any], values: tuple[object, ...]) -> LongQuestion:
        now = time.monotonic()
        with self._lock:
            self._drop_failed(now)
            question = self._under_way.get(key)
            if question is None or question.call.is_ended:
                if sum(each.failed_at is None for each in self._under_way.values()) >= MOST:
                    raise TooManyQuestions(f"{MOST}")
                question = self._begun(key, function, values, now)
            question.seen_at = now
        return question

    def _begun(self, key: Key, function: Callable[..., Any], values: tuple[object, ...], now: float) -> LongQuestion:
        question = LongQuestion(key=key, call=Call(tells=True), asked_at=now, seen_at=now)
        self._under_way[key] = question
        question.future = self._threads.submit(self._answered, question, function, values)
        if self._watching is None:
            self._watching = threading.Thread(target=self._watch, daemon=True)
            self._watching.start()
        return question

    def _answered(self, question: LongQuestion, function: Callable[..., Any], values: tuple[object, ...]) -> Any:
        try:
            found = self.answerers.ask(function, *values, limit_s=LIMIT_S, call=question.call)
        except BaseException:
            with self._lock:
                question.failed_at = time.monotonic()
                if question.call.is_ended:  # whoever asks again wants it again
                    self._drop(question)
            raise
        self._kept.put(question.key, found, question.call.size)
        with self._lock:
            self._drop(question)
        return found

    def _drop(self, question: LongQuestion) -> None:
        if self._under_way.get(question.key) is question:
            del self._under_way[question.key]

    def _drop_failed(self, now: float) -> None:
        for each in list(self._under_way.values()):
            if each.failed_at is not None and now - each.failed_at >= FAILED_S:
                self._drop(each)

    def _before(self, question: LongQuestion) -> int:
        """How many questions will be started before this waiting one."""
        with self._lock:
            listed = [each for each in self._under_way.values() if each.failed_at is None]
        return 0 if question.call.started_at is not None else sum(each.asked_at < question.asked_at for each in listed)

    def _watch(self) -> None:
        """End what nobody wants any more, for as long as there are questions."""
        while True:
            time.sleep(WATCHED_S)
            with self._lock:
                now = time.monotonic()
                listed = [each for each in self._under_way.values() if each.failed_at is None]
                if not listed:
                    self._watching = None
                    return
            for each in listed:
                if not each.is_wanted(now):
                    each.call.end()

    def stop(self, name: str) -> bool:
        """One reader stops waiting; returns whether there is such a question. It continues if another reader comes back
        for it.
        """
        with self._lock:
            for each in self._under_way.values():
                if secrets.compare_digest(each.name, name) and each.failed_at is None:
                    each.stopped_at = time.monotonic()
                    return True
        return False

    def close(self, *, at_once: bool = False) -> None:
        """End the processes; busy ones end after their answer, or with `at_once` without it."""
        if at_once:
            self._threads.shutdown(wait=False, cancel_futures=True)
        self.answerers.close(at_once=at_once)

    def shut(self) -> None:
        """Wait for the running answers."""
        self._threads.shutdown(wait=True)


async def _is_done(future: Future[Any], within_s: float) -> bool:
    """Wait a while for another thread's work, which continues whatever happens to the waiting one."""
    loop, event = asyncio.get_running_loop(), asyncio.Event()

    def told(_: object) -> None:
        with contextlib.suppress(RuntimeError):  # whoever waited is gone
            loop.call_soon_threadsafe(event.set)

    future.add_done_callback(told)
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), within_s)
    return future.done()
