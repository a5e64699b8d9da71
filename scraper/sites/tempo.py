"""Tempo: the pages of 2015 end with the reporter's name in bold capitals."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

_DESKS = ("nasional", "metro", "bisnis", "dunia", "bola", "gaya", "tekno", "seleb", "travel", "otomotif", "m")

_LAYOUTS = (
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
        Portal(slug="tempo-utama", brand="TEMPO.CO", hosts=("www.tempo.co", "tempo.co"), zone="Asia/Jakarta"),
        *(
            Portal(slug=f"tempo-{desk}", brand="TEMPO.CO", hosts=(f"{desk}.tempo.co",), zone="Asia/Jakarta")
            for desk in _DESKS
        ),
    ),
    article_path=re.compile(r"^/read/(?:news|[a-z]+)/\d{4}/\d{2}/\d{2}/\d+|^/[a-z-]+/[a-z0-9-]+-\d{5,8}$|^/read/\d+/"),
    other_path=re.compile(r"^/(?:indeks|tag|topik|search|foto|video)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/indeks",)),
    layouts=_LAYOUTS,
    note="Pages since 2025 are complete in their JSON-LD; the generic reader takes them.",
)
