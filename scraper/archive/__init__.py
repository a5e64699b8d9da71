"""The archive: one SQLite file that holds every capture, everything read from it, and the crawler's state.

The sole importer of sqlite3, sqlite_utils and zstandard. `with open_archive(path, mode="crawl") as db:` (file/connection.py)
gives the handle that every function of these rooms takes first; errors in the block come out as ArchiveError.

    file/        the file itself: opening, locking, its format, values on their way into rows, bodies, records and captures
    write/       what runs write: pages, links and when they are due, versions, imports, re-reading, what health found
    ask/         what is asked of it: search and counts, lists for pages, what a selection holds, what health looks at
    keep/        its upkeep: copies, merging, packing, pruning, checking
    migrations/  the way from every earlier format to this one
"""
