"""Format 5: a paper's notice that it corrected an article."""

SCRIPT = """
ALTER TABLE articles ADD COLUMN correction_notice TEXT;
"""
