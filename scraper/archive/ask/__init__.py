"""What is asked of the archive: search and counts, lists for pages and exports, what checks of health look at."""
