"""Feeds, sitemaps and index pages in a crawl: paging, looking again, what they announce."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.crawl.test_crawl import query, run, settings
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
    return [
        request.path for request in server.requests if "/berita/" not in request.path and request.path != "/robots.txt"
    ]


def test_a_day_is_walked_to_its_end_although_its_first_page_is_known(tmp_path: Path) -> None:
    day = "/indeks?date=2019-10-07&page="
    routes = {f"{day}{n}": listing(n * 2, n * 2 + 1, next_page=f"{day}{n + 1}") for n in range(1, 5)}
    routes |= {f"{day}5": listing(8, 9, next_page=f"{day}6"), f"{day}6": listing(8, 9, next_page=f"{day}7")}
    with FaultServer(routes | {"/": listing(2, 3)}) as server:
        path = tmp_path / "a.db"
        run(path, settings(server.port), f"{server.origin}/")
        run(path, settings(server.port), f"{server.origin}{day}1")
        assert asked(server) == ["/", *(f"{day}{n}" for n in range(1, 6))], "page 5 repeats page 4"
    assert query(path, "SELECT count(*) FROM urls WHERE kind = 'article'") == [(8,)]


def test_a_long_index_is_read_beyond_its_first_pages(tmp_path: Path) -> None:
    routes = {
        f"/terkini?page={n}": listing(n, next_page=f"/terkini?page={n + 1}" if n < 9 else "") for n in range(1, 10)
    }
    with FaultServer(routes) as server:
        path = tmp_path / "a.db"
        run(path, settings(server.port), f"{server.origin}/terkini?page=1")
    assert query(path, "SELECT count(*) FROM urls WHERE kind = 'article'") == [(9,)]


def test_the_second_page_of_a_section_is_looked_at_again_when_the_first_is_all_new(tmp_path: Path) -> None:
    routes = {"/terkini": listing(1, 2, next_page="/terkini?page=2"), "/terkini?page=2": listing(3)}
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
            f"<p>{n}. {text} dan kalimat ini cukup panjang untuk dibaca sebagai berita.</p>" for n in range(8)
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
