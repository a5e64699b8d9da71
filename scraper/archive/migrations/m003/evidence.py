"""Format 3: evidence of a wall, half a page or a replaced article, and what follows from it."""

SCRIPT = """
ALTER TABLE captures ADD COLUMN truncated TEXT;
ALTER TABLE captures ADD COLUMN ending TEXT;
ALTER TABLE captures ADD COLUMN text_key INTEGER;
ALTER TABLE captures ADD COLUMN title_key INTEGER;
ALTER TABLE captures ADD COLUMN landed TEXT;
CREATE INDEX captures_text ON captures(text_key) WHERE text_key IS NOT NULL;
CREATE INDEX captures_title ON captures(title_key) WHERE title_key IS NOT NULL;
CREATE INDEX captures_landed ON captures(landed) WHERE landed IS NOT NULL;
CREATE INDEX captures_ending ON captures(ending) WHERE ending IS NOT NULL;

CREATE TABLE suspects (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  url_id INTEGER NOT NULL REFERENCES urls(id),
  capture_id INTEGER NOT NULL REFERENCES captures(id),
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  looks INTEGER NOT NULL,
  headline TEXT NOT NULL,
  words INTEGER NOT NULL,
  signs TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'taken', 'dropped')),
  decided_at TEXT
) STRICT;
CREATE UNIQUE INDEX suspects_waiting ON suspects(url_id) WHERE state = 'waiting';
CREATE INDEX suspects_article ON suspects(article_id);
CREATE INDEX suspects_capture ON suspects(capture_id);

CREATE TABLE rejudged (
  run_id INTEGER NOT NULL REFERENCES rereads(run_id),
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  replaced_by TEXT NOT NULL,
  kinds TEXT,
  PRIMARY KEY (run_id, article_id, revision)
) STRICT, WITHOUT ROWID;
CREATE INDEX rejudged_article ON rejudged(article_id);
"""
