"""The reader of a crawl's output may go away, and a disk may be full: the crawl does its work, and its exit status says
what was done.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from scraper.archive.file.connection import open_archive
from tests.command import ROOT
from tests.crawl.makers import ARTICLES, routes
from tests.faultserver import FaultServer

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full and a POSIX shell")
# How the output is used by the shell, and the exit status of the crawl.
WAYS = {
    "head": ("{} | head -1 > /dev/null; exit ${{PIPESTATUS[0]}}", 0),
    "stdout_full": ("{} > /dev/full", 74),
    "stderr_full": ("{} 2> /dev/full", 0),
    "stderr_gone": ("{} 2> >(true)", 0),
    "all_closed": ("{} <&- >&- 2>&-", 0),
}


@pytest.mark.parametrize("way", WAYS)
def test_output_that_nobody_takes_ends_no_crawl(tmp_path: Path, way: str) -> None:
    path = tmp_path / "a.db"
    shell, code = WAYS[way]
    with FaultServer() as server:
        server.routes |= routes("127.0.0.1", server.port)
        command = f"{sys.executable} -m scraper crawl {server.origin}/feed.xml --json --delay 0 --archive {path}"
        command += f" --allow-net 127.0.0.1:{server.port}"
        done = subprocess.run(
            ["/usr/bin/env", "bash", "-c", shell.format(command)],
            cwd=ROOT,
            env=os.environ,
            capture_output=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == code, done.stderr
    assert b"Traceback" not in done.stderr + done.stdout
    with open_archive(path) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchall() == [(ARTICLES,)]
        assert db.execute("SELECT exit_code FROM runs").fetchall() == [(0,)]
        assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
