"""Every page shows what it should, whatever the archive contains."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
from defusedxml import ElementTree

from scraper.serve import searching
from scraper.serve.app import make
from scraper.serve.charts import TILES
from tests.serve.conftest import COPY, FIRST, HOSTILE, NOW, SECOND
from tests.serve.makers import PAGES, assert_harmless

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "id"])
def test_every_page_answers_in_the_readers_language(get: Callable[..., Any], path: str, language: str) -> None:
    answer = get(path, language=language)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language
    assert_harmless(answer.text)


def test_the_front_page_counts_and_lists(get: Callable[..., Any]) -> None:
    page = get("/").text
    assert "Contoh Pontianak" in page
    assert "Sekolah Libur" in page
    assert json.loads(get("/overview.json").text)["articles"] == 4
    assert "Artikel terbaru" in get("/", language="id-ID,id;q=0.9,en;q=0.8").text


def test_an_article_reads_like_a_newspaper_page(get: Callable[..., Any], ids: dict[str, int]) -> None:
    page = get(f"/articles/{ids[FIRST]}").text
    order = [
        "Banjir merendam tiga desa.",
        "Ratna Wulandari",
        "Sunday, 1 March 2026, 10:00 UTC",
        "Warga di tepi sungai.",
        "MELAWI",
        "tiga meter",
        f'href="/articles/{ids[SECOND]}"',
        "balai pertemuan",
    ]
    places = [page.index(text, page.index("<article")) for text in order]
    assert places == sorted(places)
    assert f'href="/articles/{ids[COPY]}"' in page
    assert "96 %" in page
    assert "/diff/1/2" in page
    assert "layout:h1" in page
    assert f'href="/articles/{ids[FIRST]}"' in get(f"/articles/{ids[SECOND]}").text  # what links here


def test_an_article_says_what_happened_to_it(get: Callable[..., Any], ids: dict[str, int]) -> None:
    page = get(f"/articles/{ids[FIRST]}", language="id").text
    assert "angka, tambahan" in page.replace("kata-kata, ", "")  # the kinds of its change, in words
    assert "noarchive; penambangan teks dan data dicadangkan" in page
    assert 'href="https://contoh.id/tdm.json"' in page
    copies = page[page.index('id="copies"') :]
    assert re.search(
        r"artikel inilah yang pertama.*?Kabar Contoh.*?3 jam kemudian, teks yang sama \(96 %\)", copies, re.DOTALL
    )
    assert f'href="/articles/{ids[FIRST]}"' not in copies  # other papers only
    assert "Penerbit mengubah artikel ini; ditemukan" in page[: page.index("<h1>")]


@pytest.mark.parametrize("path", ["/", "/sites/contoh-pontianak"])
def test_open_alarms_are_shown(get: Callable[..., Any], path: str) -> None:
    page = get(path, language="id").text
    assert "Alarm yang terbuka" in page
    assert "10% pages" in page
    assert "10% pages" not in get("/sites/kabar").text


def test_how_far_a_walk_reached(get: Callable[..., Any]) -> None:
    page = get("/sites/contoh-pontianak").text
    assert "<title>2025-12: 2/4</title>" in page
    assert 'class="stop"' in page
    assert '<td class="n">2 / 4</td>' in page


def test_tables_are_described_and_lead_to_their_rows(get: Callable[..., Any]) -> None:
    page = get("/tables").text
    assert "publication, ISO 8601 with the paper" in page
    for table in ("articles", "bylines", "paragraphs", "fetches"):
        assert f'href="/kliping/{table}"' in page
        rows = get(f"/kliping/{table}")
        assert rows.status_code == 200
    assert "as printed, without the site" in get("/kliping/articles").text  # Datasette's own page knows the columns


def test_a_change_is_shown_word_by_word(get: Callable[..., Any], ids: dict[str, int]) -> None:
    page = get(f"/articles/{ids[FIRST]}/diff/1/2").text
    assert re.search(r"<del>.*?dua.*?</del>.*?<ins>.*?tiga.*?</ins>", page, re.DOTALL)
    assert "Bantuan datang dari kota." in page
    assert get(f"/articles/{ids[FIRST]}/diff/1/9").status_code == 404


def test_search_finds_counts_and_narrows(get: Callable[..., Any]) -> None:
    page = get("/search?q=sungai")
    assert "<mark>sungai</mark>" in page.text.lower()
    assert 'href="/search?q=sungai&amp;site=kabar"' in page.text
    found = json.loads(get("/search.json?q=sungai&site=kabar").text)
    assert [hit["url"] for hit in found["hits"]] == [COPY]
    assert found["total"] == 1
    assert json.loads(get("/search.json?q=banjir&since=2026-03-02").text)["hits"][0]["url"] == SECOND
    for query in ('"', "NEAR(", "*", "-kota", "nosuch:x", "\x00", "a" * 2000):
        assert get("/search", params={"q": query}).status_code == 200
    for wrong in ("region=x", "month=2026-13", "month=x", "since=gestern", "page=0", "page=999999999999"):
        assert get(f"/search?{wrong}").status_code == 400


def test_a_months_number_is_what_choosing_it_finds(archive_path: Path, tmp_path: Path) -> None:
    """A month is that of the paper's zone: an article of half past midnight of the first in WIB is of the month before in UTC."""
    path = tmp_path / "kliping.db"
    shutil.copy(archive_path, path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "UPDATE articles SET published_at = '2026-03-01T00:30:00+07:00', published_utc = '2026-02-28T17:30:00Z' WHERE url = ?",
            [FIRST],
        )

    async def run() -> None:
        served = make(path, taken_at=NOW)
        await served.invoke_startup()
        found = json.loads((await served.client.get("/search.json?q=sungai")).text)
        assert found["facets"]["month"] == [{"value": "2026-03", "articles": 2}]
        march = json.loads((await served.client.get("/search.json?q=sungai&month=2026-03")).text)
        assert march["total"] == 2
        assert len(march["hits"]) == 2
        assert json.loads((await served.client.get("/search.json?q=sungai&month=2026-02")).text)["total"] == 0

    asyncio.run(run())


def test_the_sql_behind_a_search_gives_its_hits(get: Callable[..., Any], datasette: Any) -> None:
    found = json.loads(get("/search.json?q=sungai&site=contoh-pontianak&sort=date").text)
    rows = get("/kliping.json", params={"sql": found["sql"], "_shape": "arrays"})
    assert rows.status_code == 403  # readers write no SQL of their own
    answer = asyncio.run(datasette.get_database("kliping").execute(found["sql"]))
    assert [row["id"] for row in answer.rows] == [hit["article_id"] for hit in found["hits"]]


def test_a_search_as_csv_and_as_a_feed(get: Callable[..., Any], ids: dict[str, int]) -> None:
    rows = list(csv.DictReader(io.StringIO(get("/search.csv?q=sungai").text)))
    assert {int(row["article_id"]) for row in rows} == {ids[FIRST], ids[COPY]}
    feed = ElementTree.fromstring(get("/search.atom?q=sungai").text)
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert {entry.findtext("a:id", namespaces=names) for entry in feed.findall("a:entry", names)} == {FIRST, COPY}
    ElementTree.fromstring(get("/search.atom").text)  # with the hostile article


def test_a_csv_that_is_cut_says_so_by_its_name(archive_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = make(archive_path, taken_at=NOW)
    for most, name in ((2, "kliping.csv"), (1, "kliping-first-articles.csv")):
        monkeypatch.setattr(searching, "MAX_ROWS", most)
        answer = asyncio.run(served.client.get("/search.csv?q=sungai"))
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.headers[searching.CUT_HEADER] == str(2 - most)
    served.source.close()


def test_references(get: Callable[..., Any], ids: dict[str, int]) -> None:
    path = f"/articles/{ids[FIRST]}"
    assert "author = {{Ratna Wulandari}}" in get(f"{path}.bib").text
    assert "AU  - Ratna Wulandari\r\n" in get(f"{path}.ris").text
    item = json.loads(get(f"{path}.csl.json").text)[0]
    assert item["issued"] == {"date-parts": [[2026, 3, 1]]}
    assert json.loads(get(f"{path}.json").text)["url"] == FIRST


def test_a_raw_page_is_a_download_and_never_shown(get: Callable[..., Any]) -> None:
    for capture_id in range(1, 6):
        answer = get(f"/captures/{capture_id}/body")
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "path", ["/", "/search?q=banjir", "/kliping", "/kliping/articles", "/articles/99999", "/-/kliping.css"]
)
def test_every_answer_has_its_guards(get: Callable[..., Any], path: str) -> None:
    headers = get(path).headers
    assert headers["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "script" not in headers["content-security-policy"]


def test_hostile_text_stays_text(get: Callable[..., Any], ids: dict[str, int]) -> None:
    for path in (f"/articles/{ids[HOSTILE]}", "/", "/search?q=terbalik", "/authors", f"/articles/{ids[HOSTILE]}.json"):
        page = get(path).text
        if not path.endswith(".json"):
            assert_harmless(page)
            assert len(page) < 1_000_000


@pytest.mark.parametrize(
    "path",
    [
        "/articles/99999",
        "/sites/tidak-ada",
        "/authors/99999",
        "/regions/99",
        "/captures/99999/body",
        "/articles/99999.bib",
    ],
)
def test_what_is_not_there_is_404(get: Callable[..., Any], path: str) -> None:
    answer = get(path, language="id")
    assert answer.status_code == 404
    assert "tidak ada" in answer.text


def test_the_map_has_a_tile_for_every_province(get: Callable[..., Any]) -> None:
    page = get("/regions").text
    assert re.findall(r'<tr><th scope="row"><a href="/regions/(\d\d)">', page) == ["61"]  # no list of 37 zeros
    assert set(re.findall(r'"/regions/(\d\d)"', page)) == set(TILES)
    assert page.count('class="chart map"') == 5  # the whole, and four groups of islands for a phone
    assert re.findall(r"</svg> (\S+)</li>", page) == ["0", "1", "2–3"]  # the key to its shades
    assert len(set(TILES.values())) == len(TILES)
