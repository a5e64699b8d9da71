"""Revisions: each has its captures and kind; flips are only counted; the extractor's changes are kept apart from the
publisher's.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.ask import counts
from scraper.archive.file import lookup
from scraper.archive.file.lookup import published_at
from scraper.archive.write.pageresult import PageResult, Saved
from scraper.archive.write.save import is_read, save_page
from scraper.reasons import Reason
from scraper.records import Outcome
from tests.archive.made import NOW, URL, article, lease, opened, save

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOUR = timedelta(hours=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Any]:
    with opened(tmp_path / "a.db") as made:
        yield made


def rows(db: Any, columns: str) -> list[tuple[Any, ...]]:
    return list(db.execute(f"SELECT {columns} FROM revisions ORDER BY revision").fetchall())


def test_a_revision_names_its_two_captures_and_what_changed(db: Any) -> None:
    first = save(db, article("Lima orang luka."), b"<p>1</p>")
    second = save(db, article("Enam orang luka.", headline="Jembatan lama"), b"<p>2</p>", at=NOW + HOUR)
    ((before, after, kinds),) = rows(db, "capture_id, next_capture_id, kinds")
    assert (before, after) == (first.capture_id, second.capture_id)
    assert json.loads(kinds) == ["headline", "number"]


def test_a_text_that_changes_while_the_page_says_it_did_not_is_silent(db: Any) -> None:
    save(db, article("Satu.", modified_at=NOW), b"<p>1</p>")
    save(db, article("Dua.", modified_at=NOW), b"<p>2</p>", at=NOW + HOUR)
    save(db, article("Tiga.", modified_at=NOW + HOUR), b"<p>3</p>", at=NOW + 2 * HOUR)
    assert ["silent" in json.loads(kinds) for (kinds,) in rows(db, "kinds")] == [True, False]


def test_going_to_and_fro_rests_at_the_text_that_came_last_and_is_counted(db: Any) -> None:
    changed = []
    for number in range(9):
        text = "Versi satu." if number % 2 == 0 else "Versi dua."
        saved = save(db, article(text), b"<p>%d</p>" % number, at=NOW + number * HOUR)
        changed.append(saved.is_changed)
    assert changed == [False, True, True, True] + [False] * 5
    assert [json.loads(kinds) for (kinds,) in rows(db, "kinds")] == [
        ["number"],
        ["number", "reverted"],
        ["number", "reverted"],
    ]
    stored = lookup.article(db, URL)
    assert stored is not None
    assert stored.record["body"][0]["text"] == "Versi dua."
    assert db.execute("SELECT flips FROM articles").fetchall() == [(3,)]
    assert counts.stats(db).captures == 9, "every answer is kept"
    assert save(db, article("Versi satu."), b"<p>x</p>", at=NOW + timedelta(days=9)).is_changed, "it has settled"


def test_a_counter_is_no_revision_but_the_row_follows(db: Any) -> None:
    save(db, article("Satu.", "Dibaca 12 kali"), b"<p>1</p>")
    assert not save(db, article("Satu.", "Dibaca 90 kali"), b"<p>2</p>", at=NOW + HOUR).is_changed
    assert rows(db, "revision") == []
    assert db.execute("SELECT body FROM articles").fetchall() == [("Satu.\n\nDibaca 90 kali",)]


def test_what_the_extractor_changed_is_not_the_publisher_s(db: Any) -> None:
    save(db, article("Satu. Iklan.", layout="contoh/1"), b"<p>1</p>")
    # The page changed, and rules of today read the old bytes otherwise too.
    saved = save(
        db, article("Dua.", layout="contoh/2"), b"<p>2</p>", at=NOW + HOUR, before=article("Satu.", layout="contoh/2")
    )
    assert saved.is_changed
    found = rows(db, "revision, replaced_by, body, layout, capture_id, next_capture_id, kinds")
    assert [row[:6] for row in found] == [
        (1, "extractor", "Satu. Iklan.", "contoh/1", 1, 1),
        (2, "publisher", "Satu.", "contoh/2", 1, 2),
    ]
    assert [json.loads(row[6]) if row[6] else None for row in found] == [None, ["number"]]
    assert db.execute("SELECT revision FROM articles").fetchall() == [(3,)]


def test_new_bytes_that_only_new_rules_read_otherwise_are_no_revision_of_the_publisher(db: Any) -> None:
    save(db, article("Satu. Iklan."), b"<p>1</p>")
    saved = save(db, article("Satu."), b"<p>2</p>", at=NOW + HOUR, before=article("Satu."))
    assert not saved.is_changed
    assert rows(db, "replaced_by, next_capture_id") == [("extractor", 2)]


def gone(db: Any, reason: Reason, at: Any) -> Saved:
    run, url_id = lease(db)
    outcome = Outcome(url=URL, reason=reason, at=at, status=410)
    return save_page(db, PageResult(url_id=url_id, run_id=run, outcome=outcome))


def test_a_withdrawn_article_keeps_its_text_and_the_moment(db: Any) -> None:
    save(db, article("Satu."), b"<p>1</p>")
    gone(db, Reason.DNS, NOW + HOUR)
    assert db.execute("SELECT withdrawn_at FROM articles").fetchall() == [(None,)]
    gone(db, Reason.GONE, NOW + 2 * HOUR)
    gone(db, Reason.SOFT_404, NOW + 3 * HOUR)
    assert db.execute("SELECT withdrawn_at, body FROM articles").fetchall() == [("2026-03-01T14:00:00Z", "Satu.")]
    save(db, article("Satu."), b"<p>1</p>", at=NOW + 4 * HOUR)
    assert db.execute("SELECT withdrawn_at FROM articles").fetchall() == [(None,)]


def test_bytes_that_were_read_need_no_second_reading(db: Any) -> None:
    _, url_id = lease(db)
    assert not is_read(db, url_id, b"<p>1</p>")
    save(db, article("Satu.", published_at=NOW), b"<p>1</p>")
    assert is_read(db, url_id, b"<p>1</p>")
    assert not is_read(db, url_id, b"<p>2</p>")
    assert published_at(db, url_id) == NOW
    save(db, None, b"<p>3</p>", at=NOW + HOUR)  # not an article
    assert not is_read(db, url_id, b"<p>3</p>"), "tomorrow's rules may read it"
