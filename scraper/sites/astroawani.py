"""Astro AWANI (Malaysia, in Malay): a text of <br> without <p>, its day without a time."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

SITE = Site(
    name="astroawani",
    title="Astro AWANI",
    portals=(
        Portal(
            slug="astro-awani",
            brand="Astro AWANI",
            hosts=("www.astroawani.com", "astroawani.com"),
            zone="Asia/Kuala_Lumpur",
        ),
    ),
    article_path=re.compile(r"^/(?:berita-[a-z]+|gaya-hidup)/[^/]+-\d{5,7}/?$"),
    other_path=re.compile(r"^/(?:topic|video-terkini|foto-terkini|podcast|rancangan)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/berita-malaysia",)),
    layouts=(
        Layout(
            name="astroawani/2020",
            signature=("div.article-body",),
            headline=("h1",),
            lede=("h1 + h2",),
            published=("article > div:first-child + div",),
            byline=("article > div:first-child",),
            body=("div.article-body",),
            image=("div.main-image img@src",),
            caption=("div.main-image@title", "div.main-image > div"),
            tags=("div.article-tags a",),
            source="a saved page of www.astroawani.com, October 2020",
            checked=date(2020, 10, 9),
        ),
    ),
)
