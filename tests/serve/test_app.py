"""The server: its snapshots, its limits, its end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from scraper.errors import ArchiveError
from scraper.serve.app import ServeOptions, Snapshots, make, renew, serve
from tests.archive.test_archive import article, opened
from tests.serve.conftest import NOW, OTHER, fill, save

if TYPE_CHECKING:
    from pathlib import Path

NEW = "https://kabar.contoh.com/baru"


def test_a_new_snapshot_shows_what_was_written_since(tmp_path: Path) -> None:
    path = tmp_path / "kliping.db"
    fill(path)
    snapshots = Snapshots(path, tmp_path)

    async def run() -> None:
        first, taken_at = snapshots.take()
        served = make(first, taken_at=taken_at)
        await served.invoke_startup()
        assert '"articles": 4' in (await served.client.get("/overview.json")).text
        with opened(path) as db:  # a crawl goes on
            save(db, article(url=NEW, site=OTHER.slug, published_at=NOW), b"<p>baru</p>", url=NEW, site=OTHER, at=NOW)
        assert '"articles": 4' in (await served.client.get("/overview.json")).text
        await renew(served, snapshots)
        assert '"articles": 5' in (await served.client.get("/overview.json")).text
        assert "5" in (await served.client.get("/search")).text
        assert not first.exists()

    asyncio.run(run())


def test_the_live_archive_shows_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "kliping.db"
    fill(path)

    async def run() -> None:
        served = make(path, taken_at=None)
        await served.invoke_startup()
        with opened(path) as db:
            save(db, article(url=NEW, site=OTHER.slug, published_at=NOW), b"<p>baru</p>", url=NEW, site=OTHER, at=NOW)
            assert (
                "Jembatan baru" in (await served.client.get("/search?q=jembatan")).text
            )  # while the crawl holds it open

    asyncio.run(run())


def test_no_archive_is_said_before_anything_is_served(tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(ArchiveError, match="no archive"):
        serve(tmp_path / "none.db", ServeOptions(memory_mib=0), on_ready=said.append)
    assert not said


def test_a_signal_ends_it_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "kliping.db"
    fill(path)
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "scraper", "serve", str(path), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        assert "http://127.0.0.1" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    assert process.returncode == 143
    assert not list(tmp_path.glob("kliping-serve-*"))
