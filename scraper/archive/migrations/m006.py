"""Format 6: the scope of a crawl (days, hosts to follow), since a listing that was read in one scope says nothing about another."""

SCRIPT = """
ALTER TABLE runs ADD COLUMN scope TEXT;
"""
