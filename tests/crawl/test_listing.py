"""Feeds, sitemaps and index pages in a crawl: paging, repeated requests, what they announce."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

from scraper.demo import newspaper
from tests.crawl.makers import paper_run, query, run, settings
from tests.faultserver import FaultServer, response

if TYPE_CHECKING:
    from pathlib import Path


def listing(*numbers: int, next_page: str = "", head: str = "") -> bytes:
    links = "".join(
        f"<li><a href='/berita/{100000 + n}/kabar-dari-desa-{n}'>Kabar dari desa nomor {n}</a>" for n in numbers
    )
    more = f"<a rel=next href='{next_page}'>next</a>" if next_page else ""
    return response(f"<html><head>{head}</head><title>Koran</title><ul>{links}</ul>{more}".encode())


def asked(server: FaultServer) -> list[str]:
    """The listings that were asked for, in order."""
    ours = ("/robots.txt", "/.well-known/tdmrep.json")
    return [request.path for request in server.requests if "/berita/" not in request.path and request.path not in ours]


def test_a_day_is_walked_to_its_end_although_its_first_page_is_known(tmp_path: Path) -> None:
    day = "/indeks?date=2019-10-07&page="
    routes: dict[str, Any] = {f"{day}{n}": listing(n * 2, n * 2 + 1, next_page=f"{day}{n + 1}") for n in range(1, 5)}
    routes |= {f"{day}5": listing(8, 9, next_page=f"{day}6"), f"{day}6": listing(8, 9, next_page=f"{day}7")}
    with FaultServer(routes | {"/beranda": listing(2, 3)}) as server:
        path = tmp_path / "a.db"
        run(path, settings(server.port), f"{server.origin}/beranda")
        run(path, settings(server.port), f"{server.origin}{day}1")
        assert asked(server) == ["/beranda", *(f"{day}{n}" for n in range(1, 6))], "page 5 repeats page 4"
    assert query(path, "SELECT count(*) FROM urls WHERE kind = 'article'") == [(8,)]


def test_a_long_index_is_read_beyond_its_first_pages(tmp_path: Path) -> None:
    routes: dict[str, Any] = {
        f"/terkini?page={n}": listing(n, next_page=f"/terkini?page={n + 1}" if n < 9 else "") for n in range(1, 10)
    }
    with FaultServer(routes) as server:
        path = tmp_path / "a.db"
        run(path, settings(server.port), f"{server.origin}/terkini?page=1")
    assert query(path, "SELECT count(*) FROM urls WHERE kind = 'article'") == [(9,)]


def test_the_second_page_of_a_section_is_looked_at_again_when_the_first_is_all_new(tmp_path: Path) -> None:
    routes: dict[str, Any] = {"/terkini": listing(1, 2, next_page="/terkini?page=2"), "/terkini?page=2": listing(3)}
    path = tmp_path / "a.db"
    with FaultServer(routes) as server:
        home = f"{server.origin}/terkini"
        run(path, settings(server.port), home)
        assert query(
            path, "SELECT count(*) FROM frontier AS f JOIN urls AS u ON u.id = f.url_id WHERE url LIKE '%page=2'"
        ) == [(0,)], "a later page is not looked at by itself"
        server.routes |= {"/terkini": listing(4, 1, next_page="/terkini?page=2")}
        run(path, settings(server.port), home, again=True)
        assert asked(server) == ["/terkini", "/terkini?page=2", "/terkini"]
        server.routes |= {
            "/terkini": listing(6, 7, next_page="/terkini?page=2"),
            "/terkini?page=2": listing(5, 4),
        }
        run(path, settings(server.port), home, again=True)
        assert asked(server)[3:] == ["/terkini", "/terkini?page=2"]
    assert query(path, "SELECT count(*) FROM urls WHERE kind = 'article'") == [(7,)]


def test_a_feed_of_which_only_a_part_was_read_is_named_at_the_end(tmp_path: Path) -> None:
    items = "".join(f"<item><title>K</title><link>/berita/{100000 + n}/kabar</link></item>" for n in range(1_001))
    feeds = {"/rss.xml": items, "/pendek.xml": items[: len(items) // 100]}
    routes: dict[str, Any] = {
        path: response(f"<rss version='2.0'><channel><title>K</title>{feed}</channel></rss>".encode(), headers={"Content-Type": "application/rss+xml"})
        for path, feed in feeds.items()
    }  # fmt: skip
    with FaultServer(routes) as server:
        line = [sys.executable, "-m", "scraper", "crawl", f"{server.origin}/rss.xml", f"{server.origin}/pendek.xml", "--delay", "0", "--max-pages", "1"]  # fmt: skip
        told = subprocess.run(
            [*line, "--allow-net", f"127.0.0.1:{server.port}", "--archive", str(tmp_path / "a.db")],
            capture_output=True, text=True, check=False,
        ).stderr  # fmt: skip
    assert [line for line in told.splitlines() if "read in part" in line] == [
        f"read in part only: {server.origin}/rss.xml: a limit or an error ended the reading of this listing"
    ]
    assert "read in part only: 1 page" in query(tmp_path / "a.db", "SELECT note FROM runs")[0][0]


def test_the_feeds_that_a_start_page_announces_are_read_too(tmp_path: Path) -> None:
    feed = b"<rss><channel><item><link>/berita/200001/kabar-dari-feed</link></item></channel></rss>"
    announces = "<link rel=alternate type='application/rss+xml' href='/feed.xml'>"
    path = tmp_path / "a.db"
    with FaultServer({"/": listing(1, head=announces), "/feed.xml": response(feed)}) as server:
        run(path, settings(server.port), f"{server.origin}/")
        assert "/feed.xml" in asked(server)
    assert query(path, "SELECT depth FROM urls WHERE url LIKE '%200001%'") == [(2,)]


def test_the_next_look_at_an_article_that_changed_is_soon(tmp_path: Path) -> None:
    def page(text: str) -> bytes:
        body = "".join(
            f"<p>{n}. {text} dan kalimat ini cukup panjang untuk dibaca sebagai berita, karena berita dari desa ditulis dalam"
            " kalimat yang utuh.</p>"
            for n in range(8)
        )
        time = "<time datetime='2019-01-02T03:04:00+07:00'></time>"
        return response(
            f"<title>Judul kabar desa</title><article><h1>Judul kabar desa</h1>{time}{body}</article>".encode()
        )

    path = tmp_path / "a.db"
    with FaultServer({"/berita/100001/kabar-desa-lama-sekali": page("Satu")}) as server:
        url = f"{server.origin}/berita/100001/kabar-desa-lama-sekali"
        run(path, settings(server.port), url)
        assert query(path, "SELECT count(*) FROM frontier") == [(0,)], "an old article is settled"
        server.routes |= {"/berita/100001/kabar-desa-lama-sekali": page("Dua")}
        run(path, settings(server.port), url, again=True)
    assert query(path, "SELECT interval_s FROM frontier") == [(3600,)]


def test_the_page_of_a_bot_wall_is_kept_and_never_read_as_a_version(tmp_path: Path) -> None:
    wall = b"<title>Just a moment</title><script>window._cf_chl_opt={}</script>"
    path = tmp_path / "a.db"
    day = "/indeks"
    with FaultServer({day: listing(1)}) as server:
        run(path, settings(server.port), f"{server.origin}{day}")
        server.routes[day] = response(wall, status="403 Forbidden", headers={"ETag": '"wall"'})
        run(path, settings(server.port), f"{server.origin}{day}", again=True)
        server.routes[day] = listing(1)
        run(path, settings(server.port), f"{server.origin}{day}", again=True)
        assert "if-none-match" not in server.requests[-1].headers
    found = query(
        path, "SELECT f.reason, f.capture_id FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE u.kind = 'index'"
    )
    assert [reason for reason, _ in found] == ["ok", "blocked", "unchanged"]
    assert all(capture is not None for _, capture in found)


def test_a_link_of_a_known_portal_has_its_site(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with newspaper() as paper:
        paper_run(path, paper, "tribun-pontianak")
    assert query(path, "SELECT DISTINCT s.slug FROM urls AS u LEFT JOIN sites AS s ON s.id = u.site_id") == [
        ("tribun-pontianak",)
    ]


def test_processes_that_open_a_new_file_at_once_make_one_archive(tmp_path: Path) -> None:
    code = "import sys, pathlib; from scraper.archive.file.connection import open_archive\nwith open_archive(pathlib.Path(sys.argv[1]), mode='write'): pass"
    for attempt in range(2):
        path = tmp_path / f"{attempt}.db"
        command = [sys.executable, "-c", code, str(path)]
        running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(4)]
        errors = [process.communicate()[1] for process in running]
        assert [process.returncode for process in running] == [0] * 4, errors
        assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_a_shell_for_scripts_and_a_teaser_are_named(tmp_path: Path) -> None:
    shell = b"<!DOCTYPE html><head><title>Kabar</title></head><body><noscript>Enable JavaScript</noscript><div id=root></div><script src=/a.js></script>"
    ld = '{"@type":"NewsArticle","headline":"Harga karet naik lagi","isAccessibleForFree":false}'
    teaser = f"<script type='application/ld+json'>{ld}</script><article><h1>Harga karet naik lagi</h1><p>Harga karet di tingkat petani naik lagi pekan ini, kata seorang pengepul di desa itu.</p><p>Berlangganan untuk membaca lanjutannya di halaman ini.</p></article>"
    routes: dict[str, Any] = {
        "/": listing(1, 2),
        "/berita/100001/kabar-dari-desa-1": response(shell),
        "/berita/100002/kabar-dari-desa-2": response(teaser.encode()),
    }
    path = tmp_path / "a.db"
    with FaultServer(routes) as server:
        run(path, settings(server.port), f"{server.origin}/")
    found = query(
        path,
        "SELECT substr(u.url, -1), f.reason, f.capture_id IS NOT NULL FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE u.kind = 'article' ORDER BY u.url",
    )
    assert found == [("1", "js_shell", 1), ("2", "paywalled", 1)]


def test_the_sitemaps_that_robots_txt_names_are_read_too(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with FaultServer({"/": listing(1)}) as server:
        robots = f"User-agent: *\nDisallow:\nSitemap: {server.origin}/peta.xml\nSitemap: https://lain.id/peta.xml\n"
        article = f"<urlset><url><loc>{server.origin}/berita/300001/kabar-dari-peta</loc></url></urlset>"
        index = f"<sitemapindex><sitemap><loc>{server.origin}/peta-1.xml</loc></sitemap></sitemapindex>"
        server.routes |= {
            "/robots.txt": response(robots.encode()),
            "/peta.xml": response(index.encode()),
            "/peta-1.xml": response(article.encode()),
        }
        run(path, settings(server.port), f"{server.origin}/")
        assert asked(server) == ["/", "/peta.xml", "/peta-1.xml"]
    assert query(path, "SELECT count(*) FROM urls WHERE url LIKE '%kabar-dari-peta'") == [(1,)]
    assert query(path, "SELECT count(*) FROM urls WHERE url LIKE '%lain.id%'") == [(1,)], (
        "a sitemap may be kept elsewhere"
    )


def sitemap(*entries: tuple[str, str], tag: str = "url") -> bytes:
    root = "urlset" if tag == "url" else "sitemapindex"
    body = "".join(f"<{tag}><loc>{path}</loc><lastmod>{at}</lastmod></{tag}>" for path, at in entries)
    return response(f"<{root} xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{body}</{root}>".encode())


def test_what_is_new_does_not_queue_up_behind_the_years_of_a_sitemap(tmp_path: Path) -> None:
    old = [(f"/berita/{300000 + n}/kabar-lama-dari-desa-{n}", "2015-01-02T03:04:05+07:00") for n in range(20)]
    feed = b"<rss><channel><item><link>/berita/200001/kabar-baru-dari-desa</link></item></channel></rss>"
    robots = response(b"Sitemap: /sitemap.xml")
    announces = "<link rel=alternate type='application/rss+xml' href='/feed.xml'>"
    routes: dict[str, Any] = {"/": listing(head=announces), "/robots.txt": robots, "/feed.xml": response(feed)}
    path = tmp_path / "a.db"
    with FaultServer(routes | {"/sitemap.xml": sitemap(*old)}) as server:
        run(path, settings(server.port), f"{server.origin}/", max_pages=1)
        assert [request.path for request in server.requests if "/berita/" in request.path] == [
            "/berita/200001/kabar-baru-dari-desa"
        ]
    assert query(
        path, "SELECT count(*) FROM frontier AS f JOIN urls AS u ON u.id = f.url_id WHERE u.url LIKE '%lama%'"
    ) == [(20,)]


def test_a_sitemap_is_read_again_when_its_index_says_that_it_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    index = [("/sitemap-1.xml", "2019-01-01T00:00:00Z"), ("/sitemap-2.xml", "2019-01-01T00:00:00Z")]
    routes: dict[str, Any] = {
        "/sitemap.xml": sitemap(*index, tag="sitemap"), "/sitemap-1.xml": sitemap(), "/sitemap-2.xml": sitemap(),
    }  # fmt: skip
    with FaultServer(routes) as server:
        run(path, settings(server.port), f"{server.origin}/sitemap.xml")
        index[1] = ("/sitemap-2.xml", "2039-01-01T00:00:00Z")
        server.routes["/sitemap.xml"] = sitemap(*index, tag="sitemap")
        run(path, settings(server.port), f"{server.origin}/sitemap.xml", again=True)
        assert asked(server) == ["/sitemap.xml", "/sitemap-1.xml", "/sitemap-2.xml", "/sitemap.xml", "/sitemap-2.xml"]
    assert query(path, "SELECT interval_s FROM frontier AS f JOIN urls AS u ON u.id = f.url_id WHERE url LIKE '%sitemap-%'") == [
        (7 * 86_400,), (7 * 86_400,),
    ], "by itself it is looked at once a week"  # fmt: skip


def test_a_range_of_days_leaves_out_what_was_last_changed_before_it(tmp_path: Path) -> None:
    index = [("/sitemap-2018.xml", "2018-12-01T00:00:00Z"), ("/sitemap-2019.xml", "2019-06-01T00:00:00Z")]
    entries = [
        ("/berita/100001/kabar-dari-bulan-maret", "2019-03-03T00:00:00Z"),
        ("/berita/100002/kabar-dari-bulan-januari", "2019-01-03T00:00:00Z"),
    ]
    routes: dict[str, Any] = {"/sitemap.xml": sitemap(*index, tag="sitemap"), "/sitemap-2019.xml": sitemap(*entries)}
    path = tmp_path / "a.db"
    with FaultServer(routes) as server:
        run(
            path,
            settings(server.port),
            f"{server.origin}/sitemap.xml",
            since=date(2019, 2, 1),
            until=date(2019, 12, 31),
        )
        assert asked(server) == ["/sitemap.xml", "/sitemap-2019.xml"]
        assert [request.path for request in server.requests if "/berita/" in request.path] == [entries[0][0]]


def test_a_front_page_that_announces_nothing_is_read_with_the_sections_of_its_menu(tmp_path: Path) -> None:
    menu = "<nav><a href='/'>Beranda</a><a href='/daerah'>Daerah</a><a href='/olahraga/'>Olahraga</a><a href='/tentang-kami'>Tentang kami</a></nav>"
    front = response(f"<title>Koran</title>{menu}<p>Selamat datang di koran desa.".encode())
    path = tmp_path / "a.db"
    with FaultServer({"/": front, "/daerah": listing(1), "/olahraga/": listing(2)}) as server:
        run(path, settings(server.port), f"{server.origin}/")
        assert sorted(asked(server)) == ["/", "/daerah", "/olahraga/", "/sitemap.xml"]
    found = query(
        path, "SELECT u.url FROM frontier AS f JOIN urls AS u ON u.id = f.url_id WHERE u.kind = 'index' ORDER BY u.url"
    )
    assert len(found) == 3, "sections are looked at again like the front page"
