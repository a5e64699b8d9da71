"""A crawl that is killed again and again ends with what an unkilled one stores, and never repeats a request whose answer
was stored.

KLIPING_TEST_KILLS=50 kills fifty times.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from scraper.archive.file.connection import open_archive
from tests.command import ROOT
from tests.faultserver import PAGE, FaultServer, Request, response

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KILLS = int(os.environ.get("KLIPING_TEST_KILLS", "6"))
ARTICLES = 60  # of each of two papers
HOSTS = ("127.3.0.1", "127.3.0.2")
# Forks a crawl, kills it at a random moment, looks at what it left; at the end one that is not killed. The crawl
# itself is what `kliping crawl` runs, without the start of a Python for each kill.
DRIVER = """
import json, os, pathlib, random, signal, sys, time
from scraper.archive.file.connection import open_archive
from scraper.crawl import CrawlOptions, crawl
from scraper.fetch import FetchSettings
port, kills, path = int(sys.argv[1]), int(sys.argv[2]), pathlib.Path(sys.argv[3])
hosts = sys.argv[4:]
setup = FetchSettings(user_agent="kliping-test/0", delay_s=0.0, allow_net=frozenset((host, port) for host in hosts), attempts=1)
options = CrawlOptions(targets=[f"http://{host}:{port}/feed.xml" for host in hosts], version="0")
chance = random.Random(kills)

def run():
    with open_archive(path, mode="crawl", min_free_bytes=0) as db, open(f"{path}.log", "ab", 0) as log:
        summary = crawl(db, setup, options, on_event=lambda event: log.write(event.outcome.url.encode() + b"\\n"))
    return summary.recovered, summary.exit_code

def look():
    if not path.exists():
        return []
    with open_archive(path, mode="write") as db:
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert db.execute("PRAGMA foreign_key_check").fetchall() == []
        landed = [url for (url,) in db.execute("SELECT DISTINCT u.url FROM fetches AS f JOIN urls AS u ON u.id = f.url_id").fetchall()]
        whole = db.execute("SELECT (SELECT count(*) FROM fetches) - (SELECT count(*) FROM captures), (SELECT count(*) FROM urls WHERE kind = 'article' AND id IN (SELECT url_id FROM fetches)) - (SELECT count(*) FROM articles)").fetchall()
        assert whole == [(0, 0)], whole  # every page is there whole or not at all
        assert db.execute("SELECT count(*) FROM urls WHERE id NOT IN (SELECT url_id FROM frontier)").fetchall() == [(0,)]
    log = pathlib.Path(f"{path}.log")
    told = log.read_text().splitlines() if log.exists() else []
    assert set(told) <= set(landed), set(told) - set(landed)
    return landed

for _ in range(kills):
    child = os.fork()
    if child == 0:
        os.setsid()
        run()
        os._exit(0)
    time.sleep(chance.uniform(0.05, 0.9))
    os.kill(child, signal.SIGKILL)
    at = time.monotonic()
    killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -9
    print(json.dumps({"at": at, "killed": killed, "landed": look()}), flush=True)
print(json.dumps({"end": run()}))
"""


async def slowly(_request: Request, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(0.01)
    writer.write(response(PAGE.replace(b"berita uji", _request.path.encode())))


def routes(host: str, port: int) -> dict[str, Any]:
    paths = [f"/berita/{100_000 + number}/berita-nomor-{number}" for number in range(ARTICLES)]
    items = "".join(f"<item><link>http://{host}:{port}{path}</link></item>" for path in paths)
    feed = f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>".encode()
    return {"/feed.xml": response(feed)} | dict.fromkeys(paths, slowly)


def drive(server: FaultServer, path: Path, kills: int) -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-c", DRIVER, str(server.port), str(kills), str(path), *HOSTS]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return (json.loads(line) for line in done.stdout.splitlines())


def kept(path: Path) -> set[tuple[Any, ...]]:
    """What an archive holds, apart from numbers and times."""
    with open_archive(path) as db:
        captures = db.execute(
            "SELECT u.url, b.sha256 FROM captures AS c JOIN urls AS u ON u.id = c.url_id JOIN bodies AS b ON b.id = c.body_id"
        ).fetchall()
        articles = db.execute("SELECT url, headline, content_hash, revision FROM articles").fetchall()
    assert len(captures) == len(set(captures))
    return {*captures, *articles}


def test_kills_change_nothing_of_what_is_kept(tmp_path: Path) -> None:
    with FaultServer(sites={host: {} for host in HOSTS}) as server:
        for host in HOSTS:
            server.sites[host] = routes(host, server.port)
        assert [line["end"] for line in drive(server, tmp_path / "calm.db", 0)] == [[0, 0]]
        asked_once = len(server.requests)
        server.requests.clear()
        *kills, last = drive(server, tmp_path / "killed.db", KILLS)
        assert sum(line["killed"] for line in kills) >= KILLS / 2
        for line in kills:
            landed = {
                url.partition(f":{server.port}")[2] + "@" + url.split("/")[2].split(":")[0] for url in line["landed"]
            }
            again = [
                each for each in server.requests if each.at > line["at"] and f"{each.path}@{each.address}" in landed
            ]
            assert not again, "what had landed was asked for again"
        recovered, code = last["end"]
        assert code == 0
        assert recovered <= len(HOSTS)
        assert asked_once == 2 * (ARTICLES + 1) + 4  # feeds, articles, robots.txt, tdmrep.json
        assert kept(tmp_path / "killed.db") == kept(tmp_path / "calm.db")
