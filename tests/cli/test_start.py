"""Which modules the commands that a person waits for load before they answer: they are counted, nothing is timed."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.archive.made import article, opened, save

if TYPE_CHECKING:
    from pathlib import Path

# Runs a command, then says on stderr what has been loaded for it.
LOADED = """
import atexit, json, sys
atexit.register(lambda: sys.stderr.write("\\n" + json.dumps(sorted(sys.modules))))
from scraper.cli import main
main()
"""
# The reader, the crawler, the catalogue of sites, and libraries that each take longer than the command itself.
FOR_OTHERS = {"scraper.extract.assemble", "scraper.crawl.run", "scraper.fetch.client", "scraper.sites.registry", "scraper.language.pack"}  # fmt: skip
FOR_OTHERS |= {"sqlite_utils"}
FOR_OTHERS |= {"httpx", "rich", "selectolax", "asyncio", "multiprocessing", "pandas", "numpy", "datasette"}


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("start") / "a.db"
    with opened(path) as db:
        save(db, article("Jembatan di Ketapang dibuka pagi ini."))
    return path


@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        (["--version"], 140),
        (["--help"], 145),
        (["search", "jembatan", "--exact"], 190),
        (["search", "jembatan"], 260),  # with the stemmer of Sastrawi, a module for each of its rules
        (["show", "1"], 235),
        (["sites"], 210),
    ],
)
def test_a_command_loads_what_it_needs(stored: Path, arguments: list[str], most: int) -> None:
    is_of_sites = arguments[0] == "sites"
    where = [] if arguments[0].startswith("--") or is_of_sites else ["--archive", str(stored)]
    command = [sys.executable, "-c", LOADED, *arguments, *where]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout
    loaded = json.loads(done.stderr.splitlines()[-1])
    needed = {"sites": {"scraper.sites.registry"}, "--version": {"selectolax"}}  # which tells how pages are read
    assert FOR_OTHERS & set(loaded) <= needed.get(arguments[0], set())
    assert len(loaded) <= most
