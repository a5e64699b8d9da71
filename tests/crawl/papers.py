"""A paper on loopback whose pages a test changes between two requests, and what the archive then says about them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scraper.archive.file.connection import open_archive
from scraper.crawl import CrawlOptions, Event, crawl
from scraper.fetch import FetchSettings
from tests.faultserver import FaultServer, response
from tests.virtualtime import ShiftedClock

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from scraper.crawl import Summary

SUBJECTS = (
    ("Gubernur tinjau tanggul yang jebol di Sungai Raya", "tanggul", "gubernur-tinjau-tanggul-jebol-sungai-raya"),
    ("Pasar Flamboyan mulai ramai menjelang akhir tahun", "pasar", "pasar-flamboyan-ramai-menjelang-akhir-tahun"),
    ("Nelayan Kubu menuntut solar bersubsidi ditambah", "nelayan", "nelayan-kubu-menuntut-solar-subsidi-ditambah"),
    ("Jembatan Landak ditutup dua malam untuk perbaikan", "jembatan", "jembatan-landak-ditutup-dua-malam-perbaikan"),
)


def paragraphs(subject: str, count: int = 7) -> list[str]:
    """Sentences of their own for a subject."""
    places = ("pagi", "siang", "sore", "malam", "kemarin", "lusa", "nanti", "segera", "kembali")
    return [
        f"Soal {subject} bagian {place}, warga {subject} menyampaikan {len(subject) * 7 + number} keberatan tentang {subject}"
        f" yang mereka lihat {place} itu, kata ketua rukun {subject} di balai {subject} {place}."
        for number, place in enumerate(places[:count])
    ]


def story(
    title: str,
    texts: Sequence[str],
    *,
    author: str = "Rani Sulastri",
    is_bare: bool = False,
    head: str = "",
    end: str = "</body></html>",
) -> bytes:
    """An article page; a bare one says nothing of itself."""
    about = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title,
        "datePublished": "2026-11-20T08:00:00+07:00", "author": {"@type": "Person", "name": author},
    }  # fmt: skip
    data = "" if is_bare else f'<script type="application/ld+json">{json.dumps(about)}</script>'
    body = "".join(f"<p>{text}</p>" for text in texts)
    return (
        f"<!DOCTYPE html><html lang='id'><head><title>{title} - Kabar Kapuas</title>{data}{head}</head><body>"
        f"<header><a href='/'>Kabar Kapuas</a></header><article><h1>{title}</h1>{body}</article>{end}"
    ).encode()


@dataclass
class Paper:
    """Papers on loopback, each at an address of its own; a path without an address is at the first.

    `looks` are what the last crawl reported, place → "reason detail", where a
    place is a path, or an address with a path.
    """

    path: Path
    server: FaultServer
    clock: ShiftedClock = field(default_factory=ShiftedClock)
    looks: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    def url(self, place: str) -> str:
        address, _, path = place.partition("/")
        return f"http://{address or '127.0.0.1'}:{self.server.port}/{path}"

    def place(self, url: str) -> str:
        return url.removeprefix(self.server.origin).removeprefix("http://").replace(f":{self.server.port}", "")

    def put(self, pages: dict[str, Any]) -> None:
        """Serve these pages: the bytes of a page, or an answer of the server."""
        for place, page in pages.items():
            address, _, path = place.partition("/")
            is_page = isinstance(page, bytes) and not page.startswith(b"HTTP/")
            routes = self.server.sites[address] if address else self.server.routes
            routes["/" + path] = response(page) if is_page else page

    def _announce(self, titles: dict[str, str]) -> None:
        for address in {place.partition("/")[0] for place in titles}:
            items = "".join(
                f"<item>{f'<title>{title}</title>' if title else ''}<link>{self.url(place)}</link></item>"
                for place, title in titles.items()
                if place.partition("/")[0] == address
            )
            feed = f"<rss version='2.0'><channel><title>Kabar Kapuas</title>{items}</channel></rss>".encode()
            self.put({f"{address}/feed.xml": response(feed, headers={"Content-Type": "application/rss+xml"})})
        self.known |= set(titles)

    def crawl(self, *places: str, hours: float = 0.0) -> Summary:
        """Ask for these pages, whether they are due or not, some hours later; those that no feed named are named without a title."""
        if new := set(places) - self.known:
            self._announce(dict.fromkeys(sorted(new), ""))
        feeds = {f"{place.partition('/')[0]}/feed.xml" for place in new}
        self.clock.offset += timedelta(hours=hours)
        events: list[Event] = []
        targets = [self.url(place) for place in (*feeds, *(set(places) - new))]
        settings = FetchSettings(user_agent="kliping-test/0", delay_s=0.0, attempts=1, allow_net=self.server.allowed)
        with open_archive(self.path, mode="crawl", min_free_bytes=0) as db:
            options = CrawlOptions(targets=targets, version="0", again=True)
            summary = crawl(db, settings, options, on_event=events.append, clock=self.clock)
        self.looks = {
            self.place(each.outcome.url): f"{each.outcome.reason} {each.outcome.detail or ''}".strip()
            for each in events
        }
        return summary

    def start(self, titles: dict[str, str]) -> Summary:
        """Crawl by the feeds that say these titles."""
        self._announce(titles)
        feeds = {f"{place.partition('/')[0]}/feed.xml" for place in titles}
        self.known |= feeds
        return self.crawl(*feeds)

    def reason(self, place: str) -> str:
        """The outcome of the last crawl's look at a page."""
        return self.looks[place].partition(" ")[0]

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with open_archive(self.path) as db:
            return list(db.execute(sql, list(values)).fetchall())

    def headlines(self) -> dict[str, str]:
        """Place → headline of every article that is kept."""
        return {self.place(url): headline for url, headline in self.query("SELECT url, headline FROM articles")}

    def texts(self) -> dict[str, str]:
        """Place → text of every article that is kept."""
        return {self.place(url): body for url, body in self.query("SELECT url, body FROM articles")}
