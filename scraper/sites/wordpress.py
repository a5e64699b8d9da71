"""The WordPress profile: the designs that hundreds of small papers share, so that one of them is three lines.

A paper needs slug, brand and host; where its design differs it adds layouts of its own, which are tried first. The
layouts tell the themes apart by elements that only one of them prints; the last, `wordpress/classic`, takes any theme
that keeps WordPress' own class names (https://developer.wordpress.org/themes/classic-themes/basics/template-tags/).
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from scraper.sites import Discovery, Layout, Portal, Site

# What plug-ins and themes put between the paragraphs. Jetpack; AddToAny, Essential Social Share Buttons and other
# share bars; ad inserters; related posts of themes and plug-ins; tables of contents; author boxes; newsletter forms.
DROP = (
    ".jeg_block_heading", ".related-text-onlytitle", ".td-block-title-wrap",  # the headings of boxes with related links
    ".jp-relatedposts", "#jp-post-flair", ".sharedaddy", ".sd-sharing", ".addtoany_share_save_container",
    ".essb_links", ".heateor_sss_sharing_container", ".social-share", ".share-buttons", ".a2a_kit",
    ".gmr-content-share", ".jeg_share_button", ".td-post-sharing", ".code-block", ".ai-viewports",
    "[class*=adsbygoogle]", "[id^=div-gpt-ad]", ".ads-wrapper", ".ad-container", ".advads", "[class^=quads-]",
    ".wp-ads", ".td-a-rec", ".td-g-rec", ".td-adspot-title", ".jeg_ad", "[class*=gmr-banner]",
    "[class*=gmr-parallax]", ".idt-ads", ".yarpp", ".rp4wp-related-posts", ".crp_related", ".wp_rp_wrap",
    ".related-posts", ".relatedposts", "#ez-toc-container", ".lwptoc", "#toc_container", ".author-box-wrap",
    ".gmr-authorbox", ".wpberita-authorbox", ".saboxplugin-wrap", ".pp-multiple-authors-boxes-wrapper", ".m-a-box",
    ".abh_box", ".mc4wp-form", ".newsletter", ".post-views", ".awac-wrapper", ".wpp-list", ".kksr-legacy",
    ".rating-wrap", ".wp-block-buttons", ".gmr-google-news", ".google-news-follow", ".tags-links", ".td-tags",
    ".jeg_post_tags", ".page-links", ".jeg_pagelinks", ".page-nav", "#comments", ".comments-area",
)  # fmt: skip
# Inline links to other articles: recorded as such, not dropped.
RELATED = (
    ".baca-juga", ".bacajuga", ".inline-related", ".jnews_inline_related_post", ".gmr-related-post-onlytitle",
    ".wpberita-related-inline", ".td_block_related_posts_inline", ".tdi-inline-related", ".aicp-related",
    ".IRPP_kangoo", ".irp-link", "a[class^=IRPP]", ".internal-linking-related-contents", ".wpil-related",
    ".penci-ilrltpost-beaf", ".read-also", ".also-read",
)  # fmt: skip
_CATEGORY = (".breadcrumbs a", ".breadcrumb a", "#breadcrumbs a", ".rank-math-breadcrumb a", ".cat-links a")
_TAGS = (".tags-links a", "a[rel~=tag]:not([rel~=category])")
_SOURCE = "markup of the theme as its papers printed it, and scrapers of these papers"
_CHECKED = date(2026, 11, 24)

_TAGDIV = Layout(
    name="wordpress/tagdiv",
    signature=("div.td-post-content",),
    headline=(".td-post-header h1.entry-title", "h1.entry-title"),
    lede=(".td-post-sub-title",),
    published=(".td-post-header time.entry-date@datetime", "time.entry-date@datetime", ".td-post-header .td-post-date"),
    byline=(".td-post-header .td-post-author-name a", ".td-post-author-name a"),
    source_credit=(".td-post-source-via .td-post-small-box a",),
    body=("div.td-post-content",),
    image=(".td-post-featured-image a@href", ".td-post-featured-image img@src"),
    caption=(".td-post-featured-image figcaption",),
    tags=(".td-post-source-tags .td-tags a[href]", ".td-tags a[href]"),
    section=(".entry-crumbs a.entry-crumb", "ul.td-category a"),
    related=RELATED,
    drop=(".td-post-featured-image", *DROP),
    pages=(".page-nav-post a@href", ".page-links a@href"),
    confidence="reported",
    source=_SOURCE,
    checked=_CHECKED,
)
_TAGDIV_CLOUD = replace(
    _TAGDIV,
    name="wordpress/tagdiv-cloud",
    signature=("div.tdb_single_content",),
    headline=(".tdb_title h1.tdb-title-text", "h1.tdb-title-text", "h1.entry-title"),
    lede=(".tdb_single_subtitle .tdb-block-inner",),
    published=(".tdb_single_date time.entry-date@datetime", "time.entry-date@datetime", ".tdb_single_date"),
    byline=(".tdb_single_author a.tdb-author-name", "a.tdb-author-name"),
    body=("div.tdb_single_content div.tdb-block-inner", "div.tdb_single_content"),
    image=(".tdb_single_featured_image img@src", ".tdb_single_bg_featured_image img@src"),
    caption=(".tdb_single_featured_image .tdb-caption-text", ".tdb_single_featured_image figcaption"),
    tags=(".tdb_single_tags .tdb-tags a[href]",),
    section=(".tdb-breadcrumbs a.tdb-entry-crumb",),
    drop=DROP,
)
_JNEWS = Layout(
    name="wordpress/jnews",
    signature=(".jeg_singlepage", "h1.jeg_post_title"),
    headline=("h1.jeg_post_title",),
    lede=("h2.jeg_post_subtitle",),
    published=(".entry-header .jeg_meta_date a", ".jeg_meta_date a", ".jeg_meta_date"),
    byline=(".entry-header .jeg_meta_author a", ".jeg_meta_author a"),
    editors=(".jeg_meta_editor a",),
    body=("div.entry-content div.content-inner", "div.content-inner"),
    image=(".jeg_featured a@href", ".jeg_featured img@src", ".content-inner figure.wp-block-image img@src"),
    caption=(".jeg_featured .wp-caption-text", ".content-inner figure.wp-block-image figcaption"),
    tags=(".jeg_post_tags a[rel~=tag]",),
    section=(".jeg_breadcrumbs .breadcrumb_last_link a", ".jeg_breadcrumbs a", "#breadcrumbs a"),
    related=RELATED,
    drop=("#jnews_inline_related", *DROP),
    pages=(".jeg_pagelinks a.page_number@href", ".jeg_pagelinks a@href"),
    source="saved page of beritamanado.com, October 2020",
    checked=date(2020, 10, 9),
)
_IDTHEME = Layout(
    name="wordpress/idtheme",  # WPBerita, NewKarma, Majalahpro, BloggingPro: the themes of most Indonesian papers of one or two people
    signature=("div.entry-content-single",),
    headline=("h1.entry-title",),
    published=(
        ".entry-header time.entry-date.published@datetime",
        "time.entry-date.published@datetime",
        ".posted-on time@datetime",
        ".posted-on",
    ),
    modified=(".entry-header time.updated@datetime",),
    byline=(".entry-header .author a", ".entry-author a", ".author.vcard a", ".author.vcard"),
    body=("div.entry-content-single",),
    image=("figure.gmr-thumbnail-single img@src", ".gmr-thumbnail-single img@src", "figure.post-thumbnail img@src"),
    caption=(".gmr-thumbnail-single figcaption", "figure.post-thumbnail figcaption"),
    tags=(".entry-footer .tags-links a", ".tags-links-content a", *_TAGS),
    section=(".gmr-meta-topic a", ".breadcrumbs a", ".cat-links-content a", ".cat-links a"),
    related=RELATED,
    drop=DROP,
    pages=(".page-links a@href",),
    confidence="reported",
    source=_SOURCE,
    checked=_CHECKED,
)
_ELEMENTOR = Layout(
    name="wordpress/elementor",
    signature=(".elementor-widget-theme-post-content",),
    headline=(".elementor-widget-theme-post-title h1", "h1.elementor-heading-title", "h1.entry-title", "h1"),
    lede=(".elementor-widget-theme-post-excerpt .elementor-widget-container",),
    published=(".elementor-post-info__item--type-date time@datetime", ".elementor-post-info__item--type-date"),
    byline=(".elementor-post-info__item--type-author",),
    body=(".elementor-widget-theme-post-content .elementor-widget-container", ".elementor-widget-theme-post-content"),
    image=(".elementor-widget-theme-post-featured-image img@src",),
    caption=(".elementor-widget-theme-post-featured-image figcaption",),
    tags=(".elementor-post-info__terms-list a[href*='/tag/']", "a[rel~=tag]:not([rel~=category])"),
    section=(".elementor-widget-breadcrumbs a", *_CATEGORY, ".elementor-post-info__terms-list a[href*='/category/']"),
    related=RELATED,
    drop=DROP,
    pages=(".page-links a@href",),
    confidence="reported",
    source=_SOURCE,
    checked=_CHECKED,
)
_CLASSIC = Layout(
    name="wordpress/classic",
    headline=("h1.entry-title", "h1.post-title", "h1.wp-block-post-title", "h1.single-title", "article h1", "h1"),
    published=(
        "time.entry-date.published@datetime",
        "time.entry-date@datetime",
        ".wp-block-post-date time@datetime",
        "article time[datetime]@datetime",
        ".post-date",
        ".posted-on",
    ),
    byline=(
        ".entry-meta .author a", ".byline .author a", ".author.vcard a", ".wp-block-post-author__name", ".post-author a", ".author-name",
    ),
    body=(
        "article div.entry-content",
        "div.entry-content",
        "div.wp-block-post-content",
        "div.post-content",
        "div.single-content",
        "div.the-content",
        "div.article-content",
        "[itemprop=articleBody]",
    ),
    image=(
        "figure.wp-block-post-featured-image img@src",
        ".post-thumbnail img@src",
        "img.wp-post-image@src",
        ".entry-content figure.wp-block-image img@src",
    ),
    caption=(
        "figure.wp-block-post-featured-image figcaption",
        ".post-thumbnail figcaption",
        ".post-thumbnail .wp-caption-text",
        ".entry-content figure.wp-block-image figcaption",
    ),
    tags=_TAGS,
    section=_CATEGORY,
    related=RELATED,
    drop=DROP,
    pages=(".page-links a@href",),
    confidence="reported",
    source="class names of WordPress' own templates, which most themes keep",
    checked=_CHECKED,
)  # fmt: skip

LAYOUTS = tuple(
    replace(layout, page_path=re.compile(r"/(\d{1,2})/?$"))  # /slug/2/
    for layout in (_TAGDIV_CLOUD, _TAGDIV, _JNEWS, _IDTHEME, _ELEMENTOR, _CLASSIC)
)

# /2024/05/02/slug · /2024/05/slug · /category/slug · /news/2024/05/02/12345/slug · /slug: a slug has words, a section has one or two
ARTICLE_PATH = re.compile(
    r"^(?:/amp)?(?:/[a-z0-9-]+){0,2}/(?:\d{4}/\d{2}/(?:\d{2}/)?(?:\d+/)?[^/]+|(?:[^/-]+-){3,}[^/-]+)(?:/\d{1,2})?/?$",
    re.IGNORECASE,
)
OTHER_PATH = re.compile(
    r"^/(?:category|kategori|tags?|topi[kc]|author|penulis|page|feed|wp-[a-z-]+|search|cari|indeks|\d{4}/\d{2}(?:/\d{2})?/page)(?:/|$)"
    r"|^/(?:redaksi|pedoman|kode-etik|tentang|kontak|privacy-policy|kebijakan-privasi|disclaimer|karir|info-iklan)[^/]*/?$"
    r"|^/\d{4}(?:/\d{2}){0,2}/?$"
    r"|/(?:feed|amp|embed|trackback)/?$|\.(?:jpe?g|png|gif|webp|pdf|xml)$",
    re.IGNORECASE,
)
DISCOVERY = Discovery(
    feeds=("https://{host}/feed/",),
    news_sitemaps=("https://{host}/news-sitemap.xml",),
    sitemaps=("https://{host}/sitemap_index.xml", "https://{host}/wp-sitemap.xml"),
    by_date="https://{host}/{year}/{month:02d}/{day:02d}/page/{page}/",
)


def wordpress(
    slug: str,
    brand: str,
    *hosts: str,
    zone: str = "Asia/Jakarta",
    province: str | None = None,
    layouts: tuple[Layout, ...] = (),
    discovery: Discovery = DISCOVERY,
    article_path: re.Pattern[str] = ARTICLE_PATH,
    note: str = "",
) -> Site:
    """A paper that runs on WordPress. `layouts` are those of its own, tried before the profile's.

    Of a host, the one with or without "www." belongs to the paper too.
    """
    return Site(
        name=slug,
        title=brand,
        portals=(Portal(slug=slug, brand=brand, hosts=with_www(hosts), zone=zone, province=province),),
        article_path=article_path,
        other_path=OTHER_PATH,
        discovery=discovery,
        layouts=(*layouts, *LAYOUTS),
        note=note,
    )


def with_www(hosts: tuple[str, ...]) -> tuple[str, ...]:
    """The hosts, and after them the same with or without "www."; the first stays the first."""
    others = [
        host.removeprefix("www.") if host.startswith("www.") else f"www.{host}" for host in hosts if _may_have_www(host)
    ]
    return tuple(dict.fromkeys((*hosts, *others)))


def _may_have_www(host: str) -> bool:
    """Whether a host is a registered name by its looks: a sub-domain has no www of its own."""
    labels = host.removeprefix("www.").split(".")
    return len(labels) == 2 or (len(labels) == 3 and len(labels[1]) <= 3 and len(labels[2]) == 2)
