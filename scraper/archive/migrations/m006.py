"""Format 6: the scope of a crawl (days, hosts to follow), since a listing that was read in one scope says nothing about another.

Crawls of earlier formats whose command line or plan may have named a scope get "?", which is not equal to any.
"""

SCRIPT = """
ALTER TABLE runs ADD COLUMN scope TEXT;
UPDATE runs SET scope = '?' WHERE kind = 'crawl' AND (arguments LIKE '%--since%' OR arguments LIKE '%--until%'
  OR arguments LIKE '%--follow%' OR arguments LIKE 'schedule %' OR arguments = 'scraper.crawl');
"""
