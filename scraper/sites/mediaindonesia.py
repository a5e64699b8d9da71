"""Media Indonesia: one host; the text is in `div.article`, with its related links as paragraphs of their own."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

SITE = Site(
    name="mediaindonesia",
    title="Media Indonesia",
    portals=(
        Portal(
            slug="media-indonesia",
            brand="Media Indonesia",
            hosts=("mediaindonesia.com", "www.mediaindonesia.com"),
            zone="Asia/Jakarta",
        ),
    ),
    # /ekonomi/822959/slug · /jabar/berita/822818/slug (regional desk) · /read/detail/201052-slug (2018–20)
    article_path=re.compile(r"^/(?:[a-z0-9-]+/){1,2}\d{5,8}/[^/]+|^/read/detail/\d+-[^/]+"),
    other_path=re.compile(r"^/(?:tag|author|indeks|search|video|galleries)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/",)),
    layouts=(
        Layout(
            name="mediaindonesia/2026",
            since=date(2026, 3, 1),
            signature=("article.detail-artikel",),
            headline=("article.detail-artikel h1",),
            published=(".date-author .date",),
            byline=(".date-author .author",),
            editors=("div.editor-name",),
            body=("div.article",),
            image=("figure.article-image img@src",),
            caption=("figure.article-image figcaption",),
            tags=("div.tag-list a",),
            section=("nav.breadcrumb a",),
            related=("div.baca-juga",),
            drop=("figure", "div.follow-cta", "ins"),
            confidence="reported",
            source="notes on mediaindonesia.com",
            checked=date(2026, 7, 24),
        ),
        Layout(
            name="mediaindonesia/2025",
            signature=("div.post-header",),
            headline=("div.post-header h1",),
            published=("div.post-header span.datetime",),
            byline=("div.post-header div.author-2",),
            editors=("div.info-author a.author", "div.info-author"),
            body=("div.article",),
            image=("figure.main-img img@src",),
            caption=("figure.main-img figcaption",),
            tags=("div.tag-post a", "ul.tags a"),
            section=("ul.mi-breadcrumb a",),
            related=("p.related-news",),
            drop=("figure", "div.flying-carpet", "div.ext-channel", "div.info-author", "[class*=dfp-ad]", "ins"),
            source="saved pages of mediaindonesia.com, 2025–26",
            checked=date(2026, 1, 20),
        ),
    ),
    note="Some index pages stand behind a challenge.",
)
