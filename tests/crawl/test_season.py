"""A short season of bad days (benchmarks/season): nothing is lost, overwritten or given up because of a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.season.judge import FAULTS
from benchmarks.season.moments import KINDS
from benchmarks.season.play import Season, play

if TYPE_CHECKING:
    from pathlib import Path


def test_a_season_of_bad_days_does_no_harm(tmp_path: Path) -> None:
    """Eight papers, one of which moves and one is redesigned, for twelve days, with every kind of bad moment."""
    season = Season(days=12, papers=8, per_day=0.5, every_h=8, moments=len(KINDS) / 8, hours=1, least=1, ours=1)
    played = play(tmp_path / "a.db", season)
    counts = played.verdict.counts
    found = {fault: played.verdict.examples[fault] for fault in FAULTS if counts[fault]}
    assert found == {}
    assert counts["articles kept"] == counts["articles published"]
    assert len({kind.name for kind in KINDS} - played.met) <= 2, "a moment may pass before anybody asks"
    assert played.requests < 12 * played.ideal
