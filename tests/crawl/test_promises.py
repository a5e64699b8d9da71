"""What a crawl promises about its queue, its reading processes and its limits, one promise in each test."""

from __future__ import annotations

import asyncio
import io
import pickle
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper import processes, worker
from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier
from scraper.archive.write.pageresult import PageResult
from scraper.crawl import (
    CrawlOptions,
    announced,
    budget,
    crawl,
    listing,
    page_verdict,
    reach,
    readers,
    rereadshards,
    run,
    targets,
)
from scraper.crawl import page as pages
from scraper.crawl.budget import KINDS, Budget
from scraper.crawl.page_verdict import is_js_shell, reads_as_article, reason_of_article
from scraper.crawl.readers import Readers
from scraper.errors import WorkerError
from scraper.extract import extract_capture
from scraper.reasons import Reason
from scraper.records import Block, Link, Outcome
from scraper.typed import replace
from tests.crawl.makers import PAGE, page, settings
from tests.faultserver import FaultServer, hold, response
from tests.virtualtime import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scraper.crawl import Event


HOST = "https://koran.example"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Any]:
    with open_archive(tmp_path / "b.db", mode="crawl", min_free_bytes=0) as found:
        yield found


def paper(count: int = 3) -> dict[str, Any]:
    items = "".join(
        f"<item><title>Kabar {n}</title><link>/berita/10000{n}/kabar-{n}</link></item>" for n in range(count)
    )
    routes: dict[str, Any] = {
        f"/berita/10000{n}/kabar-{n}": response(PAGE.replace(b"desa", b"desa %d" % n)) for n in range(count)
    }
    return {
        "/feed": response(f"<rss version='2.0'><channel><title>K</title>{items}</channel></rss>".encode()),
        **routes,
    }


def test_a_page_is_on_disk_before_it_is_reported(tmp_path: Path) -> None:
    path, seen = tmp_path / "a.db", list[tuple[str, int]]()

    def look(event: Event) -> None:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as other:
            rows = other.execute(
                "SELECT count(*) FROM fetches AS f JOIN urls AS u ON u.id = f.url_id WHERE u.url = ?",
                [event.outcome.url],
            )
            seen.append((event.outcome.url, rows.fetchone()[0]))

    with FaultServer(paper()) as server, open_archive(path, mode="crawl", min_free_bytes=0) as db:
        options = CrawlOptions(targets=[f"{server.origin}/feed"], version="0")
        crawl(db, settings(server.port), options, on_event=look)
    assert len(seen) == 4
    assert {count for _, count in seen} == {1}


def noted_releases(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The links that are given back, from now on."""
    released: list[int] = []
    release = frontier.release

    def noted(db: Any, url_id: int) -> None:
        released.append(url_id)
        release(db, url_id)

    monkeypatch.setattr(frontier, "release", noted)
    return released


def test_a_link_whose_attempt_is_cancelled_is_free_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the run is over while a server does not answer."""
    monkeypatch.setattr(run, "GRACE_S", 0.05)
    with (
        FaultServer({"/feed": hold}) as server,
        open_archive(tmp_path / "a.db", mode="crawl", min_free_bytes=0) as db,
    ):
        released = noted_releases(monkeypatch)
        options = CrawlOptions(targets=[f"{server.origin}/feed"], version="0", max_minutes=0.005)
        crawl(db, settings(server.port), options, on_event=lambda _event: None)
        assert len(released) == 1, "not only when the run is closed"
        assert db.execute("SELECT leased_by, failures FROM frontier").fetchall() == [(None, 0)]


def test_a_link_that_this_machine_cannot_ask_for_is_not_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_args: object, **_options: object) -> None:
        raise WorkerError("no process")

    monkeypatch.setattr(run, "visit", none)
    released = noted_releases(monkeypatch)
    with FaultServer(paper()) as server, open_archive(tmp_path / "a.db", mode="crawl", min_free_bytes=0) as db:
        options = CrawlOptions(targets=[f"{server.origin}/feed"], version="0")
        summary = crawl(db, settings(server.port), options, on_event=lambda _event: None)
    assert (summary.broken, len(released)) == ("no process", 1)


def test_a_reading_process_is_replaced_and_one_that_has_died_before_costs_no_page(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(readers, "PAGES", 2)

    async def job() -> list[int]:
        async with Readers(1) as reading:
            used = []
            for _ in range(4):
                await reading.article(page())
                used += [each.process.pid for each in reading._idle]
            [process] = reading._idle or [await readers._Process.start()]
            reading._idle[:] = [process]
            process.process.kill()
            assert (await reading.article(page())).headline == "Kabar desa"
        return used

    assert len(set(asyncio.run(job()))) == 2, "each read two pages; the second was given back by nobody"


def test_nobody_waits_for_a_process_whose_page_nobody_waits_for() -> None:
    async def job() -> bool:
        async with Readers(1) as reading:
            await reading.article(page())
            [process] = reading._idle
            task = asyncio.ensure_future(reading.article(page(PAGE * 40)))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return not Path(f"/proc/{process.process.pid}").exists() and reading._idle == []  # noqa: ASYNC240

    assert asyncio.run(job())


def test_a_process_that_has_grown_ends_after_its_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "resource", None)  # this process keeps its own limits
    order = pickle.dumps(("article", page()))
    for resident, answers in ((worker.RECYCLE_BYTES, 2), (worker.RECYCLE_BYTES + 1, 1)):
        monkeypatch.setattr(worker, "_resident", lambda resident=resident: resident)
        sink = io.BytesIO()
        worker.serve_tasks(io.BytesIO((processes.HEAD.pack(len(order)) + order) * 2), sink)
        assert sink.getvalue().count(b"Kabar desa") == answers


def test_the_figures_of_the_docs() -> None:
    assert (processes.CPU_S, processes.LISTING_CPU_S, worker.MEMORY_BYTES, worker.RECYCLE_BYTES) == (
        10,
        60,
        1 << 30,
        320 << 20,
    )
    assert (readers.STALLED_S, readers.TRIES, readers.PAGES, run.MAX_HOSTS) == (60.0, 3, 10_000, 200)
    assert (budget.MAX_NEW_URLS, budget.MAX_SITEMAPS, budget.MAX_HOST_REQUESTS) == (5_000, 500, 5_000)
    assert (listing.MAX_INDEX_PAGES, announced.MAX_NAMED_SITEMAPS, listing.MAX_SITEMAP_DEPTH, listing.MAX_FOLLOWED) == (
        200,
        100,
        3,
        50,
    )
    assert (pages.MAX_REFRESHES, targets.MAX_MOVES, reach.KNOWN, rereadshards.SIZE) == (3, 5, 3, 2_000)


def test_a_long_crawl_delay_gives_its_host_half_an_hour_of_a_run() -> None:
    clock = VirtualClock()
    bounds = Budget(clock=clock)
    assert bounds.reached("a.id", (90.0, 90.0)) == []
    clock.seconds = 1_000
    assert bounds.reached("a.id", (90.0, 90.0)) == []
    clock.seconds = 1_750
    assert bounds.reached("a.id", (90.0, 90.0)) == ["crawl_delay"]
    assert bounds.reached("a.id", (50.0, 50.0)) == []
    assert bounds.kinds(["crawl_delay"]) == ()


def test_a_host_that_has_brought_enough_is_asked_for_articles_only() -> None:
    assert Budget().kinds(["new_urls"]) == ("article",)
    assert set(Budget().kinds(["sitemaps"])) == set(KINDS) - {"sitemap"}
    assert set(Budget(pages=0).kinds([])) == set(KINDS) - {"article"}


def test_what_a_listing_brought_too_much_is_due_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(budget, "MAX_NEW_URLS", 2)
    with FaultServer(paper(5)) as server, open_archive(tmp_path / "a.db", mode="crawl", min_free_bytes=0) as db:
        options = CrawlOptions(targets=[f"{server.origin}/feed"], version="0")
        crawl(db, settings(server.port), options, on_event=lambda _event: None)
        [(at, due)] = db.execute(
            "SELECT (SELECT max(at) FROM fetches WHERE url_id = u.id), f.due_at FROM urls AS u JOIN frontier AS f ON f.url_id = u.id"
            " WHERE u.kind = 'feed'"
        ).fetchall()
        assert db.execute("SELECT count(*) FROM articles").fetchall() == [(2,)]
    assert due == at


def test_what_a_page_is_by_its_words() -> None:
    article = extract_capture(page())
    front = replace(article, url="https://contoh.id/")
    assert reads_as_article(article, "json-ld")
    assert not reads_as_article(front, "json-ld")
    assert not reads_as_article(replace(article, body=article.body[:1], published_at=None, authors=()), None)
    sold = replace(article, access="premium", body=(Block(kind="paragraph", text="kata " * 120),))
    assert reason_of_article(sold) is Reason.PAYWALLED
    assert reason_of_article(replace(sold, body=(Block(kind="paragraph", text="kata " * 200),))) is Reason.OK
    assert reason_of_article(replace(sold, access="free")) is Reason.OK
    frame = b"<body><div id=root></div>%s</body>"
    assert is_js_shell(frame % b"<p>You need to enable JavaScript</p>")
    assert not is_js_shell(frame % (b"<p>kata lain</p>" * 40))
    assert page_verdict._TEASER_WORDS == 150


def test_a_failure_beside_an_answer_of_somebody_else_is_the_paper_s_own(db: Any) -> None:
    now = datetime(2026, 3, 9, tzinfo=UTC)
    frontier.add_links(db, [Link(url=f"{HOST}/a", raw_url=f"{HOST}/a")], due_at=now)
    run_id = frontier.start_run(db, kind="crawl", version="0", arguments="", at=now)
    queued = frontier.lease(db, run_id, host="koran.example", now=now)
    assert queued is not None
    outcome = Outcome(url=queued.url, reason=Reason.CONNECT, at=now)
    failed = PageResult(url_id=queued.url_id, run_id=run_id, outcome=outcome)
    waits = [reach.Reach(answers=answers).note(queued, failed, 0, 1.0) for answers in (0, 1)]
    assert waits == [True, False]


def test_what_a_sitemap_lists_of_the_past_waits_and_further_pages_of_an_article_are_never_left_out(db: Any) -> None:
    now, day = datetime(2026, 3, 9, tzinfo=UTC), timedelta(days=1)
    links = [Link(url=f"{HOST}/a{n}", raw_url=f"{HOST}/a{n}", published_at=now - n * day) for n in (1, 6, 8, 400)]
    frontier.add_links(db, [Link(url=f"{HOST}/map", raw_url=f"{HOST}/map", kind="sitemap")], due_at=now)
    run_id = frontier.start_run(db, kind="crawl", version="0", arguments="", at=now)
    queued = frontier.lease(db, run_id, host="koran.example", now=now)
    assert queued is not None
    assert [listing._is_backlog(each, queued, now) for each in links] == [False, False, True, True]
    assert not listing._is_backlog(links[-1], replace(queued, kind="feed"), now)

    bounds = Budget()
    bounds._found["koran.example"] = budget.MAX_NEW_URLS
    outcome = Outcome(url=queued.url, reason=Reason.OK, at=now, status=200)
    result = PageResult(url_id=queued.url_id, run_id=run_id, outcome=outcome, links=tuple(links))
    assert bounds.bounded(db, queued, result).links == ()
    read = replace(result, article=extract_capture(page()))
    assert bounds.bounded(db, queued, read).links == read.links, "a section that turned out to be an article"
