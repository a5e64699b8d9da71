"""The loop of a schedule: whose turn it is, one run at a time, until it is told to stop."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scraper import installed
from scraper.archive.file import connection
from scraper.archive.file.connection import MIN_FREE_BYTES, open_archive
from scraper.archive.write import frontier, progress
from scraper.clock import SYSTEM, Clock, Steady
from scraper.crawl import TIME_IS_OVER, CrawlOptions, Event, Summary, crawl, has_work
from scraper.crawl.summary import SETTLED
from scraper.errors import ArchiveError, ArchiveFull, ArchiveLocked, KlipingError, PlanError
from scraper.fetch import FetchSettings, user_agent
from scraper.plan.timetable import Crawl, Timetable, Turn, next_turn, parse_timetable, time_left, together, turns_of
from scraper.schedule.happenings import Happening, Watcher
from scraper.schedule.idle_packing import SPARE, IdlePacking

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from scraper.archive.file.library import Archive
    from scraper.plan.host_shards import Shard

AfterCrawl = Callable[["Archive", Sequence[Turn], Summary], None]

LOOK = timedelta(seconds=5)  # between two looks at the plan file, and at the clock, while nothing is due
SIGN = timedelta(seconds=30)  # between two signs of life
PATIENCE: dict[type[ArchiveError], timedelta] = {
    ArchiveLocked: timedelta(minutes=1),
    ArchiveFull: timedelta(minutes=15),
}
MACHINE_PATIENCE = timedelta(minutes=2)  # with our own network or machine, before it is tried again
_NAP_S = 0.25


@dataclass(slots=True)
class ScheduleClock(Clock):
    """The clock of a schedule and its crawls. `stop` holds the number of the signal that ends everything, 0 before."""

    stop: int = 0
    is_asked_to_reload: bool = False
    _steady: Steady = field(default_factory=lambda: Steady(SYSTEM))

    def now(self) -> datetime:
        """The present moment, UTC; a jump is believed once the clock has run on for ten minutes after it."""
        return self._steady.now()

    def wait(self, seconds: float) -> None:
        """Wait, unless a signal comes. In short naps: a lock that a signal handler sets may deadlock with the waiting
        thread.
        """
        until = time.monotonic() + seconds
        while not (self.stop or self.is_asked_to_reload) and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, _NAP_S))


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleOptions:
    """How the plan at `path` is carried out. `use_sites` reads a directory of site definitions.

    With a `shard`, only the targets with a host of its publishers; other crawlers carry out the rest of the plan.
    """

    path: Path
    version: str
    net: Mapping[str, Any] = field(default_factory=dict)  # fields of FetchSettings given on the command line
    use_sites: Callable[[Path], object] | None = None
    shard: Shard | None = None
    min_free_bytes: int = MIN_FREE_BYTES


class Schedule:
    """Crawls according to a plan file. `after_crawl` is called after every run, with the archive open and the run
    closed.
    """

    def __init__(
        self,
        options: ScheduleOptions,
        *,
        watchers: Sequence[Watcher] = (),
        after_crawl: Sequence[AfterCrawl] = (),
        clock: ScheduleClock | None = None,
    ) -> None:
        self._options = options
        self._watchers = watchers
        self._after_crawl = after_crawl
        self._clock = clock or ScheduleClock()
        self._seen: bytes | None = b""  # the plan file as it was last read
        self._signed_at: datetime | None = None
        self._worst = 0
        self.timetable, self.turns = self._read()

    @property
    def archive_path(self) -> Path:
        """The archive that the plan names."""
        return self.beside(self.timetable.archive)

    def beside(self, name: str) -> Path:
        """A file that the plan names, beside it; `{shard}` in its name says which of several crawlers this is."""
        return self._options.path.parent / name.replace("{shard}", str(self._options.shard or "1-of-1"))

    def run(self, *, once: bool = False) -> int:
        """Crawl indefinitely; with `once`, only what is due now. Returns the exit code.

        Raises ArchiveError for an archive that no waiting can mend; with `once`, for any. It waits for an archive that
        another crawl holds, and for a full disk.
        """
        self._tell("started", plan=str(self._options.path), targets=len(self.turns), archive=str(self.archive_path))
        with self._signals():
            while not self._clock.stop:
                try:
                    with open_archive(
                        self.archive_path, mode="crawl", min_free_bytes=self._options.min_free_bytes
                    ) as db:
                        self._rounds(db, once=once)
                    if once:
                        break
                except (ArchiveLocked, ArchiveFull) as error:
                    if once:
                        raise
                    self._sit_out(str(error), PATIENCE[type(error)])
        stopped = self._clock.stop
        self._tell("stopped", signal=signal.Signals(stopped).name if stopped else None)
        return 128 + stopped if stopped else self._worst

    def _rounds(self, db: Archive, *, once: bool) -> None:
        """Give due targets their turns until a signal comes or the plan names another archive."""
        path = self.archive_path
        packing = IdlePacking(db, self._tell)
        last = progress.turns(db)
        while not self._clock.stop and self.archive_path == path:
            self._reload()
            now = self._clock.now()
            if due := together(self.turns, last, now):
                summary = self._crawl(db, due, now)
                if summary is not None and (trouble := summary.network or summary.broken) is not None:
                    if once:
                        return
                    # Waiting does not help after an upgrade: whoever supervises this process restarts it.
                    installed.check_unchanged()
                    self._sit_out(trouble, MACHINE_PATIENCE)  # nobody has had a turn
                    continue
                is_cut = summary is not None and summary.stopped == TIME_IS_OVER
                # What a run could not finish continues as soon as those who have waited longer have had their turn.
                last |= {turn.key: now - turn.crawl.every if is_cut else now for turn in due}
                progress.save_turns(
                    db, [turn.key for turn in due], at=now, run_id=summary.run_id if summary is not None else None
                )
            elif once:
                return
            else:
                self._sign(now, last)
                at = min(next_turn(turn, last, now) for turn in self.turns)
                if self.timetable.pack and at - now > SPARE and packing.step(now):
                    continue
                self._clock.wait(min(max((at - now).total_seconds(), 0.0), LOOK.total_seconds()))

    def _crawl(self, db: Archive, due: Sequence[Turn], now: datetime) -> Summary | None:
        """One run for these turns; None if there was nothing to do."""
        first = due[0].crawl
        names = sorted({turn.crawl.name for turn in due})
        options = CrawlOptions(
            targets=[turn.target for turn in due],
            version=self._options.version,
            since=first.since,
            until=first.until,
            max_pages=first.max_pages,
            max_host_requests=first.max_host_requests,
            max_host_minutes=first.max_host_minutes,
            follow=first.follow,
            shard=self._options.shard,
            max_minutes=time_left(due, now, self.timetable.longest).total_seconds() / 60,
            arguments=f"schedule {self._options.path.name}: {', '.join(names)}",
        )
        if not has_work(db, options, clock=self._clock):
            return None
        self._tell("crawl_begun", crawls=names, targets=len(due))
        summary = crawl(db, self._settings(first), options, on_event=self._attempt, clock=self._clock)
        self._worst = max(self._worst, summary.exit_code)
        if summary.signal is not None:
            self._clock.stop = summary.signal
        self._tell("crawl_ended", crawls=names, **_figures(db, summary, self._clock.now()))
        connection.checkpoint(db)
        for hook in self._after_crawl:
            hook(db, due, summary)
        return summary

    def _settings(self, entry: Crawl) -> FetchSettings:
        net: dict[str, Any] = {
            "user_agent": self.timetable.user_agent or user_agent(self._options.version, self.timetable.contact),
            "contact": self.timetable.contact,
            "delay_s": entry.delay,
        }
        return FetchSettings(**(net | dict(self._options.net)))

    def _attempt(self, event: Event) -> None:
        outcome = event.outcome
        self._tell(
            "attempt",
            host=event.host,
            kind=event.kind,
            reason=outcome.reason.value,
            is_good=outcome.reason in SETTLED,
            status=outcome.status,
            url=outcome.url,
            detail=outcome.detail,
            headline=event.headline,
            new_links=event.new_links,
            bytes_seen=outcome.bytes_seen,
        )

    def _reload(self) -> None:
        """Adopt an edit of the plan file; a faulty one is reported once, and the previous plan stays in force."""
        is_asked, self._clock.is_asked_to_reload = self._clock.is_asked_to_reload, False
        if self._look() == self._seen and not is_asked:
            return
        try:
            self.timetable, self.turns = self._read()
        except KlipingError as error:
            self._tell("plan_rejected", why=str(error))
        else:
            self._tell("plan_loaded", crawls=len(self.timetable.crawls), targets=len(self.turns))

    def _read(self) -> tuple[Timetable, tuple[Turn, ...]]:
        """The plan and its turns. Raises PlanError or SiteError."""
        path = self._options.path
        self._seen = self._look()
        if self._seen is None:
            raise PlanError(f"{path}: no plan file here, or it cannot be read")
        try:
            timetable = parse_timetable(self._seen.decode())
            if timetable.sites is not None and self._options.use_sites is not None:
                self._options.use_sites(path.parent / timetable.sites)
            return timetable, turns_of(timetable, self._options.shard)
        except (PlanError, UnicodeDecodeError) as error:
            raise PlanError(f"{path}: {error}") from error

    def _look(self) -> bytes | None:
        """The plan file as it is; None if it cannot be read."""
        try:
            return self._options.path.read_bytes()
        except OSError:
            return None

    def _sit_out(self, why: str, patience: timedelta) -> None:
        self._tell("trouble", why=why, again_in_s=int(patience.total_seconds()))
        until = self._clock.now() + patience
        while not self._clock.stop and (now := self._clock.now()) < until:
            self._sign(now, {})
            self._clock.wait(min((until - now).total_seconds(), SIGN.total_seconds()))

    def _sign(self, now: datetime, last: Mapping[tuple[str, str], datetime]) -> None:
        """Show a sign of life now and then."""
        if self._signed_at is not None and timedelta(0) <= now - self._signed_at < SIGN:
            return
        self._signed_at = now
        at = min(next_turn(turn, last, now) for turn in self.turns)
        self._tell("alive", next_turn_at=at.isoformat(timespec="seconds"))

    def _tell(self, name: str, **fields: Any) -> None:
        happening = Happening(at=self._clock.now(), name=name, fields=fields)
        for watch in self._watchers:
            watch(happening)

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        """SIGTERM and SIGINT stop, SIGHUP reads the plan again; a run in progress handles the first two itself."""

        def stop(number: int, _frame: object) -> None:
            if self._clock.stop:
                raise KeyboardInterrupt
            self._clock.stop = number

        def reload(_number: int, _frame: object) -> None:
            self._clock.is_asked_to_reload = True

        handlers: dict[int, Any] = {signal.SIGTERM: stop, signal.SIGINT: stop}
        if hasattr(signal, "SIGHUP"):
            handlers[signal.SIGHUP] = reload
        before: dict[int, Any] = {}
        with contextlib.suppress(ValueError):  # not the main thread: its owner handles the signals
            before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _figures(db: Archive, summary: Summary, now: datetime) -> dict[str, Any]:
    """The results of a run, for the log."""
    seconds = (summary.finished_at - summary.started_at).total_seconds() if summary.finished_at else 0.0
    return {
        "run": summary.run_id,
        "exit_code": summary.exit_code,
        "seconds": round(seconds, 1),
        "outcomes": {reason.value: count for reason, count in summary.reasons.most_common()},
        "new_articles": summary.new_articles,
        "changed_articles": summary.changed_articles,
        "new_links": summary.new_links,
        "recovered": summary.recovered,
        "stopped": summary.stopped,
        "left": sum(summary.left.values()),
        "queued": frontier.queued_count(db),
        "due": sum(frontier.due_hosts(db, now=now).values()),
    }
