"""Pages are read in separate processes: what kills one of them costs one page."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier
from scraper.crawl import CrawlOptions, crawl, nursery
from scraper.crawl import readers as reading
from scraper.crawl.readers import ReaderBug, Readers
from scraper.errors import ExtractError, Reason
from scraper.extract import extract_capture
from scraper.fetch import FetchSettings
from scraper.sites import Portal, Site
from scraper.sites.registry import use_sites
from scraper.worker import answer
from tests.crawl.makers import PAGE, page
from tests.faultserver import FaultServer, response

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from scraper.records import Capture


FEED = b"<rss version='2.0'><channel><title>K</title><item><title>Kabar desa</title><link>/berita/100001/kabar-desa</link></item></channel></rss>"


def limits_of(pid: int) -> str:
    return Path(f"/proc/{pid}/limits").read_text("utf-8")


def children() -> set[str]:
    """The pids of the reading processes of this one."""
    mother = nursery.running().pid
    return set(Path(f"/proc/{mother}/task/{mother}/children").read_text("ascii").split())


def run(job: Callable[[Readers], Awaitable[Any]], **options: Any) -> Any:
    async def inside() -> Any:
        async with Readers(1, **options) as readers:
            return await job(readers)

    return asyncio.run(inside())


def test_a_page_reads_the_same_in_another_process() -> None:
    assert run(lambda readers: readers.article(page())) == extract_capture(page())


@pytest.mark.parametrize("name", ["scraper.py", "selectolax.py", "scraper/__init__.py"])
def test_what_lies_in_the_current_directory_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    strange = tmp_path / name
    strange.parent.mkdir(exist_ok=True)
    strange.write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    monkeypatch.chdir(tmp_path)
    nursery.end_nursery()
    assert run(lambda readers: readers.article(page())) == extract_capture(page())
    assert not (tmp_path / "ran").exists()


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


needs_proc = pytest.mark.skipif(
    not Path(f"/proc/self/task/{os.getpid()}/children").exists(), reason="needs Linux' list of children"
)


# Reads nothing as long as a file is there; meanwhile it is busy, so that it does not seem to stand still.
_WAITING = """
import os, scraper.worker as worker
def article(capture, read=worker.TASKS["article"]):
    while os.path.exists({path!r}):
        pass
    return read(capture)
worker.TASKS["article"] = article
worker.main()
"""


@pytest.fixture
def storm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file: as long as it is there, no article is read to its end."""
    path = tmp_path / "storm"
    path.touch()
    monkeypatch.setattr(nursery, "COMMAND", ("-P", "-c", _WAITING.format(path=str(path))))
    return path


def is_ready(pid: str) -> bool:
    """Whether a child has written anything: first it says that it is ready."""
    try:
        return int(Path(f"/proc/{pid}/io").read_text("ascii").split("wchar: ")[1].split()[0]) >= 4
    except OSError:
        return False


async def each_child(times: int, number: int, storm: Path) -> list[int]:
    """Send a signal to each of the next children, as soon as it is ready to read; then the storm is over. Their pids."""
    done: list[int] = []
    seen = children()
    while len(done) < times:
        for pid in children() - seen:
            if is_ready(pid):
                os.kill(int(pid), number)
                seen.add(pid)
                done.append(int(pid))
        await asyncio.sleep(0.001)
    os.unlink(storm)  # noqa: PTH108  (of a moment)
    return done


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_a_process_that_is_ended_or_stopped_once_costs_nothing(storm: Path, number: int) -> None:
    async def job(readers: Readers) -> str:
        blow = asyncio.ensure_future(each_child(1, number, storm))
        reading = asyncio.ensure_future(readers.article(page()))
        await blow
        return (await reading).headline

    assert run(job, stalled_s=0.5) == "Kabar desa"


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_page_is_not_judged_by_what_is_done_to_its_readers(storm: Path, number: int) -> None:
    async def job(readers: Readers) -> str:
        blows = asyncio.ensure_future(each_child(3, number, storm))
        reading = asyncio.ensure_future(readers.article(page()))
        pids = await blows
        with pytest.raises(ReaderBug):
            await reading
        assert not {str(pid) for pid in pids} & children()
        return (await readers.article(page())).headline

    assert run(job, stalled_s=0.5) == "Kabar desa"


@needs_proc
def test_a_page_that_crashes_every_reader_is_judged_and_costs_itself_only(storm: Path) -> None:
    async def job(readers: Readers) -> tuple[ExtractError, str]:
        blows = asyncio.ensure_future(each_child(2, signal.SIGSEGV, storm))
        reading = asyncio.ensure_future(readers.article(page()))
        await blows
        with pytest.raises(ExtractError) as caught:
            await reading
        return caught.value, (await readers.article(page())).headline

    error, headline = run(job)
    assert error.reason is Reason.EXTRACT_FAILED
    assert headline == "Kabar desa"


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_what_is_done_to_the_nursery_costs_nothing(number: int) -> None:
    """What it has made reads on; the next process has another nursery."""

    async def job() -> None:
        async with Readers(2, stalled_s=0.5) as readers:
            await readers.article(page())
            mother, pid = nursery.running(), readers._idle[0].process.pid
            os.kill(mother.pid, number)
            found = await asyncio.gather(*(readers.article(page()) for _ in range(2)))
            assert [article.headline for article in found] == ["Kabar desa"] * 2
            assert pid in {each.process.pid for each in readers._idle}
            assert nursery.running() is not mother

    asyncio.run(job())


@needs_proc
def test_a_process_that_hangs_is_ended_by_its_cpu_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own limit ends it; where that does not hold, the crawl does."""
    slow = "import scraper.worker as w; w.CPU_S = {}; w.TASKS['article'] = lambda capture: [None for _ in iter(int, 1)]; w.main()"
    for limit in (0, 600):
        monkeypatch.setattr(nursery, "COMMAND", ("-c", slow.format(limit)))
        monkeypatch.setattr(reading, "CPU_S", 0 if limit else 1)
        with pytest.raises(ExtractError, match=r"no end in \d s of CPU"):
            run(lambda readers: readers.article(page()))


def test_readers_that_cannot_start_end_the_run_by_name_and_the_next_one_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.db"
    with FaultServer({"/feed.xml": response(FEED), "/berita/100001/kabar-desa": response(PAGE)}) as server:
        setup = FetchSettings(user_agent="kliping-test/0", delay_s=0.0, allow_net=server.allowed)
        options = CrawlOptions(targets=[f"{server.origin}/feed.xml"], version="0")
        for command in (("-c", "import sys; sys.exit(7)"), None):
            with monkeypatch.context() as patch, open_archive(path, mode="crawl", min_free_bytes=0) as db:
                if command is not None:
                    patch.setattr(nursery, "COMMAND", command)
                summary = crawl(db, setup, options, on_event=lambda _event: None)
                left = frontier.leased_count(db)
                failed = db.execute("SELECT reason, detail FROM fetches WHERE reason <> 'ok'").fetchall()
            assert (left, failed) == (0, [])
            assert summary.exit_code == (71 if command else 0)
            assert ("cannot be started: it ended with 7" in (summary.broken or "")) == (command is not None)


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
