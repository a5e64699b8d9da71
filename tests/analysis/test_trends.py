"""Hits over time: counts, shares, and the difference between "none" and "nobody looked"."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from scraper.analysis.trends import period_of, trends
from scraper.archive.ask import search, tallies
from scraper.archive.ask.filters import ALL, Filter
from scraper.archive.file import connection
from scraper.archive.file.connection import open_archive
from scraper.archive.write.progress import CoverageRow, save_coverage
from scraper.cli import cli
from tests.analysis.made import Story, made
from tests.archive.made import NOW, opened

if TYPE_CHECKING:
    from pathlib import Path

STORIES = [
    Story("a", "2026-01-01", "Banjir di kota."),
    Story("a", "2026-01-02", "Kabut asap menutup kota."),
    Story("b", "2026-01-02", "Banjir di pasar."),
    Story("a", "2026-01-06", "Banjir surut, kabut asap datang."),
    Story("a", None, "Banjir tanpa tanggal."),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = made(tmp_path_factory.mktemp("trends") / "a.db", STORIES)
    with opened(found) as db:
        for state, day in (("empty", 3), ("blocked", 4)):
            row = CoverageRow(site="a", host="a.id", day=date(2026, 1, day), state=state)  # type: ignore[arg-type]
            with connection.transaction(db):
                save_coverage(db, row, at=NOW)
    return found


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["trends", *arguments, "--archive", str(path)])


def asked(
    path: Path, *queries: str, wanted: Filter = ALL, **options: object
) -> dict[tuple[str, str | None], list[int | None]]:
    with open_archive(path) as db:
        pairs = [(query, search.understand(db, query) if query else None) for query in queries]
        found = trends(db, pairs, wanted, **options)  # type: ignore[arg-type]
    return {(each.query, each.group): [point.articles for point in each.points] for each in found}


def test_a_day_that_nobody_looked_at_is_a_gap_and_a_day_that_was_walked_is_zero(path: Path) -> None:
    # 3: its index was walked and lists nothing; 4: it was refused, 5: never asked for.
    assert asked(path, "banjir", "", by="day") == {
        ("banjir", None): [1, 1, 0, None, None, 1],
        ("", None): [1, 2, 0, None, None, 1],
    }


def test_of_a_paper_only_its_own_days_are_known(path: Path) -> None:
    assert asked(path, "banjir", by="day", split="site") == {
        ("banjir", "a"): [1, 0, 0, None, None, 1],
        ("banjir", "b"): [None, 1, None, None, None, None],
    }


def test_shares_are_of_what_the_filter_chooses(path: Path) -> None:
    with open_archive(path) as db:
        [series] = trends(db, [("banjir", search.understand(db, "banjir"))], Filter(sites=("a",)), by="month")
    [month] = series.points
    assert (month.articles, month.of_all, month.share, month.papers) == (2, 3, 2 / 3, 1)
    assert (month.days, month.covered) == (6, 4)  # from the first article to the last


def test_by_region_and_province(path: Path) -> None:
    assert asked(path, "banjir", by="year", split="province") == {("banjir", "61"): [2], ("banjir", "73"): [1]}


def test_the_span_asked_for_is_the_span_answered(path: Path) -> None:
    span = Filter(since=date(2025, 12, 31), until=date(2026, 1, 2))
    assert asked(path, "banjir", wanted=span, by="day") == {("banjir", None): [None, 1, 1]}
    assert asked(path, "banjir", wanted=span, by="week") == {("banjir", None): [2]}
    assert period_of("2025-12-31", "week") == "2026-W01"


@pytest.mark.parametrize("query", ["banjir", "kota", '"kabut asap"', "ban*"])
def test_every_way_of_counting_gives_the_same(path: Path, query: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few hits are looked up, many are met on a walk over an index."""
    splits = (None, "site", "region")
    walked = [asked(path, query, by="day", split=split) for split in splits]
    monkeypatch.setattr(sys.modules[tallies.tallies.__module__], "is_walked", lambda _db, _asked: False)
    assert walked == [asked(path, query, by="day", split=split) for split in splits]


def test_the_command(path: Path) -> None:
    done = run(path, "banjir", "asap", "--by", "day", "--since", "2026-01-02", "--until", "2026-01-04", "--share")
    assert done.stdout.splitlines() == [
        "day         banjir   asap     of all  days covered",
        "2026-01-02  50.00 %  50.00 %  2       1/1",
        "2026-01-03  -        -        0       1/1",
        "2026-01-04  -        -        0       0/1",
    ]
    assert "1 articles have no date" in done.stderr
    assert "2 of 6 counts are empty" in done.stderr
    first = json.loads(run(path, "banjir", "--by", "day", "--json").stdout.splitlines()[0])
    assert first == {
        "query": "banjir", "group": None, "period": "2026-01-01", "articles": 1, "of_all": 1, "share": 1.0, "papers": 1,
        "days": 1, "covered": 1,
    }  # fmt: skip
    assert run(path, "banjir", "--by", "day", "--csv").stdout.splitlines()[4] == "banjir,,2026-01-04,,0,,0,1,0"


def test_a_site_that_nobody_knows_is_an_error(path: Path) -> None:
    done = run(path, "banjir", "--site", "tribun-pontianakk")
    assert done.exit_code == 2  # 64 when not run inside a test
    assert "there is no site 'tribun-pontianakk'; did you mean tribun-pontianak" in done.stderr
    assert run(path, "banjir", "--site", "tribun-pontianak").exit_code == 3
