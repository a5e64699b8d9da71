"""What runs write to the archive: pages, links and their due times, versions of articles, imports, rereads, alarms."""
