"""Format 2: bodies, captures, revisions."""

SCRIPT = """
"""
