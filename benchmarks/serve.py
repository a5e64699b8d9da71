"""How long the pages of `kliping serve` take over a large archive.

    python -m benchmarks.serve --articles 1000000 --json figures.json
    python -m benchmarks.serve --archive large.db

Makes an archive of synthetic articles (see benchmarks/archive_queries.py: 1,000,000 need 10 GB), or takes one, and asks for each
page in process: once for the first time, then several times. Server time is from the request to the whole answer, without a network;
beside it the CPU time of the first answer, since the time of a machine that does other things says little.
What the front page shows is found out at the start; a paper's and a search's figures at the first request, and a snapshot keeps them.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sqlite3
import statistics
import tempfile
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.archive_queries import SITES, fill, texts, vocabulary
from scraper import archive
from scraper.serve.app import make, warm

if TYPE_CHECKING:
    from scraper.serve.app import Served

REPEATS = 7
SEED = 1  # as in archive_queries, whose archive may be taken
READ = 123  # the article that is opened
DISTINCT = 10  # every tenth text is distinct


def make_archive(path: Path, articles: int) -> None:
    """An archive of synthetic articles and the papers they are in."""
    with archive.open_archive(path, mode="crawl", min_free_bytes=0):
        pass
    chance = random.Random(SEED)
    fill(path, 0, articles, texts(max(1, articles // DISTINCT), vocabulary(chance), chance))


def add_papers(path: Path) -> None:
    """The papers, and a whole article to read, where the plain rows brought neither."""
    with closing(sqlite3.connect(path)) as db, db:
        if db.execute("SELECT 1 FROM sites").fetchone():
            return
        moment = "2026-01-01T00:00:00Z"
        db.execute("UPDATE articles SET first_seen_at = ?, last_seen_at = ? WHERE id = ?", [moment, moment, READ])
        for slug in SITES:
            db.execute(
                "INSERT OR IGNORE INTO sites (slug, network, name, host, zone, province) VALUES (?, 'x', ?, ?, 'Asia/Jakarta', NULL)",
                [slug, slug, f"{slug}.example"],
            )


def pages(words: list[str]) -> dict[str, str]:
    """Pages by what they are."""
    return {
        "front page": "/",
        "search, common word": f"/search?q={words[40]}",
        "search, mid word": f"/search?q={words[600]}",
        "search, rare word": f"/search?q={words[4000]}",
        "search, one paper and month": f"/search?q={words[40]}&site={SITES[7]}&since=2022-03-01&until=2022-03-31",
        "everything, newest first": "/search",
        "article": f"/articles/{READ}",
        "paper": f"/sites/{SITES[7]}",
        "regions": "/regions",
        "authors": "/authors",
        "feed of a common word": f"/search.atom?q={words[40]}",
    }


async def measure(served: Served, asked: dict[str, str]) -> dict[str, dict[str, float]]:
    """Milliseconds of each page: the first time, with its CPU, and warm (median, worst)."""
    started, busy = time.perf_counter(), time.process_time()
    await served.invoke_startup()
    await warm(served)
    await served.client.get("/-/kliping.css")  # Datasette gets ready at the first request
    print(f"start: {time.perf_counter() - started:.1f} s, {time.process_time() - busy:.1f} s of CPU\n")
    found = {}
    for name, path in asked.items():
        spent, worked = [], []
        for _ in range(REPEATS + 1):
            started, busy = time.perf_counter(), time.process_time()
            answer = await served.client.get(path)
            spent.append((time.perf_counter() - started) * 1000)
            worked.append((time.process_time() - busy) * 1000)
            assert answer.status_code == 200, f"{path}: {answer.status_code}"
        found[name] = {
            "first_ms": spent[0],
            "first_cpu_ms": worked[0],
            "warm_ms": statistics.median(spent[1:]),
            "worst_warm_ms": max(spent[1:]),
        }
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--archive", type=Path, help="an archive that archive_queries or this benchmark made")
    options.add_argument("--json", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = chosen.archive or Path(directory) / "large.db"
        if chosen.archive is None:
            make_archive(path, chosen.articles)
        add_papers(path)
        served = make(path, taken_at=datetime.now(UTC))
        found: dict[str, Any] = asyncio.run(measure(served, pages(vocabulary(random.Random(SEED)))))
    print("| page | first ms | of CPU | warm ms | worst warm ms |\n|---|---|---|---|---|")
    for name, row in found.items():
        print(
            f"| {name} | {row['first_ms']:.0f} | {row['first_cpu_ms']:.0f} | {row['warm_ms']:.0f} | {row['worst_warm_ms']:.0f} |"
        )
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
