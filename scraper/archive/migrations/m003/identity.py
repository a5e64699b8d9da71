"""Format 3: articles under more than one address, and publishers that have moved."""

SCRIPT = """
CREATE TABLE addresses (
  url TEXT PRIMARY KEY,
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  since TEXT NOT NULL,
  why TEXT NOT NULL CHECK (why IN ('redirect', 'move', 'text'))
) STRICT, WITHOUT ROWID;
CREATE INDEX addresses_article ON addresses(article_id);
CREATE INDEX articles_content ON articles(content_hash);

CREATE TABLE moves (
  host TEXT PRIMARY KEY,
  new_host TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  signs INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX moves_new ON moves(new_host);
"""
