"""Near-duplicates: which articles are copies or rewrites of which. Nothing is ever deleted for it.

`text` compares two texts, `candidates` finds the pairs that are worth comparing (needs the extra `near`: datasketch and
numpy), `stars` makes clusters of them, `quotes` finds what is quoted, `update` keeps the archive's tables of all that.
"""

from scraper.duplicates.shared import shared_quotes
from scraper.duplicates.update import Progress, update_clusters

__all__ = ["Progress", "shared_quotes", "update_clusters"]
