"""What more cores gain: CPU of a page by part, measured; the resulting pages per second, for up to 64 cores.

    python -m benchmarks.cores [--hosts N] [--pages N] [--kib N] [--rounds N]

A crawl and a reread (`kliping reextract --jobs 1` and `--jobs 2`) of the pages of benchmarks.crawl, each in two sizes,
to separate one-time costs (loading, the first page) from the cost of each page. CPU seconds, which a busy machine
changes little. One process requests, judges and is the only writer of an archive; others read. So an archive takes at
most 1 / (CPU of the writer) pages per second, however many cores read for it; several crawls (`--shard 1/4`), each with
its own archive, share no process. The model leaves out what cores take from each other (memory, caches), and the
network.

Finally, what it costs that pages are read in processes of their own (a frame there and back, and caches filled by
others), and what threads in place of processes could gain here: during which part of a step another thread can run
Python.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from selectolax.lexbor import LexborHTMLParser

from benchmarks.crawl import ROOT, article, kliping, serve
from scraper import worker
from scraper.crawl import nursery
from scraper.crawl.readers import Readers
from scraper.processes import collect_seldom, keep_freed_memory
from scraper.records import Capture

if TYPE_CHECKING:
    from collections.abc import Callable

CORES = (1, 2, 4, 8, 16, 32, 64)
READERS = 2  # for a crawl
# Runs a command of kliping and writes the CPU seconds of its process and of its reading processes.
DRIVER = """
import json, resource, sys
target = sys.argv.pop(1)
from scraper.cli import main
try:
    main()
except SystemExit as end:
    assert end.code in (0, None), end.code
from scraper.crawl import nursery
nursery.close()
used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
open(target, "w").write(json.dumps([each.ru_utime + each.ru_stime for each in used]))
"""


class Cost(NamedTuple):
    """The cost of a page, in milliseconds: CPU of the writing process, CPU of the reading processes, time on the clock."""

    writer: float
    readers: float
    wall: float


def used(command: list[str], directory: Path) -> Cost:
    """The cost of a whole command, in seconds."""
    target = directory / "used.json"
    driver = directory / "driver.py"
    driver.write_text(DRIVER, "utf-8")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    env["PYTHONPATH"] = str(ROOT)
    began = time.monotonic()
    subprocess.run(
        [sys.executable, str(driver), str(target), *command],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    wall = time.monotonic() - began
    writer, readers = json.loads(target.read_text("utf-8"))
    return Cost(writer, readers, wall)


def a_page(small: Cost, large: Cost, pages: int) -> Cost:
    """The cost of each page that one run had more than the other."""
    return Cost(*((many - few) / pages * 1000 for few, many in zip(small, large, strict=True)))


def median(costs: list[Cost]) -> Cost:
    return Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))


def measured(hosts: int, pages: int, port: int) -> dict[str, Cost]:
    """One round: what a page costs in each kind of work."""
    sizes: dict[int, dict[str, Cost]] = {}
    few = max(hosts // 4, 1)
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        for count in (few, hosts):
            path = directory / f"{count}.db"
            starts = [f"http://127.1.0.{number + 1}:{port}/" for number in range(count)]
            sizes[count] = {"crawl": used(kliping(starts, path)[3:], directory)}
            for jobs in (1, 2):
                again = ["reextract", "--archive", str(path), "--jobs", str(jobs)]
                sizes[count][f"reextract --jobs {jobs}"] = used(again, directory)
    return {kind: a_page(sizes[few][kind], cost, (hosts - few) * pages) for kind, cost in sizes[hosts].items()}


def modelled(cost: Cost, cores: int, readers: int | None) -> float:
    """Pages per second of one archive on that many cores, with that many reading processes (None: as many as help)."""
    most = 1000 / cost.writer
    if readers is not None:
        most = min(most, readers * 1000 / cost.readers)
    return min(most, cores * 1000 / (cost.writer + cost.readers))


def apart(size: int, few: int = 100, many: int = 500) -> tuple[float, float]:
    """CPU milliseconds of a page that is read in this process, and of one that two others read for it, on both sides."""
    captures = [
        Capture(
            url=url,
            final_url=url,
            status=200,
            fetched_at=datetime.now(UTC),
            body=article(number, size),
            charset="utf-8",
        )
        for number in range(many)
        for url in [f"http://contoh.id/berita/{number}/jembatan-desa-{number}"]
    ]
    worker.read_page(captures[0])
    began = time.process_time()
    for capture in captures:
        worker.read_page(capture)
    here = time.process_time() - began

    async def read(count: int) -> None:
        async with Readers() as readers:
            for pair in zip(captures[:count:2], captures[1:count:2], strict=True):
                await asyncio.gather(*map(readers.page, pair))

    def cpu(count: int) -> float:
        before = _cpu_s()
        asyncio.run(read(count))
        nursery.end_nursery()  # it and its own then count as children that have ended
        return _cpu_s() - before

    return here / many * 1000, (cpu(many) - cpu(few)) / (many - few) * 1000


def _cpu_s() -> float:
    """CPU seconds of this process and of those it has waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def others() -> dict[str, float]:
    """For each step of the binding, the share during which another thread runs Python: 1 if the step never holds the
    interpreter's lock.
    """
    page = "<html><body>" + "<div class='a b'><p>kata <b>x</b> lain</p></div>" * 100_000
    counted, is_over = [0], threading.Event()

    def count() -> None:
        while not is_over.is_set():
            counted[0] += 1

    def during(step: Callable[[], object]) -> tuple[object, float]:
        before, began = counted[0], time.perf_counter()
        found = step()
        return found, (counted[0] - before) / (time.perf_counter() - began)

    threading.Thread(target=count, daemon=True).start()
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        _, alone = during(lambda: time.sleep(0.5))
        parsed, rate = during(lambda: LexborHTMLParser(page))
        assert isinstance(parsed, LexborHTMLParser)
        shares = {"parse": rate / alone}
        shares["css"] = during(lambda: parsed.css("p"))[1] / alone
        shares["text"] = during(lambda: parsed.root and parsed.root.text())[1] / alone
    finally:
        is_over.set()
        sys.setswitchinterval(before)
    return {name: min(share, 1.0) for name, share in shares.items()}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--hosts", type=int, default=16)
    options.add_argument("--pages", type=int, default=40, help="articles of each host")
    options.add_argument("--kib", type=int, default=100)
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(
        target=serve,
        args=(chosen.hosts, chosen.pages, chosen.kib * 1024, there),
        kwargs={"is_bare": False},
        daemon=True,
    )
    server.start()
    port = here.recv()
    rounds = [measured(chosen.hosts, chosen.pages, port) for _ in range(chosen.rounds)]
    server.terminate()
    costs = {kind: median([each[kind] for each in rounds]) for kind in rounds[0]}
    print(
        f"{chosen.hosts * chosen.pages} pages of {chosen.kib} KiB, {chosen.rounds} rounds, {os.cpu_count()} cores; medians\n"
    )
    print(
        "| a page of | writer, CPU ms | readers, CPU ms | on the clock, ms | the writer is busy at, pages/s |\n|---|---|---|---|---|"
    )
    for kind, cost in costs.items():
        print(f"| {kind} | {cost.writer:.2f} | {cost.readers:.2f} | {cost.wall:.2f} | {1000 / cost.writer:.0f} |")
    print(
        f"\n| cores | crawl, {READERS} readers | crawl, more readers | crawls with `--shard` | reextract, one archive |\n|---|---|---|---|---|"
    )
    crawl, again = costs["crawl"], costs["reextract --jobs 2"]
    for cores in CORES:
        shards = cores * 1000 / (crawl.writer + crawl.readers)
        row = (modelled(crawl, cores, READERS), modelled(crawl, cores, None), shards, modelled(again, cores, None))
        print(f"| {cores} | {' | '.join(f'{pages:.0f}' for pages in row)} |")
    collect_seldom()
    keep_freed_memory()  # as the reading processes do
    own, by_others = apart(chosen.kib * 1024)
    print(f"\nReading a page here takes {own:.2f} ms of CPU, by other processes {by_others:.2f} on both sides.")
    print("Another thread runs for this share of a step:", ", ".join(f"{k} {v:.2f}" for k, v in others().items()))


if __name__ == "__main__":
    main()
