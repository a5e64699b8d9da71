"""The archive: one SQLite file that holds every capture, everything read from it, and the crawler's state.

The sole importer of sqlite3, sqlite_utils and zstandard. `with open_archive(path, mode="crawl") as db:`
(file/connection.py) gives the handle that every function here takes as its first argument; errors in the block are
raised as ArchiveError.

    file/        the file itself: opening, locking, its format, conversion of values, bodies, records and captures
    write/       what runs write: pages, links and their due times, versions, imports, rereads, results of health checks
    ask/         what is queried: search and counts, lists for pages, a selection's content, the input of health checks
    keep/        maintenance: copies, merging, packing, pruning, checking
    migrations/  the way from every earlier format to this one
"""
