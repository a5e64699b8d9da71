"""What the questions of analysts cost on a large archive: CPU of `scraper.analysis`, by question and by size of the
selection.

    python -m benchmarks.analysis --articles 100000 1000000 --at /tmp/bench [--json figures.json]

Makes an archive of synthetic articles as benchmarks/archive_queries.py does, with names, verbs of speech, places,
regions, walked days and clusters of copies; 1,000,000 articles need 10 GB. An existing archive is used again. CPU time,
best of --repeats.
"""

from __future__ import annotations

import argparse
import functools
import json
import random
import sqlite3
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.archive_queries import DAYS, SITES, START, texts, vocabulary
from scraper.analysis.concordance import concordance
from scraper.analysis.names import names
from scraper.analysis.sampling import draw
from scraper.analysis.spread import leaders, stories
from scraper.analysis.tokens import function_words
from scraper.analysis.trends import trends
from scraper.analysis.words import collocations, count_words, key_words, runs_of_words, top_words, top_words_of_all
from scraper.archive.ask import passages, search
from scraper.archive.ask.filters import ALL
from scraper.archive.file.connection import open_archive
from scraper.regions import regions
from scraper.serve import analysed
from scraper.serve.request import SearchRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIRST = (
    "Martin Budi Siti Ratna Agus Dewi Yohanes Maria Hendra Lestari Petrus Nur Joko Sri Andi Rina Bambang Fitri".split()
)
LAST = "Rantan Santoso Aminah Wulandari Prasetyo Anggraini Lumban Sihombing Kurnia Hakim Wijaya Siregar Nasution Putra".split()
TITLES = ("Bupati", "Wali Kota", "Gubernur", "Kapolres", "Ketua", "Camat")
_INSERT = (
    "INSERT INTO articles (id, url, site, headline, lede, published_at, published_utc, body, blocks, words, content_hash,"
    " record_hash, region_code, kind, section, page, page_count, access, layout, provenance, warnings, first_seen_at, last_seen_at,"
    " language) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'article', '[]', 1, 1, 'free', 'x/1', '{}', '[]', '2026', '2026', 'id')"
)


def named(body: str, chance: random.Random, places: list[str]) -> str:
    """A text whose paragraphs begin with a capital; in three of them somebody speaks."""
    found = []
    for number, part in enumerate(body.split("\n\n")):
        text = part.capitalize() + "."
        if number < 3:
            name = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
            text += f" {chance.choice(TITLES)} {chance.choice(places)}, {name}, mengatakan jalan itu rusak. Hal itu kata {name}."
        found.append(text)
    return "\n\n".join(found)


def rows(first: int, last: int, bodies: list[str], codes: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of `articles`."""
    chance = random.Random(first)
    for number in range(first, last):
        body = bodies[number % len(bodies)]
        at = START + timedelta(minutes=chance.randrange(DAYS * 1440))
        text = at.isoformat(timespec="seconds")
        yield (
            number + 1, f"https://{SITES[number % 50]}.example/{number}", SITES[number % 50], body[:70], body[70:170], text,
            f"{text[:19]}Z", body, "[]", 400, b"%32d" % number, b"%32d" % number, chance.choice(codes),
        )  # fmt: skip


def make(path: Path, count: int) -> float:
    """Make the archive in plain sqlite3, with its index; CPU seconds, 0 if it is there."""
    if path.exists():
        return 0.0
    chance = random.Random(1)
    codes = sorted(regions())
    places = [region.name.split(" ", 1)[-1] for region in regions().values() if region.level != "province"]
    bodies = [named(text, chance, places) for text in texts(count // 10, vocabulary(chance), chance)]
    unfinished = path.with_suffix(".part")
    for old in path.parent.glob(f"{unfinished.name}*"):
        old.unlink()
    with open_archive(unfinished, mode="crawl", min_free_bytes=0):
        pass
    started = time.process_time()
    with closing(sqlite3.connect(unfinished, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -400000")
        for start in range(0, count, 10_000):
            db.execute("BEGIN")
            db.executemany(_INSERT, rows(start, min(start + 10_000, count), bodies, codes))
            db.execute("COMMIT")
        # Every second text is one story in ten papers; the rest are unique.
        stride = len(bodies)
        db.execute("BEGIN")
        db.execute(
            "INSERT INTO clusters (id, first_article_id, first_site, articles, sites, updated_at)"
            " SELECT id, id, site, 10, 10, '2026' FROM articles WHERE id <= ? AND id % 2 = 0",
            [stride],
        )
        db.execute(
            "INSERT INTO cluster_members (article_id, cluster_id, similarity, containment)"
            " SELECT id, (id - 1) % ? + 1, 1.0, 1.0 FROM articles WHERE ((id - 1) % ? + 1) % 2 = 0",
            [stride, stride],
        )
        db.execute("COMMIT")
    unfinished.replace(path)
    return time.process_time() - started


def questions(db: Any) -> dict[str, Callable[[], object]]:
    """The questions: about a common word, about one in 2 % of the articles, about the whole archive."""
    total = int(db.execute("SELECT max(id) FROM articles").fetchall()[0][0])
    terms = db.execute(
        "SELECT term, doc FROM articles_vocab WHERE term >= 'b' AND term < 'bf' AND doc > ?", [total // 100]
    ).fetchall()
    common = max(terms, key=lambda row: row[1])
    mid = min(terms, key=lambda row: abs(row[1] - total // 50))
    often, seldom = (search.understand(db, word, exact=True) for word, _ in (common, mid))
    hits = passages.chosen_articles(db, seldom)
    stop = function_words(["id"])
    say = f"{mid[1]:,} articles"
    print(f"{total:,} articles; the common word is in {common[1]:,}, the other one in {mid[1]:,}", flush=True)
    asked = {"common word": SearchRequest(query=common[0], exact=True), say: SearchRequest(query=mid[0], exact=True)}
    on = analysed.fitting_ground(db, ALL, None, None)
    assert on is not None
    pages: dict[str, Callable[[], object]] = {
        "page: what charts of a snapshot stand on, once": lambda: analysed.fitting_ground(db, ALL, None, None)
    }
    for name, each in asked.items():
        pages |= {
            f"page: chart of a search, {name}": functools.partial(analysed.hits_over_time, db, each, on=on),
            f"page: in context by date, {name}": functools.partial(
                analysed.concordance_table, db, each, sort="date", width=60, limit=100
            ),
            f"page: in context by the word right of it, {name}": functools.partial(
                analysed.concordance_table, db, each, sort="right", width=60, limit=100
            ),
            f"page: key words, {name}": functools.partial(analysed.words_table, db, each, how="key", limit=100),
            f"page: words near it, {name}": functools.partial(analysed.words_table, db, each, how="near", limit=100),
            f"page: names, {name}": functools.partial(
                analysed.names_table, db, each, kind=None, is_quoted=False, limit=100
            ),
            f"page: stories, {name}": functools.partial(analysed.spread_table, db, each, limit=100),
        }
    return pages | {
        "trends by month, common word": lambda: trends(db, [("w", often)], by="month"),
        f"trends by month, {say}": lambda: trends(db, [("w", seldom)], by="month"),
        "trends by day, two words": lambda: trends(db, [("w", often), ("v", seldom)], by="day"),
        f"trends by month and paper, {say}": lambda: trends(db, [("w", seldom)], by="month", split="site"),
        f"trends by year and province, {say}": lambda: trends(db, [("w", seldom)], by="year", split="province"),
        "concordance, 50 lines by date, common word": lambda: list(concordance(db, often, limit=50)),
        "concordance, 50 lines by date": lambda: list(concordance(db, seldom, limit=50)),
        f"concordance, 50 lines by the word right of it, {say}": lambda: list(
            concordance(db, seldom, limit=50, sort="right")
        ),
        f"words, {say}": lambda: top_words(count_words(db, hits), limit=50, without=stop),
        f"words --key, {say}": lambda: key_words(db, count_words(db, hits), limit=50, without=stop),
        f"words --run 2, {say}": lambda: runs_of_words(db, hits, 2, limit=50, without=stop),
        "words of the whole archive": lambda: top_words_of_all(db, limit=50, without=stop),
        f"collocations, {say}": lambda: collocations(db, seldom, without=stop),
        f"names, {say}": lambda: names(db, hits),
        f"spread, {say}": lambda: list(stories(db, hits)),
        "spread, all stories, by paper": lambda: leaders(stories(db)),
        f"sample of 200 by paper and month, {say}": lambda: draw(db, hits, 200, seed=1, by=("site", "month")),
        "sample of 200 of the whole archive": lambda: draw(db, passages.chosen_articles(db, None), 200, seed=1),
    }


def ask_all(path: Path, repeats: int) -> dict[str, float]:
    """CPU seconds of every question, best of several."""
    found = {}
    with open_archive(path) as db:
        for name, ask in questions(db).items():
            spent = []
            for _ in range(repeats):
                started = time.process_time()
                ask()
                spent.append(time.process_time() - started)
            found[name] = min(spent)
            print(f"{name:65}{found[name]:8.2f} s", flush=True)
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", nargs="+", type=int, default=[100_000])
    parser.add_argument("--at", type=Path, required=True, help="Directory of the archives.")
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    given.at.mkdir(parents=True, exist_ok=True)
    found = {}
    for count in given.articles:
        path = given.at / f"a{count}.db"
        make(path, count)
        found[count] = ask_all(path, given.repeats)
    if given.json:
        given.json.write_text(json.dumps(found, indent=1), "utf-8")


if __name__ == "__main__":
    main()
