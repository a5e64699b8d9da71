"""What a crawl finds and follows on papers that the catalogue does not know: over real HTTP on loopback."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

from scraper import archive
from scraper.reasons import Reason
from tests.crawl.test_crawl import query, run, settings
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
    with archive.open_archive(path) as db:
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
