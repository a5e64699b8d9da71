"""detik.com: desks on hosts of their own, regional desks (detikJatim, detikJabar …) as first part of the path on www."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.urls import UrlRules

_WIB = "Asia/Jakarta"
_DESKS = (
    ("news", "detikNews"),
    ("finance", "detikFinance"),
    ("hot", "detikHot"),
    ("inet", "detikInet"),
    ("sport", "detikSport"),
    ("oto", "detikOto"),
    ("travel", "detikTravel"),
    ("food", "detikFood"),
    ("health", "detikHealth"),
    ("wolipop", "Wolipop"),
)
# Regional desks: path on www, brand, province (sumbagsel writes for five provinces, kalimantan for all of Borneo)
_REGIONS = (
    ("sumut", "detikSumut", "Sumatera Utara"),
    ("sumbagsel", "detikSumbagsel", None),
    ("jabar", "detikJabar", "Jawa Barat"),
    ("jateng", "detikJateng", "Jawa Tengah"),
    ("jogja", "detikJogja", "DI Yogyakarta"),
    ("jatim", "detikJatim", "Jawa Timur"),
    ("bali", "detikBali", None),  # Nusa Tenggara too
    ("sulsel", "detikSulsel", "Sulawesi Selatan"),
    ("kalimantan", "detikKalimantan", None),
)
_2020 = Layout(
    name="detik/2020",
    since=date(2019, 6, 1),
    signature=("h1.detail__title",),
    headline=("h1.detail__title",),
    published=("div.detail__date",),
    byline=("div.detail__author",),
    body=("div.detail__body-text.itp_bodycontent",),
    image=("figure.detail__media-image img@src", ".detail__media img@src"),
    caption=("figcaption.detail__media-caption",),
    tags=("div.detail__body-tag a",),
    section=("div.page__breadcrumb a",),
    related=("table.linksisip",),
    drop=(
        "div.parallaxindetail",
        "div.paradetail",
        ".noncontent",
        "div.detail__body-tag",
        "[class^=ads-scrollpage]",
        "p.para_caption",
        "a.embed",
        "div.sisip_interaktif",
    ),
    source="saved pages of health and finance.detik.com, 2023–24",
    checked=date(2024, 5, 20),
)
_LAYOUTS = (
    _2020,
    replace(
        _2020,
        name="detik/2020-foto",
        kind="gallery",
        body=("div.detail__body-text",),
        image=("#slider-foto__detail figure img@src", "figure.detail__media-image img@src"),
        caption=("#slider-foto__detail figcaption", "figcaption.mgt-16"),
    ),
    Layout(
        name="detik/2015-foto",
        until=date(2019, 12, 31),
        kind="gallery",
        signature=("div.text_gal",),
        headline=("div.detail_profil h1",),
        published=("div.detail_profil div.date",),
        byline=("div.detail_profil > strong",),  # "Fotografer: NAME"
        body=("div.text_gal",),
        image=("div.gallery_view img.bigpic@src",),
        caption=("div.gal_rating .text",),
        section=("ul.breadcrumb a",),
        pages=("#other_photo a@href",),
        page_path=re.compile(r"/(\d{1,2})/[^/]*$"),
        source="a saved page of finance.detik.com, February 2016",
        checked=date(2016, 2, 23),
    ),
    Layout(
        name="detik/2015",
        until=date(2019, 12, 31),
        signature=("div.text_detail", "div.detail_text"),
        headline=("div.jdl h1", "h1"),
        published=("div.date", "span.date"),
        byline=("div.author strong", "div.author"),
        body=("div.text_detail", "div.detail_text"),
        caption=("div.pic_artikel span", "figcaption"),
        tags=("div.detail_tag a",),
        related=("table.linksisip a",),
        drop=("table.linksisip", "div.detail_tag"),
        confidence="reported",
        source="notes on detik.com pages of 2015",
        checked=date(2015, 11, 5),
    ),
)

SITE = Site(
    name="detik",
    title="detikcom",
    portals=(
        Portal(slug="detik-utama", brand="detikcom", hosts=("www.detik.com", "detik.com", "*.detik.com"), zone=_WIB),
        *(
            Portal(
                slug=f"detik-{name}",
                brand=brand,
                hosts=("www.detik.com",),
                path=f"/{name}",
                zone=_WIB,
                province=province,
            )
            for name, brand, province in _REGIONS
        ),
        *(Portal(slug=f"detik-{desk}", brand=brand, hosts=(f"{desk}.detik.com",), zone=_WIB) for desk, brand in _DESKS),
    ),
    # /rubrik/d-7349798/slug · /read/2015/11/05/100026/3062623/323/slug · /detail/intermeso/20170915/slug (x.detik.com)
    article_path=re.compile(r"/d-\d{5,9}(?:/|$)|^/read(?:foto)?/\d{4}/\d{2}/\d{2}/\d+/|^/detail/[a-z-]+/\d{8}/[^/]+"),
    other_path=re.compile(r"^/(?:tag|search|indeks|terpopuler|video)(?:/|$)"),
    other_hosts=("20.detik.com", "forum.detik.com", "pasangmata.detik.com"),
    discovery=Discovery(
        feeds=("https://news.detik.com/berita/rss",),
        news_sitemaps=("https://news.detik.com/berita/sitemap_news.xml", "https://finance.detik.com/sitemap_news.xml"),
        by_date="https://{host}/indeks?page={page}&date={month:02d}/{day:02d}/{year}",
    ),
    layouts=_LAYOUTS,
    urls=UrlRules(whole=("single=1",)),
    credit_names=("detik*",),
    lines=(r"simak (?:juga )?video\b.{0,120}", r"\[gambas:\s?\w[^\]]*\]"),
    note="An article of several pages is whole with ?single=1. rss.detik.com is dead.",
)
