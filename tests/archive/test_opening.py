"""An archive as a file: what it claims to be, what is refused, who may write, and its published description."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from scraper.archive.ask import counts
from scraper.archive.file.connection import open_archive
from scraper.archive.migrations import APPLICATION_ID, VERSION
from scraper.errors import ArchiveDamaged, ArchiveError, ArchiveFull, ArchiveLocked
from tests.archive.made import ROOT, article, damaged, opened, save

if TYPE_CHECKING:
    from pathlib import Path


def test_an_archive_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path):
        pass
    with closing(sqlite3.connect(path)) as plain:
        pragmas = [
            plain.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("application_id", "user_version", "journal_mode", "page_size")
        ]
    assert pragmas == [APPLICATION_ID, VERSION, "wal", 8192]


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no archive here"), opened(tmp_path / "none.db", "read"):
        pass
    garbage = tmp_path / "garbage.db"
    garbage.write_bytes(b"not a database at all" * 100)
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as plain:
        plain.execute("CREATE TABLE t (x)")
    for path in (garbage, foreign):
        before = path.read_bytes()
        with pytest.raises(ArchiveDamaged), opened(path):
            pass
        assert path.read_bytes() == before


def test_a_newer_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path):
        pass
    with closing(sqlite3.connect(path)) as plain:
        plain.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(ArchiveDamaged, match="newer kliping"), opened(path):
        pass


def test_a_damaged_archive_is_not_written_to(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    damaged(path)
    with pytest.raises(ArchiveDamaged), opened(path):
        pass


def test_reading_needs_no_lock_and_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article())
        with opened(path, "read") as reader:
            assert counts.stats(reader).articles == 1
            with pytest.raises(sqlite3.OperationalError):
                reader.conn.execute("DELETE FROM articles")


def test_a_second_crawl_is_told_who_holds_the_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    holder = f"from scraper.archive.file.connection import open_archive; import pathlib, sys\nwith open_archive(pathlib.Path({str(path)!r}), mode='crawl', min_free_bytes=0):\n print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(ArchiveLocked, match=f"pid {process.pid}"), opened(path):
            pass
        process.kill()
    with opened(path):
        pass


def test_a_full_disk_is_said_before_the_start(tmp_path: Path) -> None:
    with (
        pytest.raises(ArchiveFull, match="MiB free"),
        open_archive(tmp_path / "a.db", mode="crawl", min_free_bytes=1 << 60),
    ):
        pass


def test_every_table_and_column_is_in_the_data_dictionary(tmp_path: Path) -> None:
    text = (ROOT / "schemas" / "README.md").read_text("utf-8")
    with opened(tmp_path / "a.db") as db:
        names = [
            name
            for (name,) in db.execute(
                "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'articles_fts%'"
            )
        ]
        for name in names:
            assert f"## {name}\n" in text, name
            section = text.split(f"## {name}\n")[1].split("\n## ")[0]
            columns = [row[1] for row in db.execute(f"PRAGMA table_xinfo({name})")]
            assert not [column for column in columns if f"`{column}`" not in section], name


def test_a_log_that_a_reader_keeps_from_being_cut_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("scraper.archive.file.connection.LARGE_LOG_BYTES", 0)
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article())
    assert not caplog.records
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM articles").fetchall()
        with opened(path) as db:
            save(db, article(headline="Judul lain"))
    assert [record.getMessage().partition(": ")[2][:15] for record in caplog.records] == ["its log (-wal) "]
