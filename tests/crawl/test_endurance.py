"""A crawl left alone: traps, a full disk, a clock that jumps, a day of faults, two hundred papers at once.

KLIPING_TEST_RUNS=200 runs the day of faults at two hundred times instead of six.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier
from scraper.crawl import CrawlOptions, Event, crawl, listing
from scraper.errors import ArchiveError, ArchiveFull
from tests.command import ROOT
from tests.crawl.makers import children, koran, query, run, setup, sockets
from tests.faults import CLOSES, RESET
from tests.faultserver import PAGE, FaultServer, Request, response
from tests.pacing import assert_paced, recorded_starts
from tests.virtualtime import ShiftedClock

if TYPE_CHECKING:
    import asyncio

    from tests.faultserver import Answer

RUNS = int(os.environ.get("KLIPING_TEST_RUNS", "6"))


def test_a_calendar_without_end_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def calendar(request: Request, writer: asyncio.StreamWriter) -> None:
        number = int(request.path.rpartition("-")[2]) if request.path.startswith("/agenda/hari-") else 0
        if request.path.startswith("/berita/"):
            writer.write(response())
            return
        writer.write(
            response(
                f"<a href='/berita/{200_000 + number}/acara-desa-hari-itu'>Acara desa hari ke-{number}</a>"
                f"<a rel=next href='/agenda/hari-{number + 1}'>Selanjutnya</a>".encode()
            )
        )

    monkeypatch.setattr(listing, "MAX_INDEX_PAGES", 12)
    with FaultServer({"*": calendar, "/robots.txt": response(b"", status="404 No")}) as server:
        summary = run(tmp_path / "a.db", setup(server), f"{server.origin}/agenda/hari-0")
        assert summary.kinds == {"index": 13, "article": 13}
        assert [*summary.cut.values()] == ["no page of this list after page 13 is read; more may be there"]
        monkeypatch.setattr(listing, "MAX_INDEX_PAGES", 10_000)
        cut = run(tmp_path / "b.db", setup(server), f"{server.origin}/agenda/hari-0", max_host_requests=20)
        assert cut.reasons.total() == 20
        assert cut.limits == {"127.0.0.1": ("max_host_requests",)}


def test_a_random_link_on_every_page_does_not_keep_a_walk_going(tmp_path: Path) -> None:
    """Three pages of news; behind them the last one again, or nothing, each with another advertisement, for ever."""

    def listing(number: int, stories: range) -> bytes:
        links = [f"/berita/{100_000 + story}/kabar-desa-nomor-{story}" for story in stories]
        links.append(f"/berita/{900_000 + number}/promo-akhir-pekan-{number}")
        items = "".join(f"<li><a href='{link}'>Kabar dari desa dengan nomor {link[-6:]}</a></li>" for link in links)
        return response(f"<ul>{items}</ul><a rel=next href='?page={number + 1}'>Selanjutnya</a>".encode())

    async def repeating(request: Request, writer: asyncio.StreamWriter) -> None:
        number = int(request.path.rpartition("page=")[2] or 1) if "page=" in request.path else 1
        first = min(number, 3) * 10
        is_past = number > 3 and request.path.startswith("/kosong")
        writer.write(
            response()
            if request.path.startswith("/berita/")
            else listing(number, range(0) if is_past else range(first, first + 10))
        )

    for section in ("ulang", "kosong"):
        with FaultServer({"*": repeating, "/robots.txt": response(b"", status="404 No")}) as server:
            path = tmp_path / f"{section}.db"
            first = run(path, setup(server), f"{server.origin}/{section}/")
            assert first.kinds["article"] == 34
            assert first.kinds["index"] == 4
            again = run(path, setup(server), f"{server.origin}/{section}/", again=True)
            assert again.kinds["index"] <= 6


def test_a_full_disk_ends_the_crawl_and_the_next_one_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with FaultServer() as server:
        server.routes |= koran(server.origin, 60)
        start = f"{server.origin}/feed.xml"

        def asked_for_what_landed() -> dict[str, int]:
            urls = query(path, "SELECT url FROM articles")
            return {name: server.asked[name] for name in (url.removeprefix(server.origin) for (url,) in urls)}

        with pytest.raises(ArchiveFull):
            run(path, setup(server), start, pragma="max_page_count = 120")
        landed = asked_for_what_landed()
        assert 0 < len(landed) < 60
        command = [sys.executable, "-m", "scraper", "crawl", start, "--delay", "0", "--archive", str(path)]
        command += ["--allow-net", f"127.0.0.1:{server.port}"]
        limit = path.stat().st_size + 200_000
        full = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
        )
        assert full.returncode == 74, full.stderr
        assert full.stderr.count(b"\n") <= 3
        assert b"Traceback" not in full.stderr
        assert query(path, "PRAGMA integrity_check") == [("ok",)]
        landed = landed | asked_for_what_landed()
        with pytest.raises(ArchiveError, match="readonly"):
            run(path, setup(server), start, pragma="query_only = ON")
        run(path, setup(server), start)
        assert query(path, "SELECT count(*) FROM articles") == [(60,)]
        assert all(server.asked[name] == count for name, count in landed.items()), (
            "what has landed is not asked for again"
        )


def test_a_clock_that_jumps_loses_and_repeats_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    # A day on, years on, and then before the start, where nothing is due and the run ends; the next ones go on.
    jumps = [timedelta(0), timedelta(days=1), timedelta(days=9_000), timedelta(days=-1)]

    clock = ShiftedClock()
    with FaultServer() as server:
        server.routes |= koran(server.origin, 30)

        def jump(event: Event) -> None:
            seen.append(event)
            clock.offset = jumps[min(len(seen) // 5, len(jumps) - 1)]

        seen: list[Event] = []
        for _ in range(2):
            with open_archive(path, mode="crawl", min_free_bytes=0) as db:
                options = CrawlOptions(targets=[f"{server.origin}/feed.xml"], version="0")
                crawl(db, setup(server), options, on_event=jump, clock=clock)
            clock.offset, jumps = timedelta(0), [timedelta(0)]
        articles = [count for name, count in server.asked.items() if name.startswith("/berita/")]
    assert len(articles) == 30
    assert max(articles) <= 3, "what years on was due again is asked for once"
    assert query(path, "SELECT count(*) FROM articles") == [(30,)]
    farthest = datetime.fromisoformat(query(path, "SELECT max(due_at) FROM frontier")[0][0])
    with open_archive(path, mode="crawl", min_free_bytes=0) as db:
        frontier.start_run(db, kind="crawl", version="0", arguments="", at=datetime.now(UTC))
    after = datetime.fromisoformat(query(path, "SELECT max(due_at) FROM frontier")[0][0])
    assert after <= min(farthest, datetime.now(UTC) + timedelta(days=61))


def test_a_day_of_faults_leaves_nothing_open_and_nothing_out(tmp_path: Path) -> None:
    """Every two hours or so a crawl; a fifth of the answers are faults; articles change and new ones appear."""
    path = tmp_path / "a.db"
    chance = random.Random(20)
    bad = (
        response(b"", status="500 Oops"),
        response(PAGE, length=len(PAGE) + 9),
        response(b"", status="404 No"),
        b"not http\r\n\r\n",
        RESET,
        CLOSES,
    )

    clock = ShiftedClock()
    hosts = [f"127.4.0.{number + 1}" for number in range(6)]
    sizes: list[tuple[int, int, int]] = []
    with FaultServer(sites={host: {} for host in hosts}) as server:

        async def anything(request: Request, writer: asyncio.StreamWriter) -> None:
            answer: Answer
            if chance.random() < 0.2:
                answer = chance.choice(bad)
            elif request.path == "/robots.txt":
                answer = response(b"User-agent: *\nDisallow: /rahasia\n")
            elif request.path == "/feed.xml":
                newest = 5 + 3 * int(clock.offset / timedelta(hours=2))
                answer = koran(f"http://{request.address}:{server.port}", newest)["/feed.xml"]
            else:
                answer = response(PAGE.replace(b"uji", f"{request.path} {chance.randrange(3)}".encode()))
            if isinstance(answer, bytes):
                writer.write(answer)
            else:
                await answer(request, writer)

        server.sites |= {host: {"*": anything} for host in hosts}
        starts = [f"http://{host}:{server.port}/feed.xml" for host in hosts]
        before, started = sockets(), children()
        attempts = 0
        for number in range(RUNS):
            clock.offset = timedelta(hours=24 / RUNS) * number
            attempts += run(path, setup(server), *starts, clock=clock).reasons.total()
            wal = path.with_name("a.db-wal")
            resident = int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
            sizes.append((len(sockets() - before), wal.stat().st_size if wal.exists() else 0, resident))
            assert children() == started
    assert max(open_ for open_, _, _ in sizes) == 0
    assert max(size for _, size, _ in sizes) == 0
    assert sizes[-1][2] - sizes[RUNS // 2][2] < 30 << 20
    counts = query(
        path,
        "SELECT count(*), sum(q.url_id IS NOT NULL), sum(q.url_id IS NULL AND l.reason IN ('ok', 'unchanged')),"
        " sum(q.url_id IS NULL AND l.reason NOT IN ('ok', 'unchanged')), sum(q.leased_by IS NOT NULL)"
        " FROM urls AS u LEFT JOIN frontier AS q ON q.url_id = u.id"
        " LEFT JOIN fetches AS l ON l.id = (SELECT max(id) FROM fetches WHERE url_id = u.id)",
    )
    discovered, queued, done, failed, leased = counts[0]
    assert discovered == queued + done + failed
    assert leased in (0, None)
    assert query(path, "SELECT count(*) FROM fetches") == [(attempts,)]
    assert query(path, "SELECT count(*) FROM runs WHERE exit_code IS NULL") == [(0,)]
    assert {reason for (reason,) in query(path, "SELECT DISTINCT reason FROM fetches")} >= {
        "ok",
        "server_error",
        "reset",
    }
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


def test_two_hundred_papers_are_each_asked_in_their_own_pace(tmp_path: Path) -> None:
    delay = 0.6
    hosts = [f"127.5.{number // 100}.{number % 100 + 1}" for number in range(200)]
    with FaultServer(sites={host: {} for host in hosts}) as server:
        for host in hosts:
            server.sites[host] = koran(f"http://{host}:{server.port}", 1)
        feeds = [f"http://{host}:{server.port}/feed.xml" for host in hosts]
        with recorded_starts() as starts:
            summary = run(tmp_path / "a.db", setup(server, delay_s=delay), *feeds)
    assert summary.reasons == Counter({"ok": 400})
    assert Counter(request.address for request in server.requests) == dict.fromkeys(hosts, 4)
    assert_paced(starts, server.requests, delay)
