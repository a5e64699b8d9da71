"""Pages that share a commit: each is stored completely or not at all, and none is reported before it is on disk."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.file import connection
from scraper.crawl.group import PAGES, Group
from scraper.errors import ArchiveError
from tests.archive.made import opened, save
from tests.command import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# Takes in seven pages, three of them a group; dies by kill -9 at one boundary: after a page, before and after a commit, after
# each report. Run for every boundary, by forks. Says what was told and what is on disk.
DRIVER = """
import asyncio, json, os, pathlib, shutil, signal, sys
from scraper.archive.file import connection
from scraper.crawl.group import Group
from tests.archive.made import article, opened, save

folder, commit = pathlib.Path(sys.argv[1]), connection.commit

def dies(path, at):
    passed = [0]
    def boundary():
        passed[0] += 1
        if passed[0] == at:
            os.kill(os.getpid(), signal.SIGKILL)
    def committed(db):
        boundary()
        commit(db)
        boundary()
    connection.commit = committed
    async def work():
        with opened(path) as db, open(f"{path}.told", "ab", 0) as log:
            group = Group(db, on_failure=lambda: None)
            for number in range(7):
                url = f"https://contoh.id/berita/{number}"
                with group.page():
                    save(db, article(f"Berita {number}.", url=url), url.encode(), url=url)
                boundary()
                group.tell(lambda url=url: (log.write(f"{url};".encode()), boundary()))
                if number % 3 == 2:
                    group.commit()
            group.commit()
    asyncio.run(work())
    return passed[0]

def outcome(at):
    path = folder / f"{at}.db"
    shutil.copy(folder / "empty.db", path)
    child = os.fork()
    if child == 0:
        dies(path, at)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    told = pathlib.Path(f"{path}.told").read_text().split(";")[:-1]
    with opened(path, "write") as db:
        sound = db.execute("PRAGMA integrity_check").fetchall() == [("ok",)] and not db.execute("PRAGMA foreign_key_check").fetchall()
        kept = [url for (url,) in db.execute("SELECT url FROM articles ORDER BY id").fetchall()]
        whole = db.execute("SELECT (SELECT count(*) FROM fetches), (SELECT count(*) FROM captures), (SELECT count(*) FROM urls)").fetchall()[0]
    return {"code": code, "told": told, "kept": kept, "sound": sound, "whole": whole}

with opened(folder / "empty.db"):
    pass
count = dies(folder / "calm.db", 0)
connection.commit = commit
print(json.dumps([outcome(at) for at in range(1, count + 1)]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_at_no_boundary_is_told_what_is_not_on_disk(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", DRIVER, str(tmp_path)], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    found = json.loads(done.stdout)
    assert len(found) == 7 + 2 * 3 + 7, "a page, two of each commit, a report"
    for each in found:
        assert each["code"] == -signal.SIGKILL
        assert each["sound"]
        assert each["told"] == each["kept"][: len(each["told"])]
        assert each["whole"] == [len(each["kept"])] * 3, "every page is there whole or not at all"
    assert {len(each["kept"]) for each in found} == {0, 3, 6, 7}
    assert {len(each["told"]) for each in found} == set(range(8))


def run(path: Path, work: Callable[[Any, list[str]], Any]) -> list[str]:
    """The statements that end transactions while a coroutine works with an archive."""
    ends: list[str] = []

    async def inside() -> None:
        with opened(path) as db:
            db.conn.set_trace_callback(lambda sql: ends.append(sql) if sql in ("COMMIT", "ROLLBACK") else None)
            await work(db, ends)
            db.conn.set_trace_callback(None)

    asyncio.run(inside())
    return ends


def page(db: Any, number: int) -> None:
    url = f"https://contoh.id/berita/{number}"
    save(db, None, url.encode(), url=url)


def test_pages_share_a_commit_which_comes_by_itself(tmp_path: Path) -> None:
    async def work(db: Any, ends: list[str]) -> None:
        told = asyncio.Event()
        group = Group(db, on_failure=lambda: None, within_s=0.01)
        for number in range(5):
            with group.page():
                page(db, number)
        group.tell(told.set)
        assert ends == []
        await told.wait()
        assert ends == ["COMMIT"]
        group = Group(db, on_failure=lambda: None, within_s=600)
        for number in range(PAGES):
            with group.page():
                page(db, number)
            group.tell(lambda: None)
        assert ends == ["COMMIT"] * 2
        assert not db.conn.in_transaction

    run(tmp_path / "a.db", work)


def test_a_page_that_cannot_be_kept_leaves_nothing_and_takes_no_other_with_it(tmp_path: Path) -> None:
    async def work(db: Any, _ends: list[str]) -> None:
        group = Group(db, on_failure=lambda: None)
        told: list[int] = []
        for number in (1, 2, 3):
            try:
                with group.page():
                    page(db, number)
                    if number == 2:
                        raise KeyError(number)
            except KeyError:
                continue
            group.tell(lambda number=number: told.append(number))  # type: ignore[misc]
        group.commit()
        assert told == [1, 3]
        assert db.execute("SELECT count(*) FROM captures").fetchall() == [(2,)]

    assert run(tmp_path / "a.db", work) == ["COMMIT"]


def test_a_commit_that_fails_is_told_to_who_asks_next_and_nothing_of_it_has_happened(tmp_path: Path) -> None:
    async def work(db: Any, _ends: list[str]) -> None:
        failed = asyncio.Event()
        group = Group(db, on_failure=failed.set, within_s=0.01)
        with group.page():
            page(db, 1)
            db.execute("PRAGMA defer_foreign_keys = ON")  # what is wrong is found at the commit
            db.execute("UPDATE captures SET body_id = 999")
        group.tell(lambda: pytest.fail("it was told"))
        await failed.wait()
        with pytest.raises(sqlite3.IntegrityError), group.page():
            pytest.fail("it was taken in")
        with pytest.raises(sqlite3.IntegrityError):
            group.commit()
        assert db.execute("SELECT count(*) FROM captures").fetchall() == [(0,)]

    assert run(tmp_path / "a.db", work) == ["COMMIT", "ROLLBACK"]


def interrupted(db: Any) -> None:
    """A statement that fails, and with it the whole transaction."""
    db.conn.set_progress_handler(lambda: 1, 1)
    try:
        db.execute("UPDATE captures SET status = 201")
    finally:
        db.conn.set_progress_handler(None, 0)


@pytest.mark.parametrize("place", ["a page", "between two pages"])
def test_an_error_that_ends_the_transaction_takes_all_pages_of_the_group_with_it(tmp_path: Path, place: str) -> None:
    async def work(db: Any, _ends: list[str]) -> None:
        group = Group(db, on_failure=lambda: None)
        with group.page():
            page(db, 1)
        group.tell(lambda: pytest.fail("it was told"))
        within = group.page() if place == "a page" else nullcontext()
        with pytest.raises(sqlite3.OperationalError), within:
            interrupted(db)
        assert not connection.is_writing(db), "as when the disk is full"
        with pytest.raises((sqlite3.OperationalError, ArchiveError)), group.page():
            pytest.fail("it was taken in")
        with pytest.raises((sqlite3.OperationalError, ArchiveError)):
            group.commit()
        assert db.execute("SELECT count(*) FROM captures").fetchall() == [(0,)]

    run(tmp_path / "a.db", work)


def test_nothing_is_committed_where_nothing_is_open(tmp_path: Path) -> None:
    async def work(db: Any, _ends: list[str]) -> None:
        Group(db, on_failure=lambda: None).commit()
        connection.commit(db)

    assert run(tmp_path / "a.db", work) == []
