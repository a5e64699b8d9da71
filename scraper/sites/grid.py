"""Sisters of Kompas in the KG group: the Grid network, which shares Kompas' class names, and Kontan."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.portals import papers

GRID = Site(
    name="grid",
    title="Grid network",
    portals=(
        Portal(slug="grid-id", brand="Grid.ID", hosts=("www.grid.id", "grid.id", "*.grid.id")),
        *papers("grid", "grid.id", (("nakita", "Nakita", None), ("bobo", "Bobo", None))),
    ),
    article_path=re.compile(r"^/read/\d+/[^/]+"),
    other_path=re.compile(r"^/(?:tag|index|search|author|foto|video)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/",)),
    layouts=(
        Layout(
            name="grid/2020",
            since=date(2018, 1, 1),
            signature=(".read__article", ".read__content"),
            headline=("h1.read__title", "h1"),
            published=(".read__time",),
            body=(".read__content", ".read__article"),
            tags=("a.tag__article__link",),
            pages=(".read__paging a@href",),
            drop=(".read__paging", "div.photo", "[class^=ads]", "figure", "ins"),
            confidence="reported",
            source="one crawler of grid.id: containers of the text; the other names are those of Kompas",
            checked=date(2025, 1, 1),
        ),
    ),
)
KONTAN = Site(
    name="kontan",
    title="Kontan",
    portals=(
        Portal(slug="kontan-co-id", brand="Kontan", hosts=("www.kontan.co.id", "kontan.co.id", "*.kontan.co.id")),
    ),
    article_path=re.compile(r"^/(?:news|review|release)/(?:\d+/)?[^/-]++-[^/]+"),
    other_path=re.compile(r"^/(?:tag|search|indeks|author)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/",)),
    layouts=(
        Layout(
            name="kontan/2024",
            signature=("div.tmpt-desk-kon",),
            headline=("h1",),
            body=("div.tmpt-desk-kon[itemprop=articleBody]", "div.tmpt-desk-kon"),
            drop=("figure", "ins"),
            confidence="reported",
            source="selectors of a scraper kept in use: the text; its date is in meta content_PublishedDate",
            checked=date(2026, 8, 31),
        ),
    ),
)
SITES = (GRID, KONTAN)
