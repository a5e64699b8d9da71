"""How quick: CPU milliseconds a page, kliping beside the bare parse and every installed peer.

    python -m benchmarks.speed DATA_DIR… [--extractor NAME]… [--passes N] [--limit N] [--json OUT]

Every extractor has a process of its own and gets page i before any gets page i+1, so that they
share the machine's moods. The first pass warms up and is not counted; a page's figure is the least
of the others. Times are CPU of the extractor's process, from bytes to record. Pages that kliping
reads by a site layout get a table of their own, too.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.common import EXTRACTORS, Worker, installed, pages_of, versions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.common import Page

BASE = "bare parse"
Times = dict[str, list[float]]  # extractor → milliseconds of each page
Table = dict[str, dict[str, float]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", nargs="+", type=Path)
    options.add_argument("--extractor", action="append", choices=sorted(EXTRACTORS))
    options.add_argument("--passes", type=int, default=3)
    options.add_argument("--limit", type=int, help="pages of each set")
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    names = list(dict.fromkeys([BASE, *(chosen.extractor or installed())]))
    report: dict[str, Any] = {"versions": versions(), "sets": {}}
    for directory in chosen.data:
        pages = list(pages_of(directory, chosen.limit))
        times, peaks, with_layout = measure(pages, names, chosen.passes)
        table = table_of(times, range(len(pages)))
        for name, peak in peaks.items():
            table[name]["peak MiB"] = peak
        report["sets"][directory.name] = table
        show(directory.name, pages, table)
        if with_layout:
            table = table_of(times, with_layout)
            report["sets"][f"{directory.name}, with a site layout"] = table
            show(f"{directory.name}, with a site layout", [pages[at] for at in with_layout], table)
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1))


def measure(pages: Sequence[Page], names: Sequence[str], passes: int) -> tuple[Times, dict[str, float], list[int]]:
    """(the least time of each page, peak memory, the positions of the pages that kliping reads by a site layout)."""
    workers = [Worker(name) for name in names]
    best: Times = {name: [float("inf")] * len(pages) for name in names}
    with_layout: set[int] = set()
    for number in range(passes + 1):
        for at, page in enumerate(pages):
            for worker in workers:
                reading, spent_ms, _ = worker.read(page)
                if number:
                    best[worker.name][at] = min(best[worker.name][at], spent_ms)
                elif not reading.get("layout", "generic").startswith("generic"):
                    with_layout.add(at)
    return best, {worker.name: worker.close() for worker in workers}, sorted(with_layout)


def table_of(times: Times, positions: Sequence[int]) -> Table:
    """The figures of some pages for each extractor."""
    base = [times[BASE][at] for at in positions]
    table: Table = {}
    for name, everything in times.items():
        own = [everything[at] for at in positions]
        table[name] = {
            "median ms": statistics.median(own),
            "mean ms": statistics.mean(own),
            "p95 ms": sorted(own)[int(len(own) * 0.95)],
            "worst ms": max(own),
            "x bare parse": statistics.median(mine / bare for mine, bare in zip(own, base, strict=True)),
        }
    return table


def show(title: str, pages: Sequence[Page], table: Table) -> None:
    """Print a table, the quickest first."""
    columns = list(table[BASE])
    size = statistics.mean(len(page.html) for page in pages) / 1024
    print(f"\n{title} ({len(pages)} pages, mean {size:.0f} KiB)")
    print(f"| extractor | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for name in sorted(table, key=lambda each: table[each]["median ms"]):
        print(f"| {name} | {' | '.join(f'{table[name][column]:.2f}' for column in columns)} |")


if __name__ == "__main__":
    main()
