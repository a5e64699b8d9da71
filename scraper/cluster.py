"""Where shards are processed: processes of this machine, or a Dask cluster. The only importer of distributed (extra
`cluster`).

The work on a shard is a function from one small value (paths) to a small value (counts): the data itself goes through
files, never through the engine.

Dask passes functions and values as pickles, so whoever reaches a scheduler's port runs code as its user. Processes of
this machine therefore listen on loopback with a certificate of their own, a scheduler elsewhere is reached by TLS, and
the user is warned about one that is not.
"""

from __future__ import annotations

import ipaddress
import multiprocessing
import os
import traceback
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit

from scraper.errors import ClusterError, ExtraMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.context import BaseContext
    from pathlib import Path

S = TypeVar("S")
R = TypeVar("R")

LOCAL = "local"
RETRIES = 2  # of a shard that fails; one whose process dies is retried as often
_SCHEMES = ("tcp://", "tls://", "ucx://", "ws://", "wss://")
_ENCRYPTED = ("tls://", "wss://")
CERTIFICATES = ("ca.pem", "cert.pem", "key.pem")  # in a directory of certificates
_SAFE = "PYTHONSAFEPATH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to work: in `jobs` processes of this machine, or on the Dask `cluster`: "local", or a scheduler's address.

    `certificates` is a directory with CERTIFICATES for a tls:// address; without it they come from Dask's own
    configuration.
    """

    jobs: int = 1
    cluster: str | None = None
    certificates: Path | None = None

    def __post_init__(self) -> None:
        if self.cluster is not None and self.cluster != LOCAL and not self.cluster.startswith(_SCHEMES):
            raise ClusterError(f"{self.cluster!r} is not a scheduler's address: it must begin with tls:// or tcp://")
        if self.certificates is None:
            return
        if self.cluster is None or not self.cluster.startswith(_ENCRYPTED):
            raise ClusterError(f"certificates are for a scheduler at tls://, not for {self.cluster!r}")
        if missing := [name for name in CERTIFICATES if not (self.certificates / name).is_file()]:
            raise ClusterError(f"{self.certificates} has no {' and no '.join(missing)}")

    @property
    def is_elsewhere(self) -> bool:
        """Whether other machines may do the work, which share no more than a disk with this one."""
        return self.cluster not in (None, LOCAL)

    @property
    def danger(self) -> str | None:
        """A warning about a scheduler, to be read before work is given to it; None if there is nothing to say."""
        if self.cluster is None or not self.is_elsewhere or self.cluster.startswith(_ENCRYPTED):
            return None
        if _is_loopback(urlsplit(self.cluster).hostname or ""):
            return None
        return (
            f"{self.cluster} is neither encrypted nor protected: whoever reaches its port, or that of a worker, runs code as its"
            " user, and as you. Use tls:// with certificates (docs/scale.md), or a network that nobody else is in."
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Generic[S, R]):
    """A shard that is done, with its result, or that was abandoned: `failure` says why."""

    shard: S
    result: R | None
    failure: str | None = None


def work_on(work: Callable[[S], R], shards: Iterable[S], place: Place) -> Iterator[Ended[S, R]]:
    """Each shard as it ends, done or abandoned. `work` is a module-level function, safe to repeat and to run twice at
    once.

    A shard whose worker is lost is started again on another. Raises ExtraMissing, and ClusterError for a cluster that
    cannot be reached.
    """
    listed = list(shards)
    if not listed:
        return
    with _safe_path():
        if place.cluster is None:
            yield from _in_processes(work, listed, place.jobs)
        else:
            with _client(place) as client:
                yield from _on_dask(client, work, listed)


@contextmanager
def _safe_path() -> Iterator[None]:
    """New interpreters do not put the current directory on their path: a file there called pickle.py is not ours to
    run.

    multiprocessing starts them by `python -c`, which would.
    """
    before = os.environ.get(_SAFE)
    os.environ[_SAFE] = "1"
    try:
        yield
    finally:
        if before is None:
            os.environ.pop(_SAFE, None)
        else:
            os.environ[_SAFE] = before


class _Failed(Exception):
    """What went wrong in a worker, as text: any other error might fail to be unpickled here."""


def _guarded(work: Callable[[S], R], shard: S) -> R:
    try:
        return work(shard)
    except Exception as error:  # noqa: BLE001  (whatever it is, the driver names it)
        short = f"{type(error).__name__}: {error}"
        raise _Failed(short, traceback.format_exc()) from None


def _in_processes(work: Callable[[S], R], shards: list[S], jobs: int) -> Iterator[Ended[S, R]]:
    """A pool that loses a process is broken as a whole: its unfinished shards go to a new pool."""
    tries: Counter[int] = Counter()
    left = list(range(len(shards)))
    context = _context(work.__module__)
    while left:
        again: list[int] = []
        pool = ProcessPoolExecutor(min(jobs, len(left)), mp_context=context)
        try:
            for number, future in _ends(pool, work, shards, left):
                try:
                    yield Ended(shard=shards[number], result=future.result())
                except (_Failed, BrokenProcessPool) as error:
                    tries[number] += 1
                    if tries[number] <= RETRIES:
                        again.append(number)
                        continue
                    detail = str(error.args[0]) if isinstance(error, _Failed) else "its process died"
                    yield Ended(shard=shards[number], result=None, failure=detail)
        finally:
            pool.shutdown(cancel_futures=True)  # after Ctrl-C, shards that have not begun are dropped
        left = sorted(again)


def _ends(
    pool: ProcessPoolExecutor, work: Callable[[S], R], shards: list[S], numbers: list[int]
) -> Iterator[tuple[int, Future[R]]]:
    """The futures of these shards as they end, each with its number."""
    running: dict[Future[R], int] = {}
    for number in numbers:
        try:
            future = pool.submit(_guarded, work, shards[number])
        except BrokenProcessPool as error:  # a process has already died
            future = Future()
            future.set_exception(error)
        running[future] = number
    while running:
        ended, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in ended:
            yield running.pop(future), future


def _context(module: str) -> BaseContext:
    """How processes start: never as a fork of this one, whose threads may hold locks; where forks exist, from a server
    that has loaded the module once.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([module])
    return context


def _distributed() -> Any:
    try:
        import distributed  # noqa: PLC0415  (an extra)
    except ImportError as error:
        raise ExtraMissing("--cluster", "cluster") from error
    return distributed


@contextmanager
def _client(place: Place) -> Iterator[Any]:
    dask = _distributed()
    if place.cluster == LOCAL:
        with dask.LocalCluster(**local_options(place.jobs)) as cluster, dask.Client(cluster) as client:
            yield client
        return
    try:
        client = dask.Client(place.cluster, security=_security(place))
    except (OSError, TypeError) as error:  # it raises TypeError for tls:// without certificates
        raise ClusterError(f"{place.cluster}: no scheduler answers ({error})") from error
    with client:
        yield client


def local_options(jobs: int) -> dict[str, Any]:
    """Options for a cluster on this machine alone: on loopback, and closed to its other users if `cryptography` can
    make a certificate.
    """
    try:
        security = _distributed().Security.temporary()
    except ImportError:
        security = None
    # One thread each, since reading is Python code. No dashboard, which would need more libraries.
    return {
        "n_workers": jobs,
        "threads_per_worker": 1,
        "processes": True,
        "dashboard_address": None,
        "host": "127.0.0.1",
        "security": security,
    }


def _security(place: Place) -> Any:
    """The certificates to present; None to use those of Dask's own configuration, if any."""
    if place.certificates is None:
        return None
    ca, cert, key = (str(place.certificates / name) for name in CERTIFICATES)
    return _distributed().Security(tls_ca_file=ca, tls_client_cert=cert, tls_client_key=key, require_encryption=True)


def _on_dask(client: Any, work: Callable[[S], R], shards: list[S]) -> Iterator[Ended[S, R]]:
    dask = _distributed()
    futures = client.map(_guarded, [work] * len(shards), shards, retries=RETRIES, pure=False)
    shard_of = {future.key: shard for future, shard in zip(futures, shards, strict=True)}
    for future in dask.as_completed(futures):
        shard = shard_of[future.key]
        error = future.exception()
        if error is None:
            yield Ended(shard=shard, result=future.result())
        else:
            detail = str(error.args[0]) if isinstance(error, _Failed) else f"{type(error).__name__}: its workers died"
            yield Ended(shard=shard, result=None, failure=detail)
