"""One run of a crawl: hosts in parallel, each at its own pace, every page complete or not at all, a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from scraper import installed
from scraper.archive.file import connection
from scraper.archive.write import followed, frontier, identity, idle, progress, save
from scraper.clock import SYSTEM, Clock, Steady
from scraper.crawl.budget import KINDS, MAX_HOST_REQUESTS, Budget
from scraper.crawl.group import Group
from scraper.crawl.listing import days_of, passed_over
from scraper.crawl.page import visit
from scraper.crawl.reach import Reach
from scraper.crawl.readers import Readers
from scraper.crawl.results import PRIORITY
from scraper.crawl.stores import Paces, Reservations, RobotsEvidence
from scraper.crawl.summary import Event, Summary
from scraper.crawl.targets import resolve, today_of
from scraper.errors import NetworkDown, Reason, SystemLimit
from scraper.fetch import Fetcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import date, datetime

    from scraper.archive.file.library import Archive
    from scraper.archive.write.frontier import QueuedLink
    from scraper.archive.write.pageresult import PageResult, Saved
    from scraper.crawl.budget import Bound
    from scraper.crawl.targets import Scope, Start
    from scraper.fetch import FetchSettings
    from scraper.plan.host_shards import Shard
    from scraper.records import Outcome

TIME_IS_OVER = "the time of this run is over"
STOPPED = "stopped by the program that started it"
GRACE_S = 7.0  # for requests in flight when a signal comes
MAX_HOSTS = 200  # most of them are waiting for their turn


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlOptions:
    """What to crawl.

    Links to the hosts of `follow` are accepted too. `max_pages` limits the article pages requested; `again` requests
    the given targets even if they are not due.

    `max_host_requests` and `max_host_minutes` are what one host may use of a run; the rest stays queued, and so does
    whatever an endless path leads to. After `max_minutes` the whole run ends as if it had been asked to. With a `shard`
    only its publishers are requested; links to others stay queued.
    """

    targets: Sequence[str]
    version: str
    since: date | None = None
    until: date | None = None
    max_pages: int | None = None
    max_host_requests: int | None = MAX_HOST_REQUESTS
    max_host_minutes: float | None = None
    max_minutes: float | None = None
    again: bool = False
    follow: Sequence[str] = ()
    shard: Shard | None = None
    arguments: str = ""

    @property
    def scope(self) -> str | None:
        """What limits or widens the targets: the range of days as an ISO 8601 interval (".." for an open end), and +HOST for each
        host to follow; None if there is neither.
        """
        days = [f"{self.since or '..'}/{self.until or '..'}"] if self.since or self.until else []
        return " ".join([*days, *(f"+{host}" for host in sorted({*self.follow}))]) or None


@dataclass(slots=True)
class _Run:
    db: Archive
    fetcher: Fetcher
    readers: Readers
    scope: Scope
    summary: Summary
    on_event: Callable[[Event], None]
    budget: Budget
    given: set[str]
    group: Group
    stop: asyncio.Event
    parked: set[str] = field(default_factory=set)
    reach: Reach = field(default_factory=Reach)


def crawl(
    db: Archive,
    settings: FetchSettings,
    options: CrawlOptions,
    *,
    on_event: Callable[[Event], None],
    on_start: Callable[[Callable[[], None]], None] | None = None,
    clock: Clock = SYSTEM,
) -> Summary:
    """Crawl until nothing in scope is due, a limit is reached, or a signal comes; the archive must be open for a crawl.

    `on_start` is given a function that ends the run as a signal would, from any thread. Raises SiteError for a target
    that is neither a site nor a URL, ArchiveError if the archive fails.
    """
    installed.begin()
    clock = Steady(clock)
    now = clock.now()
    starts, scope = _scope_of(db, options, now)
    if options.shard is not None:
        settings = replace(settings, may_follow=options.shard.owns, waits_first=True)
    recovered = frontier.leased_count(db)
    run_id = frontier.start_run(
        db,
        kind="crawl",
        version=options.version,
        arguments=options.arguments,
        at=now,
        agent=settings.user_agent,
        scope=options.scope,
    )
    summary = Summary(run_id=run_id, started_at=now, recovered=recovered)
    _queue_starts(db, starts, scope, now, again=options.again)
    asyncio.run(_crawl(db, settings, options, scope, starts, summary, on_event, on_start, clock))
    summary.finished_at = clock.now()
    summary.next_due_at = frontier.next_due_at(db)
    summary.left = {
        host: count for host, count in frontier.due_hosts(db, now=summary.finished_at).items() if scope.has_host(host)
    }
    frontier.finish_run(
        db,
        run_id,
        at=summary.finished_at,
        exit_code=summary.exit_code,
        limits=summary.limits,
        note=summary.note,
    )
    return summary


def has_work(db: Archive, options: CrawlOptions, *, clock: Clock = SYSTEM) -> bool:
    """Whether a crawl would request anything now: a start that is unknown or was read in another scope, or a due link in its scope.

    Raises SiteError as `crawl` does.
    """
    now = clock.now()
    starts, scope = _scope_of(db, options, now)
    urls = {start.link.url for start in starts}
    if frontier.known_urls(db, urls) != urls or passed_over(db, scope, (start.link for start in starts)):
        return True
    return any(scope.has_host(host) for host in frontier.due_hosts(db, now=now))


def _scope_of(db: Archive, options: CrawlOptions, now: datetime) -> tuple[list[Start], Scope]:
    starts, scope = resolve(
        options.targets, since=options.since, until=options.until, today=today_of(now), shard=options.shard
    )
    scope = scope.following(identity.moves(db))
    hosts = followed.followed_hosts(db, scope.is_own) | frozenset(options.follow)
    return starts, replace(scope, followed=hosts, requested=options.scope)


def _queue_starts(db: Archive, starts: Sequence[Start], scope: Scope, now: datetime, *, again: bool) -> None:
    with connection.transaction(db):
        frontier.make_due(db, passed_over(db, scope, (start.link for start in starts)), at=now)
        for start in starts:
            frontier.add_links(db, [start.link], due_at=now, priority=PRIORITY[start.link.kind])
        progress.ask_days(db, days_of(start.link for start in starts), at=now)
    if again:
        frontier.make_due(db, (start.link.url for start in starts if start.is_given), at=now)


async def _crawl(
    db: Archive,
    settings: FetchSettings,
    options: CrawlOptions,
    scope: Scope,
    starts: Sequence[Start],
    summary: Summary,
    on_event: Callable[[Event], None],
    on_start: Callable[[Callable[[], None]], None] | None,
    clock: Clock,
) -> None:
    stop = asyncio.Event()
    group = Group(db, on_failure=stop.set)
    paces = Paces(db, group)
    fetching = Fetcher(settings, robots=RobotsEvidence(db), tdm=Reservations(db), publishers=paces, clock=clock)
    async with fetching as fetcher, Readers() as readers:
        run = _Run(
            db=db,
            fetcher=fetcher,
            readers=readers,
            scope=scope,
            summary=summary,
            on_event=on_event,
            budget=Budget(
                pages=options.max_pages,
                host_requests=options.max_host_requests,
                host_minutes=options.max_host_minutes,
                clock=clock,
            ),
            given={start.link.url for start in starts if start.is_given},
            group=group,
            stop=stop,
        )
        if on_start is not None:
            on_start(partial(_end_soon, asyncio.get_running_loop(), run))
        with connection.undo_in_memory(db):
            try:
                with _signals(run), _time_limit(run, options.max_minutes):
                    await _all_hosts(run)
            finally:
                group.commit()


def _end_soon(loop: asyncio.AbstractEventLoop, run: _Run) -> None:
    with contextlib.suppress(RuntimeError):  # the run is over, and its loop closed
        loop.call_soon_threadsafe(_end, run, STOPPED)


def _end(run: _Run, why: str) -> None:
    if not run.stop.is_set():
        run.summary.stopped = why
        run.stop.set()


@contextlib.contextmanager
def _time_limit(run: _Run, minutes: float | None) -> Iterator[None]:
    """End the run cleanly when its time is over."""
    loop = asyncio.get_running_loop()
    timer = loop.call_later(minutes * 60, _end, run, TIME_IS_OVER) if minutes is not None else None
    try:
        yield
    finally:
        if timer is not None:
            timer.cancel()


@contextlib.contextmanager
def _signals(run: _Run) -> Iterator[None]:
    """SIGINT and SIGTERM end the run cleanly; a second one ends it at once."""
    loop = asyncio.get_running_loop()
    caught: tuple[signal.Signals, ...] = (signal.SIGINT, signal.SIGTERM)

    def ask(number: int) -> None:
        if run.summary.signal is not None:
            raise KeyboardInterrupt
        run.summary.signal = number
        run.summary.stopped = f"stopped by {signal.Signals(number).name}"
        run.stop.set()

    before = {number: signal.getsignal(number) for number in caught}
    try:
        for number in caught:
            loop.add_signal_handler(number, ask, number)
    except (NotImplementedError, RuntimeError):  # not the main thread, or Windows: Ctrl-C raises instead
        caught = ()
    try:
        yield
    finally:
        for number in caught:
            loop.remove_signal_handler(number)
            if before[number] is not None:  # what a schedule handles between two runs
                signal.signal(number, before[number])


async def _all_hosts(run: _Run) -> None:
    """A task for every host with due links in scope, until there is none and none is running."""
    tasks: dict[str, asyncio.Task[None]] = {}
    stopping = asyncio.create_task(run.stop.wait())
    try:
        while not run.stop.is_set():
            for host in frontier.due_hosts(run.db, now=run.fetcher.clock.now()):
                if len(tasks) < MAX_HOSTS and host not in tasks and _may_ask(run, host):
                    run.scope = replace(run.scope, idle={**run.scope.idle, host: idle.idle_parameters(run.db, host)})
                    tasks[host] = asyncio.create_task(_one_host(run, host), name=host)
            if not tasks:
                if not run.reach.held:
                    return
                if why := await run.reach.judge(run.db, run.fetcher, since=run.summary.started_at):
                    run.summary.network = run.summary.stopped = why
                    return
                continue
            await asyncio.wait([*tasks.values(), stopping], return_when=asyncio.FIRST_COMPLETED)
            for host in [host for host, task in tasks.items() if task.done()]:
                tasks.pop(host).result()  # a failing archive ends the run
        if tasks:
            await asyncio.wait(tasks.values(), timeout=GRACE_S)
    finally:
        stopping.cancel()
        for task in tasks.values():
            task.cancel()
        await asyncio.gather(stopping, *tasks.values(), return_exceptions=True)


def _may_ask(run: _Run, host: str) -> bool:
    return host not in run.parked and host not in run.reach.held and run.scope.has_host(host)


async def _one_host(run: _Run, host: str) -> None:
    """The due links of one host, one after the other; the fetcher sets the pace."""
    queued = _lease(run, host)
    while queued is not None:
        answers = run.reach.answers
        try:
            result = await visit(run.db, run.fetcher, run.readers, queued, run.scope, run_id=run.summary.run_id)
        except asyncio.CancelledError:
            frontier.release(run.db, queued.url_id)
            raise
        except SystemLimit as error:
            frontier.release(run.db, queued.url_id)
            run.summary.stopped = str(error)
            if isinstance(error, NetworkDown):
                run.summary.network = str(error)
            else:
                run.summary.broken = str(error)
            run.stop.set()
            return
        # The host asked to be left alone longer than one run can wait.
        is_parked = result.outcome.not_before is not None
        waits = run.reach.note(queued, result, answers, run.fetcher.clock.monotonic())
        with run.group.page():  # the next lease belongs to the same transaction
            result = run.budget.bounded(run.db, queued, result)
            saved = save.save_page(run.db, result)
            following = None if is_parked or waits or run.stop.is_set() else _lease(run, host)
        if result.followed:
            run.scope = replace(run.scope, followed=run.scope.followed | {each.host for each in result.followed})
        if result.moved is not None:
            run.scope = run.scope.with_hosts([result.moved.new_host])
        run.group.tell(partial(_report, run, queued, result, saved))
        if is_parked:
            _park(run, host, "left_alone")
        queued = following


def _report(run: _Run, queued: QueuedLink, result: PageResult, saved: Saved) -> None:
    """Report an attempt, after its commit."""
    outcome = result.outcome
    if outcome.reason is not saved.reason:
        outcome = replace(outcome, reason=saved.reason)
    if (moved := result.moved) is not None:
        run.summary.moved[moved.host] = moved.new_host
    run.summary.new_articles += saved.is_new_article
    run.summary.changed_articles += saved.is_changed
    event = Event(
        outcome=outcome,
        kind=queued.kind,
        host=queued.host,
        headline=result.article.headline if result.article else None,
        new_links=saved.new_links,
    )
    run.summary.count(event)
    if result.outside is not None:
        run.summary.outside[queued.url] = result.outside
    if result.cut is not None:
        run.summary.cut[queued.url] = result.cut
    if queued.url in run.given and (why := _unmet(queued, result, outcome)):
        run.summary.unmet[queued.url] = why
    run.on_event(event)


def _unmet(queued: QueuedLink, result: PageResult, outcome: Outcome) -> str | None:
    """Why a URL given by hand yielded nothing; None if it did, or has before."""
    if result.article is not None or outcome.reason in (Reason.UNCHANGED, Reason.PAYWALLED):
        return None
    if outcome.reason is not Reason.OK:
        return outcome.reason.value + (f" ({outcome.detail})" if outcome.detail else "")
    has_links = result.named or result.links or result.sections or result.backlog or result.left_out
    return None if has_links or queued.kind == "article" else "it is not an article, and lists none"


def _lease(run: _Run, host: str) -> QueuedLink | None:
    """The host's next link, of the kinds that its limits allow; if they leave none, the host is parked and this returns
    None.
    """
    reached = run.budget.reached(host, run.fetcher.hosts.pause_s(f"http://{host}/"))
    kinds = run.budget.kinds(reached)
    now = run.fetcher.clock.now()
    only = kinds if kinds != KINDS else ()
    closed = run.fetcher.hosts.closed(f"http://{host}/")
    queued = (
        frontier.lease(run.db, run.summary.run_id, host=host, now=now, kinds=only, closed=closed) if kinds else None
    )
    if queued is not None:
        run.budget.take(queued)
    elif kinds != KINDS or closed:
        out_of_pages: tuple[Bound, ...] = ("max_pages",) if run.budget.pages == 0 else ()
        _park(run, host, *reached, *out_of_pages, *(("failing",) if closed else ()))
    return queued


def _park(run: _Run, host: str, *bounds: Bound) -> None:
    """Request nothing more from a host in this run; if links are left for the next one, the reason is recorded."""
    run.parked.add(host)
    if bounds and frontier.is_due(run.db, host, now=run.fetcher.clock.now()):
        run.summary.limits[host] = bounds
