"""Sitemaps as served: whole, gzipped, huge, cut, and not sitemaps at all."""

from __future__ import annotations

import gzip
import tracemalloc
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover import parse_sitemap
from scraper.errors import DiscoverError
from scraper.reasons import Reason
from tests.faultserver import bomb

URL = "https://contoh.id/sitemap.xml"
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
)


def urlset(*entries: str) -> bytes:
    return f"{HEAD}{''.join(entries)}</urlset>".encode()


def entry(path: str, rest: str = "") -> str:
    return f"<url><loc>https://contoh.id/{path}</loc>{rest}</url>"


def test_a_news_entry_gives_title_and_date_and_lastmod_gives_none() -> None:
    news = (
        "<image:image><image:loc>https://contoh.id/foto.jpg</image:loc><image:title>Foto</image:title></image:image>"
        "<news:news><news:publication><news:name>Contoh</news:name></news:publication>"
        "<news:publication_date>2026-07-24T17:16:29+07:00</news:publication_date>"
        "<news:title><![CDATA[ Judul & lain ]]></news:title></news:news><lastmod>2026-07-25</lastmod>"
    )
    found = parse_sitemap(urlset(entry("a", news), entry("b", "<lastmod>2026-07-25</lastmod>")), URL)
    assert [(link.url, link.title, link.kind) for link in found.links] == [
        ("https://contoh.id/a", "Judul & lain", "article"),
        ("https://contoh.id/b", None, "article"),
    ]
    assert found.links[0].published_at == datetime.fromisoformat("2026-07-24T17:16:29+07:00")
    assert found.links[1].published_at is None


def test_an_address_in_cdata_or_below_its_picture_is_read() -> None:
    picture = "<url><image:image><image:loc>https://contoh.id/foto.jpg</image:loc></image:image><loc>\n <![CDATA[/b?x=1&y=2]]> </loc></url>"
    assert [link.url for link in parse_sitemap(urlset(picture), URL).links] == ["https://contoh.id/b?x=1&y=2"]


def test_an_index_gives_sitemaps_but_not_itself() -> None:
    body = b"""<sitemapindex><sitemap><loc>https://contoh.id/sitemap.xml</loc></sitemap>
        <sitemap><loc>https://contoh.id/sitemap-2019-10.xml.gz</loc></sitemap><sitemap><loc>ftp://contoh.id/x</loc></sitemap></sitemapindex>"""
    found = parse_sitemap(body, URL)
    assert [(link.url, link.kind) for link in found.links] == [("https://contoh.id/sitemap-2019-10.xml.gz", "sitemap")]
    assert found.skipped == 2


def test_a_gzip_file_of_several_members_is_read_whole() -> None:
    first, second = HEAD + entry("a"), entry("b") + "</urlset>"
    found = parse_sitemap(gzip.compress(first.encode()) + gzip.compress(second.encode()), URL)
    assert [link.url[-1] for link in found.links] == ["a", "b"]


def test_a_cut_gzip_file_gives_what_is_there() -> None:
    body = gzip.compress(urlset(*(entry(f"{number * 7919}") for number in range(2000))))
    found = parse_sitemap(body[: len(body) // 2], URL)
    assert 100 < len(found.links) < 2000
    assert found.is_cut


def test_a_sitemap_that_breaks_midway_gives_what_came_before() -> None:
    found = parse_sitemap(urlset(entry("a"), entry("b"), "<url></loc>", entry("c")), URL)
    assert [link.url[-1] for link in found.links] == ["a", "b", "c"]
    assert not found.is_cut
    found = parse_sitemap(urlset(entry("a"), entry("b"), entry("c"))[:-30], URL)
    assert [link.url[-1] for link in found.links] == ["a", "b"]
    assert found.is_cut


def test_an_unescaped_ampersand_does_not_end_a_sitemap() -> None:
    found = parse_sitemap(urlset(entry("a"), entry("b?x=1&y=2"), entry("c")), URL)
    assert [link.url for link in found.links] == [
        "https://contoh.id/a",
        "https://contoh.id/b?x=1&y=2",
        "https://contoh.id/c",
    ]
    assert not found.is_cut


def test_a_text_sitemap_is_a_url_a_line() -> None:
    found = parse_sitemap(b"\xef\xbb\xbfhttps://contoh.id/a\r\n\r\nbukan\nhttps://contoh.id/a#x\n", URL)
    assert [link.url for link in found.links] == ["https://contoh.id/a"]
    assert found.skipped == 1
    many = "\n".join(f"https://contoh.id/{number}" for number in range(50_001))
    assert parse_sitemap(many.encode(), URL).is_cut


def test_a_long_sitemap_is_read_in_flat_memory() -> None:
    few = urlset(*(entry(f"{number}", "<lastmod>2026-07-25</lastmod>" * 4) for number in range(500)))
    many = urlset(*(entry(f"{number % 500}", "<lastmod>2026-07-25</lastmod>" * 4) for number in range(8_000)))
    peaks = []
    for body in (few, many):
        tracemalloc.start()
        assert len(parse_sitemap(body, URL).links) == 500
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + len(many) + (1 << 20)  # the parser's own copy of the bytes, and no tree


def test_elements_outside_of_entries_are_not_kept() -> None:
    body = f"{HEAD}{'<x/>' * 100_000}{entry('a')}</urlset>".encode()
    tracemalloc.start()
    assert len(parse_sitemap(body, URL).links) == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * len(body)  # the bytes twice, and the parser's buffers


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"tidak ada apa-apa di sini", Reason.UNPARSABLE),
        (b"<urlset><url><loc>", Reason.UNPARSABLE),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + urlset(entry("&a;")), Reason.UNPARSABLE),
        (bomb(b"<urlset>"), Reason.TOO_BIG),
        (gzip.compress(urlset(entry("a")), mtime=0)[:30], Reason.TRUNCATED),
        (b"\x1f\x8b\x08bukan gzip", Reason.BAD_ENCODING),
    ],
)
def test_what_is_no_sitemap_has_a_reason(body: bytes, reason: Reason) -> None:
    with pytest.raises(DiscoverError) as raised:
        parse_sitemap(body, URL)
    assert raised.value.reason is reason


def test_an_empty_sitemap_has_no_links() -> None:
    assert parse_sitemap(urlset(), URL).links == ()
    assert parse_sitemap(b"", URL).links == ()


@given(st.binary(max_size=200))
def test_any_bytes_give_links_or_a_discover_error(noise: bytes) -> None:
    for body in (noise, HEAD.encode() + noise, gzip.compress(noise)[:-3], b"https://contoh.id/\n" + noise):
        try:
            parse_sitemap(body, URL)
        except DiscoverError:
            continue
