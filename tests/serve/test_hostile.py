"""An archive in which every text is hostile, and readers who are: nothing runs, nothing is told, nothing is changed."""

from __future__ import annotations

import asyncio
import itertools
import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from scraper.serve import source
from scraper.serve.app import make
from scraper.serve.source import ask
from tests.archive.made import opened
from tests.serve.conftest import NOW
from tests.serve.test_pages import PAGES, assert_harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from scraper.serve.app import Served

# Markup that runs, ends of attributes and elements, what turns text around, controls, half of a character, and 2 MB of it.
EVIL = "</title></script><script>alert(1)</script><img src=x onerror=alert(2)>\"' onfocus=alert(3) \u202e\u2066\u200f\x1b[31m\x07\x9b\u2028{{ 7 * 7 }}"
ADDRESS = "javascript:alert(document.domain)//"
TEXTS = {
    "articles": (
        "headline",
        "kicker",
        "lede",
        "byline",
        "source_credit",
        "sign_off",
        "dateline",
        "dateline_place",
        "published_raw",
    ),
    "people": ("name",),
    "alarms": ("name", "detail"),
    "bylines": ("affiliation",),
    "tags": ("tag",),
    "related_links": ("label", "text"),
    "images": ("caption", "credit"),
    "fetches": ("detail", "robots_tags"),
    "revisions": ("headline", "lede", "body"),
}
ADDRESSES = {"articles": "url", "related_links": "url", "images": "url", "urls": "url", "fetches": "tdm_policy"}


@pytest.fixture(scope="module")
def worst(archive_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Served:
    path = tmp_path_factory.mktemp("hostile") / "kliping.db"
    shutil.copy(archive_path, path)
    with closing(sqlite3.connect(path)) as db, db:
        db.create_function("next", 0, itertools.count().__next__)  # some of them must differ
        for table, columns in TEXTS.items():
            for column in columns:
                db.execute(f"UPDATE {table} SET {column} = ? || next()", [EVIL])
        for table, column in ADDRESSES.items():
            db.execute(f"UPDATE {table} SET {column} = ? || next()", [ADDRESS])
        db.execute("UPDATE articles SET lede = lede || ?", ["a" * 2_000_000])
        db.execute("UPDATE sites SET name = ?, host = ?", [EVIL, EVIL])
        db.execute("UPDATE runs SET arguments = ?", [EVIL])
    served = make(path, taken_at=NOW)
    asyncio.run(served.invoke_startup())
    return served


@pytest.mark.parametrize(
    "path", [*PAGES, *(f"/articles/{number}" for number in range(1, 5)), "/articles/1/diff/1/2", "/search?q=alert"]
)
def test_no_text_of_the_archive_does_anything(worst: Served, path: str) -> None:
    answer = asyncio.run(worst.client.get(path))
    assert answer.status_code == 200
    assert_harmless(answer.text)
    assert not set(answer.text) & set("\x1b\x07\x9b\u2028\u200f")
    assert ">49<" not in answer.text
    assert len(answer.text) < 500_000
    assert "default-src 'none'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path",
    [
        "/kliping",
        "/kliping/articles",
        "/kliping/articles/1",
        "/kliping/people",
        "/kliping/related_links",
        "/kliping/fetches/1",
    ],
)
def test_datasettes_own_pages_show_it_as_text(worst: Served, path: str) -> None:
    answer = asyncio.run(worst.client.get(path))
    assert answer.status_code == 200
    assert "<script>alert(1)" not in answer.text
    assert "<img src=x" not in answer.text
    assert 'href="javascript:' not in answer.text


@pytest.mark.parametrize("form", ["bib", "ris", "csl.json", "json"])
def test_references_keep_their_form(worst: Served, form: str) -> None:
    answer = asyncio.run(worst.client.get(f"/articles/1.{form}"))
    assert answer.status_code == 200
    assert not answer.headers["content-type"].startswith("text/html")
    if form.endswith("json"):
        json.loads(answer.text)


@pytest.mark.parametrize(
    "path",
    [
        "/-/databases",
        "/-/databases.json",
        "/-/settings.json",
        "/-/plugins.json",
        "/-/threads.json",
        "/-/metadata.json",
        "/-/logout",
        "/kliping.db",
        "/-/permissions",
        "/-/allow-debug",
    ],
)
def test_what_is_the_operators_business_is_not_told(get: Callable[..., Any], archive_path: Path, path: str) -> None:
    answer = get(path)
    assert answer.status_code == 404
    assert str(archive_path.parent) not in answer.text


def test_a_fault_is_not_printed_with_all_that_is_in_memory(
    get: Callable[..., Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert get("/kliping/tidak_ada").status_code == 404
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "path",
    [
        "/kliping?sql=select+1",
        "/kliping.json?sql=select+file+from+pragma_database_list",
        "/kliping.csv?sql=select+1",
        "/kliping/articles?_where=1=1",
    ],
)
def test_readers_write_no_sql(get: Callable[..., Any], path: str) -> None:
    assert get(path).status_code in (400, 403)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_is_changed_by_readers(datasette: Served, method: str) -> None:
    for path in ("/", "/search?q=banjir", "/kliping/articles", "/-/messages"):
        answer = asyncio.run(datasette.client.request(method, path))
        assert answer.status_code == 405
        assert answer.headers["x-frame-options"] == "DENY"


def test_a_question_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch, get: Callable[..., Any]) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
    monkeypatch.setattr(source, "LIMIT_S", 0.05)
    monkeypatch.setattr("scraper.serve.views.browse.around", lambda db, _id: db.execute(endless).fetchall())
    answer = get("/articles/1", language="id")
    assert answer.status_code == 503
    assert "Persempit" in answer.text
    monkeypatch.undo()
    assert get("/articles/1").status_code == 200  # the connection is as good as before


def test_a_live_reader_does_not_hold_up_the_crawl(archive_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "kliping.db"
    shutil.copy(archive_path, path)
    with opened(path):
        pass
    served = make(path, taken_at=None)

    async def run() -> None:
        await served.invoke_startup()
        reading, written = asyncio.Event(), asyncio.Event()
        loop = asyncio.get_running_loop()

        def slow(db: Any) -> int:
            rows = db.execute("SELECT id FROM articles")
            rows.fetchone()  # a snapshot is held from here on
            loop.call_soon_threadsafe(reading.set)
            asyncio.run_coroutine_threadsafe(written.wait(), loop).result(20)
            return len(rows.fetchall())

        reader = asyncio.create_task(ask(served, slow))
        await reading.wait()
        with closing(sqlite3.connect(path, timeout=0)) as crawl:  # waits for nobody: being held up would be an error
            crawl.execute("UPDATE runs SET version = 'x'")
            crawl.commit()
        written.set()
        assert await reader == 3

    asyncio.run(run())
