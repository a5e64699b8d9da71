"""Format 3, by subject."""

from scraper.archive.migrations.m003 import crawl, discover, evidence, identity, imports

SCRIPT = "".join(part.SCRIPT for part in (evidence, crawl, imports, identity, discover))
