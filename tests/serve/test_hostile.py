"""An archive in which every text is hostile, and hostile readers: nothing is run, disclosed or changed."""

from __future__ import annotations

import asyncio
import csv
import io
import itertools
import json
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.file.library import Archive
from scraper.errors import ArchiveError, ArchiveSlow
from scraper.serve import source
from scraper.serve.app import make
from scraper.serve.request import AllowedHosts
from scraper.serve.source import ask
from tests.archive.made import opened
from tests.serve.conftest import COPY, FIRST, NOW
from tests.serve.makers import PAGES, assert_harmless

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
        "correction_notice",
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


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM articles, n"


def test_a_question_without_end_is_ended(monkeypatch: pytest.MonkeyPatch, datasette: Served) -> None:
    async def run() -> None:
        assert (await datasette.client.get("/articles/1")).status_code == 200  # its process has started
        with pytest.raises(ArchiveSlow):
            await ask(datasette, Archive.execute, ENDLESS, limit_s=0.2)
        with pytest.raises(ArchiveSlow):  # within one step, which no interrupt of SQLite's reaches
            await ask(datasette, Archive.execute, f"SELECT {'hex(' * 9}zeroblob(1000000){')' * 9}", limit_s=0.02)
        assert (await datasette.client.get("/articles/1")).status_code == 200
        monkeypatch.setattr(source, "LIMIT_S", 0.0)
        slow = await datasette.client.get("/articles/1", headers={"accept-language": "id"})
        assert slow.status_code == 503
        assert "Persempit" in slow.text

    asyncio.run(run())


def test_what_a_question_raises_comes_back(datasette: Served) -> None:
    async def run() -> None:
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            await ask(datasette, Archive.execute, "SELECT * FROM tidak_ada")
        with pytest.raises(ArchiveError):  # a cursor is not an answer
            await ask(datasette, Archive.execute, "SELECT 1")

    asyncio.run(run())


def test_one_slow_question_keeps_no_other_waiting(datasette: Served) -> None:
    async def run() -> None:
        slow = asyncio.create_task(ask(datasette, Archive.execute, ENDLESS, limit_s=30))
        assert (await datasette.client.get("/articles/2")).status_code == 200
        assert not slow.done()
        for process in list(datasette.source.answerers._busy):
            process.kill()
        with pytest.raises(ArchiveError, match="ended with -9"):
            await slow

    asyncio.run(run())


@pytest.mark.parametrize(
    "path",
    [
        f"/articles/{'9' * 30}",
        f"/authors/1?page=000001{'9' * 6000}",
        "/authors/1?page=٣",
        f"/articles/1/diff/{'1' * 400}/2",
        f"/captures/{'7' * 25}/body",
        f"/kliping/articles/{'9' * 40}",
        "/regions/99.99",
    ],
)
def test_numbers_of_any_length_are_not_there(get: Callable[..., Any], path: str) -> None:
    assert get(path).status_code == 404


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8001",
        "127.0.0.1.evil.example",
        "",
        "localhost.evil.example",
        "192.168.1.9",
        "[::2]:80",
    ],
)
def test_only_its_own_names_are_answered(datasette: Served, host: str) -> None:
    """A page of the web may give its own name the address 127.0.0.1; what it then reads would be readable to it."""
    for path in ("/", "/search.json?q=banjir", "/kliping/articles.json", "/-/kliping.css", "/captures/1/body"):
        answer = asyncio.run(datasette.client.get(path, headers={"host": host}))
        assert answer.status_code == 421
        assert "--allow-host" in answer.text
        assert "banjir" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8001", "127.0.0.1:80", "[::1]:8001", "localhost.:1"])
def test_its_own_names_are(datasette: Served, host: str) -> None:
    assert asyncio.run(datasette.client.get("/overview.json", headers={"host": host})).status_code == 200


def test_names_given_by_hand_and_addresses_of_all_interfaces() -> None:
    proxied = AllowedHosts.of("10.1.2.3", ["Kliping.Example.ac.id"])
    assert [proxied.allows(host) for host in ("10.1.2.3:8001", "kliping.example.ac.id", "10.1.2.4", "example.ac.id")] == [
        True, True, False, False,
    ]  # fmt: skip
    everywhere = AllowedHosts.of("0.0.0.0")
    assert [everywhere.allows(host) for host in ("192.168.1.9:8001", "[fe80::1]:8001", "evil.example")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(("site", "mode", "status"), [
    ("cross-site", "no-cors", 403),
    ("same-site", "cors", 403),  # another port of this machine
    ("cross-site", "navigate", 200),
    ("same-origin", "no-cors", 200),
    ("none", "navigate", 200),
])  # fmt: skip
def test_other_sites_may_link_here_but_load_nothing(datasette: Served, site: str, mode: str, status: int) -> None:
    headers = {"sec-fetch-site": site, "sec-fetch-mode": mode}
    answer = asyncio.run(datasette.client.get("/search.json?q=banjir", headers=headers))
    assert answer.status_code == status
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.parametrize(
    "sql",
    [
        "select printf('%.*c', 1000000000, 'x')",
        "select replace(printf('%.30000000c', 'a'), 'a', 'aa')",
        "select hex(hex(hex(zeroblob(9000000))))",
        "select 1 where 'a' like '" + "%a" * 600 + "'",
        "attach 'x.db' as x",
        "select " + "(" * 250 + "1" + ")" * 250,
    ],
)
def test_no_step_of_a_readers_sql_is_large(archive_path: Path, sql: str) -> None:
    served = make(archive_path, taken_at=NOW, allow_sql=True)

    async def run() -> None:
        await served.invoke_startup()
        answer = await served.client.get("/kliping.json", params={"sql": sql})
        assert answer.status_code == 400 or answer.json()["rows"] == [[None]]  # printf gives nothing instead
        assert (await served.client.get("/kliping.json", params={"sql": "select 1 as one"})).status_code == 200

    asyncio.run(run())


def test_a_live_reader_does_not_hold_up_the_crawl(archive_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "kliping.db"
    shutil.copy(archive_path, path)
    with opened(path):
        pass
    served = make(path, taken_at=None)

    async def run() -> None:
        await served.invoke_startup()
        assert (await served.client.get("/articles/1")).status_code == 200  # its process has started
        reader = asyncio.create_task(ask(served, Archive.execute, ENDLESS, limit_s=2))
        with closing(sqlite3.connect(path, timeout=0)) as crawl:  # waits for nobody: being held up would be an error
            written = 0
            while not reader.done():
                crawl.execute("UPDATE runs SET version = ?", [str(written)])
                crawl.commit()
                written += 1
                await asyncio.sleep(0)
        with pytest.raises(ArchiveSlow):
            await reader
        assert written > 1

    asyncio.run(run())


def test_one_step_without_end_is_ended_and_keeps_nobody_waiting(
    archive_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite looks for an interrupt between its steps only, and this is one call of LIKE."""
    served = make(archive_path, taken_at=NOW, allow_sql=True)
    slow = "select 1 where printf('%.30000000c', 'a') like '" + "%a" * 200 + "%b'"
    endless = " union all ".join([slow] * 40)

    async def asked(sql: str) -> Any:
        return await served.client.get("/kliping.json", params={"sql": sql})

    async def run() -> None:
        await served.invoke_startup()
        assert (await asked("select 1 as a, 2 as a, 'b' as [c \"d]")).json()["rows"] == [[1, 2, "b"]]
        monkeypatch.setattr(source, "GRACE_S", 0.5)
        served.sql_time_limit_ms = 50
        worst = [asyncio.create_task(asked(endless)) for _ in range(4)]
        await asyncio.sleep(0)
        assert (await served.client.get("/articles/1")).status_code == 200
        for answer in await asyncio.gather(*worst):
            assert (answer.status_code, "interrupted" in answer.text.lower() or "time limit" in answer.text) == (
                400,
                True,
            )
        monkeypatch.undo()
        assert (await asked("select agent from runs")).json()["rows"][0] == [None]

    asyncio.run(run())
    served.source.close(at_once=True)


def test_what_cannot_be_read_is_named_and_stops_no_other_page(
    archive_path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A bit that fell over, or an archive of somebody else's making."""
    broken = tmp_path / "a.db"
    with closing(sqlite3.connect(archive_path)) as whole, closing(sqlite3.connect(broken)) as copy:
        whole.backup(copy)
        copy.execute("UPDATE articles SET blocks = '[{' WHERE id = 1")
        copy.execute("UPDATE bodies SET data = x'00'")
        copy.commit()
    served = make(broken, taken_at=NOW)

    async def run() -> None:
        for path in ("/articles/1", "/articles/1.json", "/articles/1.bib", "/captures/1/body"):
            answer = await served.client.get(path)
            assert answer.status_code == 500
            assert "ArchiveDamaged" in answer.text
            assert not {"Traceback", str(tmp_path)} & set(answer.text.split())
            assert answer.headers["x-frame-options"] == "DENY"
            assert f"{path}: cannot be read" in caplog.text
        page = await served.client.get("/articles/1", headers={"accept-language": "id"})
        assert "kliping verify" in page.text
        assert "halaman lain" in page.text
        assert (await served.client.get("/articles/1.json")).json()["error"] == "unreadable"
        assert (await served.client.get("/articles/2")).status_code == 200
        assert (await served.client.get("/")).status_code == 200

    asyncio.run(run())
    served.source.close()


LISTINGS = (
    *(f"/search{form}?q=sungai{more}" for form in ("", ".json", ".csv", ".atom") for more in ("", "&sort=date")),
    "/", "/overview.json", "/search", "/search.csv", "/search?section=Kota", "/sites", "/sites/contoh-pontianak", "/authors",
    "/regions", "/network", "/runs", "/changes", "/changes.csv?kind=headline", "/changes.atom", "/copies", "/copies.csv", "/copies.atom",
)  # fmt: skip


def test_one_damaged_row_ends_no_list_that_it_would_stand_in(
    archive_path: Path, tmp_path: Path, ids: dict[str, int]
) -> None:
    """Whatever a column of an article holds: the others are listed, and the CSV says what it leaves out."""
    broken, bad, good = tmp_path / "a.db", ids[FIRST], ids[COPY]
    with closing(sqlite3.connect(archive_path)) as whole, closing(sqlite3.connect(broken)) as copy:
        whole.backup(copy)
        copy.execute(
            "UPDATE articles SET url = 'http://[', published_at = 'x', published_utc = 'y', section = '[{', blocks = '[{',"
            " provenance = '7', region_code = 'zz', first_seen_at = '', warnings = 'null' WHERE id = ?",
            [bad],
        )
        copy.execute("UPDATE revisions SET kinds = '[{', replaced_at = 'never' WHERE article_id = ?", [bad])
        copy.commit()
    served = make(broken, taken_at=NOW)

    async def run() -> None:
        refused = [path for path in LISTINGS if (await served.client.get(path)).status_code != 200]
        assert refused == []
        answer = await served.client.get("/search.csv?q=sungai")
        assert [int(row["article_id"]) for row in csv.DictReader(io.StringIO(answer.text))] == [good]
        assert answer.headers["content-disposition"] == 'attachment; filename="kliping-without-1-damaged.csv"'
        assert (answer.headers["x-kliping-unreadable"], answer.headers["x-kliping-unreadable-articles"]) == (
            "1",
            str(bad),
        )

    asyncio.run(run())
    served.source.close()
