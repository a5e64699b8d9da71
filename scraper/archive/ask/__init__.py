"""Queries to the archive: search and counts, lists for pages and exports, the input of health checks."""
