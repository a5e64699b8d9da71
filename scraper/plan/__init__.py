"""When to ask again, where to look, whose turn it is: pure decisions, with `now` as an argument."""

from scraper.plan.days import index_page, index_pages, listed_day, page_after, page_in, paging_ends, source_key
from scraper.plan.freshness import fresh_for
from scraper.plan.looks import AFTER, After, Next, after_attempt
from scraper.plan.rhythm import CEILING, Look, Rhythm, interval_after, learned

__all__ = [
    "AFTER",
    "CEILING",
    "After",
    "Look",
    "Next",
    "Rhythm",
    "after_attempt",
    "fresh_for",
    "index_page",
    "index_pages",
    "interval_after",
    "learned",
    "listed_day",
    "page_after",
    "page_in",
    "paging_ends",
    "source_key",
]
