"""Maintenance of an archive: copies, merging, packing, pruning, and whether everything is still what was stored."""
