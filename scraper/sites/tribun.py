"""The Tribun network (tribunnews.com, KG Media): one system, one host for each portal.

Facts were read off saved pages of 2019, 2020 and 2024 ("seen"), or come from notes of others
who crawled it in 2025 and 2026 ("reported"). Regional portals print no zone; the paper's own
zone holds.
"""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

_WIB, _WITA, _WIT = "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"

# sub-domain, paper, zone, province
_PORTALS = (
    ("aceh", "Serambi Indonesia", _WIB, "Aceh"),
    ("prohaba", "Prohaba", _WIB, "Aceh"),
    ("gayo", "TribunGayo.com", _WIB, "Aceh"),
    ("medan", "Tribun Medan", _WIB, "Sumatera Utara"),
    ("padang", "TribunPadang.com", _WIB, "Sumatera Barat"),
    ("pekanbaru", "Tribun Pekanbaru", _WIB, "Riau"),
    ("batam", "Tribun Batam", _WIB, "Kepulauan Riau"),
    ("jambi", "Tribun Jambi", _WIB, "Jambi"),
    ("palembang", "Sriwijaya Post", _WIB, "Sumatera Selatan"),
    ("sumsel", "Tribun Sumsel", _WIB, "Sumatera Selatan"),
    ("bangka", "Bangka Pos", _WIB, "Kepulauan Bangka Belitung"),
    ("belitung", "Pos Belitung", _WIB, "Kepulauan Bangka Belitung"),
    ("babel", "Babel News", _WIB, "Kepulauan Bangka Belitung"),
    ("lampung", "Tribun Lampung", _WIB, "Lampung"),
    ("bengkulu", "Tribun Bengkulu", _WIB, "Bengkulu"),
    ("banten", "Tribun Banten", _WIB, "Banten"),
    ("tangerang", "Tribun Tangerang", _WIB, "Banten"),
    ("jakarta", "TribunJakarta.com", _WIB, "DKI Jakarta"),
    ("wartakota", "Warta Kota", _WIB, "DKI Jakarta"),
    ("bekasi", "Tribun Bekasi", _WIB, "Jawa Barat"),
    ("depok", "TribunnewsDepok.com", _WIB, "Jawa Barat"),
    ("bogor", "TribunnewsBogor.com", _WIB, "Jawa Barat"),
    ("jabar", "Tribun Jabar", _WIB, "Jawa Barat"),
    ("cirebon", "Tribun Cirebon", _WIB, "Jawa Barat"),
    ("priangan", "TribunPriangan.com", _WIB, "Jawa Barat"),
    ("jateng", "Tribun Jateng", _WIB, "Jawa Tengah"),
    ("solo", "TribunSolo.com", _WIB, "Jawa Tengah"),
    ("banyumas", "Tribun Banyumas", _WIB, "Jawa Tengah"),
    ("pantura", "Tribun Pantura", _WIB, "Jawa Tengah"),
    ("muria", "Tribun Muria", _WIB, "Jawa Tengah"),
    ("jogja", "Tribun Jogja", _WIB, "DI Yogyakarta"),
    ("surabaya", "Surya", _WIB, "Jawa Timur"),
    ("jatim", "TribunJatim.com", _WIB, "Jawa Timur"),
    ("suryamalang", "Surya Malang", _WIB, "Jawa Timur"),
    ("madura", "TribunMadura.com", _WIB, "Jawa Timur"),
    ("mataraman", "Tribun Mataraman", _WIB, "Jawa Timur"),
    ("bali", "Tribun Bali", _WITA, "Bali"),
    ("mataram", "Tribun Mataram", _WITA, "Nusa Tenggara Barat"),
    ("lombok", "TribunLombok.com", _WITA, "Nusa Tenggara Barat"),
    ("kupang", "Pos Kupang", _WITA, "Nusa Tenggara Timur"),
    ("flores", "TribunFlores.com", _WITA, "Nusa Tenggara Timur"),
    ("pontianak", "Tribun Pontianak", _WIB, "Kalimantan Barat"),
    ("kalteng", "Tribun Kalteng", _WIB, "Kalimantan Tengah"),
    ("banjarmasin", "Banjarmasin Post", _WITA, "Kalimantan Selatan"),
    ("kaltim", "Tribun Kaltim", _WITA, "Kalimantan Timur"),
    ("kaltara", "Tribun Kaltara", _WITA, "Kalimantan Utara"),
    ("makassar", "Tribun Timur", _WITA, "Sulawesi Selatan"),
    ("manado", "Tribun Manado", _WITA, "Sulawesi Utara"),
    ("palu", "TribunPalu.com", _WITA, "Sulawesi Tengah"),
    ("sulbar", "Tribun-Sulbar.com", _WITA, "Sulawesi Barat"),
    ("sultra", "TribunnewsSultra.com", _WITA, "Sulawesi Tenggara"),
    ("gorontalo", "TribunGorontalo.com", _WITA, "Gorontalo"),
    ("ternate", "TribunTernate.com", _WIT, "Maluku Utara"),
    ("ambon", "TribunAmbon.com", _WIT, "Maluku"),
    ("papua", "Tribun-Papua.com", _WIT, "Papua"),
    ("papuabarat", "TribunPapuaBarat.com", _WIT, "Papua Barat"),
    ("papuatengah", "TribunPapuaTengah.com", _WIT, "Papua Tengah"),
    ("style", "TribunStyle.com", _WIB, None),
    ("newsmaker", "TribunNewsmaker.com", _WIB, None),
    ("wow", "TribunWow.com", _WIB, None),
    ("travel", "TribunTravel.com", _WIB, None),
    ("health", "TribunHealth.com", _WIB, None),
    ("trends", "TribunTrends.com", _WIB, None),
)

_BODY = "div.txt-article"
_COMMON_DROP = (
    ".ads-placeholder", ".reserved_box_ads", "[id^=div-]", ".tapp-banner", ".belanja-picks", ".tvp-stage", "blockquote.summary-article",
    ".pickwordsHead", "[class*=bggrey2]",
)  # fmt: skip
_TAGS = ("h5[class*=tagcloud3] a", "[itemprop=keywords] a")
_SECTION = ("ul.breadcrumb span[itemprop=name]", "ul.breadcrumb a", ".breadcrumb a")
_CREDITS = ("#penulis", "#editor")
_IMAGE = ("#artimg img.imgfull@src", "#artimg img@src")
_CAPTION = ("#artimg div.arial.f12.pt5.grey2", "#artimg figcaption", "#artimg .grey2")
_PHOTO_CREDIT = ("#artimg div.f11.white.pa3.fr", "#artimg div.f11.white")
_KICKER = ('#article h2.red a[href*="/topic/"]', "#article h2.red.f16", 'h2 > a[href*="/topic/"]')

_LAYOUTS = (
    Layout(
        name="tribun/2026",
        since=date(2025, 12, 1),
        signature=("span.total-page", "blockquote.summary-article", "time[datetime*=T]"),
        headline=("h1#arttitle",),
        kicker=_KICKER,
        lede=("h2.hide", "h4.hide"),
        published=("#article time[datetime]@datetime", "time[datetime]@datetime", "time"),
        byline=("div.credit #penulis", "#penulis"),
        editors=("div.credit #editor", "#editor"),
        source_credit=("div.sources h6", "div.sources"),
        body=("div.txt-article.multi-fontsize", _BODY),
        related=("p.baca",),
        drop=_COMMON_DROP,
        image=_IMAGE,
        caption=_CAPTION,
        credit=_PHOTO_CREDIT,
        tags=_TAGS,
        section=_SECTION,
        pages=("div.paging a@href",),
        confidence="reported",
        source="notes on www.tribunnews.com",
        checked=date(2026, 7, 24),
    ),
    Layout(
        name="tribun/2025",
        since=date(2025, 1, 1),
        until=date(2025, 12, 31),
        signature=("h5#penulis", "div.editcontent"),
        headline=("h1#arttitle",),
        kicker=_KICKER,
        lede=("h2.hide", "h4.hide"),
        published=("#article time span", "#article time", "time"),
        byline=("div.credit #penulis", "#penulis"),
        editors=("#editor",),
        source_credit=("div.sources h6", "div.sources"),
        body=("div.txt-article.multi-fontsize", _BODY),
        related=("p.baca",),
        drop=_COMMON_DROP,
        image=_IMAGE,
        caption=_CAPTION,
        credit=_PHOTO_CREDIT,
        tags=_TAGS,
        section=_SECTION,
        pages=("div.paging a@href",),
        confidence="reported",
        source="selectors of three crawlers of surabaya. and jabar.tribunnews.com",
        checked=date(2025, 6, 30),
    ),
    Layout(
        name="tribun/2021",
        since=date(2021, 1, 1),
        until=date(2025, 12, 31),
        signature=("div.txt-article.multi-fontsize", "div.credit #editor", "div.credit #penulis"),
        headline=("h1#arttitle",),
        kicker=_KICKER,
        lede=("h4.hide", "h2.hide"),
        published=("div.grey.bdr3 time span", "#article time.grey", "time.grey", "#article time", "time"),
        byline=("div.credit #penulis", "#penulis"),
        editors=("div.credit #editor", "#editor"),
        source_credit=("div.sources h6", "div.sources"),
        body=("div.side-article.txt-article.multi-fontsize", _BODY),
        related=("p.baca",),
        drop=_COMMON_DROP,
        image=_IMAGE,
        caption=_CAPTION,
        credit=_PHOTO_CREDIT,
        tags=_TAGS,
        section=_SECTION,
        pages=("div.paging a@href",),
        source="a saved page of www.tribunnews.com, May 2024, and ten crawlers of 2021–2024",
        checked=date(2024, 5, 13),
    ),
    Layout(
        name="tribun/2019",
        since=date(2019, 1, 1),
        until=date(2020, 12, 31),
        signature=("h1#arttitle",),
        headline=("h1#arttitle",),
        kicker=_KICKER,
        lede=("h4.hide",),
        published=("div.grey.bdr3 time", "#article time.grey", "time.grey", "#article time"),
        byline=_CREDITS[:1],
        editors=_CREDITS[1:],
        source_credit=("div.side-article.mb5 .sources", "div.sources"),
        body=("div.side-article.txt-article", _BODY),
        related=("p.baca",),
        drop=_COMMON_DROP,
        image=_IMAGE,
        caption=_CAPTION,
        credit=_PHOTO_CREDIT,
        tags=_TAGS,
        section=_SECTION,
        pages=("div.paging a@href",),
        source="saved pages of pontianak., solo. and www.tribunnews.com, October 2019 – October 2020",
        checked=date(2020, 10, 9),
    ),
    Layout(
        name="tribun/2014",
        until=date(2018, 12, 31),
        headline=("#article h1", "h1"),
        kicker=_KICKER,
        published=("#article time", "time"),
        byline=("#penulis", "#article .credit"),
        editors=("#editor",),
        body=("div.tribun-mark div.txt-article", _BODY),
        related=("p.baca",),
        drop=_COMMON_DROP,
        image=_IMAGE,
        caption=_CAPTION,
        credit=_PHOTO_CREDIT,
        tags=_TAGS,
        section=_SECTION,
        pages=("div.paging a@href",),
        confidence="reported",
        source="texts copied from the portals, 2014–2018, and one crawler of that time",
        checked=date(2018, 12, 31),
    ),
)

SITE = Site(
    name="tribun",
    title="Tribun network",
    portals=(
        Portal(
            slug="tribunnews",
            brand="Tribunnews.com",
            hosts=("www.tribunnews.com", "tribunnews.com", "m.tribunnews.com"),
            zone=_WIB,
        ),
        Portal(slug="tribun-lain", brand="Tribun network", hosts=("*.tribunnews.com",)),  # a portal that is not listed
        *(
            Portal(slug=f"tribun-{sub}", brand=brand, hosts=(f"{sub}.tribunnews.com",), zone=zone, province=province)
            for sub, brand, zone, province in _PORTALS
        ),
    ),
    # /2019/10/07/slug · /section/2020/05/04/slug · /section/1178713/slug
    article_path=re.compile(r"^(?:/amp)?(?:/[a-z0-9-]+)?/(?:\d{4}/\d{2}/\d{2}|\d{5,9})/[^/]*[a-z-][^/]*/?$"),
    other_path=re.compile(
        r"^/(?:index-news|images|foto|webstories|epaper|tag|topic|search|ajax|api|json|member|komentar|penulis|editor)(?:/|$)"
    ),
    discovery=Discovery(
        feeds=("https://{host}/rss",),
        news_sitemaps=("https://{host}/sitemap_news.xml",),
        by_date="https://{host}/index-news?date={year}-{month}-{day}&page={page}",
    ),
    layouts=_LAYOUTS,
    note="CDN answers 403 to some user agents (reported 2026); kliping says its name and records that as blocked.",
)
