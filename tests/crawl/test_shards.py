"""Four crawlers share two hundred papers: no two ever request from the same one, even while one is killed and its
papers go to the others.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from itertools import pairwise
from typing import TYPE_CHECKING

from scraper.archive.file.connection import open_archive
from scraper.archive.keep import merge
from scraper.crawl import resolve
from scraper.plan.host_shards import Shard, owner
from scraper.reasons import Reason
from tests.command import ROOT
from tests.crawl.makers import koran, query, run, setup
from tests.faultserver import FaultServer, Request, redirect, response
from tests.pacing import assert_paced, recorded_starts

if TYPE_CHECKING:
    from pathlib import Path

HOSTS = [f"127.6.{number // 100}.{number % 100 + 1}" for number in range(200)]
COUNT, KILLED = 4, 3
DELAY_S = 0.5
# Forks the crawlers of a set, as `kliping crawl --shard` on as many machines; kills one of them in the middle of its
# work, when it has kept some pages, and when the others are done lets them run again without it.
DRIVER = """
import json, os, pathlib, signal, sys
from scraper.archive.file.connection import open_archive
from scraper.crawl import CrawlOptions, crawl
from scraper.fetch import FetchSettings
from scraper.plan.host_shards import Shard
given = json.loads(sys.argv[1])
hosts, port, count, killed, home = given["hosts"], given["port"], given["count"], given["killed"], pathlib.Path(given["home"])

def start(number, without, dies_at):
    child = os.fork()
    if child:
        return child
    settings = FetchSettings(user_agent=f"shard-{number}/0", delay_s=given["delay"], attempts=1,
        allow_net=frozenset((host, port) for host in hosts))
    options = CrawlOptions(targets=[f"http://{host}:{port}/feed.xml" for host in hosts], version="0",
        shard=Shard(number=number, count=count, without=frozenset(without)))
    seen = []
    def on_event(event):
        seen.append(event)
        if len(seen) == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
    with open_archive(home / f"{number}.db", mode="crawl", min_free_bytes=0) as db:
        crawl(db, settings, options, on_event=on_event)
    os._exit(0)

def ends(children):
    return {number: os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for number, child in children.items()}

numbers = range(1, count + 1)
first = ends({number: start(number, (), 30 if number == killed else 0) for number in numbers})
then = ends({number: start(number, (killed,), 0) for number in numbers if number != killed})
print(json.dumps([first, then]))
"""


def test_no_paper_is_asked_too_soon_by_four_crawlers_of_which_one_is_killed(tmp_path: Path) -> None:
    with FaultServer(sites={host: {} for host in HOSTS}) as server:
        for host in HOSTS:
            server.sites[host] = koran(f"http://{host}:{server.port}", 1)
        given = {"hosts": HOSTS, "port": server.port, "count": COUNT, "killed": KILLED, "home": str(tmp_path), "delay": DELAY_S}  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", DRIVER, json.dumps(given)],
            cwd=ROOT,
            capture_output=True,
            check=False,
            env=os.environ,
        )
        assert done.returncode == 0, done.stderr.decode()
        requests = list(server.requests)
    assert json.loads(done.stdout) == [{"1": 0, "2": 0, "3": -9, "4": 0}, {"1": 0, "2": 0, "4": 0}]
    asked: dict[str, list[Request]] = {}
    for request in requests:
        asked.setdefault(request.address, []).append(request)
    assert sorted(asked) == sorted(HOSTS)
    whole, rest = Shard(number=1, count=COUNT), Shard(number=1, count=COUNT, without=frozenset({KILLED}))
    moved = 0
    for host, each in asked.items():
        # A request is seen by the server a little after it began, later on a busy machine.
        assert min(after.at - before.at for before, after in pairwise(each)) > DELAY_S / 2
        by = list(dict.fromkeys(request.headers["user-agent"] for request in each))
        if owner(host, whole) == KILLED:
            heir = f"shard-{owner(host, rest)}/0"
            assert by in ([f"shard-{KILLED}/0", heir], [heir])
            moved += 1
        else:
            assert by == [f"shard-{owner(host, whole)}/0"]
            assert len(each) == 4  # robots.txt, the feed, tdmrep.json, an article
    assert moved == sum(owner(host, whole) == KILLED for host in HOSTS) > 30
    with open_archive(tmp_path / "all.db", mode="crawl", min_free_bytes=0) as db:
        for number in range(1, COUNT + 1):
            merge.merge(db, tmp_path / f"{number}.db")
    assert query(tmp_path / "all.db", "SELECT count(*), count(DISTINCT url) FROM articles") == [(200, 200)]


def test_what_another_crawler_asks_stays_queued_and_redirects_do_not_lead_there(tmp_path: Path) -> None:
    ours = next(host for host in HOSTS if Shard(number=1, count=2).owns(host))
    theirs = next(host for host in HOSTS if Shard(number=2, count=2).owns(host))
    with FaultServer(sites={ours: {}, theirs: {}}) as server:
        site = f"http://{ours}:{server.port}"
        away = response(b"", status="302 Found", headers={"Location": f"http://{theirs}:{server.port}/berita/1"})
        server.sites[ours] = koran(site, 1) | {"/pindah": away}
        starts = (f"{site}/feed.xml", f"{site}/pindah", f"http://{theirs}:{server.port}/feed.xml")
        summary = run(tmp_path / "1.db", setup(server), *starts, shard=Shard(number=1, count=2))
        assert {request.address for request in server.requests} == {ours}
    assert summary.reasons[Reason.BAD_REDIRECT] == 1
    assert "another shard" in (summary.failures[0].detail or "")
    _, scope = resolve(starts, since=None, until=None, today=summary.started_at.date(), shard=Shard(number=1, count=2))
    assert scope.has_host(ours)
    assert not scope.has_host(theirs)


def test_a_robots_txt_that_another_crawlers_host_keeps_is_all_that_is_asked_there(tmp_path: Path) -> None:
    delay = 0.2
    ours = next(host for host in HOSTS if Shard(number=1, count=2).owns(host))
    theirs = next(host for host in HOSTS if Shard(number=2, count=2).owns(host))
    with FaultServer(sites={ours: {}, theirs: {}}) as server:
        site = f"http://{ours}:{server.port}"
        server.sites[ours] = koran(site, 1) | {"/robots.txt": redirect(f"http://{theirs}:{server.port}/robots.txt")}
        server.sites[theirs] = {"/robots.txt": response(b"User-agent: *\nDisallow: /berita/\n")}
        began = time.monotonic()
        with recorded_starts() as starts:
            shard = Shard(number=1, count=2)
            summary = run(tmp_path / "1.db", setup(server, delay_s=delay), f"{site}/feed.xml", shard=shard)
        there = [request for request in server.requests if request.address == theirs]
    assert summary.reasons == {"ok": 1, "robots": 1}
    assert [request.path for request in there] == ["/robots.txt"]
    assert there[0].at - began >= delay, "the other crawler may have asked a moment ago"
    assert_paced(starts, server.requests, delay)
