"""The pictures in docs/img, and the table of what was tried on every page: from the demo's newspaper, crawled twice, the second time with a page
changed, as Chromium shows it.

    python -m tests.serve.screenshots [--keep showcase.db] [--tried]

Each picture has a page three times: on a desk, on a phone, in the dark. --tried makes no pictures, but prints the table of docs/serve.md.
"""

from __future__ import annotations

import argparse
import base64
import dataclasses
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from scraper import __version__
from scraper.archive.file.connection import open_archive
from scraper.crawl import CrawlOptions, crawl
from scraper.demo import Newspaper, newspaper
from scraper.duplicates import update_clusters
from scraper.fetch import FetchSettings, user_agent
from tests.serve.browsing import ARGUMENTS, CHROMIUM, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from scraper.archive.file.library import Archive

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
    with open_archive(path, mode="crawl", min_free_bytes=0) as db:
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
    with open_archive(path) as db:
        (story,) = db.execute("SELECT id FROM articles WHERE url = ?", [f"https://{PAPER}{STORY}"]).fetchall()[0]
    return {
        "front": "/",
        "search": "/search?q=banjir",
        "trends": "/trends?q=sungai&q=sekolah&q=warga&by=year",
        "concordance": "/concordance?q=sungai&sort=right",
        "words": "/words?q=sungai&how=top",
        "article": f"/articles/{story}",
        "diff": f"/articles/{story}/diff/1/2",
        "beside": f"/articles/{story}/diff/1/2?view=beside",
        "site": "/sites/tribun-pontianak",
        "regions": "/regions",
        "copies": "/copies",
        "table": "/kliping/articles",
    }


ALSO = (
    "/names",
    "/spread",
    "/sites",
    "/authors",
    "/authors/1",
    "/regions/61",
    "/changes",
    "/network",
    "/runs",
    "/tables",
    "/questions",
    "/kliping",
    "/kliping/articles/1",
    "/kliping?sql=SELECT+site,+headline+FROM+articles",
    "/kliping/nosuch",
)
# In a page of its own, since ours let nothing in: draws pictures beside each other and gives them as WebP.
_JOIN = """async ([pictures, height, gap, quality]) => {
  const images = await Promise.all(pictures.map(async (data) => { const image = new Image(); image.src = data; await image.decode(); return image; }));
  const widths = images.map((image) => Math.round(image.width * height / image.height));
  const canvas = document.createElement("canvas");
  canvas.width = widths.reduce((sum, width) => sum + width + gap, -gap); canvas.height = height;
  const pen = canvas.getContext("2d"); pen.fillStyle = "#888"; pen.fillRect(0, 0, canvas.width, height); pen.imageSmoothingQuality = "high";
  let x = 0; images.forEach((image, at) => { pen.drawImage(image, x, 0, widths[at], height); x += widths[at] + gap; });
  return canvas.toDataURL("image/webp", quality).split(",")[1];
}"""
WAYS: tuple[dict[str, Any], ...] = (
    {"viewport": {"width": 1000, "height": 760}},
    {"viewport": {"width": 390, "height": 760}, "locale": "id-ID"},
    {"viewport": {"width": 1000, "height": 760}, "color_scheme": "dark"},
)
HEIGHT, GAP, MOST_BYTES = 500, 12, 60_000


def picture(browser: Browser, address: str, name: str, where: str) -> None:
    """Write docs/img/NAME.webp, as good as MOST_BYTES allow."""
    shown = []
    for way in WAYS:
        page = browser.new_page(**({"locale": "en-GB"} | way), base_url=address)
        page.goto(where)
        shown.append("data:image/png;base64," + base64.b64encode(page.screenshot(animations="disabled")).decode())
        page.close()
    blank = browser.new_page()
    for quality in (0.85, 0.75, 0.6, 0.45, 0.3):
        data = base64.b64decode(blank.evaluate(_JOIN, [shown, HEIGHT, GAP, quality]))
        if len(data) <= MOST_BYTES:
            break
    (TO / f"{name}.webp").write_bytes(data)
    blank.close()


def tried(browser: Browser, address: str, where: str) -> str:
    """A line of the table: what axe says (moderate and worse) in both colours, keys, without script, at 320 px and with letters twice as large."""
    barriers = 0
    for scheme in ("light", "dark"):
        page = browser.new_page(locale="en-GB", color_scheme=scheme, base_url=address)
        page.goto(where)
        found = Axe().run(page).response["violations"]
        barriers += sum(each["impact"] in ("moderate", "serious", "critical") for each in found)
        scripts = page.locator("script").count()
        stops = [_stop(page) for _ in range(25)]
        page.close()
    said = []
    for scripted in (True, False):
        page = browser.new_context(locale="en-GB", java_script_enabled=scripted, base_url=address).new_page()
        page.goto(where)
        said.append(page.inner_text("main"))
        page.context.close()
    narrow = browser.new_page(viewport={"width": 320, "height": 700}, base_url=address)
    narrow.goto(where)
    wide = narrow.evaluate("document.documentElement.scrollWidth")
    large = browser.new_page(viewport={"width": 1280, "height": 800}, base_url=address)
    large.goto(where)
    large.evaluate("document.documentElement.style.fontSize = '200%'")
    twice = large.evaluate("document.documentElement.scrollWidth")
    for page in (narrow, large):
        page.close()
    seen = sum(outline == "solid" for _, outline in stops if outline)
    keys = f"{len({element for element, _ in stops})} stops, {'all' if seen == sum(bool(outline) for _, outline in stops) else seen} seen"
    cells = [
        f"`{where}`",
        barriers,
        keys,
        "same text" if said[0] == said[1] and not scripts else "differs",
        wide,
        twice,
    ]
    return " | ".join(["", *map(str, cells), ""]).strip()


def _stop(page: Page) -> tuple[str, str]:
    """The element that the next Tab leads to, and its outline; parts of a date have one of the browser's own."""
    page.keyboard.press("Tab")
    found: tuple[str, str] = page.evaluate(
        "(() => { const a = document.activeElement; return [a.outerHTML.slice(0, 200), a === document.body ? '' : a.type === 'date' ? 'solid' : getComputedStyle(a).outlineStyle]; })()"
    )
    return found[0], found[1]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--keep", type=Path, help="keep the archive here")
    options.add_argument("--tried", action="store_true", help="print what was tried on every page")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        path = chosen.keep or Path(directory) / "kliping.db"
        if not path.exists():
            make_archive(path)
        taken_at = datetime.now(UTC)
        with serving(path, taken_at=taken_at, allow_sql=True) as address, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            for name, where in pages(path).items():
                if not chosen.tried:
                    picture(browser, address, name, where)
            for where in (*pages(path).values(), *ALSO) if chosen.tried else ():
                sys.stdout.write(tried(browser, address, where) + "\n")
                sys.stdout.flush()
            browser.close()


if __name__ == "__main__":
    main()
