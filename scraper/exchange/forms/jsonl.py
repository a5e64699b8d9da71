"""Articles as JSON, one record per line, with what the archive knows about each."""

from __future__ import annotations

from functools import partial

from scraper.exchange.export import export_lines, json_line, record_json
from scraper.exchange.forms import Form

FORM = Form(
    media="application/x-ndjson",
    file="articles.jsonl",
    export=partial(export_lines, line=json_line(record_json)),
)
