"""What a merge costs, in steps of SQLite: counted, not timed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from scraper.archive.file import connection
from scraper.archive.keep import merge
from scraper.archive.write import frontier, save
from scraper.archive.write.pageresult import PageResult
from scraper.reasons import Reason
from scraper.records import Outcome
from tests.archive.made import NOW, article, capture, link, opened

if TYPE_CHECKING:
    from pathlib import Path

EACH = 100  # steps


def filled(path: Path, count: int) -> None:
    """An archive of so many articles, each fifth of them in two versions, that one run brought in one second."""
    with opened(path) as db:
        run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW)
        with connection.transaction(db):
            for number in range(count):
                url = f"https://contoh.id/2026/03/01/jembatan-{number}"
                frontier.add_links(db, [link(url)], due_at=NOW)
                url_id = db.execute("SELECT id FROM urls WHERE url = ?", [url]).fetchall()[0][0]
                outcome = Outcome(url=url, reason=Reason.OK, at=NOW, status=200)
                for version in range(2 if number % 5 == 0 else 1):
                    at = NOW + timedelta(days=version)
                    result = PageResult(
                        url_id=url_id,
                        run_id=run,
                        outcome=replace(outcome, at=at),
                        capture=capture(f"<p>{number} {version}</p>".encode(), url, at),
                        article=article(f"Jembatan {number} dibuka, kata warga {version}.", url=url),
                    )
                    save.save_page(db, result)


def steps(target: Path, source: Path) -> int:
    """How many steps a merge takes."""
    taken = [0]

    def step() -> int:
        taken[0] += EACH
        return 0

    with opened(target, "write") as db:
        db.conn.set_progress_handler(step, EACH)
        merge.merge(db, source)
        db.conn.set_progress_handler(None, 0)
    return taken[0]


def test_a_merge_costs_in_proportion_and_a_second_one_next_to_nothing(tmp_path: Path) -> None:
    first, again = [], []
    for count in (60, 240):
        source, target = tmp_path / f"{count}.db", tmp_path / f"{count}-target.db"
        filled(source, count)
        first.append(steps(target, source))
        again.append(steps(target, source))
    assert first[1] < 5 * first[0]
    assert again[1] < 5 * again[0]
    assert again[1] < first[1] / 4
