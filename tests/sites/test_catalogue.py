"""The catalogue: which paper a URL belongs to, which URLs are articles, and that provinces and zones fit."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from scraper import typed
from scraper.crawl.targets import portal_links, resolve
from scraper.records import Capture
from scraper.regions import province_code
from scraper.sites import Site, catalogue, registry
from scraper.sites.catalogue import outlines
from scraper.sites.definition import Table, site_of, toml
from scraper.sites.provinces import ZONES
from scraper.sites.registry import SITES, by_slug, find_portal, is_article_url
from scraper.worker import read_listing

PORTALS = [portal for site in SITES for portal in site.portals]


def test_a_paper_of_a_province_prints_the_time_of_its_province() -> None:
    at_home = [portal for portal in PORTALS if portal.province]
    assert {portal.province for portal in at_home} <= set(ZONES)
    assert [portal.slug for portal in at_home if province_code(portal.province or "") is None] == []
    elsewhere = [portal.slug for portal in at_home if portal.zone != ZONES[portal.province or ""]]
    assert [slug for slug in elsewhere if not slug.startswith(("kompas-", "detik-"))] == [], (
        "those print WIB everywhere"
    )


@pytest.mark.parametrize(
    ("url", "slug"),
    [
        ("https://www.detik.com/jatim/berita/d-7349798/slug", "detik-jatim"),
        ("https://www.detik.com/jatimur/d-7349798/slug", "detik-utama"),
        ("https://www.detik.com/", "detik-utama"),
        ("https://20.detik.com/d-7349798/slug", "detik-utama"),
        ("https://otomotif.antaranews.com/berita/546646/prototype", "antara-nasional"),
        ("https://kalbar.antaranews.com/berita/1/x", "antara-kalbar"),
        ("https://photo.liputan6.com/x/y-1", "photo-liputan6"),
        ("https://radartulungagung.jawapos.com/x", "jawapos-jaringan"),
        ("https://pontianakpost.jawapos.com/x", "pontianak-post"),
        ("https://www.jawapos.com/x", "jawa-pos"),
        ("https://portalkalbar.pikiran-rakyat.com/x", "pikiran-rakyat-jaringan"),
        ("https://a.b.tribunnews.com/x", None),
        ("https://tribunnews.com.example/x", None),
    ],
)
def test_whose_a_url_is(url: str, slug: str | None) -> None:
    _, portal = find_portal(url)
    assert (portal.slug if portal else None) == slug


LISTS = (
    "/", "/indeks", "/index-news", "/tag/banjir-di-kota-lama", "/indeks/2026/07/24/10", "/more/latest-updates", "/search?q=banjir-di-kota-lama",
    "/peristiwa", "/berita", "/nasional", "/kanal/news", "/terkini/indeks/2", "/author/nama-panjang-sekali", "/topic/banjir-di-kota-lama", "/rss", "/feed/",
)  # fmt: skip


def test_an_article_is_told_by_its_address() -> None:
    # label, network, address: the forms that papers use or have used, with words and numbers of our own
    table = (Path(__file__).parent / "addresses.tsv").read_text("utf-8")
    wrong = []
    for label, name, url in (line.split("\t") for line in table.splitlines()):
        site, _ = find_portal(url)
        if site is None or (site.name, is_article_url(site, url)) != (name, label == "article"):
            wrong.append((label, site and site.name, url))
    assert wrong == []


def test_a_list_is_no_article() -> None:
    urls = [(site, f"https://{site.portals[0].hosts[0]}{path}") for site in SITES for path in LISTS]
    assert [url for site, url in urls if is_article_url(site, url)] == []


def test_where_a_site_lists_its_articles_is_no_article() -> None:
    found = [
        link.url
        for site in SITES
        for portal in site.portals[:3]
        for since, until in ((None, None), (date(2024, 5, 2), date(2024, 5, 3)))
        for link in portal_links(site.discovery, portal, today=date(2024, 5, 9), since=since, until=until)
        if is_article_url(site, link.url)
    ]
    assert found == []


def test_what_a_sitemap_lists_besides_articles_is_skipped() -> None:
    urls = (
        "https://www.tribunnews.com/nasional/9000201/judul",
        "https://www.tribunnews.com/tag/banjir",
        "https://www.tribunnews.com/a-b-c-d",
    )
    body = "<urlset>" + "".join(f"<url><loc>{url}</loc></url>" for url in urls) + "</urlset>"
    url = "https://www.tribunnews.com/nasional/sitemap-news.xml"
    shape, found = read_listing(
        Capture(url=url, final_url=url, status=200, fetched_at=datetime(2026, 7, 24, tzinfo=UTC), body=body.encode())
    )
    assert shape == "sitemap"
    assert [link.url for link in found.links] == [urls[0], urls[2]], "a form that is not known yet may be an article"
    assert found.skipped == 1


FEWER_PAPERS = {"Papua Selatan", "Papua Pegunungan"}  # than three: no list names more


def test_every_province_has_papers_that_belong_to_no_chain() -> None:
    homes = Counter(
        next(iter(found)) for site in SITES if len(found := {portal.province for portal in site.portals}) == 1
    )
    assert {province for province in ZONES if homes[province] < 3} == FEWER_PAPERS


def test_the_documentation_counts_the_catalogue() -> None:
    """In round numbers, so that a new paper need not touch it: what it says is true, and by a sixth too little at most."""
    layouts = {layout.name: layout.confidence for site in SITES for layout in site.layouts}
    known = Counter(layouts.values())
    homes = Counter(len({portal.province for portal in site.portals} - {None}) for site in SITES)
    text = (Path(__file__).parent.parent.parent / "docs" / "sites.md").read_text("utf-8")
    counts = {
        "sites with": len(SITES),
        "portals and": len(PORTALS),
        "layouts:": len(layouts),
        r"\*seen\*": known["seen"],
        r"\*corroborated\*": known["corroborated"],
        r"\*reported\*": known["reported"],
        "papers that belong to no chain": homes[1],
    }
    for what, number in counts.items():
        found = re.search(rf"[Mm]ore than (\d+) {what}", text)
        assert found, what
        assert int(found[1]) < number <= int(found[1]) * 7 / 6, what


def test_a_part_of_a_host_is_crawled_alone() -> None:

    starts, scope = resolve(["detik-jatim"], since=None, until=None, today=date(2024, 5, 2))
    urls = [start.link.url for start in starts]
    assert "https://www.detik.com/jatim/indeks?page=1&date=05%2F02%2F2024" in urls
    link = starts[0].link
    assert scope.has_host("www.detik.com")
    assert scope.wants(replace(link, url="https://www.detik.com/jatim/berita/d-1/slug"))
    assert not scope.wants(replace(link, url="https://www.detik.com/jateng/berita/d-1/slug"))


def test_a_sub_domain_that_is_not_listed_is_crawled_by_url() -> None:
    url = "https://radartulungagung.jawapos.com/daerah"
    starts, scope = resolve([url], since=None, until=None, today=date(2024, 5, 2))
    assert [start.link.url for start in starts] == [url]
    assert scope.wants(replace(starts[0].link, url="https://radartulungagung.jawapos.com/daerah/746480189/slug"))
    assert not scope.wants(replace(starts[0].link, url="https://radarkediri.jawapos.com/daerah/746480189/slug"))


def test_a_portal_that_stands_for_all_others_has_no_place_to_begin() -> None:
    found = by_slug("pikiran-rakyat-jaringan")
    assert found is not None

    assert portal_links(found[0].discovery, found[1][0], since=None, until=None, today=date(2024, 5, 2)) == []


def test_a_site_is_found_by_its_outline_and_made_of_its_file() -> None:
    left_out = ("article_path", "other_path", "other_hosts", "discovery", "layouts", "lines", "note")
    for outline, site in zip(outlines(), SITES, strict=True):
        assert typed.replace(site, **{name: getattr(outline, name) for name in left_out}) == outline
        for portal in site.portals:
            if not portal.hosts[0].startswith("*"):
                assert find_portal(f"https://{portal.hosts[0]}{portal.path}/x") == (site, portal)
    registry._index(SITES)  # raises for a slug, a host or a layout's name that two claim


def test_what_was_parsed_is_taken_until_a_file_differs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {folder: catalogue._texts(folder) for folder in ("catalogue", "profiles")}
    parsed: list[str] = []
    monkeypatch.setattr(catalogue, "_texts", texts.__getitem__)

    def counted(text: str) -> Table:
        parsed.append(text)
        return toml(text)

    monkeypatch.setattr(catalogue, "toml", counted)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def sites() -> tuple[Site, ...]:
        parsed.clear()
        found = catalogue.shelf.__wrapped__()
        return tuple(site_of(table, found) for _, table in sorted(found.sites.items()))

    assert (sites(), len(parsed), [*tmp_path.rglob("*")]) == (SITES, sum(map(len, texts.values())), [])
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    assert (sites(), sites(), parsed) == (SITES, SITES, [])  # the first one writes, the second finds
    texts["catalogue"]["ajnn"] += "sign_offs = ['tamat']\n"
    assert ("tamat" in sites()[0].sign_offs) == bool(parsed)
    (kept,) = tmp_path.rglob("*.json")
    for damaged in (b"", b"{}", b"[1]", kept.read_bytes()[:-9]):
        kept.write_bytes(damaged)
        assert ("tamat" in sites()[0].sign_offs) == bool(parsed)
