"""KapanLagi.com: the entertainment site of the KapanLagi network, as it was in 2015–16; its channels differ by a prefix of each class."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.portals import desks

SITE = Site(
    name="kapanlagi",
    title="KapanLagi network",
    portals=(
        Portal(
            slug="kapanlagi-com", brand="KapanLagi.com", hosts=("www.kapanlagi.com", "kapanlagi.com", "*.kapanlagi.com")
        ),
        *desks("kapanlagi", "kapanlagi.com", "KapanLagi.com", ("musik",)),
    ),
    # /showbiz/film/indonesia/slug-82f43b.html: six hexadecimal digits, five sometimes; …/berita-foto/…/slug.html: galleries;
    # /2795381 on today.kapanlagi.com
    article_path=re.compile(
        r"^/(?:[a-z0-9-]+/)*[^/]+-[0-9a-f]{5,6}\.html$"
        r"|^/[a-z0-9-]+/berita-foto/(?:[a-z0-9-]+/)?(?:[^/-]*+-){2}[^/]+\.html$|^/\d{6,9}/?$"
    ),
    other_path=re.compile(r"^/(?:ragam/tag|tag|search|company|lirik|indonesia/[a-z]/)"),
    other_hosts=("video.kapanlagi.com", "lirik.kapanlagi.com"),
    discovery=Discovery(sections=("https://{host}/",)),
    layouts=(
        Layout(
            name="kapanlagi/2015",
            until=date(2018, 12, 31),
            signature=("h1[class*=newsdetail-title]",),
            headline=("h1[class*=newsdetail-title]",),
            published=("span[class*=newsdetail-schedule]",),
            body=("div[class*=detail-news]",),
            image=("div[class*=newsdetail-headlineimg] img@src", "div[id*=newsdetail-image-headline] img@src"),
            caption=("div[class*=newsdetail-headlineimg] div.copyright", "div[id*=newsdetail-imageinfo]"),
            tags=("div.v7-tags-terkait-warper div.box-content a",),
            section=("a.newsdetail-categorylink",),
            related=('a[onclick*="Insert Link"]',),
            drop=('h2:lexbor-contains("Jangan Lewatkan")', "div[class*=newsdetail-image-caption]", "ins"),
            source="saved pages of www. and musik.kapanlagi.com, November 2015 and February 2016",
            checked=date(2016, 2, 23),
        ),
    ),
    note="Dates print no zone; they are WIB. A text has no byline, only a sign-off code.",
)
