"""What a long crawl accumulates: memory, descriptors and write-ahead log over tens of thousands of URLs, with faults in
a tenth of the answers.

    python -m benchmarks.endurance [--urls N] [--hosts N] [--faults SHARE] [--rounds N]

Newspapers on loopback, each with an index of its articles; every answer is a fault with the given probability (500,
404, cut short, reset, closed, not HTTP, a wall with status 200, an empty page). A first run requests everything;
further ones, a virtual six hours apart, request what is due again. At the end every URL must be accounted for: queued,
done, or given up.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.crawl import article
from benchmarks.season.moments import wall_page
from scraper.archive.file.connection import open_archive
from scraper.crawl import CrawlOptions, Event, crawl
from scraper.fetch import FetchSettings
from tests.faults import CLOSES, RESET
from tests.faultserver import FaultServer, flush, response
from tests.virtualtime import START, VirtualClock

if TYPE_CHECKING:
    import asyncio

    from tests.faultserver import Answer, Request

MIB = 1 << 20
EVERY = timedelta(hours=6)
FAULTS: tuple[Answer, ...] = (
    response(b"", status="500 Oops"),
    response(b"", status="404 No"),
    response(b"<html>", length=900),
    RESET,
    CLOSES,
    b"not http\r\n\r\n",
    response(wall_page("maintenance")),
    response(b""),
)


@dataclass(slots=True)
class Meter:
    """The peak use of the process, and the outcomes; examined at every hundredth attempt."""

    wal: Path
    resident: int = 0
    descriptors: int = 0
    wal_bytes: int = 0
    attempts: int = 0
    reader: int = 0  # most resident bytes of a process below this one
    reasons: Counter[str] = field(default_factory=Counter)

    def tell(self, event: Event) -> None:
        """Count an attempt."""
        self.attempts += 1
        self.reasons[event.outcome.reason.value] += 1
        if self.attempts % 100 == 1:
            self.resident = max(self.resident, resident_bytes())
            self.descriptors = max(self.descriptors, descriptors())
            self.reader = max([self.reader, *map(most_resident_bytes, descendants(os.getpid()))])
            self.wal_bytes = max(self.wal_bytes, self.wal.stat().st_size if self.wal.exists() else 0)


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()


def descendants(pid: int) -> list[int]:
    """The processes below a process: reading processes are copies of a nursery, which is our child."""
    try:
        lists = [path.read_text("ascii") for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:  # it has ended
        return []
    children = [int(number) for found in lists for number in found.split()]
    return children + [each for child in children for each in descendants(child)]


def most_resident_bytes(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0
    return max((int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM")), default=0)


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


def path_of(number: int) -> str:
    return f"/berita/{100_000 + number}/jembatan-desa-{number}"


def papers(hosts: list[str], each: int, faults: float, seed: int) -> FaultServer:
    """Newspapers with that many articles each, some of whose answers are faults."""
    chance = random.Random(seed)
    pages = {path_of(number): response(article(number, 30_000)) for number in range(each)}
    links = "".join(f"<a href='{path}'>Jembatan desa {path[-6:]} diperbaiki</a>" for path in pages)
    pages["/"] = response(f"<html><title>Koran</title>{links}</html>".encode())
    missing = response(b"<h1>404</h1>", status="404 Not Found")

    async def serve(request: Request, writer: asyncio.StreamWriter) -> None:
        answer = chance.choice(FAULTS) if chance.random() < faults else pages.get(request.path, missing)
        if isinstance(answer, bytes):
            writer.write(answer)
            await flush(writer)
        else:
            await answer(request, writer)

    return FaultServer(sites={host: {"*": serve} for host in hosts})


def account(path: Path) -> dict[str, int]:
    """The state of every URL at the end."""
    with open_archive(path) as db:
        row = db.execute(
            "SELECT count(*), sum(q.url_id IS NOT NULL), sum(q.url_id IS NULL AND l.reason IN ('ok', 'unchanged')),"
            " sum(q.url_id IS NULL AND l.reason NOT IN ('ok', 'unchanged')), sum(q.leased_by IS NOT NULL),"
            " (SELECT count(*) FROM fetches), (SELECT count(*) FROM articles),"
            " (SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok')"
            " FROM urls AS u LEFT JOIN frontier AS q ON q.url_id = u.id"
            " LEFT JOIN fetches AS l ON l.id = (SELECT max(id) FROM fetches WHERE url_id = u.id)"
        ).fetchall()[0]
    names = ("URLs", "queued", "done", "given up", "leased", "attempts kept", "articles", "faults of the file")
    return {name: int(value or 0) for name, value in zip(names, row, strict=True)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=20_000)
    parser.add_argument("--hosts", type=int, default=40)
    parser.add_argument("--faults", type=float, default=0.1)
    parser.add_argument("--rounds", type=int, default=4)
    given = parser.parse_args()
    hosts = [f"127.8.0.{number + 1}" for number in range(given.hosts)]
    clock = VirtualClock()
    with (
        tempfile.TemporaryDirectory() as directory,
        papers(hosts, given.urls // given.hosts, given.faults, 1) as server,
    ):
        path = Path(directory) / "a.db"
        settings = FetchSettings(
            user_agent="kliping-endurance/0", delay_s=0.0, allow_net=frozenset((host, server.port) for host in hosts)
        )
        options = CrawlOptions(targets=[f"http://{host}:{server.port}/" for host in hosts], version="0")
        meter = Meter(wal=path.with_name("a.db-wal"))
        before = descriptors()
        print("| round | attempts | seconds | resident | most resident | descriptors | WAL | after: descriptors, WAL |")
        print("|---|---|---|---|---|---|---|---|")
        for number in range(given.rounds):
            clock.wait_until(START + EVERY * number)
            began, meter.resident, meter.descriptors, meter.wal_bytes = time.monotonic(), 0, 0, 0
            attempts = meter.attempts
            with open_archive(path, mode="crawl", min_free_bytes=0) as db:
                crawl(db, settings, options, on_event=meter.tell, clock=clock)
            left = meter.wal.stat().st_size if meter.wal.exists() else 0
            print(
                f"| {number + 1} | {meter.attempts - attempts:,} | {time.monotonic() - began:.0f}"
                f" | {resident_bytes() / MIB:.0f} MiB | {meter.resident / MIB:.0f} MiB | {meter.descriptors}"
                f" | {meter.wal_bytes / MIB:.1f} MiB | {descriptors() - before}, {left} |"
            )
        found = account(path)
        print(f"\nlargest reading process: {meter.reader / MIB:.0f} MiB; outcomes: {dict(meter.reasons.most_common())}")
        print(", ".join(f"{name} {value:,}" for name, value in found.items()))
        print(
            f"URLs − (queued + done + given up) = {found['URLs'] - found['queued'] - found['done'] - found['given up']}"
        )
        print(f"attempts told − attempts kept = {meter.attempts - found['attempts kept']}")


if __name__ == "__main__":
    main()
