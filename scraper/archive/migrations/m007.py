"""Format 7: the articles that a frequent word ranks highest, and the counts of articles, so that a query need not touch
each article.
"""

SCRIPT = """
CREATE TABLE champions (
  term TEXT NOT NULL,
  level INTEGER NOT NULL,
  articles INTEGER NOT NULL,
  mean_words REAL NOT NULL,
  bound REAL NOT NULL,
  best BLOB NOT NULL,
  UNIQUE (term, level)
) STRICT;

CREATE TABLE champions_pending (
  id INTEGER PRIMARY KEY,
  article_id INTEGER NOT NULL,
  is_new INTEGER NOT NULL CHECK (is_new IN (0, 1))
) STRICT;
CREATE TRIGGER champions_ai AFTER INSERT ON articles BEGIN
  INSERT INTO champions_pending(article_id, is_new) VALUES (new.id, 1);
END;
CREATE TRIGGER champions_ad AFTER DELETE ON articles BEGIN
  INSERT INTO champions_pending(article_id, is_new) VALUES (old.id, 0);
END;
CREATE TRIGGER champions_au AFTER UPDATE OF headline, lede, body ON articles BEGIN
  INSERT INTO champions_pending(article_id, is_new) VALUES (new.id, 0);
END;

CREATE TABLE facets (
  id INTEGER PRIMARY KEY,
  site TEXT NOT NULL,
  month TEXT NOT NULL,
  region_code TEXT NOT NULL,
  kind TEXT NOT NULL,
  articles INTEGER NOT NULL,
  UNIQUE (site, month, region_code, kind)
) STRICT;

CREATE TABLE article_facets (
  article_id INTEGER PRIMARY KEY,
  facet_id INTEGER NOT NULL
) STRICT;
INSERT INTO facets (site, month, region_code, kind, articles)
  SELECT ifnull(site, ''), ifnull(substr(published_at, 1, 7), ''), ifnull(region_code, ''), kind, count(*)
  FROM articles GROUP BY 1, 2, 3, 4;
INSERT INTO article_facets (article_id, facet_id)
  SELECT a.id, f.id FROM articles AS a JOIN facets AS f ON f.site = ifnull(a.site, '')
  AND f.month = ifnull(substr(a.published_at, 1, 7), '') AND f.region_code = ifnull(a.region_code, '') AND f.kind = a.kind;
CREATE TRIGGER facets_ai AFTER INSERT ON articles BEGIN
  INSERT INTO facets (site, month, region_code, kind, articles)
    VALUES (ifnull(new.site, ''), ifnull(substr(new.published_at, 1, 7), ''), ifnull(new.region_code, ''), new.kind, 1)
    ON CONFLICT (site, month, region_code, kind) DO UPDATE SET articles = articles + 1;
  INSERT INTO article_facets (article_id, facet_id) SELECT new.id, id FROM facets WHERE site = ifnull(new.site, '')
    AND month = ifnull(substr(new.published_at, 1, 7), '') AND region_code = ifnull(new.region_code, '') AND kind = new.kind;
END;
CREATE TRIGGER facets_ad AFTER DELETE ON articles BEGIN
  UPDATE facets SET articles = articles - 1 WHERE id = (SELECT facet_id FROM article_facets WHERE article_id = old.id);
  DELETE FROM article_facets WHERE article_id = old.id;
END;
CREATE TRIGGER facets_au AFTER UPDATE OF site, published_at, region_code, kind ON articles
  WHEN new.site IS NOT old.site OR substr(new.published_at, 1, 7) IS NOT substr(old.published_at, 1, 7)
    OR new.region_code IS NOT old.region_code OR new.kind <> old.kind BEGIN
  UPDATE facets SET articles = articles - 1 WHERE id = (SELECT facet_id FROM article_facets WHERE article_id = old.id);
  INSERT INTO facets (site, month, region_code, kind, articles)
    VALUES (ifnull(new.site, ''), ifnull(substr(new.published_at, 1, 7), ''), ifnull(new.region_code, ''), new.kind, 1)
    ON CONFLICT (site, month, region_code, kind) DO UPDATE SET articles = articles + 1;
  UPDATE article_facets SET facet_id = (SELECT id FROM facets WHERE site = ifnull(new.site, '')
    AND month = ifnull(substr(new.published_at, 1, 7), '') AND region_code = ifnull(new.region_code, '') AND kind = new.kind)
    WHERE article_id = new.id;
END;
"""
