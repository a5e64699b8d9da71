"""Jawa Pos (www.jawapos.com): since 2026 a Next.js site, whose articles are whole in `__NEXT_DATA__`.

The Radar papers below jawapos.com run on another system and are not part of this site.
"""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Embedded, Layout, Portal, Site

SITE = Site(
    name="jawapos",
    title="Jawa Pos",
    portals=(
        Portal(
            slug="jawa-pos",
            brand="JawaPos.com",
            hosts=("www.jawapos.com", "jawapos.com"),
            zone="Asia/Jakarta",
        ),
    ),
    # /category/2607240073/slug: the number begins with the day, YYMMDD
    # …/14/11/2018/slug before 2022
    article_path=re.compile(r"^/[a-z0-9-]+/\d{8,12}/[^/]+/?$|^/(?:[a-z0-9-]+/){1,2}\d{2}/\d{2}/\d{4}/[^/]+/?$"),
    other_path=re.compile(r"^/(?:tag|topik|indeks|penulis|author|search|api|_next)(?:/|$)"),
    discovery=Discovery(
        sections=("https://{host}/indeks",),
        embedded=Embedded(selector="script#__NEXT_DATA__", root="props.pageProps.initialArticles.data"),
        link="https://{host}/{category.slug}/{article_id}/{slug}",
    ),
    layouts=(
        Layout(
            name="jawapos/2026",
            since=date(2026, 1, 1),
            embedded=Embedded(selector="script#__NEXT_DATA__", root="props.pageProps.article"),
            headline=("data:title", "h1"),
            lede=("data:description",),
            published=("data:published_at",),  # no offset: WIB
            byline=("data:authors.*.name",),
            editors=("data:editor.name",),
            body=("data:content",),
            image=("data:cover",),
            caption=("figure figcaption",),
            tags=("data:tags.*.name", "data:tags"),
            section=("data:category.name", "data:category"),
            related=("p:has(> strong.readmore)", "strong.readmore"),
            drop=("p.page", "figure"),  # p.page marks where the reader's script turns a page; the text goes on
            confidence="reported",
            source="notes on www.jawapos.com",
            checked=date(2026, 7, 24),
        ),
    ),
    note="GraphQL at api.jawapos.com lists the archive; the index page only has the newest articles.",
)
