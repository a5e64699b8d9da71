"""What `import scraper` offers: the tutorial as written, the reference as generated from docstrings, and what each
promise means in detail.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import scraper
from scraper.api.questions import ArchiveWarning
from scraper.api.table import SHOWN
from scraper.archive.ask import saved_searches
from scraper.archive.ask.filters import Filter
from scraper.archive.ask.saved_searches import SavedSearch
from scraper.archive.file.connection import open_archive
from scraper.cli import cli
from scraper.crawl.run import STOPPED
from scraper.demo import newspaper
from scraper.errors import ArchiveError, ArchiveLocked
from tests.archive.made import article, opened, save
from tools import apidoc

ROOT = Path(__file__).parents[2]
STEP = re.compile(r"^```(python|text)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
URL = "https://pontianak.tribunnews.com/2019/10/07/sekolah-di-bantaran-sungai-libur-dua-hari"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder in which the tutorial was done, every step compared with what it prints there."""
    pytest.importorskip("matplotlib").use("svg")
    path = tmp_path_factory.mktemp("tutorial")
    names: dict[str, Any] = {}
    printed = ""
    with contextlib.chdir(path):
        for language, code in STEP.findall((ROOT / "docs" / "tutorial.md").read_text("utf-8")):
            if language == "text":
                assert printed == code
                continue
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(code, names)  # noqa: S102  (the page's own code)
            printed = out.getvalue()
    return path


@pytest.fixture
def db(folder: Path) -> Any:
    with scraper.open(folder / "kliping.db") as opened_archive:
        yield opened_archive


def test_the_tutorial_ends_with_a_chart(folder: Path) -> None:
    assert "<svg" in (folder / "articles.svg").read_text("utf-8")


def test_the_reference_is_what_the_docstrings_say() -> None:
    assert apidoc.PAGE.read_text("utf-8") == apidoc.page(), "python -m tools.apidoc"
    undocumented = [line for line in re.split(r"^### ", apidoc.page(), flags=re.MULTILINE) if len(line.split("\n")) < 3]
    assert undocumented == []


def test_choices_are_of_one_or_several_values_and_wrong_ones_are_said(db: Any) -> None:
    assert [len(db.articles(months=months)) for months in ("2019-10", ["2019-10", "2017-03"], [])] == [4, 5, 7]
    assert len(db.articles(since="2019-10-07", until=date(2019, 10, 7))) == 3
    assert len(db.articles(since=datetime(2024, 3, 1, tzinfo=UTC))) == 2
    assert len(db.articles(regions="Kalbar")) == len(db.articles(regions=["61"])) > 0
    assert len(db.articles(sites="kompas-utama")) == 0  # in the catalogue, though not in this archive
    for wrong in (
        {"sites": "tribun-pontianka"},
        {"regions": "Atlantis"},
        {"since": "7/10/2019"},
        {"months": "10-2019"},
    ):
        with pytest.raises(ValueError, match=re.escape(repr(next(iter(wrong.values()))))):
            db.articles(**wrong)
    with pytest.raises(TypeError, match="61"):
        db.articles(regions=[61])
    with pytest.raises(ValueError, match="colour"):
        db.counts("colour")
    with pytest.raises(ValueError, match="zone"):
        db.body(URL, at=datetime(2026, 1, 1))


def test_a_selection_is_the_same_in_every_form(db: Any) -> None:
    chosen = db.articles("banjir")
    numbers = [found.article_id for found in chosen]
    assert numbers == [hit.article_id for hit in sorted(db.search("banjir"), key=lambda hit: hit.article_id)]
    assert list(chosen.to_pandas()["article_id"]) == chosen.to_polars()["article_id"].to_list() == numbers
    assert chosen.to_arrow().column("month").to_pylist() == [found.record["published_at"][:7] for found in chosen]
    counts = db.counts("month", "banjir")
    assert [row["articles"] for row in counts] == list(counts.to_pandas()["articles"]) == [len(chosen)]
    assert counts.to_polars().rows() == list(counts.rows)
    assert len(db.articles("tidakadakatanya").to_pandas()) == 0


def test_questions_are_answered_as_the_commands_answer_them(folder: Path, db: Any) -> None:
    def command(*arguments: str) -> list[dict[str, Any]]:
        done = CliRunner().invoke(cli, [*arguments, "--json", "--archive", str(folder / "kliping.db")])
        assert done.exit_code == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def rounded(rows: Any) -> list[dict[str, Any]]:
        return [
            {key: round(value, 6) if isinstance(value, float) else value for key, value in row.items()} for row in rows
        ]

    assert list(db.concordance("banjir", sort="right")) == command("concordance", "banjir", "--sort", "right")
    assert list(db.words("banjir", limit=9)) == command("words", "banjir", "--limit", "9")
    assert list(db.keywords("banjir", least=1, limit=9)) == command(
        "words", "banjir", "--key", "--least", "1", "--limit", "9"
    )
    assert list(db.collocations("banjir", least=1)) == command("collocations", "banjir", "--least", "1")
    assert list(db.names(least=1)) == command("names", "--least", "1", "--limit", "1000")
    assert rounded(db.trends("banjir", "sungai", by="year")) == command("trends", "banjir", "sungai", "--by", "year")
    assert list(db.words(limit=9)) == command("words", "--limit", "9")
    assert list(db.runs("banjir", least=1)) == command("words", "banjir", "--run", "2", "--least", "1")
    assert db.sample(size=3, by=("site",)).columns == ("article_id", "stratum", "weight")
    assert len(db.sample(size=3, seed=2)) == 3
    assert list(db.spread()) == list(db.leaders()) == []  # nobody has looked for copies
    with pytest.raises(ValueError, match="no word"):
        db.concordance("")


def test_a_saved_search_is_asked_by_its_name(folder: Path, db: Any) -> None:
    wanted = Filter(months=("2019-10",))
    saved_searches.save_search(folder / "kliping.db", "oktober", SavedSearch(query="banjir", wanted=wanted))
    assert len(db.articles("@oktober")) == len(db.search("@oktober")) == 2
    assert len(db.articles("@oktober", sites="kompas-utama")) == 0
    assert db.counts("month", "@oktober").rows == (("2019-10", 2),)
    with pytest.raises(scraper.KlipingError, match="november"):
        db.articles("@november")


def test_an_article_goes_through_json_and_into_a_notebook(db: Any) -> None:
    for found in db.articles():
        read = found.article
        assert scraper.Article.from_json(read.to_json()) == scraper.Article.from_json(read.to_dict()) == read
        assert found.text == read.text
        assert read.headline.partition("&")[0] in found._repr_html_()
    for wrong in ("[]", "{}", '"text"', "nothing"):
        with pytest.raises(ValueError):  # noqa: PT011  (json's own, or ours)
            scraper.Article.from_json(wrong)


@settings(max_examples=30)
@given(st.text(min_size=1), st.integers(0, 3 * SHOWN))
def test_a_notebook_shows_no_markup_of_others(text: str, rows: int) -> None:
    hostile = f"<script>{text}</script>"
    shown = scraper.Table((hostile,), ((hostile,),) * rows)._repr_html_()
    shown += article(hostile, headline=hostile)._repr_html_()
    assert "<script" not in shown
    assert (f"{rows - SHOWN} more rows" in shown) is (rows > SHOWN)


def test_what_was_captured_is_there_by_its_moment(db: Any) -> None:
    (taken,) = db.captures(URL)
    assert len(db.body(URL)) == len(db.body(taken.capture_id)) == taken.size
    assert db.body(URL, at=taken.at - timedelta(seconds=1)) is None
    assert db.body(URL, at=taken.at + timedelta(seconds=1)) == db.body(URL)
    assert db.revisions(URL).versions[-1].capture_id == taken.capture_id
    assert db.article("https://nowhere.example/") is None
    for ask in (db.captures, db.revisions):
        with pytest.raises(KeyError):
            ask("https://nowhere.example/")


def test_sql_answers_and_changes_nothing(db: Any) -> None:
    assert db.sql("SELECT count(*) AS n FROM articles WHERE site = ?", ["tribun-pontianak"]).rows == ((7,),)
    for wrong in ("DELETE FROM articles", "SELECT nothing FROM nowhere", "SELECT 1; SELECT 2"):
        with pytest.raises(ArchiveError):
            db.sql(wrong)
        assert len(db.articles()) == 7


def test_what_a_reader_must_know_is_a_warning(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db") as db:
        for number in range(3):
            url = f"https://contoh.id/2026/03/0{number + 1}/jembatan"
            save(db, article(f"Jembatan nomor {number} dibuka.", url=url), url=url)
        db.execute("UPDATE articles SET blocks = 'not json' WHERE id = 2")
    with scraper.open(tmp_path / "a.db") as found:
        chosen = found.articles()
        with pytest.warns(ArchiveWarning, match="article 2"):
            assert [each.article_id for each in chosen] == [1, 3]
        assert [each.key for each in chosen.unreadable] == [2]
        with pytest.warns(ArchiveWarning, match="left out"):
            found.search("di dan jembatan")
    with pytest.raises(ArchiveError, match="no archive here"):
        scraper.open(tmp_path / "none.db")


def how(paper: Any) -> dict[str, Any]:
    return {"delay_s": 0, "allow_net": paper.allow_net, "replay": paper.replay}


def test_a_crawl_runs_inside_a_loop_and_ends_cleanly_when_it_is_cancelled(tmp_path: Path) -> None:
    path, begun, goes_on = tmp_path / "a.db", threading.Event(), threading.Event()
    summaries: list[Any] = []

    def pause(_event: Any) -> None:
        begun.set()
        goes_on.wait()

    async def notebook() -> None:
        with newspaper() as paper:
            crawling = scraper.crawl_async("tribun-pontianak", archive=path, on_event=pause, **how(paper))
            task = asyncio.create_task(crawling)
            await asyncio.to_thread(begun.wait)
            with pytest.raises(ArchiveLocked):
                scraper.crawl("tribun-pontianak", archive=path, **how(paper))
            task.cancel()
            await asyncio.sleep(0)  # the task hears of it, and asks the crawl to end
            goes_on.set()
            with pytest.raises(asyncio.CancelledError):
                await task
            summaries.append(scraper.crawl("tribun-pontianak", archive=path, max_pages=1, **how(paper)))

    asyncio.run(notebook())
    assert summaries[0].exit_code == 0
    with open_archive(path) as db:
        notes = [note for (note,) in db.execute("SELECT note FROM runs ORDER BY id").fetchall()]
    assert STOPPED in notes[0]
    with pytest.raises(ValueError, match="after"):
        scraper.crawl("tribun-pontianak", since="2026-02-02", until="2026-02-01")


@pytest.mark.parametrize("wrong", [None, 3, ["<p>"]])
def test_what_is_no_page_is_said_to_be_none(wrong: Any) -> None:
    for read in (scraper.extract, scraper.explain):
        with pytest.raises(TypeError, match="bytes or text"):
            read(wrong)
