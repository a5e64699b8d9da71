"""How quick: CPU milliseconds a page, kliping beside the bare parse and every installed peer.

    python -m benchmarks.speed DATA_DIR… [--extractor NAME]… [--passes N] [--limit N] [--json OUT]

Every extractor has a process of its own and gets page i before any gets page i+1, so that they
share the machine's moods. The first pass warms up and is not counted; a page's figure is the least
of the others. Times are CPU of the extractor's process, from bytes to record.
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

from benchmarks.common import EXTRACTORS, Worker, installed, pages_of, versions

BASE = "bare parse"


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
        workers = [Worker(name) for name in names]
        best: dict[str, list[float]] = {name: [float("inf")] * len(pages) for name in names}
        for number in range(chosen.passes + 1):
            for at, page in enumerate(pages):
                for worker in workers:
                    _, spent_ms, _ = worker.read(page)
                    if number:
                        best[worker.name][at] = min(best[worker.name][at], spent_ms)
        table = {}
        for worker in workers:
            times = best[worker.name]
            ratios = [own / base for own, base in zip(times, best[BASE], strict=True) if base]
            table[worker.name] = {
                "median ms": statistics.median(times),
                "mean ms": statistics.mean(times),
                "p95 ms": sorted(times)[int(len(times) * 0.95)],
                "worst ms": max(times),
                "x bare parse": statistics.median(ratios),
                "peak MiB": worker.close(),
            }
        report["sets"][directory.name] = table
        columns = list(table[BASE])
        size = statistics.mean(len(page.html) for page in pages) / 1024
        print(
            f"\n{directory.name} ({len(pages)} pages, mean {size:.0f} KiB)\n| extractor | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}"
        )
        for name in sorted(table, key=lambda each: table[each]["median ms"]):
            print(f"| {name} | {' | '.join(f'{table[name][column]:.2f}' for column in columns)} |")
    if chosen.json:
        chosen.json.write_text(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
