"""Near-duplicates: which articles are copies or rewrites of which. Nothing is ever deleted for it.

`text` compares two texts, `candidates` finds the pairs that are worth comparing (needs the extra `near`: datasketch and
numpy), `update` keeps the archive's tables of clusters.
"""

from scraper.duplicates.update import Progress, update_clusters

__all__ = ["Progress", "update_clusters"]
