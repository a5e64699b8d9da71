"""Article pages that a person gives by hand, or imports: how many are accepted as articles by the crawl's own rule.

    python -m benchmarks.given DATA_DIR…

A data directory is one of benchmarks.common, all of whose pages are articles. Counted are those that can be read as an
article (a page without a text cannot), and among them those that are not accepted as one; the first few are named.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.common import pages_of
from scraper.crawl.page import is_read_as_article
from scraper.crawl.readers import Readers
from scraper.errors import ExtractError
from scraper.records import Capture
from scraper.sites.registry import find_portal, is_article_url


async def dropped(directory: Path) -> tuple[int, list[str]]:
    """(pages that can be read, URLs of those that are not accepted as articles)."""
    readable, lost = 0, []
    async with Readers() as readers:
        for page in pages_of(directory):
            url = page.url or f"https://unknown.example/{page.id}"
            capture = Capture(
                url=url,
                final_url=url,
                status=200,
                body=page.html,
                fetched_at=datetime.now(UTC),
                content_type="text/html",
            )
            try:
                article = await readers.article(capture)
            except ExtractError:
                continue
            readable += 1
            site, _ = find_portal(url)
            is_one = is_article_url(site, url) if site else await is_read_as_article(readers, capture, article)
            lost += [] if is_one else [url]
    return readable, lost


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directories", nargs="+", type=Path)
    for directory in parser.parse_args().directories:
        readable, lost = asyncio.run(dropped(directory))
        print(f"{directory.name}: {len(lost)} of {readable} dropped ({100 * len(lost) / max(readable, 1):.1f} %)")
        print(*(f"  {url}" for url in lost[:5]), sep="\n")


if __name__ == "__main__":
    main()
