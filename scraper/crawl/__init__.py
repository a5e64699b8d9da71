"""The pipeline: links → fetch → read → archive. The only place where an error becomes an Outcome."""

from scraper.crawl.budget import MAX_HOST_REQUESTS
from scraper.crawl.run import TIME_IS_OVER, CrawlOptions, crawl, has_work
from scraper.crawl.summary import Event, Summary
from scraper.crawl.targets import Scope, Start, resolve

__all__ = [
    "MAX_HOST_REQUESTS",
    "TIME_IS_OVER",
    "CrawlOptions",
    "Event",
    "Scope",
    "Start",
    "Summary",
    "crawl",
    "has_work",
    "resolve",
]
