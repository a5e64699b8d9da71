"""The page of publishers' changes: what is counted, selected and sorted, in page, CSV and feed."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from defusedxml.ElementTree import fromstring

from scraper.archive.ask import changed
from scraper.archive.ask.changed import ChangesAsked, changes_of
from scraper.archive.file.connection import open_archive
from scraper.serve.views import TemplateWords
from tests.archive.made import article, opened, save
from tests.serve.makers import assert_harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Twelve changes of three articles: every third silent, ever larger, one of the extractor besides."""
    with opened(tmp_path / "a.db") as db:
        for number in range(3):
            url = f"https://contoh.id/2026/03/01/berita-{number}"
            save(db, article("kata " * 100, url=url, headline=f"Berita {number}"), url=url)
        for number in range(13):
            kinds, by = ('["silent", "wording"]' if number % 3 == 0 else '["headline"]'), "publisher"
            if number == 12:
                by = "extractor"
            db.execute(
                "INSERT INTO revisions (article_id, revision, seen_at, replaced_at, replaced_by, kinds, layout, headline, body, content_hash)"
                " VALUES (?, ?, '2026-03-01T00:00:00Z', ?, ?, ?, 'a', 'lama', ?, x'00')",
                [number % 3 + 1, number // 3 + 1, f"2026-03-{number + 1:02}T10:00:00Z", by, kinds, "k" * 10 * number],
            )
    return tmp_path / "a.db"


def days(found: Any) -> list[int]:
    return [int(row["replaced_at"][8:10]) for row in found.rows]


def test_changes_are_chosen_counted_and_put_in_order(path: Path) -> None:
    with open_archive(path) as db:
        everything = changes_of(db, ChangesAsked())
        assert (everything.total, everything.is_capped) == (12, False)
        assert days(everything) == list(range(12, 0, -1))
        assert everything.kinds == [("headline", 8), ("silent", 4), ("wording", 4)]
        assert days(changes_of(db, ChangesAsked(), order="silent"))[:5] == [10, 7, 4, 1, 12]
        sizes = [abs(row["characters_added"]) for row in changes_of(db, ChangesAsked(), order="size").rows]
        assert sizes == sorted(sizes, reverse=True)
        assert days(changes_of(db, ChangesAsked(kind="silent"))) == [10, 7, 4, 1]
        assert days(changes_of(db, ChangesAsked(since=date(2026, 3, 3), until=date(2026, 3, 4)))) == [4, 3]
        assert days(changes_of(db, ChangesAsked(), limit=2, offset=3)) == [9, 8]
        assert changes_of(db, ChangesAsked(site="kabar")).rows == []


def test_what_is_more_than_can_be_counted_is_said(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changed, "MAX_CHANGES", 5)
    with open_archive(path) as db:
        found = changes_of(db, ChangesAsked(), order="silent")
    assert (found.total, found.is_capped) == (5, True)
    assert days(found) == [10, 12, 11, 9, 8]


def test_page_csv_and_feed_say_the_same(get: Callable[..., Any]) -> None:
    page = get("/changes")
    assert_harmless(page.text)
    [row] = csv.DictReader(io.StringIO(get("/changes.csv").text))
    address = f"/articles/{row['article_id']}/diff/{row['revision']}/{int(row['revision']) + 1}"
    assert f'href="{address}"' in page.text
    assert get(address).status_code == 200
    feed = fromstring(get("/changes.atom").text)
    [entry] = feed.iter(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == row["new_headline"]
    kind = re.search(r"kind=(\w+)", page.text)
    assert kind is not None
    assert get(f"/changes.csv?kind={kind[1]}").text.count("\n") >= 2


@pytest.mark.parametrize(
    "wrong", ["kind=nosuch", "since=gestern", "sort=up", "page=0", "page=" + "9" * 50, f"site={'a' * 200}"]
)
def test_an_address_that_means_nothing_is_not_found(get: Callable[..., Any], wrong: str) -> None:
    for form in ("", ".csv", ".atom"):
        assert get(f"/changes{form}?{wrong}").status_code == 404


def test_a_stretch_of_time_is_said_in_its_unit() -> None:
    words = TemplateWords("en", {})
    assert [words.later(hours) for hours in (0.1, 2.4, 47.0, 97.4)] == [
        "6 min later",
        "2 h later",
        "47 h later",
        "4 days later",
    ]
