"""A page's bad moment costs a later request and nothing else; after a bad month kliping gives it up, with its evidence,
until somebody names it again.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.file.connection import open_archive
from scraper.crawl import CrawlOptions, Summary, crawl
from scraper.fetch import FetchSettings
from tests.crawl.makers import article
from tests.faults import CLOSES
from tests.faultserver import PAGE, FaultServer, Request, redirect, response
from tests.virtualtime import VirtualClock

if TYPE_CHECKING:
    import asyncio
    from pathlib import Path

    from tests.faultserver import Answer

HOST = "127.0.0.1"
MOMENTS: dict[str, Answer] = {
    **{
        str(status): response(b"<p>x</p>", status=f"{status} X")
        for status in (400, 401, 403, 404, 408, 410, 421, 425, 499, 500)
    },
    "empty": response(b""),
    "php_error": response(
        b"<b>Fatal error</b>: Allowed memory size of 134217728 bytes exhausted in /var/www/index.php"
    ),
    "maintenance": response(b"<title>Perawatan</title><h1>Situs sedang dalam perawatan</h1>"),
    "pdf": response(b"%PDF-1.4", headers={"Content-Type": "application/pdf"}),
    "binary": response(bytes(range(256)) * 20),
    "cut": response(PAGE, length=len(PAGE) + 99),
    "closes": CLOSES,
    "to_a_private_address": redirect("http://10.0.0.1/"),
    "to_another_scheme": redirect("ftp://koran.example/"),
    "round_and_round": redirect("/berita/round_and_round"),
    "deep": response(b"<div>" * 300_000),
    "not_asked_for": response(b"", status="304 Not Modified"),
    "garbled": response(b"xxxx", headers={"Content-Encoding": "gzip"}),
}


class Paper:
    """A paper with a feed of the links that it is given, a front page that always answers, and a clock."""

    def __init__(self, path: Path, server: FaultServer, names: list[str]) -> None:
        self.path, self.server, self.clock = path, server, VirtualClock()
        self.url = {
            name: f"{server.origin}/berita/{100_000 + number}/kabar-{number}-dari-127"
            for number, name in enumerate(names)
        }
        self.name(*names)

    def name(self, *names: str) -> None:
        """Let the feed name these."""
        items = "".join(f"<item><title>Kabar</title><link>{self.url[name]}</link></item>" for name in names)
        feed = f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>".encode()
        self.server.routes["/feed.xml"] = response(feed)

    def answer(self, name: str, answer: Answer) -> None:
        self.server.routes[self.url[name].removeprefix(self.server.origin)] = answer

    def well(self, name: str) -> bytes:
        return response(article(HOST, list(self.url).index(name)))

    def run(self, after: timedelta = timedelta(0)) -> Summary:
        self.clock.seconds += after.total_seconds()
        setup = FetchSettings(user_agent="kliping-test/0", delay_s=0.0, allow_net=self.server.allowed, attempts=1)
        options = CrawlOptions(targets=[f"{self.server.origin}/feed.xml"], version="0", again=True)
        with open_archive(self.path, mode="crawl", min_free_bytes=0) as db:
            return crawl(db, setup, options, on_event=lambda _event: None, clock=self.clock)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with open_archive(self.path) as db:
            return db.execute(sql).fetchall()


def once(bad: Answer, good: bytes) -> Answer:
    async def answer(request: Request, writer: asyncio.StreamWriter) -> None:
        if request.count > 1:
            writer.write(good)
        elif isinstance(bad, bytes):
            writer.write(bad)
        else:
            await bad(request, writer)

    return answer


def test_each_bad_moment_costs_a_later_look_and_nothing_else(tmp_path: Path) -> None:
    with FaultServer() as server:
        paper = Paper(tmp_path / "a.db", server, [*MOMENTS, *(f"well_{n}" for n in range(len(MOMENTS)))])
        for name in paper.url:
            paper.answer(name, once(MOMENTS.get(name, paper.well(name)), paper.well(name)))
        assert paper.run().exit_code == 3
        first = dict(
            paper.query(
                "SELECT u.url, f.reason FROM urls AS u JOIN fetches AS f ON f.url_id = u.id WHERE u.kind = 'article'"
            )
        )
        assert not [name for name in MOMENTS if first.get(paper.url[name]) == "ok"]
        paper.name()  # the feed has moved on: nothing but the queue remembers them
        for _ in range(8):
            paper.run(after=timedelta(hours=12))
        read = {url for (url,) in paper.query("SELECT url FROM articles")}
        assert set(paper.url.values()) - read == set()
        assert paper.query("SELECT count(*) FROM urls WHERE given_up_at IS NOT NULL") == [(0,)]


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_a_page_that_stays_away_is_given_up_with_its_evidence_and_put_back_when_it_is_named(
    tmp_path: Path, status: str
) -> None:
    with FaultServer() as server:
        paper = Paper(tmp_path / "a.db", server, ["read", "dead", "named", "well"])
        for name in ("read", "well"):
            paper.answer(name, paper.well(name))
        for name in ("dead", "named"):
            paper.answer(name, response(b"", status=status))
        paper.run()
        paper.answer("read", response(b"", status=status))
        paper.name("named", "well")
        for _ in range(30):
            paper.run(after=timedelta(days=1))
        given_up = paper.query("SELECT url, given_up_why FROM urls WHERE given_up_at IS NOT NULL")
        assert [url for url, _ in given_up] == [paper.url["dead"]]
        assert f"gone ({status[:3]}) at" in given_up[0][1]
        waiting = {url for (url,) in paper.query("SELECT u.url FROM frontier AS f JOIN urls AS u ON u.id = f.url_id")}
        assert {paper.url["read"], paper.url["named"]} <= waiting, "one was read, one is named"
        asked = server.asked[paper.url["dead"].removeprefix(server.origin)]
        assert asked <= 7
        paper.name("dead", "well")
        paper.answer("dead", paper.well("dead"))
        paper.run(after=timedelta(hours=1))
        assert paper.query("SELECT count(*) FROM urls WHERE given_up_at IS NOT NULL") == [(0,)]
        assert (paper.url["dead"],) in paper.query("SELECT url FROM articles")


def test_nothing_is_concluded_of_a_page_while_its_whole_host_is_in_trouble(tmp_path: Path) -> None:
    with FaultServer() as server:
        paper = Paper(tmp_path / "a.db", server, [f"page_{n}" for n in range(6)])
        for name in paper.url:
            paper.answer(name, response(b"<p>x</p>", status="404 Not Found"))
        paper.run()
        server.routes["/feed.xml"] = response(b"", status="404 Not Found")
        for _ in range(30):
            paper.run(after=timedelta(days=1))
        assert paper.query("SELECT count(*) FROM urls WHERE given_up_at IS NOT NULL") == [(0,)]
        for name in paper.url:
            paper.answer(name, paper.well(name))
        for _ in range(6):
            paper.run(after=timedelta(days=7))
        assert paper.query("SELECT count(*) FROM articles") == [(6,)]


def test_six_dead_links_keep_no_good_one_waiting(tmp_path: Path) -> None:
    with FaultServer() as server:
        names = [*(f"dead_{n}" for n in range(6)), *(f"well_{n}" for n in range(4))]
        paper = Paper(tmp_path / "a.db", server, names)
        for name in names:
            paper.answer(name, response(b"", status="500 X") if name.startswith("dead") else paper.well(name))
        assert paper.run().new_articles == 4
        for number in range(4, 8):
            name = f"well_{number}"
            paper.url[name] = f"{server.origin}/berita/{200_000 + number}/kabar-baru-{number}"
            paper.answer(name, paper.well(name))
        paper.name(*paper.url)
        summary = paper.run(after=timedelta(hours=3))
        assert summary.new_articles == 4, "the dead ones are due again, and asked first"
        assert paper.query("SELECT count(*) FROM publishers WHERE not_before IS NOT NULL") == [(0,)]


def test_a_validator_that_is_not_ascii_is_no_fault_of_the_page(tmp_path: Path) -> None:
    with FaultServer() as server:
        paper = Paper(tmp_path / "a.db", server, ["page"])
        for etag in ('"v\xe9rsion-1"', '"v\xe9rsion-2"'):
            paper.answer("page", response(article(HOST, 0), headers={"ETag": etag}).decode("utf-8").encode("latin-1"))
            paper.run(after=timedelta(hours=2))
        assert {reason for (reason,) in paper.query("SELECT reason FROM fetches")} == {"ok", "unchanged"}
