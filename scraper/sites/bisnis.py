"""Bisnis.com (Bisnis Indonesia): desks and regional pages on sub-domains."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.portals import papers

_PAGES = (
    ("kabar24", "Bisnis.com Kabar24", None),
    ("sumatra", "Bisnis.com Sumatra", None),
    ("semarang", "Bisnis.com Semarang", "Jawa Tengah"),
    ("surabaya", "Bisnis.com Surabaya", "Jawa Timur"),
    ("bali", "Bisnis.com Bali", "Bali"),
)

SITE = Site(
    name="bisnis",
    title="Bisnis.com",
    portals=(
        Portal(slug="bisnis-com", brand="Bisnis.com", hosts=("www.bisnis.com", "bisnis.com", "*.bisnis.com")),
        *papers("bisnis", "bisnis.com", _PAGES),
    ),
    # /read/20260724/15/1234567/slug; /finansial/read/… on m.bisnis.com
    article_path=re.compile(r"^/(?:[a-z0-9-]+/)?read/\d{8}/\d+/\d+/[^/]+"),
    other_path=re.compile(r"^/(?:topic|tag|index|search|author)(?:/|$)"),
    other_hosts=(
        "epaper.bisnis.com",
        "foto.bisnis.com",
        "video.bisnis.com",
        "infografis.bisnis.com",
        "infografik.bisnis.com",
    ),
    discovery=Discovery(sections=("https://{host}/",)),
    layouts=(
        Layout(
            name="bisnis/2022",
            since=date(2022, 1, 1),
            signature=("article.detailsContent",),
            headline=("h1",),
            published=(".detailsAttributeDates",),
            body=("article.detailsContent",),
            drop=("figure", "ins", "[id^=div-gpt-ad]"),
            confidence="reported",
            source="selectors of a scraper kept in use: text and date",
            checked=date(2026, 8, 31),
        ),
    ),
)
