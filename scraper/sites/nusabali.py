"""NusaBali: a text in microdata."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.portals import zone_of

SITE = Site(
    name="nusabali",
    title="NusaBali",
    portals=(
        Portal(
            slug="nusa-bali",
            brand="NusaBali",
            hosts=("www.nusabali.com", "nusabali.com"),
            zone=zone_of("Bali"),
            province="Bali",
        ),
    ),
    article_path=re.compile(r"^/berita/\d+/[^/]+"),
    other_path=re.compile(r"^/(?:search|tag|kategori)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/",)),
    dateline_names=("NusaBali",),
    layouts=(
        Layout(
            name="nusabali/2024",
            signature=(".entry-box[itemprop=articleBody]",),
            headline=("h1[itemprop=headline]", "h1"),
            published=("span[itemprop=datePublished]@content", "span[itemprop=datePublished]"),
            byline=("span[itemprop=author]",),
            body=(".entry-box[itemprop=articleBody] .entry-content", ".entry-box[itemprop=articleBody]"),
            section=("span[itemprop=articleSection]",),
            drop=("figure", "ins"),
            confidence="reported",
            source="selectors of a scraper kept in use",
            checked=date(2026, 8, 31),
        ),
    ),
)
