"""kliping: crawl news politely, read every page exactly, keep everything in one SQLite archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.lazy import offer

if TYPE_CHECKING:
    from scraper.errors import KlipingError, Reason
    from scraper.reading import extract
    from scraper.records import Article

__version__ = "0.1.0"

offer(__name__)
