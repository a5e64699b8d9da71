"""Views for analysts, and what the archive says about itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import zstandard

from scraper.archive.file.descriptions import dictionary
from scraper.records import Author, RelatedLink
from tests.archive.made import NOW, URL, article, opened, save

EARLY = Path(__file__).parent / "formats" / "format-2-early.db.zst"


def linked(to: str, **changes: Any) -> Any:
    return article(related_links=(RelatedLink(label="Baca juga", text="Itu", url=to, after_block=1),), **changes)


def rows(db: Any, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in db.execute(sql)]


def test_related_links_lead_to_the_articles_they_mean(tmp_path: Path) -> None:
    mobile = "https://contoh.id/m/jembatan-baru"
    links = (f"{URL}?utm_source=baca&page=2#x", mobile, "https://contoh.id/lain")
    with opened(tmp_path / "a.db") as db:
        for number, to in enumerate(links):
            url = f"https://contoh.id/{number}"
            save(db, linked(to, url=url, headline=f"Dari {number}"), to.encode(), url=url)
        save(db, article())
        save(db, article(), b"<p>mobil</p>", url=mobile)  # its canonical URL is that of the article
        found = rows(db, "SELECT from_headline, to_headline FROM related_graph ORDER BY from_id")
        assert found == [("Dari 0", "Jembatan baru"), ("Dari 1", "Jembatan baru"), ("Dari 2", None)]
        incoming = rows(
            db,
            f"SELECT from_headline FROM related_incoming AS r JOIN articles AS t ON t.id = r.to_id WHERE t.url = '{URL}'",
        )
        assert sorted(incoming) == [("Dari 0",), ("Dari 1",)]


def test_authors_and_changes(tmp_path: Path) -> None:
    first = article(
        "Dua orang hadir.",
        authors=(Author(name="Ratna", role="writer"),),
        editors=("Bima",),
        site="a",
        published_at=NOW,
    )
    with opened(tmp_path / "a.db") as db:
        save(db, first)
        save(db, replace(first, headline="Jembatan lama"), b"<p>dua</p>", at=NOW + timedelta(hours=1))
        save(db, article("Dua orang hadir di sana.", site="a"), b"<p>tiga</p>", at=NOW + timedelta(hours=2))
        save(
            db,
            replace(first, url=f"{URL}-2", site="b", published_at=NOW + timedelta(days=2)),
            b"<p>x</p>",
            url=f"{URL}-2",
        )
        authors = rows(
            db, "SELECT name, role, articles, sites, words, first_published FROM bylines_by_author ORDER BY name"
        )
        assert authors == [
            ("Bima", "editor", 1, 1, 3, "2026-03-03T12:00:00Z"),
            ("Ratna", "writer", 1, 1, 3, "2026-03-03T12:00:00Z"),
        ]
        changes = rows(db, "SELECT revision, old_headline, new_headline, characters_added FROM revisions_recent")
        assert changes == [(2, "Jembatan lama", "Jembatan baru", 8), (1, "Jembatan baru", "Jembatan lama", 0)]


def test_coverage_and_health(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        for day in (0, 0, 4):
            url = f"{URL}-{day}-{db.execute('SELECT count(*) FROM articles').fetchall()[0][0]}"
            save(
                db,
                article(url=url, site="a", published_at=NOW + timedelta(days=day), tags=("x",)[:day]),
                url.encode(),
                url=url,
            )
        save(db, article(url=f"{URL}-z", site="a", next_page=f"{URL}-z?page=2"), b"z", url=f"{URL}-z")
        [found] = rows(
            db,
            "SELECT articles, first_day, last_day, days_with_articles, days_spanned, undated, incomplete FROM coverage_by_site",
        )
        assert found == (4, "2026-03-01", "2026-03-05", 2, 5, 1, 1)
        [health] = rows(
            db, "SELECT articles, with_date, with_author, with_tags FROM field_health WHERE month IS NOT NULL"
        )
        assert health == (3, 1.0, 0.0, 1 / 3)
        assert rows(db, "SELECT reason, fetches, share FROM site_health") == [("ok", 4, 1.0)]


def test_counts_by_month_need_not_read_the_articles(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        plan = " ".join(
            row[3] for row in rows(db, "EXPLAIN QUERY PLAN SELECT * FROM articles_by_month WHERE site = 'a'")
        )
        assert "COVERING INDEX articles_site_published" in plan
        span = "SELECT substr(published_at, 1, 7), count(*) FROM articles WHERE published_utc >= '2020' GROUP BY 1"
        plan = " ".join(row[3] for row in rows(db, f"EXPLAIN QUERY PLAN {span}"))
        assert "COVERING INDEX articles_time" in plan


def test_the_archive_describes_all_of_itself(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        names = rows(
            db, "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'articles_fts_%'"
        )
        there = {(name, None) for (name,) in names}
        there |= {
            (name, row[1])
            for (name,) in names
            for row in db.execute(f"PRAGMA table_xinfo({name})")
            if not row[6] or row[6] > 1
        }
        there -= {("articles_fts", "articles_fts"), ("articles_fts", "rank")}
        described = {
            (table, column): text
            for table, column, text in rows(db, "SELECT table_name, column_name, text FROM descriptions")
        }
        assert set(described) == there
        assert all(described.values())


def test_a_newer_dictionary_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        db.execute("UPDATE descriptions SET text = 'old' WHERE id = 1")
    with opened(path) as db:
        assert rows(db, "SELECT table_name, column_name, text FROM descriptions ORDER BY id") == list(dictionary())


def test_an_archive_of_format_2_gets_all_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(zstandard.ZstdDecompressor().decompress(EARLY.read_bytes()))
    with opened(path) as db:
        assert rows(db, "SELECT count(*) FROM related_links WHERE target_url IS NULL") == [(0,)]
        assert rows(db, "SELECT count(*) > 0 FROM descriptions") == [(1,)]
        for (view,) in rows(db, "SELECT name FROM sqlite_master WHERE type = 'view'"):
            db.execute(f"SELECT * FROM {view} LIMIT 1").fetchall()
