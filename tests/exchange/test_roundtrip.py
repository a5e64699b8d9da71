"""Archive → WARC + JSONL → archive: every article comes back with all its versions, whatever was seen in whatever
order.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scraper.archive.file.connection import open_archive
from scraper.archive.write import frontier
from scraper.crawl.readers import Readers
from tests.exchange.conftest import PLAIN, keep, plain_capture
from tests.exchange.made import content, made, taken

pytest.importorskip("fastwarc")
from scraper.exchange.warcimport import import_warc

TEXTS = (
    "",
    "Wali kota hadir.",
    "Wali kota dan bupati hadir di tepi sungai.",
    "Jembatan itu ditutup lagi karena retak.",
)
# Which article is looked at, which of its texts is there (None: "not modified"), where, and how many hours after the visit before.
VISITS = st.lists(
    st.tuples(st.integers(0, 4), st.none() | st.integers(0, 3), st.sampled_from(("", "", "/amp")), st.integers(1, 200)),
    min_size=12,
    max_size=24,
)


async def kept(path: Path, visits: list[tuple[int, int | None, str, int]]) -> None:
    now, seen = datetime(2026, 3, 1, 6, tzinfo=UTC), set[str]()
    async with Readers(1) as readers:
        with open_archive(path, mode="crawl", min_free_bytes=0) as db:
            run = frontier.start_run(db, kind="crawl", version="0", arguments="", at=now)
            for number, text, place, hours in visits:
                now += timedelta(hours=hours)
                url = PLAIN.format(number=number) + place
                if text is not None:
                    await keep(db, readers, run, plain_capture(number, TEXTS[text], at=now, url=url))
                    seen.add(url)
                elif url in seen:
                    await keep(db, readers, run, None, url=url, at=now)
            frontier.finish_run(db, run, at=now, exit_code=0)


def lines(path: Path, target: Path) -> list[dict[str, Any]]:
    made(path, "jsonl", target)
    found = [json.loads(line) for line in target.read_bytes().splitlines()]
    return sorted(
        ({**line, "article_id": 0, "captures": len(line["captures"])} for line in found), key=lambda line: line["url"]
    )


@settings(max_examples=3, suppress_health_check=list(HealthCheck))
@given(VISITS)
def test_every_article_and_every_version_comes_back(visits: list[tuple[int, int | None, str, int]]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        here = Path(directory)
        asyncio.run(kept(here / "a.db", visits))
        made(here / "a.db", "warc", here / "w")
        taken(here / "b.db", import_warc, here / "w")
        assert content(here / "b.db") == content(here / "a.db")
        assert lines(here / "b.db", here / "b.jsonl") == lines(here / "a.db", here / "a.jsonl")
