"""The archive: writing, reading, searching, the queue."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.archive.ask import search
from scraper.archive.file import lookup
from scraper.archive.file.articles import SiteRow
from scraper.archive.file.bodies import decompress, pack, unpack
from scraper.archive.file.bodies import digest as sha256
from scraper.archive.file.lookup import article_pages, captures
from scraper.archive.write import frontier, origin_files
from scraper.archive.write.pageresult import PageResult
from scraper.archive.write.save import save_page
from scraper.confidence import confidence_of
from scraper.errors import ArchiveDamaged, ArchiveError
from scraper.reasons import Reason
from scraper.records import (
    Article,
    Author,
    Block,
    Dateline,
    Image,
    Outcome,
    RelatedLink,
    RobotsFile,
    as_json,
)
from scraper.text import collapse, storable
from tests.archive.made import NOW, URL, article, capture, lease, link, opened, save

if TYPE_CHECKING:
    from pathlib import Path

words = st.text(min_size=1, max_size=30).map(lambda text: collapse(storable(text)).strip()).filter(bool)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(
    lambda value: value.replace(microsecond=0, tzinfo=timezone(timedelta(hours=8)))
)
images = st.builds(Image, url=st.none() | words, caption=st.none() | words, credit=st.none() | words)
articles = st.builds(
    Article,
    url=st.just(URL),
    site=st.none() | st.just("contoh"),
    kind=st.sampled_from(["article", "gallery", "video", "live"]),
    headline=words,
    kicker=st.none() | words,
    lede=st.none() | words,
    byline=st.none() | words,
    authors=st.lists(
        st.builds(Author, name=words, role=st.sampled_from(["writer", "reporter"]), affiliation=st.none() | words),
        max_size=3,
    ).map(tuple),
    editors=st.lists(words, max_size=2).map(tuple),
    dateline=st.none() | st.builds(Dateline, text=words, place=st.none() | words, brand=st.none() | words),
    published_at=st.none() | moments,
    modified_at=st.none() | moments,
    correction_notice=st.none() | words,
    body=st.lists(
        st.builds(Block, kind=st.sampled_from(["paragraph", "quote", "list_item"]), text=words), max_size=4
    ).map(tuple),
    related_links=st.lists(
        st.builds(RelatedLink, label=st.none() | words, text=words, url=words, after_block=st.integers(0, 4)),
        max_size=2,
    ).map(tuple),
    image=st.none() | images,
    images=st.lists(images, max_size=2).map(tuple),
    tags=st.lists(words, max_size=3).map(tuple),
    section=st.lists(words, max_size=2).map(tuple),
    language=st.none() | st.just("id"),
    page_count=st.integers(1, 9),
    access=st.sampled_from(["free", "unknown"]),
    layout=st.just("contoh/2024"),
    provenance=st.dictionaries(st.sampled_from(["headline", "body"]), words, max_size=2),
    warnings=st.lists(st.sampled_from(["body_short", "date_only"]), unique=True).map(tuple),
).map(lambda article: replace(article, confidence=confidence_of(article.provenance, article.warnings)))


@given(articles)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_field_of_a_record_comes_back(tmp_path_factory: pytest.TempPathFactory, what: Article) -> None:
    with opened(tmp_path_factory.mktemp("a") / "a.db") as db:
        saved = save(db, what)
        stored = lookup.article(db, saved.article_id or 0)
        assert stored is not None
        assert stored.record == as_json(what)
        paragraphs = db.execute("SELECT kind, text FROM paragraphs ORDER BY position").fetchall()
        assert paragraphs == [(block.kind, block.text) for block in what.body]


def test_a_capture_comes_back_byte_for_byte(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        saved = save(db, None, b"\x00\xff<p>x</p>" * 100)
        assert lookup.capture(db, saved.capture_id or 0) == capture(b"\x00\xff<p>x</p>" * 100)
        assert [each.capture_id for each in captures(db)] == [saved.capture_id]


def test_the_same_bytes_are_kept_once_and_are_unchanged(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        first = save(db, article())
        again = save(db, article(), at=NOW + timedelta(hours=1))
        assert (first.reason, again.reason) == (Reason.OK, Reason.UNCHANGED)
        assert first.capture_id == again.capture_id
        counts = [
            db.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0]
            for table in ("bodies", "captures", "articles", "revisions", "fetches")
        ]
        assert counts == [1, 1, 1, 0, 2]
        stored = lookup.article(db, URL)
        assert stored is not None
        assert stored.last_seen_at == NOW + timedelta(hours=1)


def test_a_publishers_change_is_a_revision_and_an_extractors_is_told_apart(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        save(db, article("Dua orang hadir."))
        changed = save(db, article("Tiga orang hadir."), b"<p>dua</p>", at=NOW + timedelta(hours=1))
        assert changed.is_changed
        save(db, article("Tiga orang hadir di sana."), b"<p>dua</p>", at=NOW + timedelta(hours=2))
        rows = db.execute("SELECT revision, replaced_by, body FROM revisions ORDER BY revision").fetchall()
        assert rows == [(1, "publisher", "Dua orang hadir."), (2, "extractor", "Tiga orang hadir.")]
        assert not save(
            db, article("Tiga  orang hadir di sana."), b"<p>tiga</p>", at=NOW + timedelta(hours=3)
        ).is_changed


def test_a_change_that_folding_ignores_keeps_text_and_blocks_together(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        save(db, article("Satu…", "Dua kalimat."))
        assert not save(db, article("Satu...", "Dua kalimat."), b"<p>dua</p>").is_changed
        stored = lookup.article(db, URL)
        assert stored is not None
        assert [block["text"] for block in stored.record["body"]] == ["Satu...", "Dua kalimat."]


def test_going_back_to_an_earlier_version_is_a_change_of_the_publishers(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        save(db, article("Dua orang."), b"<p>a</p>")
        save(db, article("Tiga orang."), b"<p>b</p>", at=NOW + timedelta(hours=1))
        back = save(db, article("Dua orang."), b"<p>a</p>", at=NOW + timedelta(hours=2))
        assert (back.reason, back.is_changed, back.is_new_capture) == (Reason.OK, True, False)
        assert [by for (by,) in db.execute("SELECT replaced_by FROM revisions")] == ["publisher", "publisher"]


def test_a_304_moves_the_last_sighting(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        save(db, article())
        run, url_id = lease(db)
        outcome = Outcome(url=URL, reason=Reason.UNCHANGED, at=NOW + timedelta(days=1), status=304)
        save_page(db, PageResult(url_id=url_id, run_id=run, outcome=outcome))
        stored = lookup.article(db, URL)
        assert stored is not None
        assert stored.last_seen_at == NOW + timedelta(days=1)


def test_search_follows_a_change(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        save(db, article("Kabut asap tebal."))
        save(db, article("Hujan turun deras."), b"<p>dua</p>")
        assert not search.search(db, "asap")
        assert [hit.url for hit in search.search(db, "hujan")] == [URL]
        db.execute("INSERT INTO articles_fts(articles_fts) VALUES ('integrity-check')")


def test_pages_of_an_article_are_joined_without_a_revision(tmp_path: Path) -> None:
    second = URL + "?page=2"
    with opened(tmp_path / "a.db") as db:
        first = save(db, article("Satu.", page_count=2))
        joined = save(
            db,
            article("Satu.", "Dua.", page_count=2),
            b"<p>dua</p>",
            url=second,
            page=2,
            parts=((1, first.capture_id),),
        )
        assert joined.article_id == first.article_id
        assert not joined.is_changed
        assert [page for page, _, _ in article_pages(db, URL)] == [1, 2]
        stored = lookup.article(db, second)
        assert stored is not None
        assert [block["text"] for block in stored.record["body"]] == ["Satu.", "Dua."]
        assert stored.revision == 1


def test_two_urls_of_one_article_share_its_row(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        one = save(db, article())
        other = save(db, article(), b"<p>mobil</p>", url="https://contoh.id/m/jembatan-baru")
        assert one.article_id == other.article_id
        assert one.capture_id != other.capture_id


def test_links_are_committed_with_the_page_that_reveals_them(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        found = [link(f"https://contoh.id/{number}") for number in range(3)]
        assert save(db, None, links=tuple(found)).new_links == 3
        assert save(db, None, b"<p>dua</p>", links=tuple(found)).new_links == 0
        assert frontier.known_urls(db, ["https://contoh.id/1", "https://contoh.id/x"]) == {"https://contoh.id/1"}


def test_a_failing_page_leaves_nothing_behind(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run, url_id = lease(db)
        outcome = Outcome(url=URL, reason=Reason.OK, at=NOW)
        broken = article(access="nonsense")
        with pytest.raises(sqlite3.IntegrityError):
            save_page(db, PageResult(url_id=url_id, run_id=run, outcome=outcome, capture=capture(), article=broken))
        assert [
            db.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in ("bodies", "fetches", "articles")
        ] == [0, 0, 0]


def test_leases_of_a_dead_run_come_back(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with opened(path) as db:
        lease(db)
        assert frontier.lease(db, 1, host="contoh.id", now=NOW + timedelta(days=1)) is None
        assert frontier.leased_count(db) == 1
    with opened(path) as db:
        frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW)
        assert frontier.due_hosts(db, now=NOW) == {"contoh.id": 1}


def test_the_most_urgent_link_comes_first(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW)
        frontier.add_links(db, [link("https://contoh.id/biasa")], due_at=NOW)
        frontier.add_links(db, [link("https://contoh.id/rss", kind="feed")], due_at=NOW, priority=30)
        frontier.add_links(db, [link("https://contoh.id/nanti")], due_at=NOW + timedelta(days=1), priority=99)
        order = []
        while queued := frontier.lease(db, run, host="contoh.id", now=NOW):
            order.append(queued.url.rpartition("/")[2])
        assert order == ["rss", "biasa"]
        assert frontier.lease(db, run, host="contoh.id", now=NOW + timedelta(days=2), kinds=("feed",)) is None
        frontier.finish_run(db, run, at=NOW, exit_code=0)
        assert frontier.leased_count(db) == 0
        assert frontier.next_due_at(db) == NOW


def test_validators_of_the_last_capture_are_given_with_a_lease(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        save(db, None, next_due=NOW)
        queued = frontier.lease(db, 1, host="contoh.id", now=NOW)
        assert queued is not None
        assert (queued.etag, queued.last_modified) == ('"1"', None)


def test_robots_are_kept_by_version(tmp_path: Path) -> None:
    robots = RobotsFile(origin="https://contoh.id", fetched_at=NOW, status=200, verdict="rules", body=b"User-agent: *")
    with opened(tmp_path / "a.db") as db:
        assert origin_files.save_robots(db, robots).version == 1
        assert origin_files.save_robots(db, replace(robots, fetched_at=NOW + timedelta(days=1))).version == 1
        origin_files.save_robots(
            db, replace(robots, fetched_at=NOW + timedelta(days=2), status=500, verdict="disallow_all", body=None)
        )
        assert db.execute("SELECT count(*) FROM robots").fetchall() == [(2,)]
        assert origin_files.load_robots(db, "https://contoh.id") == replace(
            robots, fetched_at=NOW + timedelta(days=1), version=1
        )
        assert origin_files.load_robots(db, "https://lain.id") is None


def test_sites_are_kept_as_they_are_met(tmp_path: Path) -> None:
    row = SiteRow(slug="contoh", network="contoh", name="Contoh", host="contoh.id", zone="Asia/Jakarta")
    with opened(tmp_path / "a.db") as db:
        save(db, article(), site=row)
        assert db.execute("SELECT s.slug FROM articles AS a JOIN sites AS s ON s.id = a.site_id").fetchall() == [
            ("contoh",)
        ]
        assert json.loads(db.execute("SELECT section FROM articles").fetchall()[0][0]) == []


@given(st.binary(max_size=3000))
def test_bodies_come_back_and_damage_is_found(body: bytes) -> None:
    codec, data = pack(body)
    assert unpack(codec, data, len(body), sha256(body)) == body
    with pytest.raises(ArchiveDamaged):
        unpack("raw", body + b"x", len(body), sha256(body))


def test_unpacking_is_bounded() -> None:
    _, data = pack(bytes(100_000))
    assert decompress(data, limit=100_000) == bytes(100_000)
    with pytest.raises(ArchiveError, match="over 99999"):
        decompress(data, limit=99_999)
    assert decompress(data + data, limit=200_000) == bytes(200_000)
    for broken in (data[:-4], b"\x28\xb5\x2f\xfd rubbish"):
        with pytest.raises(ArchiveError):
            decompress(broken, limit=100_000)
