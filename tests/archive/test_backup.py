"""A backup is whole or not there."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scraper import archive
from scraper.archive.bodies import digest
from scraper.errors import ArchiveDamaged, ArchiveError
from tests.archive.made import ROOT, URL, article, opened, save

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
                assert archive.back_up(db, copy) == copy.stat().st_size
            other.execute("ROLLBACK")
        save(crawl, article("Lain."), b"<p>dua</p>")
    assert {each.name for each in tmp_path.glob("copy*")} == {"copy.db"}
    with opened(copy) as db:  # a full archive, which a crawl can go on with
        assert archive.stats(db).captures == 1
        assert save(db, article("Lain."), b"<p>dua</p>").is_changed
    with opened(path, "read") as db:
        with pytest.raises(ArchiveError, match="already"):
            archive.back_up(db, copy)
        archive.back_up(db, copy, replace=True)
        with pytest.raises(ArchiveError, match="itself"):
            archive.back_up(db, path, replace=True)


def test_the_log_of_an_older_copy_is_not_read_into_a_new_one(tmp_path: Path) -> None:
    """A crawl into the old copy was killed: its log is whole, and SQLite would put its pages over those of the new one."""
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    with opened(path) as db:
        save(db, article())
    with opened(path, "read") as db:
        archive.back_up(db, copy)
    with opened(copy) as db:
        save(db, article(url=f"{URL}/lain"), NOISE, url=f"{URL}/lain")
        left = {name: copy.with_name(name).read_bytes() for name in ("copy.db-wal", "copy.db")}
    for name, data in left.items():  # as after kill -9
        copy.with_name(name).write_bytes(data)
    assert len(left["copy.db-wal"]) > 4096
    with opened(path, "read") as db:
        archive.back_up(db, copy, replace=True)
    with opened(copy, "read") as db:
        assert not list(archive.verify(db))
        assert archive.stats(db).captures == 1


def test_a_damaged_archive_is_not_put_in_the_place_of_a_good_backup(tmp_path: Path) -> None:
    path, copy = tmp_path / "a.db", tmp_path / "copy.db"
    with opened(path) as db:
        save(db, article(), NOISE)
        archive.back_up(db, copy)
    good, data = copy.read_bytes(), bytearray(path.read_bytes())
    data[data.index(NOISE[:16])] ^= 1
    path.write_bytes(data)
    with opened(path, "read") as db, pytest.raises(ArchiveDamaged, match=digest(NOISE).hex()):
        archive.back_up(db, copy, replace=True)
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
                assert list(archive.verify(db)) == []
    copy.unlink(missing_ok=True)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, copy.exists(), partial.exists()) == (0, True, False), done.stderr
