"""The pages in a real browser: read, searched, compared, with the keyboard alone and on a phone; nothing leaves this machine."""

from __future__ import annotations

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
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def address(archive_path: Path) -> Iterator[str]:
    with serving(archive_path, taken_at=NOW) as found:
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
    assert said == []
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


@pytest.mark.parametrize("page", [{"viewport": {"width": 360, "height": 740}, "locale": "id-ID"}], indirect=True)
def test_on_a_phone_nothing_stands_out_to_the_side(page: Page, ids: dict[str, int]) -> None:
    for path in (
        "/",
        "/search?q=banjir",
        f"/articles/{ids[FIRST]}",
        f"/articles/{ids[HOSTILE]}",
        "/sites/contoh-pontianak",
        "/regions",
        "/changes",
        "/copies",
        "/network",
        "/tables",
        "/runs",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    page.goto("/")
    assert page.get_by_role("heading", name="Artikel terbaru").is_visible()


@pytest.mark.parametrize(
    "page", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True, ids=["light", "dark"]
)
def test_no_serious_barrier(page: Page, ids: dict[str, int]) -> None:
    """axe-core's rules, contrast among them, in light and dark."""
    article = f"/articles/{ids[FIRST]}"
    for path in (
        "/",
        "/search?q=banjir",
        article,
        f"{article}/diff/1/2",
        "/sites",
        "/sites/contoh-pontianak",
        "/regions",
        "/regions/61",
        "/changes",
        "/copies",
        "/network",
        "/authors/1",
        "/tables",
        "/runs",
    ):
        page.goto(path)
        # The browser's own door for its tools: the pages' policy lets no script in, which is what it is for.
        found = Axe().run(page).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in SERIOUS] == [], path
