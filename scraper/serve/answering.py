"""The processes that query the archive for our pages: whatever a question makes SQLite or Python do, it can be ended.

SQLite checks for an interrupt only between its steps, and one step can be a search for every word that begins with "a",
or a function over megabytes of text. So a question runs in a process of its own, which is killed when its time is up.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, NamedTuple

import scraper
from scraper import installed
from scraper.archive.file.connection import open_archive
from scraper.errors import ArchiveError, ArchiveSlow, PackageChanged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from scraper.archive.file.library import Archive

PROCESSES = 3
START_S = 60.0
_HEAD = struct.Struct("!I")
_READY = b"ready"
_FAR = "far"
_TOLD_S = 0.2  # how often a question reports its progress


class Far(NamedTuple):
    """How far a question has got: with what, how many are done, of how many."""

    what: str
    done: int
    of: int


class Call:
    """A running question, for those who wait for it; safe to use from several threads.

    `far` is its reported progress (None: no report yet), `started_at` when a process began it (monotonic seconds; None:
    it is still waiting), `size` the bytes of its answer. If it `tells`, the function also gets `on_progress`.
    """

    def __init__(self, *, tells: bool = False) -> None:
        self.tells = tells
        self.far: Far | None = None
        self.started_at: float | None = None
        self.size = 0
        self.is_ended = False
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def begin(self, process: subprocess.Popen[bytes]) -> None:
        """This process is working on it."""
        with self._lock:
            self._process, self.started_at = process, time.monotonic()
            if self.is_ended:
                process.kill()

    def finish(self) -> None:
        """The process no longer works on it."""
        with self._lock:
            self._process = None

    def end(self) -> None:
        """Nobody wants it any more: kill its process, or do not begin."""
        with self._lock:
            self.is_ended = True
            if self._process is not None:
                self._process.kill()


class Answerers:
    """Up to `count` processes over one archive file, started on demand; each may use as much memory as this one.

    Safe to use from several threads.
    """

    def __init__(self, path: Path, *, count: int = PROCESSES) -> None:
        self._path = path
        self._free = threading.Semaphore(count)
        self._lock = threading.Lock()  # guards what follows
        self._idle: list[subprocess.Popen[bytes]] = []
        self._busy: set[subprocess.Popen[bytes]] = set()
        self._is_closed = False

    def ask(
        self, function: Callable[..., Any], *values: object, limit_s: float, call: Call | None = None, **options: object
    ) -> Any:
        """`function(archive, *values, **options)`, which must be a module-level function. Waits for a free process,
        without limit.

        A `call` shows its progress, and can end it. Raises ArchiveSlow if there is no answer after `limit_s` seconds,
        ArchiveDamaged or whatever the function raises, and ArchiveError if the process ended by itself (memory) or
        through the call.
        """
        frame = pickle.dumps(
            (function, values, options, call is not None and call.tells), protocol=pickle.HIGHEST_PROTOCOL
        )
        with self._free:
            is_ok, found = self._answer(frame, limit_s, call or Call())
        if is_ok:
            return found
        raise found

    def _answer(self, frame: bytes, limit_s: float, call: Call) -> tuple[bool, Any]:
        if call.is_ended:
            raise ArchiveError("ended before it began")
        process = self._taken()
        call.begin(process)
        late = threading.Event()

        def end() -> None:
            late.set()
            process.kill()

        timer = threading.Timer(limit_s, end)
        timer.start()
        answer = None
        try:
            _write(process.stdin, frame)
            answer = _heard(process.stdout, call)
        except OSError:
            pass
        finally:
            timer.cancel()
            call.finish()
        self._give_back(process, is_whole=answer is not None and not late.is_set() and not call.is_ended)
        if late.is_set():
            raise ArchiveSlow(f"given up after {limit_s:g} s")
        if answer is None:
            raise ArchiveError(f"{self._path}: the process that reads it ended with {process.returncode}")
        return answer

    def _taken(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._is_closed:
                raise ArchiveError("the server ends")
            process = self._idle.pop() if self._idle else None
        if process is None:
            process = self._started()
        with self._lock:
            if not self._is_closed:  # close() has not seen a process that was still starting
                self._busy.add(process)
                return process
        self._give_back(process, is_whole=False)
        raise ArchiveError("the server ends")

    def _give_back(self, process: subprocess.Popen[bytes], *, is_whole: bool) -> None:
        with self._lock:
            self._busy.discard(process)
            is_kept = is_whole and not self._is_closed
            if is_kept:
                self._idle.append(process)
        if not is_kept:
            _end(process)

    def _started(self) -> subprocess.Popen[bytes]:
        """A new process that is ready, so that a question's time begins only when something can answer it."""
        process = self._start()
        with self._lock:
            self._busy.add(process)
        timer = threading.Timer(START_S, process.kill)
        timer.start()
        ready = _read(process.stdout)
        timer.cancel()
        if ready != _READY:
            self._give_back(process, is_whole=False)
            if not ready:
                raise ArchiveError(f"{self._path}: the process that reads it ended with {process.returncode}")
            raise pickle.loads(ready)[1]  # noqa: S301  (from our own child)
        return process

    def _start(self) -> subprocess.Popen[bytes]:
        try:
            installed.check_unchanged()
        except PackageChanged as error:  # its answers could not be understood here
            raise ArchiveError(str(error)) from error
        # -P and our own path first: a file called scraper.py in the current directory is not ours to run.
        home = str(Path(scraper.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
        return subprocess.Popen(  # noqa: S603  (ourselves)
            [sys.executable, "-P", "-m", "scraper.serve.answering", str(self._path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # Its two threads share one heap: the address space of a second one would count against its memory.
            env=os.environ | {"PYTHONPATH": path, "MALLOC_ARENA_MAX": "1"},
            start_new_session=True,  # the server handles Ctrl-C
        )

    def close(self, *, at_once: bool = False) -> None:
        """End the processes; busy ones end after their answer, or with `at_once` without it."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
            busy = list(self._busy)
        for process in idle:
            _end(process)
        for process in busy if at_once else ():
            process.kill()

    def __del__(self) -> None:
        self.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
    process.wait()


def _write(pipe: Any, data: bytes) -> None:
    pipe.write(_HEAD.pack(len(data)) + data)
    pipe.flush()


def _read(pipe: Any) -> bytes | None:
    """One frame; None at the end."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        return None
    size = _HEAD.unpack(head)[0]
    data: bytes = pipe.read(size)
    return data if len(data) == size else None


def _heard(pipe: Any, call: Call) -> tuple[bool, Any] | None:
    """The answer, after any progress reports; None if the process ended."""
    while (data := _read(pipe)) is not None:
        kind, *rest = pickle.loads(data)  # noqa: S301  (from our own child)
        if kind != _FAR:
            call.size = len(data)
            return kind, rest[0]
        call.far = Far(*rest)
    return None


def _teller(sink: Any) -> Callable[[str, int, int], None]:
    """A function that reports a question's progress to the server, from time to time and whenever another part begins."""
    last, part = 0.0, ""

    def tell(what: str, done: int, of: int) -> None:
        nonlocal last, part
        now = time.monotonic()
        if what != part or now - last >= _TOLD_S:
            last, part = now, what
            _write(sink, pickle.dumps((_FAR, what, done, of), protocol=pickle.HIGHEST_PROTOCOL))

    return tell


def _answered(db: Archive, frame: bytes, sink: Any) -> bytes:
    """The pickle of (True, result) or (False, exception); an exception that cannot be pickled is sent as text."""
    function, values, options, is_told = pickle.loads(frame)  # noqa: S301  (from our own parent)
    if is_told:
        options["on_progress"] = _teller(sink)
    try:
        answer = True, function(db, *values, **options)
    except Exception as error:  # noqa: BLE001  (raised again in the server)
        answer = False, error
    try:
        data = pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)
        pickle.loads(data)  # noqa: S301  (an exception with arguments of its own pickles and does not come back)
    except Exception:  # noqa: BLE001
        data = pickle.dumps((False, ArchiveError(repr(answer[1]))), protocol=pickle.HIGHEST_PROTOCOL)
    return data


def _questions(source: Any) -> Iterator[bytes]:
    """The server's questions. When the server is gone, this process ends at once, whatever it is doing, since nobody
    else would end it.
    """
    asked: SimpleQueue[bytes] = SimpleQueue()

    def listen() -> None:
        while (frame := _read(source)) is not None:
            asked.put(frame)
        os._exit(0)

    threading.Thread(target=listen, daemon=True).start()
    while True:
        yield asked.get()


def main() -> None:
    """Answer until stdin ends: `python -m scraper.serve.answering ARCHIVE`."""
    source, sink = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may write between the frames
    try:
        with open_archive(Path(sys.argv[1])) as db:
            _write(sink, _READY)
            for frame in _questions(source):
                _write(sink, _answered(db, frame, sink))
    except ArchiveError as error:  # it cannot be opened
        _write(sink, pickle.dumps((False, error)))


if __name__ == "__main__":
    main()
