"""Format 2: the crawler's coverage, pacing and schedule."""

_POLITENESS = """
ALTER TABLE fetches ADD COLUMN robots_id INTEGER REFERENCES robots(id);
ALTER TABLE fetches ADD COLUMN robots_tags TEXT;
ALTER TABLE fetches ADD COLUMN tdm_reservation INTEGER;
ALTER TABLE fetches ADD COLUMN tdm_policy TEXT;
ALTER TABLE fetches ADD COLUMN left_out INTEGER;
ALTER TABLE fetches ADD COLUMN fresh_s INTEGER;
ALTER TABLE runs ADD COLUMN limits TEXT;

CREATE TABLE publishers (
  publisher TEXT PRIMARY KEY,
  seen_at TEXT NOT NULL,
  interval_s REAL,
  latency_s REAL,
  failures INTEGER NOT NULL,
  park_s REAL NOT NULL,
  not_before TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE tdmrep (
  id INTEGER PRIMARY KEY,
  origin TEXT NOT NULL,
  fetched_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  status INTEGER,
  body BLOB
) STRICT;
CREATE INDEX tdmrep_origin ON tdmrep(origin, id);
"""

_COVERAGE = """
CREATE TABLE rhythm (
  source TEXT NOT NULL,
  hour INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 167),
  hours REAL NOT NULL,
  items REAL NOT NULL,
  PRIMARY KEY (source, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE coverage (
  site TEXT NOT NULL,
  day TEXT NOT NULL,
  host TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'walking', 'done', 'empty', 'limit', 'blocked', 'failed')),
  reason TEXT,
  pages INTEGER NOT NULL DEFAULT 0,
  links INTEGER NOT NULL DEFAULT 0,
  new_links INTEGER NOT NULL DEFAULT 0,
  asked_at TEXT NOT NULL,
  walked_at TEXT,
  PRIMARY KEY (site, day)
) STRICT, WITHOUT ROWID;

CREATE VIEW coverage_by_month AS
  SELECT m.*, CASE WHEN m.site = m.host THEN
           (SELECT count(DISTINCT ac.article_id) FROM urls AS u JOIN captures AS k ON k.url_id = u.id
            JOIN article_captures AS ac ON ac.capture_id = k.id JOIN articles AS a ON a.id = ac.article_id
            WHERE u.host = m.host AND u.kind = 'article' AND a.month = m.month)
         ELSE (SELECT count(*) FROM articles AS a WHERE a.site = m.site AND a.month = m.month) END AS articles
  FROM (
    SELECT c.site, substr(c.day, 1, 7) AS month, min(c.host) AS host, count(*) AS days,
           sum(c.state IN ('done', 'empty', 'limit')) AS reached,
           sum(c.state = 'empty') AS empty, sum(c.state = 'limit') AS limited,
           sum(c.state = 'blocked') AS blocked, sum(c.state = 'failed') AS failed,
           sum(c.state IN ('waiting', 'walking')) AS unfinished,
           min(CASE WHEN c.links THEN c.day END) AS first_day, max(CASE WHEN c.links THEN c.day END) AS last_day,
           sum(c.pages) AS pages, sum(c.links) AS links, sum(c.new_links) AS new_links
    FROM coverage AS c GROUP BY c.site, substr(c.day, 1, 7)
  ) AS m;

CREATE TABLE turns (
  crawl TEXT NOT NULL,
  target TEXT NOT NULL,
  begun_at TEXT NOT NULL,
  run_id INTEGER REFERENCES runs(id),
  PRIMARY KEY (crawl, target)
) STRICT, WITHOUT ROWID;
"""

SCRIPT = _COVERAGE + _POLITENESS
