"""kliping: crawl news politely, read every page exactly, keep everything in one SQLite archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.lazy import offer

if TYPE_CHECKING:
    from scraper.api.archive import Articles, OpenArchive, open  # noqa: A004  (as scraper.open)
    from scraper.api.crawling import crawl, crawl_async
    from scraper.api.questions import ArchiveWarning
    from scraper.api.table import Table
    from scraper.errors import KlipingError, Reason
    from scraper.reading import explain, extract
    from scraper.records import Article

__version__ = "0.1.0"

offer(__name__)
