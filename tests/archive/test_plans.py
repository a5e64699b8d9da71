"""What the archive's statements cost as it grows: each is planned, and those that read a whole table are named; the steps of SQLite's machine
are counted on two archives, one four times the other. Nothing is timed."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.analysis.concordance import concordance
from scraper.analysis.names import names
from scraper.analysis.sampling import draw
from scraper.analysis.spread import stories
from scraper.analysis.trends import trends
from scraper.analysis.words import collocations, count_words, key_words
from scraper.archive.ask import browse, facets, history, passages, search, selection
from scraper.archive.ask.changed import ChangesAsked, changes_of
from scraper.archive.ask.copied import CopiesAsked, copies_of
from scraper.archive.file import lookup
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import verify
from scraper.duplicates import update_clusters
from scraper.duplicates.shared import shared_quotes
from scraper.records import RelatedLink
from scraper.serve import queries as pages
from scraper.serve.request import SearchRequest
from tests.archive.made import NOW, article, opened, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SMALL, TIMES = 40, 4
MOST = 1.3  # the exponent; n log n over these sizes is 1.25
OF_ONE = 0.5  # of what is asked about one thing, or ends at its limit
ONE = {"article", "why", "runs", "queue", "tables", "names of things"}
EVERY = 20  # steps between two counts
WORDS = "air sungai naik warga desa mengungsi banjir jalan kota sekolah pasar kebun hutan api asap hujan".split()
_TABLE = re.compile(r"SCAN (\w+)$")  # without an index, and no virtual table
BOUNDED = {"regions", "sites", "descriptions", "sqlite_schema"}  # they do not grow with the archive
# Questions that read a whole table without an index, and why they may.
WHOLE = {
    "overview": {
        "revisions",
        "people",
        "runs",
        "health_checks",
    },  # counted once for a snapshot; the last two end at their limit
    "runs": {"runs"},  # from the newest to the limit
    "failures": {"fetches"},  # from the newest to the limit
    "quotations": {"quotations"},  # those that most papers have
    "stories": {"clusters"},  # all of them
    "sample": {"articles"},  # of all
    "export": {"articles"},  # of all
    "verify": {"articles_fts_docsize", "articles", "article_facets", "facets"},  # everything
}


def fill(path: Path, count: int) -> None:
    """So many articles of three papers over as many hours; every fifth changed, every tenth a copy of the one before it."""
    with opened(path) as db:
        for number in range(count):
            text = " ".join(WORDS[(number * step + step) % len(WORDS)] for step in range(1, 40))
            same = number - 1 if number % 10 == 9 else number
            body = f'{text}. Nomor {same}. "Kami sudah menyiapkan tiga perahu dan dua dapur umum {same}," kata Camat Budi Santoso.'
            url, site = f"https://contoh.id/2026/03/01/berita-{number}", f"koran-{number % 3}"
            what = article(
                body,
                url=url,
                headline=f"Berita {number}",
                published_at=NOW - timedelta(hours=number),
                tags=(f"t{number % 7}",),
                related_links=tuple(
                    RelatedLink(
                        label="Baca", text="Lain", url=f"https://contoh.id/2026/03/01/berita-{other}", after_block=0
                    )
                    for other in (number - 1, number * 7 % count)
                ),
            )
            save(db, what, url=url)
            if number % 5 == 0:
                save(
                    db,
                    article(f"{body} Ralat.", url=url, headline=f"Berita {number}"),
                    b"<p>dua</p>",
                    url=url,
                    at=NOW + timedelta(days=1),
                )
            db.execute("UPDATE articles SET site = ?, language = 'id' WHERE url = ?", [site, url])
        update_clusters(db, now=datetime(2026, 3, 9, tzinfo=UTC))


def asked(db: Any, query: str = "banjir") -> Any:
    return search.understand(db, query, exact=True)


QUESTIONS: dict[str, Callable[[Any], object]] = {
    "search": lambda db: search.search(db, asked(db), limit=20),
    "search by date": lambda db: search.search(db, asked(db), order="date", limit=20),
    "search page": lambda db: pages.found(db, SearchRequest(query="banjir"), {}),
    "search page of a paper": lambda db: pages.found(
        db, SearchRequest(query="banjir", chosen=(("site", "koran-1"),)), {}
    ),
    "newest": lambda db: pages.found(db, SearchRequest(), {}),
    "article": lambda db: (lookup.article(db, 7), browse.around(db, 7)),
    "overview": browse.overview,
    "papers by month": facets.papers_by_month,
    "sites": browse.sites,
    "site": lambda db: browse.site(db, "koran-1"),
    "authors": browse.authors,
    "regions": browse.regions_with_articles,
    "network": browse.network,
    "tables": browse.tables,
    "names of things": browse.display_names,
    "runs": lambda db: history.runs(db, limit=50),
    "failures": lambda db: history.failures(db, history.QueueFilter(), limit=50),
    "queue": lambda db: history.queue(db, history.QueueFilter(), limit=50),
    "why": lambda db: history.why(db, "https://contoh.id/2026/03/01/berita-7"),
    "changes": lambda db: changes_of(db, ChangesAsked(), order="silent", limit=30, offset=0),
    "copies": lambda db: copies_of(db, CopiesAsked(across=True), order="newest", limit=20, offset=0),
    "quotations": lambda db: shared_quotes(db, limit=20),
    "trends": lambda db: trends(db, [("w", asked(db))], by="month"),
    "trends by paper": lambda db: trends(db, [("w", asked(db))], by="day", split="site"),
    "concordance": lambda db: list(concordance(db, asked(db), sort="right", limit=50)),
    "key words": lambda db: key_words(db, count_words(db, passages.chosen_articles(db, asked(db))), limit=50),
    "collocations": lambda db: collocations(db, asked(db)),
    "names": lambda db: names(db, passages.chosen_articles(db, asked(db))),
    "stories": lambda db: list(stories(db)),
    "sample": lambda db: draw(db, passages.chosen_articles(db, None), 20, seed=1, by=("site", "month")),
    "export": lambda db: list(selection.articles(db, passages.chosen_articles(db, None))),
    "verify": lambda db: list(verify.verify(db)),
}


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    home = tmp_path_factory.mktemp("plans")
    small, large = home / "small.db", home / "large.db"
    fill(small, SMALL)
    fill(large, SMALL * TIMES)
    return small, large


def steps(path: Path, ask: Callable[[Any], object]) -> int:
    """The steps that SQLite's machine takes for a question."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 1
        return 0

    with open_archive(path) as db:
        ask(db)  # what is found out once for a connection
        db.conn.set_progress_handler(count, EVERY)
        ask(db)
        db.conn.set_progress_handler(None, 0)
    return counted


@pytest.mark.parametrize("name", QUESTIONS)
def test_no_question_grows_faster_than_the_archive(archives: tuple[Path, Path], name: str) -> None:
    few, many = (max(steps(path, QUESTIONS[name]), 10) for path in archives)
    assert math.log(many / few, TIMES) <= (OF_ONE if name in ONE else MOST), (few, many)


def test_questions_that_read_a_whole_table_are_named(archives: tuple[Path, Path]) -> None:
    found: dict[str, set[str]] = {}
    with open_archive(archives[0]) as db:
        tables = {name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
        for name, ask in QUESTIONS.items():
            said: list[str] = []
            db.conn.set_trace_callback(said.append)
            ask(db)
            db.conn.set_trace_callback(None)
            for sql in said:
                if sql.lstrip().upper().startswith(("SELECT", "WITH")):
                    found.setdefault(name, set()).update(_whole(db, sql, tables | BOUNDED) - BOUNDED)
    assert {name: tables for name, tables in found.items() if tables} == WHOLE


def _whole(db: Any, sql: str, tables: set[str]) -> set[str]:
    """The tables that a statement reads from end to end; an alias that it does not explain stays as it is (of a view)."""
    scanned = [
        match[1] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}").fetchall() if (match := _TABLE.match(row[3]))
    ]
    called: dict[str, str] = {alias: name for name, alias in re.findall(r"(\w+) AS (\w+)\b", sql)}
    made = set(re.findall(r"(\w+) AS (?:MATERIALIZED )?\(", sql)) | set(re.findall(r"\) (?:AS )?(\w+)\b", sql))
    names = {called[alias] if called.get(alias) in tables else alias for alias in scanned}
    return names - made
