"""One identity per URL: nothing raises an error, nothing flips, and no two articles become one."""

from __future__ import annotations

import ast
import json
import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import scraper.urls
from scraper.discover import discover
from scraper.sites.registry import all_sites
from scraper.urls import (
    MAX_URL,
    absolute,
    article_url,
    canonical_url,
    host_of,
    origin_of,
    page_number,
    registrable_domain,
    same_domain,
)

FIXTURES = Path(__file__).parent.parent / "fixtures"
_SPICE = st.sampled_from(
    ["http://", "https://", "//", "[", "]", "::1", "@", ":", "\\", "%", "%4", "%2e", "%2F", "/../", "/./", "?", "#", "&", "=", "utm_x",
     "?page=", "all", "。", "ß", "xn--", "contoh.id", "m.tribunnews.com/amp", "\ud800", "\u202e", "\x00", " ", "é", ".", "99999", "+"]
)  # fmt: skip
urls = st.lists(_SPICE | st.text(max_size=4), max_size=10).map("".join)
hosts = st.from_regex(r"[a-z][a-z0-9-]{0,8}[a-z0-9](\.[a-z]{2,5}){1,2}", fullmatch=True)
segments = st.lists(st.from_regex(r"[A-Za-z0-9_-]{1,12}", fullmatch=True), max_size=4)


@given(urls, urls | st.none())
@example("http://[", "http://[")
@example("http://a\\@b/", None)
@example("https://contoh.id/?page=١", None)
def test_no_text_makes_the_url_functions_raise(url: str, base: str | None) -> None:
    canonical = canonical_url(url, base)
    absolute(url, base)
    page_number(url)
    host_of(url)
    origin_of(url)
    article_url(url)
    same_domain(url, base or "")
    registrable_domain(url)
    if canonical is not None:
        assert canonical.isascii()
        assert len(canonical) <= MAX_URL
        assert canonical_url(canonical) == canonical
        assert host_of(canonical)
        assert "@" not in canonical.split("/")[2]


@given(urls)
def test_the_article_url_is_a_fixed_point(url: str) -> None:
    once = article_url(f"https://contoh.id/{url}")
    assert article_url(once) == once


@given(hosts, hosts, segments, segments)
def test_two_plain_paths_never_become_one(host: str, other: str, path: list[str], second: list[str]) -> None:
    one, two = f"https://{host}/{'/'.join(path)}", f"https://{other}/{'/'.join(second)}"
    assert (article_url(one) == article_url(two)) == (one == two)


@given(
    segments,
    st.from_regex(r"[a-z]{1,6}=[0-9]{1,6}", fullmatch=True),
    st.from_regex(r"[a-z]{1,6}=[0-9]{4,6}", fullmatch=True),
)
def test_a_parameter_that_may_name_an_article_is_kept(path: list[str], pair: str, second: str) -> None:
    kept = re.compile(r"^(?:gclid|gclsrc|dclid|gbraid|wbraid|yclid|igsh|fbclid|twclid|ttclid)=")
    url = f"https://contoh.id/{'/'.join(path)}?{pair}"
    if not kept.match(pair):
        assert canonical_url(url) == url
    if not kept.match(second):
        assert article_url(f"https://contoh.id/{'/'.join(path)}?{second}").endswith(second)


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("http://contoh.id:80/", "http://contoh.id/"),
        ("http://contoh.id:443/", "http://contoh.id:443/"),
        ("http://contoh.id./a", "http://contoh.id/a"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://stra\u00dfe.example/", None),
        ("http://[::FFFF:1]/", "http://[::ffff:1]/"),
        ("http://[fe80::1%25eth0]/", None),
        ("https:\\\\contoh.id\\a?b=\\", "https://contoh.id/a?b=%5C"),
        ("https://contoh.id/a%2fb%C3%A9%7E%zz", "https://contoh.id/a%2Fb%C3%A9~%25zz"),
        ("https://contoh.id/a/%2e%2e/b/./c/..", "https://contoh.id/b/"),
        ("https://contoh.id/a//b", "https://contoh.id/a//b"),
        ("https://contoh.id/?", "https://contoh.id/"),
        ("https://contoh.id/a?&b=1&&utm%5Fsource=x&", "https://contoh.id/a?b=1"),
        ("https://contoh.id/a?b[]=1&b[]=2", "https://contoh.id/a?b%5B%5D=1&b%5B%5D=2"),
        ("https://contoh.id/a?ct=5", "https://contoh.id/a?ct=5"),
        ("https://contoh.id/a?amp", "https://contoh.id/a?amp"),
        ("https://contoh.id/a?ocid=4711&fbclid=x", "https://contoh.id/a?ocid=4711"),
        ("https://pontianak.tribunnews.com/a/1/b?ct=x&m=widget-y&_ga=1", "https://pontianak.tribunnews.com/a/1/b"),
        ("https://m.tribunnews.com/amp/seleb/2020/05/04/judul", "https://www.tribunnews.com/seleb/2020/05/04/judul"),
        ("https://m.tribunnews.com/seleb/2020/05/04/judul", "https://www.tribunnews.com/seleb/2020/05/04/judul"),
        ("https://m.tribunnews.com/amp/2020/05/04/judul", "https://m.tribunnews.com/amp/2020/05/04/judul"),
        ("https://kalbar.antaranews.com/amp/berita/5/judul", "https://kalbar.antaranews.com/berita/5/judul"),
        ("https://m.contoh.id/amp/judul", "https://m.contoh.id/amp/judul"),
        (f"https://contoh.id/{'a' * 2030}", f"https://contoh.id/{'a' * 2030}"),
        (f"https://contoh.id/{'a' * 2031}", None),
        (f"https://contoh.id/a?utm_x={'a' * 4000}", "https://contoh.id/a"),
        (f"https://contoh.id/a?utm_x={'a' * 9000}", None),
        (f"https://{'a' * 64}.id/", None),
        ("https://a..id/", None),
        ("https://user:rahasia@/", None),
        ("data:text/html,https://contoh.id/", None),
    ],
)  # fmt: skip
def test_a_url_has_its_canonical_form(raw: str, canonical: str | None) -> None:
    assert canonical_url(raw) == canonical


def test_a_relative_url_needs_a_base() -> None:
    assert canonical_url("../b", None) is None
    assert canonical_url("../b?x=1", "https://contoh.id/a/c") == "https://contoh.id/b?x=1"
    assert canonical_url("?page=2", "https://contoh.id/indeks?page=1") == "https://contoh.id/indeks?page=2"


def test_user_and_password_are_in_no_url_we_use() -> None:
    assert absolute("https://user:rahasia@contoh.id/x#y", None) == "https://contoh.id/x#y"
    assert origin_of("https://user:rahasia@contoh.id:8443/x") == "https://contoh.id:8443"


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://contoh.id/a?page=all", "https://contoh.id/a"),
        ("https://news.detik.com/berita/d-5/a?single=1", "https://news.detik.com/berita/d-5/a"),
        ("https://contoh.id/a?single=1", "https://contoh.id/a?single=1"),
        ("https://contoh.id/a?showpage=ALL&x=%20", "https://contoh.id/a?x=%20"),
        ("https://contoh.id/a?page=4711", "https://contoh.id/a?page=4711"),
        ("https://contoh.id/a?hal=berita", "https://contoh.id/a?hal=berita"),
        ("https://contoh.id/?page=12", "https://contoh.id/?page=12"),
        ("https://contoh.id/baca.php?page=12", "https://contoh.id/baca.php?page=12"),
        ("https://contoh.id/baca.php?id=7&page=2", "https://contoh.id/baca.php?id=7"),
        ("bukan url", "bukan url"),
    ],
)
def test_pages_of_an_article_share_its_url_but_a_page_may_be_an_article(url: str, named: str) -> None:
    assert article_url(url) == named


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("https://contoh.id/a?page=3", 3),
        ("/a?x=1&hal=2", 2),
        ("/a?page=0", None),
        ("/a?page=12345", None),
        ("/a?page=²", None),
        ("http://[?page=2", None),
    ],
)
def test_a_page_number_is_read(url: str, number: int | None) -> None:
    assert page_number(url) == number


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("a.b.kompas.com", "kompas.com"),
        ("X.GO.ID.", "x.go.id"),
        ("blog.contoh.blogspot.com", "contoh.blogspot.com"),
        ("co.id", "co.id"),
        ("[::1]", "[::1]"),
        ("", ""),
    ],
)
def test_a_domain_is_what_one_owner_registered(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_an_address_is_its_own_domain(number: int) -> None:
    address = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    assert registrable_domain(address) == address
    assert not same_domain(f"http://{address}/", "http://contoh.id/")


@cache
def fixture_urls() -> list[str]:
    """The URLs of all fixture pages, and of all articles that the fixtures' feeds, sitemaps and index pages list."""
    urls = {json.loads(path.read_text("utf-8"))["url"] for path in FIXTURES.glob("*/*/capture.json")}
    for routes in FIXTURES.glob("*/_discovery/routes.json"):
        for target, name in json.loads(routes.read_text("utf-8")).items():
            base = f"https://{routes.parent.parent.name}{target}"
            if not target.startswith("/robots.txt"):
                urls |= {link.raw_url for link in discover(routes.with_name(name).read_bytes(), base).links}
    return sorted(url for url in urls if "://" in url)


_URLS = st.deferred(lambda: st.sampled_from(fixture_urls()))
_DECORATIONS = st.lists(
    st.sampled_from(
        ["utm_source=rss", "utm_campaign=a&utm_medium=b", "fbclid=x", "gclid=1", "_ga=2.1", "page=2", "page=all"]
    ),
    max_size=3,
)  # fmt: skip


@given(_URLS, _URLS, _DECORATIONS, _DECORATIONS, st.sampled_from(["", "#komentar"]))
def test_no_decoration_merges_two_fixture_articles_or_parts_one(
    one: str, other: str, first: list[str], second: list[str], fragment: str
) -> None:
    def decorated(url: str, parts: list[str]) -> str:
        return "&".join([url + ("" if "?" in url else "?"), *parts]) + fragment if parts else url + fragment

    assert (article_url(decorated(one, first)) == article_url(decorated(other, second))) == (
        article_url(one) == article_url(other)
    )


def test_articles_of_the_fixtures_keep_their_own_identity() -> None:
    bare = {re.sub(r"[?&](?:page=\w+|single=1|utm_\w+=[^&]*)|#.*$|/$", "", url) for url in fixture_urls()}
    assert len(bare) > 60
    assert len({article_url(url).rstrip("/") for url in fixture_urls()}) == len(bare)


def test_no_site_is_named_where_addresses_are_read() -> None:
    """What the addresses of one site mean is said in its definition."""
    tree = ast.parse(Path(scraper.urls.__file__).read_text("utf-8"))
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and id(each) not in prose]
    domains = {
        registrable_domain(host.removeprefix("*."))
        for site in all_sites()
        for portal in site.portals
        for host in portal.hosts
    }
    assert len(domains) > 150
    assert [
        name for name in domains for text in texts if isinstance(text, str) and name.partition(".")[0] in text
    ] == []
