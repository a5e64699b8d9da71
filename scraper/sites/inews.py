"""iNews (MNC): the national site, with regions as first part of the path and on sub-domains."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Layout, Portal, Site
from scraper.sites.portals import papers

_REGIONS = (
    ("jabar", "iNews Jabar", "Jawa Barat"),
    ("jateng", "iNews Jateng", "Jawa Tengah"),
)

SITE = Site(
    name="inews",
    title="iNews",
    portals=(
        Portal(slug="inews-id", brand="iNews.id", hosts=("www.inews.id", "inews.id", "*.inews.id")),
        *papers("inews", "inews.id", _REGIONS),
    ),
    # /news/nasional/slug · /regional/jabar/slug · /berita/slug: a slug has four words or more, if no number stands before it:
    # /read/512345/slug on the hosts of cities
    article_path=re.compile(r"^/(?:[a-z0-9-]+/){1,3}(?:[^/-]+-){3,}[^/-]+/?$|^/read/\d{4,}/[^/]+"),
    other_path=re.compile(r"^/(?:tag|topic|indeks|search|author|penulis|foto|video|multimedia)(?:/|$)"),
    layouts=(
        Layout(
            name="inews/2025",
            since=date(2024, 1, 1),
            signature=(".createdAt", ".timeAndShare"),
            headline=("h1",),
            published=(".createdAt", ".timeAndShare"),
            byline=(".author",),
            body=("div.content", ".content"),
            related=("[class*=baca-juga]",),
            drop=("figure", "ins"),
            confidence="reported",
            source="selectors of a scraper kept in use; no page seen",
            checked=date(2026, 8, 31),
        ),
    ),
    note="Where its articles are listed is not established but for /tag/KEYWORD; the regional sub-domains are inferred.",
)
