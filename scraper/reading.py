"""Read one page, as the package offers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.extract import explain as _explain
from scraper.extract import extract as _extract

if TYPE_CHECKING:
    from datetime import datetime

    from scraper.extract import Explanation
    from scraper.records import Article


def extract(
    html: bytes | str,
    *,
    url: str | None = None,
    fetched_at: datetime | None = None,
    charset: str | None = None,
    embeds: bool = False,
    limits: bool = False,
) -> Article:
    """Read one news page.

    `html` is the page as received, or already decoded; `charset` is the label in its Content-Type header, if any. `url`
    is where it was fetched (it selects the site and resolves links), `fetched_at` when (it orders the layouts and
    exposes dates in the future). With `embeds`, embedded posts of social networks are part of the body, as quotes;
    otherwise they are left out.

    Pages made to exhaust a parser are refused before they are parsed, as far as their bytes show it. With `limits`, the
    page is read in a separate process that ends after 10 s of CPU or at 1 GiB of memory, whatever the page holds; the
    first such page also pays for the start of that process.

    Raises ExtractError, with a reason, if the page is not an article or cannot be read, WorkerError if that process
    cannot be started, ValueError for a `fetched_at` without a time zone or in a year before the web, and TypeError for
    anything but bytes or text.
    """
    _check(html)
    if limits:
        from scraper.alone import extract_alone  # noqa: PLC0415  (asyncio and a process, which few need)
        from scraper.processes import Given  # noqa: PLC0415

        return extract_alone(Given(html=html, url=url, fetched_at=fetched_at, charset=charset, embeds=embeds))
    return _extract(html, url=url, fetched_at=fetched_at, charset=charset, embeds=embeds)


def explain(
    html: bytes | str, *, url: str | None = None, fetched_at: datetime | None = None, charset: str | None = None
) -> Explanation:
    """Read a page as extract() does, and explain it: which layout and why, where each field came from, what was left
    out.

    This also works for a page that extract() refuses. Raises ExtractError for markup that cannot be parsed, and
    ValueError and TypeError like extract().
    """
    _check(html)
    return _explain(html, url=url, fetched_at=fetched_at, charset=charset)


def _check(html: object) -> None:
    if not isinstance(html, bytes | str):
        raise TypeError(f"extract() reads the page itself, as bytes or text, not {type(html).__name__}")
