"""`kliping sites`: the catalogue, with how each fact is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from scraper.cli.options import json_option
from scraper.cli.output import put, put_json, table, wrapped
from scraper.errors import SiteError
from scraper.sites.registry import SITES, by_slug

if TYPE_CHECKING:
    from scraper.sites import Layout, Portal, Site


@click.command("sites")
@click.argument("slug", required=False)
@json_option
def sites_command(slug: str | None, *, as_json_lines: bool) -> None:
    """List the sites kliping has rules for, or one of them with its layouts and sources.

    \b
    Example:
      kliping sites
      kliping sites tribun-pontianak
    """
    if slug is None:
        if as_json_lines:
            for site in SITES:
                put_json(_site_json(site, site.portals))
        else:
            _list()
        return
    found = by_slug(slug)
    if found is None:
        raise SiteError(f"{slug!r} is no site of the catalogue (`kliping sites` lists them)")
    site, portals = found
    if as_json_lines:
        put_json(_site_json(site, portals))
    else:
        _show(site, portals)


def _list() -> None:
    rows = [
        (portal.slug, portal.brand, portal.hosts[0], portal.zone, portal.province or "", f"{len(site.layouts)} layouts")
        for site in SITES
        for portal in site.portals
    ]
    table(rows, header=("slug", "paper", "host", "zone", "province", "rules"))


def _show(site: Site, portals: tuple[Portal, ...]) -> None:
    put(f"{site.name}: {site.title}, {len(site.portals)} portals, {len(site.layouts)} layouts")
    if site.note:
        put(wrapped(site.note))
    put()
    table(
        [
            (portal.slug, portal.brand, ", ".join(portal.hosts), portal.zone, portal.province or "")
            for portal in portals
        ],
        header=("slug", "paper", "hosts", "zone", "province"),
    )
    put()
    table([_layout_row(layout) for layout in site.layouts], header=("layout", "in use", "facts are", "checked", "from"))
    put()
    discovery = site.discovery
    kinds = (
        ("feed", discovery.feeds),
        ("news sitemap", discovery.news_sitemaps),
        ("sitemap", discovery.sitemaps),
        ("section", discovery.sections),
    )
    table(
        [(kind, url) for kind, urls in kinds for url in urls]
        + ([("index by date", discovery.by_date)] if discovery.by_date else [])
    )


def _layout_row(layout: Layout) -> tuple[object, ...]:
    used = f"{layout.since or '…'} – {layout.until or '…'}"
    return layout.name, used, layout.confidence, layout.checked, layout.source


def _site_json(site: Site, portals: tuple[Portal, ...]) -> dict[str, Any]:
    return {
        "site": site.name,
        "title": site.title,
        "portals": [
            {
                "slug": each.slug,
                "brand": each.brand,
                "hosts": list(each.hosts),
                "zone": each.zone,
                "province": each.province,
            }
            for each in portals
        ],
        "layouts": [
            {
                "name": layout.name,
                "since": layout.since.isoformat() if layout.since else None,
                "until": layout.until.isoformat() if layout.until else None,
                "confidence": layout.confidence,
                "checked": layout.checked.isoformat() if layout.checked else None,
                "source": layout.source,
            }
            for layout in site.layouts
        ],
    }
