"""The analysts' questions in the browser: each bar shows the number that its link finds, and every answer is the
library's.
"""

from __future__ import annotations

import asyncio
import csv
import io
import json
import random
import re
import shutil
from datetime import date
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from defusedxml import ElementTree

from scraper.analysis.concordance import concordance
from scraper.analysis.trends import ground, trends
from scraper.archive.ask import saved_searches, search
from scraper.archive.ask.filters import ALL, Filter
from scraper.archive.ask.saved_searches import SavedSearch
from scraper.html import parse
from scraper.serve import analysed, pages, plots
from scraper.serve.app import make
from scraper.serve.request import days_of_period
from scraper.serve.sentences import Piece, sentences, stretches
from scraper.worddiff import word_diff
from tests.archive.made import opened
from tests.serve.conftest import COPY, FIRST, NOW, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable

    from scraper.worddiff import Op


def rows_of(answer: Any) -> list[dict[str, str]]:
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def bars_of(page: str) -> list[tuple[str, int, str]]:
    """(what it says, number, address) of the bars of a page that are links."""
    found = []
    for link in parse(page).css("svg.bars a"):
        said, _, number = (link.attributes["aria-label"] or "").rpartition(": ")
        found.append((said, int(number), link.attributes["href"] or ""))
    return found


@pytest.mark.parametrize(
    "path",
    [
        "/search?q=sungai",
        "/trends?q=banjir&by=day",
        "/trends?q=banjir&by=week",
        "/trends?q=sungai&by=year&split=site",
        "/trends?q=sungai&site=kabar&since=2026-03-01",
        "/",
        "/sites/contoh-pontianak",
        "/regions/61",
        "/authors/1",
    ],
)
def test_a_bar_leads_to_the_articles_that_it_counts(get: Callable[..., Any], path: str) -> None:
    bars = bars_of(get(path).text)
    assert bars
    for said, number, address in bars:
        assert json.loads(get(address.replace("/search?", "/search.json?")).text)["total"] == number, said


def test_hits_over_time_are_the_librarys_and_a_gap_is_not_a_zero(get: Callable[..., Any], archive_path: Path) -> None:
    rows = rows_of(get("/trends.csv?q=sungai&q=banjir&by=month&since=2025-11-01&until=2026-03-31"))
    with opened(archive_path, "read") as db:
        wanted = Filter(since=days_of_period("2025-11")[0], until=days_of_period("2026-03")[1])
        found = trends(db, [(query, search.understand(db, query)) for query in ("sungai", "banjir")], wanted)
    expected = [(series.query, point.period, point.articles) for series in found for point in series.points]
    assert [
        (row["query"], row["period"], int(row["articles"]) if row["articles"] else None) for row in rows
    ] == expected
    counts = {(row["query"], row["period"]): row["articles"] for row in rows}
    assert counts["sungai", "2025-12"] == "0"  # its index of that month was walked
    assert counts["sungai", "2025-11"] == ""
    page = get("/trends?q=sungai&since=2025-11-01&until=2026-03-31&by=month").text
    assert "<title>November 2025: nobody looked</title>" in page
    assert "<title>December 2025: 0</title>" in page


def test_words_stand_in_their_context_as_the_library_finds_them(get: Callable[..., Any], archive_path: Path) -> None:
    rows = rows_of(get("/concordance.csv?q=sungai&sort=right"))
    with opened(archive_path, "read") as db:
        lines = list(concordance(db, search.understand(db, "sungai"), width=60, sort="right"))
    assert [(int(row["article_id"]), int(row["start"]), row["right"]) for row in rows] == [
        (line.article_id, line.start, line.right) for line in lines
    ]
    page = get("/concordance?q=sungai").text
    assert page.count("<mark>") == len(lines)
    assert "<mark>" not in get("/concordance").text


def test_every_question_has_an_answer_a_file_and_a_refusal(get: Callable[..., Any], ids: dict[str, int]) -> None:
    assert {row["word"] for row in rows_of(get("/words.csv?q=sungai&how=top"))} >= {"desa", "air"}
    assert "compare them with the rest" in get("/words").text
    assert get("/names?who=quoted").status_code == get("/words?q=sungai&how=near").status_code == 200
    spread = get("/spread").text
    assert f'href="/articles/{ids[FIRST]}"' in spread
    assert "3 h later" in spread
    assert rows_of(get("/spread.csv"))[0]["papers"] == "2"
    for wrong in (
        "/words?how=x",
        "/concordance?q=a&sort=x",
        "/trends?by=x",
        "/names?since=x",
        "/trends?split=x",
        "/spread?page=0",
    ):
        assert get(wrong, language="id").status_code == 400, wrong


def test_a_part_of_what_a_chart_stands_on_is_what_is_found_of_that_part_alone(archive_path: Path) -> None:
    with opened(archive_path, "read") as db:
        whole = analysed.fitting_ground(db, ALL, "day", None)
        assert whole is not None
        for since, until in ((date(2026, 2, 1), date(2026, 3, 2)), (None, None), (date(2026, 3, 2), None)):
            part = analysed.within(whole, since, until)
            assert part is not None
            wanted = Filter(
                since=since or days_of_period(min(whole.days))[0], until=until or days_of_period(max(whole.days))[0]
            )
            alone = ground(db, wanted, by=part.by)
            if alone is not None:
                shared = [period for period in part.days if part.days[period][0] == alone.days[period][0]]
                assert shared
                assert [part.days[each] for each in shared] == [alone.days[each] for each in shared]
                assert {p: n for p, n in part.of_all[None].items() if n} == alone.of_all[None]
        assert analysed.within(whole, date(1990, 1, 1), date(1990, 1, 2)) is None


def test_of_many_articles_as_many_are_read_as_lie_evenly() -> None:
    assert analysed.evenly([3, 1, 2], 3) == [3, 1, 2]
    read = analysed.evenly(list(range(4_938)), analysed.MAX_READ)
    assert len(read) == len(set(read)) == analysed.MAX_READ
    assert max(after - before for before, after in pairwise(read)) <= 3
    assert read[0] == 0


def test_an_axis_ends_at_a_round_value_above_the_highest_and_lines_break_at_gaps() -> None:
    chance = random.Random(7)
    for top in [0.004, 0.1, 1, 2, 3, 7, 99, 100, *(chance.uniform(0.01, 10**6) for _ in range(300))]:
        ticks = plots.scale(top)
        assert ticks[0] == 0
        assert ticks[-1] >= top * 0.999
        assert ticks[-2] < top
        assert 2 <= len(ticks) <= 6
    marks = [
        plots.Mark(str(year), value) for year, value in zip(range(2000, 2006), (1, 2, None, None, 3, 0), strict=True)
    ]
    drawn = plots.line_plot([("a", marks), ("<b>", marks)], "t")
    assert drawn.count("<polyline") == 4
    assert "<b>" not in drawn
    assert plots.bars(marks, "t").count('class="gap"') == 2
    assert plots.bars([plots.Mark("2000", None)], "t") == ""


def test_saved_searches_are_there_by_name(archive_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "kliping.db"
    shutil.copy(archive_path, path)
    saved = SavedSearch(query="sungai", wanted=Filter(sites=("kabar",)))
    saved_searches.save_search(path, "kabar-sungai", saved)
    served = make(path, taken_at=NOW)

    async def asked() -> None:
        await served.invoke_startup()
        assert "/search?q=%40kabar-sungai" in (await served.client.get("/search")).text
        found = json.loads((await served.client.get("/search.json?q=@kabar-sungai")).text)
        assert [hit["url"] for hit in found["hits"]] == [COPY]
        wider = json.loads((await served.client.get("/search.json?q=@kabar-sungai&site=contoh-pontianak")).text)
        assert [hit["url"] for hit in wider["hits"]] == [FIRST]
        assert (await served.client.get("/trends?q=@nosuch")).status_code == 400

    asyncio.run(asked())
    served.source.close()


def test_a_search_can_be_cited_and_taken_over_by_zotero(get: Callable[..., Any], ids: dict[str, int]) -> None:
    assert get("/search.bib?q=sungai").text.count("@online{") == 2
    assert get("/search.ris?q=sungai").text.count("TY  - NEWS\r\n") == 2
    items = json.loads(get("/search.csl.json?q=sungai").text)
    assert {item["URL"] for item in items} == {FIRST, COPY}
    spans = [parse_qs(node.attributes["title"]) for node in parse(get("/search?q=sungai").text).css("span.Z3988")]
    assert {span["rft.identifier"][0] for span in spans} == {FIRST, COPY}
    assert {span["rft.type"][0] for span in spans} == {"newspaperArticle"}
    page = parse(get(f"/articles/{ids[FIRST]}").text)
    told = {node.attributes.get("name"): node.attributes.get("content") for node in page.css("meta[name]")}
    assert told["citation_author"] == "Ratna Wulandari"
    assert told["DC.type"] == "newspaperArticle"
    assert told["citation_publication_date"] == "2026/03/01"
    names = {"a": "http://www.w3.org/2005/Atom"}
    feed = ElementTree.fromstring(get("/search.atom?q=mengungsi").text)
    authors = {
        node.findtext("a:id", namespaces=names): node.findtext("a:author/a:name", namespaces=names)
        for node in feed.findall("a:entry", names)
    }
    assert authors[FIRST] == "Ratna Wulandari"


def test_a_comparison_by_sentence_loses_no_word(get: Callable[..., Any], ids: dict[str, int]) -> None:
    chance = random.Random(3)
    words = "air naik. Warga “pergi” 3 kali! lalu\n\npulang. Hujan turun? ya".split(" ")
    for _ in range(300):
        before = " ".join(chance.choices(words, k=chance.randrange(1, 60)))
        after = " ".join(
            word
            for word in before.split(" ")
            for word in ([word], [word, "baru."], [])[chance.choice((0, 0, 0, 0, 1, 2))]
        )
        found = sentences(word_diff(before, after))
        shown = [each for stretch in stretches(found) for each in stretch.sentences]
        assert shown == found
        ways: tuple[tuple[str, Op], ...] = ((before, "in"), (after, "out"))
        for version, other in ways:
            sides = [[*each.side(other), Piece("same", " ")] for each in found]
            said = "".join(piece.text for side in sides for piece in side)
            assert said.split() == version.split()
        assert all(not each.is_changed for stretch in stretches(found) if stretch.folded for each in stretch.sentences)
    beside = get(f"/articles/{ids[FIRST]}/diff/1/2?view=beside").text
    pair = unescape(re.search(r'<div class="pair changed">(.*?)</div>', beside, re.DOTALL)[1])  # type: ignore[index]
    assert re.search(r"<del>.*dua.*</del>.*<p class=\"diff\">.*<ins>.*tiga.*</ins>", pair, re.DOTALL)


def test_datasettes_pages_are_ours(get: Callable[..., Any], archive_path: Path, ids: dict[str, int]) -> None:
    page = get("/kliping/articles?_sort=id", language="id").text
    assert f'href="/articles/{ids[SECOND]}"' in page  # the way back
    assert len(page) < 100_000  # the article of 2 MB among them
    assert "sama dengan" in page
    missing = get("/kliping/nosuch", language="id")
    assert missing.status_code == 404
    assert "tidak ada" in missing.text
    assert get("/kliping/articles.json?_shape=array&_size=1").status_code == 200
    assert get("/questions").status_code == get("/-/plugins").status_code == 404
    served = make(archive_path, taken_at=NOW, allow_sql=True)

    async def asked() -> None:
        await served.invoke_startup()
        listed = (await served.client.get("/questions")).text
        assert listed.count("/kliping?sql=") == 24
        wrong = await served.client.get("/kliping?sql=SELECT+1+FROM+nowhere")
        assert wrong.status_code == 400
        assert "no such table: nowhere" in wrong.text
        assert 'class="skip"' in wrong.text
        slow = await served.client.get(
            "/kliping?sql=WITH+RECURSIVE+n(i)+AS+(SELECT+1+UNION+ALL+SELECT+i%2B1+FROM+n)+SELECT+count(*)+FROM+n&_timelimit=20"
        )
        assert "takes too long" in slow.text
        assert 'class="skip"' in slow.text

    asyncio.run(asked())
    served.source.close()


def test_the_ready_questions_are_those_of_the_docs() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "queries.md").read_text("utf-8")
    asked = re.findall(r"### \d+\. (.*?)\n.*?```sql\n(.*?)\n```", docs, re.DOTALL)
    assert [(each["title"][0], each["sql"]) for each in pages.ready_questions()] == asked
