"""The server: its snapshots, its limits, its end."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import zstandard

from scraper.archive.write import alarms
from scraper.archive.write.alarms import Alarm, HealthCheck
from scraper.errors import ArchiveError
from scraper.serve import app
from scraper.serve.app import ServeOptions, Snapshots, make, renew, serve
from tests.archive.made import EARLY, article, opened
from tests.command import kliping
from tests.serve.conftest import NOW, OTHER, fill, save
from tests.serve.makers import PAGES, assert_harmless

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


def test_a_port_that_is_taken_is_wrong_use(tmp_path: Path) -> None:
    with opened(tmp_path / "a.db"):
        pass
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = kliping("serve", str(tmp_path / "a.db"), "--live", "--port", port)
    assert done.returncode == 64
    assert done.stderr.endswith(f"kliping: --host 127.0.0.1 --port {port}: nobody can listen there\n".encode())


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


def test_an_archive_of_an_older_format_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    path.write_bytes(zstandard.decompress(EARLY.read_bytes()))
    with pytest.raises(ArchiveError, match=r"format 2 is older.*any command that writes brings it up to date"):
        serve(path, ServeOptions(memory_mib=0), on_ready=pytest.fail)


@pytest.mark.parametrize("path", PAGES)
def test_an_empty_archive_has_all_pages(tmp_path: Path, path: str) -> None:
    with opened(tmp_path / "empty.db"):
        pass

    async def run() -> None:
        served = make(tmp_path / "empty.db", taken_at=NOW)
        await served.invoke_startup()
        answer = await served.client.get(path)
        assert answer.status_code == (404 if "contoh" in path or path in ("/authors/1", "/kliping/articles/1") else 200)
        assert_harmless(answer.text)

    asyncio.run(run())


def test_a_paper_that_has_gone_quiet_is_named_once_it_was_checked(tmp_path: Path) -> None:
    path = tmp_path / "kliping.db"
    fill(path)

    async def front() -> tuple[Any, str]:
        served = make(path, taken_at=NOW)
        await served.invoke_startup()
        return json.loads((await served.client.get("/overview.json")).text), (await served.client.get("/")).text

    found, text = asyncio.run(front())
    assert found["checked_at"] is None
    assert "Not checked yet" in text
    silence = Alarm(
        scope="site", name=OTHER.slug, kind="discovered", level="alarm", opened_at=NOW, last_seen_at=NOW, days=7, cases=7,
        expected=21.0, observed=0.0, chance=1e-9, detail="no new article in 7 days, 21 were to be expected",
    )  # fmt: skip
    check = HealthCheck(at=NOW, scope="site", name=OTHER.slug, level="alarm")
    with opened(path) as db:
        alarms.save_health(db, [check], [silence], [], at=NOW)
    found, text = asyncio.run(front())
    assert found["checked_at"] == "2026-03-01T12:00:00Z"
    assert "no new article in 7 days" in text
    assert f'<a href="/sites/{OTHER.slug}">' in text
    assert "last checked on" in text


def test_its_memory_is_bounded_and_a_signal_ends_it_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "kliping.db"
    fill(path)
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    command = [sys.executable, "-m", "scraper", "serve", str(path), "--port", "0", "--sql", "--memory", "1024"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr is not None
            address = re.search(r"http://127\.0\.0\.1:\d+", process.stderr.readline())
            assert address is not None
            with httpx.Client(base_url=address[0], timeout=30) as client:
                wanting = f"select {', '.join(['hex(zeroblob(15000000))'] * 50)}"  # 1.5 GB at once, in values that are allowed
                assert client.get("/kliping.json", params={"sql": wanting}).status_code in (400, 500)
                assert client.get("/kliping.json", params={"sql": "select 1 as one"}).json()["rows"] == [[1]]
                assert client.get("/").status_code == 200
            assert resource.prlimit(process.pid, resource.RLIMIT_AS) == (1 << 30, 1 << 30)
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=60)
        finally:
            process.kill()  # whatever failed above must not be waited for
    assert process.returncode == 143
    assert not list(tmp_path.glob("kliping-serve-*"))


def test_an_upgrade_of_the_package_does_not_reach_a_server_that_runs(
    archive_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    templates = Path(shutil.copytree(app._TEMPLATES, tmp_path / "templates"))
    monkeypatch.setattr(app, "_TEMPLATES", templates)
    served = make(archive_path, taken_at=NOW)
    for file in templates.rglob("*.html"):
        file.write_text("of another version")

    async def shown() -> str:
        await served.invoke_startup()
        return str((await served.client.get("/sites")).text)

    assert "another version" not in asyncio.run(shown())
    served.source.close()
