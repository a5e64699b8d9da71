"""The generic reader never gets worse on the project's own fixtures (benchmarks/floors.py)."""

from __future__ import annotations

import json

import pytest

from benchmarks import floors

PINNED = json.loads(floors.FLOORS.read_text("utf-8"))


def test_the_floors_were_measured_on_these_fixtures() -> None:
    assert floors.corpus_hash() == PINNED["corpus"], (
        "the fixtures changed: see `python -m benchmarks.floors`, then --write"
    )


@pytest.fixture(scope="module")
def scores() -> dict[str, float]:
    return floors.measure()


@pytest.mark.parametrize("name", sorted(PINNED["scores"]))
def test_no_score_falls_below_its_floor(name: str, scores: dict[str, float]) -> None:
    assert scores[name] >= PINNED["scores"][name]
