"""The region of every article in an archive: of new ones, of those stored before, and after the official list has
changed.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from scraper.archive.file.articles import SiteRow
from scraper.archive.file.bodies import decompress
from scraper.records import Dateline
from scraper.regions import regions
from tests.archive.made import ROOT, URL, article, opened, save

if TYPE_CHECKING:
    from pathlib import Path

PAPER = SiteRow(
    slug="contoh", network="contoh", name="Contoh", host="contoh.id", zone="Asia/Jakarta", province="Kalimantan Barat"
)


def regions_of_articles(db: Any) -> list[tuple[str | None, str | None]]:
    return [tuple(row) for row in db.execute("SELECT region_code, region_source FROM articles ORDER BY id")]


def test_an_article_is_placed_by_its_dateline_else_by_its_paper(tmp_path: Path) -> None:
    ketapang = Dateline(text="KETAPANG", place="Ketapang", brand=None)
    with opened(tmp_path / "a.db") as db:
        for number, (dateline, site) in enumerate(
            [(ketapang, PAPER), (None, PAPER), (None, replace(PAPER, slug="lain", province=None)), (None, None)]
        ):
            url = f"{URL}-{number}"
            save(db, article(url=url, dateline=dateline), f"<p>{number}</p>".encode(), url=url, site=site)
        assert regions_of_articles(db) == [("61.04", "dateline"), ("61", "portal"), (None, None), (None, None)]
        counted = db.execute(
            "SELECT region, province, region_source, articles FROM articles_by_region WHERE region_code LIKE '61%'"
        ).fetchall()
        assert counted == [
            ("Kalimantan Barat", "Kalimantan Barat", "portal", 1),
            ("Kabupaten Ketapang", "Kalimantan Barat", "dateline", 1),
        ]


def test_reading_again_moves_an_article_without_a_revision(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        save(db, article(), site=replace(PAPER, province=None))
        db.execute("UPDATE sites SET province = 'Kalimantan Barat'")
        save(db, article(), site=PAPER)
        assert regions_of_articles(db) == [("61", "portal")]
        assert db.execute("SELECT revision FROM articles").fetchall() == [(1,)]


def test_an_archive_of_format_2_gets_the_regions_of_its_articles(tmp_path: Path) -> None:
    packed = (ROOT / "tests" / "archive" / "formats" / "format-2-early.db.zst").read_bytes()
    (tmp_path / "old.db").write_bytes(decompress(packed, limit=10_000_000))
    with opened(tmp_path / "old.db", "write") as db:
        assert dict(db.execute("SELECT dateline_place, region_code FROM articles").fetchall()) == {
            "Melawi": "61.10", "Sambas": "61.01", "Pontianak": "61.71", "Sanggau": "61.03",
        }  # fmt: skip
        assert db.execute("SELECT count(*) FROM regions").fetchall() == [(len(regions()),)]


def test_a_changed_list_is_brought_up_to_date_when_the_archive_is_opened_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        save(db, article(dateline=Dateline(text="SAMBAS", place="Sambas", brand=None)), site=PAPER)
    with closing(sqlite3.connect(path)) as plain, plain:
        plain.execute("UPDATE regions SET name = 'Sambas Lama' WHERE code = '61.01'")
        plain.execute("UPDATE articles SET region_code = NULL, region_source = NULL")
    with opened(path, "read") as db:
        assert regions_of_articles(db) == [(None, None)]
    with opened(path, "write") as db:
        assert regions_of_articles(db) == [("61.01", "dateline")]
        assert db.execute("SELECT name FROM regions WHERE code = '61.01'").fetchall() == [("Kabupaten Sambas",)]
