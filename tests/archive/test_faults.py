"""The archive under faults: locked, full, read-only, damaged, written to by two at once; and texts or times that it
could not store.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.ask import counts
from scraper.archive.file import lookup
from scraper.archive.file.bodies import digest
from scraper.archive.file.connection import Mode, _back_up
from scraper.archive.file.lookup import article_pages, capture_at, find_capture
from scraper.archive.file.times import from_text, to_text
from scraper.archive.write import frontier, origin_files
from scraper.archive.write.pageresult import PageResult
from scraper.archive.write.save import save_page
from scraper.errors import ArchiveDamaged, ArchiveError, ArchiveFull, ArchiveLocked
from scraper.reasons import Reason
from scraper.records import Outcome, RobotsFile
from tests.archive.made import NOW, ROOT, URL, article, capture, damaged, lease, link, opened, save

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOBILE = "https://contoh.id/m/jembatan-baru"
ROBOTS = RobotsFile(origin="https://contoh.id", fetched_at=NOW, status=200, verdict="rules", body=b"", detail=None)
OUTCOME = Outcome(url=URL, reason=Reason.GONE, at=NOW)
WRITERS: dict[str, Callable[[Any], object]] = {
    "start_run": lambda db: frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW),
    "finish_run": lambda db: frontier.finish_run(db, 1, at=NOW, exit_code=0),
    "add_links": lambda db: frontier.add_links(db, [link(URL + "/2")], due_at=NOW),
    "make_due": lambda db: frontier.make_due(db, [URL], at=NOW),
    "lease": lambda db: frontier.lease(db, 1, host="contoh.id", now=NOW),
    "release": lambda db: frontier.release(db, 1),
    "save_robots": lambda db: origin_files.save_robots(db, ROBOTS),
    "save_page": lambda db: save_page(db, PageResult(url_id=1, run_id=1, outcome=OUTCOME)),
}


@pytest.mark.parametrize("name", WRITERS)
def test_every_writer_says_that_the_archive_is_locked(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article())
        with opened(path, "write") as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(ArchiveLocked), opened(path, "write") as blocked:  # noqa: PT012
                blocked.execute("PRAGMA busy_timeout = 0")
                WRITERS[name](blocked)
            other.execute("ROLLBACK")
        with opened(path, "write") as free:
            WRITERS[name](free)


def test_a_full_disk_leaves_every_earlier_page(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article())
    with pytest.raises(ArchiveFull), opened(path) as db:  # noqa: PT012
        pages = db.execute("PRAGMA page_count").fetchall()[0][0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        noise = b"".join(digest(number.to_bytes(4, "big")) for number in range(4000))  # does not compress
        save(db, article("Lain."), noise)
    with opened(path, "read") as db:
        assert counts.stats(db).captures == 1
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_a_reader_cannot_save(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article())
    for write in WRITERS.values():
        with pytest.raises(ArchiveError, match="readonly"), opened(path, "read") as reader:
            write(reader)


@pytest.mark.parametrize("mode", ["write", "crawl"])
def test_no_mode_writes_into_a_damaged_file(tmp_path: Path, mode: Mode) -> None:
    path = tmp_path / "a.db"
    data = damaged(path)
    with pytest.raises(ArchiveDamaged), opened(path, mode):
        pass
    assert path.read_bytes() == data


def test_a_cut_file_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article())
    path.write_bytes(path.read_bytes()[: 8192 * 20])
    with pytest.raises(ArchiveDamaged), opened(path):
        pass


def test_many_processes_may_create_an_archive_at_once(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from scraper.archive.ask import counts; from scraper.archive.file.connection import open_archive; sys.stdin.readline()\n"
        "with open_archive(pathlib.Path(sys.argv[1]), mode='write') as db: counts.stats(db)"
    )
    for round_ in range(3):
        path = tmp_path / f"{round_}.db"
        command = [sys.executable, "-c", code, str(path)]
        workers = [subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(4)]
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write(b"\n")
            worker.stdin.flush()
        said = [worker.communicate()[1].decode() for worker in workers]
        assert [worker.returncode for worker in workers] == [0] * 4, said
        with opened(path, "read") as db:
            assert db.execute("PRAGMA journal_mode").fetchall() == [("wal",)]


def test_pages_that_a_site_takes_back_are_forgotten(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        first = save(db, article("Satu.", page_count=2))
        joined = article("Satu.", "Dua.", page_count=2)
        save(db, joined, b"<p>dua</p>", url=URL + "?page=2", page=2, parts=((1, first.capture_id),))
        assert [page for page, _, _ in article_pages(db, URL)] == [1, 2]
        save(db, article("Satu dan dua."), b"<p>satu dan dua</p>", at=NOW + timedelta(hours=1))
        assert [page for page, _, _ in article_pages(db, URL)] == [1]
        assert counts.stats(db).captures == 3, "captures are never forgotten"


def test_the_queue_keeps_the_reason_that_was_recorded(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        for _ in range(2):
            save(db, article(), next_due=NOW + timedelta(hours=1))
        rows = db.execute(
            "SELECT f.reason, q.last_reason FROM fetches AS f JOIN frontier AS q USING (url_id) ORDER BY f.id DESC"
        ).fetchall()
        assert rows[0] == ("unchanged", "unchanged")


def test_two_urls_of_one_article_that_differ_make_no_endless_revisions(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        save(db, article("Versi ponsel."), b"m0", url=MOBILE)
        taken = save(db, article("Versi penuh."), b"d0")
        assert taken.is_changed, "the canonical URL takes over from another"
        for number in range(1, 4):
            at = NOW + timedelta(hours=number)
            kept = save(db, article("Versi ponsel."), b"m%d" % number, url=MOBILE, at=at)
            assert (kept.is_changed, kept.is_new_capture, kept.article_id) == (False, True, taken.article_id)
            assert not save(db, article("Versi penuh."), b"d%d" % number, at=at).is_changed
        stored = lookup.article(db, URL)
        assert stored is not None
        assert (stored.revision, stored.record["body"][0]["text"]) == (2, "Versi penuh.")
        run, url_id = lease(db)
        gone = Outcome(url=URL, reason=Reason.GONE, at=NOW + timedelta(days=1), status=404)
        save_page(db, PageResult(url_id=url_id, run_id=run, outcome=gone))
        assert save(db, article("Versi ponsel."), b"m9", url=MOBILE, at=NOW + timedelta(days=2)).is_changed


@given(st.datetimes(), st.integers(-14, 14))
def test_any_moment_is_written_and_sorts(value: datetime, hours: int) -> None:
    text = to_text(value.replace(tzinfo=timezone(timedelta(hours=hours))))
    assert len(text) == len("2019-10-07T08:12:40Z")
    back = from_text(text)
    assert back is not None
    assert back.tzinfo == UTC
    assert to_text(back) == text


def test_an_article_of_the_year_1_is_kept(tmp_path: Path) -> None:
    dawn = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=8)))
    with opened(tmp_path / "a.db") as db:
        save(db, article(published_at=dawn))
        assert db.execute("SELECT published_utc FROM articles").fetchall() == [("0001-01-01T00:00:00Z",)]


def test_lone_surrogates_are_no_error(tmp_path: Path) -> None:
    bad = "https://contoh.id/\ud800"
    with opened(tmp_path / "a.db") as db:
        assert frontier.add_links(db, [link(bad, title="Judul \udfff")], due_at=NOW) == 1
        assert frontier.known_urls(db, [bad]) == {bad}
        assert frontier.make_due(db, [bad], at=NOW) == 1
        assert lookup.article(db, bad) is None
        assert article_pages(db, bad) == []
        assert find_capture(db, bad) is capture_at(db, bad) is None
        assert db.execute("SELECT title_hint FROM urls").fetchall() == [("Judul �",)]
        run, url_id = lease(db, bad)
        outcome = Outcome(url=bad, reason=Reason.OK, at=NOW, final_url=bad)
        save_page(db, PageResult(url_id=url_id, run_id=run, outcome=outcome, capture=capture(url=bad)))


def test_an_unfinished_backup_never_bears_the_backups_name(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article())
        version = db.execute("PRAGMA user_version").fetchall()[0][0]
        _back_up(db, path, version)
        _back_up(db, path, version + 1)  # migrated meanwhile by another process: this copy is not what it would claim
    names = {each.name for each in tmp_path.glob("*.bak*")}
    assert names == {f"a.db.format-{version}.bak"}
    with closing(sqlite3.connect(tmp_path / names.pop())) as made:
        assert made.execute("SELECT count(*) FROM captures").fetchone() == (1,)
