"""Broadcasters and papers of which only the container of the text is known, or less, from scrapers kept in use."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site
from scraper.sites.wordpress import with_www

# Sections, then a slug of four words or more; of any length where a number or a date stands before it.
_SLUGS = r"^/(?:[a-z0-9-]+/)+(?:(?:[^/-]+-){3,}[^/]+|\d{4,}[/-][^/]+|\d{4}/\d{2}/\d{2}/(?:\d+/)?[^/]+)"
_OTHER = re.compile(r"^/(?:tags?|topics?|search|indeks|author|penulis|topik|live|program|video|foto)(?:/|$)")
_HOME = Discovery(sections=("https://{host}/",))


def _paper(
    slug: str,
    brand: str,
    *hosts: str,
    body: tuple[str, ...] = (),
    article_path: str = _SLUGS,
    discovery: Discovery = _HOME,
) -> Site:
    """A paper whose texts stand in `body`; without, the generic reader finds them."""
    layout = Layout(
        name=f"{slug}/2024",
        signature=body,
        headline=("h1",),
        body=body,
        drop=("figure", "ins"),
        confidence="reported",
        source="selectors of a scraper kept in use: the text only",
        checked=date(2026, 8, 31),
    )
    return Site(
        name=slug,
        title=brand,
        portals=(Portal(slug=f"{slug}-utama", brand=brand, hosts=with_www(hosts)),),
        article_path=re.compile(article_path),
        other_path=_OTHER,
        discovery=discovery,
        layouts=(layout,) if body else (),
        note="" if body else "No page was seen: its texts are read by the generic reader.",
    )


SITES = (
    _paper("metrotvnews", "Metro TV News", "www.metrotvnews.com", body=(".news-text", ".content-text")),
    _paper("tvonenews", "tvOne News", "www.tvonenews.com", body=(".detail-content",)),
    _paper("rri", "RRI", "www.rri.co.id", body=(".post_details_inner",)),
    _paper(
        "tvri",
        "TVRI",
        "daerah.tvrinews.com",
        "www.tvrinews.com",
        "*.tvrinews.com",
        body=("div.blog-content",),
        discovery=Discovery(news_sitemaps=("https://{host}/sitemap/news.xml",)),
    ),
    _paper("rmol", "RMOL", "rmol.id", body=("#fontResizableText",)),
    _paper("rmid", "RM.id", "rm.id", body=("div.content-berita",)),
    Site(
        name="surabaya-pagi",
        title="Surabaya Pagi",
        portals=(
            Portal(
                slug="surabaya-pagi",
                brand="Surabaya Pagi",
                hosts=with_www(("surabayapagi.com",)),
                province="Jawa Timur",
            ),
        ),
        article_path=re.compile(r"^/news-\d+-[^/]+"),
        other_path=_OTHER,
        discovery=Discovery(feeds=("https://{host}/feed",), sections=("https://{host}/",)),
        note="A system of its own, of which no page was seen: its texts are read by the generic reader.",
    ),
    _paper("poskota", "Poskota", "poskota.co.id", article_path=r"^/\d{4}/\d{2}/\d{2}/[^/]+"),
    _paper(
        "wartaekonomi",
        "Warta Ekonomi",
        "wartaekonomi.co.id",
        article_path=r"^/read\d+/[^/]+",
        discovery=Discovery(by_date="https://{host}/indeks/{year}{month:02d}{day:02d}"),
    ),
)
