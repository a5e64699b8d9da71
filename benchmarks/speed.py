"""How quick: CPU milliseconds a page, kliping beside the bare parse and every installed peer.

    python -m benchmarks.speed DATA_DIR… [--extractor NAME]… [--baseline CHECKOUT] [--passes N] [--limit N] [--every N] [--json OUT]
    python -m benchmarks.speed DATA_DIR… --parts

Every extractor has a process of its own and gets page i before any gets page i+1, so that they
share the machine's moods. The first pass warms up and is not counted; a page's figure is the least
of the others. Times are CPU of the extractor's process, from bytes to record. Pages that kliping
reads by a site layout get a table of their own, too. "x bare parse" and "its p95" are of the ratios
of single pages, "x by sums" is of all pages together.

`--baseline` is a checkout of another version of kliping, measured in turns with this one. The extractor
kliping-plain is this version without its compiled part. `--parts` shows where kliping's time goes instead:
the share of CPU in each function, sampled while all pages are read repeatedly.
"""

from __future__ import annotations

import argparse
import json
import signal
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.common import EXTRACTORS, Worker, installed, pages_of, versions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

    from benchmarks.common import Page

BASE = "bare parse"
BASELINE = "baseline"
SAMPLED_MS = 0.7  # of CPU between two looks at what runs
SAMPLED_S = 30.0
SHOWN = 0.01  # least share of a part
Times = dict[str, list[float]]  # extractor → milliseconds of each page
Table = dict[str, dict[str, float]]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("data", nargs="+", type=Path)
    options.add_argument("--extractor", action="append", choices=sorted(EXTRACTORS))
    options.add_argument("--baseline", type=Path, metavar="CHECKOUT")
    options.add_argument("--parts", action="store_true")
    options.add_argument("--every", type=int, default=1, help="take every Nth page of a set")
    options.add_argument("--passes", type=int, default=3)
    options.add_argument("--limit", type=int, help="pages of each set")
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    if chosen.parts:
        show_parts([page for directory in chosen.data for page in pages_of(directory, chosen.limit)][:: chosen.every])
        return
    names = list(dict.fromkeys([BASE, *(chosen.extractor or installed())]))
    report: dict[str, Any] = {"versions": versions(), "sets": {}}
    for directory in chosen.data:
        pages = list(pages_of(directory, chosen.limit))[:: chosen.every]
        times, peaks, with_layout = measure(pages, names, chosen.passes, chosen.baseline)
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


def measure(
    pages: Sequence[Page], names: Sequence[str], passes: int, baseline: Path | None
) -> tuple[Times, dict[str, float], list[int]]:
    """(the least time of each page, peak memory, the positions of the pages that kliping reads by a site layout)."""
    workers = [Worker(name) for name in names]
    if baseline is not None:
        workers.append(Worker("kliping", tree=baseline, label=BASELINE))
    best: Times = {worker.name: [float("inf")] * len(pages) for worker in workers}
    with_layout: set[int] = set()
    for number in range(passes + 1):
        for at, page in enumerate(pages):
            for worker in workers:
                reading, spent_ms, _ = worker.read(page)
                if number:
                    best[worker.name][at] = min(best[worker.name][at], spent_ms)
                elif worker.name == "kliping" and not reading.get("layout", "generic").startswith("generic"):
                    with_layout.add(at)
    return best, {worker.name: worker.close() for worker in workers}, sorted(with_layout)


def table_of(times: Times, positions: Sequence[int]) -> Table:
    """The figures of some pages for each extractor."""
    base = [times[BASE][at] for at in positions]
    before = [times[BASELINE][at] for at in positions] if BASELINE in times else None
    table: Table = {}
    for name, everything in times.items():
        own = [everything[at] for at in positions]
        ratios = sorted(mine / bare for mine, bare in zip(own, base, strict=True))
        table[name] = {
            "median ms": statistics.median(own),
            "mean ms": statistics.mean(own),
            "p95 ms": sorted(own)[int(len(own) * 0.95)],
            "worst ms": max(own),
            "x bare parse": statistics.median(ratios),
            "its p95": ratios[int(len(ratios) * 0.95)],
            "x by sums": sum(own) / sum(base),
        }
        if before is not None:
            table[name]["x baseline, by sums"] = sum(own) / sum(before)
    return table


def show(title: str, pages: Sequence[Page], table: Table) -> None:
    """Print a table, the quickest first."""
    columns = list(table[BASE])
    size = statistics.mean(len(page.html) for page in pages) / 1024
    print(f"\n{title} ({len(pages)} pages, mean {size:.0f} KiB)")
    print(f"| extractor | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for name in sorted(table, key=lambda each: table[each]["median ms"]):
        print(f"| {name} | {' | '.join(f'{table[name][column]:.2f}' for column in columns)} |")


def show_parts(pages: Sequence[Page]) -> None:
    """Print the share of CPU of each function of kliping with all that it calls, and of each module by itself."""
    read = EXTRACTORS["kliping"][0]()
    whole: Counter[str] = Counter()
    alone: Counter[str] = Counter()

    def look(_: int, frame: FrameType | None) -> None:
        names = []
        while frame is not None:
            _root, is_own, place = frame.f_code.co_filename.rpartition("/scraper/")
            if is_own:
                names.append((place, frame.f_code.co_qualname))
            frame = frame.f_back
        alone.update([names[0][0] if names else "outside"])
        whole.update({f"{place}: {name}" for place, name in names})

    for page in pages:
        read(page.html, page.url)
    signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, SAMPLED_MS / 1000, SAMPLED_MS / 1000)
    end = time.process_time() + SAMPLED_S
    while time.process_time() < end:
        for page in pages:
            read(page.html, page.url)
    signal.setitimer(signal.ITIMER_PROF, 0)
    total = alone.total()
    for title, counts in (("function, with what it calls", whole), ("module, alone", alone)):
        print(f"\n| {title} | % |\n|---|---|")
        for part, count in counts.most_common():
            if count >= SHOWN * total:
                print(f"| {part} | {100 * count / total:.1f} |")


if __name__ == "__main__":
    main()
