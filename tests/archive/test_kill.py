"""A page that save_page has acknowledged survives kill -9 at any moment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scraper.archive.ask.counts import stats
from scraper.archive.file.connection import open_archive
from scraper.archive.file.lookup import captures

ROOT = Path(__file__).parent.parent.parent
# Saves pages without end and says the URL of each after save_page has returned.
WRITER = """
import pathlib, sys
from datetime import UTC, datetime
from scraper.archive.ask import counts
from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier
from scraper.archive.write import save
from scraper.archive.write.pageresult import PageResult
from scraper.records import Article, Block, Capture, Link, Outcome
from scraper.reasons import Reason
now = datetime(2026, 3, 1, tzinfo=UTC)
with open_archive(pathlib.Path(sys.argv[1]), mode="crawl", min_free_bytes=0) as db:
    run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=now)
    start = counts.stats(db).captures
    for number in range(start, start + 100_000):
        url = f"https://contoh.id/{number}"
        frontier.add_links(db, [Link(url=url, raw_url=url)], due_at=now, priority=1)
        queued = frontier.lease(db, run, host="contoh.id", now=now)
        body = f"<p>Berita {number}</p>".encode() * 50
        shown = Article(url=queued.url, headline=f"Berita {number}", layout="t/1", body=(Block(kind="paragraph", text="isi"),))
        save.save_page(db, PageResult(
            url_id=queued.url_id, run_id=run, article=shown,
            outcome=Outcome(url=queued.url, reason=Reason.OK, at=now, status=200),
            capture=Capture(url=queued.url, final_url=queued.url, status=200, fetched_at=now, body=body),
        ))
        print(queued.url, flush=True)
"""


def save_and_kill(path: Path, after: int) -> list[str]:
    """The URLs a writer acknowledged before it was killed at its `after`th."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(after)]
        process.kill()
        lines += process.stdout.readlines()
    assert process.returncode == -9
    return [line.decode().strip() for line in lines if line.endswith(b"\n")]


@pytest.mark.parametrize("moments", [(1, 2, 3, 5), (8, 21, 40, 90)])
def test_what_was_acknowledged_survives_kill_9(tmp_path: Path, moments: tuple[int, ...]) -> None:
    path = tmp_path / "a.db"
    acknowledged: list[str] = []
    for after in moments:  # each writer goes on with the file that the one before it left
        acknowledged += save_and_kill(path, after)
        with open_archive(path) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []
            stored = {url for (url,) in db.execute("SELECT url FROM articles").fetchall()}
            assert set(acknowledged) <= stored
            counts = stats(db)
            assert counts.captures == counts.articles == len(stored), "a page is there whole or not at all"
    with open_archive(path, mode="write") as db:
        db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
        assert [each.capture.url for each in captures(db)] == sorted(stored, key=lambda url: int(url[18:]))
