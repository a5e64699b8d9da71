"""The archive: one SQLite file that holds every capture, everything read from it, and the crawler's state.

The sole importer of sqlite3, sqlite_utils and zstandard. `with
open_archive(path, mode="crawl") as db:` gives the handle that every function
here takes first; errors in the block come out as ArchiveError.
"""

from sqlite_utils import Database as Archive

from scraper.archive.backup import back_up
from scraper.archive.bodies import decompress
from scraper.archive.connection import Mode, check, open_archive, transaction
from scraper.archive.frontier import (
    QueuedLink,
    add_links,
    due_hosts,
    finish_run,
    known_urls,
    lease,
    leased_count,
    load_robots,
    make_due,
    next_due_at,
    release,
    save_robots,
    start_run,
)
from scraper.archive.read import (
    Stats,
    StoredArticle,
    StoredCapture,
    article,
    article_pages,
    article_record,
    capture,
    capture_at,
    capture_found_on,
    captures,
    find_capture,
    stats,
)
from scraper.archive.search import HIT_END, HIT_START, SearchHit, match_expression, search
from scraper.archive.verify import Damage, verify
from scraper.archive.write import PageResult, Saved, SiteRow, is_changed, save_page

__all__ = [
    "HIT_END",
    "HIT_START",
    "Archive",
    "Damage",
    "Mode",
    "PageResult",
    "QueuedLink",
    "Saved",
    "SearchHit",
    "SiteRow",
    "Stats",
    "StoredArticle",
    "StoredCapture",
    "add_links",
    "article",
    "article_pages",
    "article_record",
    "back_up",
    "capture",
    "capture_at",
    "capture_found_on",
    "captures",
    "check",
    "decompress",
    "due_hosts",
    "find_capture",
    "finish_run",
    "is_changed",
    "known_urls",
    "lease",
    "leased_count",
    "load_robots",
    "make_due",
    "match_expression",
    "next_due_at",
    "open_archive",
    "release",
    "save_page",
    "save_robots",
    "search",
    "start_run",
    "stats",
    "transaction",
    "verify",
]
