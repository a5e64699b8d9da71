"""Format 2: search, near-duplicate clusters, views for analysts, the description of the archive inside it."""

SCRIPT = """
CREATE INDEX tags_folded ON tags(tag COLLATE NOCASE);
"""
