"""What an export costs: CPU microseconds per article, for each format with a line or row for an article.

    python -m benchmarks.export [--articles 5000] [--passes 3]

The archive is made as a crawl makes it: articles of 350 words in seven paragraphs with two authors, four tags, three
links and a picture. The fastest pass counts.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.archive_queries import texts, vocabulary
from scraper.archive.ask.selection import Selection
from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier, save
from scraper.archive.write.pageresult import PageResult
from scraper.exchange.export import ExportOptions
from scraper.exchange.forms import export_form
from scraper.reasons import Reason
from scraper.records import Article, Author, Block, Capture, Dateline, Image, Link, Outcome, RelatedLink

START = datetime(2026, 1, 1, tzinfo=UTC)
FORMATS = ("csv", "jsonl", "ninjs", "newsarticle", "parquet")


def make(path: Path, count: int) -> None:
    """An archive of `count` articles of a portal."""
    chance = random.Random(1)
    words = vocabulary(chance)
    with open_archive(path, mode="crawl", min_free_bytes=0) as db:
        run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=START)
        urls = [f"https://contoh.example/2026/berita-{number}" for number in range(count)]
        frontier.add_links(db, [Link(url=url, raw_url=url) for url in urls], due_at=START)
        for number, text in enumerate(texts(count, words, chance)):
            at = START + timedelta(minutes=number)
            queued = frontier.lease(db, run, host="contoh.example", now=at)
            assert queued is not None
            save.save_page(
                db,
                PageResult(
                    url_id=queued.url_id,
                    run_id=run,
                    outcome=Outcome(url=queued.url, reason=Reason.OK, at=at, status=200),
                    capture=Capture(
                        url=queued.url, final_url=queued.url, status=200, fetched_at=at, body=f"<p>{number}".encode()
                    ),
                    article=_article(queued.url, text, at, chance.sample(words[:5000], 8)),
                ),
            )


def _article(url: str, text: str, at: datetime, words: list[str]) -> Article:
    return Article(
        url=url,
        headline=" ".join(words).capitalize(),
        layout="contoh/2026",
        published_at=at,
        lede=" ".join(words[::-1]).capitalize(),
        authors=tuple(Author(name=f"{first} {last}".title(), role="writer") for first, last in (words[:2], words[2:4])),
        dateline=Dateline(text="SINTANG -", place="SINTANG"),
        body=tuple(Block(kind="paragraph", text=each) for each in text.split("\n\n")),
        related_links=tuple(
            RelatedLink(label="Baca juga", text=word, url=f"{url}/{word}", after_block=place)
            for place, word in enumerate(words[:3])
        ),
        image=Image(url=f"{url}.jpg", caption=" ".join(words[4:]), credit="Foto: Rina"),
        tags=tuple(words[:4]),
    )


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--articles", type=int, default=5000)
    options.add_argument("--passes", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "a.db"
        make(path, chosen.articles)
        for form in FORMATS:
            best = min(_export(path, form, Path(directory) / f"{form}-{number}") for number in range(chosen.passes))
            print(
                f"{form:12} {best / chosen.articles * 1e6:7.0f} µs an article {chosen.articles / best:9,.0f} a second"
            )


def _export(path: Path, form: str, target: Path) -> float:
    """CPU seconds."""
    with open_archive(path) as db:
        start = time.process_time()
        done = export_form(form).export(
            db, ExportOptions(form=form, target=target, selection=Selection(), version="0"), lambda _: None
        )
        spent = time.process_time() - start
    assert not done.unreadable
    return spent


if __name__ == "__main__":
    main()
