"""IDN Times: the national site and its regional sub-domains, which print another template."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

_WITA = "Asia/Makassar"
_REGIONS = (
    ("jatim", "Jawa Timur", "Asia/Jakarta"),
    ("jabar", "Jawa Barat", "Asia/Jakarta"),
    ("jateng", "Jawa Tengah", "Asia/Jakarta"),
    ("jogja", "DI Yogyakarta", "Asia/Jakarta"),
    ("banten", "Banten", "Asia/Jakarta"),
    ("sumut", "Sumatera Utara", "Asia/Jakarta"),
    ("sumsel", "Sumatera Selatan", "Asia/Jakarta"),
    ("lampung", "Lampung", "Asia/Jakarta"),
    ("bali", "Bali", _WITA),
    ("ntb", "Nusa Tenggara Barat", _WITA),
    ("kaltim", "Kalimantan Timur", _WITA),
    ("sulsel", "Sulawesi Selatan", _WITA),
)

SITE = Site(
    name="idntimes",
    title="IDN Times",
    portals=(
        Portal(
            slug="idn-times",
            brand="IDN Times",
            hosts=("www.idntimes.com", "idntimes.com", "m.idntimes.com", "*.idntimes.com"),
        ),
        *(
            Portal(
                slug=f"idntimes-{sub}",
                brand=f"IDN Times {sub.upper() if len(sub) == 3 else sub.capitalize()}",
                hosts=(f"{sub}.idntimes.com",),
                zone=zone,
                province=province,
            )
            for sub, province, zone in _REGIONS
        ),
    ),
    # /news/indonesia/slug-00-fxtur-a1b2c3 (2026) · /news/indonesia/author-name/slug (before)
    article_path=re.compile(r"^/[a-z0-9-]+/(?:[a-z0-9-]+/){1,2}(?:[^/-]+-){2,}[^/-]+/?$"),
    other_path=re.compile(r"^/(?:tag|author|search|topic|event|rss|quiz|community/profile)(?:/|$)"),
    discovery=Discovery(feeds=("https://{host}/rss",), sections=("https://{host}/news",)),
    layouts=(
        Layout(
            name="idntimes/2026",
            signature=("#article-description", "[data-testid=title-article]"),
            headline=("[data-testid=title-article]", "h1"),
            published=("[data-testid=publish-date-article] time@datetime", "[data-testid=publish-date-article]"),
            byline=("[data-testid^=author-article]",),
            editors=("[data-testid^=editor-article]",),
            body=("#article-description",),
            caption=("[data-testid=cover-image] figcaption", "[data-testid=cover-caption]"),
            tags=("#tag-list-content a", "[data-testid=tag-list] a"),
            section=("[data-testid^=breadcrumbs]",),
            related=("[data-testid^=read-also]", ".baca-juga"),
            drop=("[data-testid*=ads]", "[id^=div-gpt-ad]", "figure", "[data-testid^=baca-juga]"),
            confidence="reported",
            source="notes on www.idntimes.com",
            checked=date(2026, 7, 24),
        ),
    ),
    note="The regional sub-domains (listed in feeds, 2026) print another template, read by the generic reader.",
)
