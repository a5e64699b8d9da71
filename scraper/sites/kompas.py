"""Kompas.com: one national paper on a host for each desk; the regional desk writes for every province in WIB."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Embedded, Layout, Portal, Site

_WIB = "Asia/Jakarta"
_DESKS = (
    "nasional", "regional", "megapolitan", "bandung", "denpasar", "surabaya", "yogyakarta", "medan", "makassar", "news", "internasional", "global", "money",
    "ekonomi", "bisniskeuangan", "properti", "bola", "olahraga", "tekno", "otomotif", "health", "lifestyle", "female", "entertainment", "travel", "edukasi",
    "sains", "umkm", "foto", "video",
)  # fmt: skip
_PROVINCES = {
    "bandung": "Jawa Barat", "denpasar": "Bali", "surabaya": "Jawa Timur", "yogyakarta": "DI Yogyakarta", "medan": "Sumatera Utara", "makassar": "Sulawesi Selatan",
}  # fmt: skip

_LAYOUTS = (
    Layout(
        name="kompas/2017",
        since=date(2017, 1, 1),
        signature=("h1.read__title",),
        headline=("h1.read__title",),
        # The one that stays right: JSON-LD gives the editor as author, and the credit line names both without their roles.
        byline=('div.credit-author-title:has(> h6.credit-author-position:lexbor-contains("Penulis")) h6.credit-author-name',),
        editors=('div.credit-author-title:has(> h6.credit-author-position:lexbor-contains("Editor")) h6.credit-author-name',),
        published=("div.read__time",),
        body=("div.read__content div.clearfix", "div.read__content"),
        image=("div.photo__wrap img@src", "div.photo img@src"),
        caption=("div.photo__caption",),
        credit=("div.photo__author",),
        tags=("a.tag__article__link", "ul.tag__article__wrap a"),
        section=("ul.breadcrumb__wrap span[itemprop=name]", "ul.breadcrumb__wrap a"),
        related=("p:has(> strong > a.inner-link-baca-juga)", "a.inner-link-baca-juga"),
        pages=("div.read__paging a@href",),
        drop=(
            "[class*=inject-baca-juga]", "span.read__bacajuga", ".ads-on-body", ".liftdown_v2_tanda", ".kompasidRec", ".aTerkait", ".read__paging__footnote",
            ".read__paging", "#EndOfArticle", "[class^=ads-]", ".fb-quote",
        ),
        source="saved pages of money, nasional and otomotif.kompas.com, 2023–24",
        checked=date(2024, 5, 13),
    ),
    # A page whose text is not in its markup still has it, in one piece, in the script that tells advertisers what it is about.
    Layout(
        name="kompas/2019-script",
        since=date(2019, 1, 1),
        embedded=Embedded(selector="script", after=re.compile(r"\bkeywordBrandSafety\s*=\s*(?=[\"'])")),
        headline=("h1.read__title", "h1"),
        byline=('div.credit-author-title:has(> h6.credit-author-position:lexbor-contains("Penulis")) h6.credit-author-name',),
        editors=('div.credit-author-title:has(> h6.credit-author-position:lexbor-contains("Editor")) h6.credit-author-name',),
        published=("div.read__time",),
        body=("data:",),
        caption=("div.photo__caption",),
        credit=("div.photo__author",),
        tags=("a.tag__article__link", "ul.tag__article__wrap a"),
        section=("ul.breadcrumb__wrap span[itemprop=name]", "ul.breadcrumb__wrap a"),
        confidence="inferred",
        source="saved pages of money, nasional and otomotif.kompas.com, 2023–24, which have the script beside their text",
        checked=date(2024, 5, 21),
    ),
    Layout(
        name="kompas/2015",
        until=date(2017, 6, 30),
        signature=("div.kcm-read",),
        headline=("div.kcm-read h2",),
        published=("div.kcm-date", "div.kcm-read-top div.msmall.grey"),
        byline=('table.grey tr:has(td:lexbor-contains("Penulis"))',),
        editors=('table.grey tr:has(td:lexbor-contains("Editor"))',),
        source_credit=('table.grey tr:has(td:lexbor-contains("Sumber"))',),
        body=("span.kcmread1114", "div.kcm-read-text", "div.kcm-read-body"),
        image=("div.photo img@src",),
        caption=("div.photo",),
        credit=("div.photo span.author",),
        tags=("div.kcm-read-tag a", "ul.tag a"),
        section=("ul.kcm-breadcrumb a", "h4.breadcrump a"),
        drop=("div.kcm-read-terkait", "div.photo", "table.grey"),
        source="saved pages of regional, internasional and bola.kompas.com, 2015–16",
        checked=date(2016, 2, 23),
    ),
)  # fmt: skip

SITE = Site(
    name="kompas",
    title="Kompas.com",
    portals=(
        Portal(
            slug="kompas-utama",
            brand="Kompas.com",
            hosts=("www.kompas.com", "kompas.com", "indeks.kompas.com", "*.kompas.com"),
            zone=_WIB,
        ),
        *(
            Portal(
                slug=f"kompas-{desk}",
                brand="Kompas.com",
                hosts=(f"{desk}.kompas.com",),
                zone=_WIB,
                province=_PROVINCES.get(desk),
            )
            for desk in _DESKS
        ),
    ),
    article_path=re.compile(r"^/(?:[a-z0-9-]+/)?read/(?:xml/)?\d{4}/\d{2}/\d{2}/\d{7,12}[a-z0-9]{0,4}(?:/|$)"),
    other_path=re.compile(r"^/(?:komentar|tag|topik|profile|search|video)(?:/|$)"),
    other_hosts=("play.kompas.com", "forum.kompas.com", "account.kompas.com", "sso.kompas.com"),
    discovery=Discovery(by_date="https://indeks.kompas.com/?site=all&date={year}-{month:02d}-{day:02d}&page={page}"),
    layouts=_LAYOUTS,
    credit_names=("Kompas*", "Kompas TV"),
    dateline_names=("KOMPAS com",),  # the dot is lost
    note="The feeds are dead; the index by date is the way in.",
)
