-- The tables of a kliping archive (format 7): new archives are made by this file. README.md beside it describes every column.
-- SQLite 3.38 or later. PRAGMA application_id is 0x4B4C4950 ("KLIP"), PRAGMA user_version the format.

CREATE TABLE sites (
  id INTEGER PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  network TEXT NOT NULL,
  name TEXT NOT NULL,
  host TEXT NOT NULL,
  zone TEXT NOT NULL,
  province TEXT
) STRICT;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('crawl', 'reextract', 'import')),
  started_at TEXT NOT NULL,
  finished_at TEXT,
  version TEXT NOT NULL,
  arguments TEXT NOT NULL,
  exit_code INTEGER,
  limits TEXT,
  note TEXT,
  agent TEXT,
  scope TEXT
) STRICT;

CREATE TABLE urls (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  raw_url TEXT,
  host TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('article', 'index', 'feed', 'sitemap')),
  site_id INTEGER REFERENCES sites(id),
  found_on_id INTEGER REFERENCES urls(id),
  found_at TEXT NOT NULL,
  depth INTEGER NOT NULL DEFAULT 0,
  title_hint TEXT,
  published_hint TEXT,
  named_at TEXT,
  named_on_id INTEGER,
  given_up_at TEXT,
  given_up_why TEXT
) STRICT;
CREATE INDEX urls_host ON urls(host, kind);
CREATE INDEX urls_found_on ON urls(found_on_id);

CREATE TABLE frontier (
  url_id INTEGER PRIMARY KEY REFERENCES urls(id) ON DELETE CASCADE,
  host TEXT NOT NULL,
  due_at TEXT NOT NULL,
  priority INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  interval_s INTEGER,
  last_reason TEXT,
  leased_by INTEGER REFERENCES runs(id),
  leased_at TEXT
) STRICT;
CREATE INDEX frontier_next ON frontier(host, leased_by, priority DESC, due_at);
CREATE INDEX frontier_due ON frontier(due_at);

CREATE TABLE robots (
  id INTEGER PRIMARY KEY,
  origin TEXT NOT NULL,
  fetched_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  status INTEGER,
  verdict TEXT NOT NULL CHECK (verdict IN ('rules', 'allow_all', 'disallow_all')),
  body BLOB,
  detail TEXT
) STRICT;
CREATE INDEX robots_origin ON robots(origin, id);

CREATE TABLE bodies (
  id INTEGER PRIMARY KEY,
  sha256 BLOB NOT NULL UNIQUE,
  raw_bytes INTEGER NOT NULL,
  codec TEXT NOT NULL CHECK (codec IN ('raw', 'zstd', 'zstd-dict', 'zstd-delta')),
  dictionary_id INTEGER REFERENCES dictionaries(id),
  base_id INTEGER REFERENCES bodies(id),
  data BLOB NOT NULL,
  packed_at TEXT,
  CHECK ((codec = 'zstd-dict') = (dictionary_id IS NOT NULL)),
  CHECK ((codec = 'zstd-delta') = (base_id IS NOT NULL))
) STRICT;

CREATE TABLE captures (
  id INTEGER PRIMARY KEY,
  url_id INTEGER NOT NULL REFERENCES urls(id),
  body_id INTEGER NOT NULL REFERENCES bodies(id),
  captured_at TEXT NOT NULL,
  final_url TEXT NOT NULL,
  status INTEGER NOT NULL,
  headers TEXT NOT NULL,
  request_headers TEXT NOT NULL,
  content_type TEXT,
  charset TEXT,
  redirects TEXT NOT NULL,
  http_version TEXT,
  elapsed_s REAL,
  wire_bytes INTEGER,
  charset_used TEXT,
  charset_source TEXT CHECK (charset_source IN ('bom', 'header', 'meta', 'default')),
  replaced INTEGER,
  truncated TEXT,
  ending TEXT,
  text_key INTEGER,
  title_key INTEGER,
  landed TEXT,
  UNIQUE (url_id, body_id)
) STRICT;
CREATE INDEX captures_body ON captures(body_id);

CREATE TABLE fetches (
  id INTEGER PRIMARY KEY,
  url_id INTEGER NOT NULL REFERENCES urls(id),
  run_id INTEGER NOT NULL REFERENCES runs(id),
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  status INTEGER,
  detail TEXT,
  attempts INTEGER NOT NULL,
  final_url TEXT,
  redirects TEXT,
  wire_bytes INTEGER,
  elapsed_s REAL,
  etag TEXT,
  last_modified TEXT,
  capture_id INTEGER REFERENCES captures(id),
  robots_id INTEGER REFERENCES robots(id),
  robots_tags TEXT,
  tdm_reservation INTEGER,
  tdm_policy TEXT,
  left_out INTEGER,
  fresh_s INTEGER
) STRICT;
CREATE INDEX fetches_url ON fetches(url_id, id);
CREATE INDEX fetches_run ON fetches(run_id, reason);
CREATE INDEX fetches_at ON fetches(at);

CREATE TABLE articles (
  id INTEGER PRIMARY KEY,
  url TEXT NOT NULL UNIQUE,
  site_id INTEGER REFERENCES sites(id),
  site TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('article', 'gallery', 'video', 'live', 'index')),
  headline TEXT NOT NULL,
  kicker TEXT,
  lede TEXT,
  byline TEXT,
  source_credit TEXT,
  dateline TEXT,
  dateline_place TEXT,
  dateline_brand TEXT,
  published_at TEXT,
  published_utc TEXT,
  published_on TEXT GENERATED ALWAYS AS (substr(published_at, 1, 10)) VIRTUAL,
  month TEXT GENERATED ALWAYS AS (substr(published_at, 1, 7)) VIRTUAL,
  modified_at TEXT,
  published_raw TEXT,
  body TEXT NOT NULL,
  blocks TEXT NOT NULL,
  words INTEGER NOT NULL,
  sign_off TEXT,
  section TEXT NOT NULL,
  language TEXT,
  page INTEGER NOT NULL,
  page_count INTEGER NOT NULL,
  next_page TEXT,
  access TEXT NOT NULL CHECK (access IN ('free', 'metered', 'premium', 'unknown')),
  layout TEXT NOT NULL,
  provenance TEXT NOT NULL,
  warnings TEXT NOT NULL,
  first_seen_at TEXT NOT NULL,
  last_seen_at TEXT NOT NULL,
  revision INTEGER NOT NULL DEFAULT 1,
  content_hash BLOB NOT NULL,
  record_hash BLOB NOT NULL,
  withdrawn_at TEXT,
  flips INTEGER NOT NULL DEFAULT 0,
  region_code TEXT REFERENCES regions(code),
  region_source TEXT CHECK (region_source IN ('dateline', 'portal')),
  correction_notice TEXT
) STRICT;
CREATE INDEX articles_site_time ON articles(site, published_utc);
CREATE INDEX articles_site_month ON articles(site, month);
CREATE INDEX articles_site_published ON articles(site, published_at, words, revision);
CREATE INDEX articles_time ON articles(published_utc, published_at);
CREATE INDEX articles_layout ON articles(layout);
CREATE INDEX articles_section ON articles(section, published_utc);

CREATE TABLE article_captures (
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  page INTEGER NOT NULL,
  capture_id INTEGER NOT NULL REFERENCES captures(id),
  PRIMARY KEY (article_id, page)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_captures_capture ON article_captures(capture_id);

CREATE TABLE revisions (
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  seen_at TEXT NOT NULL,
  replaced_at TEXT NOT NULL,
  replaced_by TEXT NOT NULL CHECK (replaced_by IN ('publisher', 'extractor')),
  capture_id INTEGER REFERENCES captures(id),
  layout TEXT NOT NULL,
  headline TEXT NOT NULL,
  lede TEXT,
  byline TEXT,
  modified_at TEXT,
  body TEXT NOT NULL,
  content_hash BLOB NOT NULL,
  next_capture_id INTEGER REFERENCES captures(id),
  kinds TEXT,
  run_id INTEGER REFERENCES runs(id),
  PRIMARY KEY (article_id, revision)
) STRICT;

CREATE TABLE people (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE bylines (
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  person_id INTEGER NOT NULL REFERENCES people(id),
  role TEXT NOT NULL CHECK (role IN ('writer', 'reporter', 'contributor', 'citizen_reporter', 'photographer', 'translator', 'editor')),
  affiliation TEXT,
  PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX bylines_person ON bylines(person_id, role);

CREATE TABLE related_links (
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  label TEXT,
  text TEXT NOT NULL,
  url TEXT NOT NULL,
  after_block INTEGER NOT NULL,
  target_url TEXT,
  PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX related_links_url ON related_links(url);
CREATE INDEX related_links_target ON related_links(target_url);

CREATE TABLE tags (
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX tags_tag ON tags(tag);
CREATE INDEX tags_folded ON tags(tag COLLATE NOCASE);

CREATE TABLE near_signatures (
  article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  content_hash BLOB NOT NULL,
  method TEXT NOT NULL,
  text_digest BLOB NOT NULL,
  signature BLOB,
  is_compared INTEGER NOT NULL DEFAULT 0 CHECK (is_compared IN (0, 1))
) STRICT;

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

CREATE TABLE clusters (
  id INTEGER PRIMARY KEY,
  first_article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  first_site TEXT,
  articles INTEGER NOT NULL,
  sites INTEGER NOT NULL,
  updated_at TEXT NOT NULL
, central_article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL) STRICT;
CREATE INDEX clusters_first ON clusters(first_article_id);
CREATE INDEX clusters_central ON clusters(central_article_id);

CREATE TABLE cluster_members (
  article_id INTEGER PRIMARY KEY REFERENCES articles(id) ON DELETE CASCADE,
  cluster_id INTEGER NOT NULL REFERENCES clusters(id) ON DELETE CASCADE,
  similarity REAL NOT NULL,
  containment REAL NOT NULL
, kind TEXT CHECK (kind IN ('same', 'rewrite'))) STRICT;
CREATE INDEX cluster_members_cluster ON cluster_members(cluster_id);
CREATE TRIGGER cluster_members_ad AFTER DELETE ON cluster_members BEGIN
  UPDATE near_signatures SET is_compared = 0 WHERE article_id = old.article_id;
END;

CREATE TABLE images (
  article_id INTEGER NOT NULL REFERENCES articles(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  url TEXT,
  caption TEXT,
  credit TEXT,
  PRIMARY KEY (article_id, position)
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE articles_fts USING fts5(
  headline, lede, body, content="articles", content_rowid="id", tokenize="unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE articles_vocab USING fts5vocab(articles_fts, row);
INSERT INTO articles_fts(articles_fts, rank) VALUES ('rank', 'bm25(5.0, 2.0, 1.0)');
CREATE TRIGGER articles_ai AFTER INSERT ON articles BEGIN
  INSERT INTO articles_fts(rowid, headline, lede, body) VALUES (new.id, new.headline, new.lede, new.body);
END;
CREATE TRIGGER articles_ad AFTER DELETE ON articles BEGIN
  INSERT INTO articles_fts(articles_fts, rowid, headline, lede, body) VALUES ('delete', old.id, old.headline, old.lede, old.body);
END;
CREATE TRIGGER articles_au AFTER UPDATE OF headline, lede, body ON articles BEGIN
  INSERT INTO articles_fts(articles_fts, rowid, headline, lede, body) VALUES ('delete', old.id, old.headline, old.lede, old.body);
  INSERT INTO articles_fts(rowid, headline, lede, body) VALUES (new.id, new.headline, new.lede, new.body);
END;

CREATE VIEW paragraphs AS
  SELECT a.id AS article_id, b.key + 1 AS position, json_extract(b.value, '$[0]') AS kind,
         substr(a.body, json_extract(b.value, '$[1]') + 1, json_extract(b.value, '$[2]')) AS text
  FROM articles AS a, json_each(a.blocks) AS b;

CREATE VIEW articles_by_month AS
  SELECT site, substr(published_at, 1, 7) AS month, count(*) AS articles, sum(words) AS words, sum(revision > 1) AS changed
  FROM articles GROUP BY site, substr(published_at, 1, 7);

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

CREATE VIEW site_health AS
  SELECT u.host, f.reason, count(*) AS fetches, min(f.at) AS first_at, max(f.at) AS last_at,
         round(count(*) * 1.0 / sum(count(*)) OVER (PARTITION BY u.host), 4) AS share
  FROM fetches AS f JOIN urls AS u ON u.id = f.url_id GROUP BY u.host, f.reason;

-- What format 2 added to bodies, captures and revisions.

CREATE TABLE templates (
  id INTEGER PRIMARY KEY,
  host TEXT NOT NULL,
  name TEXT NOT NULL,
  bodies INTEGER NOT NULL,
  ratio REAL NOT NULL,
  candidate_id INTEGER REFERENCES bodies(id) ON DELETE SET NULL,
  UNIQUE (host, name)
) STRICT;
CREATE INDEX templates_candidate ON templates(candidate_id);

CREATE TABLE dictionaries (
  id INTEGER PRIMARY KEY,
  template_id INTEGER NOT NULL REFERENCES templates(id),
  sha256 BLOB NOT NULL,
  made_at TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('first', 'age', 'ratio')),
  raw_bytes INTEGER NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (template_id, sha256)
) STRICT;

CREATE TABLE template_changes (
  id INTEGER PRIMARY KEY,
  template_id INTEGER NOT NULL REFERENCES templates(id),
  at TEXT NOT NULL,
  ratio_before REAL NOT NULL,
  ratio_after REAL NOT NULL,
  dictionary_id INTEGER NOT NULL REFERENCES dictionaries(id)
) STRICT;
CREATE INDEX template_changes_at ON template_changes(at);
CREATE INDEX template_changes_template ON template_changes(template_id);
CREATE INDEX template_changes_dictionary ON template_changes(dictionary_id);

CREATE INDEX bodies_dictionary ON bodies(dictionary_id) WHERE dictionary_id IS NOT NULL;
CREATE INDEX bodies_base ON bodies(base_id) WHERE base_id IS NOT NULL;

CREATE INDEX articles_withdrawn ON articles(withdrawn_at) WHERE withdrawn_at IS NOT NULL;

CREATE INDEX revisions_replaced ON revisions(replaced_at);
CREATE INDEX revisions_capture ON revisions(capture_id);
CREATE INDEX revisions_next_capture ON revisions(next_capture_id);
CREATE INDEX revisions_run ON revisions(run_id) WHERE run_id IS NOT NULL;

CREATE TABLE rereads (
  run_id INTEGER PRIMARY KEY REFERENCES runs(id),
  extractor TEXT NOT NULL,
  chosen TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('reading', 'read', 'applied', 'undone', 'abandoned')),
  last_article_id INTEGER NOT NULL DEFAULT 0,
  last_capture_id INTEGER NOT NULL DEFAULT 0,
  articles INTEGER NOT NULL DEFAULT 0,
  captures INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE reread_changes (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES rereads(run_id),
  kind TEXT NOT NULL CHECK (kind IN ('changed', 'gained', 'lost')),
  article_id INTEGER REFERENCES articles(id) ON DELETE SET NULL,
  capture_id INTEGER NOT NULL REFERENCES captures(id),
  url TEXT NOT NULL,
  before TEXT,
  after TEXT,
  detail TEXT,
  state TEXT NOT NULL DEFAULT 'read' CHECK (state IN ('read', 'applied', 'passed', 'undone'))
) STRICT;
CREATE INDEX reread_changes_run ON reread_changes(run_id, id);
CREATE INDEX reread_changes_article ON reread_changes(article_id);
CREATE INDEX reread_changes_capture ON reread_changes(capture_id);

CREATE TABLE checks (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  file_bytes INTEGER NOT NULL
) STRICT;

CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  run_id INTEGER NOT NULL REFERENCES runs(id),
  kind TEXT NOT NULL CHECK (kind IN ('warc', 'html', 'urls')),
  source TEXT NOT NULL,
  fingerprint BLOB NOT NULL,
  chosen TEXT NOT NULL,
  member TEXT NOT NULL DEFAULT '',
  position INTEGER NOT NULL DEFAULT 0,
  outcomes TEXT NOT NULL DEFAULT '{}',
  finished_at TEXT,
  UNIQUE (kind, fingerprint, chosen)
) STRICT;
CREATE INDEX imports_run ON imports(run_id);

CREATE TABLE capture_origins (
  id INTEGER PRIMARY KEY,
  capture_id INTEGER NOT NULL REFERENCES captures(id),
  import_id INTEGER NOT NULL REFERENCES imports(id),
  member TEXT NOT NULL,
  offset INTEGER NOT NULL,
  record_id TEXT,
  UNIQUE (import_id, member, offset)
) STRICT;
CREATE INDEX capture_origins_capture ON capture_origins(capture_id);

CREATE TABLE pruned (
  id INTEGER PRIMARY KEY,
  url_id INTEGER NOT NULL REFERENCES urls(id),
  sha256 BLOB NOT NULL,
  raw_bytes INTEGER NOT NULL,
  captured_at TEXT NOT NULL,
  status INTEGER NOT NULL,
  content_type TEXT,
  pruned_at TEXT NOT NULL,
  policy TEXT NOT NULL
) STRICT;
CREATE INDEX pruned_url ON pruned(url_id);

CREATE TABLE regions (
  code TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  level TEXT NOT NULL CHECK (level IN ('province', 'regency', 'city')),
  parent TEXT REFERENCES regions(code),
  province TEXT NOT NULL
) STRICT;

CREATE INDEX articles_region ON articles(region_code, published_utc);

CREATE VIEW articles_by_region AS
  SELECT a.region_code, r.name AS region, r.level, r.province, a.region_source, a.month,
         count(*) AS articles, sum(a.words) AS words
  FROM articles AS a LEFT JOIN regions AS r ON r.code = a.region_code
  GROUP BY a.region_code, a.region_source, a.month;
-- What format 2 added for the crawler.

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

-- What format 2 added for the health of sources.

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

CREATE VIEW copies AS
  SELECT m.cluster_id, m.article_id, a.site, a.url, a.headline, a.published_utc, m.kind, m.similarity, m.containment,
         c.first_article_id, c.first_site,
         round((julianday(a.published_utc) - julianday(f.published_utc)) * 24, 2) AS hours_after_first,
         c.central_article_id
  FROM cluster_members AS m JOIN clusters AS c ON c.id = m.cluster_id
  JOIN articles AS a ON a.id = m.article_id JOIN articles AS f ON f.id = c.first_article_id;

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

CREATE TABLE descriptions (
  id INTEGER PRIMARY KEY,
  table_name TEXT NOT NULL,
  column_name TEXT,
  text TEXT NOT NULL,
  UNIQUE (table_name, column_name)
) STRICT;

-- Walls, half pages and replaced articles (format 3).

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

-- What format 3 added: what is concluded of a URL, and from which evidence.

CREATE INDEX urls_named_on ON urls(named_on_id) WHERE named_on_id IS NOT NULL;
CREATE INDEX urls_given_up ON urls(given_up_at) WHERE given_up_at IS NOT NULL;

CREATE TABLE host_days (
  host TEXT NOT NULL,
  day TEXT NOT NULL,
  asked INTEGER NOT NULL,
  well INTEGER NOT NULL,
  fresh INTEGER NOT NULL,
  fresh_well INTEGER NOT NULL,
  PRIMARY KEY (host, day)
) STRICT, WITHOUT ROWID;

-- What format 3 added for imports: by what captures are called where they come from, and revisits that wait for theirs.

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

-- What format 3 added: articles under more than one address, publishers that have moved.

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

-- What format 3 added for finding: where a publisher's articles are beyond its own hosts.

CREATE TABLE followed (
  source TEXT NOT NULL,
  host TEXT NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('listed', 'named')),
  evidence TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (source, host)
) STRICT, WITHOUT ROWID;

-- What format 7 added: the articles that a frequent word ranks highest, and what articles are counted by.

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
