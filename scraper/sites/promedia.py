"""The Promedia system: Pikiran Rakyat with its hundreds of sub-domains, Suara Merdeka, the ayo… portals, and others.

The Radar papers of Jawa Pos ran on it from 2022 to 2025 (radar.py).
"""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.portals import papers

# /jawa-barat/pr-01123456/slug · /daerah/1466480189/slug: the number often begins with the day, YYMMDD
ARTICLE_PATH = re.compile(r"^/[a-z0-9-]+/(?:amp/)?(?:pr-)?\d{8,12}/[^/]+/?$")
OTHER_PATH = re.compile(r"^/(?:tags?|topi[kc]|indeks-berita|search|author|image|video|foto|feature)(?:/|$)")
# daterange=14 February 2025 - 14 February 2025, from and to
DISCOVERY = Discovery(
    sections=("https://{host}/",),
    by_date="https://{host}/indeks-berita?daterange={day:02d}%20{month_name}%20{year}%20-%20{day:02d}%20{month_name}%20{year}&page={page}",
)
LAYOUTS = (
    Layout(
        name="promedia/2020",
        since=date(2019, 1, 1),
        signature=("article.read__content", "div.read__content", "h1.read__title"),
        headline=("h1.read__title", "h1"),
        published=(".read__info__date",),
        byline=(".read__info__author a", ".read__info__author"),
        editors=('p:lexbor-contains("Editor:")', 'p:lexbor-contains("Editor :")'),
        body=("article.read__content", ".read__content"),
        image=("div.photo img@src",),
        caption=("div.photo__caption", ".photo__caption"),
        tags=(".tag__list a",),
        section=("a.breadcrumb__link", ".breadcrumb__link"),
        pages=(".paging--article a@href",),
        drop=("div.photo", "[class^=ads]", ".paging--article", "ins"),
        source="a saved page of zonajakarta.pikiran-rakyat.com, October 2020, and five crawlers of 2021–25",
        checked=date(2020, 10, 7),
    ),
)

_PIKIRAN_RAKYAT = (
    ("zonajakarta", "Zona Jakarta", "DKI Jakarta"),
    ("galamedia", "Galamedia", "Jawa Barat"),
    ("deskjabar", "DeskJabar", "Jawa Barat"),
    ("mantrasukabumi", "Mantra Sukabumi", "Jawa Barat"),
    ("portaljember", "Portal Jember", "Jawa Timur"),
)
PIKIRAN_RAKYAT = Site(
    name="pikiran-rakyat",
    title="Pikiran Rakyat Media Network",
    portals=(
        Portal(
            slug="pikiran-rakyat-utama",
            brand="Pikiran Rakyat",
            hosts=("www.pikiran-rakyat.com", "pikiran-rakyat.com"),
        ),
        *papers("pikiran-rakyat", "pikiran-rakyat.com", _PIKIRAN_RAKYAT),
        # Whatever its region; only the ones above are known by name.
        Portal(
            slug="pikiran-rakyat-jaringan",
            brand="Pikiran Rakyat Media Network",
            hosts=("*.pikiran-rakyat.com",),
        ),
    ),
    article_path=ARTICLE_PATH,
    other_path=OTHER_PATH,
    discovery=DISCOVERY,
    layouts=LAYOUTS,
    dateline_names=("PIKIRAN RAKYAT", "PIKIRAN-RAKYAT", "PR *"),
    note="Answers 1015 (a rate limit) when its search is asked often; robots.txt forbids crawlers of language models.",
)
PROMEDIA = Site(
    name="promedia",
    title="Papers on the Promedia system",
    portals=(
        Portal(
            slug="suara-merdeka",
            brand="Suara Merdeka",
            hosts=("www.suaramerdeka.com", "suaramerdeka.com"),
            province="Jawa Tengah",
        ),
        Portal(slug="suara-merdeka-jaringan", brand="Suara Merdeka Network", hosts=("*.suaramerdeka.com",)),
        Portal(
            slug="ayo-bandung",
            brand="AyoBandung",
            hosts=("www.ayobandung.com", "ayobandung.com"),
            province="Jawa Barat",
        ),
        Portal(slug="hops", brand="Hops.ID", hosts=("www.hops.id", "hops.id", "*.hops.id")),
        Portal(slug="hallo", brand="Hallo.id", hosts=("www.hallo.id", "hallo.id", "*.hallo.id")),
    ),
    article_path=ARTICLE_PATH,
    other_path=OTHER_PATH,
    discovery=DISCOVERY,
    layouts=LAYOUTS,
)
SITES = (PIKIRAN_RAKYAT, PROMEDIA)
