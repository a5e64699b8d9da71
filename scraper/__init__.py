"""kliping: crawl news politely, read every page exactly, keep everything in one SQLite archive."""

from scraper.errors import KlipingError, Reason
from scraper.extract import extract
from scraper.records import Article

__version__ = "0.1.0"
__all__ = ["Article", "KlipingError", "Reason", "__version__", "extract"]
