"""Gelora.co, on Blogger: the day stands without a time, which the title of its <abbr> has."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

SITE = Site(
    name="gelora",
    title="Gelora.co",
    portals=(Portal(slug="gelora-co", brand="GELORA.CO", hosts=("www.gelora.co", "gelora.co")),),
    article_path=re.compile(r"^/\d{4}/\d{2}/[^/]+\.html$"),
    other_path=re.compile(r"^/(?:p|search|feeds)(?:/|$)"),
    discovery=Discovery(
        feeds=("https://{host}/feeds/posts/default?alt=rss",), sitemaps=("https://{host}/sitemap.xml",)
    ),
    layouts=(
        Layout(
            name="blogger/2020",
            signature=("div.post-body",),
            headline=("h1.post-title", "h3.post-title"),
            published=("abbr.published@title", ".clock abbr@title", "abbr.updated@title", ".post-timestamp abbr@title"),
            byline=(".post-author [itemprop=name]",),
            body=("div.post-body",),
            image=("div.coverImage img@src", "div.post-body .separator img@src"),
            tags=("a[rel=tag]",),
            drop=("ins", ".separator"),
            source="a saved page of www.gelora.co, October 2020",
            checked=date(2020, 10, 9),
        ),
    ),
)
