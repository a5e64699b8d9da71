"""What the archive never does: withdraw what is available, mistake a wall for the page, or let one URL answer for
another URL's article.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.ask.query import MAX_DEPTH, MAX_WORDS
from scraper.archive.file import connection, lookup, soundness
from scraper.archive.file.times import to_text
from scraper.archive.keep import merge
from scraper.archive.write import alarms, frontier, url_history
from scraper.archive.write.alarms import Alarm
from scraper.archive.write.doubts import with_same_text, with_text_of
from scraper.archive.write.identity import move_of, same_article
from scraper.archive.write.idle import idle_among
from scraper.archive.write.pageresult import PageResult
from scraper.archive.write.save import is_read, save_page
from scraper.archive.write.url_history import name_links
from scraper.errors import ArchiveDamaged, ArchiveRefused
from scraper.reasons import Reason
from scraper.records import Outcome, Redirect
from tests.archive.made import NOW, URL, article, capture, lease, link, opened, save

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND = f"{URL}?page=2"
WALL = b"<title>Just a moment</title>"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Any]:
    with opened(tmp_path / "a.db") as found:
        found.execute("PRAGMA synchronous = OFF")
        yield found


def ends(db: Any, reason: Reason, at: Any, *, url: str = URL, body: bytes | None = None, **changes: Any) -> Any:
    """An attempt without an article."""
    run, url_id = lease(db, url)
    outcome = Outcome(url=url, reason=reason, at=at, status=200)
    kept = capture(body, url, at) if body is not None else None
    return save_page(db, PageResult(url_id=url_id, run_id=run, outcome=outcome, capture=kept, **changes))


def withdrawn(db: Any) -> str | None:
    [(at,)] = db.execute("SELECT withdrawn_at FROM articles").fetchall()
    return at  # type: ignore[no-any-return]


def test_only_what_is_gone_from_its_first_page_is_withdrawn(db: Any) -> None:
    first = save(db, article("Satu.", page_count=2))
    parts = ((1, first.capture_id),)
    save(db, article("Satu.", "Dua.", page_count=2), b"<p>dua</p>", url=SECOND, page=2, parts=parts)
    for reason in (Reason.DENIED, Reason.BLOCKED, Reason.ROBOTS, Reason.DNS, Reason.SERVER_ERROR):
        ends(db, reason, NOW + HOUR)
    ends(db, Reason.GONE, NOW + 2 * HOUR, url=SECOND)
    assert withdrawn(db) is None, "page 2 is not the article"
    ends(db, Reason.GONE, NOW + 3 * HOUR)
    ends(db, Reason.GONE, NOW + 4 * HOUR)
    assert withdrawn(db) == to_text(NOW + 3 * HOUR), "when it was first missed"


def test_an_article_whose_own_address_is_gone_is_withdrawn_though_another_one_gave_its_text(db: Any) -> None:
    save(db, article("Satu."), b"<p>satu</p>")
    save(db, article("Satu."), b"<p>satu</p><!-- twin -->", url=f"{URL}?kw=1", at=NOW + HOUR)
    number = lease(db)[1]
    gone = Outcome(url=URL, reason=Reason.GONE, at=NOW + 2 * HOUR, status=410)
    save_page(db, PageResult(url_id=number, run_id=1, outcome=gone))
    assert withdrawn(db) == to_text(NOW + 2 * HOUR)
    assert url_history.was_read(db, number), "it is never given up"


def test_an_article_that_is_seen_again_is_not_withdrawn(db: Any) -> None:
    for back in ("unchanged", "read again", "read anew"):
        save(db, article("Satu."))
        ends(db, Reason.GONE, NOW + HOUR)
        assert withdrawn(db) is not None
        if back == "unchanged":
            ends(db, Reason.UNCHANGED, NOW + 2 * HOUR)
        elif back == "read again":
            save(db, article("Satu."), at=NOW + 2 * HOUR)
        else:
            save(db, article("Dua orang hadir di balai desa."), b"<p>dua</p>", at=NOW + 2 * HOUR)
        assert withdrawn(db) is None, back
        db.execute("DELETE FROM articles")
        db.execute("DELETE FROM fetches")
        db.execute("DELETE FROM captures")


def test_a_bot_wall_seen_twice_is_not_unchanged_and_the_page_behind_it_is(db: Any) -> None:
    save(db, article("Satu."))
    for hours in (1, 2):
        assert ends(db, Reason.BLOCKED, NOW + hours * HOUR, body=WALL).reason is Reason.BLOCKED
    assert save(db, article("Satu."), at=NOW + 3 * HOUR).reason is Reason.UNCHANGED
    _, url_id = lease(db)
    assert is_read(db, url_id, b"<p>satu</p>")
    ends(db, Reason.BLOCKED, NOW + 4 * HOUR, body=WALL)
    ends(db, Reason.UNCHANGED, NOW + 5 * HOUR)
    [(seen_at,)] = db.execute("SELECT last_seen_at FROM articles").fetchall()
    assert seen_at == to_text(NOW + 5 * HOUR), "a wall between two looks is not what the URL gave"


def test_a_page_that_goes_back_to_an_earlier_version_is_not_unchanged(db: Any) -> None:
    for hours, body in enumerate((b"<p>a</p>", b"<p>b</p>", b"<p>a</p>", b"<p>a</p>")):
        found = save(db, article(body.decode()), body, at=NOW + hours * DAY)
        assert (found.reason is Reason.UNCHANGED) is (hours == 3)


def test_another_url_never_takes_an_article_over(db: Any) -> None:
    """A print view names the article as its canonical page and has another text."""
    first = save(db, article("Satu orang hadir di balai desa."))
    other = save(
        db,
        article("Kalimat iklan yang lain sama sekali."),
        b"<p>iklan</p>",
        url="https://contoh.id/print/9",
        at=NOW + HOUR,
    )
    assert (other.article_id, other.is_changed) == (first.article_id, False)
    stored = lookup.article(db, URL)
    assert stored is not None
    assert (stored.record["body"][0]["text"], stored.revision) == ("Satu orang hadir di balai desa.", 1)
    assert db.execute("SELECT capture_id FROM article_captures").fetchall() == [(first.capture_id,)]


def test_texts_that_go_to_and_fro_are_counted_and_later_pages_stay(db: Any) -> None:
    for hours in range(8):
        save(db, article(f"Versi {hours % 2} dari berita ini."), f"<p>{hours % 2}</p>".encode(), at=NOW + hours * HOUR)
    assert db.execute("SELECT flips FROM articles").fetchall()[0][0] > 0


def test_a_lease_that_is_given_back_is_free_and_one_that_is_held_is_not(db: Any) -> None:
    run, url_id = lease(db)
    assert frontier.lease(db, run, host="contoh.id", now=NOW + DAY) is None
    frontier.release(db, url_id)
    again = frontier.lease(db, run, host="contoh.id", now=NOW + DAY)
    assert again is not None
    frontier.finish_run(db, run, at=NOW, exit_code=0)
    assert frontier.leased_count(db) == 0


def test_what_is_to_be_asked_again_is_due_and_puts_nothing_off(db: Any) -> None:
    """A page says which other URLs have to be looked at; one that is due sooner stays so."""
    other = "https://lain.id/x"
    frontier.add_links(db, [link(other)], due_at=NOW - DAY)
    save(db, article(), again=(other,))
    due = dict(db.execute("SELECT u.url, f.due_at FROM frontier AS f JOIN urls AS u ON u.id = f.url_id").fetchall())
    assert due[other] == to_text(NOW - DAY)
    db.execute("UPDATE frontier SET due_at = ?", [to_text(NOW + 90 * DAY)])
    save(db, article(), at=NOW + HOUR, again=(other,))
    due = dict(db.execute("SELECT u.url, f.due_at FROM frontier AS f JOIN urls AS u ON u.id = f.url_id").fetchall())
    assert due[other] == to_text(NOW + HOUR)


def test_the_evidence_on_which_a_url_is_given_up_is_kept(db: Any) -> None:
    ends(db, Reason.GONE, NOW, next_due=None, conclusion="gone at 4 looks")
    assert db.execute("SELECT given_up_at, given_up_why FROM urls").fetchall() == [(to_text(NOW), "gone at 4 looks")]
    _, listing = lease(db, "https://contoh.id/feed")
    assert name_links(db, [URL], at=NOW + DAY, listing_id=listing) == 1
    assert db.execute("SELECT given_up_at FROM urls WHERE url = ?", [URL]).fetchall() == [(None,)]


def test_a_listing_names_what_it_named_last(db: Any) -> None:
    _, listing = lease(db, "https://contoh.id/feed")
    frontier.add_links(db, [link()], due_at=NOW + 9 * DAY)
    named = "SELECT named_at, named_on_id FROM urls WHERE url = ?"
    name_links(db, [URL], at=NOW, listing_id=listing)
    name_links(db, [URL], at=NOW + 3 * DAY, listing_id=listing)
    assert db.execute(named, [URL]).fetchall() == [(to_text(NOW + 3 * DAY), listing)]
    assert db.execute("SELECT due_at FROM frontier WHERE url_id <> ?", [listing]).fetchall() == [
        (to_text(NOW + 9 * DAY),)
    ]
    name_links(db, [], at=NOW + 4 * DAY, listing_id=listing)
    assert db.execute(named, [URL]).fetchall() == [(to_text(NOW + 3 * DAY), None)]


def test_a_listing_that_was_not_all_taken_in_is_asked_for_as_a_whole(db: Any) -> None:
    for left_out, etag in ((0, '"1"'), (7, None)):
        ends(db, Reason.OK, NOW, url="https://contoh.id/feed", body=b"<rss>%d</rss>" % left_out, left_out=left_out)
        run, _ = lease(db, "https://contoh.id/x")
        frontier.make_due(db, ["https://contoh.id/feed"], at=NOW)
        found = frontier.lease(db, run, host="contoh.id", now=NOW, kinds=("article",))
        assert found is not None
        assert (found.url, found.etag) == ("https://contoh.id/feed", etag)
        frontier.release(db, found.url_id)


def test_what_a_clock_that_was_ahead_has_put_off_comes_back_and_one_that_is_behind_touches_nothing(db: Any) -> None:
    save(db, article(), at=NOW)
    ends(db, Reason.OK, NOW + 400 * DAY, url="https://contoh.id/b", body=b"<p>b</p>", next_due=NOW + 401 * DAY)
    frontier.make_due(db, [], at=NOW)

    def due_after(now: Any) -> Any:
        frontier.start_run(db, kind="crawl", version="0", arguments="", at=now)
        sql = "SELECT f.due_at FROM frontier AS f JOIN urls AS u ON u.id = f.url_id WHERE u.url LIKE '%/b'"
        return db.execute(sql).fetchall()[0][0]

    before = due_after(NOW + 200 * DAY)
    assert before > to_text(NOW + 300 * DAY), "nothing was known for half a year: which clock is wrong cannot be told"
    assert due_after(NOW + 2 * DAY) <= to_text(NOW + 4 * DAY)
    assert timedelta(minutes=30) <= frontier.AHEAD <= timedelta(hours=2)


def test_a_text_is_a_walls_by_other_urls_of_the_host_and_a_revised_article_is_none(db: Any) -> None:
    key = 77
    one, two = "https://contoh.id/a/1", "https://contoh.id/b/2"
    for number, url in enumerate((one, "https://lain.id/a/1", f"{one}?utm=x")):
        run, url_id = (
            lease(db, one)
            if number == 0
            else (frontier.start_run(db, kind="crawl", version="0", arguments="", at=NOW), 0)
        )
        frontier.add_links(db, [link(url)], due_at=NOW)
        url_id = db.execute("SELECT id FROM urls WHERE url = ?", [url]).fetchall()[0][0]
        outcome = Outcome(url=url, reason=Reason.OK, at=NOW, status=200)
        save_page(
            db,
            PageResult(
                url_id=url_id,
                run_id=run,
                outcome=outcome,
                capture=capture(b"%d" % number, url),
                text_key=key,
                article=article(url=url),
            ),
        )
    _, url_id = lease(db, two)
    assert with_same_text(db, key, url_id) == 1, "another host, and another address of one path, do not count"
    assert {each.url for each in with_text_of(db, key, None, url_id)} == {one, f"{one}?utm=x"}
    db.execute("UPDATE articles SET revision = 2 WHERE url = ?", [one])
    assert {each.url for each in with_text_of(db, key, None, url_id)} == {f"{one}?utm=x"}


LONG = " ".join(f"kata{number}" for number in range(40))


def test_two_signs_make_two_addresses_one_article(db: Any) -> None:
    _, url_id = lease(db)
    save(db, article(LONG, published_at=NOW, provenance={"published_at": "meta"}))
    moved = "https://contoh.id/2026/03/01/jembatan-yang-baru"
    for status, headline, is_same in (
        (301, "Jembatan baru", True),
        (302, "Jembatan baru", False),
        (301, "Hujan lebat", False),
    ):
        hop = Redirect(url=URL, status=status, location=moved)
        landed = archive_capture(moved, hop)
        other = article("Teks lain.", url=moved, headline=headline)
        assert (same_article(db, url_id, other, landed) is not None) is is_same, (status, headline)
    for text, published, is_same in ((LONG, NOW, True), (LONG, NOW + DAY, False)):
        twin = article(text, url="https://m.contoh.id/x", published_at=published, provenance={"published_at": "meta"})
        assert (same_article(db, 0, twin, capture(url="https://m.contoh.id/x")) is not None) is is_same
    short = {"headline": "Singkat", "published_at": NOW, "provenance": {"published_at": "meta"}}
    save(db, article("Tiga kata saja.", url="https://contoh.id/s", **short), b"s", url="https://contoh.id/s")
    twin = article("Tiga kata saja.", url="https://m.contoh.id/t", **short)
    assert same_article(db, 0, twin, capture(url="https://m.contoh.id/t")) is None


def archive_capture(final: str, *hops: Redirect, url: str = URL) -> Any:
    from dataclasses import replace  # noqa: PLC0415

    return replace(capture(url=url), final_url=final, redirects=hops)


def test_one_redirect_of_a_listing_is_no_move(db: Any) -> None:
    feed, there = "https://lama.id/feed", "https://baru.id/feed"
    frontier.add_links(db, [link(feed)], due_at=NOW)
    landed = archive_capture(there, Redirect(url=feed, status=301, location=there), url=feed)
    ends(db, Reason.OK, NOW, body=b"x")
    assert move_of(db, 0, landed) is None


def test_a_parameter_is_idle_by_three_articles_and_none_that_speaks_against_it() -> None:
    same = [(f"https://a.id/{number}?s=9", f"https://a.id/{number}") for number in range(3)]
    assert idle_among(same) == {"s"}
    assert idle_among(same[:2]) == frozenset()
    assert (
        idle_among([*same, ("https://a.id/9?s=1", "https://a.id/9?s=1"), ("https://a.id/9?s=2", "https://a.id/9?s=2")])
        == frozenset()
    )


def test_rows_that_lead_nowhere_are_refused_and_two_writers_wait(tmp_path: Path) -> None:
    path = tmp_path / "b.db"
    with opened(path) as db:
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("INSERT INTO frontier (url_id, host, due_at) VALUES (99, 'x', 'y')")
        assert db.execute("PRAGMA synchronous").fetchall() == [(2,)], "FULL: what was reported survives a power cut"
        with (
            connection.transaction(db),
            closing(sqlite3.connect(path, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")
    assert connection.MIN_FREE_BYTES == 1 << 30


def test_a_copy_is_made_before_the_format_changes(tmp_path: Path) -> None:
    path = tmp_path / "c.db"
    with opened(path):
        pass
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA user_version = 999")
    with pytest.raises(ArchiveDamaged, match="newer"), opened(path, "write"):
        pass
    with closing(sqlite3.connect(path)) as plain:
        plain.execute("PRAGMA user_version = 3")
        plain.execute("PRAGMA application_id = 1")
    with pytest.raises(ArchiveDamaged, match="not a kliping archive"), opened(path, "write"):
        pass


def test_a_large_file_is_checked_in_full_once_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundness, "SMALL_BYTES", 0)
    path = tmp_path / "d.db"
    for _ in range(2):
        with opened(path) as db:
            pass
    count = "SELECT count(*) FROM checks"
    with opened(path) as db:
        assert db.execute(count).fetchall() == [(1,)]
        db.execute("UPDATE checks SET at = ?", [to_text(NOW - 9 * DAY)])
    with opened(path) as db:
        assert db.execute(count).fetchall() == [(2,)]


def test_an_archive_is_not_merged_with_itself_and_a_finished_file_reads_no_strange_log(tmp_path: Path) -> None:
    path = tmp_path / "e.db"
    with opened(path) as db, pytest.raises(ArchiveRefused):
        merge.merge(db, path)
    made, target = tmp_path / "made", tmp_path / "f.db"
    made.write_bytes(path.read_bytes())
    for ending in ("-wal", "-shm"):
        target.with_name(f"{target.name}{ending}").write_bytes(b"strange")
    connection.put_in_place(made, target)
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("f.db")] == ["f.db"]


def test_nobody_is_told_of_an_alarm_twice(db: Any) -> None:
    alarm = Alarm(
        scope="site", name="x", kind="filled", level="warn", opened_at=NOW, last_seen_at=NOW, days=1, cases=9,
        expected=1.0, observed=0.0, chance=0.0, detail="…",
    )  # fmt: skip
    [kept] = alarms.save_health(db, [], [alarm], [], at=NOW)
    assert [each.alarm_id for each in alarms.untold_alarms(db)] == [kept.alarm_id]
    alarms.alarms_told(db, [kept.alarm_id], at=NOW)
    assert alarms.untold_alarms(db) == []


def test_a_query_has_an_end() -> None:
    assert (MAX_WORDS, MAX_DEPTH) == (64, 16)
