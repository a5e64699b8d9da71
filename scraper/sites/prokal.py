"""The Prokal network (Kaltim Post group): Inertia pages since 2025, articles of /read/news/ before.

What lay between (2022–2025, kaltimpost.jawapos.com) runs on the system of the Radar papers.
"""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Embedded, Layout, Portal, Site
from scraper.sites.portals import papers, zone_of

_KALTIM = "Kalimantan Timur"

_PAPERS = (
    ("kaltim", "Kaltim Post", _KALTIM),
    ("samarinda", "Samarinda Pos", _KALTIM),
    ("balikpapan", "Balikpapan Pos", _KALTIM),
    ("bontang", "Bontang Post", _KALTIM),
    ("kaltara", "Radar Tarakan", "Kalimantan Utara"),
    ("berau", "Berau Post", _KALTIM),
    ("kalteng", "Kalteng Pos", "Kalimantan Tengah"),
    ("kalsel", "Radar Banjarmasin", "Kalimantan Selatan"),
)

SITE = Site(
    name="prokal",
    title="Prokal network (Kaltim Post group)",
    portals=(
        Portal(slug="prokal-co", brand="Prokal.co", hosts=("www.prokal.co", "prokal.co", "*.prokal.co"), zone=zone_of(_KALTIM), province=_KALTIM),
        *papers("prokal", "prokal.co", _PAPERS),
    ),
    # /category/1234567890/slug · /read/news/123456-slug.html
    article_path=re.compile(r"^/(?:[a-z0-9-]+/\d{5,12}/[^/]+|read/news/\d+-[^/]+)/?$"),
    other_path=re.compile(r"^/(?:tag|topik|indeks|rubrik|penulis|search|api)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/",)),
    layouts=(
        Layout(
            name="prokal/2025",
            since=date(2025, 1, 1),
            embedded=Embedded(selector="div#app@data-page", root="props.article"),
            headline=("data:title", "h1"),
            lede=("data:description",),
            published=("data:published_at",),  # no offset; taken for the clock of the paper
            byline=("data:authors.*.name", "data:author.name", "data:author"),
            editors=("data:editor.name", "data:editor"),
            body=("data:content",),
            image=("data:cover", "data:image"),
            caption=("figure figcaption",),
            tags=("data:tags.*.name", "data:tags"),
            section=("data:category.name", "data:category"),
            related=("p:has(> strong.readmore)", "strong.readmore"),
            drop=("p.page", "figure"),
            confidence="reported",
            source="one crawler of www.prokal.co, 2026",
            checked=date(2026, 6, 30),
        ),
        Layout(
            name="prokal/2016",
            until=date(2023, 12, 31),
            signature=(".content-artikel-judul",),
            headline=(".content-artikel-judul",),
            published=(".content-artikel-tanggal",),
            byline=(".content-artikel-penulis", ".content-artikel-reporter"),
            body=(".content-artikel-isi", ".content-artikel", "div:has(> .content-artikel-judul)"),
            image=(".content-artikel-image img@src", "img.content-artikel-image@src"),
            caption=(".content-artikel-caption", ".content-artikel-image figcaption"),
            drop=(
                ".content-artikel-judul", ".content-artikel-tanggal", ".content-artikel-image", ".content-artikel-caption",
                ".content-artikel-penulis", ".content-artikel-reporter", ".media", "[class*=share]",
            ),
            confidence="reported",
            source="one crawler of kaltim.prokal.co, 2021",
            checked=date(2021, 1, 5),
        ),
    ),
    note="Some requests were answered 403 (reported 2021). The zone of the times since 2025 is not established;"
    " the sub-domains are from general lists.",
)  # fmt: skip
