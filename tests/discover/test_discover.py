"""Feeds, sitemaps and index pages → links; broken ones yield what they have, or a named error."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover import discover, looks_like, parse_feed, parse_index, parse_sitemap
from scraper.errors import DiscoverError, ExtractError
from scraper.reasons import Reason
from scraper.sites.registry import find_portal, is_article_url

BASE = "https://contoh.id/rss"
FIXTURES = Path(__file__).parent.parent.parent / "fixtures" / "pontianak.tribunnews.com" / "_discovery"


def test_rss_items_have_address_title_and_date() -> None:
    found = parse_feed((FIXTURES / "rss.xml").read_bytes(), "https://pontianak.tribunnews.com/rss")
    assert len(found.links) == 5
    assert found.skipped == 1, "the link to the front page is not an article"
    first = found.links[0]
    assert (
        first.url
        == "https://pontianak.tribunnews.com/2019/10/07/air-sungai-naik-warga-tiga-desa-mengungsi-ke-balai-pertemuan"
    )
    assert first.raw_url.endswith("?utm_source=rss")
    assert first.published_at == datetime(2019, 10, 7, 3, 21, 5, tzinfo=UTC)


def test_atom_and_rdf_and_json_feeds() -> None:
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>Satu</title><link rel="self" href="/self"/><link href="/2026/satu"/>
        <published>2026-01-02T03:04:05+08:00</published></entry></feed>"""
    rdf = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <item><title>Dua</title><link>https://contoh.id/2026/dua</link><dc:date>2026-01-02T03:04:05Z</dc:date></item></rdf:RDF>"""
    feed = b'{"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "url": "https://contoh.id/2026/tiga", "title": "Tiga"}, {"id": 7}, "x"]}'
    assert [(link.url, link.title) for link in parse_feed(atom, BASE).links] == [
        ("https://contoh.id/2026/satu", "Satu")
    ]
    assert parse_feed(rdf, BASE).links[0].published_at == datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert [link.title for link in parse_feed(feed, BASE).links] == ["Tiga"]


def test_a_list_that_a_page_keeps_as_data_is_read_where_the_site_says() -> None:
    url = "https://www.jawapos.com/indeks"
    site, _ = find_portal(url)
    assert site is not None
    item = '{"category": {"slug": "ekonomi"}, "article_id": "2607240072", "slug": "pasar-ikan-dibuka", "title": "Pasar Ikan Dibuka"}'
    others = '{"category": null, "article_id": "1", "slug": "x"}, {"slug": {}}, 7, null, {"category": {"slug": "@x.id/"}, "article_id": 5, "slug": ""}'
    body = f'<div id="__next"></div><script id="__NEXT_DATA__">{{"props": {{"pageProps": {{"initialArticles": {{"data": [{item}, {item}, {others}]}}}}}}}}</script>'
    found = parse_index(body.encode(), url, discovery=site.discovery)
    assert [(link.url, link.title) for link in found.links] == [
        ("https://www.jawapos.com/ekonomi/2607240072/pasar-ikan-dibuka", "Pasar Ikan Dibuka")
    ]
    assert parse_index(body.encode(), url).links == ()


def test_an_empty_link_falls_back_to_the_guid() -> None:
    rss = b"<rss><channel><item><title>A</title><link></link><guid>https://contoh.id/berita/1/a</guid></item></channel></rss>"
    assert [link.url for link in parse_feed(rss, BASE).links] == ["https://contoh.id/berita/1/a"]


def test_a_feed_that_breaks_midway_gives_what_came_before() -> None:
    rss = b"<rss><channel><item><link>https://contoh.id/1/a</link></item><item><link>https://contoh.id/2/b</li"
    found = parse_feed(rss, BASE)
    assert (len(found.links), found.is_cut) == (1, True)
    with pytest.raises(DiscoverError, match="unparsable"):
        parse_feed(b"<rss><channel><item>", BASE)


def test_entities_and_doctypes_are_refused() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><rss><channel><item><link>&a;</link></item></channel></rss>'
    with pytest.raises(DiscoverError):
        parse_feed(bomb, BASE)


def test_a_news_sitemap_and_its_index() -> None:
    found = parse_sitemap(
        (FIXTURES / "sitemap_news.xml").read_bytes(), "https://pontianak.tribunnews.com/sitemap_news.xml"
    )
    assert len(found.links) == 7
    assert found.links[0].title == "Air Sungai Naik, Warga Tiga Desa Mengungsi ke Balai Pertemuan"
    index = b"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><sitemap><loc>https://contoh.id/s1.xml.gz</loc></sitemap></sitemapindex>"
    assert [(link.url, link.kind) for link in parse_sitemap(index, BASE).links] == [
        ("https://contoh.id/s1.xml.gz", "sitemap")
    ]


def test_a_large_sitemap_is_read_and_bounded() -> None:
    urls = "".join(f"<url><loc>https://contoh.id/berita/{number}/judul</loc></url>" for number in range(50_100))
    body = gzip.compress(f"<urlset>{urls}</urlset>".encode())
    found = parse_sitemap(body, BASE)
    assert (len(found.links), found.is_cut) == (50_000, True)


def test_a_cut_gzip_sitemap_is_named() -> None:
    with pytest.raises(DiscoverError) as caught:
        parse_sitemap(gzip.compress(b"<urlset>" + bytes(5000))[:-9], BASE)
    assert caught.value.reason is Reason.TRUNCATED


def test_a_text_sitemap() -> None:
    assert [
        link.url for link in parse_sitemap(b"https://contoh.id/a\n\nnonsense\nhttps://contoh.id/b\n", BASE).links
    ] == ["https://contoh.id/a", "https://contoh.id/b"]


def test_an_index_of_a_known_site_gives_its_articles_only() -> None:
    url = "https://pontianak.tribunnews.com/index-news?date=2019-10-7&page=1"
    site, _ = find_portal(url)
    assert site is not None
    found = parse_index(
        (FIXTURES / "index-news.html").read_bytes(), url, is_article=lambda link: is_article_url(site, link)
    )
    assert len(found.links) == 7
    assert [link.url for link in found.feeds] == ["https://pontianak.tribunnews.com/rss"]


def test_an_index_of_an_unknown_site_is_read_by_the_shape_of_its_links() -> None:
    page = """<a href="/tag/banjir-di-kota-lama">Banjir di kota</a><a href="/2026/01/02/judul">Judul berita hari ini</a><a href="/news">News</a>
        <a href="/daerah/jalan-baru-dibuka-untuk-umum">Jalan baru</a><a href="https://lain.id/2026/01/02/luar">Situs lain sama sekali</a>
        <a href="javascript:x()">x</a><a rel="next" href="/daerah?page=2">2</a><a href="/foto.jpg">Foto berita hari ini</a>"""
    found = parse_index(page.encode(), "https://contoh.id/daerah")
    assert [link.url for link in found.links] == [
        "https://contoh.id/2026/01/02/judul",
        "https://contoh.id/daerah/jalan-baru-dibuka-untuk-umum",
    ]
    assert found.next_page == "https://contoh.id/daerah?page=2"


def test_links_of_a_page_are_bounded() -> None:
    page = "".join(f"<a href='/2026/01/02/judul-{number}'>Judul berita nomor {number}</a>" for number in range(2_500))
    found = parse_index(page.encode(), "https://contoh.id/")
    assert (len(found.links), found.is_cut) == (2_000, True)


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        (b"\xef\xbb\xbf<?xml version='1.0'?><rss/>", "feed"),
        (b"<feed xmlns='x'/>", "feed"),
        (b'{"version": "x", "items": []}', "feed"),
        (b"<urlset/>", "sitemap"),
        (gzip.compress(b"<sitemapindex/>", mtime=0), "sitemap"),
        (b"<!DOCTYPE html><html><body>rss</body></html>", "html"),
        (b"", "html"),
    ],
)
def test_a_body_is_known_by_what_it_is(body: bytes, shape: str) -> None:
    assert looks_like(body, "https://contoh.id/x") == shape


@given(st.binary(max_size=300))
def test_any_bytes_give_links_or_a_named_error(body: bytes) -> None:
    for prefix in (b"", b"<rss><channel><item>", b"<urlset><url>", b"<html>"):
        try:
            discover(prefix + body, "https://contoh.id/x")
        except (DiscoverError, ExtractError) as error:
            assert error.reason in Reason
