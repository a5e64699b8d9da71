"""Suara.com: the national site and its regional sub-domains; an article of several pages has ?page=2."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.portals import papers

_REGIONS = (
    ("sumut", "SuaraSumut", "Sumatera Utara"),
    ("riau", "SuaraRiau", "Riau"),
    ("batam", "SuaraBatam", "Kepulauan Riau"),
    ("sumsel", "SuaraSumsel", "Sumatera Selatan"),
    ("lampung", "SuaraLampung", "Lampung"),
    ("bekaci", "SuaraBekaci", "Jawa Barat"),
    ("jabar", "SuaraJabar", "Jawa Barat"),
    ("jateng", "SuaraJawaTengah", "Jawa Tengah"),
    ("jogja", "SuaraJogja", "DI Yogyakarta"),
    ("jatim", "SuaraJatim", "Jawa Timur"),
    ("malang", "SuaraMalang", "Jawa Timur"),
    ("bali", "SuaraBali", "Bali"),
    ("kalbar", "SuaraKalbar", "Kalimantan Barat"),
    ("kaltim", "SuaraKaltim", "Kalimantan Timur"),
    ("sulsel", "SuaraSulsel", "Sulawesi Selatan"),
)

SITE = Site(
    name="suara",
    title="Suara.com",
    portals=(
        Portal(slug="suara-com", brand="Suara.com", hosts=("www.suara.com", "suara.com", "*.suara.com")),
        *papers("suaracom", "suara.com", _REGIONS),
    ),
    # /news/2026/07/24/070859/slug · /read/2026/07/24/070859/slug on the sub-domains
    article_path=re.compile(r"^/[a-z0-9-]+/\d{4}/\d{2}/\d{2}/\d{6}/[^/]+/?$"),
    other_path=re.compile(r"^/(?:tag|author|reporter|indeks|search|foto|video|loadmoredetail)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/indeks",)),
    layouts=(
        Layout(
            name="suara/2026",
            since=date(2023, 1, 1),
            signature=("div.article-content",),
            headline=("div.detail-content h1", "h1"),
            byline=(".author-trigger a",),
            body=("div.article-content",),
            tags=(".article-tags a",),
            related=("div.article-read",),
            pages=("ul.pagination-custom a@href",),
            drop=(".ten-second", "#next-article", "[id*=div-ad]", "[class^=placeholder]", "figure"),
            confidence="reported",
            source="notes on www.suara.com",
            checked=date(2026, 7, 24),
        ),
    ),
    lines=(r"baca (?:dalam )?10 detik",),
    note="The list of regional sub-domains is general knowledge, not seen on a page.",
)
