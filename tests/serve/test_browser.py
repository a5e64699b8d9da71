"""The pages in a real browser: read, searched, compared, with the keyboard alone and on a phone; nothing leaves this machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from tests.serve.browsing import ARGUMENTS, CHROMIUM, PATIENCE_S, serving
from tests.serve.conftest import COPY, FIRST, HOSTILE, NOW, SECOND

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium is installed here (Debian: apt-get install chromium)"
)
SERIOUS = {"moderate", "serious", "critical"}
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 40[04]")


@pytest.fixture(scope="module")
def address(archive_path: Path) -> Iterator[str]:
    with serving(archive_path, taken_at=NOW, allow_sql=True) as found:
        yield found


@pytest.fixture(scope="module")  # its driver keeps an event loop running, which other tests must not find
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A page at desk or phone width whose console stays silent and that asks this server only."""
    options: dict[str, Any] = {"locale": "en-GB", "viewport": {"width": 1200, "height": 900}} | getattr(
        request, "param", {}
    )
    context = browser.new_context(**options, base_url=address)
    context.set_default_timeout(PATIENCE_S * 1000)
    found = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    found.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    found.on("pageerror", lambda error: said.append(str(error)))
    found.on("request", lambda sent: asked.append(sent.url))
    yield found
    context.close()
    assert [each for each in said if not REFUSED.match(each)] == []
    assert all(url.startswith(address) for url in asked), asked


def test_search_narrow_read_follow_and_compare(page: Page, ids: dict[str, int]) -> None:
    page.goto("/")
    page.get_by_role("search").get_by_label("Words to search for").fill("sungai")
    page.keyboard.press("Enter")
    assert page.get_by_role("status").inner_text() == "2 articles"
    page.get_by_role("complementary").get_by_role("link", name="Contoh Pontianak").click()
    assert page.get_by_role("status").inner_text() == "1 article"
    page.get_by_role("link", name="Air Sungai Naik").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Air Sungai Naik, Warga Mengungsi"
    page.get_by_role("link", name="Sekolah Libur").click()  # a "Baca" link leads to the article in the archive
    assert page.url.endswith(f"/articles/{ids[SECOND]}")
    page.go_back()
    page.get_by_role("link", name="1 → 2").click()
    assert "dua" in page.locator("del").first.inner_text()
    assert "tiga" in page.locator("ins").first.inner_text()


def test_csv_and_raw_pages_are_downloads(page: Page, ids: dict[str, int], tmp_path: Path) -> None:
    page.goto("/search?q=sungai")
    with page.expect_download() as csv:
        page.get_by_role("link", name="CSV").click()
    csv.value.save_as(tmp_path / "hits.csv")
    assert str(ids[COPY]) in (tmp_path / "hits.csv").read_text("utf-8")
    page.goto(f"/articles/{ids[HOSTILE]}")
    with page.expect_download() as raw:
        page.get_by_role("link", name="Raw page").first.click()
    assert raw.value.suggested_filename.startswith("capture-")


def test_everything_can_be_reached_with_the_keyboard(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("banjir")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=banjir")
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.textContent.trim().slice(0, 40)"))
    assert {"Sekolah Libur", "CSV", "The same in SQL"} <= seen
    focused = page.evaluate(
        "(() => { const a = document.querySelector('.hits a'); a.focus({focusVisible: true}); return getComputedStyle(a).outlineStyle; })()"
    )
    assert focused == "solid"  # one sees where one is


def every_page(ids: dict[str, int]) -> list[str]:
    """All there is, Datasette's pages and refusals included."""
    article = f"/articles/{ids[FIRST]}"
    return [
        "/",
        "/search?q=banjir",
        "/search?month=x",
        "/trends?q=banjir&q=sekolah",
        "/trends?split=site",
        "/concordance?q=banjir",
        "/words?q=banjir&how=top",
        "/names",
        "/spread",
        article,
        f"/articles/{ids[HOSTILE]}",
        f"{article}/diff/1/2",
        f"{article}/diff/1/2?view=beside",
        "/sites",
        "/sites/contoh-pontianak",
        "/authors",
        "/authors/1",
        "/regions",
        "/regions/61",
        "/changes",
        "/copies",
        "/network",
        "/runs",
        "/tables",
        "/questions",
        "/kliping",
        "/kliping/articles?headline__contains=a",
        "/kliping/articles/1",
        "/kliping?sql=SELECT+*+FROM+articles",
        "/kliping/nosuch",
    ]


@pytest.mark.parametrize(
    "page", [{"viewport": {"width": 320, "height": 740}, "locale": "id-ID", "color_scheme": "light"}], indirect=True
)
def test_on_a_small_phone_no_page_has_a_barrier_or_stands_out_to_the_side(page: Page, ids: dict[str, int]) -> None:
    """320 px are also a desk's 1,280 at 400 % (WCAG 2.2, 1.4.10); axe-core with all its rules."""
    for path in every_page(ids):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert page.evaluate("document.documentElement.scrollHeight") < 20_000 or path.endswith(f"/{ids[HOSTILE]}"), (
            path
        )
        # The browser's own door for its tools: the pages' policy lets no script in, which is what it is for.
        if not path.endswith(f"/{ids[HOSTILE]}"):
            assert barriers(page) == [], path
    page.goto("/")
    assert page.get_by_role("heading", name="Artikel terbaru").is_visible()


@pytest.mark.parametrize("page", [{"color_scheme": "dark"}], indirect=True)
def test_in_the_dark_everything_can_be_read(page: Page, ids: dict[str, int]) -> None:
    """One page of each kind: colours are those of one stylesheet."""
    article = f"/articles/{ids[FIRST]}"
    for path in ("/", "/search?q=banjir", "/trends?q=banjir&q=sekolah", "/concordance?q=banjir", article, f"{article}/diff/1/2", "/regions", "/network", "/kliping/articles", "/kliping/nosuch"):  # fmt: skip
        page.goto(path)
        assert barriers(page, runOnly=["color-contrast"]) == [], path


def barriers(page: Page, **options: Any) -> list[tuple[str, str]]:
    found = Axe().run(page, options=options or None).response["violations"]
    return [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS]
