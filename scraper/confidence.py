"""How likely a field is to be right: how often values from its source were right on pages with known truth.

The numbers are in confidence.toml; `python -m benchmarks.confidence` counts them, and tests the table on pages of
publishers that it was not counted on.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from scraper.records import FROM_EARLIER

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from scraper.records import Warning_

WEAK = 0.75  # below it a field carries a warning: more than one in four from such a source is wrong
_WEAK_FIELDS: dict[str, Warning_] = {
    "headline": "headline_weak",
    "authors": "authors_weak",
    "published_at": "date_weak",
}


@cache
def shares() -> Mapping[str, Mapping[str, float]]:
    """Field → source → share that was right."""
    text = resources.files("scraper").joinpath("confidence.toml").read_text("utf-8")
    return {
        field: {source: row["confidence"] for source, row in rows.items()}
        for field, rows in tomllib.loads(text).items()
    }


def sources_of(field: str, provenance: str, warnings: Collection[str]) -> tuple[str, ...]:
    """The names of a field's source in the table, most specific first: with its warnings, by itself, its kind, any
    source.
    """
    kind = "unsure" if provenance.endswith("(unsure)") else provenance.partition(":")[0]
    against = ("dates disagree",) if field == "published_at" and "dates_disagree" in warnings else ()
    return tuple(dict.fromkeys((*against, provenance, kind, "any")))


def confidence_of(provenance: Mapping[str, str], warnings: Collection[str]) -> dict[str, float]:
    """How likely each field is to be right, from 0 to 1, for the fields that could be compared with known truth."""
    known = shares()
    found: dict[str, float] = {}
    for field, rows in known.items():
        if (source := provenance.get(field, FROM_EARLIER)) != FROM_EARLIER:  # that was read from another page
            name = next((name for name in sources_of(field, source, warnings) if name in rows), None)
            if name is not None:
                found[field] = rows[name]
    return found


def weak_fields(confidence: Mapping[str, float]) -> tuple[Warning_, ...]:
    """The warnings for fields that are wrong too often."""
    return tuple(warning for field, warning in _WEAK_FIELDS.items() if confidence.get(field, 1.0) < WEAK)
