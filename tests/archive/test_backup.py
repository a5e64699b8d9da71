"""A backup is either complete or not there."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.archive.ask import counts
from scraper.archive.file.bodies import digest
from scraper.archive.keep import backup, verify
from scraper.errors import ArchiveDamaged, ArchiveError, ArchiveRefused
from tests.archive.made import NOW, ROOT, URL, article, opened, save

if TYPE_CHECKING:
    from pathlib import Path

NOISE = b"".join(digest(number.to_bytes(4, "big")) for number in range(4000))


def test_a_backup_under_a_running_crawl_is_the_archive_of_that_moment(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    with opened(path) as crawl:
        save(crawl, article())
        with opened(path, "write") as other:
            other.execute("BEGIN IMMEDIATE")  # a writer in the middle of a page
            with opened(path, "read") as db:
                assert backup.back_up(db, copy) == copy.stat().st_size
            other.execute("ROLLBACK")
        save(crawl, article("Lain."), b"<p>dua</p>")
    assert {each.name for each in tmp_path.glob("copy*")} == {"copy.db"}
    with opened(copy) as db:  # a full archive, which a crawl can go on with
        assert counts.stats(db).captures == 1
        assert save(db, article("Lain."), b"<p>dua</p>").is_changed
    with opened(path, "read") as db:
        with pytest.raises(ArchiveError, match="already"):
            backup.back_up(db, copy)
        backup.back_up(db, copy, replace=True)
        with pytest.raises(ArchiveError, match="itself"):
            backup.back_up(db, path, replace=True)


def test_the_log_of_an_older_copy_is_not_read_into_a_new_one(tmp_path: Path) -> None:
    """A crawl into the old copy was killed: its log is whole, and SQLite would put its pages over those of the new one."""
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    with opened(path) as db:
        save(db, article())
    with opened(path, "read") as db:
        backup.back_up(db, copy)
    with opened(copy, "write") as db:
        db.execute("UPDATE articles SET lede = ?", [NOISE.hex()])
        left = {name: copy.with_name(name).read_bytes() for name in ("copy.db-wal", "copy.db")}
    for name, data in left.items():  # as after kill -9
        copy.with_name(name).write_bytes(data)
    assert len(left["copy.db-wal"]) > 4096
    with opened(path, "read") as db:
        backup.back_up(db, copy, replace=True)
    with opened(copy, "read") as db:
        assert not list(verify.verify(db))
        assert counts.stats(db).captures == 1


def test_a_damaged_archive_is_not_put_in_the_place_of_a_good_backup(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    with opened(path) as db:
        save(db, article(), NOISE)
        backup.back_up(db, copy)
    good, data = copy.read_bytes(), bytearray(path.read_bytes())
    data[data.index(NOISE[:16])] ^= 1
    path.write_bytes(data)
    with opened(path, "read") as db, pytest.raises(ArchiveDamaged, match=digest(NOISE).hex()):
        backup.back_up(db, copy, replace=True)
    assert copy.read_bytes() == good


def size_of(path: Path) -> int:
    """Bytes of a file that another process may take away at any moment; -1 if it is not there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return -1


def test_a_killed_backup_leaves_nothing_under_its_name_and_the_next_completes(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    with opened(path) as db:
        for number in range(20):
            save(db, article(), NOISE + bytes([number]), url=f"{URL}/{number}")
    command = [sys.executable, "-m", "scraper", "backup", str(copy), "--archive", str(path)]
    partial = tmp_path / "copy.db.partial"
    for size in (0, 1, 1 << 20):  # strike when that much has been written
        copy.unlink(missing_ok=True)
        with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
            while process.poll() is None and size_of(partial) < size:
                pass
            process.kill()
        if copy.exists():
            with opened(copy, "read") as db:
                assert list(verify.verify(db)) == []
    copy.unlink(missing_ok=True)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, copy.exists(), partial.exists()) == (0, True, False), done.stderr


def test_a_backup_takes_the_place_of_an_earlier_copy_of_this_archive_only(tmp_path: Path) -> None:
    path, copy, other = tmp_path / "a.db", tmp_path / "copy.db", tmp_path / "other.db"
    with opened(path) as db:
        save(db, article(), b"<p>satu</p>")
    with opened(other) as db:
        save(db, article(), b"<p>tiga</p>", at=NOW + timedelta(days=1))
    with opened(path, "read") as db:
        backup.back_up(db, copy)
    with opened(copy) as db:  # somebody went on with it
        save(db, article("Lain."), b"<p>dua</p>")
    thesis = tmp_path / "thesis.tex"
    thesis.write_text("years of work")
    with closing(sqlite3.connect(tmp_path / "plain.db")) as plain:
        plain.execute("CREATE TABLE notes (text)")
    for target in (copy, other, thesis, tmp_path / "plain.db"):
        before = target.read_bytes()
        with opened(path, "read") as db, pytest.raises(ArchiveRefused, match="not an earlier copy"):
            backup.back_up(db, target, replace=True)
        assert target.read_bytes() == before


def test_a_lock_is_not_opened_through_what_somebody_put_there(tmp_path: Path) -> None:
    path, thesis = tmp_path / "a.db", tmp_path / "thesis.tex"
    thesis.write_text("years of work")
    lock = tmp_path / "a.db.lock"
    for put in (lock.symlink_to, lock.hardlink_to):
        put(thesis)
        with pytest.raises(ArchiveRefused, match="lock"), opened(path):
            pass
        lock.unlink()
    os.mkfifo(lock)
    with pytest.raises(ArchiveRefused, match="lock"), opened(path):
        pass
    assert thesis.read_text() == "years of work"


# Backs up into a file that may hold no more than some pages, as on a full disk.
FULL = """
import resource, sys
from pathlib import Path
from scraper.archive.file.connection import open_archive
from scraper.archive.keep import backup
with open_archive(Path(sys.argv[1])) as db:
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
    backup.back_up(db, Path(sys.argv[2]))
"""


def test_a_full_disk_is_named_by_what_is_on_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article(), NOISE * 20)
    run = [sys.executable, "-c", FULL, str(path), str(tmp_path / "copy.db")]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, check=False)
    told = f"scraper.errors.ArchiveFull: {tmp_path / 'copy.db.partial'}".encode()
    assert done.stderr.splitlines()[-1].startswith(told), done.stderr
