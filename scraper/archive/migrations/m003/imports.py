"""Format 3: the names of imported captures where they come from, and revisits that wait for theirs."""

SCRIPT = """
CREATE TABLE record_names (
  name BLOB NOT NULL,
  capture_id INTEGER NOT NULL REFERENCES captures(id) ON DELETE CASCADE,
  PRIMARY KEY (name, capture_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_names_capture ON record_names(capture_id);

CREATE TABLE waiting_revisits (
  id INTEGER PRIMARY KEY,
  import_id INTEGER NOT NULL REFERENCES imports(id),
  member TEXT NOT NULL,
  offset INTEGER NOT NULL,
  record_id TEXT,
  url TEXT NOT NULL,
  at TEXT NOT NULL,
  is_unmodified INTEGER NOT NULL CHECK (is_unmodified IN (0, 1)),
  refers_to TEXT,
  refers_to_url TEXT,
  refers_to_at TEXT,
  digest TEXT,
  about TEXT NOT NULL DEFAULT '{}',
  UNIQUE (import_id, url, at)
) STRICT;
"""
