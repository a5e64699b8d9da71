"""Creates and runs the server: which file is served, under what limits, and new snapshots from time to time."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import hashlib
import logging
import signal
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import uvicorn
from jinja2 import ChoiceLoader, DictLoader

from scraper import installed
from scraper.archive.ask import browse, facets, reader_sql
from scraper.archive.ask.filters import ALL
from scraper.archive.file import descriptions, lookup
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import backup
from scraper.errors import ArchiveSlow, KlipingError
from scraper.lazy import without
from scraper.serve import analysed, plugin
from scraper.serve.answering import PROCESSES
from scraper.serve.request import AllowedHosts
from scraper.serve.source import NAME, Source, ask, ask_once, ask_sql
from scraper.text import terminal_safe

# Its library of physical units loads them if they are installed, which is half of a server's start.
with without("numpy", "dask", "dask.array", "httpx._main"):
    from datasette.app import Datasette
    from datasette.database import Database, QueryInterrupted, Results
    from datasette.plugins import pm
    from datasette.utils import escape_sqlite

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Iterator

log = logging.getLogger("kliping")

_TEMPLATES = Path(__file__).parent / "templates"
THREADS = 3
COPIED_FIRST = 200 << 20  # bytes: a larger archive is shown itself until its first copy is made
WARMING_S = 600.0
COUNTING_MS = 20
_M_ARENA_MAX = -8  # of <malloc.h>
# Measured on a million articles: suggested facets cost a second per page, and a broad search of a table counts for
# seconds.
SETTINGS = {
    "suggest_facets": False,
    "sql_time_limit_ms": 3000,
    "facet_time_limit_ms": 1000,
    "max_returned_rows": 1000,
    "allow_download": False,
    "default_page_size": 50,
    "truncate_cells_html": 160,
    "num_sql_threads": THREADS,
    "default_cache_ttl": 0,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeOptions:
    """How to serve. `renew_after` None keeps the first snapshot; `allow_sql` lets readers write SQL; memory in MiB, for
    each process.

    `allow_hosts` are further names under which the server may be addressed, such as a proxy's.
    """

    host: str = "127.0.0.1"
    allow_hosts: tuple[str, ...] = ()
    port: int = 8001
    live: bool = False
    allow_sql: bool = False
    renew_after: timedelta | None = timedelta(hours=1)
    memory_mib: int = 2048


class ServedFile(Database):  # type: ignore[misc]  # it has no types
    """Datasette's view of the file, without what takes seconds for a large one: a digest of the whole file, and
    complete row counts.
    """

    def __init__(self, datasette: Datasette, path: Path, *, is_mutable: bool) -> None:
        super().__init__(datasette, path=str(path), is_mutable=is_mutable)
        self.counts: dict[str, int | None] = {}
        if not is_mutable:  # the name of a snapshot is unique
            self.cached_hash = hashlib.sha256(str(path).encode()).hexdigest()

    async def execute(
        self,
        sql: str,
        params: Any = None,
        truncate: bool = False,  # noqa: FBT001, FBT002  (Datasette's)
        custom_time_limit: float | None = None,
        page_size: int | None = None,
        log_sql_errors: bool = True,  # noqa: ARG002, FBT001, FBT002
    ) -> Results:
        """The rows, from a separate process, since Datasette itself can end a query only between its steps."""
        limit_ms = min(self.ds.sql_time_limit_ms, custom_time_limit or self.ds.sql_time_limit_ms)
        most = self.ds.max_returned_rows + (self.ds.max_returned_rows == (page_size or self.ds.page_size))
        try:
            names, rows, is_cut = await ask_sql(
                self.ds, sql, params, limit_s=limit_ms / 1000, most=most if truncate else None
            )
        except ArchiveSlow as error:
            raise QueryInterrupted(error, sql, params) from error
        return Results(reader_sql.as_rows(names, rows), is_cut, [(name, *[None] * 6) for name in names])

    async def table_counts(self, limit: float = 0) -> dict[str, int | None]:  # noqa: ARG002  (Datasette gives an hour)
        """Rows by table; None for "many": tables that take longer to count, and the search index, whose gigabytes
        SQLite counts in one step.
        """
        if not self.counts or self.is_mutable:
            hidden = set(await self.hidden_table_names())
            names = await self.table_names()
            self.counts = {table: None if table in hidden else await self._counted(table) for table in names}
        return self.counts

    async def _counted(self, table: str) -> int | None:
        try:
            sql = f"SELECT count(*) FROM {escape_sqlite(table)}"  # noqa: S608  (a name out of the schema)
            return int((await self.execute(sql, custom_time_limit=COUNTING_MS)).rows[0][0])
        except QueryInterrupted:
            return None


class Served(Datasette):  # type: ignore[misc]  # it has no types
    """Datasette as `kliping serve` starts it; in any other Datasette our hooks do nothing."""

    def __init__(self, source: Source, hosts: AllowedHosts, **options: Any) -> None:
        self.source = source  # must come first: Datasette asks for the routes while it is created
        self.hosts = hosts
        super().__init__([], **options)

    async def render_template(self, *values: Any, **options: Any) -> str:
        """A page in which no text from the archive can change the text direction, whatever a template forgets."""
        return terminal_safe(await super().render_template(*values, **options), keep_newlines=True)


def make(
    path: Path,
    *,
    taken_at: datetime | None,
    allow_sql: bool = False,
    hosts: AllowedHosts = AllowedHosts(),  # noqa: B008  (frozen)
    searches: Path | None = None,
) -> Served:
    """Datasette with our pages over one archive file, immutable if it is a snapshot (`taken_at`).

    `searches` is the archive beside which searches are saved; None: this file.
    """
    if "kliping" not in dict(pm.list_name_plugin()):
        pm.register(
            plugin, name="kliping"
        )  # not installed with its entry point, as in a checkout that was only unpacked
    datasette = Served(
        Source(path, taken_at=taken_at, searches=searches or path),
        hosts,
        settings={**SETTINGS, "default_allow_sql": allow_sql},
        metadata={"title": "kliping", "databases": {NAME: {"source": "kliping", "tables": _described()}}},
        template_dir=str(_TEMPLATES),
        memory=False,
    )
    _hold_templates(datasette)
    # It would print every slow query on stdout, with all local variables.
    pm.get_plugin("datasette.handle_exception").rich = None
    datasette.remove_database("_memory")  # created because no file was given
    datasette.add_database(ServedFile(datasette, path, is_mutable=taken_at is None), name=NAME)
    return datasette


def _hold_templates(datasette: Served) -> None:
    """Keep the texts of our templates in memory from now on: an upgrade of the package does not affect a running
    server.
    """
    env = datasette.jinja_env
    ours = {file.relative_to(_TEMPLATES).as_posix(): file.read_text("utf-8") for file in _TEMPLATES.rglob("*.html")}
    env.loader = ChoiceLoader([DictLoader(ours), env.loader])
    env.auto_reload = False


def _described() -> dict[str, dict[str, Any]]:
    """The meaning of every table and column, which Datasette shows above the rows."""
    tables: dict[str, dict[str, Any]] = {}
    for table, column, text in descriptions.dictionary():
        described = tables.setdefault(table, {"columns": {}})
        plain = text.replace("`", "")
        if column is None:
            described["description"] = plain
        else:
            described["columns"][column] = plain
    return tables


def serve(path: Path, options: ServeOptions, *, on_ready: Callable[[str], None]) -> int:
    """Serve an archive until a signal, which is returned; `on_ready` gets the address.

    A large archive is shown itself until its first snapshot is made. Raises ArchiveError if there is no archive, or if
    no snapshot can be made.
    """
    installed.begin()
    if options.memory_mib and resource is not None:
        limit = options.memory_mib << 20
        # glibc would reserve 64 MiB of addresses for each of our threads, which would all count against the limit.
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))  # one query may ask for gigabytes
    with contextlib.ExitStack() as stack:
        with open_archive(path):  # rejects a file that is not an archive, with a reason
            pass
        snapshots = None if options.live else Snapshots(path, Path(stack.enter_context(_directory())))
        is_small = path.stat().st_size <= COPIED_FIRST
        served, taken_at = snapshots.take() if snapshots and is_small else (path, None)
        hosts = AllowedHosts.of(options.host, options.allow_hosts)
        datasette = make(served, taken_at=taken_at, allow_sql=options.allow_sql, hosts=hosts, searches=path)
        return asyncio.run(_run(datasette, options, snapshots, on_ready))


@contextlib.contextmanager
def _directory() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="kliping-serve-") as directory:
        yield directory


@dataclass(slots=True)
class Snapshots:
    """Copies of an archive, each structurally sound, one at a time; a crawl may go on writing meanwhile."""

    path: Path
    directory: Path
    number: int = 0
    state: tuple[object, ...] = ()  # of the archive's files, before the last copy was made

    def is_current(self) -> bool:
        """Whether nothing has been written to the archive since the last copy."""
        return self.state == self._state()

    def _state(self) -> tuple[object, ...]:
        found: list[object] = []
        for name in (self.path, self.path.with_name(f"{self.path.name}-wal")):
            with contextlib.suppress(FileNotFoundError):
                stat = name.stat()
                if stat.st_size:  # opening it for reading creates an empty log
                    found.append((name, stat.st_ino, stat.st_size, stat.st_mtime_ns))
        return tuple(found)

    def take(self) -> tuple[Path, datetime]:
        """A new copy, and the moment whose state it shows."""
        state = self._state()
        self.number += 1
        copy = self.directory / f"{NAME}-{self.number}.db"
        taken_at = datetime.now(UTC)
        with open_archive(self.path) as db:
            backup.back_up(db, copy, is_short_lived=True)
        self.state = state
        return copy, taken_at


class _Server(uvicorn.Server):
    """Uvicorn raises the signal that ended it again, which would end us before the snapshot is removed."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self.on_ready = on_ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        except SystemExit as error:  # uvicorn has already said why
            raise KlipingError(
                f"--host {self.config.host} --port {self.config.port}: nobody can listen there"
            ) from error
        if self.started:
            host, port = self.servers[0].sockets[0].getsockname()[:2]
            self.on_ready(f"http://{f'[{host}]' if ':' in host else host}:{port}/")


def _end(server: uvicorn.Server, caught: list[int], number: int) -> None:
    server.force_exit = bool(caught)  # the second signal does not wait for anybody
    server.should_exit = True
    caught.append(number)


async def _run(
    datasette: Served, options: ServeOptions, snapshots: Snapshots | None, on_ready: Callable[[str], None]
) -> int:
    """Serve; returns the signal that ended it, 0 if none did."""
    config = uvicorn.Config(
        datasette.app(), host=options.host, port=options.port, log_level="warning", lifespan="on", server_header=False
    )
    server = _Server(config, on_ready)
    caught: list[int] = []
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _end, server, caught, number)
    warming = asyncio.create_task(warm(datasette))
    renewing = None
    if snapshots is not None:
        renewing = asyncio.create_task(_renew_from_the_start(datasette, snapshots, options.renew_after))
        renewing.add_done_callback(lambda done: _end_without_a_copy(server, done))
    try:
        await server.serve()
    finally:
        warming.cancel()
        if renewing is not None and not renewing.done():
            renewing.cancel()
        datasette.source.close(at_once=True)
    if renewing is not None and renewing.done() and not renewing.cancelled():
        renewing.result()
    return caught[0] if caught else 0


async def _renew_from_the_start(datasette: Served, snapshots: Snapshots, every: timedelta | None) -> None:
    """The first snapshot if there is none yet, which must succeed, and then the others."""
    if datasette.source.taken_at is None:
        await renew(datasette, snapshots)
    if every is not None:
        await renew_for_ever(datasette, snapshots, every)


def _end_without_a_copy(server: uvicorn.Server, renewing: asyncio.Task[None]) -> None:
    if not renewing.cancelled() and renewing.exception() is not None:
        server.should_exit = True


async def warm(datasette: Served) -> None:
    """Start the processes, and compute what the front page shows before anybody asks: for a million articles that takes
    seconds.
    """
    await asyncio.gather(
        asyncio.to_thread(datasette.source.questions.start),
        *(ask(datasette, lookup.article, 0) for _ in range(PROCESSES)),
    )
    for figures in (browse.overview, facets.papers_by_month, browse.display_names):
        await ask_once(datasette, figures, limit_s=WARMING_S)
    for by in ("day", "month"):
        await ask_once(datasette, analysed.fitting_ground, ALL, by, None, limit_s=WARMING_S)


async def renew_for_ever(datasette: Served, snapshots: Snapshots, every: timedelta) -> None:
    """A new snapshot after each span in which the archive changed; if one cannot be made, the old one stays."""
    while True:
        await asyncio.sleep(every.total_seconds())
        try:
            if snapshots.is_current():
                datasette.source.taken_at = datetime.now(UTC)
                continue
            await renew(datasette, snapshots)
        except (KlipingError, OSError) as error:
            log.warning("no new snapshot: %s", error)


async def renew(datasette: Served, snapshots: Snapshots) -> None:
    """Serve a new snapshot from now on; running requests finish on the old one."""
    old = Path(datasette.get_database(NAME).path)
    path, taken_at = await asyncio.to_thread(snapshots.take)
    executor = datasette.executor
    # Datasette keeps a connection in each thread by the database's name: new threads, new connections.
    datasette.executor = ThreadPoolExecutor(max_workers=THREADS)
    datasette.remove_database(NAME)
    datasette.add_database(ServedFile(datasette, path, is_mutable=False), name=NAME)
    before, datasette.source = datasette.source, Source(path, taken_at=taken_at, searches=datasette.source.searches)
    await warm(datasette)
    if executor is not None:
        await asyncio.to_thread(executor.shutdown, wait=True)
    await asyncio.to_thread(before.shut)
    before.close()
    # The first one to be replaced is the archive itself.
    if old.parent == snapshots.directory and old != snapshots.path:
        await asyncio.to_thread(old.unlink, missing_ok=True)
