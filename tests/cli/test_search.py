"""`kliping search` as a person or a program asks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from scraper.archive.file.articles import SiteRow
from scraper.cli import cli
from scraper.records import Dateline
from tests.archive.made import URL, article, opened, save

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cli-search") / "a.db"
    site = SiteRow(slug="a", network="a", name="A", host="contoh.id", zone="Asia/Jakarta", province="Kalimantan Barat")
    with opened(made) as db:
        for number, place in enumerate(("Ketapang", "Sambas", None)):
            what = article(
                "Banjir merendam jalan.",
                url=f"{URL}-{number}",
                site="a",
                published_at=datetime(2026, 1, 1 + number, tzinfo=UTC),
                dateline=Dateline(text=place.upper(), place=place) if place else None,
            )
            save(db, what, bytes([number]), url=what.url, site=site)
    return made


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["search", *arguments, "--archive", str(path)])


def found(path: Path, *arguments: str) -> list[int]:
    return sorted(int(json.loads(line)["url"][-1]) for line in run(path, *arguments, "--json").stdout.splitlines())


def test_json_fields_are_a_contract(path: Path) -> None:
    line = json.loads(run(path, "banjir", "--limit", "1", "--json").stdout)
    assert list(line) == ["article_id", "url", "site", "headline", "published_at", "snippet"]


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (("--region", "Ketapang"), [0]),
        (("--region", "kalbar"), [0, 1, 2]),
        (("--region", "61"), [0, 1, 2]),
        (("--region", "61.01", "--region", "Ketapang"), [0, 1]),
        (("--since", "2026-01-02", "--until", "2026-01-02"), [1]),
        (("--offset", "1", "--sort", "date"), [0, 1]),
        (("--site", "a", "--site", "kompas-utama", "--kind", "article"), [0, 1, 2]),
    ],
)
def test_choices(path: Path, options: tuple[str, ...], numbers: list[int]) -> None:
    assert found(path, "banjir", *options) == numbers
    assert found(path, *options) == numbers  # without a query, the choice itself


def test_a_region_that_is_none_is_said(path: Path) -> None:
    for wrong in ("Atlantis", "99", "6"):
        done = run(path, "banjir", "--region", wrong)
        assert done.exit_code == 2  # 64 when not run inside a test
        assert "not a region of Indonesia" in done.stderr


def test_counts(path: Path) -> None:
    assert run(path, "banjir", "--count", "month").stdout == "month    articles\n2026-01  3\n"
    assert "61.04 Kabupaten Ketapang  1\n" in run(path, "--count", "region").stdout
    [line] = run(path, "--count", "site", "--json").stdout.splitlines()
    assert json.loads(line) == {"site": "a", "articles": 3}


def test_what_finds_nothing_says_why(path: Path) -> None:
    assert (run(path, "gempa").exit_code, run(path, "gempa").stderr) == (3, "nothing found\n")
    assert "no word to search for" in run(path, "* *").stderr
    assert "nosuch: is not a column" in run(path, "nosuch:banjir").stderr
    assert run(path, "gempa", "--count", "site").exit_code == 3
