"""Format 2: regions.

The rows of `regions` and the codes of articles kept before come from archive.regions.
"""

SCRIPT = """
CREATE TABLE regions (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('province', 'regency', 'city')),
  parent TEXT REFERENCES regions(code),
  province TEXT NOT NULL
) STRICT;

ALTER TABLE articles ADD COLUMN region_code TEXT REFERENCES regions(code);
ALTER TABLE articles ADD COLUMN region_source TEXT CHECK (region_source IN ('dateline', 'portal'));
CREATE INDEX articles_region ON articles(region_code, published_utc);

CREATE VIEW articles_by_region AS
  SELECT a.region_code, r.name AS region, r.level, r.province, a.region_source, a.month,
         count(*) AS articles, sum(a.words) AS words
  FROM articles AS a LEFT JOIN regions AS r ON r.code = a.region_code
  GROUP BY a.region_code, a.region_source, a.month;
"""
