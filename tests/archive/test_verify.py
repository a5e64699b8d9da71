"""Verification finds planted damage and names it; bodies can be had by number, URL and day."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.file import connection, lookup, soundness
from scraper.archive.file.bodies import digest
from scraper.archive.keep import verify
from scraper.errors import ArchiveDamaged
from scraper.records import Author, RelatedLink
from tests.archive.made import NOW, URL, article, opened, save
from tests.command import kliping

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.archive.keep.verify import Damage

OTHER = "https://contoh.id/2026/03/01/pasar"
NOISE = b"".join(digest(bytes([number])) for number in range(200))  # does not compress: bytes can be found in the file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article(), b"<p>satu</p>" * 50)
        save(db, article("Dua."), NOISE, at=NOW + timedelta(days=2))
        save(db, article("Satu."), b"<p>satu</p>" * 50, at=NOW + timedelta(days=4))
        save(db, article(url=OTHER), b"<p>pasar</p>" * 50, url=OTHER)
    return path


def found(path: Path) -> list[Damage]:
    with opened(path, "read") as db:
        return list(verify.verify(db))


def test_a_whole_archive_has_no_damage(path: Path) -> None:
    assert found(path) == []
    assert kliping("verify", "--archive", str(path)).returncode == 0


def test_a_flipped_byte_in_a_body_is_named_though_sqlite_sees_nothing(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[data.index(NOISE[:16]) + 8] ^= 1
    path.write_bytes(data)
    with opened(path) as db:
        assert soundness.first_problem(db) is None
    (damage,) = found(path)
    assert (damage.part, damage.urls) == ("body", (URL,))
    assert digest(NOISE).hex() in damage.detail
    done = kliping("verify", "--archive", str(path))
    assert (done.returncode, URL.encode() in done.stdout) == (65, True)


def test_zeroed_pages_are_found_and_the_other_bodies_still_read(path: Path) -> None:
    with opened(path, "read") as db:
        roots = dict(db.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'table'").fetchall())
    data = bytearray(path.read_bytes())
    for name in ("tags", "related_links"):
        start = (roots[name] - 1) * 8192
        data[start : start + 8192] = bytes(8192)
    path.write_bytes(data)
    parts = {damage.part for damage in found(path)}
    assert parts == {"structure", "article"}, "whose tags cannot be read"
    with opened(path, "read") as db:
        assert len(list(lookup.captures(db))) == 3


def test_a_lost_table_of_bodies_is_found(path: Path) -> None:
    with opened(path, "read") as db:
        root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'bodies'").fetchall()[0][0]
    data = bytearray(path.read_bytes())
    data[(root - 1) * 8192 : root * 8192] = bytes(8192)
    path.write_bytes(data)
    lost = {url for damage in found(path) if damage.part == "body" for url in damage.urls}
    assert lost == {URL, OTHER}


def test_a_search_index_that_misses_an_article_is_found(path: Path) -> None:
    with opened(path, "write") as db:
        db.execute("DROP TRIGGER articles_ad")
        db.execute("PRAGMA foreign_keys = OFF")
        db.execute("DELETE FROM articles WHERE url = ?", [OTHER])
    parts = [damage.part for damage in found(path)]
    assert set(parts) == {"reference", "search", "schema", "article"}


def test_a_body_comes_back_as_it_was_on_a_day(path: Path) -> None:
    first, second = b"<p>satu</p>" * 50, NOISE
    for at, body in ((("--at", "2026-03-01"), first), (("--at", "2026-03-03"), second), ((), first)):
        done = kliping("body", URL, *at, "--archive", str(path))
        assert (done.returncode, done.stdout) == (0, body)
    assert kliping("body", "2", "--archive", str(path)).stdout == second
    for none in (("99",), (URL, "--at", "2020-01-01"), ("https://contoh.id/x",), ("9" * 40,)):
        done = kliping("body", *none, "--archive", str(path))
        assert (done.returncode, done.stdout) == (3, b""), none


def test_a_file_cut_short_is_named_and_what_is_left_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    bodies = {f"https://contoh.id/{number}": random.Random(number).randbytes(6_000) for number in range(150)}
    with opened(path) as db, connection.transaction(db):
        for url, body in bodies.items():
            save(db, article(url=url), body, url=url)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * 0.93)])
    damages = found(path)
    assert "structure" in {damage.part for damage in damages}
    lost = {url for damage in damages if damage.part == "body" for url in damage.urls}
    read = {}
    with opened(path, "read") as db:
        for number in range(1, len(bodies) + 1):
            try:
                each = lookup.capture(db, number)
            except (sqlite3.DatabaseError, ArchiveDamaged, KeyError):
                continue
            read[each.url] = each.body
    assert len(read) > 20
    assert all(bodies[url] == body for url, body in read.items())
    assert not lost & set(read)
    # The row that names a body's URL may be lost with it; the body is named all the same.
    nameless = sum(damage.part == "body" and not damage.urls for damage in damages)
    assert len(lost | set(read)) + nameless == len(bodies)
    done = kliping("verify", "--archive", str(path))
    assert (done.returncode, b"structure" in done.stdout) == (65, True)
    with pytest.raises(ArchiveDamaged), opened(path):
        pass  # but nothing is written into it


# A change by hand, or by a bit, to each thing that a digest is kept of: where it shows, and as what.
CHANGES = [
    ("UPDATE articles SET body = replace(body, 'Dua', 'Tua') WHERE id = 1", "article", "text"),
    ("UPDATE articles SET headline = 'Jembatan baru!' WHERE id = 2", "article", "text"),
    ("UPDATE articles SET section = '[\"olahraga\"]' WHERE id = 1", "article", "fields"),
    ("UPDATE articles SET published_utc = '2001-01-01T00:00:00Z' WHERE id = 1", "article", "moment"),
    ("UPDATE articles SET body = body || 'x', words = words WHERE id = 1", "article", "more than its blocks"),
    ("UPDATE articles SET blocks = '[]' WHERE id = 2", "article", "text"),
    ("UPDATE articles SET blocks = '{' WHERE id = 2", "article", "DecodeError"),
    ("UPDATE articles SET first_seen_at = 'dahulu' WHERE id = 2", "article", "ValueError"),
    ("UPDATE people SET name = 'Orang Lain'", "article", "people"),
    ("DELETE FROM tags WHERE position = 2", "article", "tags"),
    ("INSERT INTO images VALUES (1, 5, 'https://contoh.id/x.jpg', NULL, NULL)", "article", "pictures"),
    ("UPDATE related_links SET url = 'https://lain.example/'", "article", "links"),
    ("UPDATE revisions SET body = 'Tiga.'", "revision", "version 1"),
    ("UPDATE revisions SET content_hash = zeroblob(32)", "revision", "version 1"),
    ("DELETE FROM articles WHERE id = 2", "article", "missing"),
]


@pytest.mark.parametrize(("sql", "part", "told"), CHANGES, ids=[sql[:40] for sql, *_ in CHANGES])
def test_what_was_changed_by_hand_is_found(tmp_path: Path, sql: str, part: str, told: str) -> None:
    path = tmp_path / "a.db"
    author, link = (
        Author(name="Ratna Wulandari", role="writer"),
        RelatedLink(label=None, text="Baca", url=OTHER, after_block=1),
    )
    whole: dict[str, Any] = {
        "authors": (author,),
        "tags": ("jembatan", "wali\x07 kota"),
        "related_links": (link,),
        "section": ("daerah",),
    }
    with opened(path) as db:
        save(db, article("Satu.", **whole), at=NOW)
        save(db, article("Dua.", **whole, published_at=NOW), b"<p>dua</p>" * 50, at=NOW + timedelta(days=2))
        save(db, article(url=OTHER), b"<p>pasar</p>" * 50, url=OTHER)
    assert found(path) == []
    with closing(sqlite3.connect(path)) as plain:
        plain.execute(sql)
        plain.commit()
    damages = found(path)
    assert any(damage.part == part and told in damage.detail for damage in damages), damages
