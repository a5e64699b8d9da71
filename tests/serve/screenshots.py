"""The pictures in docs/img: crawls the demo's newspaper twice, the second time with a page changed, and looks at the result in Chromium.

python -m tests.serve.screenshots [--keep showcase.db]
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from playwright.sync_api import sync_playwright

from scraper import __version__, archive
from scraper.crawl import CrawlOptions, crawl
from scraper.demo import Newspaper, newspaper
from scraper.duplicates import update_clusters
from scraper.fetch import FetchSettings, user_agent
from tests.serve.browsing import ARGUMENTS, CHROMIUM, serving

if TYPE_CHECKING:
    from scraper.archive import Archive

TO = Path(__file__).parents[2] / "docs" / "img"
PAPER, SISTER = "pontianak.tribunnews.com", "solo.tribunnews.com"
STORY = "/2019/10/07/air-sungai-naik-warga-tiga-desa-mengungsi-ke-balai-pertemuan"
CHANGES = (
    (b"Sedikitnya 214 kepala keluarga", b"Sedikitnya 287 kepala keluarga"),
    (b"naik hampir dua meter", b"naik lebih dari dua meter"),
    (b"mendirikan dua dapur umum", b"mendirikan tiga dapur umum dan satu posko kesehatan"),
    (b"Warga Tiga Desa Mengungsi ke Balai Pertemuan</h1>", b"Warga Empat Desa Mengungsi ke Balai Pertemuan</h1>"),
)
DAYS = (date(2019, 10, 1), date(2019, 10, 31))


def make_archive(path: Path) -> None:
    """The demo's newspaper, all papers of it, with a story that a sister paper took over and that was changed afterwards."""
    paper = newspaper()
    story = paper.routes[PAPER, STORY]
    paper.routes[SISTER, STORY] = dataclasses.replace(story, body=story.body.replace(PAPER.encode(), SISTER.encode()))
    with archive.open_archive(path, mode="crawl", min_free_bytes=0) as db:
        _crawl(
            db, paper, CrawlOptions(targets=("tribun-pontianak",), version=__version__, since=DAYS[0], until=DAYS[1])
        )
        pages = tuple(f"https://{host}{target}" for host, target in paper.routes if target.count("/") > 1)
        _crawl(db, paper, CrawlOptions(targets=pages, version=__version__))
        changed = story.body
        for before, after in CHANGES:
            assert before in changed, before
            changed = changed.replace(before, after)
        paper.routes[PAPER, STORY] = dataclasses.replace(story, body=changed)
        _crawl(db, paper, CrawlOptions(targets=(f"https://{PAPER}{STORY}",), version=__version__, again=True))
        update_clusters(db, now=datetime.now(UTC))


def _crawl(db: Archive, paper: Newspaper, options: CrawlOptions) -> None:
    with paper:
        origin = f"http://127.0.0.1:{paper.port}"
        settings = FetchSettings(
            user_agent=user_agent(__version__, "demo"),
            delay_s=0.0,
            allow_net=frozenset({("127.0.0.1", paper.port)}),
            replay={f"https://{host}": origin for host in paper.hosts},
        )
        crawl(db, settings, options, on_event=lambda _event: None)


def pages(path: Path) -> dict[str, str]:
    """What is pictured: addresses by the names of the pictures."""
    with archive.open_archive(path) as db:
        (story,) = db.execute("SELECT id FROM articles WHERE url = ?", [f"https://{PAPER}{STORY}"]).fetchall()[0]
    return {
        "front": "/",
        "search": "/search?q=banjir",
        "article": f"/articles/{story}",
        "diff": f"/articles/{story}/diff/1/2",
        "site": "/sites/tribun-pontianak",
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--keep", type=Path, help="keep the archive here")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = chosen.keep or Path(directory) / "kliping.db"
        make_archive(path)
        with serving(path, taken_at=datetime.now(UTC)) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            page = browser.new_page(locale="en-GB", viewport={"width": 1000, "height": 760}, base_url=address)
            for name, where in pages(path).items():
                page.goto(where)
                page.screenshot(path=TO / f"{name}.png", animations="disabled")
            browser.close()


if __name__ == "__main__":
    main()
