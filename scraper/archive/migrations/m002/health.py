"""Format 2: how sources and layouts are doing, and the alarms that were raised."""

SCRIPT = """
CREATE TABLE health_checks (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('site', 'network', 'layout')),
  name TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('learning', 'well', 'warn', 'alarm')),
  discovered INTEGER,
  expected REAL,
  attempted INTEGER,
  fetched INTEGER,
  read INTEGER,
  articles INTEGER NOT NULL,
  complete INTEGER NOT NULL,
  fields TEXT NOT NULL,
  UNIQUE (scope, name, at)
) STRICT;

CREATE TABLE alarms (
  id INTEGER PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('site', 'network', 'layout')),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  field TEXT NOT NULL DEFAULT '',
  level TEXT NOT NULL CHECK (level IN ('warn', 'alarm')),
  opened_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  closed_at TEXT,
  closed_by TEXT CHECK (closed_by IN ('recovered', 'accepted')),
  days INTEGER NOT NULL,
  cases INTEGER NOT NULL,
  expected REAL NOT NULL,
  observed REAL NOT NULL,
  chance REAL NOT NULL,
  detail TEXT NOT NULL,
  layout TEXT,
  url TEXT,
  capture_id INTEGER REFERENCES captures(id) ON DELETE SET NULL,
  told_at TEXT
) STRICT;
CREATE UNIQUE INDEX alarms_open ON alarms(scope, name, kind, field) WHERE closed_at IS NULL;
CREATE INDEX alarms_capture ON alarms(capture_id) WHERE capture_id IS NOT NULL;
CREATE INDEX articles_first_seen ON articles(first_seen_at, site);
CREATE INDEX urls_found ON urls(found_at) WHERE kind = 'article';
"""
