"""Reading a page given by hand has the limits of a crawl: `kliping extract`, `fixture`, scraper.extract(limits=True)."""

from __future__ import annotations

import asyncio
import gzip
import subprocess
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import scraper
from scraper import alone
from scraper.cli import cli
from scraper.crawl import nursery
from scraper.errors import ExtractError, Reason
from scraper.extract import explain
from scraper.processes import Given
from tests.faultserver import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

URL = "https://kabar.example/2024/05/06/panen-kopi"
# Takes the reader a minute and more, though its bytes say nothing: one process's CPU limit ends it.
HANGS = 'import scraper.worker as w\nw.TASKS["given"] = w.TASKS["explained"] = w.TASKS["article"] = lambda _: [None for _ in iter(int, 1)]\nw.main()'
EATS = 'import scraper.worker as w\nw.TASKS["given"] = lambda _: len(bytearray(3 << 30))\nw.main()'


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    alone.end_reader()
    yield
    alone.end_reader()


def reading(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Reading processes do this instead of what they should, with a CPU limit of a second."""
    limited = code.replace("\n", "\nw.CPU_S = 0\n", 1)
    monkeypatch.setattr(nursery, "COMMAND", ("-P", "-c", limited))


def test_the_record_is_that_of_extract_with_and_without_limits() -> None:
    given: dict[str, Any] = {"url": URL, "fetched_at": datetime(2024, 5, 7, tzinfo=UTC), "charset": "utf-8"}
    assert scraper.extract(PAGE, **given, limits=True) == scraper.extract(PAGE, **given)
    assert scraper.extract(PAGE.decode(), limits=True) == scraper.extract(PAGE.decode())
    assert alone.explain_alone(Given(html=PAGE, url=URL)) == explain(PAGE, url=URL)
    assert str(alone.explain_alone(Given(html=b"<p>x", url=URL)).refusal) == str(explain(b"<p>x", url=URL).refusal)


def test_also_where_an_event_loop_runs_already() -> None:
    async def in_a_notebook() -> str:
        return scraper.extract(PAGE, limits=True).headline

    assert asyncio.run(in_a_notebook()) == "Judul berita uji"


def test_a_moment_that_is_none_is_an_error_before_anything_is_started() -> None:
    with pytest.raises(ValueError, match="zone"):
        scraper.extract(PAGE, fetched_at=datetime(2024, 5, 7), limits=True)


@pytest.mark.parametrize(("code", "detail"), [(HANGS, "CPU"), (EATS, "MemoryError")], ids=["hangs", "eats memory"])
def test_a_page_that_takes_too_much_is_named_and_the_next_one_is_read(
    monkeypatch: pytest.MonkeyPatch, code: str, detail: str
) -> None:
    with monkeypatch.context() as changed:
        reading(changed, code)
        with pytest.raises(ExtractError) as caught:
            scraper.extract(PAGE, url=URL, limits=True)
    assert (caught.value.reason, caught.value.url) == (Reason.EXTRACT_FAILED, URL)
    assert detail in str(caught.value)
    alone.end_reader()
    assert scraper.extract(PAGE, limits=True).headline


@pytest.mark.parametrize("arguments", [["extract"], ["extract", "--explain"], ["fixture", "add", "--url", URL]])
def test_commands_that_are_given_a_page_end_within_the_limits(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str]
) -> None:
    reading(monkeypatch, HANGS)
    page = tmp_path / "page.html"
    page.write_bytes(PAGE)
    fixtures = ["--fixtures", str(tmp_path / "fixtures")] if arguments[0] == "fixture" else []
    done = CliRunner().invoke(cli, [*arguments, *fixtures, str(page)])
    assert "extract_failed" in done.output
    assert done.exit_code == (0 if fixtures else 3)


def test_a_few_bytes_that_unpack_to_millions_of_open_elements_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "page.html.gz"
    file.write_bytes(gzip.compress(b"<center>" * 500_000))
    assert file.stat().st_size < 20_000
    done = CliRunner().invoke(cli, ["extract", str(file)])
    assert (done.exit_code, "left open" in done.output) == (3, True), done.output


def test_the_reader_works_where_the_system_has_no_limits_to_set(tmp_path: Path) -> None:
    """As on Windows: nothing of it may be needed for an import, and pages are read all the same, by processes started each."""
    page = tmp_path / "page.html"
    page.write_bytes(PAGE)
    hidden = "import os, sys; sys.modules['resource'] = None; del os.fork\n"
    for code in (
        f"{hidden}import scraper.cli as c; sys.argv = ['kliping', '--version']; c.main()",
        f"{hidden}import scraper.serve.app, scraper.exchange.shards",
        f"{hidden}from scraper.crawl import nursery as n\nn.COMMAND = ('-P', '-c', {(hidden + 'import scraper.worker as w; w.main()')!r})\n"
        f"import scraper; print(scraper.extract(open({str(page)!r}, 'rb').read(), limits=True).headline)",
    ):
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "Judul berita uji"
