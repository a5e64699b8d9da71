"""Independents of Solo and Yogyakarta: Solopos and Harian Jogja."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

SOLOPOS = Site(
    name="solopos",
    title="Solopos",
    portals=(
        Portal(
            slug="solopos-com",
            brand="Solopos.com",
            hosts=("www.solopos.com", "solopos.com"),
            province="Jawa Tengah",
        ),
    ),
    article_path=re.compile(r"^/(?:[a-z0-9-]+/)?(?:[^/-]++-){2,}\d{5,8}/?$"),  # the slug ends with a number
    other_path=re.compile(r"^/(?:tag|author|search|indeks|foto|video)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/",)),
    note="No page was seen: its texts are read by the generic reader. Promo lines stand between the paragraphs.",
)
HARIAN_JOGJA = Site(
    name="harianjogja",
    title="Harian Jogja",
    portals=(
        Portal(
            slug="harian-jogja",
            brand="Harian Jogja",
            hosts=("www.harianjogja.com", "harianjogja.com", "*.harianjogja.com"),
            province="DI Yogyakarta",
        ),
    ),
    # /r-1234567/slug · /read/2014/02/15/510/489123/slug
    article_path=re.compile(r"^/r-\d+/[^/]+|^/read/\d{4}/\d{2}/\d{2}/\d+/\d+/[^/]+"),
    other_path=re.compile(r"^/(?:tag|author|search|indeks)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/",)),
    layouts=(
        Layout(
            name="harianjogja/2024",
            signature=(".article-content", ".content-article"),
            headline=("h1",),
            body=(".article-content", ".content-article"),
            drop=("figure", "ins"),
            confidence="reported",
            source="selectors of a scraper kept in use: the text",
            checked=date(2026, 8, 31),
        ),
    ),
)
SITES = (SOLOPOS, HARIAN_JOGJA)
