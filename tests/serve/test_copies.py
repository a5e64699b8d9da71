"""Stories that several papers carry: what is selected and sorted, in page, CSV and feed."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from defusedxml.ElementTree import fromstring

from scraper.archive.ask import copied
from scraper.archive.ask.copied import CopiesAsked, copies_of
from scraper.archive.file import connection
from scraper.archive.file.connection import open_archive
from scraper.duplicates.quotes import quotations
from scraper.serve.app import make
from tests.archive.made import article, opened, save
from tests.serve.makers import assert_harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three stories: the first in three articles of two papers, the second twice in one paper, the third in two papers a day later."""
    stories = {1: ("a", "b", "a"), 2: ("a", "a"), 3: ("b", "c")}
    with opened(tmp_path / "a.db") as db:
        number = 0
        for story, sites in stories.items():
            first = number + 1
            for site in sites:
                number += 1
                url = f"https://contoh.id/2026/03/01/berita-{number}"
                save(db, article(f"Berita {story}", url=url, headline=f"Berita {number}"), url=url)
                at = f"2026-03-{story:02}T{number:02}:00:00Z"
                db.execute(
                    "UPDATE articles SET site = ?, published_utc = ?, published_at = ? WHERE id = ?",
                    [site, at, at, number],
                )
            db.execute(
                "INSERT INTO clusters (id, first_article_id, first_site, articles, sites, updated_at) VALUES (?, ?, ?, ?, ?, '2026-03-09')",
                [first, first, sites[0], len(sites), len(set(sites))],
            )
            for member in range(first, number + 1):
                db.execute(
                    "INSERT INTO cluster_members (article_id, cluster_id, similarity, containment) VALUES (?, ?, 0.8, 0.9)",
                    [member, first],
                )
    return tmp_path / "a.db"


def ids(found: Any) -> list[int]:
    return [row["id"] for row in found.rows]


def test_stories_are_chosen_and_put_in_order(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_archive(path) as db:
        assert ids(copies_of(db, CopiesAsked())) == [6, 4, 1]
        assert ids(copies_of(db, CopiesAsked(across=True))) == [6, 1]
        assert ids(copies_of(db, CopiesAsked(), order="articles")) == [1, 6, 4]
        assert ids(copies_of(db, CopiesAsked(), order="papers")) == [1, 6, 4]
        assert ids(copies_of(db, CopiesAsked(site="b"))) == [6, 1]
        assert ids(copies_of(db, CopiesAsked(since=date(2026, 3, 2), until=date(2026, 3, 2)))) == [4]
        [story] = copies_of(db, CopiesAsked(site="a", across=True)).rows
        assert [(each["article_id"], each["hours_after_first"]) for each in story["members"]] == [
            (1, 0.0),
            (2, 1.0),
            (3, 2.0),
        ]
        monkeypatch.setattr(copied, "MAX_COPIES", 2)
        few = copies_of(db, CopiesAsked(), order="articles")
        assert (few.total, few.is_capped, ids(few)) == (2, True, [6, 4])


def test_page_csv_and_feed_say_the_same(get: Callable[..., Any]) -> None:
    page = get("/copies").text
    assert_harmless(page)
    rows = list(csv.DictReader(io.StringIO(get("/copies.csv").text)))
    assert len(rows) >= 2
    assert all(f'href="/articles/{row["article_id"]}"' in page for row in rows)
    feed = fromstring(get("/copies.atom").text)
    titles = [each.text for each in feed.iter("{http://www.w3.org/2005/Atom}title")]
    assert titles[1:] == [row["headline"] for row in rows if row["hours_after_first"] in ("0.0", "")][: len(titles) - 1]


@pytest.mark.parametrize("wrong", ["since=gestern", "sort=up", "page=0", f"site={'a' * 200}"])
def test_an_address_that_means_nothing_is_not_found(get: Callable[..., Any], wrong: str) -> None:
    for form in ("", ".csv", ".atom"):
        assert get(f"/copies{form}?{wrong}").status_code == 404


def test_copies_by_their_kind_of_likeness_and_what_several_papers_quote(path: Path) -> None:
    said = "Kami sudah menyiapkan tiga perahu dan dua dapur umum sejak pagi tadi"
    with open_archive(path, mode="crawl", min_free_bytes=0) as db, connection.transaction(db):
        db.execute("UPDATE cluster_members SET kind = CASE article_id WHEN 2 THEN 'rewrite' ELSE 'same' END")
        db.execute("UPDATE clusters SET central_article_id = first_article_id")
        body = f'Camat datang. "{said}," kata camat.'
        db.execute("UPDATE articles SET body = ? WHERE id IN (1, 6)", [body])
        for number in (1, 6):
            db.execute("INSERT INTO quotations VALUES (?, ?)", [next(iter(quotations(body))), number])
    with open_archive(path) as db:
        assert ids(copies_of(db, CopiesAsked(kind="rewrite"))) == [1]
        assert ids(copies_of(db, CopiesAsked(kind="same"))) == [6, 4, 1]
    served = make(path, taken_at=None)

    async def asked() -> None:
        await served.invoke_startup()
        assert "(80 %)" in (await served.client.get("/copies?kind=rewrite")).text
        page = (await served.client.get("/copies?kind=quote")).text
        assert said in page
        assert_harmless(page)
        rows = list(csv.DictReader(io.StringIO((await served.client.get("/copies.csv?kind=quote")).text)))
        assert [row["article_id"] for row in rows] == ["1", "6"]
        feed = fromstring((await served.client.get("/copies.atom?kind=quote")).text)
        [entry] = feed.iter("{http://www.w3.org/2005/Atom}entry")
        told = {each.tag.partition("}")[2]: each.text for each in entry}
        assert told["title"] == f"{said},"
        assert told["updated"] == "2026-03-03T06:00:00Z"  # of the article that took it up last
        assert "/copies.atom?kind=quote" in page
        assert (await served.client.get("/copies?kind=other")).status_code == 404

    asyncio.run(asked())
    served.source.close()
