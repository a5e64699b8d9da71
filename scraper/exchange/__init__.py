"""Exports of the archive in standard formats; imports of WARC files, saved pages and URL lists.

pyarrow (extra `parquet`), warcio and fastwarc (extra `warc`) are loaded only by code that needs them.
"""
