"""Index pages of known and unknown sites: articles, feeds, and the next page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.discover import discover, looks_like, parse_index, refresh_of
from scraper.errors import ExtractError

URL = "https://www.contoh.id/daerah"


def page(*anchors: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{''.join(anchors)}</body></html>".encode()


def a(href: str, text: str = "Judul berita hari ini") -> str:
    return f'<a href="{href}">{text}</a>'


@pytest.mark.parametrize(
    "path",
    [
        "/2019/10/07/banjir",
        "/read/2019/10/07/banjir",
        "/daerah/1178713/banjir",
        "/daerah/d-6383383/banjir",
        "/berita-123456.html",
        "/warga-tiga-desa-mengungsi/",
        "/kontak-tembak-di-perbatasan-kota",
        "/kebijakan-baru-soal-pupuk-terbit",
        "/nasional/20260109163000-20-1/banjir",
    ],
)
def test_an_article_is_known_by_its_path(path: str) -> None:
    assert len(parse_index(page(a(path)), URL).links) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/daerah",
        "/nasional/politik",
        "/tag/banjir-di-kota-lama",
        "/penulis/nama-yang-panjang-sekali",
        "/foto/2019/10/07/banjir.jpg",
        "/pedoman-media-siber",
        "/syarat-dan-ketentuan",
        "/category/berita-kota-hari-ini",
        "/2019/10/",
        "https://lain.id/2019/10/07/banjir",
        "mailto:redaksi@contoh.id",
        "javascript:void(0)",
        "https://[/2019/10/07/banjir",
    ],
)
def test_what_is_no_article_is_left_out(path: str) -> None:
    assert parse_index(page(a(path)), URL).links == ()


def test_a_number_without_words_needs_words_in_the_link() -> None:
    assert parse_index(page(a("/x/123456", "12")), URL).links == ()
    assert len(parse_index(page(a("/x/123456", '<img src="f.jpg">')), URL).links) == 1


def test_a_known_site_decides_by_its_own_pattern() -> None:
    body = page(a("/x/1", "12"), a("/2019/10/07/banjir"))
    found = parse_index(body, URL, is_article=lambda url: url.endswith("/x/1"))
    assert [link.url for link in found.links] == ["https://www.contoh.id/x/1"]


def test_a_card_links_its_picture_first_and_its_title_after_it() -> None:
    body = page(
        a("/a/123456/b", "<img>"),
        a("/a/123456/b?page=2", "Warga tiga desa mengungsi"),
        a("/a/123456/b#komentar", "12 komentar lagi di sini"),
    )
    (link,) = parse_index(body, URL).links
    assert (link.url, link.title, link.found_on) == (
        "https://www.contoh.id/a/123456/b",
        "Warga tiga desa mengungsi",
        URL,
    )


def test_relative_links_start_at_the_base_of_the_page() -> None:
    found = parse_index(page(a("2019/10/07/banjir"), head='<base href="/arsip/">'), URL)
    assert found.links[0].url == "https://www.contoh.id/arsip/2019/10/07/banjir"


def test_the_page_does_not_link_itself() -> None:
    assert parse_index(page(a("/a/123456/b?page=2")), "https://www.contoh.id/a/123456/b").links == ()


def test_feeds_are_announced_but_not_those_of_comments() -> None:
    head = """<link rel="alternate" type="application/rss+xml; charset=utf-8" title="Berita" href="/feed/">
        <link rel="alternate" type="application/rss+xml" href="/comments/feed/"><link rel="alternate" hreflang="en" href="/en/">
        <link rel="alternate" type="application/atom+xml" href="https://lain.id/feed/"><link rel="alternate" type="application/feed+json" href="/feed.json">"""
    found = parse_index(page(head=head), URL)
    assert [(link.url, link.kind) for link in found.feeds] == [
        ("https://www.contoh.id/feed/", "feed"),
        ("https://lain.id/feed/", "feed"),
        ("https://www.contoh.id/feed.json", "feed"),
    ]
    assert found.feeds[0].title == "Berita"


@pytest.mark.parametrize(
    ("url", "anchors", "following"),
    [
        (URL, ['<a rel="next" href="/daerah?page=2">x</a>'], "https://www.contoh.id/daerah?page=2"),
        (URL, ['<a rel="next" href="https://lain.id/daerah?page=2">x</a>'], None),
        (URL, ['<a rel="next" href="/daerah">x</a>'], None),
        (
            URL,
            [a("/daerah?page=1", "1"), a("/daerah?page=2", "2"), a("/daerah?page=9", "9")],
            "https://www.contoh.id/daerah?page=2",
        ),
        (f"{URL}?page=2", [a("?page=1", "1"), a("?page=3", "3")], "https://www.contoh.id/daerah?page=3"),
        (f"{URL}?d=1&page=10", [a("?d=1&page=9", "9"), a("?d=1&page=10", "10")], None),
        ("https://www.contoh.id/", [a("/?page=2", "2")], "https://www.contoh.id/?page=2"),
        ("https://www.contoh.id/", [a("/page/2/", "2")], "https://www.contoh.id/page/2/"),
        (f"{URL}/page/2/", [a("/daerah/page/3/", "3")], "https://www.contoh.id/daerah/page/3/"),
        (URL, [a("/lain?page=2", "2")], None),
        (f"{URL}/20", [a("/daerah/40", "Selanjutnya »")], "https://www.contoh.id/daerah/40"),
        (f"{URL}/20", [a("/politik/40", "Selanjutnya »")], None),
        (f"{URL}/20", [a("/daerah/40", "Selanjutnya, warga mengungsi")], None),
    ],
)
def test_the_next_page_of_an_index(url: str, anchors: list[str], following: str | None) -> None:
    assert parse_index(page(*anchors), url).next_page == following


def test_a_page_of_very_many_links_is_cut() -> None:
    found = parse_index(page(*(a(f"/2019/10/07/b{number}", "x y z") for number in range(2_005))), URL)
    assert (len(found.links), found.skipped, found.is_cut) == (2_000, 5, True)
    found = parse_index(page(*('<a href="/">' for _ in range(20_001))), URL)
    assert (len(found.links), found.is_cut) == (0, True)


@pytest.mark.parametrize(
    ("body", "shape"),
    [
        (b"\n <?xml version='1.0'?><?xml-stylesheet href='x'?><!-- <html> --><urlset>", "sitemap"),
        (b'<!DOCTYPE rss PUBLIC "x" "y"><rss>', "feed"),
        ('<?xml version="1.0"?><rss/>'.encode("utf-16"), "feed"),
        (b'<atom:feed xmlns:atom="x">', "feed"),
        (b'<!DOCTYPE html><html><!-- <rss> --><body><svg><rdf:RDF xmlns:rdf="x"/></svg></body></html>', "html"),
        (b'{"pesan": 1}', "html"),
    ],
)
def test_a_body_is_known_by_its_root(body: bytes, shape: str) -> None:
    assert looks_like(body, URL) == shape


def test_a_list_of_urls_is_a_sitemap_only_where_its_name_says_text() -> None:
    assert looks_like(b"https://contoh.id/a\n", "https://contoh.id/sitemap.txt") == "sitemap"
    assert looks_like(b"https://contoh.id/a\n", "https://contoh.id/a") == "html"


@given(
    st.lists(
        st.sampled_from(
            [
                "<a href=",
                "'",
                '"',
                "/2019/10/07/x",
                ">",
                "</a>",
                "<base href=//[>",
                "?page=2",
                "<link rel=next href=x>",
                "teks",
            ]
        )
    )
)
def test_any_markup_gives_links_or_a_named_error(parts: list[str]) -> None:
    try:
        found = discover("".join(parts).encode(), URL)
    except ExtractError:
        return
    assert len({link.url for link in found.links}) == len(found.links)


def card(href: str, text: str, tag: str = "h3") -> str:
    return f'<article><a href="/penulis/x">Mira Toldan</a><header><{tag}><a href="{href}">{text}</a></{tag}></header><a href="{href}">Baca</a></article>'


SHAPES = ["/news/articles/c4ngk17zzkpo", "/2021/mar/04/bridge", "/read.php?id=4711", "/?p=123", "/-/de/4711", "/b/a_b"]
HEADLINES = [f"Warga desa nomor {number} membangun jembatan" for number in range(len(SHAPES))]
MENU = "".join(
    f'<li><a href="/{name}">Berita dari {name} hari ini</a></li>' for name in ("kota", "desa", "laut", "hutan", "awan")
)


@pytest.mark.parametrize(
    "cards",
    [
        [card(href, text) for href, text in zip(SHAPES, HEADLINES, strict=True)],
        [f"<div><h2><a href='{href}'>{text}</a></h2><p>Teras.</p></div>" for href, text in zip(SHAPES, HEADLINES, strict=True)],
        [f"<a href='{href}'><div><h3>{text}</h3></div></a>" for href, text in zip(SHAPES, HEADLINES, strict=True)],
        [f"<li><a href='{href}'>{text}</a></li>" for href, text in zip(SHAPES, HEADLINES, strict=True)],
        [card(href, "两岸居民在新桥上庆祝通车典礼") for href in SHAPES],
    ],
)  # fmt: skip
def test_headlines_of_a_list_are_articles_whatever_their_address(cards: list[str]) -> None:
    menus = f"<nav><ul>{MENU}</ul></nav><div class='main-menu'><ul>{MENU}</ul></div><footer><ul>{MENU}</ul></footer>"
    found = parse_index(page(menus, *cards, f"<div id='footer-menu'><h4>{a('/kota')}</h4></div>"), URL)
    assert [link.url for link in found.links] == [f"https://www.contoh.id{path}" for path in SHAPES]


@pytest.mark.parametrize(
    "cards",
    [
        [f"<h2><a href='/{name}'>{name}</a></h2>" for name in ("kota", "desa", "laut", "hutan")],  # headings of boxes
        [f"<h2><a href='/{name}'>Berita dari {name} hari ini</a></h2>" for name in ("kota", "desa", "laut")],  # the menu has them
        [f"<p>Di {a(f'/s/{n}', 'sebuah kalimat yang cukup panjang')} ada tautan.</p>" for n in range(9)],
        [card(f"/tag/{n}", "Sebuah judul yang cukup panjang") for n in range(4)],
        [card(f"/daerah?page={n}", "Sebuah judul yang cukup panjang") for n in range(2, 6)],
        [card("/", "Sebuah judul yang cukup panjang")],
        ["<footer><ul>", *(a(f"/syarat-{n}-dan-ketentuan-umum") for n in "abcdef"), "</ul></footer>"],
    ],
)  # fmt: skip
def test_what_only_looks_like_a_list_of_headlines_is_none(cards: list[str]) -> None:
    assert parse_index(page(f"<nav>{MENU}</nav>", *cards), URL).links == ()


@pytest.mark.parametrize(
    ("head", "body", "target"),
    [
        ('<meta http-equiv="refresh" content="0; url=/a">', "Tunggu", "https://www.contoh.id/a"),
        ("<META HTTP-EQUIV=REFRESH CONTENT=\"3;URL='https://lain.id/a?b=1&c=2'\">", "", "https://lain.id/a?b=1&c=2"),
        ('<base href="/x/"><meta http-equiv="refresh" content="0,a">', "", "https://www.contoh.id/x/a"),
        ('<meta http-equiv="refresh" content="300; url=/a">', "", None),
        ('<meta http-equiv="refresh" content="0; url=/daerah#top">', "", None),
        ('<meta http-equiv="refresh" content="5">', "", None),
        ('<noscript><meta http-equiv="refresh" content="0; url=/nojs"></noscript>', "", None),
        ('<meta http-equiv="refresh" content="0; url=javascript:x()">', "", None),
        ('<meta http-equiv="refresh" content="0; url=/a">', "kata " * 100, None),
        ('<!-- <meta http-equiv="refresh" content="0; url=/a"> -->', "", None),
    ],
)
def test_a_page_that_passes_its_readers_on(head: str, body: str, target: str | None) -> None:
    assert refresh_of(page(body, head=head), URL) == target
