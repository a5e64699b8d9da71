"""What reading many WARC files costs in one process, in two, and on a Dask cluster of two workers, in one run; and with
a worker killed.

    python -m benchmarks.scale DATA_DIR… [--files 8] [--pages 60] [--json OUT]

The pages of the data directories (layout: benchmarks/common.py) are written into --files WARC.gz files of --pages each,
with new URLs and times if there are not enough. This measures wall time, so it depends on what else the machine does:
only the ratios within one run are meaningful, and the load of the machine is printed beside them. "overhead" is the
cost of an empty file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import signal
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from io import BytesIO
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import distributed
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from benchmarks.common import pages_of
from scraper.archive.file.connection import open_archive
from scraper.archive.write.rereads import Chosen
from scraper.cluster import Place
from scraper.crawl.reread import RereadOptions, preview
from scraper.exchange.shards import WarcShard, import_in_shards
from scraper.exchange.taking import ImportOptions, ImportReport
from scraper.exchange.warcimport import import_warc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.common import Page

START = datetime(2026, 1, 1, tzinfo=UTC)


def write_warcs(pages: Sequence[Page], home: Path, *, files: int, each: int) -> list[Path]:
    """WARC.gz files with that many pages each; a page that recurs has another URL and time."""
    source = enumerate(cycle(pages))
    found = []
    for file_number in range(files):
        path = home / f"part-{file_number:03}.warc.gz"
        with path.open("wb") as file:
            writer = WARCWriter(file, gzip=True)
            for number, page in islice(source, each):
                url = f"{page.url}{'&' if '?' in page.url else '?'}nomor={number}"
                head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
                body = BytesIO(page.html.replace(b"\0", b""))
                at = (START + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
                writer.write_record(
                    writer.create_warc_record(
                        url, "response", payload=body, http_headers=head, warc_headers_dict={"WARC-Date": at}
                    )
                )
        found.append(path)
    return found


def shards(sources: Sequence[Path], target: Path) -> list[WarcShard]:
    """The work of reading these files into Parquet."""
    return [
        WarcShard(source=path, target=target, hosts=(), forms=("parquet",), version="benchmark", arguments="", sites=())
        for path in sources
    ]


def digest(target: Path) -> str:
    """A digest of the results, independent of the order in which they were made."""
    found = hashlib.sha256()
    for path in sorted(target.rglob("*.parquet")):
        found.update(path.relative_to(target).as_posix().encode() + path.read_bytes())
    return found.hexdigest()[:16]


def cpu_s() -> float:
    """CPU of this process and of its children that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Wall and CPU seconds."""
    wall, cpu = time.monotonic(), cpu_s()
    work()
    return time.monotonic() - wall, cpu_s() - cpu


def kill_a_reader(cluster: Any, killed: list[int]) -> None:
    """SIGKILL to the first worker that has a reading process."""
    dask: Any = distributed
    with dask.Client(cluster) as client:
        pids = list(client.run(os.getpid).values())
    until = time.monotonic() + 120
    while not killed and time.monotonic() < until:
        for pid in pids:
            if any(path.read_text("ascii").strip() for path in Path(f"/proc/{pid}/task").glob("*/children")):
                os.kill(pid, signal.SIGKILL)
                killed.append(pid)
                break
        time.sleep(0.01)


def in_places(sources: Sequence[Path], empty: Sequence[Path], home: Path, pages: int) -> dict[str, Any]:
    """The same files read in each place; figures by place."""
    found: dict[str, Any] = {}
    dask: Any = distributed  # which has no types
    for jobs in (1, 2):
        wall, _ = timed(partial(import_in_shards, shards(sources, home / f"j{jobs}"), Place(jobs=jobs)))
        bare, _ = timed(partial(import_in_shards, shards(empty, home / f"e{jobs}"), Place(jobs=jobs)))
        found[f"{jobs} process{'es' if jobs > 1 else ''}"] = {
            "wall_s": wall, "pages_s": pages / wall,
            "overhead_s_a_file": bare / len(empty), "output": digest(home / f"j{jobs}"),
        }  # fmt: skip
    with dask.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        place = Place(cluster=cluster.scheduler_address)
        wall, _ = timed(lambda: import_in_shards(shards(sources, home / "dask"), place))
        bare, _ = timed(lambda: import_in_shards(shards(empty, home / "e-dask"), place))
        found["Dask, 2 workers"] = {
            "wall_s": wall, "pages_s": pages / wall, "overhead_s_a_file": bare / len(empty), "output": digest(home / "dask"),
        }  # fmt: skip
        killed: list[int] = []
        thread = threading.Thread(target=kill_a_reader, args=(cluster, killed))
        thread.start()
        wall, _ = timed(lambda: import_in_shards(shards(sources, home / "killed"), place))
        thread.join()
        assert killed
        found["the same, one worker killed"] = {
            "wall_s": wall, "pages_s": pages / wall, "output": digest(home / "killed")
        }  # fmt: skip
    return found


def archive_against_warc(sources: Sequence[Path], home: Path) -> dict[str, float]:
    """CPU a page of reading stored captures again, and of importing the same pages from WARC.gz, in one process each."""
    counted: list[Any] = []
    with open_archive(home / "a.db", mode="crawl") as db:
        report = ImportReport(on_problem=counted.append, on_count=lambda _counts: None)
        options = ImportOptions(paths=sources, version="benchmark")
        _, warc = timed(lambda: import_warc(db, options, report))
        again = RereadOptions(chosen=Chosen(), jobs=1, version="benchmark")
        runs: list[Any] = []
        _, stored = timed(
            lambda: runs.append(preview(db, again, on_change=lambda _change: None, on_progress=lambda _done: None))
        )
    pages = sum(report.counts.values())
    read = runs[0].articles + runs[0].captures
    return {"import_ms_a_page": 1000 * warc / pages, "again_ms_a_page": 1000 * stored / read}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="+", type=Path)
    parser.add_argument("--files", type=int, default=8)
    parser.add_argument("--pages", type=int, default=60)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    pages = [page for directory in given.data for page in pages_of(directory, given.files * given.pages)]
    with tempfile.TemporaryDirectory(prefix="kliping-") as scratch:
        home = Path(scratch)
        (home / "empty").mkdir()
        sources = write_warcs(pages, home, files=given.files, each=given.pages)
        empty = write_warcs(pages, home / "empty", files=given.files, each=0)
        for number, path in enumerate(empty):  # different files: the same bytes are the same work
            path.write_bytes(b"\r\n" * (number + 1))
        places = in_places(sources, empty, home, given.files * given.pages)
        sides = archive_against_warc(sources, home)
    assert len({each["output"] for each in places.values()}) == 1, "not the same everywhere"
    print(
        f"{given.files} files of {given.pages} pages; every output is the same; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    first = places["1 process"]["pages_s"]
    for name, each in places.items():
        overhead = f"{each['overhead_s_a_file']:.2f} s a file" if "overhead_s_a_file" in each else ""
        print(f"{name:30}{each['pages_s']:8.1f} pages/s  {each['pages_s'] / first:5.2f} x  {overhead}")
    print(
        f"one process, CPU a page: import from WARC.gz {sides['import_ms_a_page']:.1f} ms,"
        f" reading again from the archive {sides['again_ms_a_page']:.1f} ms"
    )
    if given.json:
        given.json.write_text(json.dumps({"places": places, "sides": sides}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
