"""CNN Indonesia and CNBC Indonesia (CT Corp): sisters of detik, with its boxes between the paragraphs."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

# /ekonomi/20260724100745-78-1234567/slug: the moment, the desk's number, the article's
_ARTICLE = re.compile(r"^/(?:[a-z0-9-]+/)?\d{14}-\d+-\d+/[^/]+/?$")
_OTHER = re.compile(r"^/(?:tag|indeks|search|tv|video|foto|infografis|amp)(?:/|$)")
_CNN = Layout(
    name="cnnindonesia/2017",
    since=date(2017, 1, 1),
    signature=("div.detail-text", "div.detail_text"),
    headline=("h1",),
    # No published: the date stands in an element without a name of its own, and JSON-LD has it with its offset.
    body=("div.detail-text", "div.detail_text"),
    tags=('aside a[href*="/tag/"]',),
    section=("div.breadcrumb a[class*=breadcrumb]",),
    related=("table.linksisip",),
    drop=(
        ".paradetail", ".parallaxindetail", "p.para_caption", ".noncontent", ".newstag", ".end-of-article", "a[href*=outboundlinks]", "ins",
    ),
    confidence="reported",
    source="notes on www.cnnindonesia.com, and four scrapers of 2019–26",
    checked=date(2026, 7, 24),
)  # fmt: skip
CNN = Site(
    name="cnnindonesia",
    title="CNN Indonesia",
    portals=(Portal(slug="cnn-indonesia", brand="CNN Indonesia", hosts=("www.cnnindonesia.com", "cnnindonesia.com")),),
    article_path=_ARTICLE,
    other_path=_OTHER,
    discovery=Discovery(feeds=("https://{host}/nasional/rss",), sections=("https://{host}/indeks?page=1",)),
    layouts=(_CNN,),
    dateline_names=("CNN Indonesia",),
    note="Whether the index can be asked for a day is not established. Its texts name no author.",
)
CNBC = Site(
    name="cnbcindonesia",
    title="CNBC Indonesia",
    portals=(
        Portal(slug="cnbc-indonesia", brand="CNBC Indonesia", hosts=("www.cnbcindonesia.com", "cnbcindonesia.com")),
    ),
    article_path=_ARTICLE,
    other_path=_OTHER,
    discovery=Discovery(sections=("https://{host}/indeks",)),
    dateline_names=("CNBC Indonesia",),
    layouts=(
        replace(
            _CNN,
            name="cnbcindonesia/2018",
            since=date(2018, 1, 1),
            signature=("div.detail_text", "div.detail-text"),
            body=("div.detail_text", "div.detail-text"),
            source="selectors of a scraper kept in use, August 2026",
            checked=date(2026, 8, 31),
        ),
    ),
)
SITES = (CNN, CNBC)
