"""The targets of related links, in the form in which articles and URLs are stored, so that SQL can join them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.urls import article_url

if TYPE_CHECKING:
    from sqlite_utils import Database


def canonical_link(url: str) -> str:
    """The canonical form of a link as printed: without tracking, page number, mobile host."""
    return article_url(url)


def fill_targets(db: Database) -> None:
    """Fill in the target of links stored before format 2."""
    db.conn.create_function("target_of", 1, canonical_link, deterministic=True)
    db.execute("UPDATE related_links SET target_url = target_of(url) WHERE target_url IS NULL")
