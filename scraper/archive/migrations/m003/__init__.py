"""Format 3, by subject."""

from scraper.archive.migrations.m003 import crawl, evidence, identity, imports

SCRIPT = "".join(part.SCRIPT for part in (evidence, crawl, imports, identity))
