"""One page read, as the package offers it."""

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

    `html` is the page as received, or already decoded; `charset` the label in
    its Content-Type header, if any. `url` is where it was fetched (chooses the
    site, resolves links), `fetched_at` when (orders the layouts, catches dates
    in the future). `embeds` counts embedded posts of social networks as quotes
    of the body; without it they are left out.

    Pages that are made to cost are refused before they are parsed, as far as
    their bytes tell. With `limits` the page is read in a process of its own
    that ends after 10 s of CPU or at 1 GiB of memory, whatever it holds; the
    first such page costs the start of that process.

    Raises ExtractError, with a reason, when the page is not an article or cannot
    be read, WorkerError when that process cannot be started, ValueError for a `fetched_at` without a zone or of
    a year without a web, and TypeError for what is neither bytes nor text.
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
    """Read a page as extract() does, and say how: which layout and why, where each field came from, what was left out.

    Also of a page that extract() refuses. Raises ExtractError for markup that cannot be parsed, ValueError and TypeError
    like extract().
    """
    _check(html)
    return _explain(html, url=url, fetched_at=fetched_at, charset=charset)


def _check(html: object) -> None:
    if not isinstance(html, bytes | str):
        raise TypeError(f"extract() reads the page itself, as bytes or text, not {type(html).__name__}")
