"""How fast a crawl is: pages per second and CPU milliseconds per page, kliping beside Scrapy on the same loopback
server.

    python -m benchmarks.crawl [--hosts N] [--pages N] [--kib N] [--bare] [--rounds N] [--scrapy PYTHON]

Both crawl an index page on each of N loopback addresses and the articles it links, without delay, and store bytes, text
and a full-text index in SQLite, one commit per page. Scrapy runs in its own environment (PYTHON is that of a venv with
scrapy); its spider reads title, paragraphs and the text's links by selectors, date and author from JSON-LD, while
kliping's reader does everything it always does. --bare: pages without JSON-LD, which few papers still have; kliping
then searches the whole page for an author, and the spider does not. CPU is that of the crawler and its children. The
two alternate.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

ROOT = Path(__file__).parent.parent
SENTENCE = (
    "Warga desa di tepi sungai itu bergotong royong memperbaiki jembatan yang rusak diterjang banjir pekan lalu. "
)

SPIDER = """
import json, sqlite3, sys, zlib
import scrapy
from scrapy.crawler import CrawlerProcess

starts, path = json.loads(sys.argv[1]), sys.argv[2]


class Store:
    def open_spider(self, *_):
        self.db = sqlite3.connect(path, isolation_level=None)
        self.db.executescript(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "CREATE TABLE pages (id INTEGER PRIMARY KEY, url TEXT UNIQUE, body BLOB, title TEXT, text TEXT, date TEXT, author TEXT, links TEXT);"
            "CREATE VIRTUAL TABLE fts USING fts5(title, text, content='pages', content_rowid='id');"
        )

    def process_item(self, item, *_):
        self.db.execute("BEGIN IMMEDIATE")
        row = self.db.execute(
            "INSERT OR IGNORE INTO pages (url, body, title, text, date, author, links) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [item["url"], zlib.compress(item["body"]), item["title"], item["text"], item["date"], item["author"], json.dumps(item["links"])],
        )
        self.db.execute("INSERT INTO fts (rowid, title, text) VALUES (?, ?, ?)", [row.lastrowid, item["title"], item["text"]])
        self.db.execute("COMMIT")
        return item


class News(scrapy.Spider):
    name = "news"
    start_urls = starts

    def parse(self, response):
        for href in response.css("a::attr(href)").getall():
            yield response.follow(href, self.article)

    def article(self, response):
        data = json.loads(response.css("script[type='application/ld+json']::text").get() or "{}")
        yield {
            "url": response.url,
            "body": response.body,
            "title": response.css("h1::text").get(),
            "text": "\\n\\n".join("".join(p.css("::text").getall()) for p in response.css("article p")),
            "date": data.get("datePublished") or response.css("time::attr(datetime)").get(),
            "author": data.get("author", {}).get("name"),
            "links": [response.urljoin(href) for href in response.css("article a::attr(href)").getall()],
        }


process = CrawlerProcess(
    {
        "LOG_LEVEL": "ERROR",
        "ROBOTSTXT_OBEY": True,
        "CONCURRENT_REQUESTS": 64,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "ITEM_PIPELINES": {Store: 1},
        "TELNETCONSOLE_ENABLED": False,
    }
)
process.crawl(News)
process.start()
"""


def article(number: int, size: int, *, is_bare: bool = False) -> bytes:
    """An article page of about `size` bytes: a text, and around it the markup of a news page; a bare one has no
    metadata.
    """
    title = f"Jembatan desa {number} diperbaiki warga"
    data = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": "2026-01-02T03:04:00+07:00",
        "author": {"@type": "Person", "name": "Sari Wulandari"}, "publisher": {"@type": "Organization", "name": "Koran Desa"},
    }  # fmt: skip
    said = "" if is_bare else f'<script type="application/ld+json">{json.dumps(data)}</script>'
    text = "".join(f"<p>{number}.{part} {SENTENCE * 3}</p>" for part in range(12))
    card = '<li class="card"><a class="card__link" href="#"><img src="/i.jpg" alt=""><span class="card__title">Berita lain</span></a></li>'
    head = f"<html lang=id><head><title>{title}</title>{said}</head><body><article><h1>{title}</h1>"
    page = f'{head}<time datetime="2026-01-02T03:04:00+07:00">2 Januari 2026</time>{text}</article><ul>'
    return (page + card * max(0, (size - len(page)) // len(card)) + "</ul></body></html>").encode()


def serve(hosts: int, pages: int, size: int, pipe: Connection, *, is_bare: bool) -> None:
    """A keep-alive HTTP server on every loopback address; each has an index and its own articles."""
    links = "".join(
        f"<a href='/berita/{100000 + n}/jembatan-desa-{n}'>Jembatan desa {n} diperbaiki</a>" for n in range(pages)
    )
    bodies = {f"/berita/{100000 + n}/jembatan-desa-{n}": article(n, size, is_bare=is_bare) for n in range(pages)}
    bodies["/"] = f"<html><title>Koran</title>{links}</html>".encode()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                path = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)[1].decode()
                body = bodies.get(path)
                status = b"200 OK" if body else b"404 Not Found"
                writer.write(
                    b"HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
                    % (status, len(body or b""))
                    + (body or b"")
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def run() -> None:
        first = await asyncio.start_server(answer, "127.1.0.1", 0)
        port = first.sockets[0].getsockname()[1]
        others = [await asyncio.start_server(answer, f"127.1.0.{n + 1}", port) for n in range(1, hosts)]
        pipe.send(port)
        async with first:
            await asyncio.gather(first.serve_forever(), *(server.serve_forever() for server in others))

    asyncio.run(run())


def measured(command: list[str]) -> tuple[float, float, float]:
    """(wall seconds, CPU seconds, peak MiB of the largest process) of a command and its children."""
    started = time.monotonic()
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as installed
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - started, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def kliping(starts: list[str], path: Path) -> list[str]:
    nets = [word for start in starts for word in ("--allow-net", start.removeprefix("http://").rstrip("/"))]
    return [sys.executable, "-m", "scraper", "crawl", *starts, *nets, "--delay", "0", "--archive", str(path)]


def scrapy(python: str, starts: list[str], path: Path) -> list[str]:
    spider = path.with_suffix(".py")  # a file, since Scrapy reads the source of its callbacks
    spider.write_text(SPIDER, "utf-8")
    return [python, str(spider), json.dumps(starts), str(path)]


def stored(path: Path, table: str) -> int:
    """How many articles a crawl has kept."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608  (our own names)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--hosts", type=int, default=16)
    options.add_argument("--pages", type=int, default=40, help="articles of each host")
    options.add_argument("--kib", type=int, default=100)
    options.add_argument("--bare", action="store_true", help="pages without JSON-LD")
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--scrapy", help="python of an environment with scrapy")
    chosen = options.parse_args()
    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(
        target=serve,
        args=(chosen.hosts, chosen.pages, chosen.kib * 1024, there),
        kwargs={"is_bare": chosen.bare},
        daemon=True,
    )
    server.start()
    port = here.recv()
    starts = [f"http://127.1.0.{n + 1}:{port}/" for n in range(chosen.hosts)]
    pages = chosen.hosts * (chosen.pages + 1)
    found: dict[str, list[tuple[float, float, float]]] = {}
    with tempfile.TemporaryDirectory() as directory:
        for number in range(chosen.rounds):
            commands = {"kliping": kliping(starts, Path(directory) / f"k{number}.db")}
            if chosen.scrapy:
                commands["scrapy"] = scrapy(chosen.scrapy, starts, Path(directory) / f"s{number}.db")
            for name, command in commands.items():
                found.setdefault(name, []).append(measured(command))
                kept = stored(Path(directory) / f"{name[0]}{number}.db", "articles" if name == "kliping" else "pages")
                if kept != pages - chosen.hosts:
                    raise SystemExit(f"{name} kept {kept} articles of {pages - chosen.hosts}")
    server.terminate()
    print(
        f"{pages} pages of {chosen.kib} KiB on {chosen.hosts} hosts, {chosen.rounds} rounds, {os.cpu_count()} cores; medians\n"
    )
    print("| crawler | pages/s | CPU ms/page | peak MiB of a process |\n|---|---|---|---|")
    cpu = {}
    for name, results in found.items():
        wall, cpu[name], peak = (statistics.median(column) for column in zip(*results, strict=True))
        print(f"| {name} | {pages / wall:.0f} | {cpu[name] / pages * 1000:.1f} | {peak:.0f} |")
    if "scrapy" in cpu:
        print(f"\nkliping needs {cpu['kliping'] / cpu['scrapy']:.2f} of Scrapy's CPU.")


if __name__ == "__main__":
    main()
