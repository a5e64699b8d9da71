"""JPNN: the national site of the Jawa Pos National Network and its regional sub-domains; the standfirst is below the text."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.portals import papers

_REGIONS = (
    ("sumsel", "JPNN Sumsel", "Sumatera Selatan"),
    ("lampung", "JPNN Lampung", "Lampung"),
    ("banten", "JPNN Banten", "Banten"),
    ("jabar", "JPNN Jabar", "Jawa Barat"),
    ("jateng", "JPNN Jateng", "Jawa Tengah"),
    ("jogja", "JPNN Jogja", "DI Yogyakarta"),
    ("jatim", "JPNN Jatim", "Jawa Timur"),
    ("bali", "JPNN Bali", "Bali"),
    ("ntb", "JPNN NTB", "Nusa Tenggara Barat"),
    ("kaltim", "JPNN Kaltim", "Kalimantan Timur"),
    ("sultra", "JPNN Sultra", "Sulawesi Tenggara"),
    ("papua", "JPNN Papua", "Papua"),
)

SITE = Site(
    name="jpnn",
    title="JPNN.com",
    portals=(
        Portal(slug="jpnn-com", brand="JPNN.com", hosts=("www.jpnn.com", "jpnn.com", "*.jpnn.com")),
        *papers("jpnn", "jpnn.com", _REGIONS),
    ),
    # /news/slug · /jatim-terkini/12345/slug on the sub-domains
    article_path=re.compile(r"^/(?:[a-z0-9-]+/)?(?:news|\d+)/(?:[^/-]++-){2}[^/]+/?$|^/[a-z0-9-]+/\d{3,8}/[^/]+/?$"),
    other_path=re.compile(r"^/(?:tag|index|indeks|search|author|foto|video|kanal)(?:/|$)"),
    discovery=Discovery(feeds=("https://{host}/rss", "https://{host}/index.php?mib=rss"), sections=("https://{host}/",)),
    layouts=(
        Layout(
            name="jpnn/2021",
            since=date(2018, 1, 1),
            signature=("h1.judul",),
            headline=("h1.judul",),
            lede=('h4[style*="center"]', "h4[align=center]", "h4.text-center", "center h4", 'div[style*="center"] > h4', "div[itemprop=articleBody] + h4"),
            published=("span.date-publish[itemprop=datePublished]", "span.date-publish", "[itemprop=datePublished]"),
            byline=("p.waktu",),
            body=("div[itemprop=articleBody]",),
            caption=("div.caption",),
            tags=("div.tags a[rel=tag]", "div.tags a"),
            related=("div.baca-juga",),
            pages=("div.pagination a@href",),
            drop=(
                "div.caption", 'h4[style*="center"]', "h4[align=center]", "h4.text-center", "center", 'div[style*="center"]:has(> h4)', "div.pagination", "p.waktu", "div.tags", "ins", "figure",
            ),
            source="a saved page of www.jpnn.com, July 2021",
            checked=date(2021, 7, 18),
        ),
    ),
    credit_names=("JPNN",),
    note="The regional sub-domains are from general lists. Articles have ?page=2.",
)  # fmt: skip
