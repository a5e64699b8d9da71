"""An archive of format 2 is brought to the current format: the same tables as a new one, every row kept, even if it is
killed at any step.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scraper.archive.file import store
from scraper.archive.file.bodies import decompress, digest
from scraper.archive.file.lookup import captures
from scraper.archive.keep import packing, verify
from scraper.archive.migrations import VERSION
from scraper.archive.write import progress
from scraper.errors import ArchiveDamaged
from tests.archive.made import EARLY, opened, schema_of

ROOT = Path(__file__).parent.parent.parent
FORMAT_2 = EARLY.with_name("format-2.db.zst")  # two crawls of a paper on loopback; one URL was dropped by hand
FORMAT_3 = EARLY.with_name("format-3.db.zst")  # the archive of `kliping demo`
FORMAT_4 = EARLY.with_name("format-4.db.zst")  # the same
FORMAT_5 = EARLY.with_name("format-5.db.zst")  # the same
# Opens an archive and dies at the nth statement of the migration.
DYING = """
import os, pathlib, signal, sys
from scraper.archive.file import connection
whole = connection._statements
def dying(script):
    for number, statement in enumerate(whole(script)):
        if number == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        yield statement
connection._statements = dying
with connection.open_archive(pathlib.Path(sys.argv[1]), mode="write"):
    pass
"""


def unpacked(stored: Path, tmp_path: Path) -> Path:
    path = tmp_path / "old.db"
    path.write_bytes(decompress(stored.read_bytes(), limit=1 << 28))
    return path


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return unpacked(EARLY, tmp_path)


def columns_of(path: Path) -> dict[str, list[str]]:
    """The columns of every table that holds anything, but those which a migration fills."""
    filled = ("target_url", "region_code", "region_source", "content_hash", "record_hash")
    with closing(sqlite3.connect(path)) as plain:
        names = plain.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'articles_fts%' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        found = {name: [row[1] for row in plain.execute(f"PRAGMA table_info({name})")] for (name,) in names}
        return {
            name: [each for each in columns if each not in filled]
            for name, columns in found.items()
            if name not in ("descriptions", "regions") and plain.execute(f"SELECT 1 FROM {name}").fetchall()
        }


def rows_of(path: Path, columns: dict[str, list[str]] | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in these columns; all that there are where none are given."""
    with closing(sqlite3.connect(path)) as plain:
        return {
            name: sorted(plain.execute(f"SELECT {', '.join(each)} FROM {name}").fetchall(), key=repr)
            for name, each in (columns or columns_of(path)).items()
        }


def without_askers(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """The rows as they are kept today: captures without the name and address of whoever asked, which were in all of them."""
    assert "+" in str(rows["captures"])
    kept = [
        tuple(re.sub(r" \(\+[^)]*\)", "", value) if isinstance(value, str) else value for value in row)
        for row in rows["captures"]
    ]
    return rows | {"captures": sorted(kept, key=repr)}


def test_a_migrated_archive_is_like_a_fresh_one_and_keeps_every_row(old: Path, tmp_path: Path) -> None:
    before, columns = rows_of(old), columns_of(old)
    assert sum(len(rows) for rows in before.values()) > 50
    with opened(old) as db:
        assert not list(verify.verify(db))
        for each in captures(db):
            rows = db.execute(
                "SELECT b.sha256 FROM captures AS c JOIN bodies AS b ON b.id = c.body_id WHERE c.id = ?",
                [each.capture_id],
            )
            assert digest(each.capture.body) == rows.fetchall()[0][0]
        db.execute("INSERT INTO articles_fts(articles_fts, rank) VALUES ('integrity-check', 1)")
    with opened(tmp_path / "fresh.db"):
        pass
    assert schema_of(old) == schema_of(tmp_path / "fresh.db")
    assert rows_of(old, columns) == without_askers(before)
    assert rows_of(old.with_name("old.db.format-2.bak")) == before


def test_what_is_older_than_all_releases_is_refused(old: Path) -> None:
    with closing(sqlite3.connect(old)) as plain:
        plain.execute("PRAGMA user_version = 1")
    with pytest.raises(ArchiveDamaged, match="format 1 is older than all that were released"), opened(old):
        pass


@pytest.mark.parametrize("number", [0, 1, 9, 30])
def test_kill_9_in_a_migration_leaves_the_old_archive_and_the_next_completes(old: Path, number: int) -> None:
    before, columns = rows_of(old), columns_of(old)
    killed = subprocess.run(
        [sys.executable, "-c", DYING, str(old), str(number)], cwd=ROOT, capture_output=True, check=False
    )
    assert killed.returncode == -9, killed.stderr
    with closing(sqlite3.connect(old)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (2,)
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert rows_of(old) == before
    with opened(old) as db:
        assert db.execute("PRAGMA user_version").fetchall() == [(VERSION,)]
        assert not list(verify.verify(db))
    assert rows_of(old, columns) == without_askers(before)


def test_what_earlier_versions_gave_up_by_a_moment_is_asked_again(tmp_path: Path) -> None:
    path = unpacked(FORMAT_2, tmp_path)
    queued = "SELECT substr(u.url, -1) FROM frontier AS f JOIN urls AS u ON u.id = f.url_id WHERE u.kind = 'article' ORDER BY 1"
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (2,)
        assert plain.execute(queued).fetchall() == [("1",)]
        reasons = dict(
            plain.execute("SELECT substr(u.url, -1), f.reason FROM fetches AS f JOIN urls AS u ON u.id = f.url_id")
        )
    with opened(path) as db:
        assert not list(verify.verify(db))
        back = [number for (number,) in db.execute(queued).fetchall() if number != "1"]
        assert {reasons[number] for number in back} == {
            "gone", "client_error", "not_article", "not_html", "blocked_address",
        }  # fmt: skip
        assert "6" not in back, "robots.txt forbade it, which gave nothing up: somebody dropped it"
        assert db.execute("SELECT count(DISTINCT due_at) FROM frontier WHERE failures = 1").fetchall() == [(len(back),)]
        runs = db.execute("SELECT exit_code, note FROM runs WHERE version = 'format 3'").fetchall()
        assert runs == [
            (
                0,
                f"{len(back)} URLs that earlier versions gave up after one answer are queued again, spread over two weeks",
            )
        ]
    with opened(tmp_path / "fresh.db") as db:
        assert db.execute("SELECT count(*) FROM runs").fetchall() == [(0,)]
    assert schema_of(path) == schema_of(tmp_path / "fresh.db")


def test_an_archive_of_format_3_waits_to_be_packed(tmp_path: Path) -> None:
    path = unpacked(FORMAT_3, tmp_path)
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (3,)
        digests = plain.execute("SELECT id, sha256 FROM bodies").fetchall()
    with opened(path) as db:
        assert [(number, digest(store.body_of(db, number))) for number, _ in digests] == digests
        assert packing.unpacked_count(db, datetime.now(UTC)) == len(digests)
        assert not list(verify.verify(db))
    with opened(tmp_path / "fresh.db"):
        pass
    assert schema_of(path) == schema_of(tmp_path / "fresh.db")


def test_records_of_format_4_are_as_whole_as_before_a_field_came(tmp_path: Path) -> None:
    path = unpacked(FORMAT_4, tmp_path)
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (4,)
        digests = plain.execute("SELECT id, record_hash, content_hash FROM articles").fetchall()
    with opened(path) as db:
        assert db.execute("SELECT id, record_hash, content_hash FROM articles").fetchall() == digests
        assert not list(verify.verify(db))
        number = digests[0][0]
        db.execute("UPDATE articles SET correction_notice = 'Ralat: bukan itu.' WHERE id = ?", [number])
        assert [damage.part for damage in verify.verify(db)] == ["article"], (
            "a field that came later counts once it is filled"
        )
    with opened(tmp_path / "fresh.db"):
        pass
    assert schema_of(path) == schema_of(tmp_path / "fresh.db")


@pytest.mark.parametrize(
    ("arguments", "scope"),
    [("crawl desa", None), ("crawl desa --since=2019-10-01", "?"), ("schedule plan.toml: desa", "?")],
)
def test_a_crawl_of_format_5_may_have_been_for_some_days(tmp_path: Path, arguments: str, scope: str | None) -> None:
    path = unpacked(FORMAT_5, tmp_path)
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (5,)
        plain.execute("UPDATE runs SET arguments = ?", [arguments])
        plain.commit()
    with opened(path) as db:
        assert db.execute("SELECT DISTINCT kind, scope FROM runs").fetchall() == [("crawl", scope)]
        rows = db.execute(
            "SELECT url, max(reason = 'ok') FROM urls JOIN fetches ON url_id = urls.id WHERE kind <> 'article' GROUP BY url"
        )
        listings = dict(rows.fetchall())
        read = {url for url, is_read in listings.items() if is_read}
        week = "2019-10-01/2019-10-07"
        assert progress.read_in_another_scope(db, listings, week, may_be_covered=False) == read != {*listings}
        covered = progress.read_in_another_scope(db, listings, week, may_be_covered=True)
        assert covered == (read if scope else set()), "a crawl of all that is new took every link"
        assert progress.read_in_another_scope(db, listings, "+contoh.id", may_be_covered=True) == read
        assert not list(verify.verify(db))
    with opened(tmp_path / "fresh.db"):
        pass
    assert schema_of(path) == schema_of(tmp_path / "fresh.db")


def test_articles_of_format_5_are_counted_by_what_they_have(tmp_path: Path) -> None:
    path = unpacked(FORMAT_5, tmp_path)
    with opened(path) as db:
        counted = "SELECT site, month, region_code, kind, articles FROM facets ORDER BY 1, 2, 3, 4"
        plain = (
            "SELECT ifnull(site, ''), ifnull(month, ''), ifnull(region_code, ''), kind, count(*) FROM articles"
            " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4"
        )
        rows = db.execute(counted).fetchall()
        assert len(rows) > 3
        assert rows == db.execute(plain).fetchall()
        db.execute("UPDATE facets SET articles = articles + 1 WHERE id = 1")
        db.execute(
            "DELETE FROM article_facets WHERE article_id = (SELECT max(article_id) FROM article_facets WHERE facet_id <> 1)"
        )
        assert [damage.detail for damage in verify.verify(db)] == [
            "facets: 1 articles are counted as something else",
            "facets: 2 facets have a wrong number",
        ]
