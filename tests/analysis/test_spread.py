"""Who was first: order and hours according to the printed times; what is unknown stays open."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from scraper.analysis.spread import leaders, stories, story_of
from scraper.archive.ask.arrivals import Arrival
from scraper.archive.file.connection import open_archive
from scraper.archive.write.clusters import NewCluster, save_clusters
from scraper.cli import cli
from tests.analysis.made import Story, made
from tests.archive.made import NOW, opened

if TYPE_CHECKING:
    from pathlib import Path


def at(text: str) -> dict[str, object]:
    return {"published_at": datetime.fromisoformat(text)}


STORIES = [
    Story("b", None, "Banjir di kota.", at("2026-01-01T10:00+08:00")),  # 02:00 UTC
    Story("a", None, "Banjir di kota ini.", at("2026-01-01T09:30+07:00")),  # 02:30 UTC
    Story("a", None, "Banjir di kota itu.", at("2026-01-02T09:30+07:00")),  # again, a day later
    Story("b", None, "Longsor di desa.", at("2026-01-03T00:00+08:00") | {"warnings": ("date_only",)}),
    Story("a", None, "Longsor di desa itu.", at("2026-01-05T09:00+07:00")),
    Story("a", None, "Sendiri saja.", at("2026-01-06T09:00+07:00")),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = made(tmp_path_factory.mktemp("spread") / "a.db", STORIES)
    with opened(found) as db:
        flood = NewCluster(
            first=1, central=1, members=((1, 1, 1, "same"), (2, 0.8, 0.9, "same"), (3, 0.7, 0.9, "same"))
        )
        slide = NewCluster(first=4, central=4, members=((4, 1, 1, "same"), (5, 0.5, 0.8, "rewrite")))
        save_clusters(db, [flood, slide], [], at=NOW)
    return found


def run(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["spread", *arguments, "--archive", str(path)])


def test_papers_in_order_with_their_hours(path: Path) -> None:
    with open_archive(path) as db:
        flood, slide = stories(db)
        assert [story.cluster_id for story in stories(db, [5, 6])] == [slide.cluster_id]
    assert [(step.site, step.article_id, step.hours) for step in flood.steps] == [("b", 1, 0.0), ("a", 2, 0.5)]
    assert (flood.first_sites, flood.papers, flood.articles, flood.span_hours) == (("b",), 2, 3, 0.5)
    # The page of b gives only the day: it may have been first or last, and nobody is said to be behind anybody.
    assert [(step.site, step.hours) for step in slide.steps] == [("a", 0.0), ("b", None)]
    assert (slide.half_hours, slide.span_hours) == (None, None)
    assert [(each.site, each.stories, each.first, each.median_hours_behind) for each in leaders([flood, slide])] == [
        ("b", 1, 1, None),
        ("a", 1, 0, 0.5),
    ]


def test_the_command(path: Path) -> None:
    done = run(path, "banjir")
    assert done.stdout.splitlines() == [
        "Berita 1",
        "  2 papers, first: b",
        "  2026-01-01 10:00        +0 min         1  b",
        "  2026-01-01 09:30       +30 min         2  a",
    ]
    assert "6 articles have not been compared yet" in done.stderr
    assert run(path, "--papers", "--csv").stdout.splitlines()[1] == "b,1,1,1.0,"
    assert [json.loads(line)["papers"] for line in run(path, "--json").stdout.splitlines()] == [2, 2]
    assert len(run(path, "--csv", "--sort", "newest").stdout.splitlines()) == 5
    assert run(path, "sendiri").exit_code == 3


_TIMES = st.none() | st.datetimes(datetime(2026, 1, 1), datetime(2026, 2, 1))


@given(st.lists(st.tuples(st.sampled_from("abcd"), _TIMES, st.booleans()), min_size=1))
def test_whoever_is_first_is_behind_nobody(members: list[tuple[str, datetime | None, bool]]) -> None:
    listed = sorted(members, key=lambda each: (each[1] is None, each[1] or datetime(2026, 1, 1)))
    arrivals = []
    for number, (site, time, is_day) in enumerate(listed):
        text = time.isoformat() if time else None
        arrivals.append(Arrival(1, number, site, f"u{number}", "h", text, text, is_day, 1.0))
    story = story_of(arrivals)
    hours = [step.hours for step in story.steps if step.hours is not None]
    assert hours == sorted(hours)
    assert not hours or hours[0] == 0
    assert bool(story.first_sites) == bool(hours)
    assert story.papers == len({site for site, _, _ in members})
