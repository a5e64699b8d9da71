"""Format 3: where a publisher's articles are outside its own hosts, by its own statement."""

SCRIPT = """
CREATE TABLE followed (
  source TEXT NOT NULL,
  host TEXT NOT NULL,
  how TEXT NOT NULL CHECK (how IN ('listed', 'named')),
  evidence TEXT NOT NULL,
  since TEXT NOT NULL,
  PRIMARY KEY (source, host)
) STRICT, WITHOUT ROWID;
"""
