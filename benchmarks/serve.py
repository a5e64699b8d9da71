"""How long the pages of `kliping serve` take over a large archive.

    python -m benchmarks.serve --articles 1000000 --json figures.json
    python -m benchmarks.serve --archive large.db
    python -m benchmarks.serve --archive large.db --worst     the worst input of each way in, and what another page takes meanwhile

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
from scraper.archive.file.connection import open_archive
from scraper.serve.app import make, warm

if TYPE_CHECKING:
    from scraper.serve.app import Served

REPEATS = 7
SEED = 1  # as in archive_queries, whose archive may be taken
DIFFED = 77
READ = 123  # the article that is opened
DISTINCT = 10  # every tenth text is distinct


def make_archive(path: Path, articles: int) -> None:
    """An archive of synthetic articles and the papers they are in."""
    with open_archive(path, mode="crawl", min_free_bytes=0):
        pass
    chance = random.Random(SEED)
    fill(path, 0, articles, texts(max(1, articles // DISTINCT), vocabulary(chance), chance))


def add_papers(path: Path) -> None:
    """The papers, where the plain rows brought none."""
    with closing(sqlite3.connect(path)) as db, db:
        if db.execute("SELECT 1 FROM sites").fetchone():
            return
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
        "over time, three words": f"/trends?q={words[40]}&q={words[600]}&q={words[4000]}",
        "over time, by paper": f"/trends?q={words[600]}&split=site",
        "in context, common word": f"/concordance?q={words[40]}",
        "in context, by the word behind": f"/concordance?q={words[600]}&sort=right",
        "key words": f"/words?q={words[600]}",
        "company of a word": f"/words?q={words[600]}&how=near",
        "names": f"/names?q={words[600]}",
        "stories": f"/spread?q={words[600]}",
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


def worst(words: list[str]) -> dict[str, tuple[str, dict[str, str]]]:
    """The worst input found of each way in: (path, query)."""
    repeated = " OR ".join(f'"{word}"' for word in words[:60])
    joined = "SELECT count(*) FROM articles AS a, articles AS b, articles AS c WHERE a.words + b.words + c.words = 7"
    like = "SELECT 1 WHERE printf('%.30000000c', 'a') LIKE '" + "%a" * 200 + "%b'"
    return {
        "search: 60 common words": ("/search", {"q": repeated}),
        "search: every word that begins with a letter": ("/search", {"q": "a* b* d* k* m*"}),
        "search: near, prefixes": ("/search", {"q": f"NEAR({words[0]} {words[1]} {words[2]}, 50)"}),
        "facets of everything": ("/search", {}),
        "CSV of a prefix": ("/search.csv", {"q": "a*"}),
        "feed of a prefix": ("/search.atom", {"q": "a*"}),
        "diff": (f"/articles/{DIFFED}/diff/1/2", {}),
        "Datasette: a filter without index": ("/kliping/articles.json", {"body__contains": "zzz", "_size": "1000"}),
        "Datasette: facets": ("/kliping/articles.json", {"_facet": "headline", "_facet_size": "max"}),
        "--sql: three tables side by side": ("/kliping.json", {"sql": joined}),
        "--sql: one step without end": ("/kliping.json", {"sql": like}),
        "--sql: much at once": ("/kliping.json", {"sql": "SELECT group_concat(body) FROM articles"}),
    }


def add_diff(path: Path) -> None:
    """Two versions of an article with as many changes as a diff takes."""
    chance = random.Random(SEED)
    before, after = (" ".join(str(chance.randrange(40)) for _ in range(60_000)) for _ in range(2))
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM revisions WHERE article_id = ?", [DIFFED])
        db.execute(
            "INSERT INTO revisions (article_id, revision, seen_at, replaced_at, replaced_by, layout, headline, body, content_hash)"
            " VALUES (?, 1, '2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', 'publisher', 'a/1', 'a', ?, x'')",
            [DIFFED, before],
        )
        db.execute("UPDATE articles SET body = ?, revision = 2 WHERE id = ?", [after, DIFFED])


async def endure(served: Served, asked: dict[str, tuple[str, dict[str, str]]]) -> None:
    """Prints for each the time to its answer, alone and twice at once, and the slowest other page meanwhile."""
    await served.invoke_startup()
    await warm(served)
    await served.client.get(f"/articles/{READ}")

    async def answer(path: str, query: dict[str, str]) -> tuple[float, int]:
        started = time.perf_counter()
        found = await served.client.get(path, params=query)
        return time.perf_counter() - started, found.status_code

    print("| worst input | answer or refusal, s | status | slowest other page meanwhile, s |\n|---|---|---|---|")
    for name, (path, query) in asked.items():
        tasks = [asyncio.create_task(answer(path, query)) for _ in range(2)]
        others = [0.0]
        while not all(task.done() for task in tasks):
            others.append((await answer(f"/articles/{READ + len(others)}", {}))[0])
            await asyncio.sleep(0.1)
        spent = [await task for task in tasks]
        print(f"| {name} | {max(each for each, _ in spent):.1f} | {spent[0][1]} | {max(others):.2f} |", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--archive", type=Path, help="an archive that archive_queries or this benchmark made")
    options.add_argument("--json", type=Path)
    options.add_argument("--worst", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = chosen.archive or Path(directory) / "large.db"
        if chosen.archive is None:
            make_archive(path, chosen.articles)
        add_papers(path)
        if chosen.worst:
            add_diff(path)
            served = make(path, taken_at=datetime.now(UTC), allow_sql=True)
            asyncio.run(endure(served, worst(vocabulary(random.Random(SEED)))))
            served.source.close(at_once=True)
            return
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
