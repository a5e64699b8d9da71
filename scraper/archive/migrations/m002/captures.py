"""Format 2: bodies, captures, revisions."""

SCRIPT = """
-- Nothing was ever put into that of format 1.
DROP TABLE dictionaries;

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

ALTER TABLE captures ADD COLUMN charset_used TEXT;
ALTER TABLE captures ADD COLUMN charset_source TEXT CHECK (charset_source IN ('bom', 'header', 'meta', 'default'));
ALTER TABLE captures ADD COLUMN replaced INTEGER;

ALTER TABLE articles ADD COLUMN withdrawn_at TEXT;
ALTER TABLE articles ADD COLUMN flips INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_withdrawn ON articles(withdrawn_at) WHERE withdrawn_at IS NOT NULL;

ALTER TABLE revisions ADD COLUMN next_capture_id INTEGER REFERENCES captures(id);
ALTER TABLE revisions ADD COLUMN kinds TEXT;
ALTER TABLE revisions ADD COLUMN run_id INTEGER REFERENCES runs(id);
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

-- Imports: where captures came from that no crawl of ours made; and what was pruned.
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
"""
