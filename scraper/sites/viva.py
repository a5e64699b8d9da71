"""VIVA: desks on hosts of their own in 2016, on www since."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

_DESKS = (
    "nasional",
    "metro",
    "politik",
    "bisnis",
    "dunia",
    "bola",
    "sport",
    "life",
    "teknologi",
    "otomotif",
    "showbiz",
    "jatim",
    "jabar",
)

_LAYOUTS = (
    Layout(
        name="viva/2026",
        since=date(2025, 7, 1),
        signature=("h1.main-title",),
        headline=("h1.main-title",),
        published=("div.date-time time.date@datetime", "div.date-time time.date"),
        byline=("div.date-time span.author",),
        body=("div.main-content-detail",),
        related=("div.recommended-article",),
        pages=("div.pagination-detail a@href",),
        drop=(".ads", "ins", "figure"),
        confidence="reported",
        source="notes on www.viva.co.id",
        checked=date(2026, 7, 24),
    ),
    Layout(
        name="viva/2020",
        since=date(2018, 1, 1),
        signature=("h1.main-content-title",),
        headline=("h1.main-content-title",),
        published=("div.main-content-date", ".main-content-date"),
        byline=("div.main-content-author", ".main-content-author"),
        body=("div.main-content-detail",),
        related=(".recommended-article",),
        confidence="reported",
        source="notes on www.viva.co.id",
        checked=date(2025, 6, 18),
    ),
    Layout(
        name="viva/2016",
        until=date(2018, 12, 31),
        signature=("#article-content",),
        headline=("article.article-detail div.title h1",),
        kicker=("article.article-detail div.upperdeck",),
        lede=("article.article-detail div.summary",),
        published=("div.smalldesc div.date",),
        byline=("div.smalldesc div.author",),
        body=("#article-content",),
        image=("div.thumbcontainer img@src",),
        caption=("div.photodesc",),
        credit=("div.photodesc b",),
        tags=("div.tags a", "div.tag a"),
        section=("div.upperdeck-kanal",),
        drop=("div.portlet", "aside", "div.thumbcontainer", "blockquote.twitter-tweet", 'div[style*="center"]'),
        source="saved page of life.viva.co.id, February 2016",
        checked=date(2016, 2, 16),
    ),
)

SITE = Site(
    name="viva",
    title="VIVA",
    portals=(
        Portal(
            slug="viva-utama",
            brand="VIVA.co.id",
            hosts=("www.viva.co.id", "viva.co.id", "*.viva.co.id", "*.news.viva.co.id", "*.life.viva.co.id"),
            zone="Asia/Jakarta",
        ),
        *(
            Portal(
                slug=f"viva-{desk}",
                brand="VIVA.co.id",
                hosts=(f"{desk}.viva.co.id", f"{desk}.news.viva.co.id"),
                zone="Asia/Jakarta",
            )
            for desk in _DESKS
        ),
    ),
    article_path=re.compile(r"/(?:read/)?\d{5,8}-[a-z0-9-]+"),
    other_path=re.compile(r"^/(?:indeks|tag|search|foto|video)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/indeks",)),
    layouts=_LAYOUTS,
    dateline_names=("VIVA", "VIVAnews"),
    note="dateModified of its JSON-LD is not to be relied on; the index shows 34 rows only.",
)
