"""`kliping sites`: the catalogue, with how each fact is known."""

from __future__ import annotations

from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from scraper.cli.options import json_option, sites_option
from scraper.cli.output import put, put_json, say, table, wrapped
from scraper.errors import SiteError
from scraper.sites import CONFIDENCES
from scraper.sites.registry import all_sites, by_slug, near_slugs
from scraper.text import terminal_safe
from scraper.typed import plain

if TYPE_CHECKING:
    from scraper.sites import DayIndex, Layout, Portal, Site

SHOWN = 3  # from this many provinces on, a row gives their number


# The module of each further command: they read pages and archives, which a plain list need not wait for.
LATER = {
    "check": "site_check",
    "count": "site_check",
    "diff": "healing",
    "suggest": "healing",
    "try": "healing",
}


class _SlugOrCommand(click.Group):
    """Any word that is not a command is the slug of a site: `kliping sites tribun` is `kliping sites show tribun`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands, including those not loaded yet."""
        return sorted({*super().list_commands(ctx), *LATER})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, loaded now if it is in another module."""
        if cmd_name in LATER:
            module = import_module(f"scraper.cli.{LATER[cmd_name]}")
            found: click.Command = getattr(module, f"{cmd_name}_command")
            return found
        return super().get_command(ctx, cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command for these arguments, and the remaining arguments."""
        if args and args[0] not in self.list_commands(ctx):
            args = ["show", *args]
        return super().resolve_command(ctx, args)


@click.group(
    "sites", cls=_SlugOrCommand, invoke_without_command=True, subcommand_metavar="[SLUG|check|count|try|diff|suggest]"
)
@click.option("--portals", "with_portals", is_flag=True, help="Print one row per portal instead of one per network.")
@json_option
@sites_option
@click.pass_context
def sites_command(context: click.Context, *, as_json_lines: bool, with_portals: bool) -> None:
    """List the sites that kliping has rules for, show one of them with its layouts and sources, or check them all.

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
        say(totals())


@sites_command.command("show", hidden=True)
@click.argument("slug")
@json_option
@sites_option
@click.pass_obj
def show_site_command(is_json: bool, slug: str, *, as_json_lines: bool) -> None:  # noqa: FBT001  (click hands the group's --json over)
    """Show one site, by its slug or its network's.

    \b
    Example:
      kliping sites tribun-pontianak
    """
    found = by_slug(slug)
    if found is None:
        near = " or ".join(near_slugs(slug, most=2))
        raise SiteError(
            f"{slug!r} is not a site of the catalogue"
            + (f"; did you mean {near}?" if near else " (`kliping sites` lists them)")
        )
    site, portals = found
    if as_json_lines or is_json:
        put_json(_site_json(site, portals))
    else:
        _show(site, portals)


def totals() -> str:
    """One line that says for how much kliping has rules."""
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
    """The province of a site's papers, or how many provinces there are."""
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
    """How the facts about a site's designs are known, best first: "2 seen, 1 reported"; "read generically" if there are
    none.
    """
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
    """A date index: how its pages are counted, for which days it exists, and how it is known."""
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
