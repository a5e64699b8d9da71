"""`kliping sites`: the catalogue with how each fact is known, and its check."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.fixture import replay_case
from scraper.cli.fixture_files import cases, is_synthetic, load_expected, name_of
from scraper.cli.healing import diff_command, suggest_command, try_command
from scraper.cli.options import json_option, sites_option
from scraper.cli.output import EXIT_PARTLY, put, put_json, say, table, wrapped
from scraper.demo import fixtures_directory
from scraper.errors import SiteError
from scraper.sites.check import CONFIDENCES, check_site
from scraper.sites.provinces import ZONES
from scraper.sites.registry import SITES, all_sites, by_slug, own_sites
from scraper.text import terminal_safe
from scraper.typed import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.sites import DayIndex, Layout, Portal, Site

SHOWN = 3  # from so many provinces on, a row gives their number


class _SlugOrCommand(click.Group):
    """What is no command is the slug of a site: `kliping sites tribun` is `kliping sites show tribun`."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command for these arguments, and what is left of them."""
        if args and args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


@click.group(
    "sites", cls=_SlugOrCommand, invoke_without_command=True, subcommand_metavar="[SLUG|check|count|try|diff|suggest]"
)
@click.option(
    "--portals", "with_portals", is_flag=True, help="One row for each portal instead of one for each network."
)
@json_option
@sites_option
@click.pass_context
def sites_command(context: click.Context, *, as_json_lines: bool, with_portals: bool) -> None:
    """List the sites kliping has rules for, show one of them with its layouts and sources, or check them all.

    \b
    Example:
      kliping sites
      kliping sites --portals
      kliping sites tribun-pontianak
      kliping sites check --sites my-sites
    """
    context.obj = as_json_lines
    if context.invoked_subcommand is not None:
        return
    if as_json_lines:
        for site in all_sites():
            put_json(_site_json(site, site.portals))
    else:
        _list_portals() if with_portals else _list_networks()
        say(_totals())


@sites_command.command("show", hidden=True)
@click.argument("slug")
@json_option
@sites_option
@click.pass_obj
def show_command(is_json: bool, slug: str, *, as_json_lines: bool) -> None:  # noqa: FBT001  (click hands the group's --json over)
    """Show one site, by its slug or that of its network.

    \b
    Example:
      kliping sites tribun-pontianak
    """
    found = by_slug(slug)
    if found is None:
        raise SiteError(f"{slug!r} is no site of the catalogue (`kliping sites` lists them)")
    site, portals = found
    if as_json_lines or is_json:
        put_json(_site_json(site, portals))
    else:
        _show(site, portals)


@sites_command.command("check")
@click.option(
    "--fixtures",
    "roots",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Replay these fixtures too; may be repeated. kliping's own are always replayed.",
)
@sites_option
def check_command(roots: tuple[Path, ...]) -> None:
    """Compile every selector and pattern, replay every fixture, look for layouts without one.

    Exit status 0 when all is well, 3 with one line for each trouble. A layout
    of your own without a fixture is told, but no trouble.

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
    say(f"{_totals()}, {len(found)} fixtures: {len(troubles)} troubles")
    sys.exit(EXIT_PARTLY if troubles else 0)


@sites_command.command("count")
@json_option
@sites_option
@click.pass_obj
def count_command(is_json: bool, *, as_json_lines: bool) -> None:  # noqa: FBT001  (click hands the group's --json over)
    """Count what there are rules for: sites, portals, hosts, designs by how they are known, fixtures, papers of each province.

    A paper of a province is counted if it is no chain's: a site whose portals are all of that province.

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
    """Fixtures whose markup is that of a real page, and those made from notes."""
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
            yield f"{name_of(case)}: {each.field} is not read as recorded (`kliping fixture check` shows it)"


def _totals() -> str:
    sites = all_sites()
    portals = [portal for site in sites for portal in site.portals]
    layouts = {layout.name for site in sites for layout in site.layouts}
    return f"{len(sites)} sites, {len(portals)} portals, {sum(len(portal.hosts) for portal in portals)} hosts, {len(layouts)} layouts"


def _list_networks() -> None:
    rows = [
        (
            site.name,
            site.title,
            site.portals[0].hosts[0],
            len(site.portals),
            _provinces(site),
            _confidence(site.layouts),
        )
        for site in all_sites()
    ]
    table(rows, header=("site", "title", "host", "portals", "provinces", "its designs are"))


def _provinces(site: Site) -> str:
    """The province of a site's papers, or how many there are."""
    found = sorted({portal.province for portal in site.portals if portal.province})
    return ", ".join(found) if len(found) < SHOWN else f"{len(found)} provinces"


def _list_portals() -> None:
    rows = [
        (portal.slug, portal.brand, portal.hosts[0] + portal.path, portal.zone, portal.province or "", site.name)
        for site in all_sites()
        for portal in site.portals
    ]
    table(rows, header=("slug", "paper", "host", "zone", "province", "site"))


def _confidence(layouts: tuple[Layout, ...]) -> str:
    """How the facts of a site's designs are known, best first: "2 seen, 1 reported"; "read generically" without any."""
    found: Counter[str] = Counter(layout.confidence for layout in layouts)
    return ", ".join(f"{found[each]} {each}" for each in CONFIDENCES if each in found) or "read generically"


def _show(site: Site, portals: tuple[Portal, ...]) -> None:
    put(terminal_safe(f"{site.name}: {site.title}, {len(site.portals)} portals, {len(site.layouts)} layouts"))
    if site.note:
        put(wrapped(site.note))
    put()
    table(
        [
            (
                portal.slug,
                portal.brand,
                ", ".join(host + portal.path for host in portal.hosts),
                portal.zone,
                portal.province or "",
            )
            for portal in portals
        ],
        header=("slug", "paper", "hosts", "zone", "province"),
    )
    put()
    table([_layout_row(layout) for layout in site.layouts], header=("layout", "in use", "facts are", "checked", "from"))
    put()
    table([("article URLs", site.article_path.pattern), *_discovery_rows(site)])


def _discovery_rows(site: Site) -> list[tuple[str, str]]:
    discovery = site.discovery
    kinds = (
        ("feed", discovery.feeds),
        ("news sitemap", discovery.news_sitemaps),
        ("sitemap", discovery.sitemaps),
        ("section", discovery.sections),
        ("index by date", tuple(_index_line(each) for each in discovery.by_date)),
        ("listed as data", (discovery.link,) if discovery.link else ()),
    )
    return [(kind, url) for kind, urls in kinds for url in urls]


def _index_line(index: DayIndex) -> str:
    """An index by date with how its pages are counted, for which days, and how it is known."""
    days = f"for {index.since or '…'} – {index.until or '…'}" if index.since or index.until else ""
    pages = f"pages {index.first_page}, {index.first_page + index.page_step} …" if "{page" in index.url else "one page"
    known = f"{index.source}, {index.checked}" if index.source and index.checked else index.source
    return "; ".join(filter(None, (index.url, pages, days, known, index.note)))


def _layout_row(layout: Layout) -> tuple[object, ...]:
    used = f"{layout.since or '…'} – {layout.until or '…'}"
    known: str = layout.confidence
    if layout.years is not None:
        known += f" by {layout.scrapers} scrapers, {layout.years[0]}–{layout.years[1]}"
    return layout.name, used, known, layout.checked, layout.source


def _site_json(site: Site, portals: tuple[Portal, ...]) -> dict[str, Any]:
    return {
        "site": site.name,
        "title": site.title,
        "note": site.note or None,
        "portals": [plain(portal) for portal in portals],
        "article_path": site.article_path.pattern,
        "discovery": plain(site.discovery),
        "layouts": [
            {
                "name": layout.name,
                "since": layout.since.isoformat() if layout.since else None,
                "until": layout.until.isoformat() if layout.until else None,
                "confidence": layout.confidence,
                "scrapers": layout.scrapers or None,
                "years": layout.years and list(layout.years),
                "checked": layout.checked.isoformat() if layout.checked else None,
                "source": layout.source,
            }
            for layout in site.layouts
        ],
    }


for _command in (suggest_command, diff_command, try_command):
    sites_command.add_command(_command)
