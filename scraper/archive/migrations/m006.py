"""Format 6: the days that a crawl was asked for, since a listing that it read for these says nothing about others."""

SCRIPT = """
ALTER TABLE runs ADD COLUMN days TEXT;
"""
