"""Searches saved by name beside the archive, and run again as @NAME."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.ask import saved_searches
from scraper.archive.ask.filters import Filter
from scraper.archive.ask.saved_searches import SavedSearch
from scraper.cli import cli
from scraper.errors import SearchError
from tests.analysis.made import Story, made

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    stories = [
        Story("a", "2026-01-01", "Banjir di kota."),
        Story("b", "2026-01-02", "Kebanjiran lagi."),
        Story("b", "2026-02-02", "Longsor di bukit."),
    ]
    return made(tmp_path / "kalbar.db", stories)


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--archive", str(path)])


def found(path: Path, *arguments: str) -> list[str]:
    return sorted(
        line.partition('"url":"https://contoh.id/')[2][:3]
        for line in run(path, "search", *arguments, "--json").stdout.splitlines()
    )


def test_a_saved_search_is_asked_again_everywhere(path: Path, tmp_path: Path) -> None:
    done = run(path, "search", "banjir OR longsor", "--site", "b", "--exact", "--save", "air", "--json")
    assert "saved as @air in" in done.stderr
    assert found(path, "@air") == ["b/3"]
    assert found(path, "@air", "--site", "a") == ["a/1"]  # what is given replaces what is saved
    assert run(path, "export", "jsonl", "--query", "@air", "--to", str(tmp_path / "out.jsonl")).exit_code == 0
    assert len((tmp_path / "out.jsonl").read_text("utf-8").splitlines()) == 1
    assert run(path, "trends", "@air", "banjir", "--by", "year").stdout.splitlines()[0].startswith("year  @air  banjir")


def test_the_file_is_added_to_and_never_rewritten(path: Path) -> None:
    run(path, "search", "banjir", "--save", "satu")
    file = path.with_name("kalbar.searches.toml")
    kept = file.read_text("utf-8") + "# A note of the group's\n"
    file.write_text(kept, "utf-8")
    run(path, "search", "--since", "2026-02-01", "--region", "73", "--save", "dua")
    assert file.read_text("utf-8") == kept + '\n[dua]\nquery = ""\nregions = ["73"]\nsince = 2026-02-01\n'
    assert found(path, "@dua") == ["b/3"]
    with pytest.raises(SearchError, match="'satu' is saved already"):
        saved_searches.save_search(path, "satu", SavedSearch())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no search 'x'; none is saved"),
        ("[y]\nquery = 'a'\n", "there is no search 'x'; saved are: @y"),
        ("[x]\nqueri = 'a'\n", "search 'x' has 'queri'; known are query,"),
        ("[x]\nsites = 'a'\n", "search 'x': sites must be a list of texts"),
        ("[x]\nsince = '2026-01-01'\n", "search 'x': since must be a day"),
        ("[x]\nregions = ['Kalbar']\n", "search 'x': 'Kalbar' is not a region code"),
        ("[x\n", "at line 1"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(path: Path, text: str, message: str) -> None:
    saved_searches.searches_file(path).write_text(text, "utf-8")
    done = run(path, "search", "@x")
    assert isinstance(done.exception, SearchError)
    assert str(saved_searches.searches_file(path)) in str(done.exception)
    assert message in str(done.exception)


_NAMES = st.from_regex(r"[^\W_][\w-]{0,20}", fullmatch=True)
_TEXTS = st.text(st.characters(exclude_categories=["Cs"]))

_DAYS = [date(2019, 10, 7), date.min, date.max]


@given(
    name=_NAMES,
    query=_TEXTS,
    sites=st.lists(_TEXTS, max_size=3),
    since=st.sampled_from([None, *_DAYS]),
    exact=st.booleans(),
)
def test_a_search_is_read_as_it_was_saved(
    tmp_path_factory: pytest.TempPathFactory,
    name: str,
    query: str,
    sites: list[str],
    since: date | None,
    exact: bool,  # noqa: FBT001
) -> None:
    path = tmp_path_factory.mktemp("saved") / "a.db"
    search = SavedSearch(query=query, wanted=Filter(sites=tuple(sites), since=since), exact=exact)
    saved_searches.save_search(path, "first", SavedSearch(query="x"))
    if name != "first":
        saved_searches.save_search(path, name, search)
        assert saved_searches.saved_search(path, name) == search
