"""Near-duplicates: which articles are copies or rewrites of which. Nothing is ever deleted because of it.

`text` compares two texts, `candidates` selects the pairs worth comparing (needs the extra `near`: datasketch and
numpy), `stars` makes clusters of them, `quotes` collects quotations, `update` maintains the archive's tables of all
that.
"""

from scraper.duplicates.shared import shared_quotes
from scraper.duplicates.update import Progress, update_clusters

__all__ = ["Progress", "shared_quotes", "update_clusters"]
