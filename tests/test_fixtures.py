"""Every fixture is read exactly as recorded, one test for each; every layout has one."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scraper.cli.fixture_files import case_name, cases, is_synthetic, load_capture, load_expected
from scraper.fixtures import Record, differences, read_record
from scraper.html import parse, prepare
from scraper.sites.registry import SITES, find_portal
from scraper.sites.validation import check_layout, check_site

FIXTURES = Path(__file__).parent.parent / "fixtures"
CASES = cases(FIXTURES)
STAGES = ("tribun/", "wordpress/")  # stages of one design, and themes whose names any paper may mix
LAYOUTS = list({layout.name: layout for site in SITES for layout in site.layouts}.values())


@cache
def read(case: Path) -> Record:
    """What the reader makes of a fixture: the record, or {"reason": …}."""
    return read_record(load_capture(case))


@cache
def expected(case: Path) -> Record:
    return load_expected(case)


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_a_page_reads_as_recorded(case: Path) -> None:
    found = differences(expected(case), read(case))
    told = "\n".join(f"{each.field}\n  - {each.expected!r}\n  + {each.actual!r}" for each in found)
    assert not found, f"{case_name(case)} (- as recorded, + as read):\n{told}"


@pytest.mark.parametrize("case", [case for case in CASES if "headline" in expected(case)], ids=case_name)
def test_every_value_says_where_it_came_from(case: Path) -> None:
    record = read(case)
    silent = {"headline", "url"} | {
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


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_every_site_can_be_used(site: Any) -> None:
    assert not check_site(site)


@pytest.mark.parametrize("case", CASES, ids=case_name)
def test_a_fixture_is_of_the_host_it_lies_under(case: Path) -> None:
    assert load_capture(case).final_url.split("/")[2] == case.parent.name


def test_a_signature_is_one_that_the_other_designs_of_a_site_lack() -> None:
    wrong = []
    for case in CASES:
        capture = load_capture(case)
        site, _ = find_portal(capture.final_url)
        own = expected(case).get("layout")
        if site is None or own not in {layout.name for layout in site.layouts}:
            continue
        day = capture.fetched_at.date()
        tree = parse(capture.body.decode("utf-8", "replace"))
        prepare(tree)
        wrong += [
            (case_name(case), layout.name, selector)
            for layout in site.layouts
            if layout.name != own and not ((layout.since or day) <= day <= (layout.until or day))
            for selector in layout.signature
            if not selector.startswith("data:") and tree.search(selector) and not layout.name.startswith(STAGES)
        ]
    assert not wrong, "\n".join(map(str, wrong))


def test_a_fixture_of_a_design_that_nobody_has_seen_says_that_it_was_made_from_notes() -> None:
    seen = {layout.name: layout.confidence == "seen" for layout in LAYOUTS}
    wrong = [
        case_name(case) for case in CASES if is_synthetic(case) == seen.get(expected(case).get("layout", ""), True)
    ]
    assert not wrong
