"""No command writes to a damaged file, and a large file is not read completely at every start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scraper.archive.file import soundness
from scraper.archive.keep import verify
from scraper.errors import ArchiveDamaged
from tests.archive.made import article, opened, save

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive that counts as large."""
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article())
    monkeypatch.setattr(soundness, "SMALL_BYTES", 0)
    return path


def zero(path: Path, table: str) -> None:
    """Zero the first page of a table."""
    with opened(path, "read") as db:
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", [table]).fetchall()[0][0]
    with path.open("rb+") as file:
        file.seek((root - 1) * 8192)
        file.write(bytes(8192))


def checks(path: Path) -> int:
    with opened(path, "read") as db:
        return int(db.execute("SELECT count(*) FROM checks").fetchall()[0][0])


def test_a_large_file_is_checked_in_full_once_a_day(large: Path) -> None:
    for _ in range(3):
        with opened(large):
            pass
    assert checks(large) == 1
    zero(large, "images")  # bulk: the day's check is done
    with opened(large):
        pass
    with opened(large, "write") as db:
        db.execute("UPDATE checks SET at = '2020-01-01T00:00:00Z'")
    with pytest.raises(ArchiveDamaged), opened(large):
        pass
    assert checks(large) == 1, "a damaged file is not called whole"
    with opened(large, "read") as db:
        assert "structure" in {damage.part for damage in verify.verify(db)}, "verify always reads everything"


@pytest.mark.parametrize("table", ["frontier", "sites"])
def test_what_a_crawl_begins_with_is_checked_every_time(large: Path, table: str) -> None:
    with opened(large):
        pass
    zero(large, table)
    with pytest.raises(ArchiveDamaged), opened(large):
        pass


def test_a_file_cut_short_is_noticed_whatever_its_size(large: Path) -> None:
    with opened(large):
        pass
    large.write_bytes(large.read_bytes()[:-8192])
    with pytest.raises(ArchiveDamaged), opened(large):
        pass


def test_a_small_file_is_checked_every_time(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with opened(large):
        pass
    assert checks(large) == 0
    zero(large, "images")
    with pytest.raises(ArchiveDamaged), opened(large):
        pass
