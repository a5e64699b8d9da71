"""Writing and querying a large archive, compared with the same tables in plain sqlite3.

    python -m benchmarks.archive_queries --articles 100000 1000000 --json figures.json

Makes an archive of synthetic articles (Indonesian roots and their forms, Zipf frequencies, 350 words each; a tenth of
the texts is distinct) in a temporary directory: 1,000,000 need 10 GB there. Every query is run through kliping and, in
the SQL that an author would write at first, through sqlite3, on the same file. CPU time, best of several.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import tempfile
import time
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.archive.ask import search
from scraper.archive.ask.filters import ALL, Filter
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import champion_lists
from scraper.archive.write import frontier, save
from scraper.archive.write.pageresult import PageResult
from scraper.indonesian import forms_of, roots
from scraper.reasons import Reason
from scraper.records import Article, Author, Block, Capture, Link, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SITES = tuple(f"koran-{number:02d}" for number in range(50))
WORDS = 350
REPEATS = 5
START = datetime(2019, 1, 1, tzinfo=UTC)
DAYS = 7 * 365
SITE, SINCE, UNTIL = SITES[7], date(2022, 3, 1), date(2022, 3, 31)


def vocabulary(chance: random.Random) -> list[str]:
    """Words by falling frequency: some roots, and for each root a few of its forms further down."""
    words = sorted(root for root in roots() if root.isalpha() and len(root) > 2)
    chance.shuffle(words)
    forms = [form for root in words[:15_000] for form in chance.sample(list(islice(forms_of(root), 240)), 6)]
    chance.shuffle(forms)
    return list(dict.fromkeys(["yang", "dan", "di", *words, *forms]))


def texts(count: int, words: list[str], chance: random.Random) -> list[str]:
    """Bodies of seven paragraphs."""
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    found = []
    for _ in range(count):
        chosen = chance.choices(words, cum_weights=weights, k=WORDS)
        found.append("\n\n".join(" ".join(chosen[start : start + 50]) for start in range(0, WORDS, 50)))
    return found


def rows(first: int, last: int, bodies: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of `articles`."""
    chance = random.Random(first)
    for number in range(first, last):
        body = bodies[number % len(bodies)]
        at = START + timedelta(minutes=chance.randrange(DAYS * 1440))
        text = at.isoformat(timespec="seconds")
        yield (
            number + 1, f"https://{SITES[number % 50]}.example/{number}", SITES[number % 50], body[:70], body[70:170], text,
            f"{text[:19]}Z", body, "[]", WORDS, b"%32d" % number, b"%32d" % number,
        )  # fmt: skip


_INSERT = (
    "INSERT INTO articles (id, url, site, headline, lede, published_at, published_utc, body, blocks, words, content_hash,"
    " record_hash, kind, section, page, page_count, access, layout, provenance, warnings, first_seen_at, last_seen_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'article', '[]', 1, 1, 'free', 'x/1', '{}', '[]',"
    " '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z')"
)


def fill(path: Path, first: int, last: int, bodies: list[str]) -> float:
    """Add articles in plain sqlite3, with their index; CPU seconds."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        db.execute("PRAGMA cache_size = -400000")
        started = time.process_time()
        for start in range(first, last, 10_000):
            db.execute("BEGIN")
            db.executemany(_INSERT, rows(start, min(start + 10_000, last), bodies))
            db.execute("COMMIT")
        return time.process_time() - started


def cpu_ms(ask: Callable[[], object]) -> float:
    """The least CPU of several times, in milliseconds."""
    spent = []
    for _ in range(REPEATS):
        started = time.process_time()
        ask()
        spent.append(time.process_time() - started)
    return min(spent) * 1000


def questions(words: list[str]) -> dict[str, tuple[Callable[[Any], Any], str, tuple[Any, ...]]]:
    """The questions: through kliping, and as SQL."""
    common, mid, rare = words[40], words[600], words[4000]
    pair = f'"{words[20]} {words[30]}"'
    listed = (
        "SELECT a.id, a.url, a.site, a.headline, a.published_at, snippet(articles_fts, -1, '[', ']', '…', 24)"
        " FROM articles_fts JOIN articles AS a ON a.id = articles_fts.rowid WHERE articles_fts MATCH ?"
    )
    best = f"{listed} ORDER BY rank LIMIT 20"
    chosen = f"{listed} AND a.site = ? AND a.published_utc >= ? AND a.published_utc < ? ORDER BY rank LIMIT 20"
    newest = f"{listed} ORDER BY a.published_utc DESC LIMIT 20"
    span = (SITE, "2022-03-01T00:00:00Z", "2022-04-01T00:00:00Z")
    wanted = Filter(sites=(SITE,), since=SINCE, until=UNTIL)

    def exactly(query: str, choice: Filter = ALL, **options: Any) -> Callable[[Any], Any]:
        return lambda db: search.search(db, search.understand(db, query, exact=True), choice, **options)

    return {
        "bm25 top 20, common word": (exactly(common), best, (common,)),
        "bm25 top 20, mid word": (exactly(mid), best, (mid,)),
        "bm25 top 20, rare word": (exactly(rare), best, (rare,)),
        "phrase": (exactly(pair), best, (pair,)),
        "prefix": (exactly(mid[:5] + "*"), best, (mid[:5] + "*",)),
        "common word, one site and month": (exactly(common, wanted), chosen, (common, *span)),
        "mid word, one site and month": (exactly(mid, wanted), chosen, (mid, *span)),
        "newest 20 of a common word": (exactly(common, order="date"), newest, (common,)),
        "newest 20 of a mid word": (exactly(mid, order="date"), newest, (mid,)),
        "hits of a mid word by month": (
            lambda db: search.count(db, search.understand(db, mid, exact=True), "month"),
            "SELECT a.month, count(*) FROM articles_fts JOIN articles AS a ON a.id = articles_fts.rowid WHERE articles_fts MATCH ? GROUP BY 1",
            (mid,),
        ),
        "articles of one site and month": (
            lambda db: search.search(db, "", wanted, limit=50),
            "SELECT id, url, site, headline, published_at, lede FROM articles WHERE site = ? AND published_utc >= ?"
            " AND published_utc < ? ORDER BY published_utc DESC LIMIT 50",
            span,
        ),
        "counts by month": (
            lambda db: search.count(db, "", "month"),
            "SELECT month, count(*) FROM articles GROUP BY month",
            (),
        ),
        "counts by site": (
            lambda db: search.count(db, "", "site"),
            "SELECT site, count(*) FROM articles GROUP BY site",
            (),
        ),
        "counts and words by site and month": (
            lambda db: db.execute("SELECT * FROM articles_by_month").fetchall(),
            "SELECT site, month, count(*), sum(words) FROM articles GROUP BY site, month",
            (),
        ),
        "mid word with its other forms": (lambda db: search.search(db, mid), best, (mid,)),
        "stop word beside a mid word": (lambda db: search.search(db, f"yang {mid}"), best, (f"yang {mid}",)),
    }


def ask_all(path: Path, words: list[str]) -> dict[str, dict[str, float]]:
    """CPU milliseconds of every question."""
    found = {}
    with open_archive(path) as db, closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as plain:
        for name, (ours, sql, values) in questions(words).items():
            found[name] = {
                "kliping": cpu_ms(lambda ours=ours: ours(db)),  # type: ignore[misc]
                "sqlite3": cpu_ms(lambda sql=sql, values=values: plain.execute(sql, values).fetchall()),  # type: ignore[misc]
            }
    return found


def page(number: int, body: str) -> tuple[Capture, Article]:
    """A page and what is read from it."""
    url = f"https://{SITES[number % 50]}.example/{number}"
    blocks = tuple(Block(kind="paragraph", text=part) for part in body.split("\n\n"))
    at = START + timedelta(hours=number)
    read = Article(
        url=url, headline=body[:70], body=blocks, layout="x/1", site=SITES[number % 50], published_at=at,
        authors=(Author(name=f"Penulis {number % 90}", role="writer"),), tags=("banjir", f"tag {number % 400}"),
    )  # fmt: skip
    html = f"<html><body><h1>{body[:70]}</h1>" + "".join(f"<p>{part.text}</p>" for part in blocks) + "</body></html>"
    return Capture(url=url, final_url=url, status=200, fetched_at=at, body=html.encode()), read


def write_ours(path: Path, bodies: list[str], count: int) -> float:
    """CPU seconds of storing pages one by one, in a transaction each."""
    with open_archive(path, mode="crawl", min_free_bytes=0) as db:
        run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=START)
        pages = [page(number, bodies[number]) for number in range(count)]
        frontier.add_links(db, [Link(url=read.url, raw_url=read.url) for _, read in pages], due_at=START)
        ids = {url: key for key, url in db.execute("SELECT id, url FROM urls")}
        started = time.process_time()
        for capture, read in pages:
            outcome = Outcome(url=read.url, reason=Reason.OK, at=capture.fetched_at, status=200)
            save.save_page(
                db, PageResult(url_id=ids[read.url], run_id=run, outcome=outcome, capture=capture, article=read)
            )
        return time.process_time() - started


_COPIED = ("bodies", "captures", "fetches", "articles", "article_captures", "bylines", "tags")


def write_plain(source: Path, path: Path, count: int) -> float:
    """CPU seconds of putting the same rows into the same tables in plain sqlite3, with a transaction for each page."""
    with open_archive(path, mode="crawl", min_free_bytes=0):
        pass
    with closing(sqlite3.connect(path, isolation_level=None)) as db, closing(sqlite3.connect(source)) as old:
        db.execute("PRAGMA synchronous = FULL")
        for table in ("sites", "runs", "urls", "people", "templates", "dictionaries"):
            _copy(old, db, table, "")
        columns = {table: _columns(old, table) for table in _COPIED}
        kept = {
            table: old.execute(f"SELECT {', '.join(columns[table])} FROM {table} ORDER BY 1").fetchall()  # noqa: S608
            for table in _COPIED
        }
        by_page = {table: {} for table in _COPIED}  # type: dict[str, dict[int, list[Any]]]
        for table, found in kept.items():
            for row in found:
                by_page[table].setdefault(row[0], []).append(row)
        statements = {
            table: f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"  # noqa: S608
            for table, names in columns.items()
        }
        started = time.process_time()
        for number in range(1, count + 1):
            db.execute("BEGIN IMMEDIATE")
            for table, statement in statements.items():
                db.executemany(statement, by_page[table].get(number, ()))
            db.execute("COMMIT")
        return time.process_time() - started


def _columns(db: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in db.execute(f"PRAGMA table_xinfo({table})") if row[6] == 0]


def _copy(old: sqlite3.Connection, new: sqlite3.Connection, table: str, where: str) -> None:
    names = _columns(old, table)
    found = old.execute(f"SELECT {', '.join(names)} FROM {table} {where}").fetchall()  # noqa: S608
    new.executemany(f"INSERT OR IGNORE INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", found)  # noqa: S608


def compare_writing(root: Path, bodies: list[str], pages: int) -> dict[str, float]:
    """CPU milliseconds a page."""
    ours = write_ours(root / "ours.db", bodies, pages) / pages * 1000
    plain = write_plain(root / "ours.db", root / "plain.db", pages) / pages * 1000
    print(f"writing a page: kliping {ours:.2f} ms, sqlite3 {plain:.2f} ms CPU\n", flush=True)
    return {"pages": pages, "kliping_ms": ours, "sqlite3_ms": plain}


def articles_in(path: Path) -> int:
    """The number of articles that an earlier run has left."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT count(*) FROM articles").fetchone()[0])


def show(found: dict[str, dict[str, float]]) -> None:
    """A table."""
    print("| question | kliping ms | sqlite3 ms | ratio |\n|---|---|---|---|")
    for name, figure in found.items():
        ratio = figure["kliping"] / figure["sqlite3"]
        print(f"| {name} | {figure['kliping']:.1f} | {figure['sqlite3']:.1f} | {ratio:.2f} |")
    print(flush=True)


def main() -> None:
    """Run everything and print tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[100_000], help="sizes at which to ask, rising")
    parser.add_argument("--pages", type=int, default=2_000, help="pages for the comparison of writing")
    parser.add_argument(
        "--directory", type=Path, help="where to make the archive and leave it; the next run goes on with it"
    )
    parser.add_argument("--json", type=Path, help="write the figures here")
    options = parser.parse_args()
    chance = random.Random(1)
    words = vocabulary(chance)
    bodies = texts(max(options.pages, options.articles[-1] // 10), words, chance)
    figures: dict[str, Any] = {"sqlite": sqlite3.sqlite_version, "sizes": {}}
    with ExitStack() as stack:
        root = options.directory or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        path = root / "large.db"
        if not path.exists():
            figures["writing"] = compare_writing(root, bodies, options.pages)
            with open_archive(path, mode="crawl", min_free_bytes=0):
                pass
        done = articles_in(path)
        for size in options.articles:
            if size < done:
                continue
            spent = fill(path, done, size, bodies)
            if size > done:
                print(
                    f"{size} articles, {path.stat().st_size / 1e9:.2f} GB, {(size - done) / spent:.0f} inserts/s of CPU in bulk\n",
                    flush=True,
                )
            with open_archive(path, mode="write") as db:
                listed = time.process_time()
                lists = sum(1 for _ in champion_lists.update(db))
                print(f"{lists} frequent words listed in {time.process_time() - listed:.1f} s of CPU\n", flush=True)
            found = ask_all(path, words)
            figures["sizes"][size] = {
                "inserts_per_cpu_s": (size - done) / spent,
                "file_bytes": path.stat().st_size,
                "queries": found,
            }
            show(found)
            done = size
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
