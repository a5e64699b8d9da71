"""The papers of the catalogue that run on WordPress, by province. Adding one is three lines."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from scraper.sites import Layout
from scraper.sites.wordpress import DISCOVERY, DROP, LAYOUTS, RELATED, wordpress

_WITA = "Asia/Makassar"

# The body stands in its own box inside the theme's (selectors of a scraper kept in use, 2026).
_BERITAJATIM = Layout(
    name="beritajatim/2025",
    signature=("div.article-content", "div[itemprop=articleBody]"),
    headline=("h1.entry-title", "article h1", "h1"),
    published=("time[itemprop=datePublished]@datetime", "time.entry-date@datetime", "article time@datetime"),
    byline=("[itemprop=author] [itemprop=name]", ".author-name a", ".author.vcard a"),
    body=("div[itemprop=articleBody]", "div.article-content"),
    image=("img.wp-post-image@src",),
    caption=("article figure figcaption",),
    tags=(".tags-links a", "a[rel~=tag]"),
    section=(".breadcrumb a", ".breadcrumbs a"),
    related=RELATED,
    drop=DROP,
    confidence="reported",
    source="selectors of a scraper kept in use, August 2026",
    checked=date(2026, 8, 31),
)
# Seen in October 2020: <time datetime="…+00:00"> although the clock is that of Bali.
_METROBALI = replace(
    next(layout for layout in LAYOUTS if layout.name == "wordpress/classic"),
    name="metrobali/2020",
    modified=("time.updated@datetime",),
    wrong_offset=True,
    confidence="seen",
    source="saved front page of metrobali.com, October 2020",
    checked=date(2020, 10, 31),
)

SITES = (
    # Sumatera
    wordpress(
        "waspada",
        "Waspada",
        "waspada.co.id",
        "redaksi.waspada.co.id",
        province="Sumatera Utara",
        discovery=replace(DISCOVERY, feeds=("https://{host}/feed/", "https://redaksi.waspada.co.id/v2024/feed/")),
    ),
    wordpress(
        "waspada-id",
        "Waspada (waspada.id)",
        "waspada.id",
        province="Sumatera Utara",
        note="WordPress until about 2025; the system after it is not known.",
    ),
    # Jawa
    wordpress("banten-news", "Banten News", "www.bantennews.co.id", province="Banten"),
    wordpress("beritajatim", "Beritajatim", "beritajatim.com", province="Jawa Timur", layouts=(_BERITAJATIM,)),
    # Bali
    wordpress(
        "bali-post",
        "Bali Post",
        "www.balipost.com",
        zone=_WITA,
        province="Bali",
        article_path=re.compile(r"^/(?:[a-z0-9-]+/)?\d{4}/\d{2}/\d{2}/\d+/[^/]+(?:/\d{1,2})?/?$", re.IGNORECASE),
    ),
    wordpress("metro-bali", "Metro Bali", "metrobali.com", zone=_WITA, province="Bali", layouts=(_METROBALI,)),
    # Kalimantan
    wordpress(
        "suara-kalbar",
        "Suara Kalbar",
        "www.suarakalbar.co.id",
        province="Kalimantan Barat",
        discovery=replace(DISCOVERY, sections=("https://{host}/category/kalbar/",)),
    ),
    wordpress(
        "kalbar-online",
        "Kalbar Online",
        "kalbaronline.com",
        province="Kalimantan Barat",
        discovery=replace(DISCOVERY, sections=("https://{host}/berita-daerah/",)),
    ),
    wordpress("niaga-asia", "Niaga.Asia", "www.niaga.asia", zone=_WITA, province="Kalimantan Timur"),
    wordpress("kaltimpost-id", "Kaltim Post (kaltimpost.id)", "kaltimpost.id", zone=_WITA, province="Kalimantan Timur"),
    wordpress("borneo24", "Borneo24", "borneo24.com", province="Kalimantan Tengah"),
    # Sulawesi
    wordpress("berita-manado", "BeritaManado.com", "beritamanado.com", zone=_WITA, province="Sulawesi Utara"),
    wordpress("fajar", "Fajar", "fajar.co.id", zone=_WITA, province="Sulawesi Selatan"),
)
