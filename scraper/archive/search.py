"""Full-text search that takes any input: user text never reaches FTS5 as syntax."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.times import to_text
from scraper.text import storable

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database

# Around what matched in a snippet; control characters cannot be in stored text.
HIT_START, HIT_END = "\x02", "\x03"
_TERM = re.compile(r'"([^"]*)"?|(\S+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """One article found; `snippet` has HIT_START … HIT_END around what matched."""

    article_id: int
    url: str
    site: str | None
    headline: str
    published_at: str | None
    snippet: str


def match_expression(query: str) -> str | None:
    """The FTS5 expression for a user's words: all must occur, "quoted" ones as a phrase, word* as a prefix.

    None if there is nothing to search for. CONTRACT S14: every term is quoted.
    """
    terms = []
    for phrase, word in _TERM.findall(storable(query)):
        text = phrase or word
        prefix = bool(word) and word.endswith("*") and any(char.isalnum() for char in word)
        text = text.rstrip("*") if prefix else text
        if any(char.isalnum() for char in text):  # a term of punctuation alone has no token and would match nothing
            terms.append('"' + text.replace('"', '""') + '"' + ("*" if prefix else ""))
    return " ".join(terms) or None


def search(
    db: Database,
    query: str,
    *,
    site: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 20,
) -> list[SearchHit]:
    """Articles that hold all words of `query`, best first. `since` and `until` bound published_at (until is exclusive)."""
    expression = match_expression(query)
    if expression is None:
        return []
    conditions, values = ["articles_fts MATCH ?"], [expression]
    bounds: list[tuple[str, Any]] = [
        ("a.site = ?", site),
        ("a.published_utc >= ?", to_text(since) if since else None),
        ("a.published_utc < ?", to_text(until) if until else None),
    ]
    for condition, value in bounds:
        if value is not None:
            conditions.append(condition)
            values.append(value)
    rows = db.query(
        "SELECT a.id AS article_id, a.url, a.site, a.headline, a.published_at,"  # noqa: S608
        f" snippet(articles_fts, -1, '{HIT_START}', '{HIT_END}', '…', 24) AS snippet"
        f" FROM articles_fts JOIN articles AS a ON a.id = articles_fts.rowid WHERE {' AND '.join(conditions)}"
        " ORDER BY rank, a.id LIMIT ?",
        [*values, limit],
    )
    return [SearchHit(**row) for row in rows]
