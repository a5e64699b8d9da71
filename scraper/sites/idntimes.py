"""IDN Times: the national site and its regional sub-domains, which print another template."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.portals import papers

_REGIONS = (
    ("jatim", "IDN Times Jatim", "Jawa Timur"),
    ("jabar", "IDN Times Jabar", "Jawa Barat"),
    ("jateng", "IDN Times Jateng", "Jawa Tengah"),
    ("jogja", "IDN Times Jogja", "DI Yogyakarta"),
    ("banten", "IDN Times Banten", "Banten"),
    ("sumut", "IDN Times Sumut", "Sumatera Utara"),
    ("sumsel", "IDN Times Sumsel", "Sumatera Selatan"),
    ("lampung", "IDN Times Lampung", "Lampung"),
    ("bali", "IDN Times Bali", "Bali"),
    ("ntb", "IDN Times NTB", "Nusa Tenggara Barat"),
    ("kaltim", "IDN Times Kaltim", "Kalimantan Timur"),
    ("sulsel", "IDN Times Sulsel", "Sulawesi Selatan"),
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
        *papers("idntimes", "idntimes.com", _REGIONS),
    ),
    # /news/indonesia/slug-00-fxtur-a1b2c3 (2026) · /news/indonesia/author-name/slug (before)
    article_path=re.compile(r"^/[a-z0-9-]+/(?:[a-z0-9-]+/){1,2}(?:[^/-]+-){2,}[^/-]+(?:/full)?/?$"),
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
    dateline_names=("IDN Times",),
    note="The regional sub-domains (listed in feeds, 2026) print another template, read by the generic reader.",
)
