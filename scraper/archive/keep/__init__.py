"""The upkeep of an archive: copies, merging, packing, pruning, and whether all of it is still what was stored."""
