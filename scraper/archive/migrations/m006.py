"""Format 6: the scope of a crawl (days, hosts to follow), since reading a listing in one scope says nothing about
another.

Crawls of earlier formats whose command line or plan may have named a scope get "?", which equals no scope.
"""

SCRIPT = """
ALTER TABLE runs ADD COLUMN scope TEXT;
UPDATE runs SET scope = '?' WHERE kind = 'crawl' AND (arguments LIKE '%--since%' OR arguments LIKE '%--until%'
  OR arguments LIKE '%--follow%' OR arguments LIKE 'schedule %' OR arguments = 'scraper.crawl');
"""
