"""Liputan6: all parts of an article are in one page; its photo galleries are a site of their own (liputan6_photo)."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Embedded, Layout, Portal, Site

_DESKS = (
    "news", "bisnis", "bola", "showbiz", "tekno", "regional", "surabaya", "health", "global", "otomotif", "lifestyle", "hot", "citizen6", "properti",
)  # fmt: skip
_LAYOUTS = (
    Layout(
        name="liputan6/2020",
        since=date(2018, 1, 1),
        signature=("div.article-content-body__item-content",),
        headline=("h1.read-page--header--title", "h1.entry-title", "h1[itemprop=headline]"),
        lede=("div.read-page--header--description p", "div.read-page--header--description"),
        published=("time.read-page--header--author__datetime@datetime", "time[itemprop=datePublished]@datetime", ".read-page-box__author__updated"),
        modified=("time.read-page--header--author__modified-time@datetime",),
        embedded=Embedded(selector="script", after=re.compile(r"window\.kmklabs\.gtm\s*=\s*")),
        byline=("span.read-page--header--author__name", "a.read-page-box__author__name", "data:authors.names"),
        editors=('div.read-page--credits__popover:has(> div:lexbor-contains("Editor")) > .read-page--credits__popover-name', "data:editors"),
        body=("div.article-content-body",),
        image=("div.read-page--top-media img@src",),
        caption=("div.read-page--top-media figcaption",),
        tags=("a.tags--snippet__link", ".read-page--tags__link"),
        section=(".read-page--breadcrumb--item__title", ".read-page--breadcrumb [itemprop=name]"),
        related=("div.baca-juga-collections__detail", "div.baca-juga-collections", "div.baca-juga", "div.relateds-slow--lattice"),
        drop=(
            "div.article-content-body__item-break", "div.article-content-body__item-media", "div.advertisement-placeholder", "div.article-ad", "div.promo",
            "div.seamless-ads", "[class*=item-loadmore]", "figure", "div.bottom-of-page", "div.photo-gateway",
        ),
        source="saved pages of www.liputan6.com, May 2024; the author of 2026 from notes",
        checked=date(2024, 5, 20),
    ),
    Layout(
        name="liputan6/2016",
        until=date(2018, 12, 31),
        signature=("div.read-page__content-body", "h1.read-page--header__title"),
        headline=("h1.read-page--header__title",),
        published=("time.read-page--header__datetime@datetime",),
        byline=("span.read-page--header__author",),
        editors=("#credits_editor + li .read-page--credits__name",),
        body=("div.read-page__content-body",),
        image=("div.read-page--photo-gallery img@src",),
        caption=("figcaption.read-page--photo-gallery--item__caption",),
        tags=(".read-page--tags__link",),
        section=(".read-page--breadcrumb [itemprop=name]",),
        related=("div.baca-juga",),
        drop=("figure", "div.advertisement"),
        source="saved pages of showbiz.liputan6.com, February 2016",
        checked=date(2016, 2, 16),
    ),
)  # fmt: skip

SITE = Site(
    name="liputan6",
    title="Liputan6.com",
    portals=(
        Portal(
            slug="liputan6-utama",
            brand="Liputan6.com",
            hosts=("www.liputan6.com", "liputan6.com", "*.liputan6.com"),
            zone="Asia/Jakarta",
        ),
        *(
            Portal(slug=f"liputan6-{desk}", brand="Liputan6.com", hosts=(f"{desk}.liputan6.com",), zone="Asia/Jakarta")
            for desk in _DESKS
        ),
    ),
    # /hot/read/4611435/slug; /4922610 on today.liputan6.com
    article_path=re.compile(r"^/(?:[a-z0-9-]+/)?read/\d{5,9}(?:/|$)|^/\d{6,9}/?$"),
    other_path=re.compile(r"^/(?:tag|indeks|search|amp|me)(?:/|$)"),
    discovery=Discovery(feeds=("https://feed.liputan6.com/rss/news",), sections=("https://{host}/",)),
    layouts=_LAYOUTS,
)
