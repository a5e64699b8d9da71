"""Format 2: search, near-duplicate clusters, views for analysts, the description of the archive inside it."""

SCRIPT = """
CREATE INDEX tags_folded ON tags(tag COLLATE NOCASE);

CREATE TABLE near_signatures (
  article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  content_hash BLOB NOT NULL,
  method TEXT NOT NULL,
  text_digest BLOB NOT NULL,
  signature BLOB,
  is_compared INTEGER NOT NULL DEFAULT 0 CHECK (is_compared IN (0, 1))
) STRICT;

CREATE TABLE clusters (
  id INTEGER PRIMARY KEY,
  first_article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  first_site TEXT,
  articles INTEGER NOT NULL,
  sites INTEGER NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;
CREATE INDEX clusters_first ON clusters(first_article_id);

CREATE TABLE cluster_members (
  article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  cluster_id INTEGER NOT NULL REFERENCES clusters(id) ON DELETE CASCADE,
  similarity REAL NOT NULL,
  containment REAL NOT NULL
) STRICT;
CREATE INDEX cluster_members_cluster ON cluster_members(cluster_id);
CREATE TRIGGER cluster_members_ad AFTER DELETE ON cluster_members BEGIN
  UPDATE near_signatures SET is_compared = 0 WHERE article_id = old.article_id;
END;
"""
