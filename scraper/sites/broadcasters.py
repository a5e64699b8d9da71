"""Broadcasters and papers of which only the container of the text is known, from scrapers kept in use."""

from __future__ import annotations

import re
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

_OTHER = re.compile(r"^/(?:tags?|topics?|search|indeks|author|penulis|topik|live|program|video|foto)(?:/|$)")
_SLUG = r"(?:[^/-]+-){3,}[^/]+"
# name, brand, hosts, article URLs, containers of the text, where articles are listed
_ROWS: tuple[tuple[str, str, tuple[str, ...], str, tuple[str, ...], Discovery], ...] = (
    ("metrotvnews", "Metro TV News", ("www.metrotvnews.com", "metrotvnews.com"), rf"^/[a-z0-9-]+/{_SLUG}", (".news-text", ".content-text"), Discovery(sections=("https://{host}/",))),
    ("tvonenews", "tvOne News", ("www.tvonenews.com", "tvonenews.com"), rf"^/(?:[a-z0-9-]+/)+{_SLUG}", (".detail-content",), Discovery(sections=("https://{host}/",))),
    ("rri", "RRI", ("www.rri.co.id", "rri.co.id"), rf"^/(?:[a-z0-9-]+/)+{_SLUG}", (".post_details_inner",), Discovery(sections=("https://{host}/",))),
    ("tvri", "TVRI", ("daerah.tvrinews.com", "www.tvrinews.com", "tvrinews.com"), rf"^/(?:[a-z0-9-]+/)+{_SLUG}", ("div.blog-content",), Discovery(news_sitemaps=("https://{host}/sitemap/news.xml",))),
    ("rmol", "RMOL", ("rmol.id", "www.rmol.id"), rf"^/(?:[a-z0-9-]+/)+{_SLUG}", ("#fontResizableText",), Discovery(sections=("https://{host}/",))),
    ("rmid", "RM.id", ("rm.id", "www.rm.id"), rf"^/(?:[a-z0-9-]+/)+{_SLUG}", ("div.content-berita",), Discovery(sections=("https://{host}/",))),
    ("poskota", "Poskota", ("poskota.co.id", "www.poskota.co.id"), r"^/\d{4}/\d{2}/\d{2}/[^/]+", (), Discovery(sections=("https://{host}/",))),
    ("wartaekonomi", "Warta Ekonomi", ("wartaekonomi.co.id", "www.wartaekonomi.co.id"), r"^/read\d+/[^/]+", (), Discovery(by_date="https://{host}/indeks/{year}{month:02d}{day:02d}")),
)  # fmt: skip


def _site(
    name: str, brand: str, hosts: tuple[str, ...], path: str, body: tuple[str, ...], discovery: Discovery
) -> Site:
    layout = Layout(
        name=f"{name}/2024",
        signature=body,
        headline=("h1",),
        body=body,
        drop=("figure", "ins"),
        confidence="reported",
        source="selectors of a scraper kept in use: the text only",
        checked=date(2026, 8, 31),
    )
    return Site(
        name=name,
        title=brand,
        portals=(Portal(slug=f"{name}-utama", brand=brand, hosts=hosts),),
        article_path=re.compile(path),
        other_path=_OTHER,
        discovery=discovery,
        layouts=(layout,) if body else (),
        note="" if body else "No page was seen: its texts are read by the generic reader.",
    )


SITES = tuple(_site(*row) for row in _ROWS)
