"""Sindonews (MNC): desks on sub-domains, of which `daerah` is the regional one; texts of <br> without <p>."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.portals import desks

SITE = Site(
    name="sindonews",
    title="SINDOnews",
    portals=(
        Portal(slug="sindonews-utama", brand="SINDOnews", hosts=("www.sindonews.com", "sindonews.com", "*.sindonews.com")),
        *desks(
            "sindonews",
            "sindonews.com",
            "SINDOnews",
            ("daerah", "nasional", "ekbis", "international", "sports", "kalam", "edukasi", "lifestyle", "otomotif", "tekno"),
        ),
    ),
    # /read/1900005/178/slug-1900000005, later pages …/5, …/10
    article_path=re.compile(r"^/(?:newsread|read)/\d+/\d+/[^/]+(?:/\d{1,3})?/?$|^/newsread/\d{4,}(?:/[^/]+)?/?$"),
    other_path=re.compile(r"^/(?:more|topic|tag|indeks|blog|search)(?:/|$)"),
    other_hosts=tuple(f"{each}.sindonews.com" for each in ("e", "pict", "hi-lite", "scope", "media", "search")),
    discovery=Discovery(
        sections=("https://{host}/",),
        by_date="https://www.sindonews.com/indeks/0/{page}?t={year}-{month:02d}-{day:02d}",
        first_page=0,
        page_step=20,
    ),
    layouts=(
        Layout(
            name="sindonews/2024",
            since=date(2024, 1, 1),
            signature=("h1.detail-title",),
            headline=("h1.detail-title",),
            published=(".detail-date-artikel",),
            byline=(".detail-nama-redaksi a[rel=author]", ".detail-nama-redaksi"),
            body=("#detail-desc", "div.detail-desc"),
            pages=(".paging-artikel a[data-ci-pagination-page]@href",),
            drop=("div[class^=v-]", "ins"),
            confidence="reported",
            source="notes on ekbis. and www.sindonews.com, and a scraper kept in use",
            checked=date(2026, 7, 24),
        ),
    ),
    dateline_names=("SINDOnews",),
    note="?showpage=all has all pages of an article, but no JSON-LD.",
)  # fmt: skip
