"""Tirto.id: one host; the address of an article ends with four characters."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

SITE = Site(
    name="tirto",
    title="Tirto.id",
    portals=(Portal(slug="tirto-id", brand="Tirto.id", hosts=("tirto.id", "www.tirto.id")),),
    article_path=re.compile(r"^/(?:[a-z0-9]+-){3,}[A-Za-z0-9]{4}/?$"),
    other_path=re.compile(r"^/(?:q|tag|author|search)(?:/|$)"),
    discovery=Discovery(sections=("https://{host}/indeks",)),
    layouts=(
        Layout(
            name="tirto/2026",
            signature=("div.content-text-editor",),
            headline=("h1.article-title", "h1"),
            lede=("p.kicker",),
            published=(".article-meta .byline > div", ".byline > div"),
            byline=("a.reporter-name",),
            body=("div.content-text-editor",),
            section=(".breadcrumbs-wrapper a",),
            related=("div.baca-holder",),
            drop=("figcaption", "ins", "[id^=gpt-inline]"),
            confidence="reported",
            source="notes on tirto.id",
            checked=date(2026, 7, 24),
        ),
    ),
)
