"""ANTARA, the national agency, with its bureaus: one host a province, each with numbers of its own."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.urls import Desktop, UrlRules

_WIB, _WITA, _WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"
_BUREAUS = (
    ("aceh", "Aceh", _WIB),
    ("sumut", "Sumatera Utara", _WIB),
    ("sumbar", "Sumatera Barat", _WIB),
    ("riau", "Riau", _WIB),
    ("kepri", "Kepulauan Riau", _WIB),
    ("jambi", "Jambi", _WIB),
    ("sumsel", "Sumatera Selatan", _WIB),
    ("babel", "Kepulauan Bangka Belitung", _WIB),
    ("bengkulu", "Bengkulu", _WIB),
    ("lampung", "Lampung", _WIB),
    ("banten", "Banten", _WIB),
    ("megapolitan", "DKI Jakarta", _WIB),
    ("jabar", "Jawa Barat", _WIB),
    ("jateng", "Jawa Tengah", _WIB),
    ("jogja", "DI Yogyakarta", _WIB),
    ("jatim", "Jawa Timur", _WIB),
    ("bali", "Bali", _WITA),
    ("mataram", "Nusa Tenggara Barat", _WITA),
    ("kupang", "Nusa Tenggara Timur", _WITA),
    ("kalbar", "Kalimantan Barat", _WIB),
    ("kalteng", "Kalimantan Tengah", _WIB),
    ("kalsel", "Kalimantan Selatan", _WITA),
    ("kaltim", "Kalimantan Timur", _WITA),
    ("kaltara", "Kalimantan Utara", _WITA),
    ("sulut", "Sulawesi Utara", _WITA),
    ("sulteng", "Sulawesi Tengah", _WITA),
    ("sultra", "Sulawesi Tenggara", _WITA),
    ("makassar", "Sulawesi Selatan", _WITA),
    ("gorontalo", "Gorontalo", _WITA),
    ("ambon", "Maluku", _WIT),
    ("papua", "Papua", _WIT),
    ("papuabarat", "Papua Barat", _WIT),
)

_LAYOUTS = (
    Layout(
        name="antara/2019",
        since=date(2018, 6, 1),
        signature=("div.wrap__article-detail-content", "div.post-content"),
        headline=("div.wrap__article-detail-title h1", "h1.post-title", "h1"),
        published=("div.wrap__article-detail-info li.list-inline-item", "span.article-date", "time[datetime]@datetime"),
        byline=("p.text-muted.mt-2.small", ".text-muted.small"),
        body=("div.wrap__article-detail-content", "div.post-content"),
        image=("div.wrap__article-detail-image img@src", "figure img@src"),
        caption=("div.wrap__article-detail-image figcaption", "figcaption"),
        tags=("ul.list-tags a", "div.blog-tags a"),
        section=("ul.breadcrumbs a", "a.breadcrumbs__url"),
        related=("span.baca-juga a", "p:has(> span.baca-juga)"),
        drop=("p.text-muted", "[class*=adsense]", "ins", "div.ads-placeholder", "figure"),
        confidence="reported",
        source="notes on antaranews.com and its bureaus, 2019–25",
        checked=date(2025, 6, 1),
    ),
    Layout(
        name="antara/2015",
        until=date(2018, 12, 31),
        signature=("#content_news",),
        headline=("h1.title",),
        published=("div.date time[datetime]@datetime", "div.date"),
        byline=("div.byline",),
        editors=("#content_news p.mt10",),
        body=("#content_news",),
        image=("#image_news img@src",),
        caption=("#caption_news",),
        drop=("p.mt10", "p.date", "ins"),
        source="saved pages of www.antaranews.com, 2015–17",
        checked=date(2017, 5, 15),
    ),
)

SITE = Site(
    name="antara",
    title="ANTARA",
    portals=(
        Portal(
            slug="antara-nasional",
            brand="ANTARA News",
            hosts=("www.antaranews.com", "antaranews.com", "*.antaranews.com"),
            zone=_WIB,
        ),
        *(
            Portal(
                slug=f"antara-{name}",
                brand=f"ANTARA {name.title()}",
                hosts=(f"{name}.antaranews.com",),
                zone=zone,
                province=province,
            )
            for name, province, zone in _BUREAUS
        ),
    ),
    # /berita/5012345/slug; /news/398765/slug on en.antaranews.com
    article_path=re.compile(r"^/(?:amp/)?(?:berita|foto|news)/\d+(?:/|$)"),
    other_path=re.compile(r"^/(?:video|tag|search|terkini|slug)(?:/|$)"),
    discovery=Discovery(feeds=("https://{host}/rss/terkini.xml",), sections=("https://{host}/terkini",)),
    layouts=_LAYOUTS,
    urls=UrlRules(
        desktop=(Desktop(host="*.antaranews.com", path=re.compile(r"/amp(?P<path>/berita/.*)")),)
    ),  # 2015–2017
    credit_names=("Antara",),
    note="Its texts are wire copy: ask before publishing them again.",
)
