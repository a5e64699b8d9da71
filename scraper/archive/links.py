"""Where related links lead: their target in the form that articles and URLs are kept in, so that SQL can join them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.urls import article_url

if TYPE_CHECKING:
    from sqlite_utils import Database


def target_of(url: str) -> str:
    """The canonical form of a link as printed: without tracking, page number, mobile host."""
    return article_url(url)


def fill_targets(db: Database) -> None:
    """Give links that were kept before format 2 their target."""
    db.conn.create_function("target_of", 1, target_of, deterministic=True)
    db.execute("UPDATE related_links SET target_url = target_of(url) WHERE target_url IS NULL")
