"""The archive: one SQLite file that holds every capture, everything read from it, and the crawler's state.

The sole importer of sqlite3, sqlite_utils and zstandard. `with
open_archive(path, mode="crawl") as db:` gives the handle that every function
here takes first; errors in the block come out as ArchiveError.
"""

from sqlite_utils import Database as Archive

from scraper.archive.backup import back_up
from scraper.archive.bodies import decompress
from scraper.archive.connection import Mode, check, open_archive, transaction
from scraper.archive.crawling import (
    CoverageRow,
    CoverageState,
    ask_days,
    coverage,
    coverage_days,
    coverage_of_run,
    day_counts,
    looked_at,
    rhythm,
    save_turns,
    turns,
)
from scraper.archive.filters import ALL, Filter, filter_sql
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
from scraper.archive.near import Cluster, Member, clusters
from scraper.archive.publishers import load_publisher, save_publishers
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
from scraper.archive.search import (
    COUNT_BY,
    HIT_END,
    HIT_START,
    CountBy,
    Order,
    SearchHit,
    Understood,
    count,
    search,
    understand,
)
from scraper.archive.store import body_of, store_body
from scraper.archive.verify import Damage, verify
from scraper.archive.write import PageResult, Saved, SiteRow, is_changed, save_page

__all__ = [
    "ALL",
    "COUNT_BY",
    "HIT_END",
    "HIT_START",
    "Archive",
    "Cluster",
    "CountBy",
    "CoverageRow",
    "CoverageState",
    "Damage",
    "Filter",
    "Member",
    "Mode",
    "Order",
    "PageResult",
    "QueuedLink",
    "Saved",
    "SearchHit",
    "SiteRow",
    "Stats",
    "StoredArticle",
    "StoredCapture",
    "Understood",
    "add_links",
    "article",
    "article_pages",
    "article_record",
    "ask_days",
    "back_up",
    "body_of",
    "capture",
    "capture_at",
    "capture_found_on",
    "captures",
    "check",
    "clusters",
    "count",
    "coverage",
    "coverage_days",
    "coverage_of_run",
    "day_counts",
    "decompress",
    "due_hosts",
    "filter_sql",
    "find_capture",
    "finish_run",
    "is_changed",
    "known_urls",
    "lease",
    "leased_count",
    "load_publisher",
    "load_robots",
    "looked_at",
    "make_due",
    "next_due_at",
    "open_archive",
    "release",
    "rhythm",
    "save_page",
    "save_publishers",
    "save_robots",
    "save_turns",
    "search",
    "start_run",
    "stats",
    "store_body",
    "transaction",
    "turns",
    "understand",
    "verify",
]
