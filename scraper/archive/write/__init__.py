"""What runs write into the archive: pages, links and their due times, versions of articles, imports, re-reading, alarms."""
