"""Format 2: search, near-duplicate clusters, views for analysts, the description of the archive inside it."""

SCRIPT = """
CREATE VIRTUAL TABLE articles_vocab USING fts5vocab(articles_fts, row);
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

CREATE VIEW copies AS
  SELECT m.cluster_id, m.article_id, a.site, a.url, a.headline, a.published_utc, m.similarity, m.containment,
         c.first_article_id, c.first_site,
         round((julianday(a.published_utc) - julianday(f.published_utc)) * 24, 2) AS hours_after_first
  FROM cluster_members AS m JOIN clusters AS c ON c.id = m.cluster_id
  JOIN articles AS a ON a.id = m.article_id JOIN articles AS f ON f.id = c.first_article_id;

ALTER TABLE related_links ADD COLUMN target_url TEXT;
CREATE INDEX related_links_target ON related_links(target_url);
DROP VIEW related_graph;
CREATE VIEW related_graph AS
  SELECT l.article_id AS from_id, a.headline AS from_headline, l.position, l.label, l.text, l.url,
         t.id AS to_id, t.headline AS to_headline, a.site AS from_site, t.site AS to_site
  FROM related_links AS l JOIN articles AS a ON a.id = l.article_id
  LEFT JOIN articles AS t ON t.id = coalesce(
    (SELECT id FROM articles WHERE url = l.target_url),
    (SELECT ac.article_id FROM urls AS u JOIN captures AS c ON c.url_id = u.id
     JOIN article_captures AS ac ON ac.capture_id = c.id WHERE u.url = l.target_url ORDER BY c.id DESC LIMIT 1));
CREATE VIEW related_incoming AS
  SELECT t.id AS to_id, t.headline AS to_headline, a.id AS from_id, a.headline AS from_headline, a.site AS from_site,
         l.label, l.text, l.url
  FROM articles AS t JOIN related_links AS l ON l.target_url = t.url JOIN articles AS a ON a.id = l.article_id
  UNION ALL
  SELECT t.id, t.headline, a.id, a.headline, a.site, l.label, l.text, l.url
  FROM articles AS t JOIN article_captures AS ac ON ac.article_id = t.id JOIN captures AS c ON c.id = ac.capture_id
  JOIN urls AS u ON u.id = c.url_id JOIN related_links AS l ON l.target_url = u.url
  JOIN articles AS a ON a.id = l.article_id
  WHERE NOT EXISTS (SELECT 1 FROM articles WHERE url = l.target_url);

-- With all that articles_by_month counts, so that it need not read the articles, and with the month for counts over a span.
-- The computed column (month) would make SQLite before 3.41 read them all the same.
CREATE INDEX articles_site_published ON articles(site, published_at, words, revision);
CREATE INDEX articles_section ON articles(section, published_utc);
DROP INDEX articles_time;
CREATE INDEX articles_time ON articles(published_utc, published_at);
DROP VIEW articles_by_month;
CREATE VIEW articles_by_month AS
  SELECT site, substr(published_at, 1, 7) AS month, count(*) AS articles, sum(words) AS words, sum(revision > 1) AS changed
  FROM articles GROUP BY site, substr(published_at, 1, 7);

CREATE VIEW bylines_by_author AS
  SELECT p.id AS person_id, p.name, b.role, count(*) AS articles, count(DISTINCT a.site) AS sites,
         sum(a.words) AS words, min(a.published_utc) AS first_published, max(a.published_utc) AS last_published
  FROM bylines AS b JOIN people AS p ON p.id = b.person_id JOIN articles AS a ON a.id = b.article_id
  GROUP BY p.id, b.role;

CREATE VIEW revisions_recent AS
  SELECT r.article_id, a.site, a.url, r.revision, r.replaced_at, r.kinds, r.headline AS old_headline,
         CASE WHEN n.revision IS NULL THEN a.headline ELSE n.headline END AS new_headline,
         CASE WHEN n.revision IS NULL THEN length(a.body) ELSE length(n.body) END - length(r.body) AS characters_added
  FROM revisions AS r JOIN articles AS a ON a.id = r.article_id
  LEFT JOIN revisions AS n ON n.article_id = r.article_id AND n.revision = r.revision + 1
  WHERE r.replaced_by = 'publisher' ORDER BY r.replaced_at DESC;

CREATE VIEW coverage_by_site AS
  SELECT site, count(*) AS articles, min(published_on) AS first_day, max(published_on) AS last_day,
         count(DISTINCT published_on) AS days_with_articles,
         CAST(julianday(max(published_on)) - julianday(min(published_on)) AS INTEGER) + 1 AS days_spanned,
         sum(published_at IS NULL) AS undated, sum(next_page IS NOT NULL) AS incomplete,
         sum(access IN ('metered', 'premium')) AS restricted
  FROM articles GROUP BY site;

CREATE VIEW field_health AS
  SELECT site, layout, month, count(*) AS articles, avg(published_at IS NOT NULL) AS with_date,
         avg(byline IS NOT NULL OR EXISTS (SELECT 1 FROM bylines WHERE article_id = a.id)) AS with_author,
         avg(lede IS NOT NULL) AS with_lede, avg(dateline_place IS NOT NULL) AS with_place,
         avg(EXISTS (SELECT 1 FROM images WHERE article_id = a.id)) AS with_image,
         avg(EXISTS (SELECT 1 FROM tags WHERE article_id = a.id)) AS with_tags, avg(words) AS mean_words
  FROM articles AS a GROUP BY site, layout, month;

DROP VIEW site_health;
CREATE VIEW site_health AS
  SELECT u.host, f.reason, count(*) AS fetches, min(f.at) AS first_at, max(f.at) AS last_at,
         round(count(*) * 1.0 / sum(count(*)) OVER (PARTITION BY u.host), 4) AS share
  FROM fetches AS f JOIN urls AS u ON u.id = f.url_id GROUP BY u.host, f.reason;

CREATE TABLE descriptions (
  id INTEGER PRIMARY KEY,
  table_name TEXT NOT NULL,
  column_name TEXT,
  text TEXT NOT NULL,
  UNIQUE (table_name, column_name)
) STRICT;
"""
