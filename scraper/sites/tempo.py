"""Tempo, also in English: the pages of 2015 end with the reporter's name in bold capitals."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

_DESKS = ("nasional", "metro", "bisnis", "dunia", "bola", "gaya", "tekno", "seleb", "travel", "otomotif", "sport", "en")

_LAYOUTS = (
    Layout(
        name="tempo/2026",
        since=date(2024, 11, 1),
        signature=("div[id=content-wrapper]",),
        headline=("article h1", "h1"),
        # No published: the date stands in an element without a name of its own, and JSON-LD has it with its offset.
        body=("div[id=content-wrapper]",),  # one box for each paragraph
        caption=("article figure figcaption",),
        tags=('a.bg-primary-surface[href*="/tag/"]',),
        related=('p:has(> a):lexbor-contains("Pilihan Editor:")',),
        drop=("figure", "[id^=ads-slot]"),
        confidence="reported",
        source="notes on www.tempo.co",
        checked=date(2026, 7, 24),
    ),
    Layout(
        name="tempo/2019",
        since=date(2018, 1, 1),
        until=date(2025, 12, 31),
        signature=("div.detail-content", ".detail-content"),
        headline=("h1",),
        body=(".detail-content",),
        drop=("figure", "ins", "[class*=ads]"),
        confidence="reported",
        source="selectors of a scraper of nasional.tempo.co: the text",
        checked=date(2025, 6, 18),
    ),
    Layout(
        name="tempo/2015-en",
        until=date(2018, 12, 31),
        signature=("div.tubuh-berita",),
        headline=("div.judul-konten",),
        published=("div.kolom-2-kolom > div.tanggal", "div.tanggal"),
        body=("div.tubuh-berita",),
        image=("div.foto-konten img@src",),
        caption=("div.foto-desc",),
        tags=('a[href^="/topik/"]',),
        section=("#blok-sitemap a",),
        source="saved page of en.tempo.co, November 2015",
        checked=date(2015, 11, 4),
    ),
    Layout(
        name="tempo/2015",
        until=date(2018, 12, 31),
        signature=("div.artikel div.block-tanggal",),
        headline=("div.artikel h1",),
        published=("div.artikel div.block-tanggal",),
        body=("div.artikel",),
        image=("div.artikel div.single-img > img@src",),
        caption=("div.artikel div.deskripsi",),
        tags=("div.block-tag a", "ul.list-tag a"),
        section=("ul.block-kanal-map a",),
        drop=("ul.block-kanal-map", "h1", "div.block-tanggal", "div.block-display"),
        source="saved page of gaya.tempo.co, November 2015",
        checked=date(2015, 11, 5),
    ),
)

SITE = Site(
    name="tempo",
    title="Tempo",
    portals=(
        Portal(
            slug="tempo-utama", brand="TEMPO.CO", hosts=("www.tempo.co", "tempo.co", "*.tempo.co"), zone="Asia/Jakarta"
        ),
        *(
            Portal(slug=f"tempo-{desk}", brand="TEMPO.CO", hosts=(f"{desk}.tempo.co",), zone="Asia/Jakarta")
            for desk in _DESKS
        ),
    ),
    # /fakta/2280/slug on cekfakta.tempo.co, /read/kesehatan/483273/slug on koran.tempo.co
    article_path=re.compile(
        r"^/(?:inforial/)?read/(?:[A-Za-z]+/){1,2}\d{4}/\d{2}/\d{2}/\d+|^/[a-z-]+/[a-z0-9-]+-\d{5,8}$|^/read/(?:[a-z-]+/)?\d{5,}/|^/fakta/\d+(?:/|$)"
    ),
    other_path=re.compile(r"^/(?:indeks|tag|topik|search|foto|video)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/indeks",)),
    layouts=_LAYOUTS,
    dateline_names=("INFO NASIONAL", "INFO BISNIS", "TEMPO Interaktif"),
    note="JSON-LD of pages since 2025 holds the whole text and says whether it is free.",
)
