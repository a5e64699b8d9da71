"""Format 4: which texts are alike and how, so that clusters need not form chains; quotations; which bodies were packed
again.
"""

SCRIPT = """
CREATE TABLE near_pairs (
  one INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  other INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  similarity REAL NOT NULL,
  containment REAL NOT NULL,
  is_form INTEGER NOT NULL CHECK (is_form IN (0, 1)),
  PRIMARY KEY (one, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX near_pairs_other ON near_pairs(other);
CREATE TRIGGER near_pairs_ad AFTER DELETE ON near_pairs BEGIN
  UPDATE near_signatures SET is_compared = 0 WHERE article_id IN (old.one, old.other);
END;

CREATE TABLE quotations (
  quote_key INTEGER NOT NULL,
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  PRIMARY KEY (quote_key, article_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX quotations_article ON quotations(article_id);

ALTER TABLE cluster_members ADD COLUMN kind TEXT CHECK (kind IN ('same', 'rewrite'));
ALTER TABLE clusters ADD COLUMN central_article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL;
CREATE INDEX clusters_central ON clusters(central_article_id);

DROP VIEW copies;
CREATE VIEW copies AS
  SELECT m.cluster_id, m.article_id, a.site, a.url, a.headline, a.published_utc, m.kind, m.similarity, m.containment,
         c.first_article_id, c.first_site,
         round((julianday(a.published_utc) - julianday(f.published_utc)) * 24, 2) AS hours_after_first,
         c.central_article_id
  FROM cluster_members AS m JOIN clusters AS c ON c.id = m.cluster_id
  JOIN articles AS a ON a.id = m.article_id JOIN articles AS f ON f.id = c.first_article_id;

ALTER TABLE bodies ADD COLUMN packed_at TEXT;
"""
