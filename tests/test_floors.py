"""The generic reader never reads less of the project's own fixtures than before (benchmarks/floors.py)."""

from __future__ import annotations

import json

from benchmarks import floors


def test_what_was_read_right_still_is() -> None:
    pinned: dict[str, list[str]] = json.loads(floors.FLOORS.read_text("utf-8"))
    found = floors.measure()
    assert len(found.keys() & pinned.keys()) > 60, (
        "the floors are of other fixtures: `python -m benchmarks.floors --write`"
    )
    lost = {
        name: sorted(set(pinned[name]) - set(fields))
        for name, fields in found.items()
        if set(pinned.get(name, ())) - set(fields)
    }
    assert lost == {}
