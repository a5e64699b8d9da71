"""Replay every stored page through the real reader: one test for each fixture and field."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scraper.errors import ExtractError
from scraper.extract import extract_capture
from scraper.extract.layouts import check_layout
from scraper.records import Capture, Redirect, as_json
from scraper.sites.registry import SITES

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = sorted(path.parent for path in FIXTURES.glob("*/*/capture.json"))
LAYOUTS = [layout for site in SITES for layout in site.layouts]


def load_capture(case: Path) -> Capture:
    facts: dict[str, Any] = json.loads((case / "capture.json").read_text("utf-8"))
    facts["fetched_at"] = datetime.fromisoformat(facts["fetched_at"])
    facts["headers"] = tuple((name, value) for name, value in facts["headers"])
    facts["request_headers"] = tuple((name, value) for name, value in facts["request_headers"])
    facts["redirects"] = tuple(Redirect(**hop) for hop in facts["redirects"])
    return Capture(body=(case / "page.html").read_bytes(), **facts)


@cache
def read(case: Path) -> dict[str, Any]:
    """What the reader makes of a fixture: the record, or {"reason": …}."""
    try:
        record: dict[str, Any] = as_json(extract_capture(load_capture(case)))
    except ExtractError as error:
        return {"reason": error.reason.value}
    return record


@cache
def expected(case: Path) -> dict[str, Any]:
    names = [name for name in ("article.json", "error.json") if (case / name).exists()]
    assert len(names) == 1, f"{case}: exactly one of article.json and error.json"
    record: dict[str, Any] = json.loads((case / names[0]).read_text("utf-8"))
    return record


def name_of(case: Path) -> str:
    return f"{case.parent.name}/{case.name}"


@pytest.mark.parametrize(
    ("case", "field"),
    [pytest.param(case, field, id=f"{name_of(case)}-{field}") for case in CASES for field in expected(case)],
)
def test_field_reads_as_recorded(case: Path, field: str) -> None:
    assert read(case).get(field) == expected(case)[field]


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_nothing_is_read_that_is_not_recorded(case: Path) -> None:
    assert set(read(case)) == set(expected(case))


@pytest.mark.parametrize("case", [case for case in CASES if "headline" in expected(case)], ids=name_of)
def test_every_value_says_where_it_came_from(case: Path) -> None:
    record = read(case)
    silent = {"headline", "url", "body"} | {
        field
        for field, value in record.items()
        if value not in (None, [], {}, "unknown", 1) and field not in ("kind", "layout", "provenance", "warnings")
    }
    assert not silent - record["provenance"].keys()


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_layout_has_a_fixture(layout: Any) -> None:
    assert any(expected(case).get("layout") == layout.name for case in CASES)


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_every_selector_compiles(layout: Any) -> None:
    assert not check_layout(layout)
    assert layout.source, "a layout says where its facts are from"
    assert layout.checked
