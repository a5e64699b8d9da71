"""The pages of a site before and after a change of its template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scraper.archive.file.times import to_text

if TYPE_CHECKING:
    from datetime import datetime

    from sqlite_utils import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """The newest capture of an article, the layout that read it, and an earlier capture of the same URL, if there is
    one.
    """

    capture_id: int
    layout: str
    captured_at: str
    earlier_id: int | None = None


def site_pages(
    db: Database,
    site: str,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    is_generic: bool | None = None,
    limit: int = 40,
) -> list[SitePage]:
    """Articles of a portal captured since a moment, and before `until`, newest first.

    `is_generic` True: only those that no layout read; False: only those that one did.
    """
    terms, values = ["a.site = ?"], [site]
    bounds: tuple[tuple[str, Any], ...] = (
        ("c.captured_at >= ?", to_text(since) if since else None),
        ("c.captured_at < ?", to_text(until) if until else None),
        ("(a.layout LIKE 'generic/%') = ?", is_generic),
    )
    for term, value in bounds:
        if value is not None:
            terms.append(term)
            values.append(value)
    rows = db.execute(
        "SELECT c.id, a.layout, c.captured_at, (SELECT max(o.id) FROM captures AS o WHERE o.url_id = c.url_id AND o.id < c.id)"  # noqa: S608
        " FROM articles AS a JOIN article_captures AS ac ON ac.article_id = a.id AND ac.page = 1"
        f" JOIN captures AS c ON c.id = ac.capture_id WHERE {' AND '.join(terms)} ORDER BY c.captured_at DESC, c.id DESC LIMIT ?",
        [*values, limit],
    )
    return [SitePage(capture_id=row[0], layout=row[1], captured_at=row[2], earlier_id=row[3]) for row in rows]


def hosts(db: Database) -> list[str]:
    """All hosts of article URLs in the archive."""
    return [host for (host,) in db.execute("SELECT DISTINCT host FROM urls WHERE kind = 'article' ORDER BY host")]
