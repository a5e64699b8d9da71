"""BeritaSatu: `dataLayer` has the editor's name where the page prints initials."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Embedded, Layout, Portal, Site

SITE = Site(
    name="beritasatu",
    title="BeritaSatu",
    portals=(Portal(slug="beritasatu-com", brand="Beritasatu.com", hosts=("www.beritasatu.com", "beritasatu.com")),),
    # /nasional/900001/slug · /nama/nasional/685833/slug (2020)
    article_path=re.compile(r"^/(?:[a-z0-9-]+/){1,3}\d{5,8}/[^/]+/?$|^/(?:[a-z0-9-]+/){1,3}\d{5,8}-[^/]+/?$"),
    other_path=re.compile(r"^/(?:tag|search|network|widgets?|indeks|penulis|editor|foto|video|photo)(?:/|$)"),
    discovery=Discovery(
        news_sitemaps=("https://{host}/sitemap/nasional/news.xml",),
        sections=("https://{host}/terkini/indeks", *(f"https://{{host}}/{each}/indeks" for each in ("banten", "jabar"))),
    ),
    layouts=(
        Layout(
            name="beritasatu/2026",
            since=date(2023, 1, 1),
            signature=("div.body-content",),
            embedded=Embedded(selector="script", after=re.compile(r"dataLayer\.push\(")),
            headline=("h1", "data:judul_artikel"),
            byline=("data:penulis",),
            editors=("data:editor",),  # the page prints initials
            body=("div.body-content",),
            caption=("figcaption",),
            tags=('div.body-content > div a[href*="/tag/"]',),
            section=("data:content_category", "data:sub_category"),
            related=('div:has(> p:lexbor-contains("BACA JUGA"))',),
            drop=('div:has(> a[href*="/tag/"])', "[id^=div-gpt-ad]", ".halfpage", 'div[style*=center]:lexbor-contains("ADVERTISEMENT")'),
            confidence="reported",
            source="notes on www.beritasatu.com",
            checked=date(2026, 7, 24),
        ),
        Layout(
            name="beritasatu/2020",
            until=date(2022, 12, 31),
            signature=("p.editor",),
            headline=("h1",),
            published=("p.editor",),
            byline=("p.editor",),
            body=("div.story",),
            related=('div[class*=card]:has(:lexbor-contains("BACA JUGA"))',),
            drop=("figure", "ins", "[id^=div-gpt-ad]"),
            source="a saved page of www.beritasatu.com, October 2020",
            checked=date(2020, 10, 9),
        ),
    ),
    note="A CDN answers 403 to what is no browser (reported 2026); kliping says its name and records that as blocked.",
)  # fmt: skip
