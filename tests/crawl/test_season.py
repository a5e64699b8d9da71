"""A short season of bad days (benchmarks/season): nothing is lost, overwritten or given up because of a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.season.judge import FAULTS
from benchmarks.season.moments import KINDS
from benchmarks.season.play import Played, Season, play

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    path: Path = tmp_path_factory.mktemp("season") / "a.db"
    return play(path, Season(days=14, papers=4, per_day=1, every_h=6, moments=len(KINDS) / 4, hours=1, ours=1))


def test_every_kind_of_bad_moment_is_met(played: Played) -> None:
    assert {kind.name for kind in KINDS} - played.met == set()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_season_of_bad_days_does_no_harm(played: Played, fault: str) -> None:
    assert played.verdict.counts[fault] == 0, played.verdict.examples[fault]


def test_a_season_costs_a_few_requests_an_article(played: Played) -> None:
    assert played.requests < 12 * played.ideal
