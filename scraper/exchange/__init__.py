"""Giving back and taking in: exports of the archive in the field's formats, imports of WARC files, saved pages and URL lists.

pyarrow (extra `parquet`), warcio and fastwarc (extra `warc`) are loaded only
by what needs them.
"""
