"""What a crawl finds and follows on papers that are not in the catalogue: over real HTTP on loopback."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.archive.file.connection import open_archive
from scraper.archive.write.idle import idle_among
from scraper.crawl import announced, listing
from scraper.reasons import Reason
from tests.crawl.makers import query, run, settings
from tests.faultserver import FaultServer, response

if TYPE_CHECKING:
    from pathlib import Path

    from scraper.crawl import Summary
    from tests.faultserver import Answer

PAPER = "https://www.koran.example"
WORDS = "warga pasar sungai jembatan sekolah sawah hujan kapal pagi lampu jalan rumah".split()


def story(
    title: str, *, head: str = "", words: int = 120, date: str = "2026-07-24T10:00:00+07:00", rest: str = ""
) -> bytes:
    """An article page with a text of its own."""
    seed = sum(map(ord, title))
    text = [WORDS[(seed + number * (number % 7 + 1)) % len(WORDS)] for number in range(words)]
    paragraphs = "".join(f"<p>{title} kata {' '.join(text[at : at + 20])}.</p>" for at in range(0, words, 20))
    return response(
        f"<!DOCTYPE html><html lang='id'><head><title>{title}</title><meta property='og:type' content='article'>"
        f"<meta property='article:published_time' content='{date}'>{head}</head><body><article><h1>{title}</h1>"
        f"{paragraphs}</article>{rest}</body></html>".encode()
    )  # fmt: skip


def rss(*links: str) -> bytes:
    items = "".join(
        f"<item><title>Judul {number}</title><link>{link}</link></item>" for number, link in enumerate(links)
    )
    return response(
        f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>".encode(),
        headers={"Content-Type": "application/xml"},
    )


def html(body: str, head: str = "") -> bytes:
    return response(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode())


def crawl_paper(path: Path, server: FaultServer, *targets: str, hosts: tuple[str, ...] = (), **options: Any) -> Summary:
    names = ("www.koran.example", "koran.example", *hosts)
    replay = {f"{scheme}://{host}": server.origin for host in names for scheme in ("http", "https")}
    return run(path, settings(server.port, replay=replay), *targets, **options)


def urls_of(path: Path) -> list[str]:
    return [url for (url,) in query(path, "SELECT url FROM articles ORDER BY url")]


def test_a_page_that_only_passes_its_readers_on_is_followed_like_a_redirect(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    routes: dict[str, Answer] = {
        "/rss": rss("/go/1"),
        "/go/1": html("Tunggu sebentar", "<meta http-equiv='refresh' content='0; url=/go/2'>"),
        "/go/2": html("", "<meta http-equiv=refresh content='1;url=/berita/jembatan'>"),
        "/berita/jembatan": story("Jembatan dibuka"),
    }
    with FaultServer(routes=routes) as server:
        summary = crawl_paper(path, server, f"{PAPER}/rss")
    assert summary.reasons == {Reason.OK: 2}
    with open_archive(path) as db:
        (row,) = db.execute(
            "SELECT final_url, json_array_length(redirects) FROM captures WHERE redirects <> '[]'"
        ).fetchall()
    assert row == (f"{PAPER}/berita/jembatan", 2)


def test_two_pages_that_pass_on_to_each_other_end(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    routes: dict[str, Answer] = {
        "/rss": rss("/go/1"),
        "/go/1": html("", "<meta http-equiv='refresh' content='0; url=/go/2'>"),
        "/go/2": html("", "<meta http-equiv='refresh' content='0; url=/go/1'>"),
    }
    with FaultServer(routes=routes) as server:
        crawl_paper(path, server, f"{PAPER}/rss")
        assert server.asked["/go/1"] + server.asked["/go/2"] <= 4


def test_a_gzipped_list_of_urls_in_text_is_a_sitemap(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    listed = gzip.compress(gzip.compress(f"{PAPER}/berita/jembatan\n".encode()))
    routes: dict[str, Answer] = {
        "/urllist.txt.gz": response(listed, headers={"Content-Type": "application/octet-stream"}),
        "/berita/jembatan": story("Jembatan dibuka"),
    }
    with FaultServer(routes=routes) as server:
        crawl_paper(path, server, f"{PAPER}/urllist.txt.gz")
    assert urls_of(path) == [f"{PAPER}/berita/jembatan"]


def pages_of(form: str, own: str, *, count: int = 3) -> dict[str, Answer]:
    """A story in several pages, each with links to all others, as WordPress prints them."""
    addresses = [own, *(form.format(number) for number in range(2, count + 1))]
    links = [
        f"<a class='post-page-numbers' href='{address}'>{number}</a>" for number, address in enumerate(addresses, 1)
    ]

    def one(number: int) -> bytes:
        others = " ".join(f"<span>{n}</span>" if n == number else link for n, link in enumerate(links, 1))
        canonical = f"<link rel='canonical' href='{PAPER}{addresses[number - 1]}'>"
        text = "".join(
            f"<p>Bagian {number} alinea {n} tentang jembatan yang dibangun warga di hulu.</p>" for n in range(9)
        )
        return html(
            f"<article><h1>Jembatan dibuka untuk umum</h1><time datetime='2026-07-24T10:00:00+07:00'></time>{text}"
            f"<div class='page-links'>Laman: {others}</div></article>",
            f"<title>Jembatan dibuka untuk umum</title><meta property='og:type' content='article'>{canonical}",
        )

    return {address: one(number) for number, address in enumerate(addresses, 1)}


@pytest.mark.parametrize("form", ["/berita/jembatan/{}/", "/berita/jembatan/{}", "/berita/jembatan/?hal={}"])
def test_an_article_of_several_pages_is_one_article(tmp_path: Path, form: str) -> None:
    path = tmp_path / "a.db"
    routes = {"/rss": rss("/berita/jembatan/"), **pages_of(form, "/berita/jembatan/")}
    with FaultServer(routes=routes) as server:
        crawl_paper(path, server, f"{PAPER}/rss")
    with open_archive(path) as db:
        ((url, body, count, following),) = db.execute(
            "SELECT url, body, page_count, next_page FROM articles"
        ).fetchall()
    assert (url, count, following) == (f"{PAPER}/berita/jembatan/", 3, None)
    assert [f"Bagian {n} alinea 8" in body for n in (1, 2, 3)] == [True] * 3
    assert "Laman" not in body


@pytest.mark.parametrize(
    ("head", "words", "date", "is_kept"),
    [
        ("", 60, "2026-07-24T10:00:00+07:00", 1),  # short, and says what it is
        ("", 120, "2026-07-24", 1),  # a day without a time
        (
            '<script type=\'application/ld+json\'>{"@type": "NewsArticle", "headline": "Jembatan dibuka"}</script>',
            40,
            "",
            1,
        ),
        ("", 8, "", 0),
    ],
)
def test_a_page_given_by_hand_is_an_article_if_it_says_so(
    tmp_path: Path, head: str, words: int, date: str, is_kept: int
) -> None:
    path = tmp_path / "a.db"
    with FaultServer(routes={"/x": story("Jembatan dibuka", head=head, words=words, date=date)}) as server:
        summary = crawl_paper(path, server, f"{PAPER}/x")
    assert len(urls_of(path)) == is_kept
    assert (summary.exit_code, list(summary.unmet)) == ((0, []) if is_kept else (3, [f"{PAPER}/x"]))


def test_a_list_of_teasers_given_by_hand_is_no_article_though_it_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    cards = "".join(
        f"<article><h3><a href='/b/{n}x'>Judul berita nomor {n} yang panjang</a></h3><p>Teras singkat dari berita nomor {n}.</p></article>"
        for n in range(20)
    )
    routes: dict[str, Answer] = {
        "/daerah": html(f"<h1>Daerah</h1>{cards}", "<title>Daerah</title><meta property='og:type' content='article'>")
    }
    with FaultServer(routes=routes) as server:
        crawl_paper(path, server, f"{PAPER}/daerah")
        assert server.asked["/b/3x"] == 1
    assert urls_of(path) == []


NEW = "https://kabar.test"


def moved_to(path: str) -> bytes:
    return response(b"", status="301 Moved Permanently", headers={"Location": NEW + path})


def replayed(server: FaultServer, old: str, new: str) -> dict[str, str]:
    return {PAPER: f"http://{old}:{server.port}", NEW: f"http://{new}:{server.port}"}


def test_a_feed_that_moves_to_another_domain_is_followed_with_its_articles(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    old: dict[str, Answer] = {"/rss": rss("/b/1"), "/b/1": story("Jembatan dibuka"), "/robots.txt": response(b"")}
    new: dict[str, Answer] = {"/rss": rss(*(f"{NEW}/b/{n}" for n in range(4)))}
    new |= {f"/b/{n}": story(f"Berita nomor {n}") for n in range(4)}
    with FaultServer(sites={"127.0.0.2": old, "127.0.0.3": new}) as server:
        replay = replayed(server, "127.0.0.2", "127.0.0.3")
        setup = settings(server.port, replay=replay, allow_net=server.allowed)
        run(path, setup, f"{PAPER}/rss")
        old.update({address: moved_to(address) for address in ("/rss", "/b/1")})
        summary = run(path, setup, f"{PAPER}/rss", again=True)
        assert summary.new_articles == 4
        assert {f"{NEW}/b/{n}" for n in range(4)} <= set(urls_of(path))
        assert query(path, "SELECT source, host, how FROM followed") == [("www.koran.example", "kabar.test", "listed")]
        new["/rss"] = rss(*(f"{NEW}/b/{n}" for n in range(6)))
        new |= {f"/b/{n}": story(f"Berita nomor {n}") for n in (4, 5)}
        again = run(path, setup, f"{PAPER}/rss", again=True)
    assert again.new_articles == 2


def test_a_redirect_for_a_while_moves_nobody(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    cards = "".join(
        f"<article><h3><a href='{NEW}/b/{n}'>Judul berita nomor {n} hari ini</a></h3></article>" for n in range(5)
    )
    away = response(b"", status="302 Found", headers={"Location": f"{NEW}/"})
    with FaultServer(sites={"127.0.0.2": {"/daerah": away}, "127.0.0.3": {"/": html(cards)}}) as server:
        replay = replayed(server, "127.0.0.2", "127.0.0.3")
        summary = run(path, settings(server.port, replay=replay, allow_net=server.allowed), f"{PAPER}/daerah")
    assert summary.moved == {}
    assert summary.outside == {f"{PAPER}/daerah": "kabar.test"}
    assert query(path, "SELECT count(*) FROM followed") == [(0,)]


def test_a_list_that_only_leads_elsewhere_says_so_and_is_not_asked_all_the_time(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    cards = "".join(
        f"<article><h3><a href='{NEW}/b/{n}x'>Judul berita nomor {n} hari ini</a></h3></article>" for n in range(20)
    )
    routes: dict[str, Answer] = {
        "/daerah": html(cards),
        "/b/3x": story("Jembatan dibuka"),
        "/b/4x": story("Pasar dibuka"),
    }
    with FaultServer(routes=routes) as server:
        summary = crawl_paper(path, server, f"{PAPER}/daerah", hosts=("kabar.test",))
        assert summary.outside == {f"{PAPER}/daerah": "kabar.test"}
        assert "/b/3x" not in server.asked
        ((detail, interval),) = query(
            path,
            "SELECT fetches.detail, interval_s FROM frontier JOIN urls ON urls.id = url_id JOIN fetches USING (url_id) WHERE url LIKE '%/daerah'",
        )
        assert "--follow kabar.test" in detail
        assert interval > 600
        advised = crawl_paper(path, server, f"{PAPER}/daerah", hosts=("kabar.test",), follow=("kabar.test",))
        assert {"/b/3x", "/b/4x"} <= {*server.asked}, "the list is at rest, but nobody has asked it for these links"
        assert (advised.outside, advised.new_articles) == ({}, 2)
        assert crawl_paper(path, server, f"{PAPER}/daerah", hosts=("kabar.test",), follow=("kabar.test",)).kinds == {}


def test_a_followed_host_that_the_catalogue_knows_decides_itself_what_its_articles_are(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    known = "https://pontianak.tribunnews.com"
    paths = ("/rubrik/banjir-melanda-desa-di-hulu-sungai", "/2019/10/07/air-sungai-naik-di-tiga-desa")
    cards = "".join(
        f"<article><h3><a href='{known}{each}'>Air sungai naik di tiga desa</a></h3></article>" for each in paths
    )
    host = "pontianak.tribunnews.com"
    with FaultServer(routes={"/daerah": html(cards)}) as server:
        crawl_paper(path, server, f"{PAPER}/daerah", hosts=(host,), follow=(host,))
    assert query(path, "SELECT url FROM urls WHERE host = 'pontianak.tribunnews.com'") == [(known + paths[1],)]


@pytest.mark.parametrize("how", ["given", "announced", "robots"])
def test_feeds_and_sitemaps_may_list_articles_of_another_host(tmp_path: Path, how: str) -> None:
    path = tmp_path / "a.db"
    listed = f"{PAPER}/b/jembatan"
    sitemap = response(
        f"<urlset><url><loc>{listed}</loc></url></urlset>".encode(), headers={"Content-Type": "application/xml"}
    )
    feed = "<link rel='alternate' type='application/rss+xml' href='https://feeds.cdn.test/k.xml'>"
    routes: dict[str, Answer] = {
        "/k.xml": rss(listed),
        "/map.xml": sitemap,
        "/b/jembatan": story("Jembatan dibuka"),
        "/": html("<h1>Koran</h1>", feed if how == "announced" else ""),
        "/robots.txt": response(b"Sitemap: https://feeds.cdn.test/map.xml\n" if how == "robots" else b""),
    }
    target = "https://feeds.cdn.test/k.xml" if how == "given" else f"{PAPER}/"
    with FaultServer(routes=routes) as server:
        crawl_paper(path, server, target, hosts=("feeds.cdn.test",))
    assert urls_of(path) == [listed]


def test_a_parameter_that_makes_no_other_article_is_learned_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.db"

    def listed(sid: str, numbers: range) -> bytes:
        return rss(*(f"{PAPER}/baca?id={n}&sid={sid}" for n in numbers))

    routes: dict[str, Answer] = {"/rss": listed("a1", range(4))}
    for n in range(8):
        routes |= {f"/baca?id={n}&sid={sid}": story(f"Berita nomor {n}") for sid in ("a1", "b2")}
        routes[f"/baca?id={n}"] = story(f"Berita nomor {n}")
    with FaultServer(routes=routes) as server:
        crawl_paper(path, server, f"{PAPER}/rss")
        routes["/rss"] = listed("b2", range(4))
        crawl_paper(path, server, f"{PAPER}/rss", again=True)
        assert len(urls_of(path)) == 4, "whatever the session, an article is one"
        routes["/rss"] = listed("c3", range(8))
        crawl_paper(path, server, f"{PAPER}/rss", again=True)
        assert server.asked["/baca?id=7"] == 1
        assert not [asked for asked in server.asked if "c3" in asked]
    assert len(urls_of(path)) == 8


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "&sid=1", "&sid=2", "&amp=1"])), max_size=30))
def test_what_names_an_article_is_never_idle(looks: list[tuple[int, str]]) -> None:
    read = [(f"{PAPER}/baca?id={number}{more}", f"{PAPER}/baca?id={number}") for number, more in looks]
    assert "id" not in idle_among(read)
    same = {number for number, more in looks if "sid" in more}
    assert ("sid" in idle_among(read)) == (len(same) >= 3)


def test_what_is_named_or_listed_beyond_the_limits_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(announced, "MAX_NAMED_SITEMAPS", 1)
    monkeypatch.setattr(listing, "MAX_FOLLOWED", 1)
    routes: dict[str, Answer] = {
        "/": html("<p>Selamat datang"),
        "/robots.txt": response(f"Sitemap: {PAPER}/a.xml\nSitemap: {PAPER}/b.xml\n".encode()),
        "/rss": rss("https://satu.test/b/1", "https://dua.test/b/1"),
    }
    with FaultServer(routes=routes) as server:
        crawl_paper(tmp_path / "a.db", server, f"{PAPER}/", f"{PAPER}/rss", hosts=("satu.test", "dua.test"))
        assert ("/a.xml" in server.asked, "/b.xml" in server.asked) == (True, False)
    assert f"{PAPER}/robots.txt: it names 2 sitemaps; 1 of them are read" in caplog.messages
    assert f"{PAPER}/rss: it lists articles of 2 other hosts; 1 of them are followed" in caplog.messages
