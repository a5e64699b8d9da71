"""`kliping sites check`, `count`: whether the definitions are sound and read what they should, and how many there are."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.fixture import replay_case
from scraper.cli.fixture_files import case_name, cases, is_synthetic, load_expected
from scraper.cli.options import json_option, sites_option
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, table
from scraper.cli.sites import totals
from scraper.demo import fixtures_directory
from scraper.sites import CONFIDENCES
from scraper.sites.provinces import ZONES
from scraper.sites.registry import SITES, all_sites, own_sites
from scraper.sites.validation import check_site
from scraper.text import terminal_safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.sites import Site


@click.command("check")
@click.option(
    "--fixtures",
    "roots",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Also replay these fixtures; may be repeated. kliping's own are always replayed.",
)
@sites_option
def check_command(roots: tuple[Path, ...]) -> None:
    """Compile every selector and pattern, replay every fixture, and look for layouts without a fixture.

    Exit status 0 if all is well; 3 with one line per problem. One of your own layouts without a
    fixture is reported, but is not a problem.

    \b
    Example:
      kliping sites check
      kliping sites check --sites my-sites --fixtures my-fixtures
    """
    paths = dict.fromkeys(root.resolve() for root in (fixtures_directory(), *roots))
    found = [case for root in paths for case in cases(root)]
    read = {str(load_expected(case).get("layout")) for case in found}
    troubles = [*_wrong_definitions(), *_without_fixture(SITES, read), *_wrong_readings(found)]
    for trouble in troubles:
        put(terminal_safe(trouble))
    for note in _without_fixture(own_sites(), read):
        say(f"note: {note}")
    say(f"{totals()}, {len(found)} fixtures: {len(troubles)} problems")
    sys.exit(EXIT_PARTLY if troubles else 0)


@click.command("count")
@json_option
@sites_option
@click.pass_obj
def count_command(is_json: bool, *, as_json_lines: bool) -> None:  # noqa: FBT001  (click hands the group's --json over)
    """Count what kliping has rules for: sites, portals, hosts, designs by evidence, fixtures, papers of each province.

    A paper counts for a province if it belongs to no chain: all its portals are in that
    province.

    \b
    Example:
      kliping sites count
      kliping sites count --json
    """
    counts = _counts()
    if as_json_lines or is_json:
        put_json(counts)
        return
    papers = counts.pop("papers_of_a_province")
    designs = counts.pop("layouts")
    put(", ".join(f"{number} {name}" for name, number in counts.items()))
    put("designs: " + ", ".join(f"{number} {name}" for name, number in designs.items()))
    table(papers.items(), header=("province", "papers of its own"))


def _counts() -> dict[str, Any]:
    sites = all_sites()
    portals = [portal for site in sites for portal in site.portals]
    known: Counter[str] = Counter(
        {layout.name: layout.confidence for site in sites for layout in site.layouts}.values()
    )
    at_home = Counter(home for site in sites if (home := _home(site)) is not None)
    return {
        "sites": len(sites),
        "portals": len(portals),
        "hosts": sum(len(portal.hosts) for portal in portals),
        **_fixture_counts(),
        "layouts": {each: known[each] for each in CONFIDENCES},
        "papers_of_a_province": {province: at_home[province] for province in ZONES},
    }


def _fixture_counts() -> dict[str, int]:
    """How many fixtures have the markup of a real page, and how many were written from notes."""
    made = [is_synthetic(case) for case in cases(fixtures_directory())]
    return {"fixtures": len(made) - sum(made), "synthetic_fixtures": sum(made)}


def _home(site: Site) -> str | None:
    """The one province of all portals of a site; None for a national paper or a chain."""
    found = {portal.province for portal in site.portals}
    return found.pop() if len(found) == 1 else None


def _wrong_definitions() -> Iterator[str]:
    for site in all_sites():
        for problem in check_site(site):
            yield f"{site.name}: {problem}"
        for layout in site.layouts if site in SITES else ():
            if not layout.source or layout.checked is None:
                yield f"{layout.name}: it does not say where its facts are from, and of when"


def _without_fixture(sites: tuple[Site, ...], read: set[str]) -> Iterator[str]:
    for name in dict.fromkeys(layout.name for site in sites for layout in site.layouts):
        if name not in read:
            yield f"{name}: no fixture is read by it"


def _wrong_readings(found: list[Path]) -> Iterator[str]:
    for case in found:
        for each in replay_case(case):
            yield f"{case_name(case)}: {each.field} is not read as recorded (`kliping fixture check` shows it)"
