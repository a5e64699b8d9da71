"""Reading in processes of its own: what kills one costs one page."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.crawl.readers import Readers
from scraper.errors import ExtractError, Reason
from scraper.extract import extract_capture
from scraper.records import Capture
from scraper.sites import Portal, Site
from scraper.sites.registry import use_sites
from scraper.worker import answer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

TEXT = "Kalimat ini cukup panjang dan berisi kabar yang dibaca orang setiap pagi, termasuk di desa."
PAGE = f"<title>Kabar desa</title><article><h1>Kabar desa</h1>{''.join(f'<p>{n}. {TEXT}</p>' for n in range(8))}</article>".encode()


def page(body: bytes = PAGE) -> Capture:
    url = "https://contoh.id/berita/100001/kabar-desa"
    return Capture(url=url, final_url=url, status=200, fetched_at=datetime(2026, 1, 2, tzinfo=UTC), body=body)


def limits_of(pid: int) -> str:
    return Path(f"/proc/{pid}/limits").read_text("utf-8")


def children() -> set[str]:
    """The pids of this process' children."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split())


def run(job: Callable[[Readers], Awaitable[Any]], **options: Any) -> Any:
    async def inside() -> Any:
        async with Readers(1, **options) as readers:
            return await job(readers)

    return asyncio.run(inside())


def test_a_page_reads_the_same_in_another_process() -> None:
    assert run(lambda readers: readers.article(page())) == extract_capture(page())


def test_an_error_of_the_page_comes_through_with_its_reason() -> None:
    with pytest.raises(ExtractError) as caught:
        run(lambda readers: readers.article(page(b"<title>Beranda</title>")))
    assert caught.value.reason is Reason.NOT_ARTICLE
    assert caught.value.url == page().url


def test_one_process_serves_many_pages() -> None:
    async def job(readers: Readers) -> set[int]:
        seen = set()
        for _ in range(5):
            await readers.article(page())
            seen.add(readers._idle[0].process.pid)
        return seen

    assert len(run(job)) == 1


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_process_that_died_while_it_was_idle_costs_nothing() -> None:
    async def job(readers: Readers) -> str:
        await readers.article(page())
        os.kill(readers._idle[0].process.pid, signal.SIGKILL)
        return (await readers.article(page())).headline

    assert run(job) == "Kabar desa"


@pytest.mark.skipif(
    not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="needs Linux' list of children"
)
def test_a_page_that_kills_a_fresh_process_costs_itself_only() -> None:
    async def job(readers: Readers) -> tuple[ExtractError, str]:
        before = children()
        reading = asyncio.ensure_future(readers.article(page()))
        while not (born := children() - before):  # noqa: ASYNC110  (the kernel tells nobody)
            await asyncio.sleep(0)
        os.kill(int(born.pop()), signal.SIGKILL)
        with pytest.raises(ExtractError) as caught:
            await reading
        return caught.value, (await readers.article(page())).headline

    error, headline = run(job)
    assert error.reason is Reason.EXTRACT_FAILED
    assert headline == "Kabar desa"


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_process_that_hangs_is_killed() -> None:
    async def job(readers: Readers) -> tuple[ExtractError, int]:
        await readers.article(page())
        pid = readers._idle[0].process.pid
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(ExtractError) as caught:
            await readers.article(page())
        return caught.value, pid

    error, pid = run(job, wall_s=2.0)
    assert "no end in 2 s" in error.detail
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@pytest.mark.skipif(not Path("/proc/self/limits").exists(), reason="reads /proc")
def test_a_process_has_its_limits_and_ends_with_its_crawl() -> None:
    async def job(readers: Readers) -> tuple[int, str]:
        await readers.article(page())
        pid = readers._idle[0].process.pid
        return pid, limits_of(pid)

    pid, limits = run(job)
    rows = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert rows["Max address space"] == str(1 << 30)
    assert int(rows["Max cpu time"]) <= 15
    assert rows["Max core file size"] == "0"
    assert not Path(f"/proc/{pid}").exists()


def test_memory_that_runs_out_and_bugs_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def starve(_capture: Capture) -> Any:
        raise MemoryError

    def stumble(_capture: Capture) -> Any:
        raise KeyError("oops")

    monkeypatch.setitem(__import__("scraper.worker", fromlist=["TASKS"]).TASKS, "article", starve)
    kind, value = answer("article", page())
    assert (kind, value[1]) == ("ExtractError", Reason.EXTRACT_FAILED)
    monkeypatch.setitem(__import__("scraper.worker", fromlist=["TASKS"]).TASKS, "article", stumble)
    kind, value = answer("article", page())
    assert kind == "bug"
    assert "oops" in value


def test_a_process_knows_the_site_definitions_of_the_user() -> None:
    portal = Portal(slug="contoh", brand="Contoh", hosts=("contoh.id",))
    use_sites([Site(name="contoh", title="Contoh", portals=(portal,), article_path=re.compile("/berita/"))])
    try:
        assert run(lambda readers: readers.article(page())).site == "contoh"
    finally:
        use_sites([])
