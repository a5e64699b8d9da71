"""What tests of the crawl share: how a crawl is run and asked about, and papers of a few articles."""

from __future__ import annotations

import os
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scraper.archive.file.connection import open_archive
from scraper.clock import SYSTEM, Clock
from scraper.crawl import CrawlOptions, Event, Summary, crawl
from scraper.fetch import FetchSettings
from scraper.records import Capture
from tests.faultserver import FaultServer, response

if TYPE_CHECKING:
    from scraper.demo import Newspaper
    from tests.faultserver import Answer


def settings(port: int, hosts: tuple[str, ...] = (), **changes: Any) -> FetchSettings:
    """What a crawl asks a server on this port with; what `hosts` have over https is asked there too."""
    origin = f"http://127.0.0.1:{port}"
    options: dict[str, Any] = {
        "user_agent": "kliping-test/0",
        "delay_s": 0.0,
        "allow_net": frozenset({("127.0.0.1", port)}),
        "attempts": 1,
    }
    return FetchSettings(**options | {"replay": {f"https://{host}": origin for host in hosts}} | changes)


def setup(server: FaultServer, **changes: Any) -> FetchSettings:
    """The same for all addresses of a server."""
    options: dict[str, Any] = {
        "user_agent": "kliping-test/0",
        "delay_s": 0.0,
        "allow_net": server.allowed,
        "attempts": 1,
    }
    return FetchSettings(**options | changes)


def run(
    path: Path, settings: FetchSettings, *targets: str, pragma: str = "", clock: Clock = SYSTEM, **options: Any
) -> Summary:
    """One crawl into an archive; every attempt is an event."""
    events: list[Event] = []
    with open_archive(path, mode="crawl", min_free_bytes=0) as db:
        if pragma:
            db.execute(f"PRAGMA {pragma}")
        wanted = CrawlOptions(targets=targets, version="0", **options)
        summary = crawl(db, settings, wanted, on_event=events.append, clock=clock)
    assert len(events) == summary.reasons.total()
    return summary


def query(path: Path, sql: str) -> list[tuple[Any, ...]]:
    with open_archive(path) as db:
        return db.execute(sql).fetchall()


def paper_run(path: Path, paper: Newspaper, *targets: str, **options: Any) -> Summary:
    return run(path, settings(paper.port, paper.hosts), *targets, **options)


def sockets() -> set[str]:
    """The open sockets of this process."""
    links = (Path("/proc/self/fd") / name for name in os.listdir("/proc/self/fd"))  # noqa: PTH208
    return {str(link.readlink()) for link in links if link.is_symlink() and "socket" in str(link.readlink())}


def children() -> int:
    """The processes that this one has started and that have not ended."""
    return len(Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split())


ARTICLES = 4


def article(host: str, number: int) -> bytes:
    """A page with a text of its own."""
    chance = random.Random(f"{host} {number}")
    words = [
        "warga",
        "desa",
        "sungai",
        "pasar",
        "kapal",
        "sekolah",
        "panen",
        "hujan",
        "jalan",
        "camat",
        "perahu",
        "ladang",
    ]
    sentences = (" ".join(chance.choices(words, k=14)).capitalize() + "." for _ in range(8))
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in sentences)
    title = f"Kabar {number} dari {host.partition('.')[0]}"
    return f"<!DOCTYPE html><html><head><title>{title}</title></head><body><article><h1>{title}</h1>{paragraphs}</article></body></html>".encode()


def routes(host: str, port: int) -> dict[str, Answer]:
    """A paper of four articles and a feed."""
    origin = f"http://{host}:{port}"
    links = [f"/berita/10000{number}/kabar-{number}-dari-{host.partition('.')[0]}" for number in range(ARTICLES)]
    items = "".join(f"<item><title>Kabar</title><link>{origin}{link}</link></item>" for link in links)
    feed = f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>"
    pages = {link: response(article(host, number)) for number, link in enumerate(links)}
    return {"/robots.txt": response(b"", status="404 No"), "/feed.xml": response(feed.encode()), **pages}


def koran(origin: str, articles: int, answer: Answer | None = None) -> dict[str, Answer]:
    """A newspaper with a feed of so many articles, each long enough to fill a disk."""
    paths = [f"/berita/{100_000 + number}/berita-nomor-{number}" for number in range(articles)]
    items = "".join(f"<item><link>{origin}{path}</link></item>" for path in paths)
    feed: Answer = response(f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>".encode())
    noise = random.Random(articles)
    pages = {
        path: response(article("koran", number) + f"<!-- {noise.randbytes(6_000).hex()} -->".encode())
        for number, path in enumerate(paths)
    }
    return {"/feed.xml": feed} | {path: answer or own for path, own in pages.items()}


TEXT = "Kalimat ini cukup panjang dan berisi kabar yang dibaca orang setiap pagi, termasuk di desa."


PAGE = f"<title>Kabar desa</title><article><h1>Kabar desa</h1>{''.join(f'<p>{n}. {TEXT}</p>' for n in range(8))}</article>".encode()


def page(body: bytes = PAGE) -> Capture:
    url = "https://contoh.id/berita/100001/kabar-desa"
    return Capture(url=url, final_url=url, status=200, fetched_at=datetime(2026, 1, 2, tzinfo=UTC), body=body)
