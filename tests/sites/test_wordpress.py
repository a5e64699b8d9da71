"""The WordPress profile: which hosts and URLs belong to a paper, and what its layouts keep out of a text."""

from __future__ import annotations

import pytest

from scraper.extract import extract
from scraper.sites.catalogue import shelf
from scraper.sites.definition import parse_sites, with_www
from scraper.sites.registry import SITES, find_portal, is_article_url

[PAPER] = parse_sites('profile = "wordpress"\nslug = "rawa"\nbrand = "Suara Rawa"\nhosts = ["suararawa.co.id"]')
LAYOUTS = PAPER.layouts
LISTS = shelf().profiles["wordpress"]["lists"]
PAPERS = [site for site in SITES if shelf().sites[site.name].get("profile") == "wordpress"]


@pytest.mark.parametrize(
    ("hosts", "all_hosts"),
    [
        (["a.com"], ["a.com", "www.a.com"]),
        (["www.a.co.id"], ["www.a.co.id", "a.co.id"]),
        (["a.co.id", "www.a.co.id"], ["a.co.id", "www.a.co.id"]),
        (["kalbar.a.co.id"], ["kalbar.a.co.id"]),
        (["news.a.com"], ["news.a.com"]),
        (["*.com"], ["*.com"]),
    ],
)
def test_a_paper_owns_its_host_with_and_without_www(hosts: list[str], all_hosts: list[str]) -> None:
    assert with_www(hosts) == all_hosts


@pytest.mark.parametrize(
    "path",
    [
        "/2024/05/02/jembatan-baru/",
        "/2024/05/jembatan-baru/",
        "/jembatan-gantung-dibuka-untuk-warga/",
        "/sumut/jembatan-gantung-dibuka-untuk-warga/",
        "/news/2024/05/02/381/jembatan/",
        "/2024/05/02/jembatan-baru/2/",
        "/2024/05/02/rinto/",
    ],
)
def test_articles_are_told_by_their_path(path: str) -> None:
    assert is_article_url(PAPER, f"https://suararawa.co.id{path}")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/daerah/",
        "/berita-daerah/",
        "/category/berita-daerah-kalbar-hari-ini/",
        "/tag/jembatan-gantung-yang-dibuka/",
        "/2024/05/02/",
        "/2024/05/02/page/2/",
        "/page/3/",
        "/author/nama-panjang-sekali-ini/",
        "/jembatan-gantung-dibuka-untuk-warga/feed/",
        "/wp-content/uploads/2024/05/foto-jembatan-gantung-baru.jpg",
        "/pedoman-media-siber-dewan-pers/",
    ],
)
def test_what_is_no_article_is_told_too(path: str) -> None:
    assert not is_article_url(PAPER, f"https://suararawa.co.id{path}")


def test_every_paper_shares_the_layouts_of_the_profile() -> None:
    assert len(PAPERS) > 10
    for site in PAPERS:
        assert site.layouts[-len(LAYOUTS) :] == LAYOUTS
        assert find_portal(f"https://{site.portals[0].hosts[0]}/x")[0] is site


PARAGRAPHS = "".join(
    f"<p>Kalimat nomor {number} tentang jembatan yang baru saja dibuka untuk warga.</p>" for number in range(6)
)


THEMES = {
    # head of the article, related box, below the text: as TieLabs' Jannah, BetterStudio's Publisher, PenciDesign's Soledad and WordPress' own themes print them
    "jannah": (
        '<h1 class="post-title entry-title">{title}</h1><div class="post-meta"><span class="author-meta"><span class="meta-item meta-author"><a class="author-name tie-icon">Ratna Dewi</a></span></span></div>',
        '<div id="inline-related-post" class="mag-box"><div class="mag-box-title">Baca Juga</div>{link}</div>',
        '<div class="multiple-post-pages"><span class="post-page-numbers current">1</span><a class="post-page-numbers" href="https://www.bantennews.co.id/jembatan/2/">2</a></div>',
    ),
    "publisher": (
        '<h1 class="single-post-title"><span class="post-title">{title}</span></h1><div class="post-meta single-post-meta"><a class="post-author-a"><i class="post-author author"><b class="post-author-name">Ratna Dewi</b></i></a></div>',
        '<div class="bs-irp left"><div class="bs-irp-heading">Berita terkait</div>{link}</div>',
        '<div class="pagination-post"><a href="https://www.bantennews.co.id/jembatan/2/">2</a></div>',
    ),
    "soledad": (
        '<h1 class="post-title single-post-title entry-title">{title}</h1><div class="post-box-meta-single"><span class="author-post byline"><span class="author vcard"><a class="url fn n">Ratna Dewi</a></span></span></div>',
        '<div class="penci-inline-related-posts"><div class="penci-irp-heading">Baca juga</div>{link}</div>',
        '<div class="page-links"><a class="post-page-numbers" href="https://www.bantennews.co.id/jembatan/2/">2</a></div>',
    ),
    "own": (
        '<h1 class="entry-title">{title}</h1><div class="entry-meta"><span class="byline"><span class="author vcard"><a>Ratna Dewi</a></span></span></div>',
        '<p class="baca-juga">Baca juga: {link}</p>',
        '<div class="page-links"><a class="post-page-numbers" href="https://www.bantennews.co.id/jembatan/2/">2</a></div>',
    ),
}


@pytest.mark.parametrize("theme", THEMES)
def test_authors_related_boxes_and_pages_of_common_themes(theme: str) -> None:
    head, box, pages = THEMES[theme]
    link = '<a href="https://www.bantennews.co.id/feri/">Feri Berlayar Lagi</a>'
    page = (
        f"<html><title>Jembatan Gantung Dibuka</title><article>{head.format(title='Jembatan Gantung Dibuka')}<div class='entry-content'>{PARAGRAPHS}"
        f"{box.format(link=link)}<p>Warga menyeberang sejak subuh tanpa menunggu rakit penyeberangan.</p>{pages}</div></article>"
    )
    article = extract(page, url="https://www.bantennews.co.id/jembatan/")
    assert article.layout == "wordpress/classic"
    assert [author.name for author in article.authors] == ["Ratna Dewi"]
    assert [each.text for each in article.related_links] == ["Feri Berlayar Lagi"]
    assert (len(article.body), article.page_count) == (7, 2)
    assert article.next_page == "https://www.bantennews.co.id/jembatan/2/"


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.name)
def test_what_stands_between_paragraphs_is_dropped_or_a_related_link(layout: object) -> None:
    """Each class of the profile once, in the body of each theme: nothing of it becomes text."""
    box = {
        "wordpress/tagdiv": '<div class="td-post-content">{}</div>',
        "wordpress/tagdiv-cloud": '<div class="tdb_single_content"><div class="tdb-block-inner">{}</div></div>',
        "wordpress/jnews": '<div class="jeg_singlepage entry-content"><div class="content-inner">{}</div></div>',
        "wordpress/idtheme": '<div class="entry-content entry-content-single">{}</div>',
        "wordpress/elementor": '<div class="elementor-widget-theme-post-content"><div class="elementor-widget-container">{}</div></div>',
        "wordpress/classic": '<div class="entry-content">{}</div>',
    }
    name = str(getattr(layout, "name", ""))
    classes = [selector[1:] for selector in LISTS["furniture"] if selector.startswith(".")]
    noise = "".join(
        f'<div class="{each}"><p>Sisipan {each} yang bukan bagian dari berita ini.</p></div>' for each in classes
    )
    links = "".join(
        f'<div class="{selector[1:]}"><a href="https://www.bantennews.co.id/berita-{number}/">Berita terkait nomor {number}</a></div>'
        for number, selector in enumerate(LISTS["related"])
        if selector.startswith(".")
    )
    title = "Jembatan Gantung Dibuka untuk Warga"
    heading = f'<h1 class="entry-title jeg_post_title tdb-title-text elementor-heading-title">{title}</h1>'
    page = f"<html><title>{title}</title><article>{heading}{box[name].format(PARAGRAPHS + noise + links)}</article>"
    article = extract(page, url="https://www.bantennews.co.id/jembatan-gantung-dibuka-untuk-warga/")
    assert article.layout == name
    assert [block.text[:14] for block in article.body] == [f"Kalimat nomor {number}"[:14] for number in range(6)]
    assert len(article.related_links) == sum(selector.startswith(".") for selector in LISTS["related"])
