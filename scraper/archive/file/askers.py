"""Who made the request, in captures of earlier formats: each contained the name and address that the run sent."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from scraper.archive.file.rows import to_json
from scraper.discreet import kept_arguments, kept_headers, kept_request

if TYPE_CHECKING:
    from sqlite_utils import Database


def forget_askers(db: Database) -> None:
    """Remove requesters' addresses and session values from captures and runs that are already stored."""
    db.conn.create_function("kept_request", 1, lambda text: to_json(kept_request(json.loads(text))), deterministic=True)
    db.conn.create_function("kept_headers", 1, lambda text: to_json(kept_headers(json.loads(text))), deterministic=True)
    db.conn.create_function("kept_arguments", 1, lambda text: kept_arguments(text.split(" ")), deterministic=True)
    db.execute("UPDATE runs SET arguments = kept_arguments(arguments)")
    db.execute("UPDATE captures SET request_headers = kept_request(request_headers), headers = kept_headers(headers)")
