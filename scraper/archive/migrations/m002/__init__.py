"""Format 2, by subject."""

from scraper.archive.migrations.m002 import captures, crawl, health, regions, search

SCRIPT = "".join(part.SCRIPT for part in (captures, search, crawl, regions, health))
