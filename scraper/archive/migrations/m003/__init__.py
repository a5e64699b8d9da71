"""Format 3, by subject."""

from scraper.archive.migrations.m003 import crawl, evidence

SCRIPT = "".join(part.SCRIPT for part in (evidence, crawl))
