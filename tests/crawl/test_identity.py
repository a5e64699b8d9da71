"""One article under several addresses stays one, with its history; two that only look alike stay two."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scraper.archive.ask.history import why
from scraper.archive.ask.versions import versions_of
from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier, identity
from scraper.cli.story import story as story_of
from scraper.crawl import CrawlOptions, Summary, crawl
from scraper.fetch import FetchSettings
from tests.faultserver import FaultServer, redirect, response
from tests.virtualtime import START, VirtualClock

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faultserver import Answer, Request

MOVED = "301 Moved Permanently"
OLD, NEW = "https://koran-lama.example", "https://koran-baru.example"
WORDS = (
    "Warga {n} desa menutup jalan rusak selama {n} hari karena janji perbaikan belum ditepati.",
    "Kepala dinas berkata bahwa {n} truk batu sudah dipesan dan akan datang sebelum hujan berikutnya.",
    "Sampai sore tadi antrean kendaraan masih mengular sejauh {n} kilometer menuju pelabuhan lama.",
)


def story(number: int, *, more: str = "", at: str = "2026-03-02T09:00:00+07:00", headline: str = "") -> bytes:
    """An article page without a canonical link."""
    text = "".join(f"<p>{sentence.format(n=number)}</p>" for sentence in (*WORDS, *((more,) if more else ())))
    headline = headline or f"Jalan rusak nomor {number} ditutup warga"
    return response(
        f"<!DOCTYPE html><html lang=id><head><title>{headline}</title>"
        f"<meta property='article:published_time' content='{at}'></head>"
        f"<body><article><h1>{headline}</h1><time datetime='{at}'>2 Maret</time>{text}</article></body></html>".encode()
    )


def listing(*urls: str) -> bytes:
    items = "".join(f"<item><title>Kabar</title><link>{url}</link></item>" for url in urls)
    feed = f"<rss version='2.0'><channel><title>Koran</title>{items}</channel></rss>".encode()
    return response(feed, headers={"Content-Type": "application/rss+xml"})


@dataclass(slots=True)
class Papers:
    """Two hosts by name, and an archive that crawls them over some days."""

    path: Path
    pages: dict[str, Answer] = field(default_factory=dict)
    clock: VirtualClock = field(default_factory=VirtualClock)
    server: FaultServer = field(default_factory=FaultServer)

    async def serve(self, request: Request, writer: asyncio.StreamWriter) -> None:
        host = request.headers["host"]
        answer = self.pages.get(f"https://{host}{request.path}", response(b"<h1>404</h1>", status="404 Not Found"))
        assert isinstance(answer, bytes)
        writer.write(answer)

    def crawl(self, *targets: str, days: float = 0) -> Summary:
        """One crawl, so many days after the first moment."""
        self.clock.wait_until(START + timedelta(days=days))

        async def resolve(_host: str, _port: int) -> tuple[str, ...]:
            return ("127.0.0.1",)

        names = {"koran-lama.example", "www.koran-lama.example", "koran-baru.example"}
        settings = FetchSettings(
            user_agent="kliping-test/0",
            delay_s=0.0,
            allow_net=self.server.allowed,
            replay={
                f"{scheme}://{name}": f"http://{name}:{self.server.port}"
                for name in names
                for scheme in ("http", "https")
            },
            resolve=resolve,
        )
        with open_archive(self.path, mode="crawl", min_free_bytes=0) as db:
            options = CrawlOptions(targets=targets, version="0")
            return crawl(db, settings, options, on_event=lambda _event: None, clock=self.clock)

    def articles(self) -> dict[str, tuple[int, list[str]]]:
        """For each article its number of versions, and its other addresses."""
        with open_archive(self.path) as db:
            rows = db.execute("SELECT id, url FROM articles ORDER BY id").fetchall()
            return {
                url: (
                    len(versions_of(db, number).versions),
                    [
                        other
                        for (other,) in db.execute(
                            "SELECT url FROM addresses WHERE article_id = ?", [number]
                        ).fetchall()
                    ],
                )
                for number, url in rows
            }


@pytest.fixture
def papers(tmp_path: Path) -> Iterator[Papers]:
    found = Papers(tmp_path / "a.db")
    found.server.routes["*"] = found.serve
    with found.server:
        yield found


def test_a_changed_slug_is_the_same_article_when_its_old_address_is_looked_at(papers: Papers) -> None:
    feed, old, new = f"{OLD}/rss.xml", f"{OLD}/berita/100001/jalan-rusak", f"{OLD}/berita/100001/jalan-rusak-diperbaiki"
    papers.pages |= {feed: listing(old), old: story(1)}
    papers.crawl(feed)
    papers.pages |= {old: redirect(new, MOVED), new: story(1, more="Perbaikan dimulai besok pagi, kata camat.")}
    papers.crawl(feed, days=1)
    assert papers.articles() == {new: (2, [old])}
    papers.crawl(feed, days=4)
    assert papers.articles() == {new: (2, [old])}


def test_a_changed_slug_that_is_listed_first_joins_the_histories(papers: Papers) -> None:
    feed, old, new = f"{OLD}/rss.xml", f"{OLD}/berita/100001/jalan-rusak", f"{OLD}/berita/100001/jalan-rusak-diperbaiki"
    papers.pages |= {feed: listing(old), old: story(1)}
    papers.crawl(feed)
    changed = story(1, more="Perbaikan dimulai besok pagi, kata camat.")
    papers.pages |= {feed: listing(new), old: changed, new: changed}
    papers.crawl(feed, new, days=0.01)  # the old address is not due yet
    papers.pages[old] = redirect(new, MOVED)
    papers.crawl(feed, days=2)
    assert papers.articles() == {new: (2, [old])}


def test_an_address_that_is_gone_says_where_its_article_goes_on(papers: Papers) -> None:
    """It stays queued, since it was read once, twice a year in the end: whoever wonders why is told."""
    feed, old, new = f"{OLD}/rss.xml", f"{OLD}/berita/100001/jalan-rusak", f"{OLD}/berita/100001/jalan-rusak-diperbaiki"
    papers.pages |= {feed: listing(old), old: story(1)}
    papers.crawl(feed)
    papers.pages |= {feed: listing(new), new: story(1)}
    del papers.pages[old]
    for days in (1, 2, 4):
        papers.crawl(feed, days=days)
    assert papers.articles() == {old: (1, [new])}, "one article, known by both addresses"
    with open_archive(papers.path) as db:
        told = {url: story_of(why(db, url) or {}) for url in (old, new)}
    assert f"continues at {new}" in told[old]
    assert "goes on" not in told[new]


def test_a_version_that_did_not_become_the_text_is_asked_for_as_a_whole(papers: Papers) -> None:
    """An old copy of a cache was believed after a day: of the page that is back "unchanged" must not be the answer for ever."""
    feed, url = f"{OLD}/rss.xml", f"{OLD}/berita/100001/jalan-rusak"

    def tagged(page: bytes, tag: str) -> bytes:
        return page.replace(b"Connection: close", f"ETag: {tag}\r\nConnection: close".encode())

    def validator(days: float) -> str | None:
        with open_archive(papers.path, mode="crawl", min_free_bytes=0) as db:
            run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=START)
            frontier.make_due(db, [url], at=START)
            found = frontier.lease(
                db, run, host="koran-lama.example", now=START + timedelta(days=days), kinds=("article",)
            )
        return found.etag if found else "nothing is due"

    first, second = tagged(story(1), "a"), tagged(story(1, more="Perbaikan dimulai besok pagi, kata camat."), "b")
    for days, page in ((0, first), (0.3, second), (0.6, first), (1.6, first)):
        papers.pages |= {feed: listing(url), url: page}
        papers.crawl(feed, days=days)
    assert validator(1.65) == "a"
    papers.pages[url] = second
    papers.crawl(feed, days=1.8)
    assert validator(1.85) == "b"
    papers.pages[url] = first
    papers.crawl(feed, days=2.1)
    assert validator(2.2) is None, "the text is that of the other version"


def test_twins_are_one_article_by_their_text(papers: Papers) -> None:
    feed, one = f"{OLD}/rss.xml", f"{OLD}/berita/100001/jalan-rusak"
    others = [
        f"{one}?PHPSESSID=7f3a",
        f"{OLD.replace('//', '//www.')}/berita/100001/jalan-rusak",
        f"{OLD}/baca/jalan-rusak-1",
    ]
    papers.pages |= {feed: listing(one, *others)} | dict.fromkeys([one, *others], story(1))
    papers.crawl(feed)
    papers.crawl(feed, *others, days=1)
    ((count, addresses),) = papers.articles().values()
    assert count == 1
    assert len(addresses) >= 2


def test_no_address_of_an_article_is_given_up(papers: Papers) -> None:
    """Its text is kept as one of them gave it, and it is kept under one: what the third gave was the article, too."""
    feed, one = f"{OLD}/rss.xml", f"{OLD}/berita/100001/jalan-rusak"
    all_three = [one, f"{one}?PHPSESSID=7f3a", f"{OLD}/baca/jalan-rusak-1"]
    papers.pages |= {feed: listing(*all_three)} | dict.fromkeys(all_three, story(1))
    papers.crawl(feed)
    assert len(papers.articles()) == 1
    papers.pages = {feed: listing(f"{OLD}/berita/100002/jalan-rusak"), f"{OLD}/berita/100002/jalan-rusak": story(2)}
    for days in (1, 2, 3, 5, 8, 12, 16, 20, 30):
        papers.crawl(feed, days=days)
    with open_archive(papers.path) as db:
        rows = db.execute(
            "SELECT u.url, u.given_up_at, (SELECT count(*) FROM fetches WHERE url_id = u.id AND reason = 'gone') FROM urls AS u"
            " WHERE u.kind = 'article' ORDER BY u.id"
        ).fetchall()
    assert [url for url, given_up_at, _ in rows if given_up_at is not None] == []
    assert sum(gone > 3 for _, _, gone in rows) == len(all_three)


def test_what_only_looks_alike_stays_two(papers: Papers) -> None:
    """The same headline every week, the same report on two papers, and the same text at another time are articles of their own."""
    feed = f"{OLD}/rss.xml"
    pages = {
        f"{OLD}/berita/100001/ramalan-cuaca": story(1, headline="Ramalan cuaca pekan ini untuk pesisir"),
        f"{OLD}/berita/100002/ramalan-cuaca": story(2, headline="Ramalan cuaca pekan ini untuk pesisir"),
        f"{OLD}/berita/100003/jalan-rusak": story(3),
        f"{OLD}/berita/100004/jalan-rusak": story(3, at="2026-03-02T17:00:00+07:00"),
        f"{NEW}/berita/100003/jalan-rusak": story(3),
    }
    papers.pages |= {feed: listing(*pages), f"{NEW}/rss.xml": listing(*pages)} | pages
    papers.crawl(feed, f"{NEW}/rss.xml")
    assert set(papers.articles()) == set(pages)


def test_a_paper_that_moves_is_followed_and_its_articles_stay_the_same(papers: Papers) -> None:
    paths = [f"/berita/10000{number}/jalan-rusak" for number in range(1, 5)]
    feed, front = "/rss.xml", "/"
    page = b"<html><head><link rel=alternate type='application/rss+xml' href='/rss.xml'></head><body></body></html>"
    papers.pages |= {OLD + feed: listing(*(OLD + path for path in paths[:3])), OLD + front: response(page)}
    papers.pages |= {OLD + path: story(number) for number, path in enumerate(paths[:3])}
    papers.crawl(OLD + front)
    assert set(papers.articles()) == {OLD + path for path in paths[:3]}
    papers.pages = {OLD + path: redirect(NEW + path, MOVED) for path in (feed, front, *paths[:3])}
    papers.pages |= {NEW + feed: listing(*(NEW + path for path in paths)), NEW + front: response(page)}
    papers.pages |= {NEW + path: story(number) for number, path in enumerate(paths)}
    summary = papers.crawl(OLD + front, days=1)
    assert summary.moved == {"koran-lama.example": "koran-baru.example"}
    papers.crawl(OLD + front, days=4)
    found = papers.articles()
    assert set(found) == {NEW + path for path in paths}
    assert {count for count, _ in found.values()} == {1}
    with open_archive(papers.path) as db:
        assert db.execute("SELECT host, new_host FROM moves").fetchall() == [
            ("koran-lama.example", "koran-baru.example")
        ]


def test_what_was_kept_on_both_hosts_is_joined_when_the_move_is_known(papers: Papers) -> None:
    path = "/berita/100001/jalan-rusak"
    papers.pages |= {f"{OLD}/rss.xml": listing(OLD + path), f"{OLD}/": listing(OLD + path), OLD + path: story(1)}
    papers.pages |= {f"{NEW}/rss.xml": listing(NEW + path), f"{NEW}/": listing(NEW + path), NEW + path: story(1)}
    papers.crawl(f"{OLD}/rss.xml", f"{OLD}/", f"{NEW}/rss.xml")
    assert set(papers.articles()) == {OLD + path, NEW + path}
    papers.pages |= {OLD + each: redirect(NEW + each, MOVED) for each in ("/rss.xml", "/")}
    papers.crawl(f"{OLD}/rss.xml", f"{OLD}/", days=1)
    assert papers.articles() == {NEW + path: (1, [OLD + path])}


@pytest.mark.parametrize("host", [OLD, NEW], ids=["old", "new"])
def test_so_is_what_one_of_them_knows_by_another_address_only(papers: Papers, host: str) -> None:
    first, other = "/berita/100001/jalan-rusak", "/berita/100001/jalan-rusak-ditutup"
    listed = {OLD: [OLD + other], NEW: [NEW + other], host: [host + first, host + other]}
    for each, urls in listed.items():
        papers.pages |= {f"{each}/rss.xml": listing(*urls), f"{each}/": listing(*urls)}
        papers.pages |= {url: story(1) for url in urls}
    papers.crawl(f"{OLD}/rss.xml", f"{OLD}/", f"{NEW}/rss.xml")
    assert len(papers.articles()) == 2
    papers.pages |= {OLD + each: redirect(NEW + each, MOVED) for each in ("/rss.xml", "/")}
    papers.crawl(f"{OLD}/rss.xml", f"{OLD}/", days=1)
    [(url, (revisions, addresses))] = papers.articles().items()
    assert (url.startswith(NEW), revisions) == (True, 1)
    assert {OLD + other, NEW + other} <= {url, *addresses}


@pytest.mark.parametrize("status", ["302 Found", "307 Temporary Redirect"])
def test_a_paper_that_sends_its_readers_away_for_a_day_has_not_moved(papers: Papers, status: str) -> None:
    path = "/berita/100001/jalan-rusak"
    papers.pages |= {f"{OLD}/rss.xml": listing(OLD + path), OLD + path: story(1), f"{OLD}/": listing(OLD + path)}
    papers.crawl(f"{OLD}/rss.xml", f"{OLD}/")
    papers.pages = {OLD + each: redirect(NEW + each, status) for each in ("/rss.xml", "/", path)}
    papers.pages |= {NEW + each: listing(f"{NEW}/berita/100009/lain") for each in ("/rss.xml", "/")}
    papers.pages |= {NEW + path: story(1), f"{NEW}/berita/100009/lain": story(9)}
    summary = papers.crawl(f"{OLD}/rss.xml", f"{OLD}/", days=1)
    assert summary.moved == {}
    assert OLD + path in papers.articles(), "it keeps its address"
    with open_archive(papers.path) as db:
        assert identity.moves(db) == {}
