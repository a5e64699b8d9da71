"""Format 2: regions."""

SCRIPT = """
"""
