"""Merdeka.com (KLY): all pages of an article are in one; its editors are only in the script `window.kly`."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Embedded, Layout, Portal, Site

SITE = Site(
    name="merdeka",
    title="Merdeka.com",
    portals=(
        Portal(
            slug="merdeka-com",
            brand="Merdeka.com",
            hosts=("www.merdeka.com", "merdeka.com", "m.merdeka.com", "*.merdeka.com"),
        ),
    ),
    # /peristiwa/read/8253998/slug (2026) · /peristiwa/slug.html (before)
    # /foto/artis/slug.html, with two numbers before the slug on m.: galleries; /2856342 on today.merdeka.com
    article_path=re.compile(
        r"^/(?:[a-z0-9-]+/){1,2}(?:\d+/)?(?:read/\d+/[^/]+/?|(?:[^/-]*+-){2}[^/]+\.html)$|^/\d{6,9}/?$"
    ),
    other_path=re.compile(
        r"^/(?:tag|author|search|indeks|video|cari|reporter|company|hotnews/(?:petunjuk|syarat))(?:[/-]|$)"
    ),
    discovery=Discovery(
        news_sitemaps=("https://{host}/peristiwa/sitemap.xml",),
        sitemaps=("https://{host}/sitemap.xml",),
        sections=("https://{host}/peristiwa",),
    ),
    layouts=(
        Layout(
            name="merdeka/2026",
            since=date(2024, 1, 1),
            signature=("div.articles-content__body",),
            embedded=Embedded(selector="script", after=re.compile(r"window\.kly\s*=\s*"), root="article"),
            headline=("h1.articles-content__title",),
            lede=("p.articles-content__sinopsis",),
            byline=("[data-tracking=author_name]", "data:reporters"),
            editors=("data:editors",),
            body=("div.articles-content__body",),
            image=("figure.articles-content__image img@src",),
            caption=("figure.articles-content__image figcaption",),
            tags=(".tags-articles__list a",),
            section=("nav.breadcrumb-navigation li span",),
            related=('div:has(> span:lexbor-contains("Baca Juga"))',),
            drop=(".advertisement-placeholder", "[data-info=ad]", ".page-break", "figure"),
            confidence="reported",
            source="notes on www.merdeka.com",
            checked=date(2026, 7, 24),
        ),
    ),
    note="robots.txt forbids every URL with a query; JSON-LD names no author, and ends its breadcrumb with the headline.",
)
