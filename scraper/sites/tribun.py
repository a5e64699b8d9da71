"""The Tribun network (tribunnews.com, KG Media): one system, one host for each portal.

Facts were read off saved pages of 2019, 2020 and 2024 ("seen"), or come from notes of others
who crawled it in 2025 and 2026 ("reported"). Regional portals print no zone; the paper's own
zone holds.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.portals import papers
from scraper.urls import Desktop, UrlRules

# sub-domain, paper, province
_PORTALS = (
    ("aceh", "Serambi Indonesia", "Aceh"),
    ("prohaba", "Prohaba", "Aceh"),
    ("gayo", "TribunGayo.com", "Aceh"),
    ("medan", "Tribun Medan", "Sumatera Utara"),
    ("padang", "TribunPadang.com", "Sumatera Barat"),
    ("pekanbaru", "Tribun Pekanbaru", "Riau"),
    ("batam", "Tribun Batam", "Kepulauan Riau"),
    ("jambi", "Tribun Jambi", "Jambi"),
    ("palembang", "Sriwijaya Post", "Sumatera Selatan"),
    ("sumsel", "Tribun Sumsel", "Sumatera Selatan"),
    ("bangka", "Bangka Pos", "Kepulauan Bangka Belitung"),
    ("belitung", "Pos Belitung", "Kepulauan Bangka Belitung"),
    ("babel", "Babel News", "Kepulauan Bangka Belitung"),
    ("lampung", "Tribun Lampung", "Lampung"),
    ("bengkulu", "Tribun Bengkulu", "Bengkulu"),
    ("banten", "Tribun Banten", "Banten"),
    ("tangerang", "Tribun Tangerang", "Banten"),
    ("jakarta", "TribunJakarta.com", "DKI Jakarta"),
    ("wartakota", "Warta Kota", "DKI Jakarta"),
    ("bekasi", "Tribun Bekasi", "Jawa Barat"),
    ("depok", "TribunnewsDepok.com", "Jawa Barat"),
    ("bogor", "TribunnewsBogor.com", "Jawa Barat"),
    ("jabar", "Tribun Jabar", "Jawa Barat"),
    ("cirebon", "Tribun Cirebon", "Jawa Barat"),
    ("priangan", "TribunPriangan.com", "Jawa Barat"),
    ("jateng", "Tribun Jateng", "Jawa Tengah"),
    ("solo", "TribunSolo.com", "Jawa Tengah"),
    ("banyumas", "Tribun Banyumas", "Jawa Tengah"),
    ("pantura", "Tribun Pantura", "Jawa Tengah"),
    ("muria", "Tribun Muria", "Jawa Tengah"),
    ("jogja", "Tribun Jogja", "DI Yogyakarta"),
    ("surabaya", "Surya", "Jawa Timur"),
    ("jatim", "TribunJatim.com", "Jawa Timur"),
    ("suryamalang", "Surya Malang", "Jawa Timur"),
    ("madura", "TribunMadura.com", "Jawa Timur"),
    ("mataraman", "Tribun Mataraman", "Jawa Timur"),
    ("bali", "Tribun Bali", "Bali"),
    ("mataram", "Tribun Mataram", "Nusa Tenggara Barat"),
    ("lombok", "TribunLombok.com", "Nusa Tenggara Barat"),
    ("kupang", "Pos Kupang", "Nusa Tenggara Timur"),
    ("flores", "TribunFlores.com", "Nusa Tenggara Timur"),
    ("pontianak", "Tribun Pontianak", "Kalimantan Barat"),
    ("kalteng", "Tribun Kalteng", "Kalimantan Tengah"),
    ("banjarmasin", "Banjarmasin Post", "Kalimantan Selatan"),
    ("kaltim", "Tribun Kaltim", "Kalimantan Timur"),
    ("kaltara", "Tribun Kaltara", "Kalimantan Utara"),
    ("makassar", "Tribun Timur", "Sulawesi Selatan"),
    ("manado", "Tribun Manado", "Sulawesi Utara"),
    ("palu", "TribunPalu.com", "Sulawesi Tengah"),
    ("sulbar", "Tribun-Sulbar.com", "Sulawesi Barat"),
    ("sultra", "TribunnewsSultra.com", "Sulawesi Tenggara"),
    ("gorontalo", "TribunGorontalo.com", "Gorontalo"),
    ("ternate", "TribunTernate.com", "Maluku Utara"),
    ("ambon", "TribunAmbon.com", "Maluku"),
    ("papua", "Tribun-Papua.com", "Papua"),
    ("papuabarat", "TribunPapuaBarat.com", "Papua Barat"),
    ("papuatengah", "TribunPapuaTengah.com", "Papua Tengah"),
    ("style", "TribunStyle.com", None),
    ("newsmaker", "TribunNewsmaker.com", None),
    ("wow", "TribunWow.com", None),
    ("travel", "TribunTravel.com", None),
    ("health", "TribunHealth.com", None),
    ("trends", "TribunTrends.com", None),
)

_2021 = Layout(
    name="tribun/2021",
    since=date(2021, 1, 1),
    until=date(2025, 12, 31),
    signature=("div.txt-article.multi-fontsize", "div.credit #editor", "div.credit #penulis"),
    headline=("h1#arttitle",),
    kicker=('#article h2.red a[href*="/topic/"]', "#article h2.red.f16", 'h2 > a[href*="/topic/"]'),
    lede=("h4.hide", "h2.hide"),
    published=("div.grey.bdr3 time span", "#article time.grey", "time.grey", "#article time", "time"),
    byline=("div.credit #penulis", "#penulis"),
    editors=("div.credit #editor", "#editor"),
    source_credit=("div.sources h6", "div.sources"),
    body=("div.side-article.txt-article.multi-fontsize", "div.txt-article"),
    related=("p.baca",),
    drop=(
        ".ads-placeholder", ".reserved_box_ads", "[id^=div-]", ".tapp-banner", ".belanja-picks", ".tvp-stage", "blockquote.summary-article",
        ".pickwordsHead", "[class*=bggrey2]",
    ),
    image=("#artimg img.imgfull@src", "#artimg img@src"),
    caption=("#artimg div.arial.f12.pt5.grey2", "#artimg figcaption", "#artimg .grey2"),
    credit=("#artimg div.f11.white.pa3.fr", "#artimg div.f11.white"),
    tags=("h5[class*=tagcloud3] a", "[itemprop=keywords] a"),
    section=("ul.breadcrumb span[itemprop=name]", "ul.breadcrumb a", ".breadcrumb a"),
    pages=("div.paging a@href",),
    source="a saved page of www.tribunnews.com, May 2024, and ten crawlers of 2021–2024",
    checked=date(2024, 5, 13),
)  # fmt: skip
_LAYOUTS = (
    replace(
        _2021,
        name="tribun/2026",
        since=date(2025, 12, 1),
        until=None,
        signature=("span.total-page", "blockquote.summary-article", "time[datetime*=T]"),
        lede=("h2.hide", "h4.hide"),
        published=("#article time[datetime]@datetime", "time[datetime]@datetime", "time"),
        body=("div.txt-article.multi-fontsize", "div.txt-article"),
        confidence="reported",
        source="notes on www.tribunnews.com",
        checked=date(2026, 7, 24),
    ),
    replace(
        _2021,
        name="tribun/2025",
        since=date(2025, 1, 1),
        signature=("h5#penulis", "div.editcontent"),
        lede=("h2.hide", "h4.hide"),
        published=("#article time span", "#article time", "time"),
        editors=("#editor",),
        body=("div.txt-article.multi-fontsize", "div.txt-article"),
        confidence="reported",
        source="selectors of three crawlers of surabaya. and jabar.tribunnews.com",
        checked=date(2025, 6, 30),
    ),
    _2021,
    replace(
        _2021,
        name="tribun/2019",
        since=date(2019, 1, 1),
        until=date(2020, 12, 31),
        signature=("h1#arttitle",),
        lede=("h4.hide",),
        published=("div.grey.bdr3 time", "#article time.grey", "time.grey", "#article time"),
        byline=("#penulis",),
        editors=("#editor",),
        source_credit=("div.side-article.mb5 .sources", "div.sources"),
        body=("div.side-article.txt-article", "div.txt-article"),
        source="saved pages of pontianak., solo. and www.tribunnews.com, October 2019 – October 2020",
        checked=date(2020, 10, 9),
    ),
    replace(
        _2021,
        name="tribun/2014",
        since=None,
        until=date(2018, 12, 31),
        signature=(),
        headline=("#article h1", "h1"),
        lede=(),
        published=("#article time", "time"),
        byline=("#penulis", "#article .credit"),
        editors=("#editor",),
        source_credit=(),
        body=("div.tribun-mark div.txt-article", "div.txt-article"),
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
        ),
        Portal(slug="tribun-lain", brand="Tribun network", hosts=("*.tribunnews.com",)),  # a portal that is not listed
        *papers("tribun", "tribunnews.com", _PORTALS),
    ),
    # /2019/10/07/slug · /section/2020/05/04/slug · /section/1178713/slug
    article_path=re.compile(r"^(?:/amp)?(?:/[a-z0-9-]+)?/(?:\d{4}/\d{2}/\d{2}|\d{5,9})/[^/]*[a-z-][^/]*/?$"),
    other_path=re.compile(
        r"^/(?:index-news|images|foto|webstories|epaper|view|tag|topic|search|ajax|api|json|member|komentar|penulis|editor)(?:/|$)"
    ),
    discovery=Discovery(
        feeds=("https://{host}/rss",),
        news_sitemaps=("https://{host}/sitemap_news.xml",),
        by_date="https://{host}/index-news?date={year}-{month}-{day}&page={page}",
    ),
    layouts=_LAYOUTS,
    urls=UrlRules(
        clicks=("ct=", "m=widget"),  # which box on a page was clicked, seen in 2026
        # It mirrors all portals: below a section its paths are those of www (seen as rel=amphtml and rel=canonical, 2020–2022),
        # while a path that begins with a year may be any portal's.
        desktop=(
            Desktop(
                host="m.tribunnews.com",
                path=re.compile(r"(?:/amp)?(?P<path>/(?!amp/)[a-z][a-z-]+/\d{4}/\d{2}/\d{2}/[^/]+.*)"),
                to="www.tribunnews.com",
            ),
        ),
    ),
    credit_names=(
        "Tribun*",
        "Tribun *",
        "Surya",
        "Kontan",
        "Banjarmasin Post",
        "Sriwijaya Post",
        "Pos Kupang",
        "Serambinews",
    ),
    sign_offs=("— TRIBUN",),
    lines=("ringkasan berita:?",),
    note="CDN answers 403 to some user agents (reported 2026); kliping says its name and records that as blocked.",
)
