"""Format 3: what is concluded about a URL, from which evidence; what earlier formats gave up after one moment is
requested again.
"""

_TABLES = """
ALTER TABLE urls ADD COLUMN named_at TEXT;
ALTER TABLE urls ADD COLUMN named_on_id INTEGER;
ALTER TABLE urls ADD COLUMN given_up_at TEXT;
ALTER TABLE urls ADD COLUMN given_up_why TEXT;
CREATE INDEX urls_named_on ON urls(named_on_id) WHERE named_on_id IS NOT NULL;
CREATE INDEX urls_given_up ON urls(given_up_at) WHERE given_up_at IS NOT NULL;
ALTER TABLE runs ADD COLUMN note TEXT;
ALTER TABLE runs ADD COLUMN agent TEXT;

CREATE TABLE host_days (
  host TEXT NOT NULL,
  day TEXT NOT NULL,
  asked INTEGER NOT NULL,
  well INTEGER NOT NULL,
  fresh INTEGER NOT NULL,
  fresh_well INTEGER NOT NULL,
  PRIMARY KEY (host, day)
) STRICT, WITHOUT ROWID;
"""

# URLs that left the queue by a rule of format 2: after one answer, or after ten failures in a row. Neither those that a
# person dropped, nor those known from an import, which were never queued. They are spread over two weeks, so that no
# paper gets them all at once.
_PUT_BACK = """
INSERT INTO frontier (url_id, host, due_at, failures, last_reason)
  SELECT u.id, u.host, strftime('%Y-%m-%dT%H:%M:%SZ', 'now', '+' || (u.id * 7919 % 20160) || ' minutes'), 1, l.reason
  FROM urls AS u JOIN fetches AS l ON l.id = (SELECT max(id) FROM fetches WHERE url_id = u.id)
  JOIN runs AS r ON r.id = l.run_id AND r.kind = 'crawl'
  WHERE NOT EXISTS (SELECT 1 FROM frontier WHERE url_id = u.id)
    AND l.reason NOT IN ('ok', 'unchanged', 'paywalled')
    AND (
      l.reason IN ('bad_url', 'blocked_scheme', 'blocked_address')
      OR u.kind = 'article' AND l.reason IN (
        'not_article', 'js_shell', 'extract_failed', 'gone', 'client_error', 'not_html', 'too_big', 'unparsable')
      OR l.reason <> 'gone' AND (
        SELECT count(*) FROM fetches AS f WHERE f.url_id = u.id AND f.id > coalesce(
          (SELECT max(id) FROM fetches WHERE url_id = u.id AND reason IN ('ok', 'unchanged', 'paywalled')), 0)) >= 10
    );
INSERT INTO runs (kind, started_at, finished_at, version, arguments, exit_code, note)
  SELECT 'import', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), 'format 3',
    'upgrade of the archive', 0,
    changes() || ' URLs that earlier versions gave up after one answer are queued again, spread over two weeks'
  WHERE changes() > 0;
"""

SCRIPT = _TABLES + _PUT_BACK
