"""Republika: prints its editor ("Red:"), rarely its reporter ("Rep:"), and JSON-LD calls the editor the author."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

_DESKS = (
    ("nasional", None),
    ("news", None),
    ("ekonomi", None),
    ("khazanah", None),
    ("internasional", None),
    ("gayahidup", None),
    ("sport", None),
    ("rejabar", "Jawa Barat"),
    ("rejogja", "DI Yogyakarta"),
)

_LAYOUTS = (
    Layout(
        name="republika/2022",
        since=date(2018, 1, 1),
        signature=("div.max-card__title", "div.article-content"),
        headline=("div.max-card__title h1", "h1"),
        published=(".date.date-item__headline", ".date-item__headline"),
        lede=("p.max-card__teaser",),
        byline=("div.max-card__title > div",),  # "Rep: NAME/ Red: NAME"
        body=("div.article-content article", "div.article-content"),
        image=("div.max-card__image img@data-original", "div.max-card__image img@src"),
        caption=("figcaption .caption-img", "figcaption"),
        credit=("figcaption .source-img",),
        section=("ul.breadcrumb a",),
        related=(".picked-article",),
        drop=("figure", "#next-article", "#loading", ".footnote-wrap", "[id^=div-gpt-ad]"),
        confidence="reported",
        source="notes on republika.co.id",
        checked=date(2026, 7, 24),
    ),
    Layout(
        name="republika/2016-inpicture",
        until=date(2018, 12, 31),
        kind="gallery",
        signature=("div.index-photo div.teaser-pic",),
        headline=("div.index-photo div.jdl-pic",),
        published=("div.index-photo div.date-pic",),
        editors=("div.index-photo div.red",),
        body=("div.index-photo div.teaser-pic",),
        image=("a#thumbs-1 img@src", "a.image_detail img@src"),
        caption=("a#thumbs-1 img@caption", "a.image_detail img@caption"),
        source="saved page of www.republika.co.id, February 2016",
        checked=date(2016, 2, 23),
    ),
    Layout(
        name="republika/2016",
        until=date(2018, 12, 31),
        signature=("div.detail-berita",),
        headline=("div.jdl-detail h2",),
        published=("div.date-detail",),
        editors=("div.wp-reset div.red", "div.red"),
        body=("div.content-detail",),
        image=("div.img-detail img@src",),
        caption=("div.wp-cap div.caption",),
        credit=("div.img-detail div.cap-foto",),
        tags=("div.wp-tag a",),
        section=("div.breadcome a",),
        drop=("div.ads-160",),
        source="saved page of nasional.republika.co.id, February 2016",
        checked=date(2016, 2, 15),
    ),
)

SITE = Site(
    name="republika",
    title="Republika",
    portals=(
        Portal(
            slug="republika-utama",
            brand="Republika",
            hosts=("www.republika.co.id", "republika.co.id", "*.republika.co.id"),
            zone="Asia/Jakarta",
        ),
        *(
            Portal(
                slug=f"republika-{desk}",
                brand="Republika",
                hosts=(f"{desk}.republika.co.id",),
                zone="Asia/Jakarta",
                province=province,
            )
            for desk, province in _DESKS
        ),
    ),
    # /berita/sbb25l414/slug; /r/sbb25l414 is the same; /news/1644509005/slug on the hosts of its authors (retizen., boyanesia.)
    article_path=re.compile(
        r"^/+berita/+(?:[a-z0-9-]+/)*(?:\d{2}/\d{2}/\d{2}/)?[a-z0-9]{9}|^/(?:r|amp_version)/[a-z0-9]{9}|^/(?:news|posts)/\d{5,}/"
    ),
    other_path=re.compile(r"^/(?:kanal|index|tag|page)(?:/|$)"),
    discovery=Discovery(
        feeds=("https://{host}/rss",),
        sections=("https://{host}/",),
        by_date="https://republika.co.id/index/{page}/{year}/{month:02d}/{day:02d}",
        first_page=0,
        page_step=50,
    ),
    layouts=_LAYOUTS,
    note="robots.txt names several crawlers.",
)
