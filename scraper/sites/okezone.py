"""Okezone: desks on hosts of their own; the first word of a text is set in bold capitals and glued to the next."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

_DESKS = (
    "news",
    "economy",
    "bola",
    "celebrity",
    "lifestyle",
    "sports",
    "techno",
    "autos",
    "haji",
    "travel",
    "food",
    "women",
    "muslim",
    "nasional",
)

_LAYOUTS = (
    Layout(
        name="okezone/2020",
        since=date(2018, 1, 1),
        signature=("div.c-detail.read",),
        headline=("div.title-article h1", "h1"),
        published=("div.journalist span",),
        byline=("div.journalist a[title]@title", "div.journalist a"),
        body=("div.c-detail.read",),
        image=(".img-article img@src",),
        caption=(".img-article .desc-foto",),
        section=("div.breadcrumb a",),
        tags=("#tag .box-tag a",),
        pages=("#paging .box-nomor a.nomor@href",),
        related=("#baca-juga",),
        drop=(".vicon", "div.baca-juga"),
        confidence="reported",
        source="notes on okezone.com",
        checked=date(2026, 7, 24),
    ),
    Layout(
        name="okezone/2015",
        until=date(2019, 12, 31),
        signature=("#contentx",),
        headline=("div.titles h1", "div.title-detail h1", "h1:has(+ *):not(:has(a))", "h1:not(:has(a))"),
        published=("time.tgl", "[class=tgl]"),
        byline=("div.nmreporter div",),
        body=("div.detail-content div.detail-img", "#contentx"),
        image=("#imgCheck@src",),
        caption=("div.caption-img-ab",),
        tags=("div.detail-tag a",),
        source="saved page of lifestyle.okezone.com, November 2015",
        checked=date(2015, 11, 5),
    ),
)

SITE = Site(
    name="okezone",
    title="Okezone",
    portals=(
        Portal(
            slug="okezone-utama",
            brand="Okezone",
            hosts=("www.okezone.com", "okezone.com", "*.okezone.com"),
            zone="Asia/Jakarta",
        ),
        *(
            Portal(slug=f"okezone-{desk}", brand="Okezone", hosts=(f"{desk}.okezone.com",), zone="Asia/Jakarta")
            for desk in _DESKS
        ),
    ),
    # /view/… is a gallery
    article_path=re.compile(r"^/(?:read|view)/\d{4}/\d{2}/\d{2}/\d+/\d+(?:/|$)"),
    other_path=re.compile(r"^/(?:more|mmore|tag|indeks)(?:/|$)"),
    other_hosts=("mpi.okezone.com",),
    discovery=Discovery(
        sections=("https://{host}/",),
        by_date="https://{host}/indeks/{year}/{month:02d}/{day:02d}/{page}",
        first_page=0,
        page_step=10,
    ),
    layouts=_LAYOUTS,
    credit_names=("okezone*",),
    note="?page=all has all pages of an article. mpi.okezone.com prints articles of Sindonews and iNews again.",
)
