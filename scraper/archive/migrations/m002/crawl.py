"""Format 2: the crawler's coverage, pacing and schedule."""

SCRIPT = """
"""
